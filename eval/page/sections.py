"""The parts of the report page above the list of cases, each a run → HTML."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from eval.compare import Comparison
from eval.intervals import Estimate
from eval.page.charts import Bar, BarGroup, stacked_bars
from eval.page.texts import (
    DIFFICULTIES,
    KINDS,
    LANGUAGES,
    LEADS,
    OUTCOMES,
    REASONS,
    VERDICT,
    both,
)
from eval.record import RunRecord, engine_of, languages_of
from eval.report import Group, find_group, latency_ms, outcome_of


def section(title: tuple[str, str], content: str, lead: str = "") -> str:
    """Return a titled part of the page; `lead` is HTML."""
    note = f'<p class="quiet">{lead}</p>' if lead else ""
    return f"<section><h2>{both(title)}</h2>{note}{content}</section>"


def header(record: RunRecord) -> str:
    """Say what was run, in one line, and what came of it, in one sentence."""
    facts = [
        f"{escape(record.cases)} · {record.num_cases} cases",
        escape(record.at.replace("T", " ").replace("+00:00", " UTC")),
        f"commit {escape(record.commit)}" if record.commit else "",
        f"{len(record.index['documents'])} reports, {record.index['num_chunks']} chunks",
        escape(engine_of(record)),
        escape(str(record.index["encoder"])),
    ]
    return (
        f"<h1>评测报告 <span class='en'>Evaluation report</span></h1>"
        f'<p class="quiet">{" · ".join(filter(None, facts))}</p>{_verdict(record)}'
    )


def _verdict(record: RunRecord) -> str:
    can = [r for r in record.results if r.answerable]
    cannot = [r for r in record.results if not r.answerable]
    right = _of_hundred(sum(r.passed for r in can), len(can))
    wrong = _of_hundred(sum(outcome_of(r) == "wrong" for r in can), len(can))
    refused = _of_hundred(sum(r.passed for r in cannot), len(cannot))
    zh, en = (text.format(right=right, wrong=wrong) for text in VERDICT["answerable"])
    if cannot:
        more = [text.format(refused=refused) for text in VERDICT["unanswerable"]]
        zh, en = zh + more[0], f"{en} {more[1]}"
    return f'<p class="lead">{zh}<br><span class="en">{en}</span></p>'


def _of_hundred(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else "–"


_TILES = (
    ("answerable", "passed", ("可用（有答案）", "usable, answerable")),
    ("unanswerable", "passed", ("如实拒答", "rightly declined")),
    ("all", "quotes_exact", ("引文逐字", "quotes exact")),
    ("all", "number_support", ("数字有据", "numbers supported")),
    ("all", "citation_recall", ("句子有据", "grounded sentences")),
    ("answerable", "recall@5", ("证据进前五", "evidence in the first 5 chunks")),
)


def tiles(record: RunRecord, groups: Sequence[Group], comparison: Comparison | None) -> str:
    """Show the figures that count most, per language, with interval and change."""
    parts = []
    for name, metric, title in _TILES:
        figures = [
            _figure(LANGUAGES[language][0], group.metrics[metric])
            for language in languages_of(record.results)
            if (group := find_group(groups, name, language)) and metric in group.metrics
        ]
        if figures:
            parts.append(f'<div class="tile">{both(title)}<div>{"".join(figures)}</div></div>')
    times = latency_ms(record.results)
    parts.append(
        f'<div class="tile">{both(("每答用时", "time per answer"))}<div><span>'
        f"<b>{times['median']:.0f} ms</b>"
        f"<i>p90 {times['p90']:.0f} · p99 {times['p99']:.0f}</i></span></div></div>"
    )
    if comparison:
        parts.append(_change_tile(comparison))
    return f'<div class="tiles">{"".join(parts)}</div>'


def _figure(tag: str, found: Estimate) -> str:
    return (
        f"<span><b>{100 * found.mean:.1f}<small>%</small></b>"
        f"<i>{tag} {100 * found.low:.0f}–{100 * found.high:.0f} · n={found.num}</i></span>"
    )


def _change_tile(comparison: Comparison) -> str:
    change = next(
        c.difference for c in comparison.changes if (c.metric, c.group) == ("passed", "all")
    )
    css = "up" if change.change > 0 else "down" if change.change < 0 else ""
    return (
        f'<div class="tile">{both(("较上次", "since the last run"))}'
        f'<div><span><b class="{css}">{100 * change.change:+.1f}</b>'
        f"<i>{change.better}↑ {change.worse}↓ · p={change.p:.3f}</i></span></div></div>"
    )


def legend() -> str:
    """Explain the colours of the outcome charts."""
    items = (f'<span><i class="swatch {n}"></i>{both(OUTCOMES[n])}</span>' for n in OUTCOMES)
    return f'<div class="legend">{"".join(items)}</div>'


def outcome_charts(record: RunRecord, groups: Sequence[Group]) -> str:
    """Draw what came of the questions, by kind, report and difficulty."""
    titles = {
        str(item["doc_id"]): (str(item["issuer"] or item["doc_id"]), str(item["title"]))
        for item in record.index["documents"]
    }
    charts = [
        ("kind", ("按题型", "By kind"), KINDS),
        ("document", ("按报告", "By report"), titles),
        ("difficulty", ("按难度", "By difficulty"), DIFFICULTIES),
    ]
    shown = []
    for dimension, title, labels in charts:
        mine = [group for group in groups if group.dimension == dimension]
        names = sorted({g.name for g in mine}, key=lambda name: [*labels, name].index(name))
        rows = [
            BarGroup(labels.get(name, (name, "")), tuple(_bar(g) for g in mine if g.name == name))
            for name in names
        ]
        chart = f'{legend()}<div class="chart">{stacked_bars(rows)}</div>'
        shown.append(section(title, chart, both(LEADS["kind"]) if dimension == "kind" else ""))
    return f'<div class="columns">{shown[0]}<div>{shown[1]}{shown[2]}</div></div>'


def _bar(group: Group) -> Bar:
    query = f"language={group.language}"
    if group.dimension in ("kind", "document"):
        query += f"&{group.dimension}={group.name}"
    usable = group.metrics["passed"].mean
    return Bar(
        tag=LANGUAGES[group.language][0],
        note=f"{100 * usable:.0f}% /{group.num}",
        counts=group.outcomes,
        query=query if group.dimension != "difficulty" else "",
    )


def reasons(record: RunRecord) -> str:
    """Draw why questions failed: what to repair first."""
    counts = Counter((r.reason, r.language) for r in record.results if r.reason)
    languages = languages_of(record.results)
    order = sorted(REASONS, key=lambda reason: -sum(counts[reason, code] for code in languages))
    rows = [
        BarGroup(
            REASONS[reason],
            tuple(
                Bar(
                    tag=LANGUAGES[language][0],
                    note=str(counts[reason, language]),
                    counts={
                        "declined" if reason == "declined" else "wrong": counts[reason, language]
                    },
                    query=f"reason={reason}&language={language}",
                )
                for language in languages
            ),
        )
        for reason in order
        if any(counts[reason, language] for language in languages)
    ]
    return section(
        ("错在哪一步", "Where it went wrong"),
        f'<div class="chart">{stacked_bars(rows, absolute=True)}</div>',
        both(LEADS["reasons"]),
    )
