"""Characters of a page as pdfplumber gives them, without all else that pdfplumber makes of a page.

pdfminer takes a content stream apart byte by byte, and pdfplumber copies every attribute of every
shape. Here one pattern finds the tokens and only text is followed, with pdfminer's own fonts and
arithmetic. What the pattern does not cover (inline pictures, rare spellings) raises `Unusual`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pdfminer.layout import LTChar
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psparser import LIT
from pdfminer.utils import Matrix
from pdfplumber.page import Page, fix_fontname_bytes
from pdfplumber.utils.exceptions import PdfminerException

_TOKEN = re.compile(
    rb"""(?:
      (?P<numbers> (?: [-+]?(?:\d++\.?\d*+|\.\d++) \s++ )++ )
          (?: (?P<painting> re|rg|RG|[mlcvygGkKwJjMi]|sc|SC|Tr ) (?=\s) )?+
    | (?P<number> [-+]?(?:\d++\.?\d*+|\.\d++) )          # without space: in arrays
    | (?: [hSsfFBbnW]\*? | ET ) (?=\s)
    | (?P<operator> [A-Za-z][^\#/%\[\]()<>{}\s]*+ | ['"] )
    | \( (?P<text> (?: [^()\\]++ | \\. | \( (?: [^()\\]++ | \\. )*+ \) )*+ ) \)
    | < (?P<hex> (?: \s*+ [0-9A-Fa-f] \s*+ [0-9A-Fa-f] )*+ \s*+ ) >
    | / (?P<name> (?: (?![\#/%\[\]()<>{}]) [!-~] )*+ )
    | (?P<open> \[ )
    | (?P<close> \] )
    | << | >> | %[^\r\n]*+ | [\s\x00]                    # properties, comments
    | (?P<unusual> . )
    ) \s*+""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ESCAPED |= {char: char for char in (b"(", b")", b"\\")}
_INLINE_PICTURE = (b"BI", b"ID", b"EI")
_OPERATORS = {b"T*": "do_T_a", b"'": "do__q", b'"': "do__w"} | {
    name.encode(): f"do_{name}"
    for name in (
        "q", "Q", "cm", "Do", "BT", "Tc", "Tw", "Tz", "TL", "Tf", "Ts", "Td", "TD", "Tm", "TJ", "Tj",
    )
}  # fmt: skip
"""Operators that matter to text → pdfminer's methods."""


class Unusual(Exception):
    """A content stream that is left to pdfminer's own parser."""


def read_characters(page: Page) -> list[dict[str, Any]]:
    """Return what `pdfplumber.utils.extract_words` needs to know of a page's characters, in order.

    Raises:
        PdfminerException: The page is damaged.
        Unusual: `page.chars` has to do.
    """
    device = _Characters(page.pdf.rsrcmgr)
    try:
        _Interpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    except Unusual:
        raise
    except Exception as error:  # damaged files raise anything, and pdfplumber does the same
        raise PdfminerException(error) from error
    left, above = page.mediabox[:2]
    found: list[dict[str, Any]] = []
    for char in device.found:
        top = (page.height - char.y1) + above
        name = char.fontname
        found.append(
            {
                "text": char.get_text(),
                "x0": char.x0 + left,
                "x1": char.x1 + left,
                "top": top,
                "bottom": (page.height - char.y0) + above,
                "doctop": page.initial_doctop + top,
                "upright": char.upright,
                "size": char.size,
                "fontname": fix_fontname_bytes(name) if isinstance(name, bytes) else name,
            }
        )
    return found


class _Characters(PDFTextDevice):
    """Where pdfminer draws: it keeps the characters."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.found: list[LTChar] = []

    def render_char(  # noqa: PLR0913  (pdfminer's)
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> float:
        """Keep a character; return how far it moves the next."""
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = f"(cid:{cid})"
        char = LTChar(
            matrix, font, fontsize, scaling, rise, text,
            font.char_width(cid), font.char_disp(cid), ncs, graphicstate,
        )  # fmt: skip
        self.found.append(char)
        return char.adv


class _Interpreter(PDFPageInterpreter):
    """Follows content streams, but only what matters to text."""

    def execute(self, streams: Sequence[object]) -> None:
        """Follow streams, other than those that are being followed already."""
        self.stream_ids.clear()
        found: list[PDFStream] = []
        for stream in map(stream_value, streams):
            if stream.objid is not None and stream.objid not in self.parent_stream_ids:
                found.append(stream)
                self.stream_ids.add(stream.objid)
        methods: dict[bytes, tuple[Callable[..., None], int]] = {}
        for operator, name in _OPERATORS.items():
            method = getattr(self, name)
            methods[operator] = method, method.__code__.co_argcount - 1
        for operator, operands in _statements(b"\n".join(part.get_data() for part in found)):
            if operator in methods:
                method, wanted = methods[operator]
                if len(operands) >= wanted:
                    method(*operands[len(operands) - wanted :])


def _statements(data: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    """Yield the operators with the operands before them."""
    operands: list[Any] = []
    outer: list[list[Any]] = []
    for match in _TOKEN.finditer(data):
        kind = match.lastgroup
        if kind is None or kind == "painting":
            continue
        token = match[kind]
        if kind == "numbers":
            operands += map(float, token.split())
        elif kind in _VALUES:
            operands.append(_VALUES[kind](token))
        elif kind == "operator" and not outer and token not in _INLINE_PICTURE:
            yield token, operands
            operands = []
        elif kind == "open":
            outer.append(operands)
            operands = []
        elif kind == "close" and outer:
            outer[-1].append(operands)
            operands = outer.pop()
        else:
            raise Unusual(token)


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(_escaped_char, text) if b"\\" in text else text


def _escaped_char(match: re.Match[bytes]) -> bytes:
    octal, char = match.groups()
    if octal:
        return bytes((int(octal, 8),))
    return _ESCAPED.get(char, b"") if char else b""


_VALUES: dict[str, Callable[[bytes], Any]] = {
    "number": float,
    "text": _unescaped,
    "hex": lambda digits: bytes.fromhex(digits.decode()),
    "name": lambda name: LIT(name.decode()),
}
