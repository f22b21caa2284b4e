"""Shelves of hundreds of thousands of chunks: copies of read reports, with every figure drawn anew.

Reading a million chunks of made-up text would measure the reader, which works file by file. So some
hundred reports are read as usual, and copied with other digits of the same length: offsets stay
right, and everything behind the reader (encoding, storing, indexing) does its whole work.
"""

import hashlib
import random
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from corpus.editions.edition import EDITIONS_DIR
from corpus.loaders import list_files, read_document
from corpus.schema import BlockKind
from index.build import identity_of
from index.encoder import Encoder
from index.intake import How, Intake
from index.prepare import Prepared, prepare
from index.progress import no_progress
from index.store import create_store

_DIGIT = re.compile("[0-9]")


def fill_index(texts: Path, index_dir: Path, num_chunks: int, encoder: Encoder) -> None:
    """Make an index of about so many chunks out of the reports in a folder and their copies."""
    reports = [
        prepare(
            read_document(path.read_bytes(), path.name),
            path.read_bytes(),
            added=False,
            editions_dir=EDITIONS_DIR,
        )
        for path in list_files(texts)
    ]
    with closing(create_store(index_dir)) as store:
        how = How(encoder, identity_of(encoder), EDITIONS_DIR, no_progress)
        intake = Intake(store, how, stale=False)
        number = made = 0
        while made < num_chunks:
            report = copy_report(reports[number % len(reports)], number)
            intake.put(report)
            made += len(report.chunks)
            number += 1
        intake.finish()


def copy_report(report: Prepared, number: int) -> Prepared:
    """Return a report with another id and other figures; the same for the same number."""
    draw = random.Random(f"copy:{number}")
    document = report.document
    data = bytearray(document.text.encode("utf-32-le"))
    for block in document.blocks:
        if block.kind is not BlockKind.HEADING:  # headings stand in `section` of others too
            for match in _DIGIT.finditer(document.text, block.start, block.end):
                data[4 * match.start()] = ord("0") + draw.randrange(10)
    text = data.decode("utf-32-le")
    source = text.encode()
    copied = replace(
        document,
        doc_id=f"copy-{number:06d}",
        file_name=f"copy-{number:06d}.txt",
        sha256=hashlib.sha256(source).hexdigest(),
        text=text,
    )
    return prepare(copied, source, added=False, editions_dir=EDITIONS_DIR)
