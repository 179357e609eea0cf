"""What makes the console an app on a phone or computer: its manifest and its service worker.

The service worker is served from `/console/`, which is its scope. It stores no page.
"""

from flask import Blueprint, Response, jsonify, request, send_from_directory, url_for

from bot.config import settings
from console.auth.sign_in import LANGUAGES
from console.shell import pages

LIGHT, DARK = "#ffffff", "#1d2426"
"""The bar at the top of the page, as in `console.css`."""
NAMES = {"ja": "%(shop)s・Goen", "en": "%(shop)s · Goen"}
ICONS = (
    ("app-192.png", "192x192", "any"),
    ("app-512.png", "512x512", "any"),
    ("app-maskable.png", "512x512", "maskable"),
)


def register(console: Blueprint) -> None:
    """Add the URLs of these files to the console's blueprint."""
    console.get("/manifest.webmanifest")(manifest)
    console.get("/service-worker.js")(service_worker)


def manifest() -> Response:
    """The app's name, icons and colours, in the language asked for."""
    language = request.args.get("language", "")
    language = language if language in LANGUAGES else "ja"
    shop = settings.current().shop_name
    answer = jsonify(
        id=url_for("console.home"),
        name=NAMES[language] % {"shop": shop},
        short_name=shop,
        lang=language,
        start_url=url_for("console.tickets"),
        scope=url_for("console.home"),
        display="standalone",
        theme_color=LIGHT,
        background_color=LIGHT,
        icons=[
            {"src": pages.asset(f"app/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer


def service_worker() -> Response:
    """The script that shows what is pushed."""
    answer = send_from_directory(pages.STATIC, "service_worker.js", mimetype="text/javascript", max_age=0)
    return answer
