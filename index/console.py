"""What the terminal shows: progress while files are read, and what came of them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from index.progress import OnProgress, Progress, seconds_left
from index.schema import BuildSummary, FileSummary

_STAGES = {
    "read": "读取/reading",
    "encode": "编入索引/indexing",
    "copy": "复制/copying",
    "done": "完成/done",
}
_BAR_CELLS = 24
_DELAY_S = 0.5  # work shorter than this needs no bar
_EVERY_S = 0.1  # between two drawings
_LINE_EVERY_S = 10.0  # between two lines where there is no terminal


@contextmanager
def show_progress(out: TextIO) -> Iterator[OnProgress]:
    """Show progress: one line that is drawn again on a terminal, a line now and then elsewhere."""
    shown = _Shown(out)
    try:
        yield shown.report
    finally:
        shown.clear()


class _Shown:
    """What was last shown, and when."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._began = self._stage_began = self._last = time.monotonic()
        self._stage = ""
        self._drawn = False

    def report(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage != self._stage:
            self._stage, self._stage_began = progress.stage, now
        wait = _EVERY_S if self._is_terminal else _LINE_EVERY_S
        if now - self._last < wait or now - self._began < _DELAY_S or progress.stage == "done":
            return
        self._last = now
        line = progress_line(progress, now - self._stage_began)
        if self._is_terminal:
            self._out.write(f"\r\x1b[2K{line}")  # \x1b[2K: clear the line
            self._drawn = True
        else:
            self._out.write(line + "\n")
        self._out.flush()

    def clear(self) -> None:
        if self._drawn:
            self._out.write("\r\x1b[2K")
            self._out.flush()


def progress_line(progress: Progress, elapsed_s: float) -> str:
    """Return a bar, the file and its pages, and how long the rest may take.

    >>> progress_line(Progress("read", 0, 2, 0.5, "a.pdf", 10, 80), 4.0)
    '[############            ]  50%  读取/reading 1/2 a.pdf  10/80 页/pages  约剩/left 5 s'
    """
    filled = round(progress.share * _BAR_CELLS)
    bar = "#" * filled + " " * (_BAR_CELLS - filled)
    parts = [f"[{bar}] {progress.share:4.0%}", _STAGES.get(progress.stage, progress.stage)]
    if progress.name:
        shown = progress.name if len(progress.name) <= 40 else f"{progress.name[:39]}…"
        parts[-1] += f" {progress.done + 1}/{progress.total} {_printable(shown)}"
    if progress.pages:
        parts.append(f"{progress.page}/{progress.pages} 页/pages")
    left = seconds_left(progress.share, elapsed_s)
    if left is not None:
        parts.append(f"约剩/left {left} s")
    return "  ".join(parts)


def _printable(text: str) -> str:
    """Return a file name without control characters, which a terminal would obey."""
    return "".join(char if char.isprintable() else "?" for char in text)


def write_summary(summary: BuildSummary, out: TextIO, problems: TextIO) -> None:
    """Write what was done, file by file, and to `problems` what was not read and why."""
    for item in summary.refused:
        problems.write(f"未读取 / not read  {_printable(item.reason)}\n")
        if item.needs_password:
            problems.write(f"    {PASSWORD_HINT}\n")
    for file in summary.files:
        out.write(f"{_printable(file.doc_id)}  {_counts(file)}\n")
        for note in file.notes:
            problems.write(f"    注意 / note  {_printable(file.doc_id)}: {_printable(note)}\n")
    parts = {
        "新增/added": summary.added,
        "更新/replaced": summary.replaced,
        "移除/removed": summary.removed,
        "未变/unchanged": summary.unchanged,
        "未读取/not read": summary.refused,
    }
    counts = "  ".join(f"{name} {len(items)}" for name, items in parts.items() if items)
    made = f"{summary.num_chunks} 块/chunks, {summary.num_tables} 张表/tables"
    pages = f"{summary.num_pages} 页/pages, " if summary.num_pages else ""
    out.write(f"{counts or '没有变化/nothing to do'}  ({pages}{made})\n")


PASSWORD_HINT = (
    "加 --password-prompt 或 --password-file 再试，或设 RAG_PDF_PASSWORD / "
    "try again with --password-prompt, --password-file or RAG_PDF_PASSWORD"
)


def _counts(file: FileSummary) -> str:
    parts = [f"{file.num_chunks} 块/chunks", f"{file.num_tables} 张表/tables"]
    if file.num_pages:
        unread = f" ({file.num_unread} 页未读/unread)" if file.num_unread else ""
        parts.insert(0, f"{file.num_pages} 页/pages{unread}")
    return ", ".join(parts)
