"""Foreign pages, hosts, sizes and guessed passwords are refused; every reply carries the policy."""

import base64

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.errors import SettingsError
from web.security import MAX_LOGINS, Credentials, Guard, is_loopback


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def login(request: Request) -> PlainTextResponse:
    return PlainTextResponse("no", status_code=400)


def client(*, loopback_only: bool = True, max_body_bytes: int = 1000) -> TestClient:
    routes = [
        Route("/", echo, methods=["GET", "POST"]),
        Route("/login", login, methods=["POST"]),
        Route("/gradio_api/upload", echo, methods=["POST"]),
    ]
    guarded = Guard(
        Starlette(routes=routes),
        loopback_only=loopback_only,
        max_body_bytes=max_body_bytes,
        max_upload_bytes=1500,
    )
    return TestClient(guarded, base_url="http://127.0.0.1:7860")


def test_every_reply_carries_the_policy() -> None:
    for reply in (client().get("/"), client().get("/", headers={"host": "evil.example"})):
        policy = reply.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert "*" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860"])
def test_this_machine_by_its_names_is_served(host: str) -> None:
    assert client().get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_a_name_that_was_rebound_to_this_machine_is_refused(host: str) -> None:
    assert client().get("/", headers={"host": host}).status_code == 421
    assert client(loopback_only=False).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999"])
def test_another_page_cannot_post(origin: str) -> None:
    assert client().post("/", headers={"origin": origin}).status_code == 403
    assert client().get("/", headers={"origin": origin}).status_code == 200


def test_our_own_page_and_programs_can_post() -> None:
    assert client().post("/", headers={"origin": "http://127.0.0.1:7860"}).status_code == 200
    assert client().post("/").status_code == 200


def test_a_large_request_is_refused_by_its_header() -> None:
    assert client().post("/", content=b"x" * 1000).text == "1000"
    assert client().post("/", content=b"x" * 1001).status_code == 413


def test_guessing_passwords_is_slowed() -> None:
    page = client()
    codes = [page.post("/login").status_code for _ in range(MAX_LOGINS + 2)]
    assert codes == [400] * MAX_LOGINS + [429, 429]
    assert page.get("/").status_code == 200


def test_credentials_match_only_themselves() -> None:
    credentials = Credentials("安娜:p:w")
    assert credentials.match("安娜", "p:w")
    assert not credentials.match("安娜", "p")
    assert not credentials.match("", "")
    basic = base64.b64encode("安娜:p:w".encode()).decode()
    assert credentials.match_header(f"Basic {basic}")
    assert credentials.match_header("Bearer p:w")
    for header in ("", "Basic x", "Basic ////", "Bearer", "Bearer p", "Digest p:w"):
        assert not credentials.match_header(header)


@pytest.mark.parametrize("setting", ["user", ":password", "user:", ""])
def test_a_malformed_password_setting_is_refused_without_showing_it(setting: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Credentials(setting)
    assert setting == "" or setting not in str(caught.value).replace("user:password", "")


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
    assert visitor.post("/", content=b"x" * 800).status_code == 200
