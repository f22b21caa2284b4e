import faiss
import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from index.threads import use_one_thread


def test_blas_and_faiss_are_left_one_thread() -> None:
    assert np.ones((2, 2)).sum() == 4
    before = faiss.omp_get_max_threads()
    with threadpool_limits():  # puts back what was there at the end
        use_one_thread()
        blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
        assert blas
        assert all(library["num_threads"] == 1 for library in blas)
        assert faiss.omp_get_max_threads() == 1
    faiss.omp_set_num_threads(before)
