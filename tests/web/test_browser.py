"""The page in a real browser: ask, open the source, add a report, come back after a reload."""

from typing import Any

import pytest

from tests.corpus.pdf_samples import encrypted, write
from tests.web.conftest import CHROMIUM

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

PHONE = {"width": 390, "height": 844}
QUESTION = "2023年国内仓储机器人市场规模是多少？"


@pytest.mark.parametrize(
    ("locale", "question", "quote"),
    [
        ("zh-CN", QUESTION, "187亿元"),
        ("en-US", "What is the edge AI chip market in 2027?", "36.4 billion"),
    ],
    ids=["zh", "en"],
)
def test_a_marker_opens_the_source_at_the_quote(
    visit: Any, locale: str, question: str, quote: str
) -> None:
    here = visit(locale=locale)
    turn = here.ask(question)
    turn.locator(".text .chip").first.click()
    here.page.wait_for_selector(".source-panel .reading mark")
    assert quote in here.text_of(".source-panel .reading mark")
    assert here.page.locator("#source").bounding_box()["width"] > 300
    here.page.keyboard.press("Escape")
    assert not here.page.locator("body.has-source").count()
    here.page.locator("h1").click()
    here.page.evaluate("document.activeElement.blur()")
    here.page.keyboard.press("1")
    here.page.wait_for_selector("body.has-source")


def test_conversations_are_there_again_after_a_reload(visit: Any) -> None:
    here = visit()
    here.ask(QUESTION)
    here.page.reload()
    here.page.wait_for_selector(".turn .chip")
    assert here.text_of(".turn .question").endswith(QUESTION)
    here.page.click("button.new")
    here.page.wait_for_selector(".welcome")
    here.page.locator(".conversations .name", has_text=QUESTION[:4]).click()
    here.page.wait_for_selector(".turn .chip")


def test_an_abstention_shows_itself_as_one(visit: Any) -> None:
    here = visit(locale="en-US")
    turn = here.ask("How many people live on the planet Mars?")
    assert "Not in the reports" in turn.inner_text()
    turn.locator(".nearest-row").first.click()
    here.page.wait_for_selector(".source-panel .reading mark")


def test_a_hostile_report_is_added_shown_and_does_nothing(visit: Any) -> None:
    here = visit(locale="en-US")
    report = (
        "# Zephyr <img src=x onerror=alert(1)> Mining\n\n"
        "![x](http://evil.example/a.png) <script>alert(2)</script>\n\n"
        "Zephyr Mining sold 7,431 tonnes <b onclick=alert(3)> of tin in 2024. ${alert(4)} {{5*5}}\n"
    )
    here.page.click("button.tab[data-view=shelf]")
    files = [
        {"name": "zephyr.md", "mimeType": "text/markdown", "buffer": report.encode()},
        {"name": "broken.md", "mimeType": "text/markdown", "buffer": b""},
    ]
    here.page.set_input_files("#files input[type=file]", files)
    here.page.wait_for_selector(".notice .refused")
    assert "1 added" in here.text_of("#progress .notice")
    assert "broken.md" in here.text_of(".notice .refused")
    here.page.locator("#shelf [data-event=read][data-doc=zephyr]").click()
    here.page.wait_for_selector("#reader .reading")
    assert "${alert(4)} {{5*5}}" in here.text_of("#reader .reading")
    assert here.page.locator("#reader img, #reader script, #reader b").count() == 0
    here.page.click("button.tab[data-view=ask]")
    turn = here.ask("How many tonnes of tin did Zephyr Mining sell in 2024?")
    assert "7,431" in turn.inner_text()
    assert turn.locator("img, script, b").count() == 0
    here.page.click("button.tab[data-view=shelf]")
    remove = here.page.locator("#shelf [data-event=remove][data-doc=zephyr]")
    remove.click()
    assert remove.inner_text() == "Remove it?"
    remove.click()
    here.page.wait_for_selector("#shelf [data-doc=zephyr]", state="detached")


def test_an_encrypted_pdf_is_added_with_the_password_that_the_page_asks_for(visit: Any) -> None:
    here = visit(locale="en-US")
    data = encrypted(lambda canvas: write(canvas, 60, 100, "Quillon Ltd earned 5,913."), "open")
    here.page.click("button.tab[data-view=shelf]")
    file = {"name": "quillon.pdf", "mimeType": "application/pdf", "buffer": data}
    here.page.set_input_files("#files input[type=file]", [file])
    refused_again = ".notice:not([data-seen]) .refused"
    for password, shown in (("wrong", refused_again), ("open", "#shelf [data-doc=quillon]")):
        here.page.wait_for_selector(".unlock input")
        here.page.evaluate("document.querySelector('#progress .notice').dataset.seen = 'yes'")
        here.page.fill(".unlock input", password)
        here.page.click(".unlock button")
        here.page.wait_for_selector(shown)
    here.page.wait_for_selector(".unlock", state="detached")
    assert "1 added" in here.text_of("#progress .notice")
    here.page.locator("#shelf [data-event=remove][data-doc=quillon]").click()
    here.page.locator("#shelf [data-event=remove][data-doc=quillon]").click()
    here.page.wait_for_selector("#shelf [data-doc=quillon]", state="detached")


def test_the_language_and_the_colours_are_switched_and_kept(visit: Any) -> None:
    here = visit(color_scheme="light")
    here.page.select_option("header.top select", "zh-TW")
    here.page.wait_for_selector("header.top[lang=zh-TW]")
    assert here.text_of(".welcome h2") == "想從研報裡知道什麼？"
    light = here.page.evaluate("getComputedStyle(document.body).backgroundColor")
    here.page.click("[data-theme-switch]")
    here.page.wait_for_selector("body.dark")
    assert here.page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    here.page.reload()
    here.page.wait_for_selector("header.top[lang=zh-TW]")
    here.page.wait_for_selector("body.dark")


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_nothing_sticks_out_on_a_phone(visit: Any, locale: str) -> None:
    here = visit(locale=locale, viewport=PHONE)
    turn = here.ask(QUESTION)
    turn.locator(".text .chip").first.click()
    here.page.wait_for_selector(".source-panel .reading mark")
    here.page.click("[data-close-source]")
    for view in ("shelf", "ask"):
        here.page.click(f"button.tab[data-view={view}]")
        width = here.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
        for part in ("header.top", f"#{view}-view"):
            box = here.page.locator(part).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"] + 1


def test_the_last_question_is_edited_and_a_conversation_exported(visit: Any) -> None:
    here = visit(locale="en-US")
    here.ask("How many people live on the planet Mars?")
    here.page.click(".turn.last [data-event=edit]")
    here.page.wait_for_selector(".editing")
    here.page.fill("#question textarea", QUESTION)
    here.page.press("#question textarea", "Enter")
    here.page.wait_for_selector(".turn .chip")
    assert here.page.locator(".turn").count() == 1
    with here.page.expect_download() as download:
        here.page.click("[data-format=markdown]")
    text = download.value.path().read_text(encoding="utf-8")
    assert QUESTION in text
    assert "187亿元" in text
