"""Sections: which one a topic names, which ones hold a report's conclusions, what leads them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.language import count_han
from corpus.schema import Block, BlockKind, Document, Role
from rag.evidence.evidence import Evidence, text_terms
from rag.evidence.form_lines import is_form_line
from rag.evidence.gathering import block_evidence
from rag.evidence.reader import Reader

_NUMBER = re.compile(
    r"^\s*(?:第?(?P<number>\d{1,2}(?!\d)(?:\.\d{1,2}){0,4})(?:[.、章节]|部分)*|第?[一二三四五六七八九十]{1,3}[、章节.．]|[（(][一二三四五六七八九十\d]{1,2}[）)])\s*"
)
_DIGITS = "一二三四五六七八九十"
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_NTH = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
CHAPTER = re.compile(
    rf"第(?P<zh>[{_DIGITS}]|\d{{1,2}})(?:章节?|部分|节)|"
    rf"\b(?:chapter|section|part) (?P<en>\d{{1,2}}(?:\.\d)*|{'|'.join(_WORDS)})\b|"
    rf"\b(?P<nth>{'|'.join(_NTH)}) (?:chapter|section|part)\b",
    re.IGNORECASE,
)
"""A chapter that a text names by its number: 第四章, "section 2.1", "the third chapter"."""
_KEY_POINTS = re.compile(
    r"^\W*(?:[\d.、\s]*)(?:投资要点|核心观点|核心要点|主要观点|报告要点|报告摘要|投资摘要|内容摘要|内容提要|摘要|要点|主要结论|"
    r"研究结论|investment (?:highlights?|summary|thesis|points)|key (?:points?|takeaways?|messages?|findings|"
    r"highlights)|highlights|executive summary|abstract|summary|main (?:points|conclusions?))\W*$",
    re.IGNORECASE,
)
_RISKS = re.compile(
    r"^\W*(?:投资)?风险(?:提示|因素)|^\W*(?:investment )?risk (?:warnings?|factors?)", re.IGNORECASE
)
_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_STATEMENT_HAN, _STATEMENT_WORDS = 12, 6
_SENTENCE_HAN, _SENTENCE_WORDS = 16, 10


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with all that stands under it; without a heading, what stands above the first."""

    document: Document
    heading: Block | None

    @property
    def path(self) -> tuple[str, ...]:
        """Return the headings down to this one."""
        if self.heading is None:
            return ()
        return (*self.heading.section, self.document.block_text(self.heading))

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks under the heading, subsections included, in order."""
        if self.heading is None:
            for block in self.document.blocks:
                if block.kind is BlockKind.HEADING:
                    return
                yield block
            return
        depth, first = len(self.path), self.heading.ordinal + 1
        for block in self.document.blocks[first:]:
            if block.kind is BlockKind.HEADING and len(block.section) < depth:
                return
            if block.section[:depth] != self.path:
                return
            yield block


def headings(document: Document) -> list[Block]:
    """Return the headings of the text proper."""
    return [b for b in document.blocks if b.kind is BlockKind.HEADING and b.role is Role.CONTENT]


def key_sections(document: Document) -> list[Section]:
    """Return the sections that sum a report up: key points, abstract; in order."""
    return [
        Section(document, heading)
        for heading in headings(document)
        if _KEY_POINTS.match(document.block_text(heading))
    ]


def named_sections(
    reader: Reader, weights: Mapping[str, float], number: str, least: float
) -> list[tuple[float, Section]]:
    """Return the sections whose headings name a topic, each with the share of it that it says.

    The best first: those that say most of the topic, then those that say least besides, then the
    shallowest, which hold the others.

    Args:
        reader: Of the document, in the language of the topic.
        weights: How much each term of the topic says.
        number: "2.1" when the topic gives one, which then decides.
        least: Share below which a heading does not name the topic.
    """
    total = sum(weights.values()) or 1.0
    found = []
    for heading in headings(reader.document):
        text = reader.document.block_text(heading)
        match = _NUMBER.match(text)
        terms = text_terms(reader.heading(text)) | text_terms(text)
        held = weights.keys() & terms
        share = sum(weights[term] for term in held) / total
        if number:
            share = float(match is not None and match["number"] == number)
        if share >= least:
            besides = round(1 - len(held) / (len(terms) or 1), 1)
            rank = (-share, besides, heading.level, heading.ordinal)
            found.append((rank, share, Section(reader.document, heading)))
    return [(share, section) for _, share, section in sorted(found, key=lambda item: item[0])]


def number_of(text: str) -> str:
    """Return the number of a section that a text begins with, "" without one.

    >>> number_of("2.1 听觉模型"), number_of("第四章讲的风险"), number_of("3D资产"), number_of("Runway 2023")
    ('2.1', '4', '', '')
    """
    if chapter := CHAPTER.search(text):
        word = next(filter(None, chapter.groups())).casefold()
        found = (words.index(word) + 1 for words in (_DIGITS, _WORDS, _NTH) if word in words)
        return str(next(found, word))
    text = text.strip("“”\"'《》 ")
    match = _NUMBER.match(text)
    is_name = match is not None and re.match("[A-Za-z]", text[match.end() :]) is not None  # 3D
    return (match["number"] or "") if match and not is_name else ""


def without_number(heading: str) -> str:
    """Return a heading without its number: "(一) 员工情况" → 员工情况."""
    return _NUMBER.sub("", heading)


def heading_evidence(reader: Reader, heading: Block) -> Evidence | None:
    """Return a heading as evidence when it states something; None of a mere title.

    Headings of research reports often are the conclusion: "听觉模型：数据仍有缺口，技术有所突破".
    """
    quote = reader.document.block_text(heading)
    start = heading.start + (match.end() if (match := _NUMBER.match(quote)) else 0)
    quote = reader.document.text[start : heading.end]
    rendered = reader.heading(reader.document.block_text(heading))
    text = _NUMBER.sub("", rendered) if reader.language is not reader.document.language else quote
    if not (_states(quote) or _states(text)):
        return None
    return Evidence(
        doc_id=reader.document.doc_id,
        block=heading.ordinal,
        start=start,
        end=heading.end,
        quote=quote,
        text=text,
        language=reader.language if text != quote else reader.document.language,
        role=heading.role,
        section=heading.section,
        page=reader.document.page_at(start),
        around=(),
        kind=heading.kind,
    )


def _states(text: str) -> bool:
    if not re.search(r"[，：,:;；]", text) or _RISKS.match(text):
        return False
    return count_han(text) >= _STATEMENT_HAN or len(text.split()) >= _STATEMENT_WORDS


def leads(reader: Reader, section: Section) -> list[Evidence]:
    """Return what leads each part of a section: a heading that states something, else a sentence.

    Of each block of text under the heading itself its first sentence; of each subsection its
    heading, or the first sentence under it.
    """
    found: list[Evidence] = []
    depth = len(section.path)
    said: set[tuple[str, ...]] = set()
    for block in section.blocks():
        if block.role is not Role.CONTENT or _is_of_risks(block, section):
            continue
        below = block.section[depth : depth + 1]
        if block.kind is BlockKind.HEADING:
            if not below and (evidence := heading_evidence(reader, block)):
                found.append(evidence)
                said.add((reader.document.block_text(block),))
        elif (
            block.kind in _TEXT
            and below not in said
            and (evidence := _first(block_evidence(reader, block)))
        ):
            found.append(evidence)
            if below:
                said.add(below)
    return found


def _is_of_risks(block: Block, section: Section) -> bool:
    """Say whether a block stands under a heading of risks within a section that is not of risks."""
    return any(_RISKS.match(heading) for heading in block.section[len(section.path) :])


def _first(sentences: Sequence[Evidence]) -> Evidence | None:
    """Return the first sentence that says something: no line of a form, no introduction of a list."""
    return next((item for item in sentences if is_sentence(item.quote.strip())), None)


def is_sentence(text: str) -> bool:
    """Say whether a line says something: it is no line of a form, no introduction of a list, no bare title."""
    if is_form_line(text):
        return False
    if text.endswith(("：", ":")) or (text.startswith(("(", "（", "☐", "☒")) and len(text) < 60):
        return False
    if text.endswith(("。", "；", "！", "？", ".", ";")):
        return True
    return count_han(text) >= _SENTENCE_HAN or len(text.split()) >= _SENTENCE_WORDS
