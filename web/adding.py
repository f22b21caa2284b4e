"""Adding reports: progress while they are read, and what came of each."""

import queue
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from pathlib import Path

from index.progress import Progress, seconds_left
from index.schema import BuildSummary, FileSummary
from web.service import Assistant
from web.texts import Texts

_TICK_S = 0.2  # between two reports of progress to the browser


def read_files(paths: Sequence[str]) -> list[tuple[str, bytes]]:
    """Return (file name, bytes) of files that the browser sent."""
    return [(Path(path).name, Path(path).read_bytes()) for path in paths]


@dataclass(frozen=True, slots=True)
class Step:
    """How far adding has come."""

    progress: Progress
    elapsed_s: float  # since its stage began


def add_with_progress(
    assistant: Assistant, files: Sequence[tuple[str, bytes]], password: str | None = None
) -> Iterator[Step | BuildSummary]:
    """Add files in a thread; yield steps while it works and the summary at the end.

    Raises:
        AssistantError: The index cannot be written; nothing was changed.
    """
    steps: queue.Queue[Step] = queue.Queue()
    stages: dict[str, float] = {}

    def report(progress: Progress) -> None:
        now = time.monotonic()
        steps.put(Step(progress, now - stages.setdefault(progress.stage, now)))

    with ThreadPoolExecutor(max_workers=1) as pool:
        adding = pool.submit(assistant.add, files, report, password=password)
        while not adding.done() or not steps.empty():
            try:
                step = steps.get(timeout=_TICK_S)
            except queue.Empty:
                continue
            while not steps.empty():  # only the newest is worth sending
                step = steps.get_nowait()
            yield step
            time.sleep(_TICK_S / 2)
    yield adding.result()


def step_html(step: Step, texts: Texts) -> str:
    """Return a progress bar with the stage, file, page and how long it may still take."""
    now = step.progress
    details: list[str] = []
    if now.stage == "read":
        label = texts("stage_read", name=now.name)
        if now.total > 1:
            details.append(texts("file_n", place=now.done + 1, total=now.total))
        if now.pages:
            details.append(texts("page_n_of", page=now.page, pages=now.pages))
    else:
        label = texts("stage_done" if now.stage == "done" else "stage_encode")
    seconds = seconds_left(now.share, step.elapsed_s)
    if seconds is not None:
        details.append(texts("time_left", seconds=seconds))
    value = f' value="{now.share:.3f}" max="1"' if now.share > 0 else ""
    detail = escape(" · ".join(details))
    return (
        f'<div class="notice" role="status"><p>{escape(label)} <span class="muted">{detail}</span>'
        f'</p><progress{value} aria-label="{escape(label)}"></progress></div>'
    )


def summary_html(summary: BuildSummary, texts: Texts) -> str:
    """Return what adding did, file by file, and plainly what could not be read and why."""
    counts = [
        texts(key, count=len(items))
        for key, items in (
            ("sum_added", summary.added),
            ("sum_replaced", summary.replaced),
            ("sum_unchanged", summary.unchanged),
            ("sum_refused", summary.refused),
        )
        if items
    ]
    parts = [f"<p>{escape(' · '.join(counts) or texts('sum_none'))}</p>"]
    parts += [_file_html(file, texts) for file in summary.files]
    if summary.refused:
        reasons = "".join(f"<li>{escape(item.reason)}</li>" for item in summary.refused)
        parts.append(f'<ul class="refused">{reasons}</ul>')
    locked = sum(item.needs_password for item in summary.refused)
    if locked:
        parts.append(_password_html(locked, texts))
    kind = "notice bad" if summary.refused else "notice"
    return f'<div class="{kind}" role="status">{"".join(parts)}</div>'


def _file_html(file: FileSummary, texts: Texts) -> str:
    facts = [texts("pages", count=file.num_pages)] if file.num_pages else []
    if file.num_unread:
        facts.append(texts("sum_unread", count=file.num_unread))
    facts.append(texts("chunks", count=file.num_chunks))
    if file.num_tables:
        facts.append(texts("sum_tables", count=file.num_tables))
    title = escape(file.title or file.file_name)
    line = f'{title} <span class="muted">{escape(" · ".join(facts))}</span>'
    if not file.notes:
        return f"<p>{line}</p>"
    notes = "".join(f"<li>{escape(note)}</li>" for note in file.notes)
    hint = escape(texts("sum_notes"))
    return f"<p>{line}</p><details><summary>{hint}</summary><ul>{notes}</ul></details>"


def _password_html(count: int, texts: Texts) -> str:
    label = escape(texts("password"))
    return (
        f'<div class="unlock" data-form><p>{escape(texts("needs_password", count=count))}</p>'
        f'<input type="password" name="password" autocomplete="off" placeholder="{label}" '
        f'aria-label="{label}"> <button type="button" class="small" data-event="unlock">'
        f"{escape(texts('unlock'))}</button></div>"
    )
