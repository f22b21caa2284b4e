"""One sentence against the evidence it cites: the verdict, and the reason of a refusal.

The checks are code, the same for every draft and every generator, and none of them can be talked
out of anything: they read the sentence, never what it says about itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.schema import Language
from rag.verification.figures import wrong_figure, wrong_period
from rag.verification.names import wrong_name
from rag.verification.places import misplaced
from rag.verification.polarity import turned_round
from rag.verification.sources import Source, Statement, joined
from rag.verification.vocabulary import Translate
from rag.verification.wording import coverage, is_in_language

MIN_COVERAGE = 0.34
"""Least share of a sentence that its evidence must speak of, see `python -m eval.verification`."""


# What could carry a reader, or what they asked, elsewhere.
_LINK = re.compile(
    r"[a-z]+://[^\s)\]]+|www\.[^\s)\]]+|[\w.+-]+@[\w-]+\.\w+|!\[|\]\(|<[a-z/!]", re.IGNORECASE
)


class Refusal(StrEnum):
    """Why a sentence is not shown; "" is none."""

    NONE = ""
    UNCITED = "uncited"  # it cites no evidence, and no evidence carries it
    LANGUAGE = "language"
    FIGURE = "figure"
    PERIOD = "period"  # the evidence gives the figure for another one
    PLACE = "place"  # the evidence says the figure of something else
    NAME = "name"
    CONTRARY = "contrary"
    LINK = "link"  # an address or markup that the evidence does not have
    INSTRUCTION = "instruction"  # it speaks to a model, or of one's orders
    UNRELATED = "unrelated"  # its evidence speaks of something else
    JUDGED = "judged"  # by a model that was asked on top


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checks say of one sentence."""

    refusal: Refusal = Refusal.NONE
    detail: str = ""  # the figure, name or words that are not in the evidence

    @property
    def passed(self) -> bool:
        """Say whether the sentence may be shown."""
        return self.refusal is Refusal.NONE


def check_sentence(
    text: str, sources: Sequence[Source], language: Language, translate: Translate
) -> Finding:
    """Check a sentence, without its markers, against the evidence that it cites.

    Args:
        text: The sentence.
        sources: The evidence, at least one piece.
        language: Of the answer.
        translate: A term → its likely translations.
    """
    source = joined(sources)
    claim = Statement(text)
    if (link := _LINK.search(text)) and link[0].casefold() not in source.all_text:
        return Finding(Refusal.LINK, link[0])
    if not is_in_language(text, language, source):
        return Finding(Refusal.LANGUAGE, text[:40])
    for refusal, detail in (
        (Refusal.FIGURE, wrong_figure(claim, source)),
        (Refusal.PERIOD, wrong_period(claim, source)),
        (Refusal.PLACE, misplaced(claim, source, translate)),
        (Refusal.NAME, wrong_name(text, source, translate)),
        (Refusal.CONTRARY, turned_round(claim, source, translate)),
    ):
        if detail:
            return Finding(refusal, detail)
    share = coverage(text, source, translate)
    if share < MIN_COVERAGE:
        return Finding(Refusal.UNRELATED, f"{share:.2f} < {MIN_COVERAGE}")
    return Finding()
