"""Tables: which rows are the header, which columns name the row, what the unit is."""

import re
from collections.abc import Sequence

from corpus.language import HAN
from corpus.reading.structure import UNIT_LINE, display_columns

_NUMERIC = re.compile(
    r"^[\s$¥￥€£\\(（~约超近>＞<＜≈+\-±—–]*\d[\d,.\s]*(?:[%‰倍xX]|[万亿千百]*"
    r"(?:元|人|家|美元|港币|港元|美金|人民币|年|月|日|秒|张|次|个|组)?)?.*$"
)
# "3D资产", "4K和绿屏": a name that starts with a digit.
_DIGIT_NAME = re.compile(rf"^\d+[A-Za-z]{{1,2}}[{HAN}]")
_TICKER = re.compile(r"^[A-Z]{0,4}\d{4,6}(?:\.[A-Z]{1,3})?$")
COMPARED_YEARS = r"(?:19|20)\d{2}\s?(?:[Vv]s\.?|v\.|/|-|to)\s?(?:19|20)\d{2}"
"""What heads a column of changes: 2022 vs. 2021."""
# What a column of figures is headed with: 2023, 2025E, FY24, 1Q25, H1, 12M.
_PERIOD = re.compile(
    r"^(?:(?:FY)?(?:19|20)?\d{2}[AEF]|FY\d{2,4}|(?:19|20)\d{2}(?:年.{0,6})?|[1-4]Q\d{0,4}[AEF]?|"
    rf"Q[1-4].{{0,5}}|{COMPARED_YEARS}|[1-4]?H[12]?\d{{0,4}}|\d{{1,2}}[MYWD])$"
)
_YEAR = re.compile(rf"^(?:(?:19|20)\d{{2}}|{COMPARED_YEARS})$")
_SPAN = re.compile(r"^\d{1,2}\s?(?:weeks?|months?)\s?end(?:ed|ing)", re.IGNORECASE)
_UNIT = re.compile(
    r"[（(]?\s*(?:单位|Unit|unit)\s*[:：]\s*(?P<said>[^）)\s]+)|"
    r"[（(](?P<plain>[^（）()]{1,16}|"
    r"[^（）()]{0,24}\bin (?:thousands|millions|billions)\b[^（）()]{0,60})[）)]"
)
_UNIT_WORD = re.compile(
    r"元|%|％|亿|万|美元|港币|人|家|倍|million|billion|thousand|RMB|CNY|US\$|USD|HK\$|percent|\$",
    re.IGNORECASE,
)
_SAID = re.compile(r"(?:单位|Unit)\s*[:：]", re.IGNORECASE)
_REMARK = re.compile(r"(?:[,，;]|\band)?\s*[（(]?\s*\b(?:un)?audited\b\s*[）)]?", re.IGNORECASE)
# What goes on with a header in a row of its own: a year, a day of it, whether it was audited.
_GOES_ON = re.compile(
    r"^(?:\d{1,2},|(?:FY|CY)?\s?(?:19|20)\d{2}\s?年?(?:度)?[AEF]?(?:\s?\(\w{1,2}\))?|[(（]?\s?(?:un)?audited\s?[)）]?|"
    r"[（(]?(?:未经审计|经审计|未經審核|經審核)[)）]?|"
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s?\d{0,2},?\s?(?:(?:19|20)\d{2})?)$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"^[（(][^()（）]{1,70}[)）]$")  # a unit beside the years: "(MILLIONS)"
_SHORT_LABEL_CHARS = 14
_LONG_LABEL_CHARS = 22
_LEAST_ALIKE = 3  # characters
_MAX_HEADER_ROWS = 5
_MIN_GROUPED = 3  # rows
_GROUPED = 0.75  # names that differ, of the rows: with fewer a column groups rows


