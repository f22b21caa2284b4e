import polib
import pytest

from corpus.editions.edition import (
    edition_name,
    edition_sha256,
    load_edition,
    other_language,
    read_entries,
    units_to_render,
    write_edition,
)
from corpus.errors import EditionError
from corpus.loaders import read_document
from corpus.schema import Language
from corpus.units import document_units

ZH = """# 行业规模

2020年市场规模达453亿元。预计2025年规模超900亿元。

表1：收入（亿元）

| 公司 | 收入 | 评级 |
| --- | --- | --- |
| 甲公司 | 12 | 买入 |
| 乙公司 | 8 | 买入 |

OpenAI 发布 Sora。
"""
EN_TEXTS = {
    "行业规模": "Industry size",
    "2020年市场规模达453亿元。": "The market reached RMB 45.3 billion in 2020.",
    "预计2025年规模超900亿元。": "It is expected to exceed RMB 90 billion in 2025.",
    "表1：收入（亿元）": "Table 1: Revenue (RMB 100 million)",
    "公司": "Company",
    "收入": "Revenue",
    "评级": "Rating",
    "甲公司": "Company A (甲公司)",
    "乙公司": "Company B (乙公司)",
    "买入": "Buy",
    "OpenAI 发布 Sora。": "OpenAI released Sora.",
}
EN = """# Revenue by segment

Revenue rose 12% to US$45.3 billion in fiscal 2023. Margins were stable.
"""
ZH_TEXTS = {
    "Revenue by segment": "分部收入",
    "Revenue rose 12% to US$45.3 billion in fiscal 2023.": "2023财年收入增长12%，达453亿美元。",
    "Margins were stable.": "利润率保持稳定。",
}


def read(text, name="report.md"):
    return read_document(text.encode(), name)


@pytest.fixture
def zh():
    return read(ZH)


@pytest.fixture
def path(tmp_path, zh):
    return tmp_path / edition_name(zh.doc_id, zh.language)


def originals(document, units):
    return [document.text[unit.start : unit.end] for unit in units]


def test_a_complete_edition_renders_every_unit_in_order(zh, path):
    write_edition(zh, EN_TEXTS, path)
    edition = load_edition(zh, path)
    assert edition.language is Language.EN
    assert (edition.missing, edition.stale, edition.differences) == ((), (), ())
    spans = [(item.start, item.end) for item in edition.renderings]
    assert spans == [(unit.start, unit.end) for unit in document_units(zh)]
    rendered = {zh.text[item.start : item.end]: item.text for item in edition.renderings}
    assert {key: rendered[key] for key in EN_TEXTS} == EN_TEXTS
    assert rendered["12"] == "12", "a figure needs no entry"


def test_equal_cells_are_rendered_alike(zh, path):
    write_edition(zh, EN_TEXTS, path)
    assert sum(item.text == "Buy" for item in load_edition(zh, path).renderings) == 2


def test_an_entry_without_text_is_missing(zh, path):
    write_edition(zh, {**EN_TEXTS, "乙公司": ""}, path)
    edition = load_edition(zh, path)
    assert originals(zh, edition.missing) == ["乙公司"]
    assert edition.stale == ()


def test_a_fuzzy_entry_is_not_used(zh, path):
    write_edition(zh, EN_TEXTS, path)
    file = polib.pofile(str(path))
    file.find("评级").flags.append("fuzzy")
    file.save(str(path))
    assert originals(zh, load_edition(zh, path).missing) == ["评级"]


def test_a_changed_document_reports_what_is_stale_and_uses_none_of_it(zh, path):
    write_edition(zh, EN_TEXTS, path)
    changed = read(ZH.replace("达453亿元", "达454亿元"))
    edition = load_edition(changed, path)
    assert edition.stale == ("2020年市场规模达453亿元。",)
    assert originals(changed, edition.missing) == ["2020年市场规模达454亿元。"]
    assert not any("45.3" in item.text for item in edition.renderings)
    assert any(item.text == "Industry size" for item in edition.renderings)


def test_a_rendering_with_another_figure_is_left_out_and_reported(zh, path):
    wrong = "The market reached RMB 4.53 billion in 2020."
    write_edition(zh, {**EN_TEXTS, "2020年市场规模达453亿元。": wrong}, path)
    edition = load_edition(zh, path)
    assert originals(zh, edition.missing) == ["2020年市场规模达453亿元。"]
    assert all(item.text != wrong for item in edition.renderings)
    (difference,) = edition.differences
    assert difference.rendering == wrong
    assert (difference.missing, difference.added) == (("453亿元",), ("RMB 4.53 billion",))
    assert zh.text[difference.start : difference.end] == difference.original


