"""Start the web page: python app.py [--host ADDRESS] [--port N]."""

import argparse
import getpass
import os
import sys

from corpus.errors import AssistantError
from rag.pipeline import ensure_index
from rag.settings import Settings
from web.logs import configure
from web.password import hash_password
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
    parser.add_argument(
        "--hash-password",
        action="store_true",
        help="ask for a password and print it hashed, for RAG_AUTH=user:hash in a file",
    )
    parser.add_argument(
        "--log-level",
        default="INFO",
        choices=["DEBUG", "INFO", "WARNING", "ERROR"],
        help="INFO writes one line of JSON for every question, without its text (INFO)",
    )
    options = parser.parse_args()
    if options.hash_password:
        print(hash_password(getpass.getpass("密码 / password: ")))
        return 0
    configure(options.log_level, os.environ)
    # Gradio reads both when it is imported: no look-ups of its own, nothing sent anywhere.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        environment = dict(os.environ)
        auth = environment.pop("RAG_AUTH", "")
        settings = Settings.from_env(environment)
        require_password(options.host, auth, allow_anonymous=options.allow_anonymous)
        ensure_index(settings)
        from web.server import Server, create_app

        app = create_app(
            settings, auth=auth, host=options.host, allow_anonymous=options.allow_anonymous
        )
    except AssistantError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        return 1
    print(f"http://{options.host}:{options.port}", flush=True)
    server = Server(app, options.host, options.port)
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
