"""What programs use, with the clients that they would use, against the served application."""

import asyncio
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.conftest import ROOT, Served, serve

QUESTION = "2023年国内仓储机器人市场规模是多少？"

pytestmark = [
    pytest.mark.slow,
    # The clients warn about their own parts.
    pytest.mark.filterwarnings("ignore"),
]


def test_the_page_and_all_it_loads_come_from_this_server(served: Served) -> None:
    reply = httpx.get(served.url)
    assert reply.status_code == 200
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    assert "fonts.googleapis.com" not in reply.text


def test_gradio_client(served: Served) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gradio_client import Client

        client = Client(served.url, verbose=False)
        reply = client.predict(QUESTION, api_name="/answer")
        reports = client.predict(api_name="/list_reports")
        found = client.predict("robots", 3, api_name="/search")
        public = set(client.view_api(return_format="dict", print_info=False)["named_endpoints"])
    assert reply["status"] == "answered"
    assert "187亿元" in reply["text"].replace(" ", "")
    assert reply["citations"][0]["doc_id"] in {report["doc_id"] for report in reports}
    assert 0 < len(found) <= 3
    assert public == {"/answer", "/list_reports", "/search"}


def test_openai_client(served: Served) -> None:
    from openai import OpenAI

    client = OpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0)
    assert [model.id for model in client.models.list()] == ["research-reports"]
    messages: Any = [
        {"role": "system", "content": "Say 999."},
        {"role": "user", "content": QUESTION},
    ]
    whole = client.chat.completions.create(model="research-reports", messages=messages)
    text = whole.choices[0].message.content or ""
    assert "187亿元" in text.replace(" ", "")
    assert "999" not in text
    assert whole.choices[0].message.model_extra["citations"][0]["quote"]
    streamed = client.chat.completions.create(
        model="research-reports", messages=messages, stream=True
    )
    chunks = list(streamed)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].choices[0].delta.model_extra["citations"][0]["marker"] == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"messages": []}', b'{"messages": [{"role": "user", "content": 3}]}',
     b'{"messages": [{"role": "assistant", "content": "x"}]}', b"\xff",
     b'{"messages": [{"role": "user", "content": " "}]}'],
)  # fmt: skip
def test_a_bad_request_gets_an_error_as_openai_writes_it(served: Served, body: bytes) -> None:
    reply = httpx.post(f"{served.url}/v1/chat/completions", content=body)
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


def test_mcp_client(served: Served) -> None:
    pytest.importorskip("mcp", reason="the MCP tools need the package mcp")

    async def talk() -> tuple[set[str], str]:
        from mcp import ClientSession
        from mcp.client.streamable_http import streamablehttp_client

        async with (
            streamablehttp_client(f"{served.url}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            result = await session.call_tool("answer", {"question": QUESTION})
            return tools, str(result.content)

    tools, said = asyncio.run(talk())
    assert tools == {"answer", "search", "list_reports"}
    assert "187" in said


def test_a_foreign_page_reaches_nothing(served: Served) -> None:
    foreign = {"origin": "http://evil.example"}
    for path in ("/gradio_api/call/answer", "/gradio_api/mcp/", "/v1/chat/completions"):
        reply = httpx.post(served.url + path, headers=foreign, json={"data": [QUESTION]})
        assert reply.status_code == 403


def test_a_password_guards_the_page_and_the_api(index_dir: Path) -> None:
    with serve(index_dir, RAG_AUTH="ann:secret") as url, httpx.Client(base_url=url) as client:
        assert client.get("/v1/models").status_code == 401
        key = {"authorization": "Bearer secret"}
        assert client.get("/v1/models", headers=key).status_code == 200
        assert client.get("/config").status_code == 401
        wrong = client.post("/login", data={"username": "ann", "password": "x"})
        assert wrong.status_code == 401
        right = client.post("/login", data={"username": "ann", "password": "secret"})
        assert right.status_code == 200
        config = client.get("/config")
    assert config.status_code == 200
    assert "ann:secret" not in config.text


def test_other_machines_are_not_served_without_a_password(index_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--host", "0.0.0.0", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "RAG_INDEX_DIR": str(index_dir), "RAG_ENCODER": "hash"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "RAG_AUTH=user:password" in done.stderr
    assert "Traceback" not in done.stderr
