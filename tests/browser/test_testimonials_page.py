"""The public testimonials page in a real browser, on large and small screens: checked by axe and by its own
policy."""

import threading
from collections.abc import Iterator
from typing import Any

import peewee
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from surveys.testimonials import moderation, testimonials
from surveys.testimonials import page as testimonials_page
from surveys.testimonials import pictures as testimonial_pictures
from surveys.testimonials.tables import Consent
from tests.console import chats, pictures

WORDS = (
    "最初はべたつくと思いましたが、量を半分にしたらぴったりでした。\n\n電話で使い方を教えてもらえて助かりました😊",
    "お値段は高めです。" * 40,
    "https://example.jp/" + "a" * 200,
)


@pytest.fixture
def site(settings: bot_settings.Settings, database: peewee.Database) -> Iterator[str]:
    shop.use({})
    for number, words in enumerate(WORDS):
        who = chats.customer(f"感想 {number}子")
        chats.sent(who, str(number), pictures.broken_lid())
        picture = testimonial_pictures.original(str(number))
        assert picture
        key = "" if number else testimonial_pictures.make_public(picture)
        with write_transaction():
            written = testimonials.write(who.id, words)
            consent = Consent.ANONYMOUS if number == 1 else Consent.NAMED
            testimonials.decide(who.id, written, consent, "" if number == 1 else who.display_name)
            found = moderation.find(written)
            assert found
            moderation.publish(found, 1, key)
    app = Flask("public")
    app.register_blueprint(testimonials_page.pages(lambda causes: dict.fromkeys(causes[:2], 50)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_runs_over(page: Page, site: str, width: int, colours: Any) -> None:
    faults: list[Any] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/voices")
    expect(page.locator("img")).to_have_js_property("naturalWidth", 960)
    assert page.get_by_role("listitem").count() == len(WORDS)
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [fault for fault in faults if "favicon" not in fault and "404" not in fault] == []
