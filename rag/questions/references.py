"""Which report a question means, told by what it is about or from when: 华金Sora那篇, "the April 2024 note".

The house says whose report is read. What else tells its reports apart is not asked of their text: the date
is that of the cover, and a note on Sora need not repeat the name in every line.
"""

import re

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_DATED = rf"(?:(?:{_MONTHS})\.? \d{{4}}|\d{{4}}|year-end|mid-year)"
_SORT = (
    r"(?:flash|sector|industry|company|research|media|initiation|coverage|earlier|latest|recent|own|"
    r"AIGC|strategy|thematic|in-depth|deep-dive)"
)
_ARTICLE = r"(?:the|its|their|that|this|an?|[’']s)"
# Names of houses were taken out before, each leaves a gap of two blanks or begins the text.
_GAP = r"(?:^ ?|(?<=  )|(?<=\n))"
_REFERENCE = re.compile(
    # Soochow's December 2023 report, Huajin's Sora flash note
    rf"(?:{_GAP}|\b{_ARTICLE} +)(?:{_DATED} |{_SORT} |[A-Z][\w.·-]* ){{1,4}}"
    r"(?:flash note|note|piece|write-?up|deep[- ]dive)s?\b|"
    # in its AI-plus-security report, 这份AI+安防报告
    r"\b(?:its|their) (?:[\w+&-]+ ){1,3}(?:report|note|paper)\b|"
    r"[那这][篇份本][^，,。？?；;：:]{1,12}?(?:报告|研报|快报|点评)(?:里面?|中)?|"
    rf"(?:{_GAP}|\b{_ARTICLE} +)(?:{_DATED} |{_SORT} ){{1,3}}(?:reports?|paper)\b|"
    # 写Sora那篇里, Sora这篇快报中, 年底那篇深度
    r"(?:(?<= )|^)(?:在|[写讲谈发出]了?|关于)?[A-Za-z0-9.·-]*[年月日底初中]{0,2}的?[那这][篇份本]"
    r"(?:文章|快报|深度|报告|研报|点评)*(?:里面?|中|时|上)?的?"
)
# What asks for the cover of one of a house's reports needs to know which.
_OF_COVER = re.compile(
    r"哪[年月天日]|日期|何时|什么时候|标题|题目|\b(?:when|dates?|dated|titled?|called)\b",
    re.IGNORECASE,
)


def without_references(text: str) -> str:
    """Return a question, out of which the names of houses were taken, without what tells their reports apart.

    >>> without_references("Who is the analyst on   Sora note?").split()
    ['Who', 'is', 'the', 'analyst', 'on', '?']
    """
    return text if _OF_COVER.search(text) else _REFERENCE.sub(" ", text)
