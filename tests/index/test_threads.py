import sys
from concurrent.futures import ThreadPoolExecutor

import faiss
import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from index.terms import _stem
from index.threads import use_one_thread

WORDS = ("relat", "condition", "market", "ship", "revenue", "turbine", "happi", "organiz")


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


def test_threads_do_not_get_each_others_stems() -> None:
    words = [f"{stem}{end}" for stem in WORDS for end in ("ing", "ed", "s", "ational", "ness")]
    expected = [_stem.__wrapped__(word) for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = [*threads.map(lambda _: [_stem.__wrapped__(word) for word in words], range(16))]
    finally:
        sys.setswitchinterval(interval)
    assert all(stems == expected for stems in found)
