"""Questions about a report itself: who wrote it, when, how to reach them, which rating it gives.

Its words say little of the answer ("who wrote the Soochow report?"), so the cover lines that carry
the metadata are taken, when the question names the issuer of a report or one of its analysts.
"""

import re
from collections.abc import Collection, Sequence

from corpus.quantities import QuantityKind
from corpus.schema import Document, Language, Role
from index.opened import OpenedIndex
from index.terms import simplify
from rag.composing.beside import evidence_of_block
from rag.composing.draft import Statement
from rag.evidence.contacts import ADDRESS, NEARBY
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.reader import reader_of
from rag.messages import EMAIL, LABEL, LICENCE, PHONE
from rag.questions.people import analyst_names, is_in
from rag.questions.question import Question

_AUTHORS = re.compile(
    r"谁(?:写|撰写|执笔|发布|做)|谁是.{0,14}(?:作者|分析师|研究员|助理)|(?:作者|分析师|研究员|助理)(?:们|和助理)?(?:是|有|叫|都是|名)?(?:谁|哪|什么)|"
    r"\bwho\b[^?]{0,30}\b(?:wrote|authored)\b|\bwho (?:are the (?:authors|analysts)|"
    r"is (?:the )?(?:\w+ ){0,3}(?:author|analyst|"
    r"assistant|associate))\b|\bwho(?:['’]s| was) (?:the )?(?:\w+ ){0,3}(?:author|analyst)s?\b|"
    r"\b(?:authors?|analysts?) of\b|\bwhich analysts?\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:哪一?[天日年月]|几号|什么时候|何时)(?:发布?|出|写)?的.{0,24}(?:报告|研报|快报|点评)|"
    r"(?:报告|研报|快报|深度).{0,6}(?:日期|发布于|什么时候|何时|哪一?[天日年月]|几号|几月)|(?:发布|报告)日期|"
    r"\b(?:report|note)\b.{0,30}\b(?:dated?|published|issued|released|come out)\b|"
    r"\bwhen did\b[^?]*\b(?:publish|put out|release|issue)\b[^?]*\b(?:note|report|piece)\b|"
    r"\bwhat (?:date|day) did\b[^?]*\b(?:note|report|piece|outlook|handbook|publish|put out)\b|"
    r"\b(?:publication|report|issue) date\b|\bdate (?:of|is on)\b.{0,30}\b(?:report|note)\b",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"(?:给|什么|哪种|投资|行业).{0,8}评级(?!.{0,3}(?:意思|含义|定义|标准))|评级是(?:什么|多少|啥)(?!意思|含义)|"
    r"\b(?:what|which) (?:industry |sector |investment )?rating\b|\b(?:sector|industry) rating\b|"
    r"(?:[上下]调|[调降]低|[调提]高|调整|维持|改变?)[^，。]{0,10}评级|评级[^，。]{0,10}(?:[上下]调|[调降]低|[调提]高|调整|变|维持)|"
    r"\b(?:cut|lower\w*|downgrad\w*|upgrad\w*|rais\w*|chang\w*|maintain\w*|keep|kept|reiterat\w*)\b[^?]{0,20}\brating\b|"
    r"\brating\b[^?]{0,20}\b(?:cut|lowered|downgraded|upgraded|raised|(?:un)?changed|maintained)\b",
    re.IGNORECASE,
)
# What a rating means stands elsewhere than the rating.
_MEANING = re.compile(
    r"门槛|标准|要求|条件|定义|代表|意思|含义|跑赢|跑输|基准|指数|期限|多长|多久|"
    r"\b(?:bar|threshold|requires?|means?|stands? for|defin\w+|benchmark|index|horizon|how long)\b",
    re.IGNORECASE,
)
# What a line with a way to reach somebody looks like, and the words that ask for it.
_CONTACTS = (
    (re.compile(r"邮箱|邮件|\be-?mail\b", re.IGNORECASE), re.compile(r"@\w")),
    (
        re.compile(
            r"电话|手机(?=号|联系|是|[?？]|$)|联系方式|怎么联系|"
            r"\bnumber\b[^?]{0,20}\b(?:call|reach|ring|dial)\b|"
            r"\b(?:tele|mobile )?phone\b|\bmobile (?:no|number)\b|\btel\b",
            re.IGNORECASE,
        ),
        re.compile(r"(?:\(\d{2,4}\)|\+\d{2,3}|\d{3,4}-)\s?\d{4}"),
    ),
    (
        re.compile(
            r"执业证书|证书编?号|牌照|(?<!business )\blicen[cs]e\b|\bcertificate\b", re.IGNORECASE
        ),
        re.compile(r"\b[A-Z]\d{13}\b"),
    ),
    (
        re.compile(
            r"地址|(?<![好强差难贵高低错优弱胜赢])在哪(?:里|儿|办公)|办公(?:室|地点)|"
            r"\baddress\b|\boffices?\b",
            re.IGNORECASE,
        ),
        ADDRESS,
    ),
)
_BARE = (
    (re.compile(r"\S+@\S+"), EMAIL),
    (re.compile(r"[()+\d][()+\d\s-]{6,}"), PHONE),
    (re.compile(r"[A-Z]\d{13}"), LICENCE),
)
_LEAST_SHARED = 2  # words of a question with the title of another report
# An analyst's own lines follow the name within so many lines of the cover.
_LINES_OF_A_PERSON = 4


