"""Start the web page: python app.py [--host ADDRESS] [--port N]."""

import argparse
import logging
import os
import sys

from corpus.errors import AssistantError
from rag.pipeline import ensure_index
from rag.settings import Settings
from web.security import require_password


def main() -> int:
    """Serve until interrupted; return 1 when it cannot start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen on (7860)")
    parser.add_argument(
        "--allow-anonymous",
        action="store_true",
        help="let other machines in without RAG_AUTH=user:password",
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Gradio reads both when it is imported: no look-ups of its own, nothing sent anywhere.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        environment = dict(os.environ)
        auth = environment.pop("RAG_AUTH", "")
        settings = Settings.from_env(environment)
        require_password(options.host, auth, allow_anonymous=options.allow_anonymous)
        ensure_index(settings)
        import uvicorn

        from web.server import create_app

        app = create_app(
            settings, auth=auth, host=options.host, allow_anonymous=options.allow_anonymous
        )
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    print(f"http://{options.host}:{options.port}", flush=True)
    # An open page keeps a connection; without the limit Ctrl-C would wait for it to be closed.
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
