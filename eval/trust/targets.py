"""What is fuzzed: every parser that meets bytes or text from outside, with its samples.

A target takes any bytes. It may raise an `AssistantError`, which is a clear refusal; anything else
it raises is a find, and so is a case that takes too long or too much memory, or ends the process.
"""

import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.chunks import split_document
from corpus.codec import from_json, to_json
from corpus.editions.edition import EDITIONS_DIR, load_edition
from corpus.loaders import list_files, read_document
from corpus.quantities import missing_quantities, parse_quantities, render_quantity
from corpus.schema import Chunk, Document, Language
from corpus.sentences import sentence_spans
from eval.trust.mutation import Mutate, mutate_bytes, mutate_text, mutate_zip
from index.settings import DOCUMENTS_DIR


class Broken(Exception):
    """What was read breaks the contract of its type."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parser under test; `samples` are good inputs to start from."""

    name: str
    run: Callable[[bytes], None]
    samples: Callable[[], Sequence[bytes]]
    mutate: Mutate = mutate_bytes


def check_document(document: Document) -> None:
    """Check what every reader promises of a document, and every step after reading it.

    Raises:
        Broken: A block, cell or chunk is not where it says; or the document cannot be stored.
    """
    position = 0
    for block in document.blocks:
        if not position <= block.start < block.end <= len(document.text):
            raise Broken(f"block {block.ordinal} spans {block.start}:{block.end} after {position}")
        position = block.end
    for chunk in split_document(document):
        if document.text[chunk.start : chunk.end] != chunk.text:
            raise Broken(f"{chunk.chunk_id} is not what the document says there")
        spans = sentence_spans(chunk.text)
        if "".join(chunk.text[start:end] for start, end in spans) != chunk.text:
            raise Broken(f"the sentences of {chunk.chunk_id} do not cover it")
        if from_json(Chunk, to_json(chunk)) != chunk:
            raise Broken(f"{chunk.chunk_id} changes when it is stored")
    stored = to_json(document).encode().decode()  # a lone surrogate fails here
    if from_json(Document, stored) != document:
        raise Broken("the document changes when it is stored")


def _reads(file_name: str) -> Callable[[bytes], None]:
    return lambda data: check_document(read_document(data, file_name))


def _pdf_inside(data: bytes) -> None:
    """Read a PDF in this process: faster than in its own, and what it raises is seen."""
    from corpus.reading.pdf.limits import Limits
    from corpus.reading.pdf.parse import parse_pdf
    from corpus.reading.pdf.wire import Request

    request = Request("a.pdf", Limits(pages=30), None)
    try:
        check_document(parse_pdf(data, request, lambda *_: None))
    except MemoryError:  # in its own process this is an answer
        return


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")[:4000]


def _quantities(data: bytes) -> None:
    text = _text(data)
    for found in parse_quantities(text):
        if not 0 <= found.start < found.end <= len(text):
            raise Broken(f"{found} is outside of the text")
        for language in Language:
            render_quantity(found, language)
    if missing_quantities(text, text):
        raise Broken("a text does not carry its own figures")


def _question(data: bytes) -> None:
    from rag.questions.question import parse_question

    parse_question(_text(data)[:1000], history=[_text(data[::2])[:1000]])


def _markers(data: bytes) -> None:
    from rag.verification.drafts import DraftReader, parse_markers, split_draft, without_markers

    text = _text(data)
    parse_markers(without_markers(text))
    reader, found = DraftReader(), []
    for start in range(0, len(text), 7):
        found += reader.feed(text[start : start + 7])
    found += reader.finish()
    # Where a sentence ends may differ by what stood before; no word may be lost or come twice.
    whole, in_pieces = (
        "".join(item.text for item in items) for items in (split_draft(text), found)
    )
    if [*filter(str.isalnum, whole)] != [*filter(str.isalnum, in_pieces)]:
        raise Broken("a draft reads differently when it comes in pieces")


def _edition(data: bytes) -> None:
    from corpus.editions.edition import edition_name

    document = _small_document()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / edition_name(document.doc_id, document.language)
        path.write_bytes(data)
        load_edition(document, path)


def _aliases(data: bytes) -> None:
    from corpus.glossary import names_of, use_aliases

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "aliases.tsv"
        path.write_bytes(data)
        try:
            use_aliases(path)
            names_of("Kweichow Moutai")
        finally:
            use_aliases(Path(folder) / "none.tsv")


def _stored(data: bytes) -> None:
    try:
        from_json(Document, data.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError):  # what the readers of the store turn into a message
        return


def _answer(data: bytes) -> None:
    pipeline = _pipeline()
    question = _text(data)[:1000]
    reply = pipeline.answer(question if question.strip() else "?")  # type: ignore[attr-defined]
    for citation in reply.citations:
        text = pipeline.document(citation.doc_id).text  # type: ignore[attr-defined]
        if text[citation.start : citation.end] != citation.quote:
            raise Broken("a quote is not what its report says")


@lru_cache(maxsize=1)
def _pipeline() -> object:
    from index.build import build_index
    from index.encoder import load_encoder
    from rag.pipeline import Pipeline
    from rag.settings import Settings

    folder = Path(tempfile.mkdtemp(prefix="fuzz-index-"))
    build_index(DOCUMENTS_DIR, folder, load_encoder("default"))
    return Pipeline.load(Settings(index_dir=folder))


