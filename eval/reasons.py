"""Why an answer failed: the first step of the way from question to answer that went wrong."""

from enum import StrEnum

from eval.metrics import held_facts, polarity_of
from eval.runner import CaseResult


class Reason(StrEnum):
    """What went wrong, in the order in which it is looked for."""

    CRASHED = "crashed"
    FALSE_ANSWER = "false_answer"  # answered what the reports do not say
    NOT_RETRIEVED = "not_retrieved"  # no chunk with the evidence was among those read
    DECLINED = "declined"  # the evidence was read, and the assistant declined
    OTHER_EVIDENCE = "other_evidence"  # the evidence was read, and something else was said
    WRONG_POLARITY = "wrong_polarity"
    FACT_MISSING = "fact_missing"  # the evidence was cited, but not all of the facts are said
    LANGUAGE = "language"
    LONG = "long"


def failure_reason(result: CaseResult) -> Reason | None:
    """Return why a result did not pass, None when it did."""
    answer, case = result.answer, result.case
    if result.passed:
        return None
    if answer is None:
        return Reason.CRASHED
    if not case.answerable:
        return Reason.FALSE_ANSWER
    if not result.scores["correct"]:
        if case.polarity and not result.declined:
            stated = sum(held_facts(case, answer.text, result.language)) >= case.min_facts
            if stated and polarity_of(answer.text) not in ("", case.polarity):
                return Reason.WRONG_POLARITY
        cited = result.scores.get("cited", 0.0)
        if result.ranks and not cited and all(rank is None for rank in result.ranks):
            return Reason.NOT_RETRIEVED
        if result.declined:
            return Reason.DECLINED
        return Reason.FACT_MISSING if cited else Reason.OTHER_EVIDENCE
    return Reason.LONG if result.scores["right_language"] else Reason.LANGUAGE
