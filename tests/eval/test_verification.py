from corpus.schema import Language
from eval.mutations import mutants
from eval.verification import Outcome, TrueSentence, format_report, is_held_out
from rag.verification.verify import Finding, Refusal

TEXT = "2020年海康威视的市场规模超过453亿元，占比没有达到14%。"


def test_every_digit_unit_year_name_and_negation_is_turned() -> None:
    found = list(mutants(TEXT, strangers=["腾讯"], neighbours=["大华股份"]))
    texts = {m.kind: [x.text for x in found if x.kind == m.kind] for m in found}
    assert len(texts["digit"]) == 5  # 4, 5, 3, 1, 4
    assert {"2021年海康威视的市场规模超过453亿元，占比没有达到14%。"} <= set(texts["year"])
    assert any("453万元" in text for text in texts["scale"])
    assert any("个百分点" in text for text in texts["unit"])
    assert any("不到453亿元" in text for text in texts["bound"])
    assert texts["name, stranger"] == [TEXT.replace("海康威视", "腾讯")]
    assert texts["name, neighbour"] == [TEXT.replace("海康威视", "大华股份")]
    assert any("占比有达到14%" in text for text in texts["negation removed"])
    assert all(m.text != TEXT for m in found)
    assert found == list(mutants(TEXT, strangers=["腾讯"], neighbours=["大华股份"]))


def outcome(kind: str, refusal: Refusal) -> Outcome:
    sentence = TrueSentence("dev-001", "copy", Language.ZH, TEXT, False, (), (), ())
    return Outcome(sentence, kind, TEXT, Finding(refusal))


def test_the_report_counts_what_was_caught_and_what_was_refused_by_mistake() -> None:
    outcomes = [
        outcome("digit", Refusal.FIGURE),
        outcome("digit", Refusal.NONE),
        outcome("year", Refusal.PERIOD),
        outcome("", Refusal.NONE),
        outcome("", Refusal.NAME),
    ]
    report = format_report(outcomes)
    assert "precision 0.6667, recall 0.6667" in report
    lines = {line.split("  ")[0]: line.split()[-2:] for line in report.split("\n") if line}
    assert lines["digit"] == ["2", "0.500"]
    assert lines["copy zh"] == ["2", "0.500"]


def test_about_half_of_the_cases_are_held_out() -> None:
    assert 150 < sum(is_held_out(f"dev-{n:03}") for n in range(400)) < 250
