"""The parts of the page that set figures side by side: runs, baselines, languages, metrics."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from eval.catalogue import BY_NAME, METRICS
from eval.compare import Comparison
from eval.intervals import Estimate
from eval.page.charts import Dot, curves, dot_plot, histogram, reliability
from eval.page.sections import section
from eval.page.texts import KINDS, LANGUAGES, LEADS, both, plain
from eval.record import RunRecord, languages_of
from eval.report import Group, calibration, find_group, parity

# Only this many kinds fit the chart of changes; the table of the terminal has all.
_MAX_CHANGES = 30


def changes(comparison: Comparison | None) -> str:
    """Draw what rose and what fell since the last run."""
    title = ("较上次的变化", "Since the last run")
    if comparison is None:
        return section(title, f"<p>{both(LEADS['no_changes'])}</p>")
    dots: list[Dot] = []
    for change in comparison.changes[:_MAX_CHANGES]:
        found = change.difference
        # What stayed as it was needs no row, but for the first: that nothing changed is news too.
        if dots and not found.better + found.worse:
            continue
        css = "series5" if found.p >= 0.05 else "series0" if found.change > 0 else "series1"
        note = f"{100 * found.change:+.1f} ({found.better}↑{found.worse}↓)"
        label = _change_label(change.group, change.metric)
        dots.append(Dot(label, css, found.change, found.low, found.high, note))
    edge = max((max(abs(d.low), abs(d.high)) for d in dots), default=0.1) or 0.1
    lead = (
        f"{both(LEADS['changes'])} "
        f'<a href="#cases" data-query="change=worse">变差 worse: {len(comparison.worse)}</a> · '
        f"变好 better: {len(comparison.better)}"
    )
    return section(title, f'<div class="chart">{dot_plot(dots, low=-edge, high=edge)}</div>', lead)


def _change_label(group: str, metric: str) -> str:
    if group == "all":
        return plain((BY_NAME[metric].zh, BY_NAME[metric].en))[:28]
    language, _, kind = group.partition(" ")
    named = KINDS.get(kind, ("全部", "all"))
    return f"{named[0]} {named[1]} · {LANGUAGES[language][0]}"


def trust(record: RunRecord) -> str:
    """Draw calibration, and say how languages compare."""
    found = calibration(record.results)
    gap = parity(record.results)
    text = ""
    if found.num:
        text = f"<p>{both(('校准误差', 'calibration error'))} {found.error:.3f} · "
        text += f"Brier {found.brier:.3f} · n={found.num}</p>"
    if gap.num:
        text += (
            f"<p>{both(('英文减中文', 'English minus Chinese'))} {100 * gap.change:+.1f} "
            f"[{100 * gap.low:+.1f}, {100 * gap.high:+.1f}] · "
            f"仅中文对 {gap.worse} · 仅英文对 {gap.better} "
            "<span class='en'>right in Chinese only, in English only</span></p>"
        )
    return section(
        ("把握与语言", "Confidence and languages"),
        f'{text}<div class="chart">{reliability(found)}</div>',
        both(LEADS["trust"]),
    )


def latency(record: RunRecord) -> str:
    """Draw the time per answer."""
    chart = histogram([result.ms for result in record.results])
    return section(
        ("用时", "Time per answer"), f'<div class="chart">{chart}</div>', both(LEADS["latency"])
    )


def baselines(record: RunRecord, groups: Sequence[Group]) -> str:
    """Draw the baselines of the same run beside the assistant; "" without any."""
    if not record.baselines:
        return ""
    shown = []
    for language in languages_of(record.results):
        mine = [item for item in record.baselines if item["language"] == language]
        group = find_group(groups, "answerable", language)
        whole = find_group(groups, "all", language)
        if group is None or whole is None:
            continue
        lines = {"本助手 this assistant": _curve(group.metrics)}
        lines |= {
            str(item["name"]): _curve(_estimates(item))
            for item in mine
            if item["measures"] == "retrieval"
        }
        dots = [_dot("本助手 this assistant", whole.metrics["passed"], "series0")]
        dots += [
            _dot(str(item["name"]), _estimates(item)["passed"], f"series{number + 1}")
            for number, item in enumerate(i for i in mine if i["measures"] == "answers")
        ]
        spoken = both(LANGUAGES[language])
        found = both(("检索：证据召回", "retrieval: evidence found"))
        usable = both(("回答：可用，含拒答题", "answers: usable, all questions"))
        shown.append(
            f'<h3>{spoken} · {found}</h3><div class="chart">{curves(lines)}</div>'
            f'<h3>{spoken} · {usable}</h3><div class="chart">{dot_plot(dots)}</div>'
        )
    notes = dict.fromkeys(f"{item['name']}: {item['note']}" for item in record.baselines)
    text = "".join(f"<p class='quiet'>{escape(note)}</p>" for note in notes)
    columns = "".join(f"<div>{item}</div>" for item in shown)
    return section(
        ("与基线相比", "Beside baselines"), f'<div class="columns">{columns}</div>{text}'
    )


def _estimates(item: Mapping[str, Any]) -> dict[str, Estimate]:
    return {name: Estimate(*values) for name, values in item["metrics"].items()}


def _curve(metrics: Mapping[str, Estimate]) -> list[tuple[int, Estimate]]:
    return [(k, metrics[f"recall@{k}"]) for k in (1, 5, 10)]


def _dot(label: str, found: Estimate, css: str) -> Dot:
    return Dot(label[:30], css, found.mean, found.low, found.high, f"{100 * found.mean:.1f}%")


def metric_table(record: RunRecord, groups: Sequence[Group]) -> str:
    """Show every metric in both languages with its definition."""
    languages = languages_of(record.results)
    heads = "".join(
        f'<th class="number">{both(LANGUAGES[language])}</th>' for language in languages
    )
    rows = []
    for metric in METRICS:
        cells = []
        for language in languages:
            group = find_group(groups, "all", language)
            found = group.metrics.get(metric.name) if group else None
            cells.append(f'<td class="number">{_interval(found)}</td>')
        rows.append(
            f"<tr><td>{both((metric.zh, metric.en))}</td>{''.join(cells)}"
            f"<td>{escape(metric.definition)}</td></tr>"
        )
    defined = both(("定义", "definition"))
    table = f"<table><tr><th></th>{heads}<th>{defined}</th></tr>{''.join(rows)}</table>"
    return section(
        ("全部指标", "Every metric"), f'<div class="scroll">{table}</div>', both(LEADS["metrics"])
    )


def _interval(found: Estimate | None) -> str:
    if found is None:
        return "–"
    return f"<b>{found.mean:.3f}</b> [{found.low:.3f}, {found.high:.3f}] <span class='en'>n={found.num}</span>"
