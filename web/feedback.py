"""Votes on answers, kept as lines of JSON beside the index: candidates for the evaluation."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

from rag.schema import Answer

FILE_NAME = "feedback.jsonl"
MAX_COMMENT_CHARS = 2000
_MAX_FILE_BYTES = 50_000_000  # beyond this something is voting that is no person
_LOCK = threading.Lock()


def save_feedback(
    index_dir: Path, answer: Answer, vote: str, comment: str, at: datetime | None = None
) -> bool:
    """Append a vote; say whether it was kept.

    Args:
        index_dir: The folder of the index.
        answer: As it was shown.
        vote: "good" or "bad"; anything else is not kept.
        comment: In the reader's words, may be empty.
        at: When; now by default.
    """
    if vote not in ("good", "bad"):
        return False
    line = {
        "at": (at or datetime.now(UTC)).isoformat(timespec="seconds"),
        "vote": vote,
        "comment": comment.strip()[:MAX_COMMENT_CHARS],
        "question": answer.question,
        "language": answer.language.value,
        "status": answer.status.value,
        "answer": answer.text,
        "engine": answer.engine,
        "citations": [
            {"doc_id": c.doc_id, "start": c.start, "end": c.end, "quote": c.quote}
            for c in answer.citations
        ],
    }
    path = index_dir / FILE_NAME
    with _LOCK:
        if path.is_file() and path.stat().st_size > _MAX_FILE_BYTES:
            return False
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return True
