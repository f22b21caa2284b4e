"""A working day in a real browser: PDFs, a model that writes, long conversations, a full shelf."""

import base64
import hashlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from docx import Document as WordDocument

from rag.settings import Settings
from tests.corpus.pdf_samples import make_pdf, write
from tests.rag.llm.chat_server import ChatServer, Reply, chat_server, evidence_id
from tests.web.conftest import CHROMIUM, Served, serve
from web.conversation import Conversation, History, Turn, dump_history
from web.feedback import FILE_NAME
from web.render import MAX_SHOWN_TURNS
from web.service import Assistant

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

QUESTION = "蓝隼 A5 的售价是多少？"
KEEP_TEXTS = """selector => {
    window.texts = [];
    const part = document.querySelector(selector);
    new MutationObserver(() => window.texts.push(part.textContent))
        .observe(part, {childList: true, subtree: true});
}"""


def test_a_pdf_is_added_page_by_page_and_its_quote_is_boxed(visit: Any) -> None:
    here = visit(locale="en-US")
    pages = [
        lambda canvas: write(canvas, 60, 100, "Quarrel Mining is a miner of tin."),
        lambda canvas: write(canvas, 60, 421, "Quarrel Mining sold 8,264 tonnes of tin in 2024."),
    ]
    here.page.click("button.tab[data-view=shelf]")
    here.page.evaluate(KEEP_TEXTS, "#progress")
    file = {"name": "quarrel.pdf", "mimeType": "application/pdf", "buffer": make_pdf(*pages)}
    here.page.set_input_files("#files input[type=file]", [file])
    here.page.wait_for_selector("#shelf [data-doc=quarrel]")
    told = here.page.evaluate("window.texts")
    assert any("Reading quarrel.pdf" in text for text in told)
    assert "2 pages" in here.text_of("#progress .notice")
    here.page.click("button.tab[data-view=ask]")
    turn = here.ask("How many tonnes of tin did Quarrel Mining sell in 2024?")
    turn.locator(".text .chip").first.click()
    box, sheet = here.page.locator(".sheet .box"), here.page.locator(".sheet")
    box.wait_for()
    assert here.page.evaluate("document.querySelector('.sheet img').decode().then(() => true)")
    frame, around = box.bounding_box(), sheet.bounding_box()
    middle = (frame["y"] + frame["height"] / 2 - around["y"]) / around["height"]
    assert abs(middle - 421 / 842) < 0.01
    assert frame["x"] >= around["x"]
    assert "page 2" in here.text_of(".source-panel .where")
    here.page.click("button.tab[data-view=shelf]")
    remove = here.page.locator("#shelf [data-event=remove][data-doc=quarrel]")
    remove.click()
    remove.click()
    here.page.wait_for_selector("#shelf [data-doc=quarrel]", state="detached")