def about_reports(question: Question, index: OpenedIndex) -> list[Evidence]:
    """Return the cover lines that answer a question about reports, or nothing.

    Nothing for any other question, for one that names neither an issuer nor an analyst while
    several reports are on the shelf, and for what the reports do not print.
    """
    asked = simplify(question.text)
    contacts = _contacts_asked(asked)
    if not (contacts or _AUTHORS.search(asked) or _DATE.search(asked) or _asks_rating(asked)):
        return []
    if _DATE.search(asked) and (line := _listed_report(question, index, asked)) is not None:
        return [line]
    found: dict[tuple[str, int], Evidence] = {}
    for doc_id in _documents(question, index, asked):
        document = index.document(doc_id)
        values: list[str] = []
        if _AUTHORS.search(asked):
            values += [analyst.name for analyst in document.metadata.analysts]
        if _DATE.search(asked) and not _asks_of_another(question, document):
            values += _printed_dates(document)
        if _asks_rating(asked) and not question.names:
            values.append(document.metadata.rating)
        for pattern in contacts:
            values += _lines_like(document, pattern, _named(index, document, asked))
        for value in filter(None, values):
            if evidence := _cover_line(index, document, value, question):
                found.setdefault((doc_id, evidence.start), evidence)
    return list(found.values())


def cover_statements(lines: Sequence[Evidence], language: Language) -> list[Statement]:
    """Return the lines of covers as statements; what holds nothing but a number is told what it is."""
    said = []
    for line in lines:
        text = line.text.strip()
        label = next((words[language] for form, words in _BARE if form.fullmatch(text)), "")
        said.append(
            Statement(LABEL[language].format(label=label, text=text) if label else text, line)
        )
    return said


def _contacts_asked(asked: str) -> list[re.Pattern[str]]:
    """Return what the lines look like by which somebody is reached in the way that is asked for."""
    if NEARBY.search(asked):
        return []
    return [line for words, line in _CONTACTS if words.search(asked)]


def _asks_rating(asked: str) -> bool:
    return _RATING.search(asked) is not None and not _MEANING.search(asked)


def _listed_report(question: Question, index: OpenedIndex, asked: str) -> Evidence | None:
    """Return the line of a cover that lists the earlier report whose date is asked, with its date.

    It must share more words with the question than the report's own title, and two at least.
    """
    best: tuple[int, Evidence] | None = None
    terms = frozenset(question.terms)
    for doc_id in _documents(question, index, asked):
        document = index.document(doc_id)
        reader = reader_of(index, doc_id, question.language)
        title = document.metadata.title
        own = len(terms & text_terms(f"{title} {reader.heading(title)}"))
        for block in document.blocks:
            if block.role is not Role.FRONT:
                continue
            lines = evidence_of_block(index, doc_id, block.ordinal, question.language)
            # The title of a report may be cut into two sentences, its date stands behind the last.
            said = text_terms(document.block_text(block)).union(*(line.terms for line in lines))
            shared = len(terms & said)
            for line in lines:
                dated = any(q.kind is QuantityKind.DATE for q in line.quantities)
                if dated and shared > max(own, _LEAST_SHARED - 1, best[0] if best else 0):
                    best = (shared, line)
    return best[1] if best else None


