"""Write docs/licences.md, what is installed and shipped under which licence: python -m eval.licences.

The packages are those that requirements.txt and requirements-metrics.txt lead to, as they are
installed here. A package that names no licence is listed as such, and is an error: somebody has to
look.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ("requirements.txt", "requirements-metrics.txt")
_UNKNOWN = "not stated"
_LONGEST = 60  # characters; some packages put the whole text where its name belongs

SHIPPED = """\
| what | from | licence |
| --- | --- | --- |
| the code | this project | Apache-2.0 (`LICENSE`) |
| `corpus/documents/` | five reports of Chinese brokers | their issuers' copyright, not covered by ours \
(`corpus/documents/SOURCES.md`) |
| `corpus/editions/` | translations of these reports, made for this project | as the reports |
| `corpus/glossary.tsv` | written for this project | Apache-2.0 |
| `index/models/bilingual-static/` | trained by this project | its sources, some of them \
CC-BY-SA: `MODEL_CARD.md` there |
| `index/models/terms.npz`, `spellings.tsv.gz`, `readings.tsv.gz` | trained by this project | \
theirs, among them GeoNames (CC-BY-4.0) and JMnedict (CC-BY-SA-3.0): `index/training/README.md` |
| `index/models/words.npz` | the dictionary of jieba | MIT |
| `index/models/background.tsv.gz` | counts of terms in the same sources | `index/training/README.md` |
| `web/static/` | written for this project; no font, script or picture of others | Apache-2.0 |
"""


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package."""

    name: str
    version: str
    licence: str


def main(arguments: list[str] | None = None) -> int:
    """Write the list; 1 when a package names no licence."""
    parser = argparse.ArgumentParser(prog="python -m eval.licences", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "licences.md", metavar="FILE")
    options = parser.parse_args(arguments)
    packages = installed(required_names())
    options.out.write_text(_page(packages), encoding="utf-8", newline="\n")
    unknown = [package.name for package in packages if package.licence == _UNKNOWN]
    for name in unknown:
        print(f"{name} names no licence; look at its source and decide", file=sys.stderr)
    return 1 if unknown else 0


def required_names() -> list[str]:
    """Return what the requirements name themselves, extras included."""
    lines = [
        line.partition("#")[0].strip()
        for name in REQUIREMENTS
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    ]
    return [line for line in lines if line and not line.startswith("-")]


def installed(requirements: Iterable[str]) -> list[Package]:
    """Return the packages that requirements lead to on this machine, sorted by name."""
    found: dict[str, Package] = {}
    waiting = [(Requirement(text), frozenset[str]()) for text in requirements]
    seen = set[tuple[str, frozenset[str]]]()
    while waiting:
        requirement, extras = waiting.pop()
        wanted = [{"extra": extra} for extra in extras] or [{"extra": ""}]
        if requirement.marker and not any(requirement.marker.evaluate(item) for item in wanted):
            continue
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        try:
            package = distribution(name)
        except PackageNotFoundError:  # of another system, or an extra that is not installed
            continue
        found[name] = Package(package.metadata["Name"], package.version, licence_of(package))
        inner = frozenset(requirement.extras)
        waiting += [(Requirement(text), inner) for text in package.requires or ()]
    return [found[name] for name in sorted(found)]


def licence_of(package: Distribution) -> str:
    """Return what a package says: its expression, its classifiers, or its free text."""
    meta = package.metadata
    if "License-Expression" in meta:
        return str(meta["License-Expression"])
    classified = [
        line.rpartition(" :: ")[2]
        for line in meta.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if classified:
        return ", ".join(classified)
    text = re.sub(r"\\s+", " ", ", ".join(meta.get_all("License") or ())).strip()
    return text[:_LONGEST] if text and text.upper() != "UNKNOWN" else _UNKNOWN


def _page(packages: Iterable[Package]) -> str:
    rows = "\n".join(
        f"| {package.name} | {package.version} | {package.licence.replace('|', '/')} |"
        for package in packages
    )
    return (
        "# Licences\n\nWritten by `python -m eval.licences`; do not edit.\n\n"
        f"## What this repository holds\n\n{SHIPPED}\n## What it installs\n\n"
        f"As the packages state it.\n\n| package | version | licence |\n| --- | --- | --- |\n{rows}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
