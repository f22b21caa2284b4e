"""Filters of a search: documents, issuers, dates."""

import re

import pytest

from corpus.schema import Language
from index.errors import FilterError
from index.filters import Filters, accepted_documents
from index.schema import ShelfEntry


def entry(doc_id: str, issuer: str, date: str) -> ShelfEntry:
    return ShelfEntry(doc_id, f"{doc_id}.txt", "title", issuer, date, Language.ZH, 1, 1, 0, False)


SHELF = (
    entry("a", "浙商证券", "2023-12-18"),
    entry("b", "Zheshang Securities", "2023-11"),
    entry("c", "东吴证券股份有限公司", "2022"),
    entry("d", "", ""),
)


def accepted(**conditions):
    return sorted(accepted_documents(SHELF, Filters(**conditions)))


def test_no_condition_accepts_everything():
    assert accepted() == ["a", "b", "c", "d"]


def test_documents_and_nothing():
    assert accepted(documents=frozenset({"a", "x"})) == ["a"]
    assert accepted(documents=frozenset()) == []


@pytest.mark.parametrize("name", ["浙商证券", "Zheshang Securities", "zheshang securities"])
def test_an_issuer_is_meant_by_any_of_its_names(name):
    assert accepted(issuers=frozenset({name})) == ["a", "b"]


def test_part_of_an_issuer_is_enough_and_an_empty_one_is_nobody():
    assert accepted(issuers=frozenset({"东吴证券"})) == ["c"]
    assert accepted(issuers=frozenset({""})) == []


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2023", "2023", ["a", "b"]),
        ("2023-12", "", ["a"]),
        ("2023-11-15", "2023-12-18", ["a", "b"]),
        ("2023-12-19", "", []),
        ("", "2023-11-30", ["b", "c"]),
        ("2022-06", "2022-07", ["c"]),
    ],
)
def test_dates_are_compared_as_far_as_they_are_known(first, last, found):
    assert accepted(date_from=first, date_to=last) == found


def test_conditions_hold_together():
    assert accepted(issuers=frozenset({"浙商证券"}), date_from="2023-12") == ["a"]


@pytest.mark.parametrize(
    ("first", "last"), [("yesterday", ""), ("", "12/2023"), ("2024", "2023"), ("-", "")]
)
def test_what_is_no_date_or_range_is_refused(first, last):
    with pytest.raises(FilterError):
        Filters(date_from=first, date_to=last)


@pytest.mark.parametrize("written", ["2023-1", "2023/01", "2023年1月", "2023.1"])
def test_a_month_is_the_same_however_it_is_written(written):
    assert Filters(date_from=written) == Filters(date_from="2023-01")


@pytest.mark.parametrize("written", ["soon", "2023-13", "2023-1-32", "20231", "2023-"])
def test_what_is_no_date_is_refused(written):
    with pytest.raises(FilterError, match=re.escape(repr(written))):
        Filters(date_to=written)
