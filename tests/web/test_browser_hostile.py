"""A hostile report in a real browser: nothing runs, nothing is loaded, and the policy really blocks."""

from typing import Any

import pytest

from tests.web.conftest import CHROMIUM
from tests.web.hostile import PAYLOADS
from tests.web.test_hostile import hostile_report

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

# What a slip of ours would let into the page; each of them has to be stopped by the policy.
SLIPS = """async () => {
    const blocked = [];
    document.addEventListener('securitypolicyviolation',
        (event) => blocked.push(event.effectiveDirective));
    const part = document.createElement('div');
    part.innerHTML = '<img src="page/none.png" onerror="window.harmed=1">' +
        '<img src="http://outside.example/a.png"><iframe src="http://outside.example/b"></iframe>' +
        '<form action="http://outside.example/c"><button>x</button></form>' +
        '<div style="background:url(http://outside.example/d)">x</div>';
    document.body.append(part);
    const script = document.createElement('script');
    script.textContent = 'window.harmed=2';
    document.body.append(script);
    const outside = document.createElement('script');
    outside.src = 'http://outside.example/e.js';
    document.body.append(outside);
    await fetch('http://outside.example/f').catch(() => {});
    try { new WebSocket('ws://outside.example/g'); } catch { }
    part.querySelector('form button').click();
    const base = document.createElement('base');
    base.href = 'http://outside.example/';
    document.head.prepend(base);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    part.remove();
    return { blocked, harmed: window.harmed ?? null, base: document.baseURI };
}"""


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_nothing_of_a_hostile_report_or_question_does_anything(visit: Any, locale: str) -> None:
    here = visit(locale=locale)
    here.page.click("button.tab[data-view=shelf]")
    file = {"name": "<img src=x onerror=harmed=1>.md", "mimeType": "text/markdown",
            "buffer": hostile_report().encode()}  # fmt: skip
    here.page.set_input_files("#files input[type=file]", [file])
    row = here.page.locator("#shelf tr", has_text="青隼矿业")
    row.wait_for()
    row.locator("[data-event=read]").click()
    here.page.wait_for_selector("#reader .reading")
    assert (
        here.page.locator("#reader :is(img, script, iframe, form, svg, base, style)").count() == 0
    )
    here.page.click("button.tab[data-view=ask]")
    turn = here.ask("青隼矿业2024年锡产量是多少吨？")
    assert "7431" in turn.inner_text()
    turn.locator(".text .chip").first.click()
    here.page.wait_for_selector(".source-panel .reading mark")
    turn = here.ask(" ".join(payload.replace("\0", "") for payload in PAYLOADS)[:900])
    assert turn.locator(":is(img, script, iframe, form, svg, base, style)").count() == 0
    assert here.page.evaluate("window.harmed ?? null") is None
    here.page.click("button.tab[data-view=shelf]")
    remove = here.page.locator("#shelf tr", has_text="青隼矿业").locator("[data-event=remove]")
    remove.click()
    remove.click()
    here.page.locator("#shelf tr", has_text="青隼矿业").wait_for(state="detached")


def test_the_policy_stops_what_should_never_get_that_far(browser: Any, served: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    reached: list[str] = []
    context.route("http://outside.example/**", lambda route: (reached.append(route.request.url),
                                                             route.abort()))  # fmt: skip
    page.goto(served.url)
    page.wait_for_selector(".welcome")
    seen = page.evaluate(SLIPS)
    context.close()
    assert seen["harmed"] is None
    assert not seen["base"].startswith("http://outside")
    assert {"script-src-attr", "script-src-elem", "img-src", "frame-src", "connect-src",
            "form-action", "base-uri"} <= set(seen["blocked"])  # fmt: skip
    assert reached == []
