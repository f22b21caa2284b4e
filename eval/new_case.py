"""Write a case: asked for step by step, checked before it is kept.

python -m eval new [--to FILE] [--feedback index/built/feedback.jsonl] [--votes bad]

With --feedback every vote of the web page is offered, its question filled in. A case may be in one
language only. Enter alone leaves something out; Ctrl-D stops, and what was kept stays.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.schema import Document
from eval.cases import KINDS, CaseError, load_cases, read_record
from eval.checker import check_cases
from eval.places import Sources
from rag.pipeline import Pipeline, ensure_index
from rag.settings import Settings

OWN_CASES = Path("my-cases.jsonl")

Ask = Callable[[str], str]
"""Prompt → what the user typed. Raises EOFError when there is no more."""


def new_command(arguments: Sequence[str]) -> tuple[int, str]:
    """Ask for cases and append those that pass the checks to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m eval new",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--to", type=Path, default=OWN_CASES, help=f"default {OWN_CASES}")
    parser.add_argument("--feedback", type=Path, help="votes of the web page to go through")
    parser.add_argument("--votes", choices=("good", "bad", "all"), default="bad")
    options = parser.parse_args(arguments)
    votes = list(read_votes(options.feedback, options.votes)) if options.feedback else [{}]
    settings = Settings.from_env(
        {k: v for k, v in os.environ.items() if not k.startswith("RAG_LLM")}
    )
    ensure_index(settings)
    pipeline = Pipeline.load(settings)
    documents = {entry.doc_id: pipeline.document(entry.doc_id) for entry in pipeline.documents()}
    kept = 0
    try:
        for vote in votes:
            kept += int(write_case(_ask_terminal, documents, options.to, vote))
    except EOFError:
        pass
    said = f"{kept} 题已写入 / cases written to {options.to}"
    return 0, f"{said}\npython -m eval --cases {options.to}" if kept else said


def _ask_terminal(prompt: str) -> str:
    return input(f"{prompt}\n> ").strip()


def read_votes(path: Path, wanted: str) -> Iterator[dict[str, Any]]:
    """Yield the votes of a feedback file as web/feedback.py writes them; each question once.

    Raises:
        CaseError: There is no such file, or a line is no vote.
    """
    if not path.is_file():
        raise CaseError(
            f"{path}: no such file; the web page writes feedback.jsonl beside its index"
        )
    seen = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            vote = json.loads(line)
            question, fits = vote["question"], wanted in ("all", vote["vote"])
        except (ValueError, KeyError, TypeError) as error:
            raise CaseError(f"{path}:{number}: not a vote ({error!r})") from error
        if fits and question not in seen:
            seen.add(question)
            yield vote


def write_case(
    ask: Ask, documents: Mapping[str, Document], path: Path, vote: Mapping[str, Any]
) -> bool:
    """Ask for one case and append it to a file; say whether it was kept.

    What is wrong with it is shown, and it is not kept.

    Raises:
        EOFError: The user stopped.
    """
    if vote:
        said = f"问 / asked: {vote['question']}\n答 / answer: {vote['answer']}"
        comment = f"\n评 / comment: {vote['comment']}" if vote.get("comment") else ""
        if ask(f"{said}{comment}\n做成题吗？ / make it a case? [Y/n]").lower() in ("n", "no"):
            return False
    existing = load_cases(path) if path.is_file() else []
    questions = _ask_questions(ask, vote)
    record: dict[str, Any] = {
        "id": f"my-{len(existing) + 1:03d}",
        "kind": "unanswerable",
        "split": "own",
        "questions": questions,
        "answerable": False,
        "facts": [],
        "evidence": [],
    }
    if ask("报告里有答案吗？ / do the reports answer it? [Y/n]").lower() not in ("n", "no"):
        record["answerable"] = True
        record["kind"] = _ask_kind(ask)
        if record["kind"] == "yes_no":
            record["polarity"] = ask("是还是否？ / which is right, yes or no?").lower()
        record["facts"] = _ask_facts(ask, list(questions))
        record["evidence"] = _ask_evidence(ask, documents)
    (case,) = read_record(record)
    problems = [
        p for case_id, p in check_cases([*existing, case], documents) if case_id == case.case_id
    ]
    if problems:
        ask("没有保存 / not kept:\n- " + "\n- ".join(problems) + "\n[Enter]")
        return False
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return True


def _ask_questions(ask: Ask, vote: Mapping[str, Any]) -> dict[str, str]:
    given = {str(vote["language"]): str(vote["question"])} if vote else {}
    prompts = {
        "zh": "中文问题 / the question in Chinese",
        "en": "英文问题 / the question in English",
    }
    for code, prompt in prompts.items():
        if code not in given and (text := ask(f"{prompt} [Enter: -]")):
            given[code] = text
    return given


def _ask_kind(ask: Ask) -> str:
    kinds = [kind for kind in KINDS if kind not in ("unanswerable", "conversation")]
    listed = "  ".join(f"{number} {kind}" for number, kind in enumerate(kinds, start=1))
    said = ask(f"题型 / kind: {listed}")
    if said.isdigit() and 1 <= int(said) <= len(kinds):
        return kinds[int(said) - 1]
    return said or "number"


def _ask_facts(ask: Ask, codes: Sequence[str]) -> list[dict[str, list[str]]]:
    """Ask for facts until one is left out; forms of a fact are separated by |."""
    names = {"zh": "中文", "en": "English"}
    facts: list[dict[str, list[str]]] = []
    while True:
        fact: dict[str, list[str]] = {}
        for code in codes:
            said = ask(
                f"事实 {len(facts) + 1} / fact {len(facts) + 1}, {names[code]}: 可接受的写法，用 | 分开 / "
                "accepted forms, separated by |  [Enter: 完 / done]"
            )
            if not said and not fact:
                return facts
            fact[code] = [form.strip() for form in said.split("|") if form.strip()]
        facts.append(fact)


def _ask_evidence(ask: Ask, documents: Mapping[str, Document]) -> list[dict[str, str]]:
    """Ask for quotes until one is left out; each is looked up, so no document need be named."""
    sources = Sources(documents.__getitem__)
    found: list[dict[str, str]] = []
    while quote := ask(
        "证据：从报告里抄一段原文 / evidence: copy it from the report  [Enter: 完 / done]"
    ):
        holders = [doc_id for doc_id in documents if sources.source(doc_id).find(quote)]
        if not holders:
            ask(
                "报告里找不到这段原文，请照抄 / no report holds this text; copy it exactly  [Enter]"
            )
            continue
        doc_id = holders[0]
        if len(holders) > 1:
            listed = "  ".join(
                f"{n} {documents[d].metadata.title}" for n, d in enumerate(holders, 1)
            )
            said = ask(f"哪份报告？ / which report? {listed}")
            doc_id = (
                holders[int(said) - 1]
                if said.isdigit() and 1 <= int(said) <= len(holders)
                else doc_id
            )
        span = {"doc_id": doc_id, "quote": quote}
        source = sources.source(doc_id)
        if any(source.row_at(place.start) for place in source.find(quote)):
            for key, name in (("row", "行名 / row label"), ("column", "列名 / column label")):
                if said := ask(f"{name} [Enter: -]"):
                    span[key] = said
        found.append(span)
    return found