def covers_lack(question: Question, index: OpenedIndex) -> bool:
    """Say whether a question asks for what the covers of its reports print, but these do not.

    The date of a report, or how to reach one of its analysts: any other date or number in its text
    would be a wrong answer.
    """
    asked = simplify(question.text)
    asks_date = _DATE.search(asked) is not None
    asks_author = _AUTHORS.search(asked) is not None
    if not (asks_date or asks_author or any(words.search(asked) for words, _ in _CONTACTS)):
        return False
    documents = [index.document(doc_id) for doc_id in _documents(question, index, asked)]
    if not documents:
        return False
    if asks_date:
        return not any(
            document.metadata.date or _asks_of_another(question, document) for document in documents
        )
    if asks_author and question.documents:
        return not any(document.metadata.analysts for document in documents)
    return any(_named(index, document, asked) for document in documents)


def _documents(question: Question, index: OpenedIndex, asked: str) -> Collection[str]:
    """Return the reports that a question is about: of an issuer or an analyst, or the only one."""
    if question.documents:
        return [entry.doc_id for entry in index.shelf if entry.doc_id in question.documents]
    if len(index.shelf) == 1:
        return [index.shelf[0].doc_id]
    return [
        entry.doc_id for entry in index.shelf if _named(index, index.document(entry.doc_id), asked)
    ]


def _named(index: OpenedIndex, document: Document, asked: str) -> list[str]:
    """Return the analysts of a document whom a question names in any form."""
    forms = analyst_names(index, document)
    return [name for name, spelled in forms.items() if is_in(spelled, asked)]


def _asks_of_another(question: Question, document: Document) -> bool:
    """Say whether the question describes another report that the cover lists, by its title."""
    asked = frozenset(question.terms)
    own = len(asked & text_terms(document.metadata.title))
    listed = (document.block_text(block) for block in document.blocks if block.role is Role.FRONT)
    return any(len(asked & text_terms(line)) > max(1, own) for line in listed)


def _lines_like(document: Document, pattern: re.Pattern[str], named: Sequence[str]) -> list[str]:
    """Return the lines outside the text proper that look like what is asked for.

    Of a named analyst only those right after the name.
    """
    lines = [
        document.block_text(block)
        for block in document.blocks
        if block.role in (Role.FRONT, Role.BOILERPLATE)
    ]
    for name in named:
        first = next((n for n, line in enumerate(lines) if name in line), 0)
        lines = lines[first : first + _LINES_OF_A_PERSON]
        return [line for line in lines if pattern.search(line)][:1]
    return [line for line in lines if pattern.search(line)][:3]


def _cover_line(
    index: OpenedIndex, document: Document, value: str, question: Question
) -> Evidence | None:
    """Return the first line of the cover that holds a value."""
    for block in document.blocks:
        is_cover = block.role in (Role.FRONT, Role.BOILERPLATE)
        if is_cover and value in document.block_text(block):
            lines = evidence_of_block(index, document.doc_id, block.ordinal, question.language)
            return next(
                (line for line in lines if value in line.quote or line.quote in value), None
            )
    return None


def _printed_dates(document: Document) -> list[str]:
    """Return the forms in which the cover may print the report's date, as it stands there."""
    year, _, rest = document.metadata.date.partition("-")
    if not rest:
        return []
    month, _, day = rest.partition("-")
    pattern = re.compile(rf"{year}\D{{1,3}}0?{int(month)}\D{{1,3}}0?{int(day or 1)}\b|{year}")
    return [
        document.block_text(block)
        for block in document.blocks
        if block.role is Role.FRONT
        and len(document.block_text(block)) <= 40
        and pattern.search(document.block_text(block))
    ][:1]
