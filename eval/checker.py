"""Check cases: what must hold so that a figure measured with them means something.

python -m eval check [FILE…] [--documents FOLDER]
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.errors import AssistantError
from corpus.loaders import list_files, read_document
from corpus.schema import Document, Language
from eval.cases import CASES_DIR, CONVERSATION, KINDS, Case, load_cases
from eval.metrics import holds_fact, is_correct, normalise
from eval.places import Sources
from index.settings import DOCUMENTS_DIR
from rag.messages import NOT_FOUND
from rag.schema import Answer, AnswerStatus, Citation

SHIPPED = ("dev.jsonl", "test.jsonl", "conversations.jsonl")
_UNNAMED = "a problem in a held-out case; name its file to see which"
_DIGIT = re.compile(r"\d")


def check_command(arguments: Sequence[str]) -> tuple[int, str]:
    """Check files of cases, the shipped ones by default; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval check", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="by default all shipped ones")
    parser.add_argument("--documents", type=Path, default=DOCUMENTS_DIR)
    options = parser.parse_args(arguments)
    files = options.files or [CASES_DIR / name for name in SHIPPED]
    documents = read_documents(options.documents)
    cases = [case for path in files for case in load_cases(path)]
    problems = list(check_cases(cases, documents))
    # Whoever tunes must not meet a held-out case by chance: its texts are shown only when its file
    # was named.
    held_out = set() if options.files else {c.case_id for c in cases if c.split == "test"}
    lines = [
        f"{case_id}: {_UNNAMED if case_id in held_out else problem}"
        for case_id, problem in problems
    ]
    lines.append(f"{len(cases)} cases, {len(problems)} problems")
    return int(bool(problems)), "\n".join(lines)


def read_documents(folder: Path) -> dict[str, Document]:
    """Read the documents of a folder, by doc_id; files that cannot be read are left out."""
    documents = {}
    for path in list_files(folder):
        try:
            document = read_document(path.read_bytes(), path.name)
        except AssistantError:
            continue  # a case that needs it says that its document is missing
        documents[document.doc_id] = document
    return documents


def check_cases(
    cases: Sequence[Case], documents: Mapping[str, Document]
) -> Iterator[tuple[str, str]]:
    """Yield (case id, what is wrong and what to do) for every problem, in order of the cases."""
    sources = Sources(documents.__getitem__)
    ids = Counter(case.case_id for case in cases)
    # Turns such as "And the Pro plan?" may recur; a whole question may not.
    questions = Counter(
        text for case in cases if not case.history for text in case.questions.values()
    )
    for case in cases:
        problems = list(_check_shape(case))
        if not problems:
            problems = [*_check_evidence(case, documents, sources), *_check_grading(case)]
        if ids[case.case_id] > 1:
            problems.append("another case has the same id; change one")
        if not case.history and any(questions[text] > 1 for text in case.questions.values()):
            problems.append("the question occurs twice; drop one case")
        yield from ((case.case_id, problem) for problem in problems)


def _check_shape(case: Case) -> Iterator[str]:
    if case.kind not in KINDS:
        yield f"kind {case.kind!r} is unknown; known are {', '.join(KINDS)}"
    if not case.questions or not all(text.strip() for text in case.questions.values()):
        yield "a question is missing; give one in Chinese, English or both"
    if case.answerable != bool(case.facts) or case.answerable != bool(case.evidence):
        yield "answerable cases have facts and evidence, the others neither"
    if case.answerable and not 1 <= case.min_facts <= len(case.facts):
        yield f"min_facts is {case.min_facts} of {len(case.facts)} facts"
    if (case.kind == "unanswerable") == case.answerable and case.kind != CONVERSATION:
        yield f"kind {case.kind!r} does not go with answerable = {case.answerable}"
    if case.kind == "yes_no" and case.polarity not in ("yes", "no"):
        yield 'a yes/no case says which one is right: "polarity": "yes" or "no"'
    for fact in case.facts:
        for language in case.questions:
            if not fact.forms.get(language):
                yield f"a fact has no form in {language.value}"


def _check_evidence(
    case: Case, documents: Mapping[str, Document], sources: Sources
) -> Iterator[str]:
    said = []
    for span in case.evidence:
        document = documents.get(span.doc_id)
        if document is None:
            yield f"there is no document {span.doc_id!r}; known are {', '.join(documents)}"
            continue
        places = sources.places(span)
        if not places:
            yield f"the quote is not in {span.doc_id}: {span.quote[:60]!r}; copy it from the report"
            continue
        said += [span.quote, span.row, span.column, document.metadata.issuer]
        rows = [normalise(sources.source(span.doc_id).row_at(p.start)) for p in places]
        if span.row and any(rows) and not any(normalise(span.row) in row for row in rows):
            yield f"no table row with the quote has the label {span.row!r}"
    languages = {documents[s.doc_id].language for s in case.evidence if s.doc_id in documents}
    if len(languages) == 1:
        (language,) = languages
        for fact in case.facts:
            if language in fact.forms and not holds_fact(" ".join(said), fact, language):
                yield f"the evidence does not state the fact {'/'.join(fact.forms[language])!r}"


def _check_grading(case: Case) -> Iterator[str]:
    """Yield what would be graded wrongly: replies that must not pass, and one that must."""
    for language, question in case.questions.items():
        if not case.answerable:
            continue
        refusal = NOT_FOUND[language]
        ideal = ideal_reply(case, language)
        if not is_correct(case, _reply(ideal, language), language):
            yield f"a reply of the facts alone does not pass in {language.value}: {ideal!r}"
        for name, text in (("question", question), ("refusal", refusal)):
            if is_correct(case, _reply(text, language), language):
                yield f"the {name} alone passes in {language.value}; ask for more than it holds"
        if _needs_a_figure(case, language):
            changed = _DIGIT.sub(lambda digit: str((int(digit[0]) + 1) % 10), ideal)
            if is_correct(case, _reply(changed, language), language):
                yield f"a reply with every digit changed passes in {language.value}: {changed!r}"


def ideal_reply(case: Case, language: Language) -> str:
    """Return the shortest reply that holds every fact: the first form of each."""
    return "; ".join(fact.forms[language][0] for fact in case.facts if fact.forms.get(language))


def _needs_a_figure(case: Case, language: Language) -> bool:
    """Say whether too few facts remain without those that are figures in all their forms."""
    figures = sum(
        all(_DIGIT.search(form) for form in fact.forms.get(language, ())) for fact in case.facts
    )
    return len(case.facts) - figures < case.min_facts


def _reply(text: str, language: Language) -> Answer:
    citation = Citation(1, text, "d", "", "", "", None, "", 0, len(text))
    return Answer("", text, language, AnswerStatus.ANSWERED, (citation,))
