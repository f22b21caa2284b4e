"""The page: its parts, what happens when it opens, and how it is served."""

from typing import Any

import gradio as gr

from web import handlers
from web.asking import Asking, Chosen
from web.browsing import wire_conversations, wire_sources
from web.chrome import header_html
from web.handlers import Desk, history_of
from web.parts import Parts, data_of, lay_out, quick, texts_of
from web.programs import add_endpoints
from web.security import UPLOAD_WINDOW_S
from web.shelving import Shelving
from web.source import empty_html
from web.static_files import style
from web.texts import Texts, UiLanguage, choose_language, parse_language, translations

MAX_FILE_MB = 200
_THREADS = 128  # questions that wait for their turn must not hold up the rest of the page
_CLEARED_EVERY_S = 600
_KEPT_UPLOAD_S = int(UPLOAD_WINDOW_S)  # those not added, as when they wait for their password


def build_page(desk: Desk) -> gr.Blocks:
    """Build the page; `page_options` says how it is served."""
    page: gr.Blocks
    with gr.Blocks(
        title="研报问答 · Research reports, quoted",
        analytics_enabled=False,
        delete_cache=(_CLEARED_EVERY_S, _KEPT_UPLOAD_S),
    ) as page:
        parts = lay_out()
        _wire_opening(page, desk, parts)
        Asking(desk, parts).wire()
        wire_conversations(desk, parts)
        wire_sources(desk, parts)
        Shelving(desk, parts).wire()
        add_endpoints(desk.assistant)
    page.queue(max_size=64, default_concurrency_limit=4)
    page.max_threads = _THREADS
    return page


def page_options() -> dict[str, Any]:
    """Return what `gr.mount_gradio_app` needs besides the page."""
    return {
        "theme": gr.themes.Base(
            primary_hue="teal",
            neutral_hue="slate",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        # In the head and not as `css`, which Gradio puts inside its own container: rules for
        # `body` and media queries would be lost there. `static_files.head_html` has it as well, for
        # the first paint; here it comes after Gradio's own style and wins over it.
        "head": f"<style>{style()}</style>",
        "i18n": gr.I18n(**translations()),
        "footer_links": [],
        "run_history": False,
        "max_file_size": f"{MAX_FILE_MB}mb",
    }


def _wire_opening(page: gr.Blocks, desk: Desk, parts: Parts) -> None:
    translated = [
        parts.header,
        parts.conversations,
        parts.transcript,
        parts.suggestions,
        parts.scope,
        parts.question,
        parts.add_text,
        parts.shelf,
        parts.source,
        parts.language,
        parts.reader,
        parts.progress,
    ]

    def translate(language: UiLanguage, stored: object, chosen: Chosen) -> tuple[Any, ...]:
        texts = Texts(language)
        shown = handlers.view(desk, history_of(stored), texts)
        return (
            header_html(texts),
            shown.conversations,
            shown.transcript,
            "",
            handlers.scope_line(desk, chosen, texts),
            gr.Textbox(label=texts("question"), placeholder=texts("question_hint")),
            f'<p class="drop-label">{texts("add_label")}</p>'
            f'<p class="muted">{texts("add_hint", size=MAX_FILE_MB)}</p>',
            handlers.shelf_view(desk, chosen, texts),
            empty_html(texts),
            language.value,
            "",
            "",
        )

    def open_page(
        stored: object,
        language: object,
        chosen: Chosen,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        asked_for = choose_language(request.headers.get("accept-language", ""))
        return translate(parse_language(language, asked_for), stored, chosen)

    def switch(stored: object, chosen: Chosen, event: gr.EventData) -> tuple[Any, ...]:
        return translate(parse_language(data_of(event).get("value")), stored, chosen)

    def fill_examples(stored: object, language: object) -> Any:  # noqa: ANN401
        """Show the examples of an empty conversation once they are made."""
        conversation = history_of(stored).open
        texts = texts_of(language)
        if conversation.turns or not handlers.await_examples(desk, texts):
            return gr.skip()
        return handlers.conversation_html(desk, conversation, texts)

    filled = quick(fill_examples, [parts.stored, parts.language], parts.transcript)
    page.load(**quick(open_page, [parts.stored, parts.language, parts.chosen], translated)).then(
        **{**filled, "queue": True}
    )
    parts.header.language(**quick(switch, [parts.stored, parts.chosen], translated))