def cell_type(text: str) -> str:
    """Classify a cell as "empty", "ticker", "period", "number" or "text"."""
    text = text.strip()
    if not text or text in {"-", "—", "–", "/"}:
        return "empty"
    if _SPAN.match(text):
        return "text"
    if _PERIOD.match(text):  # before tickers: 2023 heads a column more often than it is a code
        return "period"
    if _TICKER.match(text):
        return "ticker"
    is_number = len(text) <= 40 and _NUMERIC.match(text) and not _DIGIT_NAME.match(text)
    return "number" if is_number else "text"


def align_rows(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return, per row, how many columns to the right its cells belong.

    A merged first cell that is left out shifts the rest of its row to the left. Such a row ends
    in an empty cell, and one column further right its cells have the types of their columns.
    """
    width = max((len(row) for row in rows), default=0)
    types = [
        [cell_type(row[column]) if column < len(row) else "empty" for column in range(width)]
        for row in rows
    ]
    usual = [
        max(
            kinds := [row[column] for row in types if row[column] != "empty"] or ["empty"],
            key=kinds.count,
        )
        for column in range(width)
    ]
    shifts = []
    for row in types:
        fits = sum(kind in (want, "empty") for kind, want in zip(row, usual, strict=True))
        moved = ["empty", *row[:-1]]
        fits_moved = sum(kind in (want, "empty") for kind, want in zip(moved, usual, strict=True))
        is_short = width > 2 and row[-1] == "empty" and row[0] not in ("empty", "text")
        shifts.append(1 if is_short and fits_moved > fits else 0)
    return shifts


def count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Count the header rows of a table (0 when its first row is data already).

    A header row holds short labels. The first row is no header when its second cell is a figure,
    or when the table has two columns and the second is long text in the first row too. Further
    header rows name the parts of merged cells above: their leading cells are empty.
    """
    if len(rows) < 2:
        return 0
    first = [cell.strip() for cell in rows[0]]
    kinds = [cell_type(cell) for cell in first]
    if not any(first) or "number" in kinds[1:] or "ticker" in kinds:
        return 0
    if len(first) == 2 and len(first[1]) > _SHORT_LABEL_CHARS and first[0]:
        return 0
    if _is_list_of_entries(rows):
        return 0
    count = 2 if _is_banner(rows[0]) and len(rows) > 2 and _heads_columns(rows[1]) else 1
    while count < min(len(rows) - 1, _MAX_HEADER_ROWS):
        above = [cell.strip() for cell in rows[count - 1]]
        below = [cell.strip() for cell in rows[count]]
        is_merged = not above[0] or any(not cell for cell in above[1:])
        if not is_merged or below[0] or not is_label_row(below):
            break
        count += 1
    return count


def _is_list_of_entries(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether two columns hold names and what they are of one thing: 公司的中文名称, 公司的法定代表人.

    The first two names begin alike, where a header and the name below it do not.
    """
    if any(len(row) != 2 or not (row[0].strip() and row[1].strip()) for row in rows[:2]):
        return False
    first, second = (row[0].strip()[:_LEAST_ALIKE] for row in rows[:2])
    return first == second and len(first) == _LEAST_ALIKE and not any(map(str.isdigit, first))


def num_header_rows_below(rows: Sequence[Sequence[str]], header_rows: int) -> int:
    """Count the rows right below a header that go on with it: years and days, remarks like "(Unaudited)".

    Statements print "Year ended December 31," and under it 2022, 2021, 2020: by themselves figures.

    >>> num_header_rows_below([["", "Year ended", ""], ["", "2022", "2021"], ["Sales", "7", "8"]], 1)
    1
    """
    count = header_rows
    while 0 < count < min(len(rows) - 1, _MAX_HEADER_ROWS):
        first, *rest = (cell.strip() for cell in rows[count])
        filled = [cell for cell in rest if cell]
        if first and not (_BRACKETED.match(first) or _ends_dates(rows[count - 1], rows[count])):
            break
        is_unit = len(filled) == 1 and UNIT_LINE.match(filled[0])
        dates = [c for c in filled if is_unit or _GOES_ON.match(c) or _YEAR.match(c)]
        if not dates or any(cell_type(cell) != "text" for cell in filled if cell not in dates):
            break
        count += 1
    return count - header_rows


def _ends_dates(above: Sequence[str], row: Sequence[str]) -> bool:
    """Say whether a row is the years of what stands above it, with a name of its rows: Backlog, 2023, 2022."""
    filled = [cell.strip() for cell in row[1:] if cell.strip()]
    heads = [cell.strip() for cell in above[1:] if cell.strip()]
    is_span = len(heads) < len(filled) or any(head.endswith(",") for head in heads)
    return is_span and len(filled) > 1 and all(_YEAR.match(cell) for cell in filled)


def _is_banner(row: Sequence[str]) -> bool:
    """Say whether a row is one title over all columns."""
    return len(row) > 2 and bool(row[0].strip()) and not any(cell.strip() for cell in row[1:])


def _heads_columns(row: Sequence[str]) -> bool:
    """Say whether a row below a banner names the columns: labels in most of its cells."""
    filled = [cell.strip() for cell in row if cell.strip()]
    is_full = bool(row[0].strip()) and len(filled) > len(row) / 2
    return is_full and is_label_row(filled, _LONG_LABEL_CHARS)


def is_label_row(row: Sequence[str], max_chars: int = _SHORT_LABEL_CHARS) -> bool:
    """Say whether the filled cells of a row are short names or periods: it may head columns."""
    filled = [cell for cell in row if cell]
    return bool(filled) and all(
        display_columns(cell) <= 2 * max_chars and cell_type(cell) in ("text", "period")
        for cell in filled
    )


def count_label_columns(rows: Sequence[Sequence[str]], header_rows: int) -> int:
    """Count the leading columns that name a row: group, code and name columns before the data.

    The first column always does. A ticker column is followed by the name, so the next column names
    the row as well; so does the column of words after one that groups rows: which is mostly empty,
    or says the same of several.
    """
    body = [row for row in rows[header_rows:] if any(cell.strip() for cell in row[1:])]
    width = max((len(row) for row in rows), default=0)
    labels = 1
    while labels < min(width - 1, 3):
        kinds = [cell_type(row[labels - 1]) for row in body if len(row) >= labels]
        sparse = kinds.count("empty") * 2 > len(kinds)
        codes = kinds.count("ticker") * 2 > len(kinds)
        if not (sparse or codes or _groups_rows(body, labels)):
            break
        labels += 1
    return labels


def _groups_rows(body: Sequence[Sequence[str]], labels: int) -> bool:
    """Say whether the first columns do not tell rows apart, and the next one of words does."""
    if len(body) < _MIN_GROUPED or any(len(row) <= labels for row in body):
        return False
    if any(cell_type(row[labels]) != "text" or not row[labels].strip() for row in body):
        return False
    if not any(cell_type(cell) == "number" for row in body for cell in row[labels + 1 :]):
        return False
    named: list[tuple[str, ...]] = []
    for row in body:
        name = tuple(cell.strip() for cell in row[:labels])
        named.append(name if any(name) or not named else named[-1])
    better = [(*name, row[labels].strip()) for name, row in zip(named, body, strict=True)]
    return len(set(named)) <= _GROUPED * len(body) < len(set(better))


def table_unit(caption: str, first_cell: str = "") -> str:
    """Return the unit that a caption or corner cell states, or "".

    >>> table_unit("表 3：收入预测（亿元）"), table_unit("图 2：产业链（示意）")
    ('亿元', '')
    >>> table_unit("$ in millions, except per share amounts (unaudited)")
    '$ in millions, except per share amounts'
    >>> table_unit("(in millions and unaudited)")
    'in millions'
    """
    for text in (caption, first_cell):
        if UNIT_LINE.match(text) and not _SAID.search(text):
            return _REMARK.sub("", text.strip(" （()）")).strip(" ,，;（(")
        for match in _UNIT.finditer(text):
            unit = match["said"] or match["plain"]
            if match["said"] or _UNIT_WORD.search(unit):
                return unit.removeprefix("单位").lstrip("：:为")
    return ""
