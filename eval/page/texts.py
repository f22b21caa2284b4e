"""The words of the report page, in Chinese and English together."""

from html import escape

KINDS = {
    "number": ("数字", "number"),
    "date": ("日期", "date"),
    "entity": ("名称", "entity"),
    "list": ("列举", "list"),
    "definition": ("定义", "definition"),
    "table_cell": ("表格", "table cell"),
    "comparison": ("比较", "comparison"),
    "cause": ("原因", "cause"),
    "yes_no": ("是否", "yes or no"),
    "cross_report": ("跨报告", "across reports"),
    "summary": ("概括", "summary"),
    "conversation": ("追问", "conversation"),
    "unanswerable": ("报告未载", "not in the reports"),
}
OUTCOMES = {
    "right": ("可用", "usable"),
    "wrong": ("答错", "wrong"),
    "declined": ("误拒", "wrongly declined"),
    "crashed": ("崩溃", "crashed"),
}
REASONS = {
    "crashed": ("崩溃", "crashed"),
    "false_answer": ("报告未载却作答", "no report says it"),
    "not_retrieved": ("没检索到证据", "evidence not retrieved"),
    "declined": ("读到证据却拒答", "evidence read, declined"),
    "other_evidence": ("读到证据却选错", "other evidence chosen"),
    "wrong_polarity": ("是否说反", "yes and no confused"),
    "fact_missing": ("引对出处，事实不全", "right place, facts missing"),
    "language": ("语言不对", "wrong language"),
    "long": ("太长", "too long"),
}
LANGUAGES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}
DIFFICULTIES = {
    "1": ("一句话就有", "one sentence says it"),
    "2": ("换了说法或在表里", "other wording, or a table"),
    "3": ("多处，或需推理", "several places, or reasoning"),
}


def both(pair: tuple[str, str]) -> str:
    """Return a label in both languages as HTML, the English one quieter."""
    zh, en = pair
    return f'{escape(zh)} <span class="en">{escape(en)}</span>'


def plain(pair: tuple[str, str]) -> str:
    """Return a label in both languages as text."""
    return " ".join(pair)


LEADS = {
    "kind": ("点一行，只看它的失败题。", "Click a row to see its failures only."),
    "reasons": (
        "从问题到答案的路上，第一处出错的地方。",
        "The first step between question and answer that went wrong.",
    ),
    "changes": (
        "同一批问题，点是变化，线是 95% 区间；灰色表示可能只是偶然。",
        "The same questions; dots are changes, lines 95 % intervals; grey may be chance.",
    ),
    "no_changes": ("没有可比的上一次。", "No earlier run of these cases."),
    "trust": (
        "圆点落在对角线上，说明说几成把握就有几成答对；圆越大答案越多。",
        "On the diagonal, 80 % sure means right 8 times of 10; larger dots are more answers.",
    ),
    "latency": (
        "共享机器上的毫秒数只供参考。",
        "Milliseconds on a shared machine are an indication.",
    ),
    "metrics": (
        "方括号是 95% 区间（按题自助法，两种语言一起抽）。",
        "In brackets 95 % intervals, bootstrap over cases.",
    ),
    "held_out": (
        "留出题不逐题展示，以免照着它们调；确要看，用 --show-held-out 重跑。",
        "Held-out cases are not shown, lest anyone tunes on them; --show-held-out shows them.",
    ),
}
"""What a part of the page says under its title."""
VERDICT = {
    "answerable": (
        "报告里有答案的问题，每 100 个有 <b>{right}</b> 个答得可用，<b>{wrong}</b> 个答错，其余误拒。",
        "Of 100 questions that the reports answer, <b>{right}</b> got a usable answer and "
        "<b>{wrong}</b> a wrong one; the rest were declined.",
    ),
    "unanswerable": (
        "报告未载的问题，每 100 个有 <b>{refused}</b> 个如实拒答。",
        "Of 100 that they do not answer, <b>{refused}</b> were declined as they should be.",
    ),
}
"""The first sentence of the page; figures go into the braces."""
