from pathlib import Path

import pytest

from index.errors import StoreError
from index.place import MilvusPlace, parse_place, parse_store
from rag.settings import Settings

FOLDER = Path("built")


def test_a_folder_is_a_place() -> None:
    assert parse_place("", folder=FOLDER) == FOLDER
    assert parse_place("somewhere/else", folder=FOLDER) == Path("somewhere/else")
    assert Settings(index_dir=FOLDER).place == FOLDER


def test_a_milvus_is_a_place_with_options() -> None:
    text = "milvus:https://milvus:19530?team=macro-1&index=DISKANN&shards=8&replicas=2&consistency=Bounded"
    assert parse_place(text, folder=FOLDER) == MilvusPlace(
        uri="https://milvus:19530", folder=FOLDER, team="macro-1", dense_index="DISKANN",
        num_shards=8, num_replicas=2, consistency="Bounded",
    )  # fmt: skip
    assert Settings(index_dir=FOLDER, store="milvus:a.db").place == MilvusPlace(
        uri="a.db", folder=FOLDER
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("milvus:", "milvus:http://HOST:19530"),
        ("milvus:localhost:19530", "milvus:http://HOST:19530"),
        ("milvus:ftp://host", "milvus:http://HOST:19530"),
        ("milvus:http://user:secret@host", "RAG_STORE_TOKEN"),
        ("milvus:http://host?team=a b", "team"),
        ("milvus:http://host?team=", "team"),
        ('milvus:http://host?team=a"b', "team"),
        ("milvus:http://host?shards=many", "shards"),
        ("milvus:http://host?replicas=0", "replicas"),
        ("milvus:http://host?consistency=weak", "Bounded"),
        ("milvus:http://host?colour=red", "team, index, shards"),
    ],
)
def test_what_no_milvus_has_is_refused_with_what_it_may_have(text: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as refused:
        parse_place(text, folder=FOLDER)
    assert "secret" not in str(refused.value)


def test_the_setting_names_a_store_and_no_folder() -> None:
    with pytest.raises(StoreError, match=r"Milvus:http.*RAG_INDEX_DIR"):
        parse_store("Milvus:http://host", folder=FOLDER)
    with pytest.raises(StoreError):
        _ = Settings(store="folder").place


def test_a_place_says_where_it_is_in_messages() -> None:
    assert str(parse_place("milvus:a.db", folder=FOLDER)) == "milvus:a.db"
    assert "macro" in str(parse_place("milvus:a.db?team=macro", folder=FOLDER))
