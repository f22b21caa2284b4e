"""Every text stands in every language, and every text that is asked for is there."""

import re
import string
from pathlib import Path

import pytest

import web
from web.texts import _TEXTS, UiLanguage, choose_language, parse_language, text_keys, traditional

SOURCES = [p.read_text(encoding="utf-8") for p in Path(web.__file__).parent.glob("*.py")]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(text_keys()))
def test_a_text_has_all_languages_with_the_same_values(key: str) -> None:
    row = _TEXTS[key]
    assert len(row) == len(UiLanguage)
    assert all(text.strip() for text in row)
    assert len({frozenset(fields(text)) for text in row}) == 1


@pytest.mark.parametrize("key", sorted(text_keys()))
def test_the_traditional_text_has_no_simplified_character(key: str) -> None:
    text = _TEXTS[key][list(UiLanguage).index(UiLanguage.ZH_TW)]
    assert traditional(text) == text


def test_every_key_that_the_code_names_exists_and_none_is_left_over() -> None:
    built = {f"export_{kind}" for kind in ("markdown", "word")}
    called = {
        key for source in SOURCES for key in re.findall(r'\b(?:texts|label)\("(\w+)"', source)
    }
    assert called <= text_keys()
    uses = {w for s in SOURCES if "_TEXTS:" not in s for w in re.findall(r'["\'](\w+)["\']', s)}
    assert text_keys() - uses - built == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9", UiLanguage.ZH_CN),
        ("zh", UiLanguage.ZH_CN),
        ("zh-HK", UiLanguage.ZH_TW),
        ("zh-Hant", UiLanguage.ZH_TW),
        ("en-GB,zh;q=0.5", UiLanguage.EN),
        ("de,zh-TW;q=0.5", UiLanguage.ZH_TW),
        ("", UiLanguage.EN),
        (";;;,,", UiLanguage.EN),
    ],
)
def test_the_browser_chooses_the_language(header: str, language: UiLanguage) -> None:
    assert choose_language(header) is language


@pytest.mark.parametrize("value", [None, 3, "xx", ["en"], {"a": 1}])
def test_a_forged_language_is_the_default(value: object) -> None:
    assert parse_language(value, UiLanguage.ZH_TW) is UiLanguage.ZH_TW
