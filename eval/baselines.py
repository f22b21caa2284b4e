"""What is easy to have: other retrievers and trivial answers, judged by the same cases.

Retrieval: LangChain's recipe (RecursiveCharacterTextSplitter, a sentence-transformers model, FAISS)
and BM25 over jieba words, both over the same cuts of the reports as they were given; editions are
not part of either recipe. Answers: the first sentence of our best chunk, and declining always.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from corpus.language import HAN, question_language
from corpus.schema import Document, Language
from eval.cases import Case
from eval.intervals import estimate
from eval.places import Place
from eval.ranking import CUTOFFS, first_ranks, ranking_scores
from eval.runner import Answerer, CaseResult, Stand, run_cases
from index.encoder import Encoder
from index.lexical import QueryTerm, build_lexical
from index.terms import cut_words
from rag.evidence.gathering import gather_evidence
from rag.messages import NOT_FOUND
from rag.pipeline import Pipeline
from rag.schema import Answer, AnswerStatus, Citation

CHUNK_CHARS = 1000
OVERLAP_CHARS = 200
"""The values of LangChain's own retrieval tutorial."""

# jieba's own cut is for runs of Chinese characters; words of letters and digits stay whole.
_WORD = re.compile(rf"(?P<han>[{HAN}]+)|[^\W{HAN}]+")

Ranker = Callable[[str], Sequence[Place]]
"""Question → the best chunks, best first."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a baseline reached in one language."""

    name: str
    measures: str  # "retrieval" or "answers"
    note: str
    language: str
    metrics: Mapping[str, tuple[float, float, float, int]]  # mean, low, high, number of questions


def cut_documents(documents: Sequence[Document]) -> list[tuple[Place, str]]:
    """Cut documents as LangChain's recipe does; offsets are exact."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS, add_start_index=True
    )
    return [
        (Place(document.doc_id, start, start + len(piece.page_content)), piece.page_content)
        for document in documents
        for piece in splitter.create_documents([document.text])
        if (start := piece.metadata["start_index"]) >= 0
    ]


def dense_ranker(chunks: Sequence[tuple[Place, str]], encoder: Encoder) -> Ranker:
    """Rank chunks by cosine in a flat FAISS index."""
    import faiss

    index = faiss.IndexFlatIP(encoder.dim)
    index.add(encoder.encode_documents([text for _, text in chunks]))

    def rank(question: str) -> list[Place]:
        _, rows = index.search(encoder.encode_queries([question]), min(max(CUTOFFS), len(chunks)))
        return [chunks[row][0] for row in rows[0] if row >= 0]

    return rank


def bm25_ranker(chunks: Sequence[tuple[Place, str]]) -> Ranker:
    """Rank chunks by BM25 over jieba words, lower case, nothing else: no stop words, no stems."""
    index = build_lexical([_words(text) for _, text in chunks])

    def rank(question: str) -> list[Place]:
        terms = dict.fromkeys(_words(question))
        scores = index.bm25_scores([QueryTerm(((term, 1.0),)) for term in terms])
        order = np.argsort(-scores, kind="stable")[: max(CUTOFFS)]
        return [chunks[row][0] for row in order if scores[row] > 0]

    return rank


def _words(text: str) -> list[str]:
    words: list[str] = []
    for match in _WORD.finditer(text.lower()):
        words += cut_words(match[0]) if match["han"] else [match[0]]
    return words


class FirstSentence:
    """Answers with the first sentence, or cell, of the best chunk, in the question's language."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Quote the first piece of evidence; the earlier questions are put before the question."""
        language = question_language(question)
        found = self._pipeline.retrieve(" ".join([*history, question]), top_k=1)
        evidence = gather_evidence(self._pipeline.index, found, language)
        if not evidence:
            return _declined(question)
        best = min(evidence, key=lambda item: item.start)
        citation = Citation(
            1, best.quote, best.doc_id, "", "", "", best.page, " > ".join(best.section),
            best.start, best.end, best.text if best.text != best.quote else None,
        )  # fmt: skip
        return Answer(
            question, f"{best.text} [1]", language, AnswerStatus.ANSWERED, citations=(citation,)
        )


