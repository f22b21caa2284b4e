"""Print a quantity as a Chinese or an English report would; the figure is never rounded.

`parse_quantities(render_quantity(quantity, language))` is one quantity, the same as `quantity`.
"""

from decimal import Decimal

from corpus.quantities.numerals import shift
from corpus.quantities.values import Bound, DateParts, Quantity, QuantityKind
from corpus.schema import Language

_SCALES = {
    Language.ZH: (("万亿", 12), ("亿", 8), ("万", 4)),
    Language.EN: ((" trillion", 12), (" billion", 9), (" million", 6)),
}
_MAX_SCALED_DECIMALS = 4  # beyond, the plain digits are easier to read: 123,456,789
_BOUNDS = {
    Language.ZH: {Bound.OVER: "超过", Bound.UNDER: "不足", Bound.ABOUT: "约"},
    Language.EN: {Bound.OVER: "over ", Bound.UNDER: "under ", Bound.ABOUT: "about "},
}
_ZH_UNITS = {
    "CNY": "元", "USD": "美元", "HKD": "港元", "GBP": "英镑", "EUR": "欧元", "JPY": "日元",
    "KRW": "韩元", "TWD": "新台币", "SGD": "新加坡元", "AUD": "澳元", "CAD": "加元",
    "CHF": "瑞士法郎", "INR": "卢比", "%": "%", "pp": "个百分点", "x": "倍",
    "millisecond": "毫秒", "second": "秒", "minute": "分钟", "hour": "小时", "day": "天",
    "week": "周", "month": "个月", "quarter": "个季度", "year": "年", "frame": "帧",
    "pixel": "像素", "m": "米", "inch": "英寸", "mu": "亩", "g": "克", "t": "吨", "W": "瓦",
    "person": "人", "time": "次",
}  # fmt: skip
_EN_CURRENCIES = {"CNY": "RMB ", "USD": "US$", "HKD": "HK$", "GBP": "£", "EUR": "€"}
_EN_UNITS = {
    "%": "%", "pp": " percentage points", "x": " times", "p": "p", "frame": " frames",
    "person": " people", "time": " times", "pixel": " pixels", "inch": " inches", "mu": " mu",
    "m": " metres", "g": " grams", "t": " tonnes", "W": " watts", "°C": "°C",
}  # fmt: skip
_EN_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def render_quantity(quantity: Quantity, language: Language) -> str:
    """Return the quantity as printed in `language`: 453亿元 is "RMB 45.3 billion" in English."""
    if quantity.kind is QuantityKind.CODE:
        return quantity.unit
    if quantity.date is not None:
        return _render_date(quantity, quantity.date, language)
    bound = _BOUNDS[language].get(quantity.bound, "")
    if quantity.unit == "px":
        return f"{bound}{quantity.low:f}x{quantity.high:f}"
    if quantity.unit.startswith("/"):
        return bound + _render_fraction(quantity, language)
    figure = _render_figure(quantity, language)
    if quantity.forecast:
        figure += "E"
    if quantity.kind is QuantityKind.MONEY and language is Language.EN:
        return f"{bound}{_EN_CURRENCIES.get(quantity.unit, quantity.unit + ' ')}{figure}"
    return bound + figure + _unit_suffix(quantity, language)


def _unit_suffix(quantity: Quantity, language: Language) -> str:
    if not quantity.unit:
        return ""
    if language is Language.ZH:
        return _ZH_UNITS.get(quantity.unit, quantity.unit)
    if quantity.kind is QuantityKind.DURATION:
        plural = "" if quantity.low == quantity.high == 1 else "s"
        return f" {quantity.unit}{plural}"
    return _EN_UNITS.get(quantity.unit, f" {quantity.unit}")


def _render_figure(quantity: Quantity, language: Language) -> str:
    """Return the number, or both ends with one scale."""
    ends = [quantity.low] if quantity.low == quantity.high else [quantity.low, quantity.high]
    suffix, exponent = "", 0
    if not quantity.forecast and quantity.unit != "p":  # 2025E and 720p are digits and a letter
        for name, power in _SCALES[language]:
            if all(_fits(end, power) for end in ends):
                suffix, exponent = name, power
                break
    printed = [_plain(shift(end, -exponent), language) for end in ends]
    return ("~" if language is Language.ZH else " to ").join(printed) + suffix


def _fits(value: Decimal, power: int) -> bool:
    """Say whether a value reads well in units of 10**power."""
    scaled = shift(value, -power).normalize()
    exponent = scaled.as_tuple().exponent
    return abs(scaled) >= 1 and isinstance(exponent, int) and -exponent <= _MAX_SCALED_DECIMALS


def _plain(value: Decimal, language: Language) -> str:
    digits = f"{value:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    whole, dot, decimals = digits.partition(".")
    # Four digits without a comma would be a year, six a ticker.
    if language is Language.EN or len(whole.lstrip("-")) > 3:
        whole = f"{int(whole):,}" if whole != "-0" else whole
    return whole + dot + decimals


def _render_fraction(quantity: Quantity, language: Language) -> str:
    below = quantity.unit[1:]
    return (
        f"{below}分之{quantity.low:f}" if language is Language.ZH else f"{quantity.low:f}/{below}"
    )


def _render_date(quantity: Quantity, first: DateParts, language: Language) -> str:
    render = _zh_date if language is Language.ZH else _en_date
    text = render(first)
    if quantity.date_end is not None:
        text += ("至" if language is Language.ZH else " to ") + render(quantity.date_end)
    return text + "E" * quantity.forecast


def _zh_date(parts: DateParts) -> str:
    if parts.decade is not None:
        return f"{parts.decade}年代"
    text = ""
    if parts.year is not None:
        text = f"{parts.year}{'财年' if parts.fiscal else '年'}"
    if parts.quarter is not None:
        return text + f"第{parts.quarter}季度"
    if parts.half is not None:
        return text + {1: "上半年", 2: "下半年"}.get(parts.half, f"H{parts.half}")
    text += f"{parts.month}月" if parts.month is not None else ""
    return text + (f"{parts.day}日" if parts.day is not None else "")


def _en_date(parts: DateParts) -> str:
    if parts.decade is not None:
        return f"{parts.decade}s"
    year = ""
    if parts.year is not None:
        year = f"{'FY' if parts.fiscal else ''}{parts.year}"
    if parts.quarter is not None:
        return f"Q{parts.quarter} {year}".strip()
    if parts.half is not None:
        return f"H{parts.half} {year}".strip()
    if parts.month is None:
        return year if parts.day is None else f"{parts.day}日"
    month = _EN_MONTHS[parts.month - 1]
    if parts.day is None:
        return f"{month} {year}".strip()
    return f"{month} {parts.day}, {year}" if year else f"{month} {parts.day}"
