"""How common a term is in everyday and professional text: python -m index.training.background DIR.

Writes index/models/background.tsv.gz: the number of segments read, then one line per term with the
number of segments that hold it, most frequent first. Seeded, 2 minutes on one core.

A question's words weigh by it: a word that everybody uses ("mostly", 大多) says little of what is
asked even when no report uses it, while a rare one (a company's name) says all.
"""

import gzip
import lzma
import random
import sys
from collections import Counter
from pathlib import Path

from index.terms import analyze

OUTPUT = Path(__file__).resolve().parent.parent / "models" / "background.tsv.gz"
SOURCES = (
    "tatoeba",
    "wets_news",
    "tico19",
    "captions_3am",
    "qa_drcd_devtest",
    "qa_dureader_robust_dev",
    "ui_finance_business",
    "doc_bitcoin_optech",
    "doc_dynamics_fo_docs",
    "doc_opensource_guide",
    "doc_hf_courses",
    "doc_ms_courses",
    "doc_d2l",
    "python_docs_zh_cn",
)
MAX_SEGMENTS = 12_000  # per source and column, so that no source decides alone
MIN_SEGMENTS = 3  # a term in fewer is as rare as one never seen
MAX_CHARS = 400


def main(folder: Path) -> None:
    """Count terms in a sample of every source and write the table."""
    rng = random.Random(20261121)
    counts: Counter[str] = Counter()
    total = 0
    for source in SOURCES:
        with lzma.open(folder / f"{source}.tsv.xz", "rt", encoding="utf-8") as file:
            lines = [line.rstrip("\n") for line in file]
        for line in rng.sample(lines, min(MAX_SEGMENTS, len(lines))):
            for segment in line.split("\t"):
                counts.update(set(analyze(segment[:MAX_CHARS])))
            total += 1
        print(f"{source}: {total:,} segments, {len(counts):,} terms")
    kept = sorted(
        ((term, count) for term, count in counts.items() if count >= MIN_SEGMENTS),
        key=lambda pair: (-pair[1], pair[0]),
    )
    text = "\n".join([str(total), *(f"{term}\t{count}" for term, count in kept)])
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    # mtime=0: the same counts give the same bytes.
    OUTPUT.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{OUTPUT}: {len(kept):,} terms of {total:,} segments, {OUTPUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
