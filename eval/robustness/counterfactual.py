"""Reports in which figures are changed: an answer that keeps the old figure was not read from them.

Only Chinese questions are asked: a rendering whose original has changed is not used, by design.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.schema import Language
from eval.cases import Case, Fact
from eval.metrics import holds_fact

# A figure with at least two digits; years are left alone, since questions name them.
# So are the parts of dates.
_FIGURE = re.compile(r"(?<![\d.,/-])\d[\d,]*(?:\.\d+)?(?![\d/]|-\d|\s*[年月日号])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_KINDS = ("number", "table_cell")


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A case as it is, and as it is over the changed reports."""

    plain: Case
    changed: Case


def choose_figures(cases: Sequence[Case]) -> dict[str, str]:
    """Return which figures are changed into which: those of facts in Chinese evidence.

    A figure that stands in any question is left alone, or the question would ask for something else.
    """
    asked = {
        figure for case in cases for text in case.questions.values() for figure in _figures(text)
    }
    chosen: dict[str, str] = {}
    for case in cases:
        if case.kind not in _KINDS or not case.answerable or case.history:
            continue
        stated = {f for fact in case.facts for form in fact.forms.get(Language.ZH, ())
                  for f in _figures(form)}  # fmt: skip
        for span in case.evidence:
            for figure in _figures(span.quote):
                if figure in stated and figure not in asked:
                    chosen[figure] = _other(figure)
    # A changed figure must not be one that another fact already has.
    return {old: new for old, new in chosen.items() if new not in chosen}


def _figures(text: str) -> list[str]:
    return [
        match[0]
        for match in _FIGURE.finditer(text)
        if len(re.sub(r"\D", "", match[0])) >= 2 and not _YEAR.fullmatch(match[0])
    ]


def _other(figure: str) -> str:
    """Return a figure of the same length and form, every digit another one.

    >>> _other("45.3"), _other("97")
    ('78.6', '21')
    """
    changed = [str((int(char) + 3) % 10 or 1) if char.isdigit() else char for char in figure]
    if changed[0] == "0":
        changed[0] = "1"
    return "".join(changed)


def change_figures(text: str, figures: Mapping[str, str]) -> str:
    """Return a text with the chosen figures changed wherever they stand."""
    return _FIGURE.sub(lambda match: figures.get(match[0], match[0]), text)


def counterfactual_cases(cases: Sequence[Case], figures: Mapping[str, str]) -> list[Counterfactual]:
    """Return the cases whose facts all change in the report's own text, in Chinese only."""
    found = []
    for case in cases:
        if case.kind not in _KINDS or not case.answerable or case.history:
            continue
        facts = [_changed_fact(fact, figures) for fact in case.facts]
        stated = " ".join(change_figures(span.quote, figures) for span in case.evidence)
        # Where the report writes the figure in words or as an end of a range, nothing has changed.
        if not all(fact and holds_fact(stated, fact, Language.ZH) for fact in facts):
            continue
        questions = {Language.ZH: case.questions[Language.ZH]}
        changed = replace(
            case,
            questions=questions,
            facts=tuple(fact for fact in facts if fact),
            evidence=tuple(
                replace(span, quote=change_figures(span.quote, figures)) for span in case.evidence
            ),
        )
        found.append(Counterfactual(replace(case, questions=questions), changed))
    return found


def _changed_fact(fact: Fact, figures: Mapping[str, str]) -> Fact | None:
    """Return a fact with its changed forms only; None when none of them changes."""
    forms = fact.forms.get(Language.ZH, ())
    changed = tuple(
        change_figures(form, figures) for form in forms if change_figures(form, figures) != form
    )
    return Fact({Language.ZH: changed}) if changed else None
