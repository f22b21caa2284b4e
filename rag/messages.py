"""Every fixed sentence that a reader sees, in both languages."""

from corpus.schema import Language

NOT_FOUND = {
    Language.ZH: "报告中没有找到这个问题的答案。",
    Language.EN: "The reports do not say.",
}
MISSING = {
    Language.ZH: "未找到：{terms}。",
    Language.EN: "Not found: {terms}.",
}
NO_RENDERING = {
    Language.ZH: "（引用的报告没有中文译文，故引原文。）",
    Language.EN: "(The quoted report has no English edition, so the original is given.)",
}
SEARCHING = {
    Language.ZH: "正在查找报告……",
    Language.EN: "Searching the reports…",
}
SEPARATOR = {Language.ZH: "、", Language.EN: ", "}
LABEL = {Language.ZH: "{label}：{text}", Language.EN: "{label}: {text}"}
ASKED_EMPTY = "问题是空的，请输入一个问题。/ The question is empty; ask something."
ASKED_TOO_LONG = (
    "问题有 {found} 个字符，最多 {limit} 个，请缩短。/ "
    "The question has {found} characters, at most {limit} are read; shorten it."
)
