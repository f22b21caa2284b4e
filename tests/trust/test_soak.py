"""Questions go on while the index changes. The long run: python -m tests.trust.test_soak 300."""

import sys
import tempfile
from pathlib import Path

import pytest

from eval.trust.soak import generation_files, judge, soak
from index.build import add_documents
from index.encoder import load_encoder
from rag.settings import Settings
from web.admission import Admission, Limits
from web.service import Assistant


def assistant(folder: Path) -> Assistant:
    settings = Settings(index_dir=folder / "index")
    add_documents(generation_files(1000), settings.index_dir, load_encoder("default"))
    opened = Assistant(settings)
    # No question is told to come back: all threads answer at the same time.
    opened.admission = Admission(Limits(running=50, waiting=50))
    return opened


def test_a_mixed_answer_would_be_seen() -> None:
    assert judge([("robots", "第1001版：x"), ("power", "第1001版：y")]) == ("", True)
    assert judge([("robots", "第1001版：x"), ("power", "第1002版：y")])[0]


@pytest.mark.skipif(sys.platform != "linux", reason="memory and files are counted in /proc")
def test_questions_go_on_while_the_index_changes(tmp_path: Path) -> None:
    soaked = soak(assistant(tmp_path), seconds=3, threads=50)
    assert soaked.problems == []
    assert soaked.changes >= 1
    assert soaked.answers >= 50
    assert soaked.with_both > 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.stdout.write(f"{soak(assistant(Path(name)), seconds=float(sys.argv[1]))}\n")
