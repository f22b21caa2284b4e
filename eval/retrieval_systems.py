"""Ways to retrieve, to be compared by `eval.retrieval`: the shipped one, ablations, baselines."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from corpus.language import detect_language, question_language
from index.cross_language import translated_query
from index.encoder import Encoder
from index.forward import build_forward_index
from index.fusion import DENSE_WEIGHT, reciprocal_rank_sum, standardized_sum
from index.lexical import QueryTerm, Scores, build_lexical
from index.names import build_name_index
from index.rescoring import Asked, Sentences, rescored
from index.term_table import TermTable
from index.terms import analyze
from index.windows import best_window_scores, number_owners, split_windows

Scorer = Callable[[str], Scores]
"""Question → one score per passage, higher is better."""

Foreign = npt.NDArray[np.bool_]
"""Which passages are in another language than the question."""


def make_systems(passages: Sequence[str], encoder: Encoder, table: TermTable) -> dict[str, Scorer]:
    """Return the systems to compare on these passages: the shipped one, ablations, baselines.

    As `Index.search` does, a passage in the language of the question is scored with the question's
    terms, another one with their translations and names.
    """
    lexical = build_lexical([analyze(passage) for passage in passages])
    sentences = Sentences([build_forward_index(passages)])
    names = build_name_index(passages)
    languages = np.array([detect_language(passage) for passage in passages])
    windows = [split_windows(passage) for passage in passages]
    owners = number_owners(windows)
    window_vectors = encoder.encode_documents([text for texts in windows for text in texts])
    passage_vectors = encoder.encode_documents(passages)

    def ask(question: str, query: Sequence[QueryTerm]) -> tuple[Scores, Asked, Foreign]:
        terms = dict.fromkeys(analyze(question))
        scores, plain = lexical.bm25(QueryTerm(((term, 1.0),)) for term in terms)
        others, translated = lexical.bm25(query)
        foreign = languages != question_language(question)
        return np.where(foreign, others, scores), Asked(plain, translated), foreign

    def translated(question: str) -> list[QueryTerm]:
        return translated_query(question, table, lexical, names)

    def plain_bm25(question: str) -> Scores:
        terms = dict.fromkeys(analyze(question))
        return lexical.bm25_scores(QueryTerm(((term, 1.0),)) for term in terms)

    def lexical_only(question: str) -> Scores:
        return ask(question, translated(question))[0]

    def no_names(question: str) -> Scores:
        return ask(question, table.expand(analyze(question)))[0]

    def hybrid(question: str) -> Scores:
        scores, asked, foreign = ask(question, translated(question))
        whole = standardized_sum([scores, dense_only(question)], [1.0, DENSE_WEIGHT])
        return rescored(
            whole,
            float(scores.std(dtype=np.float64)),
            lambda rows: asked.best_sentences(sentences, rows, foreign[rows]),
        )

    def dense_only(question: str) -> Scores:
        return np.asarray(passage_vectors @ encoder.encode_queries([question])[0])

    def dense_windows(question: str) -> Scores:
        scores = window_vectors @ encoder.encode_queries([question])[0]
        return best_window_scores(scores, owners, len(passages))

    def fused(
        first: Scorer,
        second: Scorer = dense_only,
        fuse: Callable[..., Scores] = standardized_sum,
    ) -> Scorer:
        return lambda question: fuse([first(question), second(question)], [1.0, DENSE_WEIGHT])

    return {
        "hybrid": hybrid,
        "hybrid, whole passages": fused(lexical_only),
        "hybrid, best window": fused(lexical_only, dense_windows),
        "hybrid, RRF": fused(lexical_only, fuse=reciprocal_rank_sum),
        "hybrid, no names": fused(no_names),
        "hybrid, no term table": fused(plain_bm25),
        "lexical only": lexical_only,
        "lexical only, no names": no_names,
        "dense only": dense_only,
        "dense only, best window": dense_windows,
        "plain BM25": plain_bm25,
    }


def faiss_baseline(passages: Sequence[str], encoder: Encoder) -> Scorer:
    """Return whole passages in a flat FAISS index, as LangChain's retrieval tutorial does it."""
    import faiss

    index = faiss.IndexFlatIP(encoder.dim)
    index.add(encoder.encode_documents(passages))

    def score(question: str) -> Scores:
        found, rows = index.search(encoder.encode_queries([question]), len(passages))
        scores = np.empty(len(passages), dtype=np.float32)
        scores[rows[0]] = found[0]
        return scores

    return score
