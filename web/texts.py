"""Every text of the page, in its three languages. Answers and reports are not translated here."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from corpus.schema import Language
from web.shelf_texts import SHELF_TEXTS


class UiLanguage(StrEnum):
    """A language of the page, as a BCP 47 tag."""

    ZH_CN = "zh-CN"
    ZH_TW = "zh-TW"
    EN = "en"


LANGUAGE_NAMES = {
    UiLanguage.ZH_CN: "简体中文",
    UiLanguage.ZH_TW: "繁體中文",
    UiLanguage.EN: "English",
}

READER_LANGUAGE = {
    UiLanguage.ZH_CN: Language.ZH,
    UiLanguage.ZH_TW: Language.ZH,
    UiLanguage.EN: Language.EN,
}
"""Which of the assistant's languages a reader of the page reads."""

# key: (zh-CN, zh-TW, en)
_TEXTS: dict[str, tuple[str, str, str]] = {
    "title": ("研报问答", "研報問答", "Research reports, quoted"),
    "subtitle": (
        "每句回答都附研报原文，可逐字核对",
        "每句回答都附研報原文，可逐字核對",
        "Every answer rests on an exact quote you can check",
    ),
    "language": ("界面语言", "介面語言", "Language"),
    "theme": ("切换深色或浅色", "切換深色或淺色", "Switch dark or light"),
    "menu": ("对话列表", "對話列表", "Conversations"),
    "skip": ("跳到提问框", "跳到提問框", "Skip to the question"),
    "login": ("登录", "登入", "Log in"),
    "login_user": ("用户名", "使用者名稱", "User name"),
    "login_password": ("密码", "密碼", "Password"),
    "login_wrong": ("用户名或密码不对。", "使用者名稱或密碼不對。", "Wrong user name or password."),
    "login_wait": (
        "密码错误次数太多，请在 {minutes} 分钟后再试。",
        "密碼錯誤次數太多，請在 {minutes} 分鐘後再試。",
        "Too many wrong passwords; try again in {minutes} minutes.",
    ),
    # asking
    "tab_ask": ("提问", "提問", "Ask"),
    "tab_shelf": ("研报", "研報", "Reports"),
    "question": ("问题", "問題", "Question"),
    "question_hint": (
        "就研报提问，中英文均可",
        "就研報提問，中英文均可",
        "Ask in English or Chinese",
    ),
    "send": ("发送", "送出", "Send"),
    "stop": ("停止", "停止", "Stop"),
    "empty_head": ("想从研报里知道什么？", "想從研報裡知道什麼？", "What do you want to know?"),
    "empty_body": (
        "书架上有 {count} 份研报。回答只取自这些研报；没有写的，就说没有。",
        "書架上有 {count} 份研報。回答只取自這些研報；沒有寫的，就說沒有。",
        "There are {count} reports on the shelf. Answers come from them alone; what they do not "
        "say is not made up.",
    ),
    "empty_shelf": (
        "书架是空的。请在“研报”页添加 PDF 或文本文件，然后提问。",
        "書架是空的。請在「研報」頁加入 PDF 或文字檔，然後提問。",
        "The shelf is empty. Add PDF or text files on the Reports page, then ask.",
    ),
    "examples": ("可以这样问", "可以這樣問", "For example"),
    "transcript": ("对话", "對話", "Conversation"),
    "you": ("你", "你", "You"),
    "assistant": ("回答", "回答", "Answer"),
    "searching": ("正在查找…", "正在查找…", "Searching…"),
    "unverified": ("未核对", "未核對", "Not checked yet"),
    "stopped": ("已停止。", "已停止。", "Stopped."),
    "verified": ("引文已逐字核对", "引文已逐字核對", "Quotes checked word for word"),
    "not_found": ("研报中没有答案", "研報中沒有答案", "Not in the reports"),
    "unsupported": ("没有依据，未采用", "沒有依據，未採用", "No source, not used"),
    "engine_extractive": ("离线", "離線", "offline"),
    "engine_model": ("模型 {name}", "模型 {name}", "model {name}"),
    "nearest": (
        "最接近的段落（不是答案）",
        "最接近的段落（不是答案）",
        "Nearest passages (no answer)",
    ),
    "earlier": (
        "显示更早的 {count} 轮对话",
        "顯示更早的 {count} 輪對話",
        "Show {count} earlier questions",
    ),
    "follow_ups": ("接着问", "接著問", "Ask next"),
    "sources": ("来源", "來源", "Sources"),
    "completed": ("理解为：{question}", "理解為：{question}", "Read as: {question}"),
    "source_n": ("来源 {marker}：{title}", "來源 {marker}：{title}", "Source {marker}: {title}"),
    "copy": ("复制", "複製", "Copy"),
    "copied": ("已复制", "已複製", "Copied"),
    "retry": ("重新回答", "重新回答", "Ask again"),
    "edit": ("修改问题", "修改問題", "Edit question"),
    "editing": (
        "正在修改上一个问题，发送后替换原来的回答。",
        "正在修改上一個問題，送出後取代原來的回答。",
        "Editing your last question; sending replaces its answer.",
    ),
    "cancel": ("取消", "取消", "Cancel"),
    "good": ("有用", "有用", "Helpful"),
    "bad": ("有问题", "有問題", "Not right"),
    "comment": (
        "哪里好、哪里不对？（可不填）",
        "哪裡好、哪裡不對？（可不填）",
        "What was right or wrong? (optional)",
    ),
    "comment_send": ("提交", "提交", "Submit"),
    "comment_thanks": ("已记录在本机。", "已記錄在本機。", "Noted on this machine."),
    "scope_all": (
        "查找全部 {count} 份研报",
        "查找全部 {count} 份研報",
        "Searching all {count} reports",
    ),
    "scope_some": (
        "只查找选中的 {chosen} 份（共 {count} 份）",
        "只查找選中的 {chosen} 份（共 {count} 份）",
        "Searching {chosen} of {count} reports",
    ),
    "scope_clear": ("查找全部", "查找全部", "Search all"),
    # conversations
    "conversations": ("对话", "對話", "Conversations"),
    "new": ("新对话", "新對話", "New conversation"),
    "untitled": ("新对话", "新對話", "New conversation"),
    "rename": ("重命名", "重新命名", "Rename"),
    "delete": ("删除", "刪除", "Delete"),
    "confirm_delete": ("确定删除？", "確定刪除？", "Delete it?"),
    "kept_here": (
        "对话只保存在这个浏览器里。",
        "對話只保存在這個瀏覽器裡。",
        "Conversations are kept in this browser only.",
    ),
    "export_markdown": ("导出 Markdown", "匯出 Markdown", "Export Markdown"),
    "export_word": ("导出 Word", "匯出 Word", "Export Word"),
    # the source panel
    "source": ("出处", "出處", "Source"),
    "source_empty": (
        "点击回答中的编号，或按数字键 1–9，这里显示原文出处。",
        "點擊回答中的編號，或按數字鍵 1–9，這裡顯示原文出處。",
        "Click a number in an answer, or press 1–9, to see here where it comes from.",
    ),
    "close": ("关闭", "關閉", "Close"),
    "previous": ("上一处", "上一處", "Previous"),
    "next": ("下一处", "下一處", "Next"),
    "copy_citation": ("复制引用", "複製引用", "Copy citation"),
    "read_here": ("在研报中阅读", "在研報中閱讀", "Read in the report"),
    "original": ("原文", "原文", "Original"),
    "rendering": ("译文", "譯文", "Translation"),
    "page_n": ("第 {page} 页", "第 {page} 頁", "page {page}"),
    "page_image": ("研报第 {page} 页", "研報第 {page} 頁", "Page {page} of the report"),
    "page_failed": (
        "这一页无法显示为图像。以下是读出的文字。",
        "這一頁無法顯示為影像。以下是讀出的文字。",
        "This page cannot be shown as an image. Its text is below.",
    ),
    "quote_gone": (
        "研报已更新或移除，这段引文已不在原处：",
        "研報已更新或移除，這段引文已不在原處：",
        "The report was changed or removed since; this quote no longer stands there:",
    ),
    "busy": (
        "现在提问的人太多，这个问题没有排上。请过几秒再试。",
        "現在提問的人太多，這個問題沒有排上。請過幾秒再試。",
        "Too many questions at once; this one was not taken. Try again in a few seconds.",
    ),
    "closing": (
        "服务正在关闭，回答没有写完。请稍后重试。",
        "服務正在關閉，回答沒有寫完。請稍後重試。",
        "The server is shutting down; the answer was not finished. Try again later.",
    ),
    "failed": (
        "出错了，详情见服务器日志。请重试；若仍出错，请重新启动。",
        "出錯了，詳情見伺服器記錄。請重試；若仍出錯，請重新啟動。",
        "Something failed; the server's log says what. Try again; if it stays, restart.",
    ),
    "no_report": (
        "找不到这份研报，可能已被移除。",
        "找不到這份研報，可能已被移除。",
        "That report is not on the shelf; it may have been removed.",
    ),
    **SHELF_TEXTS,
}

