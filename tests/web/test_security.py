"""Foreign pages, hosts, sizes and unknown paths are refused; every reply carries the policy."""

import re

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from web.security import Guard, is_loopback


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def page(request: Request) -> HTMLResponse:
    return HTMLResponse('<html><head><script>a</script></head><script src="b"></script></html>')


async def busy(request: Request) -> PlainTextResponse:
    return PlainTextResponse("busy", status_code=503)


def client(*, loopback_only: bool = True, max_body_bytes: int = 1000) -> TestClient:
    routes = [
        Route("/", page),
        Route("/v1/models", echo, methods=["GET", "POST"]),
        Route("/v1/chat/completions", busy, methods=["POST"]),
        Route("/gradio_api/upload", echo, methods=["POST"]),
    ]
    guarded = Guard(
        Starlette(routes=routes),
        loopback_only=loopback_only,
        max_body_bytes=max_body_bytes,
        max_upload_bytes=1500,
        head=b"<script src=first></script>",
    )
    return TestClient(guarded, base_url="http://127.0.0.1:7860")


def test_every_reply_carries_the_policy() -> None:
    visitor = client()
    for reply in (
        visitor.get("/"),
        visitor.get("/v1/models"),
        visitor.get("/", headers={"host": "evil.example"}),
    ):
        policy = reply.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert "*" not in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_only_the_scripts_of_the_page_itself_get_the_nonce_of_the_reply() -> None:
    first, second = client().get("/"), client().get("/")
    nonce = re.search(r"'nonce-([^']+)'", first.headers["content-security-policy"])
    assert nonce is not None
    assert first.text.count(f'<script nonce="{nonce[1]}"') == 3
    assert first.text.startswith(f'<html><head><script nonce="{nonce[1]}" src=first>')
    assert nonce[1] not in second.headers["content-security-policy"]
    assert "nonce" not in client().get("/v1/models").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/file=/etc/passwd", "/gradio_api/file/x", "/gradio_api/proxy=http://a/",
     "/gradio_api/deep_link", "/monitoring", "/gradio_api/vibe-edit/", "/gradio_api/dev/reload",
     "/gradio_api/component_server", "/gradio_api/stream/x", "/gradio_api/runs", "/svelte/x",
     "//etc/passwd", "/gradio_api/custom_component/a/b/c/d"],
)  # fmt: skip
def test_what_the_page_does_not_use_is_not_served(path: str) -> None:
    for method in ("GET", "POST"):
        assert client().request(method, path).status_code == 404


def test_who_is_told_to_come_again_is_told_when() -> None:
    reply = client().post("/v1/chat/completions")
    assert reply.status_code == 503
    assert int(reply.headers["retry-after"]) > 0


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860"])
def test_this_machine_by_its_names_is_served(host: str) -> None:
    assert client().get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_a_name_that_was_rebound_to_this_machine_is_refused(host: str) -> None:
    assert client().get("/", headers={"host": host}).status_code == 421
    assert client(loopback_only=False).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999"])
def test_another_page_cannot_post(origin: str) -> None:
    assert client().post("/v1/models", headers={"origin": origin}).status_code == 403
    assert client().get("/", headers={"origin": origin}).status_code == 200


def test_our_own_page_and_programs_can_post() -> None:
    assert (
        client().post("/v1/models", headers={"origin": "http://127.0.0.1:7860"}).status_code == 200
    )
    assert client().post("/v1/models").status_code == 200


def test_a_large_request_is_refused_by_its_header() -> None:
    assert client().post("/v1/models", content=b"x" * 1000).text == "1000"
    assert client().post("/v1/models", content=b"x" * 1001).status_code == 413


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.0.0.9", True), ("localhost", True), ("::1", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.4", False), ("example.com", False)],
)  # fmt: skip
def test_only_this_machine_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_uploads_are_refused_once_their_sum_is_reached() -> None:
    visitor = client()
    replies = [visitor.post("/gradio_api/upload", content=b"x" * 800) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert visitor.post("/v1/models", content=b"x" * 800).status_code == 200
