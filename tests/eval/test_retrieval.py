"""The retrieval benchmark: reading sets, ranks, intervals, the systems."""

import json

import numpy as np
import pytest

from eval.retrieval import (
    RetrievalSet,
    RetrievalSetError,
    evaluate,
    format_rows,
    load_set,
    main,
    measure,
    rank_of,
)
from eval.retrieval_systems import faiss_baseline, make_systems
from index.encoder import HashEncoder
from index.term_table import TermTable

SQUAD = {
    "data": [
        {
            "title": "t",
            "paragraphs": [
                {"context": "Pro 版每月六十美元。", "qas": [{"question": "Pro 价格？"}]},
                {"context": "The bank grew.", "qas": [{"question": "a"}, {"question": "b"}]},
                {"context": "Nobody asks this.", "qas": []},
            ],
        },
        {"paragraphs": [{"context": "The bank grew.", "qas": [{"question": "c"}]}]},
    ]
}


def write(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def test_squad_questions_point_at_their_paragraphs(tmp_path):
    found = load_set(write(tmp_path / "dev.json", json.dumps(SQUAD)))
    assert found.questions == ("Pro 价格？", "a", "b", "c")
    assert found.relevant == (0, 1, 1, 1)
    assert found.passages == ("Pro 版每月六十美元。", "The bank grew.", "Nobody asks this.")


def test_questions_of_another_file_are_asked_by_their_ids(tmp_path):
    def squad(*questions):
        qas = [{"id": str(number), "question": text} for number, text in enumerate(questions)]
        return {"data": [{"paragraphs": [{"context": "段落", "qas": qas}]}]}

    text = write(tmp_path / "zh.json", json.dumps(squad("问一", "问二", "问三")))
    asked = write(tmp_path / "en.json", json.dumps(squad("first", "second")))
    found = load_set(text, asked)
    assert found.passages == ("段落",)
    assert found.questions == ("first", "second")
    with pytest.raises(RetrievalSetError):
        load_set(write(tmp_path / "s.tsv", "q\tp\n"), asked)


def test_tsv_lines_share_equal_passages(tmp_path):
    found = load_set(write(tmp_path / "s.tsv", "q1\tp1\nq2\tp2\n\nq3\tp1\n"))
    assert (found.questions, found.relevant) == (("q1", "q2", "q3"), (0, 1, 0))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.json", "{"), ("a.json", "{}"), ("a.json", '{"data": []}'), ("a.tsv", "no tab")],
)
def test_unreadable_set_says_so(name, content, tmp_path):
    with pytest.raises(RetrievalSetError):
        load_set(write(tmp_path / name, content))


def test_equal_scores_count_against_the_system():
    assert rank_of(np.array([1.0, 1.0, 0.5]), 0) == 2
    assert rank_of(np.zeros(4), 0) == 4
    assert rank_of(np.array([0.1, 0.9]), 1) == 1


def test_measures_equal_the_formula_and_lie_in_their_interval():
    found = measure([1, 2, 6, 20])
    assert found["recall@1"].mean == 0.25
    assert found["recall@5"].mean == 0.5
    assert found["recall@10"].mean == 0.75
    assert found["mrr"].mean == pytest.approx((1 + 1 / 2 + 1 / 6 + 1 / 20) / 4)
    assert all(0 <= entry.low <= entry.mean <= entry.high <= 1 for entry in found.values())


def test_interval_narrows_with_more_questions():
    few, many = measure([1, 9] * 10)["recall@1"], measure([1, 9] * 1000)["recall@1"]
    assert many.high - many.low < (few.high - few.low) / 3
    certain = measure([1] * 5)["recall@1"]
    assert (certain.low, certain.high) == (1.0, 1.0)


@pytest.fixture(scope="module")
def rows():
    passages = (
        "万兴科技发布天幕大模型。",
        "这家银行的净利润增长。",
        "He plays football.",
        "猫在睡觉。",
    )
    questions = (
        "What did Wondershare release?",
        "net profit of the bank",
        "谁踢足球",
        "猫在做什么",
    )
    bilingual = RetrievalSet("both", passages, questions, (0, 1, 2, 3))
    systems = make_systems(passages, HashEncoder(), TermTable.load())
    systems["FAISS"] = faiss_baseline(passages, HashEncoder())
    return {row.system: row for row in evaluate(bilingual, systems)}


def test_term_table_carries_questions_across_and_plain_bm25_does_not(rows):
    assert rows["lexical only"].measures["recall@1"].mean == 1.0
    assert rows["plain BM25"].measures["recall@1"].mean == 0.25


def test_every_system_answers_every_question(rows):
    assert {row.num_questions for row in rows.values()} == {4}
    assert {
        "hybrid",
        "hybrid, whole passages",
        "hybrid, no term table",
        "dense only",
        "FAISS",
    } <= set(rows)


def test_table_has_a_line_per_row(rows):
    lines = format_rows(list(rows.values())).split("\n")
    assert len(lines) == 2 + len(rows)
    assert all(line.count("|") == lines[0].count("|") for line in lines)


def test_command_prints_and_writes(tmp_path, capsys):
    path = write(tmp_path / "s.tsv", "Wondershare\t万兴科技\nbank\t银行\n")
    out = tmp_path / "rows.json"
    assert main([str(path), "--encoder", "hash", "--system", "hybrid", "--out", str(out)]) == 0
    assert "| s | 2 | 2 | hybrid | 1.000" in capsys.readouterr().out
    assert json.loads(out.read_text(encoding="utf-8"))[0]["measures"]["recall@1"]["mean"] == 1.0


def test_command_reports_a_bad_set_in_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "none.json"), "--encoder", "hash"]) == 1
    assert "none.json" in capsys.readouterr().err
