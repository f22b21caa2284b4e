"""A draft → its sentences, with the evidence each one cites. Also while it is being written."""

import re
from dataclasses import dataclass

from corpus.sentences import sentence_spans

# [1] 【1】 ［1］ [1, 2] [1][2] [1-3] (source 1)… What else stands in brackets is text.
_OPEN, _CLOSE = r"[\[【［]", r"[\]】］]"
_NUMBERS = r"[0-9０-９]{1,3}(?:\s*[,，、;；\-–~至]\s*\^?[0-9０-９]{1,3})*"
_LABEL = r"(?:(?:来源|证据|资料|source|evidence|ref)s?[:：\s]*)?"
MARKER = re.compile(rf"\s*{_OPEN}\s*\^?{_LABEL}(?P<numbers>{_NUMBERS})\s*{_CLOSE}", re.IGNORECASE)
# Possessive: a space may begin a marker or stand alone, and trying both of each takes forever.
_ONLY_MARKERS = re.compile(rf"(?:{MARKER.pattern}|[\s。.，,；;])++", re.IGNORECASE)
_LEADING_MARKERS = re.compile(rf"(?:{MARKER.pattern})+[。.]?", re.IGNORECASE)
# What may still become a marker that belongs to the sentence before it.
_MARKER_BEGUN = re.compile(rf"\s*(?:{_OPEN}[^\]】］\n]{{0,40}})?", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*•·]|[0-9]{1,2}[.)、](?![0-9]))\s+")
_DECORATION = re.compile(r"\*\*|__|`|^#{1,6}\s+|^>\s*")
_RANGE = re.compile(r"(?P<first>[0-9]+)\s*[-–~至]\s*(?P<last>[0-9]+)")
_WIDEST_RANGE = 20


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of a draft without its markers; `markers` are those that it or its line gives."""

    text: str
    markers: tuple[int, ...]  # each once, in order; () when none is given
    starts_item: bool  # whether a list item begins with it
    starts_line: bool


def parse_markers(text: str) -> tuple[int, ...]:
    """Return the numbers of the markers of a text, each once, in order.

    >>> parse_markers("增长26%【1】［2］[3, 5-6]。")
    (1, 2, 3, 5, 6)
    """
    found: list[int] = []
    for match in MARKER.finditer(text):
        for part in re.split("[,，、;；]", match["numbers"]):
            span = _RANGE.search(part)
            if span is None:
                found.append(int(re.sub(r"\D", "", part) or 0))
                continue
            first, last = int(span["first"]), int(span["last"])
            found += range(first, min(last, first + _WIDEST_RANGE) + 1)
    return tuple(dict.fromkeys(found))


def without_markers(text: str) -> str:
    """Return a text without markers and the marks of Markdown.

    >>> without_markers("**市场**增长26% [1]。")
    '市场增长26%。'
    """
    return _DECORATION.sub("", MARKER.sub("", text)).strip()


def split_draft(text: str) -> list[DraftSentence]:
    """Cut a draft into sentences, in order; a marker behind a full stop is of the sentence before it.

    >>> [(s.text, s.markers) for s in split_draft("规模达453亿元。[1] It grew [2]. More [9]")]
    [('规模达453亿元。', (1,)), ('It grew.', (2,)), ('More', (9,))]
    """
    return [sentence for line in text.split("\n") for sentence in _split_line(line)]


def _split_line(line: str, *, continued: bool = False) -> list[DraftSentence]:
    """Cut a line, or what is left of one whose first sentences were cut off already."""
    bullet = None if continued else _BULLET.match(line)
    body = line[bullet.end() :] if bullet else line
    found: list[DraftSentence] = []
    for piece in _pieces(body):
        text, markers = without_markers(piece), parse_markers(piece)
        if any(char.isalnum() for char in text):
            first = not found and not continued
            found.append(DraftSentence(text, markers, first and bullet is not None, first))
    return found


def _pieces(line: str) -> list[str]:
    """Cut a line at its sentence ends; markers that open a piece belong to the one before."""
    pieces: list[str] = []
    for start, end in sentence_spans(line):
        piece = line[start:end]
        if pieces and _ONLY_MARKERS.fullmatch(piece):
            pieces[-1] += piece
            continue
        leading = _LEADING_MARKERS.match(piece)
        if pieces and leading:
            pieces[-1] += leading[0]
            piece = piece[leading.end() :]
        pieces.append(piece)
    return pieces


class DraftReader:
    """Reads a draft while it is written, and gives out each sentence once it cannot change."""

    def __init__(self) -> None:
        self._line = ""  # what is left of the line that is being written
        self._continued = False  # whether sentences of that line were given out

    @property
    def pending(self) -> str:
        """Return what was written after the last sentence that was given out."""
        return self._line

    def feed(self, piece: str) -> list[DraftSentence]:
        """Take the next piece; return the sentences that it completes."""
        found: list[DraftSentence] = []
        *lines, last = (self._line + piece).split("\n")
        for line in lines:
            found += _split_line(line, continued=self._continued)
            self._continued = False
        settled = _settled(last, continued=self._continued)
        sentences = _split_line(settled, continued=self._continued)
        # What is given out is forgotten: a long line is not read again with every piece.
        if sentences:
            self._continued = True
            last = last[len(settled) :]
        self._line = last
        return found + sentences

    def finish(self, *, cut: bool = False) -> list[DraftSentence]:
        """Return the sentences that are left; when the draft was cut, without the last."""
        return [] if cut else _split_line(self._line, continued=self._continued)


def _settled(line: str, *, continued: bool) -> str:
    """Return the part of an unfinished line whose sentences will not change any more."""
    bullet = None if continued else _BULLET.match(line)
    opening = bullet.end() if bullet else 0
    pieces = _pieces(line[opening:])
    # The last piece may go on, and the one before it may yet get a marker.
    while pieces:
        if not _MARKER_BEGUN.fullmatch(pieces.pop()):
            break
    return line[:opening] + "".join(pieces) if pieces else ""


def joint(sentence: DraftSentence, *, is_first: bool) -> str:
    """Return what stands between a sentence and the one before it."""
    item = "- " if sentence.starts_item else ""
    if is_first:
        return item
    return f"\n{item}" if sentence.starts_line else " "
