"""A console that can be stopped and started again, for browser tests; signing in to it, and accessibility checks."""

import threading
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
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
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(CONTRAST_ONCE)
    page.evaluate(MARK_ALIKE)
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


CONTRAST_ONCE = "axe.configure({rules: [{id: 'color-contrast', selector: ':not([data-alike])'}]})"
MARK_ALIKE = """() => {
    const shape = (each) => each.tagName + [...each.attributes]
        .filter(({name}) => /^(class|style|role|type|hidden|disabled|open|checked|lang|aria-.*)$/.test(name))
        .map(({name, value}) => `[${name}=${/^(aria-label|aria-describedby|aria-controls)/.test(name) || value}]`)
        + `(${[...each.children].map(shape)})`;
    const mark = (parent) => {
        const seen = new Map();
        for (const each of parent.children) {
            const form = shape(each), count = (seen.get(form) ?? 0) + 1;
            seen.set(form, count);
            if (count <= 2 || each === parent.lastElementChild) { mark(each); continue; }
            for (const part of [each, ...each.querySelectorAll('*')]) part.setAttribute('data-alike', '');
        }
    };
    document.querySelectorAll('[data-alike]').forEach((each) => each.removeAttribute('data-alike'));
    mark(document.body);
}"""
"""Marks the third and later of siblings that differ in their texts alone, such as the rows of a list: their colours
are those of the first two, one even and one odd, and contrast is most of what axe computes. Its other rules see all."""
