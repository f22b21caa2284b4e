"""The lock file pins, with hashes, what requirements.txt asks for, and names no machine."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from eval.licences import installed, required_names

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def locked() -> dict[str, set[str]]:
    """Return name → versions; a package may have one for each system."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", LOCK, re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


@pytest.mark.parametrize("text", required_names())
def test_the_lock_has_what_the_requirements_pin(text: str) -> None:
    requirement = Requirement(text)
    (version,) = [spec.version for spec in requirement.specifier]
    assert version in locked()[canonicalize_name(requirement.name)]


def test_every_locked_package_has_a_hash() -> None:
    entries = re.split(r"\n(?=[\w.-]+(?:\[[^\]]*\])?==)", LOCK.strip())
    assert len(entries) > 100
    for entry in entries:
        assert "--hash=sha256:" in entry, entry[:80]


def test_the_lock_names_no_registry_and_no_path() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert "--find-links" not in LOCK
    assert " @ " not in LOCK


def test_every_package_that_is_installed_is_locked_and_in_the_list_of_licences() -> None:
    listed = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    for package in installed(required_names()):
        assert canonicalize_name(package.name) in locked(), package
        assert f"| {package.name} | " in listed, f"run python -m eval.licences: {package}"
