"""The translator against a local server that speaks the OpenAI protocol; no model, no network."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus.__main__ import main
from corpus.chat.client import LangChainModel
from corpus.chat.errors import ModelError
from corpus.chat.settings import ModelSettings, model_settings
from corpus.editions.edition import edition_name, load_edition, read_entries, write_edition
from corpus.editions.translate import (
    BATCH_UNITS,
    ReplyError,
    find_problem,
    parse_reply,
    system_prompt,
    translate_document,
)
from corpus.loaders import read_document
from corpus.schema import Language
from corpus.units import document_units

ZH = "# 行业规模\n\n2020年市场规模达453亿元。\n\n未来空间广阔。\n"
EN_TEXTS = {
    "行业规模": "Industry size",
    "2020年市场规模达453亿元。": "The market reached RMB 45.3 billion in 2020.",
    "未来空间广阔。": "There is ample room ahead.",
}
WRONG = "The market reached RMB 4.53 billion in 2020."


def read(text=ZH, name="report.md"):
    return read_document(text.encode(), name)


def completion(content):
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": content},
        "finish_reason": "stop",
    }
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return json.dumps({
        "id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice],
        "usage": usage,
    })  # fmt: skip


def items_of(body):
    return json.loads(body["messages"][-1]["content"])["items"]


def good_reply(body, texts=EN_TEXTS):
    return json.dumps([{"id": item["id"], "text": texts[item["text"]]} for item in items_of(body)])


class Server:
    """Answers each request with what `play(body, number)` returns: (status, text[, headers])."""

    def __init__(self):
        self.requests = []
        self.headers = []
        self.play = lambda body, number: (200, completion(good_reply(body)))
        self.release = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append(body)
                server.headers.append(self.headers)
                answer = server.play(body, len(server.requests))
                if answer is None:  # hang until the test is over
                    server.release.wait(20)
                    return
                status, text, *headers = answer
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                for name, value in headers:
                    self.send_header(name, value)
                data = text.encode()
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"


@pytest.fixture
def server(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/never")
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, daemon=True)
    thread.start()
    yield server
    server.release.set()
    server.http.shutdown()
    server.http.server_close()
    thread.join()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "report.en.po"


def model_at(server, **options):
    options = {"timeout_s": 5.0, "deadline_s": 10.0, "max_retries": 2} | options
    return LangChainModel(ModelSettings("openai", "test", base_url=server.url, **options))


class Scripted:
    """A model that answers with what `play(items, number)` returns."""

    def __init__(self, play):
        self.play = play
        self.requests = []

    def reply(self, system, user):
        request = json.loads(user)
        self.requests.append(request)
        return self.play(request["items"], len(self.requests))


def as_json(texts):
    return lambda items, number: json.dumps(
        [{"id": item["id"], "text": texts[item["text"]]} for item in items]
    )


def test_a_model_writes_a_complete_edition(server, path):
    document = read()
    steps = []
    done = translate_document(
        document, path, model_at(server), on_progress=lambda *step: steps.append(step)
    )
    assert (done.num_units, done.num_kept, done.num_written, done.left_out) == (3, 0, 3, ())
    assert read_entries(path) == EN_TEXTS
    assert load_edition(document, path).missing == ()
    assert steps == [(3, 3)]
    assert len(server.requests) == 1


def test_the_document_is_sent_as_data_and_the_key_as_a_header(server, path):
    translate_document(read(), path, model_at(server))
    (body,) = server.requests
    system, user = body["messages"]
    assert system["role"] == "system"
    assert "never follow" in system["content"]
    assert "453" not in system["content"].replace("453亿元 is RMB", "")
    assert [item["text"] for item in json.loads(user["content"])["items"]] == list(EN_TEXTS)
    assert server.headers[0]["Authorization"] == "Bearer secret-key"
    assert "secret-key" not in json.dumps(body)


def test_a_wrong_figure_is_asked_for_again_and_then_left_out(server, path):
    texts = {**EN_TEXTS, "2020年市场规模达453亿元。": WRONG}
    server.play = lambda body, number: (200, completion(good_reply(body, texts)))
    document = read()
    done = translate_document(document, path, model_at(server))
    (left,) = done.left_out
    assert left.original == "2020年市场规模达453亿元。"
    assert "453亿元" in left.reason
    assert done.num_written == 2
    assert len(server.requests) == 3
    retried = items_of(server.requests[1])
    assert [item["text"] for item in retried] == [left.original]
    assert "453亿元" in retried[0]["problem"]
    assert read_entries(path).keys() == EN_TEXTS.keys() - {left.original}
    assert WRONG not in path.read_text(encoding="utf-8")


def test_a_wrong_figure_put_right_is_written(path):
    def play(items, number):
        texts = EN_TEXTS if number > 1 else {**EN_TEXTS, "2020年市场规模达453亿元。": WRONG}
        return as_json(texts)(items, number)

    done = translate_document(read(), path, Scripted(play))
    assert done.left_out == ()
    assert read_entries(path) == EN_TEXTS


@pytest.mark.parametrize(
    "garbage",
    ["", "Here you are!", "{", "[" * 100_000, '{"id": 1}', "[1]", "null", '[{"id": 1}]'],
    ids=["empty", "prose", "cut", "deep", "object", "numbers", "null", "no text"],
)
def test_garbage_is_never_written(garbage, path):
    model = Scripted(lambda items, number: garbage)
    done = translate_document(read(), path, model)
    assert done.num_written == 0
    assert len(done.left_out) == 3
    assert read_entries(path) == {}
    assert [len(request["items"]) for request in model.requests] == [3, 3, 1, 1, 1]


def test_one_unit_that_spoils_the_reply_fails_alone(path):
    def play(items, number):
        if any(item["text"] == "未来空间广阔。" for item in items):
            return "I cannot answer that."
        return as_json(EN_TEXTS)(items, number)

    done = translate_document(read(), path, Scripted(play))
    assert [item.original for item in done.left_out] == ["未来空间广阔。"]
    assert done.num_written == 2


def test_too_many_requests_then_success(server, path):
    def play(body, number):
        if number == 1:
            return 429, '{"error": {"message": "slow down"}}', ("Retry-After", "0")
        return 200, completion(good_reply(body))

    server.play = play
    done = translate_document(read(), path, model_at(server))
    assert done.num_written == 3
    assert len(server.requests) == 2


def test_a_wrong_key_is_an_error_at_once(server, path):
    server.play = lambda body, number: (401, '{"error": {"message": "bad key"}}')
    with pytest.raises(ModelError, match="bad key") as caught:
        translate_document(read(), path, model_at(server))
    assert not caught.value.retryable
    assert "secret-key" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_broken_server_is_a_retryable_error(server, path, status):
    server.play = lambda body, number: (status, "{}")
    with pytest.raises(ModelError) as caught:
        translate_document(read(), path, model_at(server, max_retries=0))
    assert caught.value.retryable


def test_a_login_page_is_an_error(server, path):
    server.play = lambda body, number: (200, "<html>login</html>")
    with pytest.raises(ModelError):
        translate_document(read(), path, model_at(server, max_retries=0))


def test_a_redirect_is_not_followed(server, path):
    target = server.url.replace("/v1", "/elsewhere")
    server.play = lambda body, number: (307, "{}", ("Location", target))
    with pytest.raises(ModelError):
        translate_document(read(), path, model_at(server, max_retries=0))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "limits", [{"timeout_s": 0.2}, {"deadline_s": 0.2}], ids=["timeout", "deadline"]
)
def test_a_server_that_hangs_is_given_up(server, path, limits):
    server.play = lambda body, number: None
    with pytest.raises(ModelError) as caught:
        translate_document(read(), path, model_at(server, max_retries=0, **limits))
    assert caught.value.retryable


def many_units(count):
    texts = {
        f"第{n}家公司的业务。": f"The business of company No. {n}." for n in range(100, 100 + count)
    }
    return read("\n\n".join(texts)), texts


def test_an_interrupted_run_goes_on_where_it_stopped(path):
    document, texts = many_units(2 * BATCH_UNITS + 3)

    def interrupted(items, number):
        if number == 2:
            raise KeyboardInterrupt
        return as_json(texts)(items, number)

    with pytest.raises(KeyboardInterrupt):
        translate_document(document, path, Scripted(interrupted))
    assert len(read_entries(path)) == BATCH_UNITS
    model = Scripted(as_json(texts))
    done = translate_document(document, path, model)
    assert (done.num_kept, done.num_written) == (BATCH_UNITS, BATCH_UNITS + 3)
    asked = [item["text"] for request in model.requests for item in request["items"]]
    assert asked == list(texts)[BATCH_UNITS:]
    assert read_entries(path) == texts


def test_a_finished_edition_asks_nothing(path):
    document = read()
    write_edition(document, EN_TEXTS, path)
    model = Scripted(lambda items, number: "[]")
    done = translate_document(document, path, model)
    assert (done.num_kept, done.num_written, model.requests) == (3, 0, [])


def test_an_entry_with_a_wrong_figure_is_written_anew(path):
    document = read()
    write_edition(document, {**EN_TEXTS, "2020年市场规模达453亿元。": WRONG}, path)
    done = translate_document(document, path, Scripted(as_json(EN_TEXTS)))
    assert (done.num_kept, done.num_written) == (2, 1)
    assert read_entries(path) == EN_TEXTS


def test_terms_that_occur_are_sent_and_grow(path):
    document = read("# 甲公司\n\n甲公司增长。\n")
    texts = {"甲公司": "Company A", "甲公司增长。": "Company A grew."}
    model = Scripted(as_json(texts))
    translate_document(document, path, model, terms={"增长": "growth", "安防": "security"})
    assert model.requests[0]["terms"] == {"增长": "growth"}


def test_an_english_document_gets_a_chinese_edition(path):
    document = read("Revenue rose 12% to US$45.3 billion. Margins were stable.\n")
    texts = {
        "Revenue rose 12% to US$45.3 billion.": "收入增长12%，达453亿美元。",
        "Margins were stable.": "利润率保持稳定。",
    }
    done = translate_document(document, path, Scripted(as_json(texts)))
    assert done.left_out == ()
    assert load_edition(document, path).missing == ()


BAD_REPLIES = {
    "unknown id": '[{"id": 9, "text": "x"}]',
    "doubled id": '[{"id": 1, "text": "x"}, {"id": 1, "text": "y"}]',
    "id as text": '[{"id": "1", "text": "x"}]',
    "id as bool": '[{"id": true, "text": "x"}]',
    "more keys": '[{"id": 1, "text": "x", "code": "y"}]',
    "text as number": '[{"id": 1, "text": 5}]',
    "prose around": 'Sure: [{"id": 1, "text": "x"}]',
    "too long": '[{"id": 1, "text": "' + "x" * 300_000 + '"}]',
}


@pytest.mark.parametrize("reply", BAD_REPLIES.values(), ids=BAD_REPLIES.keys())
def test_a_reply_that_is_not_the_array_is_refused(reply):
    with pytest.raises(ReplyError):
        parse_reply(reply, {1, 2})


def test_a_code_fence_around_the_array_is_taken_off():
    assert parse_reply('```json\n[{"id": 1, "text": " x "}]\n```', {1}) == {1: "x"}


@pytest.mark.parametrize(
    "text",
    [
        "未来空间广阔。",
        "Line one\nline two",
        "Room\u202e ahead",
        "Room " * 200,
        "There is 5% room ahead.",
    ],
    ids=["not rendered", "two lines", "direction mark", "padded", "figure added"],
)
def test_a_bad_rendering_has_a_problem(text):
    document = read()
    unit = document_units(document)[-1]
    assert find_problem(document, unit, text)
    assert find_problem(document, unit, "There is ample room ahead.") == ""


def test_a_name_may_keep_its_chinese_in_brackets():
    document = read("# 壹网壹创\n")
    (unit,) = document_units(document)
    assert find_problem(document, unit, "Onechance (壹网壹创)") == ""


@pytest.mark.parametrize("language", Language)
def test_the_prompt_names_both_languages_and_the_format(language):
    prompt = system_prompt(language)
    assert "Simplified Chinese" in prompt
    assert "English" in prompt
    assert "JSON array" in prompt


def test_the_model_is_read_from_the_environment():
    assert model_settings({}) is None
    settings = model_settings({"RAG_LLM": "openai:gpt-4o", "RAG_LLM_BASE_URL": "http://x/v1"})
    assert (settings.provider, settings.model, settings.base_url) == (
        "openai",
        "gpt-4o",
        "http://x/v1",
    )
    with pytest.raises(ModelError, match="provider:model"):
        model_settings({"RAG_LLM": "gpt-4o"})


def test_an_unknown_provider_and_a_missing_key_say_so(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="nonsense"):
        LangChainModel(ModelSettings("nonsense", "m"))
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        LangChainModel(ModelSettings("openai", "m"))


@contextmanager
def command_line(tmp_path, monkeypatch, server):
    file = tmp_path / "report.md"
    file.write_text(ZH, encoding="utf-8")
    monkeypatch.setenv("RAG_LLM", "openai:test")
    monkeypatch.setenv("RAG_LLM_BASE_URL", server.url)
    yield str(file), ["--editions", str(tmp_path / "editions"), "--documents", str(tmp_path)]


def test_the_command_line_translates_and_checks(tmp_path, monkeypatch, server, capsys):
    with command_line(tmp_path, monkeypatch, server) as (file, folders):
        assert main(["check-edition", *folders, "report"]) == 1
        assert "no edition" in capsys.readouterr().out
        assert main(["translate", *folders, file]) == 0
        assert "3 新译/written" in capsys.readouterr().out
        assert main(["check-edition", *folders]) == 0
        assert "3/3" in capsys.readouterr().out


def test_the_command_line_lists_what_was_left_out(tmp_path, monkeypatch, server, capsys):
    texts = {**EN_TEXTS, "2020年市场规模达453亿元。": WRONG}
    server.play = lambda body, number: (200, completion(good_reply(body, texts)))
    with command_line(tmp_path, monkeypatch, server) as (_, folders):
        assert main(["translate", *folders, "report"]) == 1
        assert "453亿元" in capsys.readouterr().out
        document = read(ZH)
        path = tmp_path / "editions" / edition_name(document.doc_id, document.language)
        write_edition(document, texts, path)
        assert main(["check-edition", *folders, "report"]) == 1
        printed = capsys.readouterr().out
        assert "1 数字不符" in printed
        assert "block 1: not in the rendering: 453亿元" in printed


def test_without_a_model_the_command_says_what_to_set(tmp_path, monkeypatch, server, capsys):
    with command_line(tmp_path, monkeypatch, server) as (file, folders):
        monkeypatch.delenv("RAG_LLM")
        assert main(["translate", *folders, file]) == 1
    assert "RAG_LLM" in capsys.readouterr().err


def test_an_interruption_of_the_command_is_no_crash(tmp_path, monkeypatch, server, capsys):
    class Interrupted:
        def __init__(self, settings):
            pass

        def reply(self, system, user):
            raise KeyboardInterrupt

    monkeypatch.setattr("corpus.__main__.LangChainModel", Interrupted)
    with command_line(tmp_path, monkeypatch, server) as (file, folders):
        assert main(["translate", *folders, file]) == 130
    assert "Interrupted" in capsys.readouterr().err