@pytest.fixture
def model() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def test_what_a_model_writes_is_marked_until_it_is_checked_and_can_be_stopped(
    visit: Any, index_dir: Path, model: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-tests")
    pause_s = 0.15

    def play(body: dict[str, Any], number: int) -> Reply:
        said = evidence_id(body, "31.5")
        right, wrong = f"蓝隼 A5 售价31.5万元[{said}]。", f"蓝隼 A5 售价99.9万元[{said}]。"
        if number == 1:
            return Reply(right + wrong, piece_chars=5, pause_s=pause_s)
        return Reply(right, piece_chars=5, silent_after=1)

    model.play = play
    with serve(index_dir, RAG_LLM="openai:m", RAG_LLM_BASE_URL=model.url) as url:
        here = visit(url)
        here.page.evaluate(KEEP_TEXTS, "#transcript")
        turn = here.ask(QUESTION)
        told = here.page.evaluate("window.texts")
        assert any("未核对" in text and "蓝隼" in text for text in told)
        assert "31.5" in turn.locator(".text").inner_text()
        assert "99.9" not in turn.inner_text()
        assert "openai:m" in turn.locator(".state").inner_text()
        here.page.fill("#question textarea", "蓝隼 A3 的售价是多少？")
        here.page.press("#question textarea", "Enter")
        here.page.locator("#question .stop-button").click()
        here.page.locator(".turn.last .problem").wait_for()
        assert here.text_of(".turn.last .problem") == "已停止。"
        model.release.set()
        here.page.locator("#question .submit-button").wait_for()


def sealed(value: str) -> str:
    """Encrypt as Gradio's BrowserState does: AES as in OpenSSL, its password hashed before."""
    password = hashlib.sha256(b"conversations-v1").hexdigest().encode()
    salt, derived, block = os.urandom(8), b"", b""
    while len(derived) < 48:
        block = hashlib.md5(block + password + salt).digest()
        derived += block
    plain = json.dumps(value).encode()
    padding = 16 - len(plain) % 16
    cipher = Cipher(algorithms.AES(derived[:32]), modes.CBC(derived[32:])).encryptor()
    secret = cipher.update(plain + bytes([padding]) * padding) + cipher.finalize()
    body = base64.b64encode(b"Salted__" + salt + secret).decode()
    return f"{base64.b64encode(derived[32:]).decode()}:{body}"


def test_a_conversation_of_two_hundred_turns_is_usable(visit: Any, served: Served) -> None:
    answer = Assistant(Settings(index_dir=served.index_dir, encoder="hash")).answer(QUESTION)
    turns = tuple(Turn(f"{number}. {QUESTION}", answer) for number in range(200))
    kept = dump_history(History(conversations=(Conversation("1", "long", turns),)))
    here = visit()
    keep = "value => localStorage.setItem('report-conversations', value)"
    here.page.evaluate(keep, sealed(kept))
    here.page.reload()
    here.page.wait_for_selector(".turn .chip")
    assert here.page.locator(".turn").count() == MAX_SHOWN_TURNS
    here.page.fill("#question textarea", "那续航呢？")
    here.page.press("#question textarea", "Enter")
    here.page.locator(".turn.last .question", has_text="那续航呢？").wait_for()
    assert here.page.locator(".turn").count() == MAX_SHOWN_TURNS
    here.page.locator(".turn .text .chip").first.click()
    here.page.wait_for_selector(".source-panel mark")
    here.page.click(".earlier")
    here.page.wait_for_selector(".turn[data-turn='0']", state="attached")
    assert here.page.locator(".turn").count() == 201


def test_the_shelf_is_narrowed_and_only_what_is_left_is_searched(visit: Any) -> None:
    here = visit(locale="en-US")
    here.page.click("button.tab[data-view=shelf]")
    rows = here.page.locator("#shelf tbody tr:visible")
    total = rows.count()
    here.page.select_option("#shelf .issuer", "海岳证券")
    assert rows.count() == 1
    here.page.fill("#shelf .from", "2024-04-01")
    assert rows.count() == 0
    assert here.page.locator("#shelf .no-match").is_visible()
    here.page.fill("#shelf .from", "2024-03-05")
    here.page.click("#shelf .only-these")
    here.page.locator(".scope", has_text=f"Searching 1 of {total}").wait_for(state="attached")
    here.page.click("button.tab[data-view=ask]")
    turn = here.ask("What is the edge AI chip market in 2027?")
    assert "Not in the reports" in turn.inner_text()
    here.page.click(".scope [data-event=all]")
    here.page.locator(".scope", has_text=f"Searching all {total}").wait_for()


def test_an_answer_leads_on_is_asked_again_voted_on_and_exported(
    visit: Any, served: Served
) -> None:
    here = visit()
    here.ask(QUESTION)
    suggestion = here.page.locator("#suggestions button").first
    suggestion.wait_for()
    following = suggestion.inner_text()
    suggestion.click()
    here.page.locator(".turn.last .question", has_text=following).wait_for()
    here.page.click(".turn.last [data-event=retry]")
    here.page.wait_for_selector(".turn.pending", state="detached")
    here.page.wait_for_selector(".turn.last .chip")
    assert here.page.locator(".turn").count() == 2
    here.page.click(".turn.last [data-open-comment=bad]")
    here.page.fill(".turn.last .comment input", "不完整")
    here.page.keyboard.press("Enter")
    here.page.wait_for_selector(".turn.last .thanks")
    votes = (served.index_dir / FILE_NAME).read_text(encoding="utf-8").splitlines()
    vote = json.loads(votes[-1])
    assert (vote["vote"], vote["comment"], vote["question"]) == ("bad", "不完整", following)
    with here.page.expect_download() as download:
        here.page.click("[data-format=word]")
    word = WordDocument(io.BytesIO(download.value.path().read_bytes()))
    assert any("31.5" in paragraph.text for paragraph in word.paragraphs)


def test_a_conversation_is_renamed_and_deleted(visit: Any) -> None:
    here = visit(locale="en-US")
    here.ask("What is the edge AI chip market in 2027?")
    here.page.click("[data-rename]")
    here.page.fill("input.rename", "Chips")
    # The new name stands there at once; a new list says that the browser keeps it.
    here.page.evaluate("document.querySelector('nav.conversations').dataset.seen = 'yes'")
    here.page.keyboard.press("Enter")
    here.page.wait_for_selector("nav.conversations:not([data-seen])")
    here.page.reload()
    here.page.wait_for_selector(".turn .chip")
    row = here.page.locator(".conversations li", has_text="Chips")
    delete = row.locator("[data-event=delete]")
    delete.click()
    delete.click()
    row.wait_for(state="detached")
    here.page.wait_for_selector(".welcome")