def test_missing_units_are_in_the_order_of_the_document(zh, path):
    texts = {**EN_TEXTS, "行业规模": "", "乙公司": "", "预计2025年规模超900亿元。": "In 2026"}
    write_edition(zh, texts, path)
    missing = load_edition(zh, path).missing
    assert [unit.start for unit in missing] == sorted(unit.start for unit in missing)
    assert len(missing) == 3


def test_a_second_rendering_of_one_original_is_refused(zh, path):
    write_edition(zh, EN_TEXTS, path)
    with path.open("a", encoding="utf-8") as file:
        file.write('\nmsgid "评级"\nmsgstr "Grade"\n')
    with pytest.raises(EditionError, match=r"line \d+.*评级"):
        load_edition(zh, path)


def test_the_same_entry_twice_is_no_conflict(zh, path):
    write_edition(zh, EN_TEXTS, path)
    with path.open("a", encoding="utf-8") as file:
        file.write('\nmsgid "评级"\nmsgstr "Rating"\n')
    assert load_edition(zh, path).missing == ()


MALFORMED = {
    "no PO file": b"this is not a catalogue\n",
    "quote not escaped": 'msgid "称为"行业""\nmsgstr "x"\n'.encode(),
    "GBK": 'msgid "行业规模"\nmsgstr "Industry"\n'.encode("gbk"),
    "UTF-16": 'msgid "行业规模"\nmsgstr "Industry"\n'.encode("utf-16"),
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_file_is_an_edition_error_that_names_it(zh, path, data):
    path.write_bytes(data)
    with pytest.raises(EditionError, match="UTF-8") as caught:
        load_edition(zh, path)
    assert path.name in str(caught.value)


def test_a_byte_order_mark_does_no_harm(zh, path):
    write_edition(zh, EN_TEXTS, path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_edition(zh, path).missing == ()


def test_windows_line_ends_do_no_harm(zh, path):
    write_edition(zh, EN_TEXTS, path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    edition = load_edition(zh, path)
    assert (edition.missing, edition.stale) == ((), ())


def test_an_empty_file_is_an_edition_without_renderings(zh, path):
    path.write_bytes(b"")
    assert len(load_edition(zh, path).missing) == len(
        [unit for unit in document_units(zh) if zh.text[unit.start : unit.end] not in {"12", "8"}]
    )


def test_no_file_is_no_edition(zh, path):
    assert load_edition(zh, path) is None
    assert edition_sha256(path) == ""


def test_an_english_document_has_a_chinese_edition(tmp_path):
    document = read(EN)
    assert document.language is Language.EN
    path = tmp_path / edition_name(document.doc_id, document.language)
    assert path.name == "report.zh.po"
    write_edition(document, ZH_TEXTS, path)
    edition = load_edition(document, path)
    assert edition.language is Language.ZH
    assert (edition.missing, edition.stale, edition.differences) == ((), (), ())
    wrong = {**ZH_TEXTS, "Revenue by segment": "分部收入（亿元）"}
    write_edition(document, wrong, path)
    assert [item.rendering for item in load_edition(document, path).differences] == [
        "分部收入（亿元）"
    ]


@pytest.mark.parametrize("language", Language)
def test_the_other_language_of_the_other_is_the_same(language):
    assert other_language(language) is not language
    assert other_language(other_language(language)) is language


def test_writing_twice_gives_the_same_bytes(zh, path):
    write_edition(zh, EN_TEXTS, path)
    first = path.read_bytes()
    write_edition(zh, read_entries(path), path)
    assert path.read_bytes() == first


def test_the_file_says_where_an_entry_stands(zh, path):
    write_edition(zh, EN_TEXTS, path)
    entry = polib.pofile(str(path)).find("行业规模")
    assert entry.comment == "block 0, heading"


def test_texts_of_no_unit_are_kept_as_obsolete_entries(zh, path):
    write_edition(zh, {**EN_TEXTS, "旧句子。": "An old sentence."}, path)
    assert polib.pofile(str(path)).find("旧句子。", include_obsolete_entries=True).obsolete
    assert load_edition(zh, path).stale == ()


def test_every_text_is_listed_once_for_rendering(zh):
    texts = originals(zh, units_to_render(zh))
    assert len(texts) == len(set(texts))
    assert set(texts) == set(EN_TEXTS)
