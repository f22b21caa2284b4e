"""What the terminal shows while files are read and afterwards, and where a password comes from."""

import io
from pathlib import Path

import pytest

from corpus.schema import Skipped
from index.__main__ import main
from index.console import progress_line, show_progress, write_summary
from index.prepare import skipped_notes
from index.progress import Progress, ReadingProgress
from index.schema import BuildSummary, FileSummary, Refused
from tests.corpus.pdf_samples import encrypted, write


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_ENCODER", "hash")
    for name in ("_DELAY_S", "_EVERY_S", "_LINE_EVERY_S"):
        monkeypatch.setattr(f"index.console.{name}", 0.0)


def test_a_terminal_gets_one_line_drawn_again_and_a_file_plain_lines() -> None:
    steps = [Progress("read", 0, 2, 0.1, "a.pdf", 1, 9), Progress("read", 1, 2, 0.6, "b.pdf")]
    terminal, file = Terminal(), io.StringIO()
    for out in (terminal, file):
        with show_progress(out) as report:
            for step in steps:
                report(step)
    assert terminal.getvalue().count("\r") == 3  # two drawings, and the clearing
    assert "\n" not in terminal.getvalue()
    assert [line.split("  ")[-1] for line in file.getvalue().splitlines()] == [
        "1/9 页/pages",
        "读取/reading 2/2 b.pdf",
    ]


def test_a_name_with_control_characters_does_not_reach_the_terminal() -> None:
    assert "\x1b" not in progress_line(Progress("read", 0, 1, 0.5, "a\x1b[2Jb.pdf"), 0.0)


def test_the_share_grows_with_bytes_and_pages() -> None:
    seen: list[Progress] = []
    reading = ReadingProgress([300, 100], seen.append)
    reading.start(0, "a.pdf")
    reading.on_page(2, 3)
    reading.start(1, "b.txt")
    assert [step.share for step in seen] == [0.0, 300 / 3 / 400, 0.75]
    assert seen[1].name == "a.pdf"


def test_the_summary_lists_each_file_and_what_was_left_out() -> None:
    out, problems = io.StringIO(), io.StringIO()
    summary = BuildSummary(
        added=("a",),
        refused=(Refused("b.pdf", "b.pdf: the file is encrypted", needs_password=True),),
        files=(FileSummary("a", "a.pdf", "A", 8, 2, 5, 1, ("pages 2-3: a scan",)),),
    )
    write_summary(summary, out, problems)
    assert "a  8 页/pages (2 页未读/unread), 5 块/chunks, 1 张表/tables" in out.getvalue()
    assert "a: pages 2-3: a scan" in problems.getvalue()
    assert "--password-prompt" in problems.getvalue()


def test_notes_of_many_pages_are_one_line() -> None:
    skipped = [Skipped(f"page {n}", "a scan") for n in (1, 2, 3, 7)]
    skipped += [Skipped(f"hidden text on page {n}", f"tiny: “Frm {n}”") for n in (4, 5)]
    skipped.append(Skipped("hidden text", "not shown: {x}"))
    assert skipped_notes(skipped) == [
        "pages 1-3, 7: a scan",
        "hidden text on pages 4-5: tiny: “Frm 4”",
        "hidden text: not shown: {x}",
    ]


def test_the_password_comes_from_a_file_or_the_environment_and_never_from_an_argument(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(encrypted(lambda canvas: write(canvas, 60, 100, "Profit was 9."), "开门"))
    add = ["add", str(secret), "--index", str(tmp_path / "ix")]
    assert main(add) == 1
    assert "needs a password" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*add, "--password", "开门"])
    assert main([*add, "--password-file", str(tmp_path / "none")]) == 1
    (tmp_path / "pw").write_text("开门\n", encoding="utf-8")
    assert main([*add, "--password-file", str(tmp_path / "pw")]) == 0
    assert main(["remove", "secret", "--index", str(tmp_path / "ix")]) == 0
    monkeypatch.setenv("RAG_PDF_PASSWORD", "开门")
    assert main(add) == 0
    assert main(add) == 0
    assert "未变/unchanged 1" in capsys.readouterr().out
