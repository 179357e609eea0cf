"""Serves what staff sent to LINE and to the customer, at signed addresses that cannot be guessed.

Nothing is served before it was sent, nor after its last day. Only pictures, videos and PDF are shown by a browser;
anything else is saved.
"""

import io
from functools import cache
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request, send_file

from bot.files import content_types, storage
from support.replies import addresses, attachments
from support.replies.attachments import ReplyAttachment
from support.replies.words import words

sent_files = Blueprint("sent_files", __name__)
CACHE_SECONDS = 24 * 3600
POLICY = "default-src 'none'; frame-ancestors 'none'"
SHOWN = content_types.PICTURES | content_types.VIDEOS | {content_types.PDF}
_SIZE = (1280, 720)


@sent_files.get("/f/video.jpg")
def video_preview() -> Response:
    """The picture that LINE shows for a video until it is played."""
    answer = Response(_drawn_preview(), mimetype=content_types.JPEG)
    answer.headers["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@sent_files.get("/f/<name>")
def file(name: str) -> Response:
    """The file with that signed address: 404 for any other, 410 after its last day, 503 while the storage is away."""
    token = addresses.token_of(name)
    found = attachments.by_token(token) if token else None
    if found is None:
        return _sentence("", 404)
    if attachments.is_over(found):
        return _sentence(words().over, 410)
    try:
        opened = storage.find(found.media.key)
    except OSError:  # a remote storage is unavailable at the moment
        return _sentence("", 503)
    if opened is None:
        return _sentence("", 404)
    return _answer(found, opened.file, opened.byte_count)


def _answer(found: ReplyAttachment, content: Any, byte_count: int) -> Response:
    content_type = found.media.content_type or content_types.UNKNOWN
    shown = content_type in SHOWN
    answer = send_file(
        content, mimetype=content_type if shown else content_types.UNKNOWN, etag=f"{found.token}-{byte_count}"
    )
    answer.content_length = byte_count
    answer.make_conditional(request, accept_ranges=True, complete_length=byte_count)
    name = quote(attachments.name_of(found), safe="")
    answer.headers["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}"
    return _private(answer)


def _sentence(sentence: str, status: int) -> Response:
    return _private(Response(sentence, status, mimetype="text/plain"))


def _private(answer: Response) -> Response:
    """Caches of others must not store it; the customer's own may, for a day."""
    cached = answer.status_code in (200, 206, 304)
    answer.headers["Cache-Control"] = f"private, max-age={CACHE_SECONDS}" if cached else "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@cache
def _drawn_preview() -> bytes:
    from PIL import Image, ImageDraw  # only for who asks for it

    image = Image.new("RGB", _SIZE, "#2b3437")
    middle_x, middle_y = _SIZE[0] // 2, _SIZE[1] // 2
    draw = ImageDraw.Draw(image)
    draw.ellipse((middle_x - 110, middle_y - 110, middle_x + 110, middle_y + 110), fill="#ffffff")
    draw.polygon(
        [(middle_x - 35, middle_y - 60), (middle_x - 35, middle_y + 60), (middle_x + 65, middle_y)],
        fill="#2b3437",
    )
    drawn = io.BytesIO()
    image.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()
