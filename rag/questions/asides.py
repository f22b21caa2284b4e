"""What people say around a question: "I need to explain it to my boss.", "for a slide:", 我得跟老板解释."""

import re

from corpus.language import question_language
from corpus.schema import Language
from rag.questions.naming import name_terms

_ASKS = re.compile(
    r"什么|多少|谁|哪|几|吗|呢|啥|如何|怎|为何|是否|[?？]|\b(?:what|which|who|whose|when|where|why|how|whether|name|list|"
    r"give|tell|compare|summari[sz]e|explain|describe|define|outline|state|say|show|know|find|understand)\b",
    re.IGNORECASE,
)
_PIECES_EN = re.compile(r"(?<=[.?!;])\s+|(?<=:)\s+|\s+[–—-]\s+")
_PIECES_ZH = re.compile(r"(?<=[，。？！；：,?!;:])")
_FIRST_PERSON = re.compile(r"(?:I|we|my|our)\b", re.IGNORECASE)
_ASIDE_EN = re.compile(
    rf"{_FIRST_PERSON.pattern}|for (?:an?|my|our|the|this) (?:\w+ )?(?:slide|deck|memo|model|note|"
    r"presentation|pitch|chart|table|footnote|client|boss|meeting|call)\b|"
    r"(?:an?|one|two|three|a few) (?:lines?|words?|sentences?|bullets?|bullet points?) (?:is|are|will|would)\b|"
    r"keep it (?:short|brief)|(?:many )?thanks\b|(?:a )?quick (?:one|question|check)|"
    r"(?:[A-Z][a-z]+ )?(?:query|question|check)\b",
    re.IGNORECASE,
)
_ASIDE_ZH = re.compile(
    r"(?:我们?|咱们?|本人)(?=[只要想得在正需先赶])|(?:老板|领导|客户)|[一两三几]+[句点行]话?[^，。]{0,5}|谢|急"
)
_LONGEST_ZH = 14  # characters; longer pieces say something


def without_asides(text: str) -> str:
    """Return a question without the pieces that ask nothing, name nothing and speak of who asks.

    >>> without_asides("What exactly is image segmentation? I need to explain it to my boss.")
    'What exactly is image segmentation?'
    >>> without_asides("图像分割到底是指啥？我得跟老板解释")
    '图像分割到底是指啥？'
    """
    is_english = question_language(text) is Language.EN
    pieces = (_PIECES_EN if is_english else _PIECES_ZH).split(text)
    kept: list[str] = []
    for piece in filter(str.strip, pieces):
        # What people say of themselves before they ask may tell what it is about.
        has_asked = any(_ASKS.search(before) for before in kept)
        if not _is_aside(piece, is_english, has_asked=has_asked):
            kept.append(piece)
    if len(kept) == len(pieces) or not any(_ASKS.search(piece) for piece in kept):
        return text
    return (" " if is_english else "").join(kept)


def _is_aside(piece: str, is_english: bool, *, has_asked: bool) -> bool:
    piece = piece.strip()
    pattern = _ASIDE_EN if is_english else _ASIDE_ZH
    if is_english and not has_asked and _FIRST_PERSON.match(piece):
        return False
    if not pattern.match(piece) or piece.endswith(("?", "？")):
        return False
    if _ASKS.search(piece) and not (is_english and has_asked):
        return False
    # The pronoun itself is no name.
    return not name_terms(piece.removeprefix("I ")) and (is_english or len(piece) <= _LONGEST_ZH)
