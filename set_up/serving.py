"""Runs the set-up page's server and prints its address, which is all that anybody needs to begin."""

import secrets
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import peewee
from werkzeug.serving import WSGIRequestHandler, make_server

from bot import log
from bot.config import first_start, settings
from bot.config.env_file import NAME
from bot.db import database
from bot.queue import sending_held
from bot.starting import UNFIT
from console.auth.staff_accounts import Staff
from console.first_start.answers import Answers
from console.first_start.site import create_site

LAST_ANSWER_SECONDS = 1.0
"""How long the last page and its style sheets may take to leave before the server ends."""
PLATFORMS_ADDRESS = ("RENDER_EXTERNAL_URL", "RAILWAY_PUBLIC_DOMAIN", "KOYEB_PUBLIC_DOMAIN")
"""Variables in which platforms say under which address the web process is reached."""


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: the address is a secret."""


def answers_in(path: Path, given_outside: dict[str, str], given: dict[str, str]) -> Answers:
    """The answers so far, kept in `.env`; in memory where that file cannot be written."""
    token = given.get(first_start.TOKEN) or secrets.token_urlsafe(24)
    answers = Answers(token, given_outside | given, path)
    try:
        answers.save(**{first_start.TOKEN: token})
    except OSError:
        return Answers(token, given_outside | given, None)
    return answers


def refuse_a_running_shop(given: dict[str, str]) -> None:
    """Exit with UNFIT when the database is a shop's already: its settings were lost, and new ones would not fit it
    (`SECRET_KEY`)."""
    if first_start.TOKEN in given or not _is_in_use(given.get("DATABASE_URL") or _default_database()):
        return
    try:
        settings.load(given)
    except settings.SettingsError as lost:
        print(lost, file=sys.stderr)
    sys.exit(UNFIT)


def _default_database() -> str:
    return str(settings.Settings.model_fields["database_url"].default)


def _is_in_use(url: str) -> bool:
    """Whether somebody can sign in already; False also where there is no database yet, and while set-up of a restored
    shop goes on, which is why its sending is held."""
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return False
    try:
        database.connect(url)
        return bool(Staff.select().exists()) and not sending_held.is_held()
    except (peewee.PeeweeException, database.DatabaseUnfit):
        return False
    finally:
        database.close()


def listen_address(given: Mapping[str, str]) -> str:
    """LISTEN_ADDRESS, as the product reads it."""
    return given.get("LISTEN_ADDRESS") or str(settings.Settings.model_fields["listen_address"].default)


def serve(answers: Answers, port: int, address: str) -> bool:
    """Serve until everything is answered; whether the settings are written, so that the product can start.

    Raises OSError when the port is taken.
    """
    log.configure("WARNING")
    server = make_server(address, port, create_site(answers), threaded=True, request_handler=_QuietHandler)
    server.daemon_threads = True  # type: ignore[attr-defined]  # of ThreadedWSGIServer
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    print(welcome(answers, server.server_port), flush=True)
    answers.is_over.wait()
    threading.Event().wait(LAST_ANSWER_SECONDS)
    server.shutdown()
    server.server_close()
    return answers.is_stored


def welcome(answers: Answers, port: int) -> str:
    """What the terminal or the platform's log shows: Japanese first, then English."""
    path = f"/set-up/{answers.token}/"
    lines = "\n".join(f"    {each}{path}" for each in _addresses(port))
    return (
        "\n  Goenの準備をはじめます。ブラウザで次のアドレスを開いてください（ほかの人には見せないでください）。\n"
        f"{lines}\n\n"
        "  Goen is ready to be set up. Open this address in a browser, and show it to nobody else.\n"
        f"{lines}\n"
    )


def _addresses(port: int) -> list[str]:
    given_outside = settings.environment()
    known = [given_outside[name] for name in PLATFORMS_ADDRESS if given_outside.get(name)]
    if known:
        return [each if "://" in each else f"https://{each}" for each in known]
    mine = [f"http://127.0.0.1:{port}"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it asks which of our addresses would be used
            mine.append(f"http://{probe.getsockname()[0]}:{port}")
        except OSError:
            pass  # no network but this machine
    return mine


def env_path() -> Path:
    """The file of one machine's settings."""
    return settings.ROOT / NAME


def port(given: dict[str, str]) -> int:
    """The port to serve at. Exits with a sentence when PORT is no number."""
    asked = given.get("PORT") or "8000"
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked) < 65536):
        sys.exit(
            f"PORT は 1 から 65535 までの数です: {asked}\nPORT must be a number from 1 to 65535: {asked}"
        )
    return int(asked)
