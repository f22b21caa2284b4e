"""Names: tickers, English and traditional forms lead to each other; users add their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import GlossaryError
from corpus.glossary import names_in, names_of, use_aliases


@pytest.fixture(autouse=True)
def _shipped_names_only(tmp_path: Path) -> Iterator[None]:
    yield
    use_aliases(tmp_path / "none.tsv")


@pytest.mark.parametrize("name", ["贵州茅台", "600519.SH", "600519", "Kweichow Moutai", "貴州茅台"])
def test_all_names_of_a_company_lead_to_each_other(name: str) -> None:
    assert {"贵州茅台", "600519", "kweichow moutai", "貴州茅台"} <= {
        other.casefold() for other in (*names_of(name), name)
    }
    assert names_in(f"{name} 的营业收入是多少？") == (name.casefold(),)


def test_a_ticker_is_not_found_inside_a_longer_number() -> None:
    assert names_in("共1600519元，编号6005191") == ()


def test_users_add_names_and_take_them_away_again(tmp_path: Path) -> None:
    path = tmp_path / "aliases.tsv"
    assert names_of("603339") == ()
    path.write_text("# ours\n四方科技\tSquare Technology\t\t603339.SH\n", encoding="utf-8")
    use_aliases(path)
    assert set(names_of("603339")) == {"四方科技", "Square Technology", "603339.SH"}
    assert names_in("square technology 2019") == ("square technology",)
    path.unlink()
    use_aliases(path)
    assert names_of("603339") == ()


def test_a_line_without_tabs_is_named(tmp_path: Path) -> None:
    path = tmp_path / "aliases.tsv"
    path.write_text("甲\tA\n四方科技 603339\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"line 2: found '四方科技 603339'"):
        use_aliases(path)


def test_companies_go_by_the_names_that_their_reports_give(tmp_path: Path) -> None:
    groups = [
        ("东湖机床股份有限公司", "东湖机床", "LAKESIDE TOOLS CO.,LTD", "LAKESIDE TOOLS", "600123")
    ]
    use_aliases(tmp_path / "none.tsv", groups)
    assert names_in("what did Lakeside Tools earn?") == ("lakeside tools",)
    assert {"东湖机床", "600123"} <= set(names_of("lakeside tools"))
    use_aliases(tmp_path / "none.tsv")
    assert names_in("what did Lakeside Tools earn?") == ()


def test_a_company_called_by_a_word_is_named_with_its_capitals_only(tmp_path: Path) -> None:
    use_aliases(tmp_path / "none.tsv", [("Harvest Corporation", "Harvest", "NOW")])
    assert names_in("Harvest and NOW grew") == ("harvest", "now")
    assert names_in("HARVEST grew") == ("harvest",)
    assert names_in("what is the harvest now?") == ()
