"""Cases, answers and results made up for the tests of the evaluation."""

from collections.abc import Sequence

from corpus.loaders import read_document
from corpus.schema import Document, Language
from eval.cases import Case, Fact, Span
from eval.places import Place, Sources
from eval.record import ResultRecord, RunRecord
from eval.runner import Stand
from rag.schema import Answer, AnswerStatus, Citation, Trace

ZH, EN = Language.ZH, Language.EN
TEXT = """# 报告

## 市场规模

2023年市场规模达到187亿元，同比增长26%。需求来自电商。

## 产品

表 1：产品参数（单位：万元）

| 产品 | 售价 | 续航 |
| --- | --- | --- |
| 蓝隼 A3 | 23.8 | 9小时 |
| 蓝隼 A5 | 31.5 | 9小时 |
"""
DOCUMENT: Document = read_document(TEXT.encode(), "d.md")
QUOTE = "2023年市场规模达到187亿元"


def case(
    *forms: str,
    answerable: bool = True,
    min_facts: int | None = None,
    evidence: Sequence[Span] = (Span("d", QUOTE),),
    polarity: str = "",
    case_id: str = "c",
    kind: str = "number",
) -> Case:
    """Return a case whose facts have one form each, the same in both languages."""
    facts = tuple(Fact({ZH: (form,), EN: (form,)}) for form in forms)
    return Case(
        case_id=case_id,
        kind=kind if answerable else "unanswerable",
        split="dev",
        difficulty=1,
        questions={ZH: f"{case_id}问？", EN: f"{case_id} asks?"},
        answerable=answerable,
        facts=facts,
        min_facts=len(facts) if min_facts is None else min_facts,
        evidence=tuple(evidence) if answerable else (),
        polarity=polarity,
    )


def cite(marker: int, quote: str, *, nth: int = 0, document: Document = DOCUMENT) -> Citation:
    """Return a citation of the nth place of a quote, with its true labels."""
    start = -1
    for _ in range(nth + 1):
        start = document.text.index(quote, start + 1)
    block = next(b for b in document.blocks if b.start <= start < b.end)
    section = " > ".join(block.section)
    return Citation(
        marker, quote, document.doc_id, "t", "", "", None, section, start, start + len(quote)
    )


def reply(
    text: str,
    *citations: Citation,
    language: Language = ZH,
    confidence: float = 0.5,
    chunk_ids: Sequence[str] = (),
) -> Answer:
    """Return an answer; without citations given, one of the market's sentence."""
    return Answer(
        "q",
        text,
        language,
        AnswerStatus.ANSWERED,
        citations or (cite(1, QUOTE),),
        trace=Trace(chunk_ids=tuple(chunk_ids), confidence=confidence),
    )


DECLINED = Answer("q", "报告中没有找到这个问题的答案。", ZH, AnswerStatus.NOT_IN_CORPUS)
SOURCES = Sources({"d": DOCUMENT}.__getitem__)
STAND = Stand(SOURCES, {"d#0": Place("d", 0, 40), "d#1": Place("d", 40, len(DOCUMENT.text))})


def result(  # noqa: PLR0913  (what a test does not say has a default)
    case_id: str,
    *,
    passed: bool,
    language: Language = ZH,
    kind: str = "number",
    answerable: bool = True,
    status: str = "answered",
    confidence: float = 0.5,
    reason: str | None = None,
) -> ResultRecord:
    """Return a result without texts."""
    value = float(passed)
    scores = {"passed": value, "correct": value, "right_language": 1.0, "concise": 1.0}
    if answerable:
        scores |= {"recall@1": value, "recall@5": 1.0, "recall@10": 1.0, "cited": value}
    else:
        scores["abstention_recall"] = value
    if status == "answered":
        scores |= {"quotes_exact": 1.0, "number_support": 1.0, "citation_recall": 1.0}
    elif status != "error":
        scores["abstention_precision"] = float(not answerable)
    return ResultRecord(
        id=case_id,
        language=language.value,
        kind=kind if answerable else "unanswerable",
        difficulty=1,
        answerable=answerable,
        documents=("d",) if answerable else (),
        passed=passed,
        correct=passed,
        status=status,
        reason=("" if passed else "other_evidence") if reason is None else reason,
        engine="extractive",
        confidence=confidence,
        ms=10.0,
        scores=scores,
        texts=None,
    )


def run(
    *results: ResultRecord, cases: str = "dev", at: str = "2026-01-02T03:04:05+00:00"
) -> RunRecord:
    """Return a record of results."""
    return RunRecord(
        at=at,
        commit="abc",
        cases=cases,
        num_cases=len({r.id for r in results}),
        settings={"top_k": 12},
        index={
            "generation": 1,
            "encoder": "hash-512",
            "num_chunks": 2,
            "documents": [{"doc_id": "d", "title": "报告", "issuer": "", "num_chunks": 2}],
        },
        results=results,
    )
