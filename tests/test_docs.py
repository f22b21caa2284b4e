"""What the README says is there, and what is there is in the README."""

import ast
import re
import subprocess
from dataclasses import fields
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from rag.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = {"index": ("build", "add", "remove", "list", "check", "migrate"), "rag": (), "eval": ()}


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):(?!=)", MAKEFILE, re.MULTILINE))


def test_every_make_target_in_the_readme_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", README))
    assert {"app", "ask", "test"} <= named
    assert named <= make_targets()


def test_make_help_lists_every_target() -> None:
    described = set(re.findall(r"^([a-z][a-z-]*):[^\n#]*## \S", MAKEFILE, re.MULTILINE))
    assert described == make_targets()


def test_every_python_command_in_the_readme_exists() -> None:
    named = re.findall(r"-m (index|rag|eval)\b(?: ([a-z]+)\b)?", README)
    assert {module for module, _ in named} == COMMANDS.keys()
    for module, command in named:
        assert not command or not COMMANDS[module] or command in COMMANDS[module], (module, command)
    assert {command for module, command in named if module == "index"} >= set(COMMANDS["index"])


@pytest.mark.parametrize("module", COMMANDS)
def test_every_command_shows_its_help(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    main = import_module(f"{module}.__main__").main
    for command in COMMANDS[module] or ("",):
        with pytest.raises(SystemExit) as stopped:
            main([*command.split(), "--help"])
        assert stopped.value.code == 0
        assert "usage:" in capsys.readouterr().out


@pytest.mark.parametrize("package", ["corpus", "index", "rag", "eval", "web"])
def test_every_module_is_in_the_list_of_files(package: str) -> None:
    listed = set(re.findall(r"`([\w./-]+)`", README))
    for path in sorted((ROOT / package).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if path.name == "__init__.py":
            continue
        # A subpackage is one line of the list; its own docstrings say more.
        above = {f"{parent.as_posix()}/" for parent in Path(name).parents} - {f"{package}/", "./"}
        assert name in listed or above & listed, f"{name} is not in README.md"


def test_every_file_that_the_readme_lists_exists() -> None:
    tops = ("corpus", "index", "rag", "eval", "web", "docs", "tests")
    for name in re.findall(rf"`((?:{'|'.join(tops)})/[\w./-]*)`", README):
        if not name.startswith(("index/built", "eval/results")):  # made on the way, not in git
            assert (ROOT / name).exists(), name


def test_every_link_to_a_file_leads_somewhere() -> None:
    for name in re.findall(r"\]\((?!https?:|#)([^)#]+)", README):
        assert (ROOT / name).exists(), name


def variables_in_code() -> set[str]:
    """Return every RAG_… name that a module of ours reads or speaks of."""
    files = [ROOT / "app.py"]
    for package in ("corpus", "index", "rag", "eval", "web"):
        files += (ROOT / package).rglob("*.py")
    texts = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    return {name for text in texts for name in re.findall(r"\bRAG_[A-Z_]*[A-Z]\b", text)}


SETTINGS = {f"RAG_{field.name.upper()}" for field in fields(Settings)}


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    assert set(re.findall(r"\bRAG_[A-Z_]*[A-Z]\b", README)) == SETTINGS | variables_in_code()


@pytest.mark.parametrize("name", sorted(variables_in_code()))
def test_a_variable_that_one_module_reads_is_no_unknown_setting_to_another(name: str) -> None:
    values = {
        "RAG_TOP_K": "5",
        "RAG_MAX_QUESTION_CHARS": "500",
        "RAG_LLM_CONTEXT_TOKENS": "900",
        "RAG_LLM_TIMEOUT_S": "9.5",
        "RAG_LLM_DEADLINE_S": "20",
        "RAG_ENCODER_BATCH_SIZE": "8",
    }
    Settings.from_env({name: values.get(name, "value:of-it")})


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs/architecture.md",
                                  "corpus/documents/SOURCES.md", "Makefile"])  # fmt: skip
def test_no_path_of_one_machine_is_written_down(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(?:work|home|root|Users|tmp)/", text)


def test_every_shipped_report_is_in_the_sources() -> None:
    folder = ROOT / "corpus" / "documents"
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8")
    for path in folder.iterdir():
        assert path.name in sources or path.name == "SOURCES.md"


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-milvus.txt"]
)
def test_every_requirement_is_pinned(name: str) -> None:
    for line in (ROOT / name).read_text(encoding="utf-8").split("\n"):
        stated = line.split("#")[0].strip()
        assert not stated or stated.startswith("-r ") or "==" in stated, line


def imported_modules() -> set[str]:
    """Return the top-level modules that our code imports, inside functions too."""
    found = set()
    for package in ("corpus", "index", "rag", "eval", "web"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    found.add((node.module or "").split(".")[0])
    return found


def test_every_package_that_the_code_imports_is_required() -> None:
    required = "\n".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in ("requirements.txt", "requirements-milvus.txt", "requirements-metrics.txt")
    )
    pinned = {
        name.lower().replace("_", "-")
        for name in re.findall(r"^([\w.-]+)(?:\[\w+\])?==", required, re.MULTILINE)
    }
    distributions = packages_distributions()
    # What is not installed here is optional, and imported where its absence is handled.
    for module in sorted(imported_modules() & distributions.keys()):
        names = {name.lower().replace("_", "-") for name in distributions[module]}
        assert names & pinned, f"{module} is imported; add one of {sorted(names)}"


def test_make_runs_with_python3_alone() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_module_of_the_answer_engine_is_described() -> None:
    described = set(
        re.findall(
            r"`(rag/[\w/]+\.py)`", (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
        )
    )
    modules = {
        path.relative_to(ROOT).as_posix()
        for package in ("questions", "evidence", "composing")
        for path in (ROOT / "rag" / package).glob("*.py")
        if path.name != "__init__.py"
    }
    assert described >= modules
    assert all((ROOT / name).is_file() for name in described)