_COLUMN = {language: column for column, language in enumerate(UiLanguage)}


class Texts:
    """The texts of one language.

    >>> Texts(UiLanguage.EN)("page_n", page=3)
    'page 3'
    """

    def __init__(self, language: UiLanguage) -> None:
        self.language = language
        self.reader_language = READER_LANGUAGE[language]

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its values put in.

        Raises:
            KeyError: There is no such text, or a value is missing.
        """
        return _TEXTS[key][_COLUMN[self.language]].format(**values)

    def adapted(self, text: str) -> str:
        """Return one of the assistant's own Chinese sentences in the page's characters."""
        return traditional(text) if self.language is UiLanguage.ZH_TW else text


def text_keys() -> frozenset[str]:
    """Return the keys of all texts."""
    return frozenset(_TEXTS)


@lru_cache(maxsize=1)
def _to_traditional() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2tw").convert
    return convert


def traditional(text: str) -> str:
    """Return simplified Chinese in traditional characters; other text stays as it is.

    For the assistant's own sentences and for searching, never for a quote.

    >>> traditional("研报中没有答案")
    '研報中沒有答案'
    """
    return _to_traditional()(text)


def translations() -> dict[str, dict[str, str]]:
    """Return the texts that take no value by language tag, as `gr.I18n` wants them."""
    plain = {key: row for key, row in _TEXTS.items() if not any("{" in text for text in row)}
    tables = {
        language.value: {key: row[column] for key, row in plain.items()}
        for language, column in _COLUMN.items()
    }
    return {**tables, "zh": tables[UiLanguage.ZH_CN]}


def choose_language(accepted: str) -> UiLanguage:
    """Return the page's language for an Accept-Language header; the first known tag wins.

    >>> choose_language("zh-HK,zh;q=0.9,en;q=0.8")
    <UiLanguage.ZH_TW: 'zh-TW'>
    >>> choose_language("fr-CH, de;q=0.9")
    <UiLanguage.EN: 'en'>
    """
    for entry in accepted.split(","):
        tag = entry.split(";")[0].strip().casefold()
        if tag.startswith("zh"):
            traditional = any(part in tag for part in ("tw", "hk", "mo", "hant"))
            return UiLanguage.ZH_TW if traditional else UiLanguage.ZH_CN
        if tag.startswith("en"):
            return UiLanguage.EN
    return UiLanguage.EN


def parse_language(value: object, default: UiLanguage = UiLanguage.EN) -> UiLanguage:
    """Return the language that a stored or sent value names, or the default."""
    return next((language for language in UiLanguage if language.value == value), default)
