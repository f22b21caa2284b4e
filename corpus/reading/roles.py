"""Which blocks are evidence and which are cover matter, contents or boilerplate."""

import re
from collections.abc import Sequence

from corpus.language import HAN
from corpus.reading.structure import (
    BOILERPLATE_HEADING,
    FRONT_LINE,
    heading_key,
    heading_level,
    is_contents_entry,
    looks_like_heading,
)
from corpus.schema import Block, BlockKind, Role

_CONTENTS_HEADING = re.compile(
    r"(?:正文|内容|图表|图|表格?|插图)?(?:目\s*录)|(?:table of )?contents|list of (?:figures|tables)",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(
    r"(?:发布日期|报告日期|日期|Date)?\s*[:：]?\s*(?:20\d{2}\s*[年./-]\s*\d{1,2}\s*(?:[月./-]\s*\d{0,2}\s*日?)?|"
    r"\d{1,2}\s+[A-Z][a-z]{2,8}\s+20\d{2}|[A-Z][a-z]{2,8}\s+\d{1,2},?\s+20\d{2})$"
)
_RELATED_REPORT = re.compile(r".{8,}[\s（(]*20\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?[)）]?$")
_PERSON = re.compile(
    rf"(?:[{HAN}]{{2,4}}|[A-Z][a-z]+(?: [A-Z][a-z]+){{1,2}})(?:\s*[,，]\s*[A-Z]{{2,5}})*$"
)


def assign_roles(text: str, blocks: Sequence[Block]) -> list[Role]:
    """Return the role of every block, in order."""
    lines = [text[block.start : block.end] for block in blocks]
    roles = [Role.CONTENT] * len(blocks)
    for rule in (_mark_front, _mark_contents, _mark_boilerplate):
        rule(blocks, lines, roles)
    return roles


def _mark_front(blocks: Sequence[Block], lines: Sequence[str], roles: list[Role]) -> None:
    for position, (block, line) in enumerate(zip(blocks, lines, strict=True)):
        if block.table or len(line) > 160 or block.kind is BlockKind.HEADING:
            continue
        if FRONT_LINE.match(line) or _DATE_LINE.match(line) or _RELATED_REPORT.match(line):
            roles[position] = Role.FRONT
    for position, line in enumerate(lines):
        # A name alone is cover matter when its neighbour says that it is an analyst's.
        near = roles[max(0, position - 1) : position + 2]
        if Role.FRONT in near and _PERSON.match(line.strip()) and blocks[position].level == 0:
            roles[position] = Role.FRONT


def _mark_contents(blocks: Sequence[Block], lines: Sequence[str], roles: list[Role]) -> None:
    headings = {heading_key(line) for block, line in zip(blocks, lines, strict=True) if block.level}
    in_contents = False
    run: list[int] = []  # positions of numbered lines that may be the entries of a contents page
    for position, (block, line) in enumerate(zip(blocks, lines, strict=True)):
        if block.kind is BlockKind.HEADING:
            in_contents = bool(_CONTENTS_HEADING.fullmatch(line.strip(" :：")))
        if in_contents or is_contents_entry(line):
            roles[position] = Role.CONTENTS
        is_entry = block.kind in (BlockKind.LIST_ITEM, BlockKind.PARAGRAPH) and (
            heading_level(line) is not None and len(line) < 80
        )
        if is_entry:
            run.append(position)
        if run and (not is_entry or position == len(blocks) - 1):
            known = sum(heading_key(lines[entry]) in headings for entry in run)
            if known * 2 >= len(run):
                for entry in run:
                    roles[entry] = Role.CONTENTS
            run = []


def _mark_boilerplate(blocks: Sequence[Block], lines: Sequence[str], roles: list[Role]) -> None:
    """Mark from a boilerplate heading to the end, or to the next numbered heading of the body."""
    inside = False
    for position, (block, line) in enumerate(zip(blocks, lines, strict=True)):
        short = block.kind is BlockKind.HEADING or looks_like_heading(line)
        if short and BOILERPLATE_HEADING.match(line.strip()):
            # "investment rating: outperform" on the cover is no definition of ratings.
            inside = inside or block.kind is BlockKind.HEADING or position * 2 > len(blocks)
        elif inside and block.kind is BlockKind.HEADING and heading_level(line):
            inside = False
        if inside:
            roles[position] = Role.BOILERPLATE
