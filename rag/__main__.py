"""Ask one question: python -m rag "question" [--json] [--issuer NAME]…; or --check-llm."""

import argparse
import json
import os
import sys
from dataclasses import asdict

from corpus.errors import AssistantError
from index.filters import Filters
from index.place import PREFIX
from rag.llm.checking import check_model
from rag.pipeline import Pipeline, encoder_of, ensure_index
from rag.schema import Answer
from rag.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Answer the question on the command line; 0 also for an abstention, 1 for an error."""
    parser = argparse.ArgumentParser(prog="python -m rag", description=__doc__)
    parser.add_argument("question", nargs="?")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    parser.add_argument(
        "--index", metavar="PLACE", help="index folder (RAG_INDEX_DIR), or milvus:URI (RAG_STORE)"
    )
    limits = parser.add_argument_group("read only some of the reports")
    limits.add_argument(
        "--issuer", action="append", default=[], metavar="NAME", help="of this broker; repeatable"
    )
    limits.add_argument("--document", action="append", metavar="DOC", help="this id; repeatable")
    limits.add_argument("--since", default="", metavar="DATE", help="2023, 2023-11 or 2023-11-15")
    limits.add_argument("--until", default="", metavar="DATE", help="as --since; included")
    parser.add_argument(
        "--check-llm", action="store_true", help="say which language model is set up, and try it"
    )
    options = parser.parse_args(arguments)
    if options.question is None and not options.check_llm:
        parser.error("the following arguments are required: question")
    env = dict(os.environ)
    if options.index:
        name = "RAG_STORE" if options.index.startswith(PREFIX) else "RAG_INDEX_DIR"
        env |= {"RAG_STORE": "", name: options.index}
    try:
        settings = Settings.from_env(env)
        filters = _filters(options)
        if options.check_llm:
            for line in check_model(settings):
                print(line, flush=True)
            return 0
        encoder = encoder_of(settings)
        ensure_index(settings, encoder)
        pipeline = Pipeline.load(settings, encoder=encoder)
        reply = pipeline.answer(options.question, filters=filters)
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(asdict(reply), ensure_ascii=False, indent=2))
    else:
        print(format_answer(reply))
    return 0


def _filters(options: argparse.Namespace) -> Filters | None:
    """Return what the command line limits the reports to, None for nothing.

    Raises:
        FilterError: A date is none, or the dates end before they begin.
    """
    if not (options.issuer or options.document or options.since or options.until):
        return None
    return Filters(
        documents=frozenset(options.document) if options.document else None,
        issuers=frozenset(options.issuer),
        date_from=options.since,
        date_to=options.until,
    )


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
