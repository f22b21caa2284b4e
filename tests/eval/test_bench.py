"""The benchmark's own arithmetic; what it measures is not asserted, times are no tests."""

import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.chunks import split_document
from corpus.loaders import read_document
from corpus.schema import Language
from eval.bench.charts import growth_lines, ratio_bars
from eval.bench.comparison import OURS, Row, questions_of
from eval.bench.growth import Size, exponent
from eval.bench.process import BenchError, percentile, run_fresh
from eval.bench.report import growth_table, peers_table, write_growth
from eval.bench.synthetic import report_text

CLAUSES = {
    Language.ZH: ("2020年市场规模达453亿元，", "云厂商是主要需求方，", "增速为18%，"),
    Language.EN: ("revenue rose 18% in 2023,", "cloud providers buy most of it,"),
}
SIZE = Size(
    chunks=10, characters=100, build_s=1, build_mb=1, disk_mb=1, open_s=1, memory_mb=1,
    search_p50_ms=1, search_p95_ms=1, answer_p50_ms=1, answer_p95_ms=1, add_s=1, ready_s=1,
    recall=1.0,
)  # fmt: skip


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(1, 101)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.95) == 95
    assert percentile([7.0], 0.95) == 7
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_the_exponent_is_the_slope_on_logarithmic_axes() -> None:
    sizes = [replace(SIZE, chunks=n, build_s=3.0 * n**0.5, open_s=2.0) for n in (10, 100, 1000)]
    assert exponent(sizes, "build_s") == pytest.approx(0.5)
    assert exponent(sizes, "open_s") == pytest.approx(0.0)
    assert math.isnan(exponent(sizes[:1], "open_s"))


def test_a_process_gives_its_last_line_and_what_it_took() -> None:
    run = run_fresh(["-c", "print('noise'); print('{\"chunks\": 3}')"])
    assert run.result == {"chunks": 3}
    assert run.wall_s > 0
    assert run.peak_mb > 1
    assert run_fresh(["-c", "print('no JSON')"]).result == {}


def test_a_process_that_fails_is_an_error_with_its_reason() -> None:
    with pytest.raises(BenchError, match="no such subject"):
        run_fresh(["-c", "raise SystemExit('no such subject')"], python=sys.executable)


def test_a_made_up_report_is_the_same_every_time_and_another_for_another_number() -> None:
    assert report_text(CLAUSES, 4, seed=1) == report_text(CLAUSES, 4, seed=1)
    assert report_text(CLAUSES, 4, seed=1) != report_text(CLAUSES, 6, seed=1)
    assert report_text(CLAUSES, 4, seed=1) != report_text(CLAUSES, 4, seed=2)


@pytest.mark.parametrize(("number", "language"), [(0, Language.ZH), (1, Language.EN)])
def test_a_made_up_report_is_read_as_one(number: int, language: Language) -> None:
    document = read_document(report_text(CLAUSES, number, seed=0).encode(), "report.txt")
    assert document.language is language
    assert len(list(split_document(document))) > 5


def test_the_table_shows_each_peer_as_a_multiple_of_ours() -> None:
    table = peers_table([Row("cold start", "s", {OURS: 2.0, "peer": 6.0})])
    assert "| cold start, s | 2 | 6 (3×) |" in table


def test_questions_are_spread_over_all_of_them() -> None:
    assert questions_of([str(number) for number in range(10)], 3) == ("0", "3", "6")


def test_charts_are_svg_with_a_mark_for_each_value() -> None:
    bars = ratio_bars([("time", {OURS: 1.0, "peer": 4.0}), ("memory", {OURS: 1.0, "peer": 0.5})])
    assert bars.count("<rect") == 2 + 4
    assert "4×" in bars
    lines = growth_lines({"open": [(10, 1), (100, 10)], "ask": [(10, 2), (100, 2)]}, "s")
    assert (lines.count("<polyline"), lines.count("<circle")) == (2, 4)


def test_a_table_replaces_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "scale.md"
    page.write_text(
        "# By hand\n\n<!-- growth -->\nold\n<!-- /growth -->\n\nBelow.\n", encoding="utf-8"
    )
    write_growth(tmp_path, [SIZE, replace(SIZE, chunks=100)])
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# By hand\n\n<!-- growth -->\n")
    assert text.endswith("<!-- /growth -->\n\nBelow.\n")
    assert "old" not in text
    assert growth_table([SIZE, replace(SIZE, chunks=100)]) in text
    page.write_text("no place", encoding="utf-8")
    with pytest.raises(BenchError, match="no place"):
        write_growth(tmp_path, [SIZE])