@lru_cache(maxsize=1)
def _small_document() -> Document:
    return read_document(b"\n\n".join(_QUESTIONS), "sample.txt")


_QUESTIONS = tuple(
    text.encode()
    for text in (
        "2020年中国AI+安防软硬件市场规模达453亿元，同比增长26%，预计2025年超过900亿元。",
        "Revenue rose 42% to US$36.4 billion in FY2024 (from US$9.8bn in 2023), or about 1.5 times.",
        "Midjourney的Pro套餐每月多少钱？", "What price is Midjourney's Pro plan, and since when?",
        "与2022年相比，2023年第三季度毛利率上升了3.5个百分点至31.2%吗？", "那Pro呢？", "Which companies are named?",
        "贵州茅台(600519.SH)的目标价是多少元？", "Why did shipments fall between 2020 and 2023?",
    )
)  # fmt: skip

_DRAFTS = (
    "市场规模达453亿元。[1] It grew 26% [2][3]. 更多【4】\n- **first** [1, 2-4]\n- second．[5]".encode(),
)


def _shipped(*suffixes: str) -> list[bytes]:
    return [
        path.read_bytes()[:40_000] for path in list_files(DOCUMENTS_DIR) if path.suffix in suffixes
    ]


def _texts() -> list[bytes]:
    table = "表 1：产品（单位：万元）\n\n| 产品 | 售价 |\n| --- | --- |\n| 蓝隼 A3 | 23.8 |\n\n资料来源：公司公告\n"
    return [*_shipped(".txt", ".md"), f"# 标题\n\n{table}\n- 一\n- 二\n".encode(), *_QUESTIONS]


def _pages() -> list[bytes]:
    page = (
        "<html><head><title>x</title></head><body><h1>Outlook</h1><div>Loose <b>text</b><p>First.</p>"
        "</div><ul><li>One</li></ul><table><caption>Table 1: Revenue (US$ in millions)</caption><tr>"
        "<th rowspan=2>Company</th><th colspan=2>Revenue</th></tr><tr><th>2022</th><th>2023</th></tr>"
        "<tr><td>Alpha</td><td>1.0</td><td>2.0</td></tr></table><p hidden>No</p></body></html>"
    )
    return [page.encode(), page.encode("utf-16"), page.replace("Outlook", "展望").encode("gb18030")]


def _word_files() -> list[bytes]:
    import docx

    document = docx.Document()
    document.add_heading("一、行业观点", level=1)
    document.add_paragraph("2023年市场规模为187亿元。").add_run("hidden").font.hidden = True
    document.add_paragraph("关注云厂商", style="List Bullet")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "公司"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "甲"
    buffer = io.BytesIO()
    document.save(buffer)
    return [buffer.getvalue()]


def _pdf_files() -> list[bytes]:
    """Return a PDF written by hand, uncompressed, so that changes reach its text and its lines."""
    lines = "".join(f"50 {y} m 350 {y} l S\n" for y in (600, 580, 560))
    lines += "".join(f"{x} 600 m {x} 560 l S\n" for x in (50, 150, 250, 350))
    words = [
        (50, 700, "Revenue rose 42% in 2023."),
        (50, 685, "It fell in 2024 to US$9.8 billion."),
    ]
    words += [
        (53 + 100 * n, y, text) for y in (587, 567) for n, text in enumerate(["A", "1.0", "2.0"])
    ]
    words += [(50, 625, "Table 1: Sales (US$ million)"), (50, 40, "7")]
    text = "".join(f"BT /F 10 Tf {x} {y} Td ({word}) Tj ET\n" for x, y, word in words)
    content = (lines + text).encode()
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
        b"/Contents 5 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    )
    objects = b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in enumerate(bodies, start=1))
    return [b"%PDF-1.7\n" + objects + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"]


def _editions() -> list[bytes]:
    pairs = [(text.decode(), "A rendering of 2023.") for text in _QUESTIONS]
    body = "\n".join(f'#. block 1\nmsgid "{a}"\nmsgstr "{b}"\n' for a, b in pairs)
    shipped = [path.read_bytes()[:20_000] for path in sorted(EDITIONS_DIR.glob("*.po"))[:2]]
    return [f'msgid ""\nmsgstr "Language: en\\n"\n\n{body}'.encode(), *shipped]


def _names() -> list[bytes]:
    return ["四方科技|四方科技集团\tSquare Technology\tcompany\t603339.SH\n# note\n".encode()]


TARGETS = {
    target.name: target
    for target in (
        Target("text", _reads("a.txt"), _texts, mutate_text),
        Target("markdown", _reads("a.md"), _texts, mutate_text),
        Target("html", _reads("a.html"), _pages),
        Target("docx", _reads("a.docx"), _word_files, mutate_zip),
        Target("pdf", _reads("a.pdf"), _pdf_files),
        Target("pdf-inside", _pdf_inside, _pdf_files),
        Target("edition", _edition, _editions, mutate_text),
        Target("aliases", _aliases, _names, mutate_text),
        Target("quantities", _quantities, lambda: _QUESTIONS),
        Target("question", _question, lambda: _QUESTIONS),
        Target("markers", _markers, lambda: _DRAFTS),
        Target("stored", _stored, lambda: [to_json(_small_document()).encode()]),
        Target("answer", _answer, lambda: _QUESTIONS),
    )
}
