"""Every fixed sentence that a reader sees, in both languages."""

from corpus.schema import Language

NOT_FOUND = {
    Language.ZH: "报告中没有找到这个问题的答案。",
    Language.EN: "The reports do not say.",
}
NOT_ON_COVER = {
    Language.ZH: "所问报告的封面没有印出这一项。",
    Language.EN: "The cover of the report in question does not print it.",
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
WRITING = {
    Language.ZH: "正在由语言模型起草，逐句核对……",
    Language.EN: "A language model is drafting; every sentence is checked…",
}
COMPLETING = {
    Language.ZH: "正在结合对话补全问题……",
    Language.EN: "Completing the question from the conversation…",
}
READING_SECTION = {
    Language.ZH: "正在阅读第 {done}/{total} 部分：{section}",
    Language.EN: "Reading part {done} of {total}: {section}",
}
JOINING_SECTIONS = {
    Language.ZH: "正在汇总各部分要点……",
    Language.EN: "Putting the key points together…",
}
SECTIONS_MISSING = {
    Language.ZH: "（{total} 个部分中有 {missing} 个没有读成，摘要不含这些部分。）",
    Language.EN: "({missing} of {total} parts could not be read and are not in this summary.)",
}
# Why the offline answer is given although a model is set up, by `ModelTrace.fault`.
OFFLINE_INSTEAD = {
    "not_set_up": {
        Language.ZH: "（语言模型未设置好，以上为离线回答。）",
        Language.EN: "(The language model is not set up; this is the offline answer.)",
    },
    "unreachable": {
        Language.ZH: "（连不上语言模型，以上为离线回答。）",
        Language.EN: "(The language model cannot be reached; this is the offline answer.)",
    },
    "key_refused": {
        Language.ZH: "（语言模型不接受密钥，以上为离线回答。）",
        Language.EN: "(The language model refused the key; this is the offline answer.)",
    },
    "not_found": {
        Language.ZH: "（服务器上没有所设的语言模型，以上为离线回答。）",
        Language.EN: "(The server does not have this language model; this is the offline answer.)",
    },
    "rejected": {
        Language.ZH: "（语言模型拒绝了请求，以上为离线回答。）",
        Language.EN: "(The language model rejected the request; this is the offline answer.)",
    },
    "rate_limited": {
        Language.ZH: "（语言模型请求过多，暂时受限，以上为离线回答。）",
        Language.EN: "(The language model is limiting requests; this is the offline answer.)",
    },
    "server_failed": {
        Language.ZH: "（语言模型的服务器出错，以上为离线回答。）",
        Language.EN: "(The language model's server failed; this is the offline answer.)",
    },
    "timed_out": {
        Language.ZH: "（语言模型没有按时答完，以上为离线回答。）",
        Language.EN: "(The language model did not finish in time; this is the offline answer.)",
    },
    "cut_off": {
        Language.ZH: "（语言模型的回答中断，以上为离线回答。）",
        Language.EN: "(The language model's reply broke off; this is the offline answer.)",
    },
    "garbage": {
        Language.ZH: "（语言模型返回的内容无法读取，以上为离线回答。）",
        Language.EN: "(The language model's reply could not be read; this is the offline answer.)",
    },
    "too_long": {
        Language.ZH: "（语言模型的回答过长，以上为离线回答。）",
        Language.EN: "(The language model's reply was too long; this is the offline answer.)",
    },
    "unsupported": {
        Language.ZH: "（语言模型的草稿未通过核对，以上为离线回答。）",
        Language.EN: "(The language model's draft did not pass the checks; this is the offline answer.)",
    },
    "no_answer": {
        Language.ZH: "（语言模型认为摘录没有直接回答，以上为离线回答。）",
        Language.EN: (
            "(The language model found no direct answer in the excerpts; this is the offline answer.)"
        ),
    },
}
SEPARATOR = {Language.ZH: "、", Language.EN: ", "}
FROM_REPORT = {
    Language.ZH: "{issuer}{date}：{text}",
    Language.EN: "{issuer}{date}: {text}",
}
# Reports that were asked and say nothing of the point.
SILENT = {
    Language.ZH: "（以下报告中未找到相关内容：{issuers}。）",
    Language.EN: "(Nothing found on this in: {issuers}.)",
}
AS_OF = {
    Language.ZH: "（截至 {month}，即报告日期。）",
    Language.EN: "(As of {month}, the date of the report.)",
}
# Of an undated report, by the latest date that its text mentions.
AS_OF_MENTIONED = {
    Language.ZH: "（截至 {month}：{issuer}的报告未注明日期，这是文中最近的日期。）",
    Language.EN: "(As of {month}: the {issuer} report is undated, and this is the latest date in it.)",
}
NEWER = {
    Language.ZH: "较新的报告（{issuer}）：{text}",
    Language.EN: "A newer report ({issuer}): {text}",
}
# What contradicts the premise of a question that is declined.
OTHER_PERIOD = {
    Language.ZH: "问题问的是 {asked}，报告给出的是 {said}：“{quote}”",
    Language.EN: "You asked about {asked}; the report gives {said}: “{quote}”",
}
OTHER_VERSION = {
    Language.ZH: "报告里没有 {asked}，提到的是 {said}：“{quote}”",
    Language.EN: "The reports do not mention {asked}, but {said}: “{quote}”",
}
CONTRARY = {
    Language.ZH: "报告的说法相反：“{quote}”",
    Language.EN: "The report says the contrary: “{quote}”",
}
YES = {Language.ZH: "是。", Language.EN: "Yes. "}
NO = {Language.ZH: "否。", Language.EN: "No. "}
NO_OTHER_FIGURE = {Language.ZH: "否，报告给出的是：", Language.EN: "No, the report says: "}
# Of lines of a cover that hold nothing but a way to reach somebody.
EMAIL = {Language.ZH: "邮箱", Language.EN: "E-mail"}
PHONE = {Language.ZH: "电话", Language.EN: "Phone"}
LICENCE = {Language.ZH: "执业证书编号", Language.EN: "Licence"}
LABEL = {Language.ZH: "{label}：{text}", Language.EN: "{label}: {text}"}
ASKED_EMPTY = "问题是空的，请输入一个问题。/ The question is empty; ask something."
ASKED_TOO_LONG = (
    "问题有 {found} 个字符，最多 {limit} 个，请缩短。/ "
    "The question has {found} characters, at most {limit} are read; shorten it."
)
