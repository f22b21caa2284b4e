"""Measure the verification of drafts: python -m eval.verification [--half dev|held-out] [--show KIND].

True sentences (the reports' own, and paraphrases in both languages) must pass; the same sentences
with one thing made wrong must not. English sentences are checked twice: with the English edition,
and with the Chinese original alone, as it is with a report that has no edition.
"""

import argparse
import json
import os
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.errors import AssistantError
from corpus.glossary import names_in, names_of
from corpus.quantities.numerals import fold_width
from corpus.schema import BlockKind, Language
from eval.cases import CASES_DIR, Span, load_cases
from eval.mutations import mutants
from index.opened import OpenedIndex
from rag.composing.beside import evidence_of_block
from rag.evidence.evidence import Evidence
from rag.pipeline import Pipeline, ensure_index
from rag.settings import Settings
from rag.verification.sources import Source, source_of
from rag.verification.verify import Finding, check_sentence
from rag.verification.vocabulary import Translate, translator

PARAPHRASES = CASES_DIR / "paraphrases.jsonl"
HELD_OUT_KINDS = frozenset({"swap", "number word"})
"""Kinds of mutants of which only the totals were looked at while the checks were written."""


@dataclass(frozen=True, slots=True)
class TrueSentence:
    """A sentence that its evidence carries."""

    case_id: str
    origin: str  # "copy" or "paraphrase"
    language: Language
    text: str
    edition: bool  # whether the evidence is read with its rendering
    sources: tuple[Source, ...]
    strangers: tuple[str, ...]
    neighbours: tuple[str, ...]

    @property
    def group(self) -> str:
        """Return origin, language and, of English ones, whether there is an edition."""
        view = "" if self.language is Language.ZH else " edition" if self.edition else " original"
        return f"{self.origin} {self.language.value}{view}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A checked sentence; `kind` is "" for a true one."""

    sentence: TrueSentence
    kind: str
    text: str
    finding: Finding


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; 1 when the evidence of a sentence is not in the reports."""
    parser = argparse.ArgumentParser(prog="python -m eval.verification", description=__doc__)
    parser.add_argument("--half", choices=("dev", "held-out", "both"), default="both")
    parser.add_argument("--show", metavar="KIND", help='print the errors: of a kind, or "true"')
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_env(os.environ)
        ensure_index(settings)
        pipeline = Pipeline.load(settings)
        sentences = [
            sentence
            for sentence in true_sentences(pipeline.index)
            if options.half == "both" or is_held_out(sentence.case_id) == (options.half != "dev")
        ]
    except (AssistantError, LookupError) as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    outcomes = list(check_all(sentences, translator(pipeline.index.term_table)))
    print(format_report(outcomes))
    if options.show:
        _print_errors(outcomes, options.show)
    return 0


def is_held_out(case_id: str) -> bool:
    """Say whether a case was kept away while the checks were written: about half of them."""
    return zlib.crc32(case_id.encode()) % 2 == 1


def true_sentences(index: OpenedIndex) -> Iterator[TrueSentence]:
    """Yield the reports' own sentences behind the development cases, and the paraphrases.

    Raises:
        LookupError: A quote is not in its report.
    """
    names = {entry.doc_id: _names_of_report(index, entry.doc_id) for entry in index.shelf}
    seen: set[tuple[str, str]] = set()
    for case in load_cases(CASES_DIR / "dev.jsonl"):
        for span in case.evidence:
            for language in Language:
                text = " ".join(_wording(e) for e in evidence_at(index, span, language))
                if text and (span.doc_id, text) not in seen:
                    seen.add((span.doc_id, text))
                    yield from _views(index, case.case_id, "copy", language, text, span, names)
    for line in PARAPHRASES.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        span = Span(entry["doc_id"], entry["quote"], entry.get("row", ""), entry.get("column", ""))
        language = Language(entry["language"])
        yield from _views(index, entry["case"], "paraphrase", language, entry["text"], span, names)


def _views(  # noqa: PLR0913
    index: OpenedIndex,
    case_id: str,
    origin: str,
    language: Language,
    text: str,
    span: Span,
    names: dict[str, tuple[str, ...]],
) -> Iterator[TrueSentence]:
    neighbours = names[span.doc_id]
    strangers = tuple(
        sorted({n for group in names.values() for n in group} - set(_with_aliases(neighbours)))
    )
    metadata = index.document(span.doc_id).metadata
    for edition in (True, False) if language is Language.EN else (False,):
        evidence = evidence_at(index, span, Language.EN if edition else Language.ZH)
        sources = tuple(source_of(item, metadata) for item in evidence)
        own = set(_with_aliases(names_in(" ".join(source.own_text for source in sources))))
        yield TrueSentence(
            case_id, origin, language, text, edition, sources,
            strangers, tuple(name for name in neighbours if name not in own),
        )  # fmt: skip


def _with_aliases(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield name
        yield from (other.casefold() for other in names_of(name))


def _names_of_report(index: OpenedIndex, doc_id: str) -> tuple[str, ...]:
    texts = [index.document(doc_id).text, *(item.text for item in index.renderings(doc_id))]
    return tuple(sorted(set(names_in("\n".join(texts)))))


def evidence_at(index: OpenedIndex, span: Span, language: Language) -> tuple[Evidence, ...]:
    """Return the sentences or the cell that a case's quote stands in, read in a language.

    Nothing for a quote that is only a heading.

    Raises:
        LookupError: The quote is not in its report.
    """
    document = index.document(span.doc_id)
    elsewhere: tuple[Evidence, ...] = ()
    only_heading = False
    for first, last in _places(document.text, span.quote):
        block = next(block for block in document.blocks if block.start <= first < block.end)
        if block.kind is BlockKind.HEADING:
            only_heading = True  # which names a topic and states nothing
            continue
        units = evidence_of_block(index, span.doc_id, block.ordinal, language)
        units = tuple(e for e in units if e.start <= last and first < e.end)
        if found := tuple(e for e in units if _fits(index, e, span)):
            return found
        elsewhere = elsewhere or units
    if elsewhere or only_heading:  # in a table that is read with other labels than the case gives
        return elsewhere
    raise LookupError(f"{span.doc_id} does not say {span.quote!r}")


def _places(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last character of each place that says a quote, exact ones first."""
    for start in (match.start() for match in re.finditer(re.escape(quote), text)):
        yield start, start + len(quote) - 1
    squeezed, places = _squeezed(text)
    wanted = _squeezed(quote)[0]
    for match in re.finditer(rf"(?<![0-9]){re.escape(wanted)}(?![0-9])", squeezed):
        yield places[match.start()], places[match.end() - 1]


