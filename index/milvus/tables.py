"""The collections in a Milvus, and how what they hold is written as rows.

Every row belongs to a team (the partition key) and to a revision: a document as it was written
once. Revisions are numbered as they are written; the record of a team says up to which one they
count, and which of them have been replaced or removed since. So a row that no record speaks of
is not there, and a change is published by writing one row.

    reports_views_DIM   one row per view: vectors, the view's text, its chunk
    reports_documents   documents, renderings, the files as given, in parts of 60 kB
    reports_records     one row per team
"""

import base64
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from corpus.chunks import split_chunk_id
from corpus.schema import Language
from index.errors import IndexMismatch
from index.milvus.connection import Milvus, Row
from index.place import MilvusPlace

DOCUMENTS, RECORDS = "reports_documents", "reports_records"

Ranges = tuple[tuple[int, int], ...]
"""Whole numbers as (first, last), both included, ascending, without overlap."""

_MAX_VARCHAR = 65_535  # bytes; Milvus takes no more
_PART_CHARS = 60_000
_NO_VECTOR = [0.0, 0.0]
_COMPRESSED = "\x01"  # the first character of a text that would be too long


def views_of(dim: int | str) -> str:
    """Return the name of the collection that holds vectors of a dimension."""
    return f"reports_views_{dim}"


def ensure_collections(milvus: Milvus, dim: int | None) -> None:
    """Make what is missing, and make all of it searchable; without a dimension, no views."""
    names = [DOCUMENTS, RECORDS] if dim is None else [DOCUMENTS, RECORDS, views_of(dim)]
    for name in names:
        if not milvus.has(name):
            if name in (DOCUMENTS, RECORDS):
                _create_table(milvus, name)
            else:
                _create_views(milvus, name, dim or 0)
        milvus.load(name, num_replicas=milvus.place.num_replicas)


def _create_table(milvus: Milvus, name: str) -> None:
    from pymilvus import DataType

    schema = milvus.client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", DataType.VARCHAR, max_length=512, is_primary=True)
    schema.add_field("team", DataType.VARCHAR, max_length=64, is_partition_key=True)
    schema.add_field("revision", DataType.INT64)
    schema.add_field("kind", DataType.VARCHAR, max_length=16)
    # Read when a report is shown, not when it is searched: it stays on disk.
    schema.add_field("data", DataType.VARCHAR, max_length=_MAX_VARCHAR, mmap_enabled=True)
    schema.add_field("unused", DataType.FLOAT_VECTOR, dim=len(_NO_VECTOR))  # Milvus wants one
    indexes = milvus.client.prepare_index_params()
    indexes.add_index("unused", index_type="FLAT", metric_type="IP")
    _create(milvus, name, schema, indexes)


def _create_views(milvus: Milvus, name: str, dim: int) -> None:
    from pymilvus import DataType

    place = milvus.place
    schema = milvus.client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", DataType.VARCHAR, max_length=512, is_primary=True)
    schema.add_field("team", DataType.VARCHAR, max_length=64, is_partition_key=True)
    schema.add_field("revision", DataType.INT64)
    for language in Language:
        schema.add_field(has_field(language), DataType.BOOL)
    for text in ("chunk", "text"):
        schema.add_field(text, DataType.VARCHAR, max_length=_MAX_VARCHAR, mmap_enabled=True)
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dim)
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    indexes = milvus.client.prepare_index_params()
    kind = place.dense_index or ("FLAT" if place.is_lite else "AUTOINDEX")
    indexes.add_index("dense", index_type=kind, metric_type="IP")
    # Without parameters: Milvus Lite refuses those that clients send by default.
    indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP", params={})
    _create(milvus, name, schema, indexes)


def _create(milvus: Milvus, name: str, schema: Any, indexes: Any) -> None:  # noqa: ANN401
    with milvus.said():
        milvus.client.create_collection(
            name,
            schema=schema,
            index_params=indexes,
            num_shards=milvus.place.num_shards,
            consistency_level=milvus.place.consistency,
        )


