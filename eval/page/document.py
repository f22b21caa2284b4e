"""A record → one self-contained HTML page. Nothing is fetched; scripts only filter the list."""

from importlib import resources

from eval.compare import Comparison
from eval.page import comparisons, sections
from eval.page.case_list import case_list
from eval.record import RunRecord
from eval.report import summarise

# The page holds text of reports: whatever stands in it, nothing is loaded and nothing is sent.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def render_page(record: RunRecord, comparison: Comparison | None = None) -> str:
    """Return the page of a run; `comparison` is with the last run before it."""
    groups = summarise(record.results)
    parts = [
        sections.header(record),
        sections.tiles(record, groups, comparison),
        '<div class="columns">',
        sections.reasons(record),
        comparisons.changes(comparison),
        "</div>",
        sections.outcome_charts(record, groups),
        comparisons.baselines(record, groups),
        '<div class="columns">',
        comparisons.trust(record),
        comparisons.latency(record),
        "</div>",
        case_list(record, comparison),
        comparisons.metric_table(record, groups),
    ]
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        "<title>评测报告 · Evaluation report</title>"
        f"<style>{_asset('style.css')}</style></head><body><main>{''.join(parts)}</main>"
        f"<script>{_asset('filter.js')}</script></body></html>\n"
    )


def _asset(name: str) -> str:
    return resources.files("eval.page").joinpath(name).read_text(encoding="utf-8")
