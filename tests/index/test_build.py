import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.editions.edition import edition_name, write_edition
from corpus.errors import AssistantError, DocumentError, NoDocuments
from corpus.loaders import read_document
from corpus.schema import Language
from index.build import add_documents, build_index, is_stale, remove_document
from index.database import FILE_NAME
from index.encoder import HashEncoder, Vectors
from index.errors import IndexMismatch, IndexMissing
from index.progress import Progress
from index.search import Index
from index.store import create_store, open_store
from tests.corpus.pdf_samples import encrypted, make_pdf, write
from tests.tiny_corpus import EN_CHIPS, TINY_CORPUS, ZH_STORAGE

NOBODY = 65534
DOC_IDS = tuple(sorted(name.rsplit(".", 1)[0] for name in TINY_CORPUS))


class CountingEncoder(HashEncoder):
    """Counts the texts it has encoded."""

    def __init__(self, dim: int = 512) -> None:
        super().__init__(dim)
        self.num_texts = 0

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.num_texts += len(texts)
        return super().encode_documents(texts)


class FailingEncoder(HashEncoder):
    """Fails while it encodes, as a machine that runs out of memory does."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        raise MemoryError


def shelf(index_dir: Path) -> list[str]:
    with closing(open_store(index_dir)) as store:
        return [entry.doc_id for entry in store.shelf()]


def text_of(index_dir: Path, doc_id: str) -> str:
    with closing(open_store(index_dir)) as store:
        return store.document(doc_id).text


def generation(index_dir: Path) -> int:
    with closing(open_store(index_dir)) as store:
        return store.generation


def test_a_build_indexes_the_folder(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    summary = build_index(documents_dir, tmp_path / "built", encoder)
    assert sorted(summary.added) == list(DOC_IDS)
    assert summary.refused == summary.removed == summary.replaced == summary.unchanged == ()
    assert summary.num_tables == 3
    assert summary.num_chunks > 8
    assert shelf(tmp_path / "built") == list(DOC_IDS)
    assert not is_stale(documents_dir, tmp_path / "built", encoder)


def test_the_same_folder_gives_the_same_chunks_and_vectors(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    stored = []
    for name in ("one", "two"):
        build_index(documents_dir, tmp_path / name, encoder)
        with closing(open_store(tmp_path / name)) as store:
            views, vectors = store.views(dim=encoder.dim)
            stored.append((store.chunks(), views, vectors.tobytes()))
    assert stored[0] == stored[1]


def test_unchanged_files_are_not_read_again(documents_dir: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder()
    build_index(documents_dir, tmp_path / "built", encoder)
    encoder.num_texts = 0
    summary = build_index(documents_dir, tmp_path / "built", encoder)
    assert encoder.num_texts == 0
    assert not summary.changed
    assert sorted(summary.unchanged) == list(DOC_IDS)
    assert generation(tmp_path / "built") == 1


def test_a_changed_file_is_replaced_and_only_it(documents_dir: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder()
    index_dir = tmp_path / "built"
    build_index(documents_dir, index_dir, encoder)
    total, encoder.num_texts = encoder.num_texts, 0
    (documents_dir / "en_ferries.txt").write_text("Ferries now cost more.\n", encoding="utf-8")
    assert is_stale(documents_dir, index_dir, encoder)
    summary = build_index(documents_dir, index_dir, encoder)
    assert summary.replaced == ("en_ferries",)
    assert len(summary.unchanged) == 3
    assert 0 < encoder.num_texts < total / 2
    assert text_of(index_dir, "en_ferries") == "Ferries now cost more."
    assert generation(index_dir) == 2


def test_a_removed_file_is_gone(documents_dir: Path, tmp_path: Path, encoder: HashEncoder) -> None:
    index_dir = tmp_path / "built"
    build_index(documents_dir, index_dir, encoder)
    (documents_dir / "en_ferries.txt").unlink()
    assert is_stale(documents_dir, index_dir, encoder)
    summary = build_index(documents_dir, index_dir, encoder)
    assert summary.removed == ("en_ferries",)
    assert "en_ferries" not in shelf(index_dir)
    found = Index.open(index_dir, encoder).search("electric ferries Bergen", top_k=10)
    assert all(item.chunk.doc_id != "en_ferries" for item in found)


def test_a_bad_file_stops_nothing_else(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    (documents_dir / "broken.txt").write_bytes(b"\xff" * 200)
    (documents_dir / "empty.md").write_bytes(b"")
    summary = build_index(documents_dir, tmp_path / "built", encoder)
    assert sorted(item.file_name for item in summary.refused) == ["broken.txt", "empty.md"]
    assert all(item.file_name in item.reason for item in summary.refused)
    assert shelf(tmp_path / "built") == list(DOC_IDS)


def test_a_bad_new_version_keeps_the_good_old_one(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    index_dir = tmp_path / "built"
    build_index(documents_dir, index_dir, encoder)
    before = text_of(index_dir, "en_chips")
    (documents_dir / "en_chips.md").write_bytes(b"\xff" * 200)
    summary = build_index(documents_dir, index_dir, encoder)
    assert [item.file_name for item in summary.refused] == ["en_chips.md"]
    assert text_of(index_dir, "en_chips") == before


def test_a_folder_where_nothing_can_be_read_is_an_error_and_keeps_the_index(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    index_dir = tmp_path / "built"
    build_index(documents_dir, index_dir, encoder)
    bad = tmp_path / "bad"
    bad.mkdir()
    with pytest.raises(NoDocuments):
        build_index(bad, index_dir, encoder)
    (bad / "x.txt").write_bytes(b"\xff" * 200)
    with pytest.raises(DocumentError, match=r"x\.txt"):
        build_index(bad, index_dir, encoder)
    assert shelf(index_dir) == list(DOC_IDS)


def test_two_files_with_one_id_do_not_overwrite_each_other(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    (documents_dir / "en_ferries.md").write_text("Another text.\n", encoding="utf-8")
    summary = build_index(documents_dir, tmp_path / "built", encoder)
    assert len(summary.refused) == 1
    assert "same name" in summary.refused[0].reason
    assert shelf(tmp_path / "built") == list(DOC_IDS)


def test_added_documents_survive_a_rebuild(
    documents_dir: Path, index_dir: Path, encoder: HashEncoder
) -> None:
    summary = add_documents(
        [("mine.txt", "蜂鸟科技2024年营收为7.7亿元。".encode())], index_dir, encoder
    )
    assert summary.added == ("mine",)
    summary = build_index(documents_dir, index_dir, encoder)
    assert "mine" in summary.unchanged
    assert "mine" in shelf(index_dir)
    other = HashEncoder(dim=64)  # everything is read again, the added one from its stored bytes
    summary = build_index(documents_dir, index_dir, other)
    assert "mine" in summary.replaced
    assert text_of(index_dir, "mine") == "蜂鸟科技2024年营收为7.7亿元。"
    with closing(open_store(index_dir)) as store:
        assert {entry.doc_id for entry in store.shelf() if entry.added} == {"mine"}


def test_adding_replaces_the_older_version_and_skips_the_same_one(
    index_dir: Path, encoder: HashEncoder
) -> None:
    assert add_documents([("mine.txt", b"Version one.")], index_dir, encoder).added == ("mine",)
    assert add_documents([("mine.txt", b"Version one.")], index_dir, encoder).unchanged == ("mine",)
    assert add_documents([("mine.txt", b"Version two.")], index_dir, encoder).replaced == ("mine",)
    assert text_of(index_dir, "mine") == "Version two."


def test_a_bad_file_among_good_ones_is_refused_alone(index_dir: Path, encoder: HashEncoder) -> None:
    files = [("good.txt", b"Good text."), ("bad.txt", b"\xff" * 99), ("sheet.xlsx", b"PK")]
    summary = add_documents(files, index_dir, encoder)
    assert summary.added == ("good",)
    assert [item.file_name for item in summary.refused] == ["bad.txt", "sheet.xlsx"]


def test_a_bad_new_version_of_an_added_file_keeps_the_old_one(
    index_dir: Path, encoder: HashEncoder
) -> None:
    add_documents([("mine.txt", b"Version one.")], index_dir, encoder)
    summary = add_documents([("mine.txt", b"\xff" * 99)], index_dir, encoder)
    assert len(summary.refused) == 1
    assert text_of(index_dir, "mine") == "Version one."


def test_documents_can_be_added_to_an_empty_folder(tmp_path: Path, encoder: HashEncoder) -> None:
    add_documents([("mine.txt", b"The first document of all.")], tmp_path / "new", encoder)
    assert shelf(tmp_path / "new") == ["mine"]
    assert Index.open(tmp_path / "new", encoder).search("first document", top_k=3)


def test_removing_a_document(index_dir: Path, encoder: HashEncoder) -> None:
    assert remove_document("en_chips", index_dir).removed == ("en_chips",)
    assert "en_chips" not in shelf(index_dir)
    with pytest.raises(DocumentError, match=r"'en_chips'.*zh_storage"):
        remove_document("en_chips", index_dir)


def test_an_index_of_another_encoder_is_not_added_to(index_dir: Path) -> None:
    with pytest.raises(IndexMismatch, match="python -m index build"):
        add_documents([("mine.txt", b"Text.")], index_dir, HashEncoder(dim=64))
    assert shelf(index_dir) == list(DOC_IDS)


def test_a_build_with_another_encoder_makes_the_index_anew(
    documents_dir: Path, index_dir: Path
) -> None:
    other = HashEncoder(dim=64)
    assert is_stale(documents_dir, index_dir, other)
    summary = build_index(documents_dir, index_dir, other)
    assert sorted(summary.replaced) == list(DOC_IDS)
    assert Index.open(index_dir, other).search("ferry", top_k=1)


def test_an_error_while_encoding_leaves_the_index_as_it_was(
    documents_dir: Path, index_dir: Path, encoder: HashEncoder
) -> None:
    (documents_dir / "new.txt").write_text("A new text.\n", encoding="utf-8")
    (documents_dir / "en_ferries.txt").unlink()
    with pytest.raises(MemoryError):
        build_index(documents_dir, index_dir, FailingEncoder())
    assert shelf(index_dir) == list(DOC_IDS)
    assert generation(index_dir) == 1
    assert build_index(documents_dir, index_dir, encoder).added == ("new",)


def test_an_edition_is_indexed_beside_its_document_and_followed_when_it_changes(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    editions = tmp_path / "editions"
    document = read_document(ZH_STORAGE.encode(), "zh_storage.txt")
    name = edition_name("zh_storage", Language.ZH)
    index_dir = tmp_path / "built"
    write_edition(document, {"储能行业点评": "A note on energy storage"}, editions / name)
    summary = build_index(documents_dir, index_dir, encoder, editions_dir=editions)
    assert any(name in note for note in summary.notes)  # most units have no rendering yet
    with closing(open_store(index_dir)) as store:
        renderings = store.renderings("zh_storage")
        assert "A note on energy storage" in [item.text for item in renderings]
        views, _ = store.views(dim=encoder.dim)
        assert {view.language for view in views if view.chunk_id.startswith("zh_st")} == set(
            Language
        )
    write_edition(document, {"储能行业点评": "Energy storage in brief"}, editions / name)
    summary = build_index(documents_dir, index_dir, encoder, editions_dir=editions)
    assert summary.replaced == ("zh_storage",)
    (editions / name).write_bytes(b"\xff\xfe no edition")
    summary = build_index(documents_dir, index_dir, encoder, editions_dir=editions)
    assert any(name in note for note in summary.notes)
    assert "zh_storage" in shelf(index_dir)


@pytest.mark.parametrize("damage", ["missing", "truncated", "manifest", "foreign"])
def test_derived_files_are_made_anew_when_they_are_not_whole(
    index_dir: Path, encoder: HashEncoder, damage: str
) -> None:
    expected = Index.open(index_dir, encoder).search("仓储机器人市场规模", top_k=5)
    folder = next((index_dir / "derived").iterdir())
    vectors = folder / "vectors.faiss"
    if damage == "missing":
        vectors.unlink()
    elif damage == "truncated":
        vectors.write_bytes(vectors.read_bytes()[:-100])
    elif damage == "manifest":
        (folder / "manifest.json").write_text("{", encoding="utf-8")
    else:
        folder.rename(folder.with_name("7"))
    found = Index.open(index_dir, encoder).search("仓储机器人市场规模", top_k=5)
    assert found == expected
    (again,) = (index_dir / "derived").iterdir()
    assert (again / "vectors.faiss").is_file()


@pytest.mark.parametrize(
    "manifest", ["[]", '{"files": []}', '{"files": {"../../reports.sqlite": "x"}}', "null", "3"]
)
def test_any_manifest_is_survived(index_dir: Path, encoder: HashEncoder, manifest: str) -> None:
    Index.open(index_dir, encoder)
    path = next((index_dir / "derived").iterdir()) / "manifest.json"
    path.write_text(manifest, encoding="utf-8")
    assert Index.open(index_dir, encoder).search("ferry", top_k=1)


def test_an_opened_index_notices_that_the_store_has_moved_on(
    index_dir: Path, encoder: HashEncoder
) -> None:
    index = Index.open(index_dir, encoder)
    assert index.is_current()
    add_documents([("mine.txt", b"A new text.")], index_dir, encoder)
    assert not index.is_current()


def test_an_opened_index_answers_for_its_generation_after_a_document_has_gone(
    index_dir: Path, encoder: HashEncoder
) -> None:
    index = Index.open(index_dir, encoder)
    remove_document("en_chips", index_dir)
    found = index.search("Heron 4 price", top_k=3, documents=["en_chips"])
    assert found
    document = index.document("en_chips")
    assert document.text[found[0].chunk.start : found[0].chunk.end] == found[0].chunk.text


def test_an_opened_index_quotes_its_generation_after_a_document_has_changed(
    index_dir: Path, encoder: HashEncoder
) -> None:
    index = Index.open(index_dir, encoder)
    newer = EN_CHIPS.replace("# Edge AI", "# A much longer new headline: Edge AI")
    add_documents([("en_chips.md", newer.encode())], index_dir, encoder)
    chunk = index.search("Heron 4 price", top_k=1, documents=["en_chips"])[0].chunk
    assert index.document("en_chips").text[chunk.start : chunk.end] == chunk.text


def test_a_folder_that_cannot_be_written_is_refused_with_a_remedy(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    # A file where the folder should be: fails for root too, unlike a folder without permission.
    (tmp_path / "taken").write_text("not a folder", encoding="utf-8")
    with pytest.raises(IndexMismatch, match="another folder"):
        build_index(documents_dir, tmp_path / "taken", encoder)


@contextmanager
def without_permission_to_write(folder: Path) -> Iterator[None]:
    """Run as a user who may read a folder and nothing more; root may write everywhere."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions of this kind are POSIX")
