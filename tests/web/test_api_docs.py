"""The snippets of docs/api.md run as they stand there, with and without a password."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.conftest import ROOT, Served, serve

SNIPPETS = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.M | re.S
)
NAMES = ["gradio_client", "openai", "mcp"]
WITH_PASSWORD = {
    "gradio_client": ("verbose=False", 'verbose=False, auth=("ann", "secret-7")'),
    "openai": ('api_key="none"', 'api_key="secret-7"'),
    "mcp": ('/mcp/"', '/mcp/", headers={"Authorization": "Bearer secret-7"}'),
}
# The shelf of the tests is a tiny one, whose question this is.
CHECKS = {
    "gradio_client": 'assert reply["status"] == "answered" and reports and passages',
    "openai": 'assert message.model_extra["status"] == "answered"',
    "mcp": 'assert "answered" in reply, reply',
}
QUESTION = "2023年国内仓储机器人市场规模是多少？"

pytestmark = pytest.mark.slow


def run(name: str, code: str) -> None:
    assert [re.search(r"^from (\w+)", text, re.M)[1] for text in SNIPPETS] == NAMES  # type: ignore[index]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{code}\n{CHECKS[name]}\n"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def for_the_tests(name: str, url: str) -> str:
    code = SNIPPETS[NAMES.index(name)].replace("http://127.0.0.1:7860", url)
    code = re.sub(
        r"What price is Midjourney's Pro plan\?|Midjourney的Pro套餐多少钱？", QUESTION, code
    )
    return code.replace("2023-12", "2023")


@pytest.mark.parametrize("name", NAMES)
def test_a_snippet_runs(served: Served, name: str) -> None:
    run(name, for_the_tests(name, served.url))


def test_the_snippets_run_with_a_password(index_dir: Path) -> None:
    with serve(index_dir, RAG_AUTH="ann:secret-7") as url:
        for name in NAMES:
            before, after = WITH_PASSWORD[name]
            code = for_the_tests(name, url)
            assert before in code
            run(name, code.replace(before, after))
