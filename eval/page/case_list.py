"""The list of failed cases: question, answer, evidence and reason, with filters."""

from collections.abc import Mapping, Sequence
from html import escape

from eval.compare import Comparison
from eval.page.sections import section
from eval.page.texts import KINDS, LANGUAGES, LEADS, REASONS, both, plain
from eval.record import Quote, ResultRecord, RunRecord, Texts

_TITLE = ("失败的题", "Failed cases")


def case_list(record: RunRecord, comparison: Comparison | None) -> str:
    """Return every failed case as an entry that opens; without texts only the reason why not."""
    failed = [r for r in record.results if r.reason]
    if any(r.texts is None for r in failed):
        held = f"<p>{both(LEADS['held_out'])}</p>"
        return f'<div id="cases">{section(_TITLE, held)}</div>'
    worse = {(b.id, b.language) for _, b in comparison.worse} if comparison else set()
    titles = {
        str(item["doc_id"]): str(item["issuer"] or item["title"])
        for item in record.index["documents"]
    }
    entries = "".join(
        _case(result, result.texts, (result.id, result.language) in worse)
        for result in failed
        if result.texts
    )
    return f'<div id="cases">{section(_TITLE, _filters(failed, titles) + entries)}</div>'


def _filters(failed: Sequence[ResultRecord], titles: Mapping[str, str]) -> str:
    kinds = [kind for kind in KINDS if any(r.kind == kind for r in failed)]
    found = [reason for reason in REASONS if any(r.reason == reason for r in failed)]
    return (
        '<form id="filters" class="filters">'
        + _select("language", ("语言", "language"), {k: plain(v) for k, v in LANGUAGES.items()})
        + _select("kind", ("题型", "kind"), {kind: plain(KINDS[kind]) for kind in kinds})
        + _select("document", ("报告", "report"), titles)
        + _select(
            "reason", ("原因", "reason"), {reason: plain(REASONS[reason]) for reason in found}
        )
        + _select("change", ("变化", "change"), {"worse": "较上次变差 worse"})
        + '<input name="text" type="search" placeholder="搜索 search" aria-label="搜索 search">'
        '<button type="reset">清除 clear</button><span id="count" class="quiet"></span></form>'
    )


def _select(name: str, title: tuple[str, str], choices: Mapping[str, str]) -> str:
    options = "".join(
        f'<option value="{escape(value)}">{escape(label[:40])}</option>'
        for value, label in choices.items()
    )
    label = plain(title)
    return f'<select name="{name}" aria-label="{label}"><option value="">{label}</option>{options}</select>'


def _case(result: ResultRecord, texts: Texts, is_worse: bool) -> str:
    change = "worse" if is_worse else ""
    chips = [
        f'<span class="chip">{escape(result.id)} · {LANGUAGES[result.language][0]}</span>',
        f'<span class="chip">{both(KINDS.get(result.kind, (result.kind, "")))}</span>',
        f'<span class="chip reason">{both(REASONS[result.reason])}</span>',
    ]
    if is_worse:
        chips.insert(0, '<span class="chip worse">变差 worse</span>')
    return (
        f'<details class="case" data-language="{result.language}" data-kind="{escape(result.kind)}" '
        f'data-document="{escape(" ".join(result.documents))}" data-reason="{result.reason}" '
        f'data-change="{change}"><summary><span class="question">{escape(texts.question)}</span>'
        f"{''.join(chips)}</summary>{_body(result, texts)}</details>"
    )


def _body(result: ResultRecord, texts: Texts) -> str:
    said = escape(texts.answer or texts.error)
    left = f"<h3>{both(('回答', 'Answer'))} <span class='en'>{escape(result.status)}</span></h3>"
    left += f'<p class="answer">{said}</p>'
    if texts.history:
        before = " → ".join(escape(question) for question in texts.history)
        left = f"<p class='quiet'>{both(('此前问过', 'asked before'))}: {before}</p>{left}"
    left += _quotes(("引用", "Cited"), texts.quotes) + _quotes(
        ("最接近的段落", "Nearest"), texts.nearest
    )
    right = ""
    if result.answerable:
        items = "".join(
            f'<li class="{"held" if held else ""}">{escape(" / ".join(forms))}</li>'
            for forms, held in texts.wanted
        )
        needed = (
            f" <span class='en'>{texts.min_facts} of {len(texts.wanted)}</span>"
            if texts.min_facts < len(texts.wanted)
            else ""
        )
        right = (
            f'<h3>{both(("要有的事实", "Facts wanted"))}{needed}</h3><ul class="facts">{items}</ul>'
        )
        right += _quotes(("证据", "Evidence"), texts.evidence, css="gold")
    else:
        right = f"<h3>{both(('应当拒答', 'Should be declined'))}</h3>"
    sure = f"{both(('把握', 'confidence'))} {result.confidence:.2f} · {result.ms:.0f} ms"
    return f'<div class="body"><div>{left}</div><div>{right}<p class="quiet">{sure}</p></div></div>'


def _quotes(title: tuple[str, str], quotes: Sequence[Quote], css: str = "") -> str:
    if not quotes:
        return ""
    shown = "".join(
        f'<blockquote class="{css}">{escape(quote.text)}'
        + (f"<br>{escape(quote.translation)}" if quote.translation else "")
        + f'<br><span class="quiet">{escape(" · ".join(filter(None, [quote.title, quote.place])))}</span>'
        "</blockquote>"
        for quote in quotes
    )
    return f"<h3>{both(title)}</h3>{shown}"
