"""Pages are drawn by a process that is kept, and that comes back when a file breaks it."""

import io
import os
import signal
import threading
from collections.abc import Iterator

import pytest
from PIL import Image

from corpus.errors import DocumentError
from tests.corpus.pdf_samples import make_pdf, write
from web import page_image
from web.page_image import PageImages


@pytest.fixture(scope="module")
def images() -> Iterator[PageImages]:
    kept = PageImages()
    kept.start()
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(*(lambda canvas: write(canvas, 60, 100, "Revenue grew.") for _ in range(3)))


def process_of(images: PageImages) -> int:
    child = images._drawer._child
    assert child is not None
    return child.pid


def test_a_page_is_drawn_at_the_width_that_is_asked_for(images: PageImages, pdf: bytes) -> None:
    picture = Image.open(io.BytesIO(images.page("a", lambda: pdf, 1, width=400)))
    assert abs(picture.width - 400) <= 1
    assert images.page("a", lambda: pdf, 1, width=400) is images.page(
        "a", lambda: pdf, 1, width=400
    )


def test_a_file_is_read_once_and_its_process_kept(images: PageImages, pdf: bytes) -> None:
    reads: list[int] = []

    def load() -> bytes:
        reads.append(1)
        return pdf

    images.page("b", load, 1)
    before = process_of(images)
    images.page("b", load, 2)
    assert len(reads) == 1
    assert process_of(images) == before


@pytest.mark.parametrize("number", [0, 99])
def test_a_page_that_is_not_there_is_an_error(images: PageImages, pdf: bytes, number: int) -> None:
    with pytest.raises(DocumentError, match="3 pages"):
        images.page("a", lambda: pdf, number)


@pytest.mark.parametrize("data", [b"", b"not a pdf", b"%PDF-1.7"], ids=["empty", "text", "cut"])
def test_what_is_no_pdf_is_an_error_and_harms_nothing(
    images: PageImages, pdf: bytes, data: bytes
) -> None:
    with pytest.raises(DocumentError):
        images.page(f"bad-{data!r}", lambda: data, 1)
    assert images.page("a", lambda: pdf, 3)


def test_a_process_that_dies_is_started_again(images: PageImages, pdf: bytes) -> None:
    images.page("a", lambda: pdf, 1, width=300)
    before = process_of(images)
    os.kill(before, signal.SIGKILL)
    assert images.page("a", lambda: pdf, 2, width=300)
    assert process_of(images) != before


def test_a_process_that_hangs_is_ended_and_started_again(pdf: bytes) -> None:
    images = PageImages(timeout_s=0.5)
    try:
        images.page("a", lambda: pdf, 1)
        os.kill(process_of(images), signal.SIGSTOP)
        with pytest.raises(DocumentError, match="took over"):
            images.page("a", lambda: pdf, 2)
        assert images.page("a", lambda: pdf, 3)
    finally:
        images.close()


def test_a_page_that_several_want_is_drawn_once(images: PageImages, pdf: bytes) -> None:
    drawn: list[bytes] = []
    readers = [
        threading.Thread(target=lambda: drawn.append(images.page("c", lambda: pdf, 1)))
        for _ in range(6)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(drawn) == 6
    assert len({id(picture) for picture in drawn}) == 1


def test_the_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    assert "canary" not in page_image._harmless_environment().values()


def test_the_oldest_pictures_go_when_they_are_too_many(
    images: PageImages, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = images.page("d", lambda: pdf, 1)
    monkeypatch.setattr(page_image, "_CACHED_BYTES", len(first) + 1)
    images.page("d", lambda: pdf, 2)
    assert images.page("d", lambda: pdf, 1) is not first