def test_an_index_is_read_from_a_folder_without_permission_to_write(
    index_dir: Path, encoder: HashEncoder
) -> None:
    expected = Index.open(index_dir, encoder).search("ferry", top_k=1)
    Index.open(index_dir, encoder)  # by now all modules are imported, which others may not read
    with tempfile.TemporaryDirectory() as name:  # its parents, unlike those of tmp_path, are open
        Path(name).chmod(0o755)
        folder = Path(shutil.copytree(index_dir, Path(name) / "index"))
        with without_permission_to_write(folder):
            index = Index.open(folder, encoder)
            assert index.search("ferry", top_k=1) == expected
            assert index.document("en_ferries").text
            assert index.is_current()


def test_derived_files_that_cannot_be_written_are_used_from_memory(
    index_dir: Path, encoder: HashEncoder
) -> None:
    expected = Index.open(index_dir, encoder).search("ferry", top_k=3)
    derived = index_dir / "derived"
    for path in sorted(derived.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    derived.rmdir()
    derived.write_text("in the way", encoding="utf-8")
    assert Index.open(index_dir, encoder).search("ferry", top_k=3) == expected


def test_an_unfinished_build_is_stale_or_missing_and_can_be_finished(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    index_dir = tmp_path / "built"
    create_store(index_dir).close()
    with pytest.raises(IndexMissing):
        is_stale(documents_dir, index_dir, encoder)
    assert sorted(build_index(documents_dir, index_dir, encoder).added) == list(DOC_IDS)


def test_progress_is_reported_in_steps_that_never_exceed_the_total(
    documents_dir: Path, tmp_path: Path, encoder: HashEncoder
) -> None:
    seen: list[Progress] = []
    build_index(documents_dir, tmp_path / "b", encoder, on_progress=seen.append)
    assert {"read", "encode", "done"} == {progress.stage for progress in seen}
    assert all(0 <= progress.done <= progress.total for progress in seen)
    for stage in ("read", "encode"):
        shares = [progress.share for progress in seen if progress.stage == stage]
        assert shares == sorted(shares)
        assert 0 <= shares[0] <= shares[-1] <= 1


def test_progress_counts_the_added_documents_too(
    documents_dir: Path, index_dir: Path, encoder: HashEncoder
) -> None:
    files = [(f"mine{n}.txt", f"Text number {n}.".encode()) for n in range(3)]
    add_documents(files, index_dir, encoder)
    seen: list[Progress] = []
    build_index(documents_dir, index_dir, encoder, on_progress=seen.append)
    reading = [progress for progress in seen if progress.stage == "read"]
    assert {progress.total for progress in reading} == {len(DOC_IDS) + 3}
    assert reading[-1].name == "mine2.txt"


def test_pages_of_a_pdf_are_counted_and_its_summary_tells_what_was_read(
    index_dir: Path, encoder: HashEncoder
) -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        return lambda canvas: write(canvas, 60, 100, f"Text of page {number}.")

    data = make_pdf(*(page(number) for number in (1, 2, 3)), lambda canvas: None)
    seen: list[Progress] = []
    files = [("a.pdf", data), ("bad.pdf", b"%PDF-1.4 nothing"), ("b.pdf", data)]
    summary = add_documents(files, index_dir, encoder, on_progress=seen.append)
    pages = [(step.name, step.page, step.pages) for step in seen if step.page]
    assert [(name, n, 4) for name in ("a.pdf", "b.pdf") for n in (1, 2, 3, 4)] == pages
    assert [item.file_name for item in summary.refused] == ["bad.pdf"]
    assert [(file.doc_id, file.num_pages) for file in summary.files] == [("a", 4), ("b", 4)]
    assert summary.num_pages == 8


def test_an_encrypted_pdf_needs_its_password_and_stays_when_it_is_read_again_without(
    index_dir: Path, documents_dir: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        ("secret.pdf", encrypted(lambda canvas: write(canvas, 60, 100, "Profit was 9."), "pw"))
    ]
    (refused,) = add_documents(files, index_dir, encoder).refused
    assert refused.needs_password
    (refused,) = add_documents(files, index_dir, encoder, password="wrong").refused
    assert "wrong" in refused.reason
    assert add_documents(files, index_dir, encoder, password="pw").added == ("secret",)
    assert add_documents(files, index_dir, encoder).unchanged == ("secret",)
    assert b"pw" not in (index_dir / FILE_NAME).read_bytes().replace(files[0][1], b"")
    monkeypatch.setattr("index.build.READER_VERSION", 999)
    summary = build_index(documents_dir, index_dir, encoder)
    assert [item.needs_password for item in summary.refused] == [True]
    assert text_of(index_dir, "secret") == "Profit was 9."
    assert not build_index(documents_dir, index_dir, encoder, password="pw").refused


def test_names_from_outside_cannot_leave_the_index(index_dir: Path, encoder: HashEncoder) -> None:
    summary = add_documents([("../../evil.txt", EN_CHIPS.encode())], index_dir, encoder)
    assert summary.added == ("evil",)
    assert not (index_dir.parent.parent / "evil.txt").exists()


def test_vectors_of_the_wrong_width_are_refused(index_dir: Path, encoder: HashEncoder) -> None:
    with closing(sqlite3.connect(index_dir / FILE_NAME)) as connection:
        short = np.ones(3, dtype="<f4").tobytes()
        connection.execute("UPDATE views SET vector = ?", (short,))
        connection.commit()
    with pytest.raises(AssistantError, match="index build"):
        Index.open(index_dir, encoder)
