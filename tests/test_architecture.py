"""The layers, the names and the weight of the packages."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rag

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "corpus": set(),
    "index": {"corpus"},
    "rag": {"corpus", "index"},
    "eval": {"corpus", "index", "rag"},
    "web": {"corpus", "index", "rag"},
}
OWN = {*MAY_IMPORT, "app", "tests"}
HEAVY = {
    "torch": "an encoder that is a model",
    "sentence_transformers": "an encoder that is a model",
    "transformers": "an encoder that is a model",
    "faiss": "an index that is opened",
    "gradio": "the web page",
    "langchain": "a language model",
    "langchain_core": "a language model",
    "openai": "a language model",
    "pdfplumber": "a PDF",
    "pypdf": "a PDF",
    "pypdfium2": "a PDF",
    "requests": "the network",
    "httpx": "the network",
    "httpx2": "the network",
    "pymilvus": "an index in a Milvus",
    "grpc": "an index in a Milvus",
    "aiohttp": "the network",
    "urllib3": "the network",
}
"""What an answer without a model needs none of at import, and what it is loaded for instead."""


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported_packages(path: Path) -> set[str]:
    """Return our own top-level packages that a module imports, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.relative_to(ROOT)}: relative import"
            names.add((node.module or "").split(".")[0])
    return names & OWN


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_the_layers_below_it(package: str) -> None:
    assert modules(package)
    for path in modules(package):
        forbidden = imported_packages(path) - MAY_IMPORT[package] - {package}
        assert not forbidden, f"{path.relative_to(ROOT)} imports {sorted(forbidden)}"


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_module_takes_the_name_of_a_standard_one(package: str) -> None:
    for path in modules(package):
        assert path.stem not in sys.stdlib_module_names, path.relative_to(ROOT)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_module_has_a_name_that_says_nothing(package: str) -> None:
    for path in modules(package):
        assert path.stem not in {"utils", "util", "helpers", "common", "core", "base", "misc"}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_every_module_says_what_it_is_for(package: str) -> None:
    for path in modules(package):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_nothing_on_disk_is_unpickled() -> None:
    for package in MAY_IMPORT:
        for path in modules(package):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {
                alias.name.split(".")[0]
                for node in ast.walk(tree)
                if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in node.names
            } | {
                (node.module or "").split(".")[0]
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
            }
            assert not names & {"pickle", "shelve", "marshal", "dill", "joblib"}, path
            allowed = [
                keyword
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                for keyword in node.keywords
                if keyword.arg in ("allow_pickle", "allow_dangerous_deserialization")
                and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
            ]
            assert not allowed, path


def test_the_public_names_are_these() -> None:
    assert rag.__all__ == [
        "Answer",
        "AnswerStatus",
        "AssistantError",
        "Citation",
        "Language",
        "Pipeline",
        "Settings",
        "answer",
    ]
    assert all(hasattr(rag, name) for name in rag.__all__)


def test_the_fields_of_a_citation_are_these() -> None:
    assert list(rag.Citation.__dataclass_fields__) == [
        "marker", "quote", "doc_id", "title", "issuer", "date", "page", "section", "start", "end",
        "translation",
    ]  # fmt: skip


def test_the_statuses_compare_equal_to_their_names() -> None:
    assert [str(status) for status in rag.AnswerStatus] == [
        "answered",
        "not_in_corpus",
        "unsupported",
    ]
    assert rag.AnswerStatus.ANSWERED == "answered"


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_the_front_door_loads_nothing_heavy() -> None:
    loaded = loaded_by("import rag") & HEAVY.keys()
    assert not loaded, {name: f"is for {HEAVY[name]}" for name in sorted(loaded)}


@pytest.mark.parametrize("module", ["index.__main__", "rag.__main__", "eval.__main__"])
def test_a_command_shows_its_help_without_anything_heavy(module: str) -> None:
    loaded = loaded_by(f"import {module}") & HEAVY.keys()
    assert not loaded, {name: f"is for {HEAVY[name]}" for name in sorted(loaded)}