class AlwaysDecline:
    """Declines every question: what a figure without declined answers must be compared with."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Decline."""
        del history
        return _declined(question)


def _declined(question: str) -> Answer:
    language = question_language(question)
    return Answer(question, NOT_FOUND[language], language, AnswerStatus.NOT_IN_CORPUS)


def run_baselines(
    cases: Sequence[Case], pipeline: Pipeline, stand: Stand, encoder: Encoder
) -> list[Mapping[str, Any]]:
    """Run all baselines on the cases; `encoder` is the model of LangChain's recipe."""
    documents = [pipeline.document(entry.doc_id) for entry in pipeline.documents()]
    chunks = cut_documents(documents)
    ours = [len(chunk.text) for chunk in pipeline.index.chunks.values()]
    # A large chunk finds more at the same rank, and leaves more to read.
    note = (
        f"{len(chunks)} chunks of {_mean_chars([text for _, text in chunks])} characters, "
        f"overlap {OVERLAP_CHARS}; this assistant's have {sum(ours) // max(1, len(ours))}"
    )
    rankers = [
        (
            "LangChain recipe",
            f"{note}, FAISS, encoder {encoder.name}",
            dense_ranker(chunks, encoder),
        ),
        ("BM25 over jieba", f"the same chunks, {note}", bm25_ranker(chunks)),
    ]
    found = [
        baseline
        for name, said, rank in rankers
        for baseline in measure_ranker(name, said, rank, cases, stand)
    ]
    answerers: list[tuple[str, str, Answerer]] = [
        (
            "first sentence",
            "of the best chunk that this assistant retrieves",
            FirstSentence(pipeline),
        ),
        ("always decline", "to every question", AlwaysDecline()),
    ]
    for name, said, answerer in answerers:
        found += _measure_answers(name, said, run_cases(cases, answerer, stand))
    return [asdict(baseline) for baseline in found]


def _mean_chars(texts: Sequence[str]) -> int:
    return sum(len(text) for text in texts) // max(1, len(texts))


def measure_ranker(
    name: str, note: str, rank: Ranker, cases: Sequence[Case], stand: Stand
) -> list[Baseline]:
    """Return what a ranker reaches on the answerable single questions, by language."""
    found = []
    for language in Language:
        values: dict[str, list[tuple[str, float]]] = {}
        for case in cases:
            if not case.answerable or case.history or language not in case.questions:
                continue
            spans = stand.sources.case_places(case)
            ranks = first_ranks(rank(case.questions[language]), spans)
            for metric, value in ranking_scores(ranks).items():
                values.setdefault(metric, []).append((case.case_id, value))
        if values:
            found.append(_baseline(name, "retrieval", note, language, values))
    return found


def _measure_answers(name: str, note: str, results: Sequence[CaseResult]) -> list[Baseline]:
    found = []
    for language in Language:
        values: dict[str, list[tuple[str, float]]] = {}
        for result in results:
            if result.language is language:
                for metric in ("passed", "correct", "cited", "abstention_recall"):
                    if metric in result.scores:
                        pair = (result.case.case_id, result.scores[metric])
                        values.setdefault(metric, []).append(pair)
        if values:
            found.append(_baseline(name, "answers", note, language, values))
    return found


def _baseline(
    name: str,
    measures: str,
    note: str,
    language: Language,
    values: Mapping[str, Sequence[tuple[str, float]]],
) -> Baseline:
    metrics = {}
    for metric, pairs in values.items():
        found = estimate(pairs)
        metrics[metric] = (found.mean, found.low, found.high, found.num)
    return Baseline(name, measures, note, language.value, metrics)


def format_baselines(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the baselines as a table: a mean with its 95 % interval per metric."""
    lines = []
    for item in found:
        shown = [
            f"{metric} {mean:.3f} [{low:.3f}, {high:.3f}]"
            for metric, (mean, low, high, _) in item["metrics"].items()
            if metric in ("recall@1", "recall@5", "mrr", "passed", "abstention_recall")
        ]
        lines.append(f"{item['language']} {item['name']:18}{'  '.join(shown)}")
    lines += dict.fromkeys(f"   {item['name']}: {item['note']}" for item in found)
    return "\n".join(lines)
