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
# Only what says why or how shortly somebody asks; "we only care about 2022" limits the question.
_ASIDE_EN = re.compile(
    r"(?:I|we) (?:need|have|want|are going|am going) to \w+ (?:it|this|that|them)\b|"
    r"(?:it|this|that)(?:['’]s| is) for (?:my|our|an?|the)\b|"
    r"for (?:an?|my|our|the|this) (?:\w+ )?(?:slide|deck|memo|model|note|"
    r"presentation|pitch|chart|table|footnote|client|boss|meeting|call)\b|"
    r"(?:an?|one|two|three|a few) (?:lines?|words?|sentences?|bullets?|bullet points?) (?:is|are|will|would)\b|"
    r"keep it (?:short|brief)|(?:many )?thanks\b|(?:a )?quick (?:one|question|check)|"
    r"(?:[A-Z][a-z]+ )?(?:query|question|check)\b",
    re.IGNORECASE,
)
_ASIDE_ZH = re.compile(
    r"(?:我们?|咱们?)(?:得|要|需要|正|准备|好)[^，。]{0,6}(?:解释|汇报|交差|交代|写|讲|说)|"
    r"(?:老板|领导|客户)(?:[问要催]|想知道)|[一两三几]+[句点行]话?[^，。]{0,5}|谢|急"
)
_LIMITS = re.compile(r"\d|只|仅|\b(?:only|just|except|but)\b", re.IGNORECASE)
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
    kept = [piece for piece in pieces if piece.strip() and not _is_aside(piece, is_english)]
    if len(kept) == len(pieces) or not any(_ASKS.search(piece) for piece in kept):
        return text
    return (" " if is_english else "").join(kept)


def _is_aside(piece: str, is_english: bool) -> bool:
    piece = piece.strip()
    pattern = _ASIDE_EN if is_english else _ASIDE_ZH
    if not pattern.match(piece) or piece.endswith(("?", "？")) or _LIMITS.search(piece):
        return False
    # The pronoun itself is no name.
    return not name_terms(piece.removeprefix("I ")) and (is_english or len(piece) <= _LONGEST_ZH)
