"""Shelves of any size: reports put together from the clauses of the shipped ones, by a fixed seed.

Clauses keep their words, figures are drawn anew, and every report is about a company with a made-up
name. So vectors differ from chunk to chunk and posting lists are as long as in a shelf on few
subjects, which is harder for the lexical search than a shelf on many.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.chunks import split_document
from corpus.editions.edition import EDITIONS_DIR, edition_name, load_edition
from corpus.loaders import list_files, read_document
from corpus.schema import Document, Language
from corpus.sentences import sentence_spans
from index.settings import DOCUMENTS_DIR

_CLAUSE = re.compile(r"[^，,；;]{4,80}[，,；;]?")
_DIGIT = re.compile(r"\d")
_HAN_NAME = "华中天海金龙科信达安东方明远新泰恒瑞丰和盛"
_LATIN_NAME = ("Al", "ber", "cor", "dan", "el", "fin", "gra", "hel", "in", "jor", "kan", "lum")
_PARAGRAPHS = 40  # of a report, with a heading above every fifth
_CLAUSES = 8  # of a paragraph


def clauses_of_shelf(documents_dir: Path = DOCUMENTS_DIR) -> dict[Language, tuple[str, ...]]:
    """Return the clauses of the reports and of their renderings, by language, each once."""
    found: dict[Language, dict[str, None]] = {language: {} for language in Language}
    for path in list_files(documents_dir):
        document = read_document(path.read_bytes(), path.name)
        for language, text in _texts(document):
            for start, end in sentence_spans(text):
                found[language].update(dict.fromkeys(_CLAUSE.findall(text[start:end])))
    return {language: tuple(clauses) for language, clauses in found.items()}


def _texts(document: Document) -> Iterator[tuple[Language, str]]:
    yield document.language, document.text
    other = next(language for language in Language if language is not document.language)
    edition = load_edition(
        document, EDITIONS_DIR / edition_name(document.doc_id, document.language)
    )
    if edition is not None:
        yield other, "\n".join(rendering.text for rendering in edition.renderings)


def write_shelf(folder: Path, num_chunks: int, *, seed: int = 0) -> list[Path]:
    """Write text files that make about so many chunks; every other one is English."""
    clauses = clauses_of_shelf()
    probe = [report_text(clauses, number, seed) for number in range(8)]
    per_report = sum(
        len(list(split_document(read_document(text.encode(), f"probe-{number}.txt"))))
        for number, text in enumerate(probe)
    ) / len(probe)
    folder.mkdir(parents=True)
    paths = []
    for number in range(max(1, round(num_chunks / per_report))):
        paths.append(folder / f"report-{number:06d}.txt")
        paths[-1].write_text(report_text(clauses, number, seed), encoding="utf-8")
    return paths


def report_text(clauses: Mapping[Language, Sequence[str]], number: int, seed: int) -> str:
    """Return the text of one report; the same for the same number and seed."""
    draw = random.Random(f"{seed}:{number}")
    language = Language.EN if number % 2 else Language.ZH
    pool = clauses[language]
    company = _name(draw, language)
    parts = [f"# {company}"]
    for paragraph in range(_PARAGRAPHS):
        if paragraph % 5 == 0:
            parts.append(f"## {paragraph // 5 + 1} {company} {draw.choice(pool).strip(' ，,；;')}")
        parts.append(_paragraph(draw, pool, company, language))
    return "\n\n".join(parts) + "\n"


def _paragraph(draw: random.Random, pool: Sequence[str], company: str, language: Language) -> str:
    full_stop, space = ("。", "") if language is Language.ZH else (".", " ")
    sentences = []
    for opening in (company, ""):
        picked = [draw.choice(pool).strip() for _ in range(_CLAUSES // 2)]
        sentence = space.join([opening, *picked]).strip().rstrip("，,；;。.")
        sentences.append(_DIGIT.sub(lambda _: str(draw.randrange(10)), sentence) + full_stop)
    return space.join(sentences)


def _name(draw: random.Random, language: Language) -> str:
    if language is Language.ZH:
        return "".join(draw.choice(_HAN_NAME) for _ in range(4)) + "公司"
    return "".join(draw.choice(_LATIN_NAME) for _ in range(4)) + " Group"
