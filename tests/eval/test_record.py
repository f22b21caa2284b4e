"""Records of runs: written and read, summarised, compared."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.compare import compare_runs, format_comparison
from eval.record import (
    RecordError,
    last_record,
    load_record,
    make_record,
    record_result,
    save_record,
)
from eval.report import (
    calibration,
    find_group,
    format_rest,
    format_table,
    latency_ms,
    outcome_of,
    parity,
    summarise,
)
from eval.runner import run_cases, score_answer, stand_of
from rag.pipeline import Pipeline
from tests.eval.made import DECLINED, EN, QUOTE, STAND, ZH, case, cite, reply, result, run

TITLES = {"d": "报告"}


def test_a_record_survives_its_file(tmp_path: Path) -> None:
    answer = reply(f"{QUOTE} [1]", cite(1, QUOTE))
    scored = score_answer(case("187亿", "26%"), ZH, answer, STAND)
    record = run(record_result(scored, TITLES, with_texts=True), result("b", passed=True))
    save_record(record, tmp_path / "new" / "a.json")
    assert load_record(tmp_path / "new" / "a.json") == record


def test_a_record_with_texts_says_what_was_wanted_and_what_was_said() -> None:
    answer = reply(f"{QUOTE} [1]", cite(1, QUOTE))
    kept = record_result(
        score_answer(case("187亿", "26%"), ZH, answer, STAND), TITLES, with_texts=True
    )
    assert kept.texts
    assert kept.texts.wanted == ((("187亿",), True), (("26%",), False))
    assert kept.texts.quotes[0].text == QUOTE
    assert kept.texts.evidence[0].title == "报告"
    assert kept.reason == "fact_missing"


def test_held_out_records_hold_no_word_of_a_case(tmp_path: Path) -> None:
    scored = score_answer(case("187亿"), ZH, reply(f"{QUOTE} [1]"), STAND)
    save_record(run(record_result(scored, TITLES, with_texts=False)), tmp_path / "a.json")
    written = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert QUOTE not in written
    assert "c问" not in written
    assert '"passed": true' in written


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"format": 1}'])
def test_other_files_are_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecordError, match=r"a\.json"):
        load_record(path)
    with pytest.raises(RecordError, match="none"):
        load_record(tmp_path / "none.json")


def test_the_last_run_is_of_the_same_cases_and_engine(tmp_path: Path) -> None:
    save_record(run(), tmp_path / "2026-01-01-dev.json")
    save_record(run(cases="test"), tmp_path / "2026-01-03-test.json")
    save_record(replace(run(), settings={"llm": "x:y"}), tmp_path / "2026-01-04-dev.json")
    (tmp_path / "2026-01-05-dev.json").write_text("broken", encoding="utf-8")
    assert last_record(tmp_path, "dev", "extractive") == tmp_path / "2026-01-01-dev.json"
    assert last_record(tmp_path, "dev", "x:y") == tmp_path / "2026-01-04-dev.json"
    assert last_record(tmp_path, "own.jsonl", "extractive") is None


def test_a_run_says_what_it_was_run_on(pipeline: Pipeline) -> None:
    results = run_cases([case("187亿", evidence=())], pipeline, stand_of(pipeline))
    record = make_record(results, pipeline, cases="own.jsonl", with_texts=True)
    assert record.num_cases == 1
    assert len(record.results) == 2
    assert {item["doc_id"] for item in record.index["documents"]} >= {"zh_warehouse", "en_chips"}
    assert record.index["encoder"] == pipeline.index.encoder.name
    assert record.settings["top_k"] == pipeline.settings.top_k
    assert json.dumps(dict(record.settings))


def test_groups_have_the_means_of_their_results() -> None:
    results = [
        result("a", passed=True),
        result("b", passed=False, kind="date"),
        result("b", passed=True, kind="date", language=EN),
        result("u", passed=True, answerable=False, status="not_in_corpus"),
        result("t", passed=False, kind="conversation", status="error"),
    ]
    groups = summarise(results)
    answerable = find_group(groups, "answerable", "zh")
    assert answerable
    assert answerable.num == 2  # the turn of a conversation is counted apart
    assert answerable.metrics["passed"].mean == 1 / 2
    everything = find_group(groups, "all", "zh")
    assert everything
    assert everything.num == 4
    assert everything.outcomes == {"right": 2, "wrong": 1, "declined": 0, "crashed": 1}
    assert everything.declined == 1 / 4
    assert find_group(groups, "date", "en")
    assert find_group(groups, "date", "fr") is None
    assert [g.dimension for g in groups][:3] == ["all", "answerable", "unanswerable"]


def test_outcomes_tell_wrong_from_wrongly_declined() -> None:
    assert outcome_of(result("a", passed=False, status="not_in_corpus")) == "declined"
    assert outcome_of(result("a", passed=False)) == "wrong"
    assert outcome_of(result("a", passed=False, answerable=False)) == "wrong"
    assert outcome_of(result("a", passed=False, status="error")) == "crashed"


def test_parity_calibration_and_latency() -> None:
    results = [
        result("a", passed=True, confidence=0.8),
        result("a", passed=False, language=EN, confidence=0.8),
        result("b", passed=True),  # not asked in English
        result("c", passed=False, status="not_in_corpus", confidence=0.1),
    ]
    gap = parity(results)
    assert (gap.change, gap.worse, gap.better, gap.num) == (-1.0, 1, 0, 1)
    assert calibration(results).num == 3  # who declined has claimed nothing
    assert latency_ms(results) == {"median": 10.0, "p90": 10.0, "p99": 10.0}
    assert latency_ms([])["median"] == 0.0


def test_the_table_has_a_line_per_group() -> None:
    results = [result("a", passed=True), result("u", passed=False, answerable=False)]
    table = format_table(summarise(results))
    assert "zh answerable" in table
    assert "1.000" in table
    assert "abstention recall 0.000" in format_rest(results)
    assert format_table([]).count("\n") == 0


def test_runs_are_compared_case_by_case() -> None:
    before = run(*(result(str(n), passed=n % 2 == 0) for n in range(20)))
    after = run(
        *(result(str(n), passed=n % 2 == 0 or n < 10) for n in range(20)),
        result("new", passed=True),
    )
    found = compare_runs(before, after)
    assert found.num_common == 20
    assert [b.id for _, b in found.better] == ["1", "3", "5", "7", "9"]
    assert found.worse == ()
    change = next(c.difference for c in found.changes if (c.metric, c.group) == ("passed", "all"))
    assert change.change == 5 / 20
    assert "better (5): 1 zh" in format_comparison(found)
    back = compare_runs(after, before)
    assert [b.id for _, b in back.worse] == ["1", "3", "5", "7", "9"]


def test_declined_answers_do_not_crash_a_record() -> None:
    kept = record_result(score_answer(case("x"), ZH, DECLINED, STAND), TITLES, with_texts=True)
    assert kept.status == "not_in_corpus"
    assert kept.texts
    assert kept.texts.quotes == ()
    crashed = score_answer(case("x"), ZH, None, STAND, error="broken")
    kept = record_result(crashed, TITLES, with_texts=True)
    assert (kept.status, kept.reason) == ("error", "crashed")
    assert kept.texts
    assert kept.texts.error == "broken"
