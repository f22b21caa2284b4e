"""Ask one question: python -m rag "question" [--json]."""

import argparse
import json
import os
import sys
from dataclasses import asdict

from corpus.errors import AssistantError
from rag.pipeline import Pipeline, ensure_index
from rag.schema import Answer
from rag.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Answer the question on the command line; 0 also for an abstention, 1 for an error."""
    parser = argparse.ArgumentParser(prog="python -m rag", description=__doc__)
    parser.add_argument("question")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    parser.add_argument("--index", metavar="DIR", help="index folder (RAG_INDEX_DIR)")
    options = parser.parse_args(arguments)
    env = dict(os.environ)
    if options.index:
        env["RAG_INDEX_DIR"] = options.index
    try:
        settings = Settings.from_env(env)
        ensure_index(settings)
        reply = Pipeline.load(settings).answer(options.question)
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(asdict(reply), ensure_ascii=False, indent=2))
    else:
        print(format_answer(reply))
    return 0


def format_answer(reply: Answer) -> str:
    """Return an answer as text for a terminal: the answer, then its citations."""
    lines = [reply.text]
    for citation in reply.citations:
        source = " · ".join(filter(None, [citation.issuer, citation.title, citation.date]))
        page = f" · p. {citation.page}" if citation.page else ""
        lines += ["", f"[{citation.marker}] {source}{page}", f"    “{citation.quote}”"]
    for nearest in reply.nearest:
        lines += ["", f"≈ {nearest.title}", f"    {nearest.text[:160]}"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
