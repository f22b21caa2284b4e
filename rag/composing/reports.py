"""What several reports say, each under the name of its house: which to ask, how to say it, who is silent."""

from collections.abc import Collection, Mapping, Sequence

from corpus.schema import Language
from index.opened import OpenedIndex
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import wording
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.messages import FROM_REPORT, SEPARATOR, SILENT
from rag.questions.issuers import issuer_in
from rag.questions.question import Question

MAX_REPORTS = 8
"""Most reports that are asked one by one; of more, those that the search puts first."""
_CHUNKS = 8  # of each, that the search looks at to put them in order


def nearest_reports(
    topic: Question, finder: Finder, documents: Collection[str] | None, most: int
) -> list[str]:
    """Return the reports that may be read, sorted by id; of more than `most`, the nearest first."""
    among = readable(finder.index, documents)
    if len(among) <= most:
        return among
    chunks = finder.search(topic, documents, top_k=most * _CHUNKS)
    return list(dict.fromkeys(item.chunk.doc_id for item in chunks))[:most]


def readable(index: OpenedIndex, documents: Collection[str] | None) -> list[str]:
    """Return the reports that may be read, sorted by id: those given, all of the shelf for None."""
    return sorted(entry.doc_id for entry in index.shelf) if documents is None else sorted(documents)


def lines_by_report(
    found: Mapping[str, Sequence[Evidence]], finder: Finder, language: Language
) -> Composed | None:
    """Return the lines that each report has, as they stand of one, by house of several.

    Args:
        found: The lines of every report that was asked, in order; none of a silent one.
        finder: Looks into the reports.
        language: Of the answer.
    """
    index = finder.index
    statements: list[Statement] = []
    for lines in found.values():
        if lines and len(found) > 1:
            statements.append(said_by_report(lines[0], index, language, lines[1:]))
        else:
            statements += [Statement(wording(line), line) for line in lines]
    if not statements:
        return None
    silent = [doc_id for doc_id, lines in found.items() if not lines]
    return Composed.of(Draft(tuple(statements), notes=silent_note(silent, index, language)))


def said_by_report(
    evidence: Evidence, index: OpenedIndex, language: Language, also: Sequence[Evidence] = ()
) -> Statement:
    """Return what a report says, with whose view it is, and of when; what follows it in one line."""
    date = index.document(evidence.doc_id).metadata.date
    text = FROM_REPORT[language].format(
        issuer=issuer_in(index, evidence.doc_id, language),
        date=f" {date}" if date else "",
        text=" ".join(wording(item) for item in (evidence, *also)),
    )
    return Statement(text, evidence, tuple(also))


def silent_note(doc_ids: Sequence[str], index: OpenedIndex, language: Language) -> tuple[str, ...]:
    """Return the note that names the reports which say nothing of the topic; () when all do."""
    if not doc_ids:
        return ()
    issuers = dict.fromkeys(issuer_in(index, doc_id, language) for doc_id in doc_ids)
    return (SILENT[language].format(issuers=SEPARATOR[language].join(issuers)),)
