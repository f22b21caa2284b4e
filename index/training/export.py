"""Write a trained static encoder as a folder that `SentenceTransformer(folder)` loads.

Vectors are stored as int8 with one factor per token, in the tensors that model2vec uses. Words in
traditional characters become further names of the rows of their simplified forms, so a
traditional text gets the vectors of the simplified one without any code at run time.
"""

import itertools
import json
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer

_MAX_SPELLINGS = 16  # of one word; beyond it the characters carry the word


def export(folder: Path, tokenizer: Tokenizer, vectors: npt.NDArray[np.float32]) -> None:
    """Write the model.

    Args:
        folder: Made if missing; files of the same names are replaced.
        tokenizer: A unigram tokenizer with `len(vectors)` tokens.
        vectors: Shape (num_tokens, dim); row i belongs to token i.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = json.loads(tokenizer.to_str())
    vocabulary: list[list[object]] = content["model"]["vocab"]
    tokens = [str(token) for token, _ in vocabulary]
    aliases = _aliases(tokens)
    scores = [score for _, score in vocabulary]
    content["model"]["vocab"] = vocabulary + [[name, scores[row]] for name, row in aliases]
    (folder / "tokenizer.json").write_text(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    largest = np.abs(vectors).max(axis=1)
    factors = (np.where(largest > 0, largest, 1.0) / 127).astype(np.float32)
    mapping = np.array([*_simplified_rows(tokens), *(row for _, row in aliases)], dtype=np.int32)
    tensors = {
        "embeddings": np.rint(vectors / factors[:, None]).astype(np.int8),
        "mapping": mapping,
        "weights": factors[mapping],
    }
    save_file(tensors, folder / "model.safetensors")
    _write_module_files(folder)


def _aliases(tokens: list[str]) -> list[tuple[str, int]]:
    """Return (traditional spelling, row of the simplified form), in order of rows.

    A spelling counts when OpenCC turns it, as a whole, into the simplified form.
    """
    import opencc

    simplify = opencc.OpenCC("t2s").convert
    spellings: dict[str, list[str]] = {}
    for code in range(0x4E00, 0xA000):
        spellings.setdefault(simplify(chr(code)), []).append(chr(code))
    known = set(tokens)
    aliases = []
    for row, token in enumerate(tokens):
        if token.isascii():
            continue
        choices = [spellings.get(character, [character]) for character in token]
        for characters in itertools.islice(itertools.product(*choices), _MAX_SPELLINGS):
            name = "".join(characters)
            if name not in known and simplify(name) == token:
                known.add(name)
                aliases.append((name, row))
    return aliases


def _simplified_rows(tokens: list[str]) -> list[int]:
    """Return each token's row: its own, or that of its simplified form where there is one."""
    import opencc

    simplify = opencc.OpenCC("t2s").convert
    rows = {token: row for row, token in enumerate(tokens)}
    return [
        row if token.isascii() else rows.get(simplify(token), row)
        for row, token in enumerate(tokens)
    ]


def _write_module_files(folder: Path) -> None:
    """Let sentence-transformers write what it wants to find beside the weights."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    with tempfile.TemporaryDirectory() as name:
        stub = StaticEmbedding(Tokenizer.from_file(str(folder / "tokenizer.json")), embedding_dim=1)
        model = SentenceTransformer(modules=[stub, Normalize()], device="cpu")
        model.save(name, create_model_card=False)
        for path in sorted(Path(name).rglob("*.json")):
            target = folder / path.relative_to(name)
            if target.name != "tokenizer.json":
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
