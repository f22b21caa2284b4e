"""Answers that are more than the best evidence: across reports, summaries, a yes or a no."""

import re
from collections.abc import Collection, Sequence

from index.schema import ScoredChunk
from rag.composing.across import answer_across
from rag.composing.by_item import answer_by_item
from rag.composing.by_part import answer_by_part
from rag.composing.by_report import answer_by_report
from rag.composing.by_thing import answer_by_thing
from rag.composing.changed import answer_changed
from rag.composing.companies import answer_companies
from rag.composing.comparing import answer_comparison
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import wording
from rag.composing.mentions import answer_mentions
from rag.composing.picking import answer_by_column
from rag.composing.ratings import answer_ratings
from rag.composing.risks import answer_risks
from rag.composing.same_row import answer_same_row
from rag.composing.sources import answer_source
from rag.composing.summing import answer_summary
from rag.composing.yes_no import LOOKED_AT, rule_on
from rag.evidence.abstain import decide
from rag.evidence.finding import Finder
from rag.evidence.scoring import ScoredEvidence, term_weights
from rag.messages import NO, NO_OTHER_FIGURE, YES
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

# What speaks of another version or period, or of no name of the question.
_OF_ANOTHER = ("period_wrong", "version_missing", "all_names_nowhere")

_IN_WORDS = frozenset({QuestionKind.CAUSE, QuestionKind.DEFINITION})
# "Which is higher, and what are the two values?" wants more than the higher one.
_ASKS_FOR_BOTH = re.compile(
    r"分别|各(?:是|为|有|多少|几|自)|两[者个边](?:数|值)?|\bboth\b|\btwo (?:values|figures|numbers)\b|"
    r"\beach\b|\brespectively\b|"
    r"\band (?:what|how (?:much|many|long)) (?:are|were|is|was)\b",
    re.IGNORECASE,
)


def compose_special(
    question: Question,
    chunks: Sequence[ScoredChunk],
    ranked: Sequence[ScoredEvidence],
    finder: Finder,
    documents: Collection[str] | None,
) -> Composed | None:
    """Return the answer to a question of these kinds; None for others, or where none is sure.

    Args:
        question: The analysed question.
        chunks: What the search found, best first.
        ranked: All evidence in them, best first, before the decision to answer.
        finder: Looks into the reports again.
        documents: Only these are read; None for all. Nothing is composed of none.
    """
    if documents is not None and not documents:
        return None
    return (
        answer_companies(question, finder, documents)
        or answer_mentions(question, finder, documents)
        or answer_by_report(question, finder, documents)
        or answer_source(question, [*ranked, *finder.echoes(question, chunks)], finder)
        or answer_ratings(question, finder, documents)
        or answer_risks(question, finder, documents)
        or answer_summary(question, finder, documents)
        or answer_across(question, finder, documents)
        or answer_changed(question, finder, documents)
        or answer_by_item(question, finder, documents)
        or answer_same_row(question, ranked, finder)
        or answer_by_part(question, finder, documents)
        or _ruled(question, [*ranked[:LOOKED_AT], *finder.echoes(question, chunks)], finder)
        or _from_tables(question, ranked, finder)
        or answer_by_thing(question, ranked, finder, documents)
    )


def _from_tables(
    question: Question, ranked: Sequence[ScoredEvidence], finder: Finder
) -> Composed | None:
    """Return what a whole table answers: a comparison, the rows that meet a condition."""
    if question.kind in _IN_WORDS:
        return None
    weights = term_weights(question, finder.weight)
    fit = decide(ranked, QuestionKind.COMPARISON).evidence
    # "Compare A and B" has nothing but names; that is enough here.
    if fit and fit[0].features["is_item"]:
        return None  # one row is called just what is asked for
    named = [i for i in ranked if not any(i.features[name] for name in _OF_ANOTHER)]
    if _ASKS_FOR_BOTH.search(question.text) and (
        both := answer_comparison(question, named, finder.index, weights)
    ):
        return both
    return answer_by_column(question, fit, finder.index, weights) or answer_comparison(
        question, named, finder.index, weights
    )


def _ruled(question: Question, ranked: Sequence[ScoredEvidence], finder: Finder) -> Composed | None:
    """Return a yes or a no with the quote that gives it."""
    ruling = rule_on(question, ranked, term_weights(question, finder.weight))
    if ruling is None:
        return None
    words = YES if ruling.is_so else NO_OTHER_FIGURE if ruling.by_figure else NO
    said = Statement(wording(ruling.evidence), ruling.evidence)
    return Composed(Draft((said,), opening=words[question.language]), (ruling.item, *ranked))
