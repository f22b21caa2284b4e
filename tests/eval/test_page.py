"""The report page: self-contained, escaped, complete, and silent about held-out cases."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from eval.cases import KINDS as CASE_KINDS
from eval.compare import compare_runs
from eval.intervals import Estimate, calibrate
from eval.page.case_list import case_list
from eval.page.charts import (
    Bar,
    BarGroup,
    Dot,
    curves,
    dot_plot,
    histogram,
    reliability,
    stacked_bars,
)
from eval.page.document import render_page
from eval.page.texts import KINDS, OUTCOMES, REASONS
from eval.reasons import Reason
from eval.record import Quote, Texts
from eval.report import OUTCOMES as OUTCOME_NAMES
from tests.eval.made import EN, result, run

HOSTILE = '<script>alert("x")</script> & "quotes" \'too\''
TEXTS = Texts(
    question=f"多少？{HOSTILE}",
    history=("先问",),
    answer=f"187亿元 {HOSTILE}",
    error="",
    wanted=((("453亿", HOSTILE), False), (("187亿",), True)),
    min_facts=1,
    quotes=(Quote("报告", HOSTILE, "p. 3", "in English"),),
    nearest=(Quote("报告", "附近", ""),),
    evidence=(Quote("报告", "证据原文", "行 × 列"),),
)
RECORD = run(
    replace(result("a", passed=False), texts=TEXTS),
    replace(
        result("b", passed=False, language=EN, status="not_in_corpus", reason="declined"),
        texts=TEXTS,
    ),
    replace(result("u", passed=False, answerable=False, reason="false_answer"), texts=TEXTS),
    replace(result("ok", passed=True), texts=TEXTS),
)
BASELINE = {
    "name": "BM25", "measures": "retrieval", "note": "n", "language": "zh",
    "metrics": {f"recall@{k}": [0.5, 0.4, 0.6, 9] for k in (1, 5, 10)},
}  # fmt: skip
TRIVIAL = {
    "name": "always decline", "measures": "answers", "note": "n", "language": "zh",
    "metrics": {"passed": [0.2, 0.1, 0.3, 9]},
}  # fmt: skip


class Checker(HTMLParser):
    """Collects tags and attributes, and whether tags that must be closed are."""

    VOID = frozenset({"meta", "br", "input"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page() -> str:
    earlier = run(result("a", passed=True), result("b", passed=False, language=EN))
    record = replace(RECORD, baselines=(BASELINE, TRIVIAL))
    return render_page(record, compare_runs(earlier, record))


def test_the_page_is_well_formed_and_fetches_nothing(page: str) -> None:
    checked = Checker(page)
    assert not checked.open
    for tag, attributes in checked.tags:
        assert tag not in {"link", "img", "iframe", "object"}, tag
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    assert "default-src 'none'" in page
    assert not re.search(r"url\(|@import|https?:", page)


def test_texts_of_reports_cannot_become_markup(page: str) -> None:
    assert HOSTILE not in page
    assert "alert(&quot;x&quot;)" in page
    assert sum(tag == "script" for tag, _ in Checker(page).tags) == 1


def test_every_failed_case_is_there_with_its_reason_and_no_other(page: str) -> None:
    entries = [a for tag, a in Checker(page).tags if a.get("class") == "case"]
    assert [(a["data-reason"], a["data-language"]) for a in entries] == [
        ("other_evidence", "zh"),
        ("declined", "en"),
        ("false_answer", "zh"),
    ]
    assert [a["data-change"] for a in entries] == ["worse", "", ""]
    for text in ("证据原文", "in English", "先问", "453亿", "附近"):
        assert text in page


def test_charts_and_filters_name_the_same_things(page: str) -> None:
    checked = Checker(page)
    values = {a.get("value") for tag, a in checked.tags if tag == "option"}
    for _, attributes in checked.tags:
        for pair in filter(None, (attributes.get("data-query") or "").split("&")):
            name, value = pair.split("=")
            assert name in {"language", "kind", "document", "reason", "change"}
            failing = {"number", "unanswerable", "d", "other_evidence", "declined", "false_answer"}
            assert value in values or value not in failing


def test_both_languages_and_the_baselines_are_shown(page: str) -> None:
    for text in ("评测报告", "Evaluation report", "usable", "可用", "BM25", "always decline"):
        assert text in page


def test_held_out_cases_are_not_shown() -> None:
    held_out = run(result("test-1", passed=False), result("test-2", passed=True), cases="test")
    shown = render_page(held_out)
    assert "--show-held-out" in shown
    assert "test-1" not in shown
    assert 'class="case"' not in case_list(held_out, None)


@pytest.mark.parametrize("results", [(), (result("a", passed=True),)])
def test_runs_without_failures_or_results_have_a_page(results: tuple) -> None:
    assert not Checker(render_page(run(*results))).open


def test_every_kind_outcome_and_reason_has_a_label() -> None:
    assert set(KINDS) == set(CASE_KINDS)
    assert set(OUTCOMES) == set(OUTCOME_NAMES)
    assert set(REASONS) == {reason.value for reason in Reason}


def widths(chart: str) -> list[float]:
    return [float(width) for width in re.findall(r'<rect class="\w+"[^>]* width="([\d.]+)"', chart)]


def test_segments_are_as_long_as_their_counts() -> None:
    bars = (Bar("zh", "n", {"right": 3, "wrong": 1}), Bar("en", "n", {"right": 2, "wrong": 0}))
    shares = widths(stacked_bars([BarGroup(("数字", "number"), bars)]))
    assert shares[0] + 1 == pytest.approx(3 * (shares[1] + 1), abs=0.5)
    assert shares[2] == pytest.approx(shares[0] + shares[1] + 1, abs=0.5)
    absolute = widths(stacked_bars([BarGroup(("数字", "number"), bars)], absolute=True))
    assert absolute[2] + 1 == pytest.approx((shares[0] + 1) * 2 / 3, abs=0.5)


def test_charts_of_little_or_nothing_can_be_drawn() -> None:
    certain = Estimate(1.0, 1.0, 1.0, 1)
    for chart in (
        stacked_bars([]),
        dot_plot([]),
        dot_plot([Dot("a", "series0", 2.0, -3.0, 5.0, "x")], low=-1, high=1),
        curves({"a": [(1, certain)]}),
        reliability(calibrate([])),
        histogram([0.0]),
    ):
        assert not Checker(chart).open
        assert "nan" not in chart
    assert histogram([]) == ""
