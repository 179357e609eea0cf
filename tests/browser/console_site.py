"""A console that can be stopped and started again, for browser tests; signing in to it, and accessibility checks."""

import threading
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, ViewportSize
from werkzeug.serving import make_server

LARGE: ViewportSize = {"width": 1366, "height": 820}
SMALL: ViewportSize = {"width": 390, "height": 844}


class Server:
    """The console on a port that stays the same."""

    def __init__(self, app: Flask) -> None:
        self.app, self._port = app, 0
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}/console"

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self._port, self.app, threaded=True)
        self._port = self._server.server_port
        # Checks fifty times a second whether to stop.
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02])
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def enter(page: Page, site: str, role: str = "staff") -> None:
    page.goto(f"{site}/demo-sign-in/{role}")


def violations(page: Page, *rules: str) -> list[Any]:
    """Accessibility violations that axe finds, of these rules or of all, shortened."""
    options: dict[str, Any] = {"reporter": "no-passes"} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
