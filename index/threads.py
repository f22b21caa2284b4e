"""One thread per search: on shared cores the threads of a small product only wait for each other."""


def use_one_thread() -> None:
    """Let numpy's BLAS and FAISS work in the calling thread only, in this process from now on.

    An answer multiplies small matrices. With two threads its processor time was 1.5 times that with
    one, and a flat FAISS search took three times as long (docs/log.md). Models of torch keep theirs.
    """
    import faiss
    from threadpoolctl import threadpool_limits

    faiss.omp_set_num_threads(1)
    threadpool_limits(limits=1, user_api="blas")
