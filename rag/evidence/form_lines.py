"""Lines that a form prints and nobody wrote: boxes to tick, units. They answer nothing by themselves."""

import re

_BOX = "□√☑✓☒■☐▢"
_CHOICE = r"(?:适用|不适用|是|否|有|无|Yes|No|applicable|not applicable)"
# The first box may have been read as the mark of a list.
_BOXES = re.compile(
    rf"^\s*(?:{_CHOICE}\s*(?=[{_BOX}])|(?=[{_BOX}]))(?:[{_BOX}]\s*{_CHOICE}\s*)+$", re.IGNORECASE
)
_UNIT = re.compile(
    r"^\s*(?:(?:货币|金额)?单位|币种)\s*[:：][^，。；]{1,12}(?:\s*币种\s*[:：]?\s*\S{1,6})?\s*$|"
    r"^\s*[(（]?(?:in (?:thousands|millions|billions)|dollars? in \w+)[^.;]{0,60}[)）]?\s*$",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"^\s*(?:无|不适用|None|Not applicable|N/A)\s*[。.]?\s*$", re.IGNORECASE)
_DENIED = re.compile(r"[√☑✓☒■]\s*(?:不适用|否|无|No\b|not applicable)", re.IGNORECASE)


def is_form_line(text: str) -> bool:
    """Say whether a line is one of a form: ticked boxes, a unit, a bare "none".

    >>> is_form_line("√适用 □不适用"), is_form_line("单位：元 币种：人民币"), is_form_line("√本年度公司无重大诉讼")
    (True, True, False)
    """
    return is_unit_line(text) or any(p.match(text) for p in (_BOXES, _NOTHING))


def is_unit_line(text: str) -> bool:
    """Say whether a line says nothing but in which unit figures are."""
    return _UNIT.match(text) is not None


def denies(text: str) -> bool:
    """Say whether a line of a form says that something is not so, or does not apply.

    >>> denies("□适用 √不适用"), denies("√适用 □不适用")
    (True, False)
    """
    return _DENIED.search(text) is not None or _NOTHING.match(text) is not None
