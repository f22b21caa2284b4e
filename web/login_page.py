"""The page that asks for the password: plain HTML without script, in three languages."""

from html import escape

from web.texts import Texts, UiLanguage

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2430; --ground: #f6f7f9; --paper: #fff; --line: #dfe4ea;
  --accent: #0f6e6e; --bad: #9a2c22; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --ground: #12171e; --paper: #1a212b;
  --line: #2c3542; --accent: #5cc2ba; --bad: #ff9d92; } }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; background: var(--ground);
  color: var(--ink); font-family: system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
form { width: min(340px, calc(100vw - 64px)); padding: 28px; border: 1px solid var(--line);
  border-radius: 14px; background: var(--paper); display: grid; gap: 14px; }
h1 { font-size: 20px; margin: 0 0 4px; } p { margin: 0; font-size: 14px; color: var(--bad); }
label { display: grid; gap: 5px; font-size: 14px; }
input, button { font: inherit; padding: 10px 12px; border-radius: 9px; border: 1px solid var(--line); }
input { background: transparent; color: inherit; }
input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
button { border: 0; background: var(--accent); color: var(--paper); font-weight: 600; }
"""


def login_html(language: UiLanguage, *, is_wrong: bool = False, wait_s: float = 0.0) -> str:
    """Return the page; `is_wrong` and `wait_s` say what came of the last attempt."""
    texts = Texts(language)
    problem = texts("login_wrong") if is_wrong else ""
    if wait_s:
        problem = texts("login_wait", minutes=max(1, round(wait_s / 60)))
    said = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    fields = "".join(
        f"<label>{escape(texts(key))}"
        f'<input name="{name}" type="{kind}" autocomplete="{filled}" required{focus}></label>'
        for key, name, kind, filled, focus in (
            ("login_user", "username", "text", "username", " autofocus"),
            ("login_password", "password", "password", "current-password", ""),
        )
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(texts('title'))}</title><style>{_STYLE}</style></head><body>"
        f'<form method="post" action="login"><h1>{escape(texts("title"))}</h1>{said}{fields}'
        f"<button>{escape(texts('login'))}</button></form></body></html>"
    )
