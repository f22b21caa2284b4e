"""The analyzer: what must meet does, in both languages."""

import pytest

from corpus.schema import Language
from index.terms import analyze, term_language


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("萬興科技發布天幕大模型", "万兴科技发布天幕大模型"),
        ("ＧＰＴ－４", "GPT-4"),
        ("2023年１２月", "2023年12月"),
        ("1,234.5", "1234.5"),
        ("The companies' prices", "the company price"),
        ("Midjourney’s Pro plan", "midjourney pro plans"),
        ("café", "cafe"),
    ],
    ids=[
        "traditional",
        "full-width",
        "full-width digits",
        "commas",
        "stems",
        "possessive",
        "accents",
    ],
)
def test_spellings_of_one_text_give_the_same_terms(one, other):
    assert analyze(one) == analyze(other)


@pytest.mark.parametrize("name", ["DALL·E", "DALL-E", "Dall•E", "dalle", "DALLE"])
def test_product_name_has_its_joined_form_however_it_is_written(name):
    assert set(analyze("dalle")) <= set(analyze(name))


def test_parts_of_a_joined_name_are_found_too():
    assert {"gpt", "4", "gpt4"} <= set(analyze("GPT-4"))
    assert {"gpt", "4", "gpt4"} <= set(analyze("gpt4"))
    assert "3.5" in analyze("gpt-3.5-turbo")


@pytest.mark.parametrize(
    "figure",
    ["453亿元", "45.3 billion", "45,300,000,000", "US$45.3bn", "45.3B", "4530000万", "0.0453万亿"],
)
def test_spellings_of_a_figure_share_its_value(figure):
    assert "45300000000" in analyze(figure)


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("两亿元", "200000000"), ("兩億", "200000000"), ("四百五十亿", "45000000000"),
        ("一万二千亿", "1200000000000"), ("三亿五千万", "350000000"), ("十二万", "120000"),
        ("一千零五万", "10050000"), ("一万亿", "1000000000000"),
        ("two hundred million", "200000000"), ("Forty-five billion", "45000000000"),
        ("two hundred and thirty-five thousand", "235000"), ("one trillion", "1000000000000"),
    ],
)  # fmt: skip
def test_a_figure_in_words_has_its_value(figure, value):
    assert value in analyze(figure)


@pytest.mark.parametrize("text", ["千万别去", "数十万", "万一", "上百亿", "a million"])
def test_what_is_no_figure_has_no_value(text):
    assert not any(term.isdigit() for term in analyze(text))


def test_figure_is_kept_as_written_beside_its_value():
    assert analyze("2.5万亿") == ["2.5", "2500000000000"]
    assert analyze("0.5亿") == ["0.5", "50000000"]


def test_scale_letter_needs_to_stand_at_the_number():
    assert "3000000" not in analyze("3 m")
    assert "3000000" not in analyze("3mm")
    assert "3000000" in analyze("$3m")


def test_chinese_words_come_with_the_shorter_words_inside():
    assert analyze("人工智能") == ["人工", "智能", "人工智能"]


def test_unknown_name_is_cut_alike_in_question_and_text():
    assert set(analyze("韦小宝是谁")) <= set(analyze("这时韦小宝走了进来"))


@pytest.mark.parametrize("text", ["", "   ", "！？。,.;—", "\n\t\u2028", "😀"])
def test_text_without_letters_or_digits_has_no_terms(text):
    assert analyze(text) == []


def test_stop_words_of_both_languages_are_dropped():
    assert analyze("what is the price") == analyze("price")
    assert analyze("价格是多少") == analyze("价格")


def test_cut_of_a_long_run_is_the_one_of_jieba_without_its_markov_model():
    import jieba

    from index.terms import _most_probable_cut
    from index.words import word_weights

    run = "多模态大模型的技术脉络与前进方向数据与算法往往同步发展大型高质量数据集是模型突破重要基础"
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    assert _most_probable_cut(run, word_weights()) == tokenizer.lcut(run, HMM=False)


def test_ten_thousand_characters_without_a_stop_are_cut():
    assert len(analyze("数据" * 5000)) == 5000


@pytest.mark.parametrize(
    ("term", "language"),
    [("价格", Language.ZH), ("price", Language.EN), ("gpt4", Language.EN), ("2023", None)],
)
def test_term_language_is_that_of_its_script(term, language):
    assert term_language(term) is language
