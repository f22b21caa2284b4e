"""PDFs made to harm a reader, written by hand: each a few kilobytes that ask for far more."""

import zlib
from collections.abc import Callable, Sequence

GOOD = "This page is as it should be and can be read by everyone."
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def shown(text: str = GOOD) -> bytes:
    """Return the operators that write a line."""
    return f"BT /F 12 Tf 50 700 Td ({text}) Tj ET\n".encode()


def stream(content: bytes, entries: bytes = b"", *, length: int | None = None) -> bytes:
    """Return a compressed stream; `length` may lie."""
    packed = zlib.compress(content, 9)
    size = len(packed) if length is None else length
    head = b"<</Length %d/Filter/FlateDecode%b>>stream\n" % (size, entries)
    return head + packed + b"\nendstream"


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Number objects from 1; the first is the catalog. There is no xref table: readers rebuild it."""
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % entry for entry in enumerate(objects, start=1))
    size = len(objects) + 1
    return b"%%PDF-1.7\n%b%btrailer<</Size %d/Root 1 0 R>>\n%%%%EOF" % (body, trailer, size)


def one_page(content: bytes, page: bytes = _PAGE % 5, *more: bytes) -> bytes:
    """Return a file of one page with a content stream."""
    tree = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[4 0 R]/Count 1>>")
    return pdf([*tree, _FONT, page, content, *more])


def nested_streams() -> bytes:
    """A stream that inflates to one that inflates to 60 MB of blanks: half a kilobyte."""
    twice = zlib.compress(zlib.compress(b" " * 60_000_000, 9), 9)
    head = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(twice)
    return one_page(head + twice + b"\nendstream")


def object_stream() -> bytes:
    """Objects inside an object stream of 100 MB that claims a million of them."""
    bomb = b"0 0 " * 25_000_000
    return one_page(stream(shown())) + b"6 0 obj\n%b\nendobj\n" % stream(
        bomb, b"/Type/ObjStm/N 1000000/First 4000000"
    )


def deep_arrays() -> bytes:
    """A catalog entry of 200,000 arrays inside each other."""
    nested = b"[" * 200_000 + b"]" * 200_000
    tree = b"<</Type/Catalog/Pages 2 0 R/Names %b>>" % nested
    return pdf([tree, b"<</Type/Pages/Kids[4 0 R]/Count 1>>", _FONT, _PAGE % 5, stream(shown())])


def huge_page() -> bytes:
    """A page a million miles wide, with a line on it."""
    page = (_PAGE % 5).replace(b"[0 0 595 842]", b"[-1e30 -1e30 1e30 1e30]")
    return one_page(stream(shown()), page)


def many_pages() -> bytes:
    """100,000 pages that are one and the same object."""
    kids = b" ".join([b"4 0 R"] * 100_000)
    tree = b"<</Type/Pages/Kids[%b]/Count 100000>>" % kids
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, _FONT, _PAGE % 5, stream(shown())])


def xref_loop() -> bytes:
    """Two cross-reference tables, each the one before the other."""
    body = one_page(stream(shown())).rsplit(b"trailer", 1)[0]
    first = len(body)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 6/Root 1 0 R/Prev %d>>\n"
    second = first + len(table % 0) + 8
    return body + table % second + b"\n" * 8 + table % first + b"startxref\n%d\n%%%%EOF" % first


def page_tree_loop() -> bytes:
    """A page tree whose branch holds itself."""
    tree = b"<</Type/Pages/Kids[2 0 R 4 0 R 2 0 R]/Count 1000000>>"
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, _FONT, _PAGE % 5, stream(shown())])


def lying_lengths() -> bytes:
    """Streams that claim two gigabytes, none, and less than nothing."""
    tree = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[4 0 R 7 0 R]/Count 2>>")
    lies = [stream(shown(), length=length) for length in (2**31, 0, -5)]
    return pdf([*tree, _FONT, _PAGE % 5, lies[0], lies[1], _PAGE % 8, lies[2]])


def image_bombs() -> bytes:
    """Pictures of 60,000 by 60,000 points in JPX and JBIG2, over a line that can be read."""
    page = (_PAGE % 5).replace(b"/Font", b"/XObject<</A 6 0 R/B 7 0 R>>/Font")
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent %d"
        b"/ColorSpace/DeviceGray/Filter/%b/Length 36>>stream\n"
        + b"\x00\x00\x00\x0cjP  \r\n\x87\n" * 3
        + b"\nendstream"
    )
    content = shown() + b"q 595 0 0 842 0 0 cm /A Do Q q 9 0 0 9 0 0 cm /B Do Q\n"
    return one_page(
        stream(content), page, picture % (8, b"JPXDecode"), picture % (1, b"JBIG2Decode")
    )


def broken_map() -> bytes:
    """A font whose map to Unicode names ranges past the end, backwards and a billion long."""
    ranges = b"<0000> <FFFFFFFF> <0041>\n<0080> <0010> <4E00>\n<0041> <005A> [<D800> <>]\n" * 200
    cmap = b"begincmap 1 begincodespacerange <00> <FFFFFFFF> endcodespacerange\n"
    cmap += b"100 beginbfrange\n" + ranges + b"endbfrange\n"
    font = _FONT.replace(b">>", b"/ToUnicode 6 0 R>>")
    tree = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[4 0 R 7 0 R]/Count 2>>")
    plain = (_PAGE % 8).replace(b"3 0 R", b"9 0 R")
    broken = (_PAGE % 5).replace(b"3 0 R", b"10 0 R")
    return pdf(
        [*tree, _FONT, broken, stream(shown()), stream(cmap), plain, stream(shown()), _FONT, font]
    )


def embedded_file() -> bytes:
    """A file inside the file: what it says is no part of the document."""
    hidden = stream(b"%PDF-1.7 secret attachment " * 1000, b"/Type/EmbeddedFile")
    spec = b"<</Type/Filespec/F(secret.pdf)/EF<</F 6 0 R>>>>"
    tree = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(secret) 7 0 R]>>>>>>"
    return pdf(
        [
            tree,
            b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
            _FONT,
            _PAGE % 5,
            stream(shown()),
            hidden,
            spec,
        ]
    )


def million_glyphs() -> bytes:
    """A page with a million letters on one line, after one that is as it should be."""
    line = b"BT /F 1 Tf 1 1 Td (" + b"a" * 1_000_000 + b") Tj ET\n"
    tree = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[4 0 R 6 0 R]/Count 2>>")
    return pdf([*tree, _FONT, _PAGE % 5, stream(shown()), _PAGE % 7, stream(shown() + line)])


def forms_in_forms() -> bytes:
    """Thirty forms, each drawing the next one twice: a billion pieces of text."""
    count = 30
    forms = [
        stream(
            b"/N Do /N Do " if number < count - 1 else shown(),
            b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</N %d 0 R>>"
            b"/Font<</F 3 0 R>>>>" % (7 + number),
        )
        for number in range(count)
    ]
    page = (_PAGE % 5).replace(b"/Font", b"/XObject<</N 6 0 R>>/Font")
    return one_page(stream(shown() + b"/N Do\n"), page, *forms)


READABLE: dict[str, Callable[[], bytes]] = {
    "deep-arrays": deep_arrays,
    "object-stream": object_stream,
    "xref-loop": xref_loop,
    "lying-lengths": lying_lengths,
    "image-bombs": image_bombs,
    "broken-map": broken_map,
    "embedded-file": embedded_file,
    "million-glyphs": million_glyphs,
}
"""Files of which the good page is read."""

REFUSED: dict[str, Callable[[], bytes]] = {
    "nested-streams": nested_streams,
    "huge-page": huge_page,
    "many-pages": many_pages,
    "page-tree-loop": page_tree_loop,
    "forms-in-forms": forms_in_forms,
}
"""Files that end in a message, or in text."""
