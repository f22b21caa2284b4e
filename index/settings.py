"""Where an index lies by default, and which encoder it uses."""

import os
from pathlib import Path

from index.encoder import Encoder, load_encoder
from index.errors import EncoderError
from index.place import Place, parse_place, parse_store

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS_DIR = ROOT / "corpus" / "documents"
INDEX_DIR = ROOT / "index" / "built"


def place_from_env(text: str | None = None) -> Place:
    """Return where an index lies: as a command line says it, or RAG_STORE, or the folder RAG_INDEX_DIR.

    Raises:
        StoreError: An address that no store has.
    """
    folder = Path(os.environ.get("RAG_INDEX_DIR") or INDEX_DIR)
    if text is None:
        return parse_store(os.environ.get("RAG_STORE", ""), folder=folder)
    return parse_place(text, folder=folder)


def encoder_from_env() -> Encoder:
    """Load the encoder of RAG_ENCODER, RAG_ENCODER_DEVICE and RAG_ENCODER_BATCH_SIZE.

    Raises:
        EncoderError: There is no such encoder here, or the batch size is no number above 0.
    """
    size = os.environ.get("RAG_ENCODER_BATCH_SIZE", "") or "32"
    if not size.isdecimal() or int(size) < 1:
        raise EncoderError(f"RAG_ENCODER_BATCH_SIZE={size!r} is no number above 0; correct it")
    return load_encoder(
        os.environ.get("RAG_ENCODER", "") or "default",
        device=os.environ.get("RAG_ENCODER_DEVICE", "") or "cpu",
        batch_size=int(size),
    )
