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
# Where or how to look, and in what form to say it: "Using only the information within the balance sheet, …",
# "Answer in USD millions.", "If the metric is not useful, please state that and explain why."
_SOURCE_EN = re.compile(
    r"^(?:please )?(?:by |when )?"
    r"(?:(?:using|drawing|relying|looking|judging|based|basing|given|considering|according to)\b"
    r"[^,.?]{0,60}\b(?:information|details?|data|figures?|numbers?|contents?|conclusions)\b[^,.?]{0,80}|"
    r"(?:using|based on|basing (?:your|the) \w+ (?:off|on)(?: of)?|judging by|looking at|from|per|according to) "
    r"(?:the |its )?(?:balance sheet|income statement|statements? of (?:\w+ ?){1,3}|"
    r"(?:cash flow|profit and loss) statement|P&L)), "
    r"(?=\w)",
    re.IGNORECASE,
)
# "We need to calculate a metric by using …. Please answer the following question: what is …"
_LEADING_EN = re.compile(
    r"^[^?]{0,400}?\b(?:answer|address|respond to|consider) (?:the|this|my) (?:following )?question\b"
    r"[^?]{0,160}?:\s*(?=\w)",
    re.IGNORECASE,
)
_SOURCE_ZH = re.compile(
    r"^(?:请|仅|只|根据|依据|按照|基于|利用|结合|参考){1,3}[^，。？?]{0,24}(?:信息|内容|数据|资料|数字)(?:来|，|进行)?"
    r"(?:回答|作答|判断)?[，,](?=.)"
)
_INSTRUCTION_EN = re.compile(
    r"(?:please )?(?:answer|give|provide|express|report|state|round|present|show)\b(?: \w+){0,6}? "
    r"(?:in|to|using|by|with|as) (?:(?:US|USD|RMB|CNY|EUR|HKD)\b|\$|€|thousands?|millions?|billions?|"
    r"percent\w*|the nearest|\w+ decimals?|"
    r"\w+ decimal places?|a (?:single )?(?:number|sentence|word|table|list)|bullet\w*|relying|the details)|"
    r"(?:give|provide|write) (?:a|your|an|me an?) (?:response|answer)\b|respond to (?:the|this|my) question\b|"
    r"address (?:the|this|my) question\b|(?:compute|calculate|derive|extract)\b[^?]{0,30}\b(?:the )?answer\b|"
    r"(?:assume|imagine|suppose|pretend) (?:that )?you are\b|you are an? [\w ]+[.;]?$|"
    r"if\b[^?\d]*\b(?:please )?(?:state|say|tell|note|explain|answer|write|reply)\b[^?\d]*$|"
    r"(?:please )?base your (?:answer|judgm\w+|response)\b|(?:please )?(?:show|explain) your (?:work|reasoning)\b|"
    r"(?:please )?(?:be|keep it) (?:brief|concise|short)\b",
    re.IGNORECASE,
)
_INSTRUCTION_ZH = re.compile(
    r"(?:请|答案|结果)[^，。？?]{0,4}(?:用|以|保留|四舍五入|换算|精确)[^，。？?]{1,16}[。！]?$|"
    r"(?:如果|若)[^？?]{1,30}(?:请|就)(?:直接)?(?:说明|直说|指出|告知|注明|回答)[^？?]{0,12}[。！]?$|"
    r"(?:请)?(?:简要|简短|详细)(?:地)?(?:回答|作答|说明)[。！]?$"
)
# "(in USD millions)", （单位：百万美元）: of how the answer is to be written.
_IN_UNIT = re.compile(
    r"\s*[(（](?:(?:answer |expressed )?in (?:\w+ )?"
    r"(?:thousands|millions|billions|USD|RMB|%|percent(?:age)?(?: points)?)|"
    r"(?:单位|以)[：:为]?[^()（）]{1,10}(?:计|为单位)?)[)）]",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"\d|只|仅|\b(?:only|just|except|but)\b", re.IGNORECASE)
_LONGEST_ZH = 14  # characters; longer pieces say something


def without_asides(text: str) -> str:
    """Return a question without the pieces that ask nothing, name nothing and speak of who asks.

    >>> without_asides("What exactly is image segmentation? I need to explain it to my boss.")
    'What exactly is image segmentation?'
    >>> without_asides("Using only the data of the balance sheet, what is due? Answer in USD millions.")
    'what is due?'
    >>> without_asides("图像分割到底是指啥？我得跟老板解释")
    '图像分割到底是指啥？'
    """
    is_english = question_language(text) is Language.EN
    if is_english and (leading := _LEADING_EN.match(text)) and not _names(leading[0]):
        text = text[leading.end() :]
    source = (_SOURCE_EN if is_english else _SOURCE_ZH).match(text)
    # "Based on FY2022 data" limits the question; so does whose data they are.
    if source and not re.search(r"\d", source[0]) and not _names(source[0]):
        text = text[source.end() :]
    text = _IN_UNIT.sub("", text)
    pieces = (_PIECES_EN if is_english else _PIECES_ZH).split(text)
    kept = [piece for piece in pieces if piece.strip() and not _is_aside(piece, is_english)]
    if len(kept) == len(pieces) or not any(_ASKS.search(piece) for piece in kept):
        return text
    return (" " if is_english else "").join(kept)


def _is_aside(piece: str, is_english: bool) -> bool:
    piece = piece.strip()
    instruction = _INSTRUCTION_EN if is_english else _INSTRUCTION_ZH
    if instruction.match(piece) and not piece.endswith(("?", "？")):
        return True
    pattern = _ASIDE_EN if is_english else _ASIDE_ZH
    if not pattern.match(piece) or piece.endswith(("?", "？")) or _LIMITS.search(piece):
        return False
    return not _names(piece) and (is_english or len(piece) <= _LONGEST_ZH)


def _names(piece: str) -> frozenset[str]:
    """Return the terms of the names in a piece, its first word left out: a pronoun, a verb."""
    return frozenset(name_terms(re.sub(r"^[A-Z]\w* ", "", piece)))
