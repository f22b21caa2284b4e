"""Where an index lies by default, and which encoder it uses."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS_DIR = ROOT / "corpus" / "documents"
INDEX_DIR = ROOT / "index" / "built"


def encoder_from_env() -> str:
    """Return the encoder that RAG_ENCODER names, "default" when it is not set."""
    return os.environ.get("RAG_ENCODER", "") or "default"
