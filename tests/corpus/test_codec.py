import json
import typing

import pytest

from corpus.chunks import split_document
from corpus.codec import field_from_json, from_json, to_json
from corpus.loaders import read_document
from corpus.schema import Box, Chunk, Document, Language, Origin, Rendering
from tests.tiny_corpus import TINY_CORPUS


@pytest.mark.parametrize("name", TINY_CORPUS)
def test_documents_and_chunks_survive_a_round_trip(name: str) -> None:
    document = read_document(TINY_CORPUS[name].encode(), name)
    assert from_json(Document, to_json(document)) == document
    for chunk in split_document(document):
        again = from_json(Chunk, to_json(chunk))
        assert again == chunk
        assert again.context == chunk.context  # not compared by ==


def test_optional_fields_and_nested_values_survive() -> None:
    boxed = Origin(0, 5, source=None, box=Box(2, 1.0, 2.5, 30.0, 40.0))
    assert from_json(Origin, to_json(boxed)) == boxed
    assert from_json(Origin, to_json(Origin(0, 5, source=7))) == Origin(0, 5, source=7)


def test_a_tuple_of_values_is_read_by_its_annotation() -> None:
    renderings = (Rendering(0, 3, "one"), Rendering(4, 9, "二"))
    assert from_json(tuple[Rendering, ...], to_json(renderings)) == renderings
    assert from_json(tuple[Rendering, ...], "[]") == ()


def test_enums_come_back_as_enums() -> None:
    document = read_document(TINY_CORPUS["en_chips.md"].encode(), "en_chips.md")
    assert isinstance(from_json(Document, to_json(document)).language, Language)


def test_chinese_is_stored_as_itself() -> None:
    assert "市场" in to_json(Rendering(0, 2, "市场"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "3",
        "[]",
        "[1,2]",
        "[1,2,3,4]",
        '[1,2,["x"]]',
        '["1",2,"x"]',
        '{"start":1}',
        "[1,2,null]",
    ],
)
def test_another_shape_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(Rendering, text)


def test_an_unknown_enum_value_is_refused() -> None:
    document = read_document(b"plain text here", "a.txt")
    values = json.loads(to_json(document))
    position = list(typing.get_type_hints(Document)).index("language")
    values[position] = "fr"
    with pytest.raises(ValueError, match="fr"):
        from_json(Document, json.dumps(values))


def test_one_field_is_read_without_the_rest() -> None:
    document = read_document(TINY_CORPUS["en_chips.md"].encode(), "en_chips.md")
    stored = to_json(document)
    cut = stored[: stored.rindex(document.text[:20])]
    assert field_from_json(Document, "metadata", cut) == document.metadata
    with pytest.raises(ValueError, match="another shape"):
        field_from_json(Rendering, "text", "[1,2,3]")
