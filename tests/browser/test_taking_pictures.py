"""No picture for the documents is taken of a page with an error."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pictures import Camera, PageBroken

SCRIPT_FAILS = "<h1>ダッシュボード</h1><script>throw new Error('no chart')</script>"
PICTURE_IS_GONE = "<h1>ダッシュボード</h1><img src='/404'>"


class Pages(BaseHTTPRequestHandler):
    """`/503` answers with that status, `/moved` redirects to the sign-in, other pages are good."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        self.send_response(302 if name == "moved" else int(name) if name.isdigit() else 200)
        self.send_header("Location", "/sign-in")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        bodies = {"script-fails": SCRIPT_FAILS, "picture-is-gone": PICTURE_IS_GONE}
        self.wfile.write(bodies.get(name, "<link rel=icon href=data:,><h1>ダッシュボード</h1>").encode())

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        *((str(status), f"answers {status}") for status in (400, 403, 404, 422, 429, 500, 503)),
        ("moved", "leads to .*/sign-in"),
        ("script-fails", "no chart"),
        ("picture-is-gone", "/404 answers 404"),
    ],
)
def test_a_broken_page_gets_no_picture(
    browser: Browser, site: str, tmp_path: Path, path: str, reason: str
) -> None:
    camera = Camera(browser, tmp_path)
    page = camera.page(390, 844)
    camera.open(page, f"{site}/{path}")
    with pytest.raises(PageBroken, match=f"No picture console-figures is taken: .*{reason}"):
        camera.take(page, "console-figures")
    assert [*tmp_path.iterdir()] == []


def test_the_next_page_is_judged_by_itself(browser: Browser, site: str, tmp_path: Path) -> None:
    camera = Camera(browser, tmp_path)
    page = camera.page(390, 844)
    camera.open(page, f"{site}/500")
    camera.open(page, f"{site}/figures")
    camera.take(page, "console-figures")
    assert [path.name for path in tmp_path.iterdir()] == ["console-figures.png"]


def test_only_what_is_named_is_taken(browser: Browser, site: str, tmp_path: Path) -> None:
    camera = Camera(browser, tmp_path, ["console-audit"])
    page = camera.page(390, 844)
    camera.open(page, f"{site}/audit")
    camera.take(page, "console-figures")
    camera.take(page, "console-audit")
    assert [path.name for path in camera.taken] == ["console-audit.png"]


def test_the_overview_needs_the_two_pictures_it_is_made_of(browser: Browser, tmp_path: Path) -> None:
    camera = Camera(browser, tmp_path, ["overview"])
    assert camera.wants({"phone-question"}) and camera.wants({"console-ticket"})
    assert not camera.wants({"console-figures"})