@lru_cache(maxsize=64)
def _squeezed(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the letters and digits of a text in one width, and where each stood."""
    places = tuple(n for n, char in enumerate(text) if char.isalnum())
    folded = fold_width(text)
    return "".join(folded[n] for n in places), places


def _fits(index: OpenedIndex, evidence: Evidence, span: Span) -> bool:
    """Say whether this is the cell whose labels the case gives; without labels anything fits."""
    if not (span.row or span.column):
        return True
    if not evidence.is_cell:
        return False
    units = evidence_of_block(index, evidence.doc_id, evidence.block, Language.ZH)
    own = next((unit for unit in units if unit.start == evidence.start), evidence)
    # A table may be read with rows and columns exchanged.
    return (_has(own.row, span.row) and _has(own.column, span.column)) or (
        _has(own.row, span.column) and _has(own.column, span.row)
    )


def _has(label: str, wanted: str) -> bool:
    label, wanted = _squeezed(label)[0], _squeezed(wanted)[0]
    return wanted in label or label in wanted


def _wording(evidence: Evidence) -> str:
    if not evidence.is_cell:
        return evidence.text.strip()
    colon = "：" if evidence.language is Language.ZH else ": "
    return f"{' '.join(filter(None, (evidence.row, evidence.column)))}{colon}{evidence.text}"


def check_all(sentences: Sequence[TrueSentence], translate: Translate) -> Iterator[Outcome]:
    """Yield the outcome of every true sentence and of every mutant of it."""
    for sentence in sentences:
        sources, language = sentence.sources, sentence.language
        finding = check_sentence(sentence.text, sources, language, translate)
        yield Outcome(sentence, "", sentence.text, finding)
        for mutant in mutants(
            sentence.text, strangers=sentence.strangers, neighbours=sentence.neighbours
        ):
            finding = check_sentence(mutant.text, sources, language, translate)
            yield Outcome(sentence, mutant.kind, mutant.text, finding)


def format_report(outcomes: Sequence[Outcome]) -> str:
    """Return the tables: mutants caught by kind, true sentences refused by group."""
    lines = [f"{'mutants':<22}{'n':>7}{'caught':>9}"]
    kinds = dict.fromkeys(o.kind for o in outcomes if o.kind)
    for kind in sorted(kinds, key=lambda kind: (kind in HELD_OUT_KINDS, kind)):
        found = [o for o in outcomes if o.kind == kind]
        note = "  totals only" if kind in HELD_OUT_KINDS else ""
        lines.append(f"{kind:<22}{len(found):>7}{_share(found):>9.3f}{note}")
    wrong = [o for o in outcomes if o.kind]
    true = [o for o in outcomes if not o.kind]
    refused = sum(not o.finding.passed for o in true)
    caught = sum(not o.finding.passed for o in wrong)
    lines += [
        f"{'all mutants':<22}{len(wrong):>7}{_share(wrong):>9.3f}",
        f"precision {caught / max(1, caught + refused):.4f}, recall {_share(wrong):.4f}",
        "",
        f"{'true sentences':<22}{'n':>7}{'refused':>9}",
    ]
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in true:
        groups[outcome.sentence.group].append(outcome)
    lines += [f"{name:<22}{len(g):>7}{_share(g):>9.3f}" for name, g in sorted(groups.items())]
    lines.append(f"{'all true sentences':<22}{len(true):>7}{_share(true):>9.3f}")
    reasons = Counter(o.finding.refusal.value for o in true if not o.finding.passed)
    lines.append("refused for: " + ", ".join(f"{r} {n}" for r, n in reasons.most_common()))
    return "\n".join(lines)


def _share(outcomes: Sequence[Outcome]) -> float:
    """Return the share that was refused."""
    return sum(not o.finding.passed for o in outcomes) / max(1, len(outcomes))


def _print_errors(outcomes: Sequence[Outcome], kind: str) -> None:
    for o in outcomes:
        wanted = o.kind == kind if kind != "true" else not o.kind
        if wanted and o.finding.passed == bool(o.kind):
            said = " / ".join(s.text for source in o.sentence.sources for s in source.statements)
            finding = f"{o.finding.refusal.value} {o.finding.detail!r}"
            print(f"\n{o.sentence.case_id} {o.sentence.group} {finding}\n  - {o.text}\n  = {said}")


if __name__ == "__main__":
    sys.exit(main())
