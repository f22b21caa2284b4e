"""The record of a run: what was asked, of what, and what came of it; a JSON file in eval/results.

A record of held-out cases holds scores by id and no text of any case, unless that is asked for:
two runs can be compared without anyone reading the cases.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.errors import AssistantError
from corpus.schema import Language
from eval.metrics import held_facts
from eval.reasons import failure_reason
from eval.runner import CaseResult
from rag.pipeline import Pipeline
from rag.schema import Answer

RESULTS_DIR = Path(__file__).parent / "results"
FORMAT = 2
_ROOT = Path(__file__).resolve().parent.parent


class RecordError(AssistantError):
    """A file is no record of a run."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation, the passage nearest to a question, or the evidence of a case."""

    title: str
    text: str
    place: str = ""  # page and section, or row and column
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """What a reader needs to judge a result."""

    question: str
    history: tuple[str, ...]
    answer: str
    error: str
    wanted: tuple[tuple[tuple[str, ...], bool], ...]  # per fact: its forms, and whether it was said
    min_facts: int
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    evidence: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """What came of one case in one language."""

    id: str
    language: str
    kind: str
    difficulty: int
    answerable: bool
    documents: tuple[str, ...]  # that hold the evidence
    passed: bool
    correct: bool
    status: str  # of the answer, or "error"
    reason: str  # why it failed, "" when it passed
    engine: str
    confidence: float
    ms: float
    scores: Mapping[str, float]
    texts: Texts | None  # None in a record of held-out cases


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run."""

    at: str  # ISO 8601, UTC
    commit: str  # with "+" behind it when files had changed since; "" outside git
    cases: str  # "dev", "test", or the name of a file
    num_cases: int
    settings: Mapping[str, Any]
    index: Mapping[str, Any]
    results: tuple[ResultRecord, ...]
    baselines: tuple[Mapping[str, Any], ...] = ()


def make_record(
    results: Sequence[CaseResult],
    pipeline: Pipeline,
    *,
    cases: str,
    with_texts: bool,
    baselines: Sequence[Mapping[str, Any]] = (),
) -> RunRecord:
    """Return the record of a run that has just ended."""
    titles = {entry.doc_id: entry.title for entry in pipeline.documents()}
    return RunRecord(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=_commit(),
        cases=cases,
        num_cases=len({result.case.case_id for result in results}),
        settings=_settings(pipeline),
        index=_manifest(pipeline),
        results=tuple(record_result(result, titles, with_texts=with_texts) for result in results),
        baselines=tuple(baselines),
    )


def record_result(
    result: CaseResult, titles: Mapping[str, str], *, with_texts: bool
) -> ResultRecord:
    """Return what is kept of a result; `titles` of documents by doc_id."""
    answer, case = result.answer, result.case
    reason = failure_reason(result)
    return ResultRecord(
        id=case.case_id,
        language=result.language.value,
        kind=case.kind,
        difficulty=case.difficulty,
        answerable=case.answerable,
        documents=tuple(dict.fromkeys(span.doc_id for span in case.evidence)),
        passed=result.passed,
        correct=result.scores["correct"] == 1.0,
        status=answer.status.value if answer else "error",
        reason=reason.value if reason else "",
        engine=answer.engine if answer else "",
        confidence=round(result.confidence, 4),
        ms=round(1000 * result.seconds, 2),
        scores={name: round(value, 4) for name, value in result.scores.items()},
        texts=_texts(result, titles) if with_texts else None,
    )


def _texts(result: CaseResult, titles: Mapping[str, str]) -> Texts:
    answer, case, language = result.answer, result.case, result.language
    said = answer.text if answer else ""
    held = held_facts(case, said, language)
    return Texts(
        question=case.questions[language],
        history=case.history.get(language, ()),
        answer=said,
        error=result.error,
        wanted=tuple(
            (tuple(fact.forms.get(language, ())), has)
            for fact, has in zip(case.facts, held, strict=True)
        ),
        min_facts=case.min_facts,
        quotes=_quotes(answer),
        nearest=_nearest(answer),
        evidence=tuple(
            Quote(
                titles.get(span.doc_id, span.doc_id),
                span.quote,
                " × ".join(filter(None, [span.row, span.column])),
            )
            for span in case.evidence
        ),
    )


def _quotes(answer: Answer | None) -> tuple[Quote, ...]:
    return tuple(
        Quote(c.title, c.quote, _place(c.page, c.section), c.translation or "")
        for c in (answer.citations if answer else ())
    )


def _nearest(answer: Answer | None) -> tuple[Quote, ...]:
    return tuple(
        Quote(n.title, n.text, _place(n.page, n.section))
        for n in (answer.nearest if answer else ())
    )


def _place(page: int | None, section: str) -> str:
    return " · ".join(filter(None, [f"p. {page}" if page else "", section]))


def _settings(pipeline: Pipeline) -> dict[str, Any]:
    """Return the settings as they may be shown: no folder of this machine, no address."""
    shown = asdict(pipeline.settings)
    for name in shown.keys() & {"index_dir", "llm_tokenizer"}:
        shown[name] = Path(shown[name]).name
    shown["store"] = shown["store"].partition(":")[0]
    return {name: value for name, value in shown.items() if not name.endswith("_url")}


def _manifest(pipeline: Pipeline) -> dict[str, Any]:
    """Return what the index holds, so that a figure can be traced to what it was measured on."""
    return {
        "generation": pipeline.index.generation,
        "encoder": pipeline.index.encoder.name,
        "num_chunks": len(pipeline.index.chunks),
        "documents": [
            {
                "doc_id": entry.doc_id,
                "title": entry.title,
                "issuer": entry.issuer,
                "sha256": pipeline.document(entry.doc_id).sha256,
                "num_chunks": entry.num_chunks,
                "num_renderings": entry.num_renderings,
            }
            for entry in pipeline.documents()
        ],
    }


def _commit() -> str:
    """Return the commit of the code, with "+" when files have changed since; "" outside git."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"], cwd=_ROOT, capture_output=True, check=True
        )
        dirty = subprocess.run(
            ["git", "status", "--porcelain"], cwd=_ROOT, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head.stdout.decode().strip() + ("+" if dirty.stdout.strip() else "")


def save_record(record: RunRecord, path: Path) -> None:
    """Write a record as JSON that people can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"format": FORMAT, **asdict(record)}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load_record(path: Path) -> RunRecord:
    """Read what `save_record` wrote.

    Raises:
        RecordError: There is no such file, it is no record, or it has another format.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise RecordError(
                f"{path}: a record of format {content['format']}, {FORMAT} is read; run again"
            )
        names = [field.name for field in fields(RunRecord)]
        return RunRecord(
            **{name: content[name] for name in names if name not in ("results", "baselines")},
            results=tuple(_read_result(item) for item in content["results"]),
            baselines=tuple(content["baselines"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecordError(
            f"{path}: no record of a run ({error!r}); `python -m eval` writes them"
        ) from error


def _read_result(item: dict[str, Any]) -> ResultRecord:
    texts = item["texts"]
    if texts is not None:
        lists = {name: tuple(Quote(**q) for q in texts[name])
                 for name in ("quotes", "nearest", "evidence")}  # fmt: skip
        wanted = tuple((tuple(forms), held) for forms, held in texts["wanted"])
        texts = Texts(**{**texts, **lists, "wanted": wanted, "history": tuple(texts["history"])})
    return ResultRecord(**{**item, "documents": tuple(item["documents"]), "texts": texts})


def last_record(folder: Path, cases: str, engine: str) -> Path | None:
    """Return the newest record in a folder of the same cases and engine, None without one."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        try:
            record = load_record(path)
        except RecordError:
            continue
        if record.cases == cases and engine_of(record) == engine:
            return path
    return None


def engine_of(record: RunRecord) -> str:
    """Return how the run's answers were made: the model that was configured, or "extractive"."""
    return str(record.settings.get("llm") or "extractive")


def languages_of(results: Sequence[ResultRecord]) -> list[Language]:
    """Return the languages that were asked in, in their fixed order."""
    return [language for language in Language if any(r.language == language for r in results)]
