"""Disturbed questions and reports: the same each time, and disturbed where they should be."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.loaders import list_files, read_document
from corpus.schema import Language
from eval.cases import Case, Fact, Span, load_split
from eval.robustness.counterfactual import (
    change_figures,
    choose_figures,
    counterfactual_cases,
)
from eval.robustness.noise import write_noise
from eval.robustness.questions import DISTURBANCES, disturb_cases
from eval.robustness.shelves import (
    english_cases,
    english_id,
    english_shelf,
    rename_documents,
    renamed_shelf,
    shipped_shelf,
    without_editions,
)
from eval.robustness.suites import SUITES, format_losses, robustness_command, run_suites
from eval.runner import stand_of
from index.settings import DOCUMENTS_DIR
from rag.settings import Settings
from tests.eval.made import EN, ZH, case

QUESTIONS = {
    ZH: "Midjourney的Pro套餐2024年每月多少钱？",
    EN: "How much does Midjourney's Pro plan cost?",
}


def disturbed(name: str, language: Language) -> str:
    return DISTURBANCES[name](QUESTIONS[language], language, random.Random("seed"))


@pytest.mark.parametrize("name", DISTURBANCES)
@pytest.mark.parametrize("language", Language)
def test_a_question_is_disturbed_the_same_way_each_time(name: str, language: Language) -> None:
    assert disturbed(name, language) == disturbed(name, language)


def test_each_disturbance_does_what_it_says() -> None:
    swapped = disturbed("swapped_letters", EN)
    assert swapped != QUESTIONS[EN]
    assert sorted(swapped) == sorted(QUESTIONS[EN])
    assert len(disturbed("dropped_letter", EN)) == len(QUESTIONS[EN]) - 1
    assert disturbed("traditional", ZH) == "Midjourney的Pro套餐2024年每月多少錢？"
    assert disturbed("traditional", EN) == QUESTIONS[EN]
    assert disturbed("full_width", ZH).startswith("Ｍｉｄ")
    assert "２０２４" in disturbed("full_width", ZH)
    assert disturbed("casual", EN) == "how much does midjourney's pro plan cost"
    assert "什么价格" in disturbed("paraphrase", ZH)
    assert "What amount does" in disturbed("paraphrase", EN)


def test_figures_and_years_survive_a_typing_mistake() -> None:
    for name in ("swapped_letters", "dropped_letter"):
        assert "2024" in disturbed(name, ZH)


def test_a_case_that_nothing_changes_is_left_out() -> None:
    plain = [case("x", case_id="a")]
    (changed,) = disturb_cases(plain, DISTURBANCES["traditional"])
    assert set(changed.questions) == {ZH}  # 问 has a traditional form, English has none
    both = disturb_cases([case("x", case_id="b"), *plain], DISTURBANCES["paraphrase"])
    assert both[1] == disturb_cases(plain, DISTURBANCES["paraphrase"])[0]


def priced(number: str, question: str = "价格多少？") -> Case:
    return Case(
        case_id=f"p{number}", kind="number", split="dev", difficulty=1, answerable=True, min_facts=1,
        questions={ZH: question, EN: "Price?"}, facts=(Fact({ZH: (f"{number}元",), EN: (number,)}),),
        evidence=(Span("d", f"价格为{number}元"),),
    )  # fmt: skip


def test_changed_figures_change_the_report_the_facts_and_the_evidence_alike() -> None:
    figures = choose_figures([priced("453")])
    assert figures == {"453": "786"}
    (pair,) = counterfactual_cases([priced("453")], figures)
    assert pair.changed.evidence[0].quote == "价格为786元"
    assert pair.changed.facts[0].forms[ZH] == ("786元",)
    assert pair.plain.facts[0].forms[ZH] == ("453元",)
    assert set(pair.changed.questions) == {ZH}
    report = "价格为453元，1453元、45.3元和453月不变，2024/453也不变。"
    assert change_figures(report, figures) == report.replace("为453元", "为786元")


def test_years_single_digits_and_figures_of_questions_are_left_alone() -> None:
    assert choose_figures([priced("2024"), priced("7"), priced("88", "88元对吗？")]) == {}
    assert counterfactual_cases([priced("7")], {}) == []
    ranged = replace(priced("60"), evidence=(Span("d", "价格为60-80元，约六十元"),))
    assert counterfactual_cases([ranged], {"60": "93"}) == []


def test_noise_is_readable_different_and_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_noise(tmp_path / name, 8)
    texts = [path.read_bytes() for path in list_files(tmp_path / "a")]
    assert len(set(texts)) == 8
    assert texts == [path.read_bytes() for path in list_files(tmp_path / "b")]
    documents = [read_document(text, f"{n}.txt") for n, text in enumerate(texts)]
    assert {document.language for document in documents} == set(Language)
    assert all(any(b.table for b in document.blocks) for document in documents)


def test_shelves_hold_what_they_say(tmp_path: Path) -> None:
    plain = shipped_shelf(tmp_path / "plain", lambda text: text.replace("453", "786"))
    names = [path.name for path in list_files(DOCUMENTS_DIR)]
    assert [path.name for path in list_files(plain.documents_dir)] == names
    assert "786亿" in (plain.documents_dir / names[0]).read_text(encoding="utf-8")
    assert len(list(plain.editions_dir.iterdir())) == 5
    assert not list(without_editions(tmp_path / "bare").editions_dir.iterdir())
    renamed, ids = renamed_shelf(tmp_path / "renamed")
    order = [path.name[2:] for path in list_files(renamed.documents_dir)]
    assert order == names[::-1]
    old = list_files(DOCUMENTS_DIR)[0].stem
    moved = rename_documents([case("x", evidence=[Span(old, "q")])], ids)
    assert moved[0].evidence[0].doc_id == ids[old]
    assert len(list(renamed.editions_dir.iterdir())) == 5


@pytest.mark.slow
def test_english_reports_hold_the_evidence_in_english(tmp_path: Path) -> None:
    pipeline = shipped_shelf(tmp_path / "plain").open(Settings(), tmp_path / "index")
    english = english_shelf(tmp_path / "english", pipeline).open(
        Settings(), tmp_path / "english-index"
    )
    cases = [case for case in load_split("dev") if case.answerable]
    sources = stand_of(english).sources
    moved = english_cases(cases, stand_of(pipeline).sources)
    spans = [span for case in moved for span in case.evidence]
    found = sum(bool(sources.places(span)) for span in spans)
    assert found >= 0.97 * len(spans)
    assert {span.doc_id for span in spans} == {english_id(e.doc_id) for e in pipeline.documents()}
    assert all(english.document(d).language is EN for d in {span.doc_id for span in spans})


@pytest.mark.slow
def test_suites_compare_the_same_cases_with_the_plain_run(tmp_path: Path) -> None:
    pool = [c for c in load_split("dev") if c.kind == "number"][:8]
    names = ["traditional", "order", "counterfactual"]
    losses = run_suites(names, pool, 4, Settings(), tmp_path)
    assert {loss.suite for loss in losses} == set(names)
    assert {loss.language for loss in losses if loss.suite == "traditional"} == {"zh"}
    order = [loss for loss in losses if loss.suite == "order" and loss.metric == "passed"]
    assert [loss.difference.num for loss in order] == [4, 4]
    for loss in losses:
        assert loss.disturbed - loss.plain == pytest.approx(loss.difference.change)
    assert "order: reports renamed" in format_losses(losses)


def test_an_unknown_suite_is_refused() -> None:
    with pytest.raises(Exception, match="no suites"):
        robustness_command(["--suite", "earthquake"])
    assert {"noise", "order", "counterfactual", "english_reports", *DISTURBANCES} <= set(SUITES)