def has_field(language: Language) -> str:
    """Return the field that says whether a view's document has views in a language."""
    return f"has_{language.value}"


def view_key(place: MilvusPlace, revision: int, chunk_id: str, language: Language) -> str:
    """Return the key of a view. It holds no doc_id: keys of all rows stay in memory."""
    return f"{place.team}/{revision}/{split_chunk_id(chunk_id)[1]}/{language.value}"


def parse_view_key(key: str) -> tuple[int, int, Language]:
    """Return the revision, the place of the chunk in its document, and the language."""
    _, revision, ordinal, language = key.split("/")
    return int(revision), int(ordinal), Language(language)


def part_rows(place: MilvusPlace, revision: int, kind: str, data: bytes) -> Iterator[Row]:
    """Yield bytes as rows of the documents, in parts."""
    text = base64.b64encode(zlib.compress(data)).decode()
    for number, start in enumerate(range(0, len(text), _PART_CHARS)):
        yield {
            "key": f"{place.team}/{revision}/{kind}/{number:06d}",
            "team": place.team,
            "revision": revision,
            "kind": kind,
            "data": text[start : start + _PART_CHARS],
            "unused": _NO_VECTOR,
        }


def join_parts(rows: Iterable[Row], what: str) -> bytes:
    """Return the bytes that `part_rows` was given.

    Raises:
        IndexMismatch: Parts are missing or damaged.
    """
    text = "".join(row["data"] for row in sorted(rows, key=lambda row: str(row["key"])))
    try:
        return zlib.decompress(base64.b64decode(text, validate=True))
    except (ValueError, zlib.error) as error:
        raise IndexMismatch(
            f"{what} is damaged or incomplete ({error}); run `python -m index check`, and build "
            "or migrate the index again"
        ) from error


def field_text(text: str, what: str) -> str:
    """Return a text as a field holds it; the long ones compressed.

    Raises:
        IndexMismatch: It is too long even so.
    """
    if len(text.encode()) > _MAX_VARCHAR or text.startswith(_COMPRESSED):
        text = _COMPRESSED + base64.b64encode(zlib.compress(text.encode())).decode()
    if len(text) > _MAX_VARCHAR:
        raise IndexMismatch(
            f"{what} is one sentence of {len(text)} bytes, more than Milvus takes ({_MAX_VARCHAR}); "
            "leave the document out, or use an index in a folder"
        )
    return text


def plain_text(field: str) -> str:
    """Return the text that `field_text` was given."""
    if not field.startswith(_COMPRESSED):
        return field
    return zlib.decompress(base64.b64decode(field.removeprefix(_COMPRESSED))).decode()


def record_row(place: MilvusPlace, key: str, data: str) -> Row:
    """Return a row of the records."""
    return {"key": key, "team": place.team, "revision": 0, "kind": "record", "data": data,
            "unused": _NO_VECTOR}  # fmt: skip


def as_ranges(numbers: Iterable[int]) -> Ranges:
    """Return whole numbers as ranges.

    >>> as_ranges([5, 1, 2, 3])
    ((1, 3), (5, 5))
    """
    ranges: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return tuple(ranges)


def numbers_in(ranges: Iterable[Sequence[int]]) -> Iterator[int]:
    """Yield the numbers of ranges, ascending."""
    for first, last in ranges:
        yield from range(first, last + 1)


def in_ranges(ranges: Sequence[Sequence[int]]) -> str:
    """Return the condition that a revision lies in one of the ranges, of which there is one or more.

    >>> in_ranges([(1, 3), (5, 5), (7, 7)])
    '(revision in [5, 7] or (revision >= 1 and revision <= 3))'
    """
    single = [str(first) for first, last in ranges if first == last]
    parts = [f"revision in [{', '.join(single)}]"] if single else []
    parts += [
        f"(revision >= {first} and revision <= {last})" for first, last in ranges if first < last
    ]
    return f"({' or '.join(parts)})"
