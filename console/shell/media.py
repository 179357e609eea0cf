"""Serves media from customers, and what staff sent, to staff: what a browser may show, and what it may only download.

The files are untrusted: the type is detected from the bytes, and a sandbox policy keeps them from running
anything. Fetching and storing them is `bot/files/`'s.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request, send_file

from bot import localtime
from bot.files import content_types, storage
from bot.files import media as stored
from bot.files.media import Media
from console.shell.translation import gettext

POLICY = "default-src 'none'; sandbox"


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/media/<message_id>")(media)


@dataclass(frozen=True, slots=True)
class Piece:
    """How one media message is shown."""

    shape: str
    """picture, video, voice, file; `awaited` while it is being fetched, `gone` when there is nothing to show."""
    words: str = ""
    """The file's name, or why it is gone."""
    size: str = ""


def pieces(message_ids: list[str]) -> dict[str, Piece]:
    """The media of those messages by message id, where there is any."""
    return {message_id: _piece(media) for message_id, media in stored.by_message_id(message_ids).items()}


def media(message_id: str) -> Response:
    """Serve the stored bytes of one message's media; 404 when there are none, 503 while the storage cannot be
    reached."""
    found = stored.find(message_id)
    try:
        opened = storage.find(found.key) if found is not None and found.state == stored.STORED else None
    except OSError:  # remote storage is briefly unavailable
        abort(503)
    if found is None or opened is None:
        abort(404)
    content_type = found.content_type or content_types.UNKNOWN
    shown = content_type in content_types.SHOWN
    answer = send_file(
        opened.file,
        mimetype=content_type if shown else content_types.UNKNOWN,
        as_attachment=not shown,
        download_name=_name_to_save(found, content_type),
        etag=f"{found.id}-{opened.byte_count}",
    )
    answer.content_length = opened.byte_count
    answer.make_conditional(request, accept_ranges=True, complete_length=opened.byte_count)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = (
        "private, no-cache"  # revalidated each time: unsent media is not shown again
    )
    return answer


def _piece(found: Media) -> Piece:
    if found.state == stored.WANTED:
        return Piece("awaited")
    if found.state == stored.GONE:
        return Piece("gone", _why_gone(found))
    size = _size(found.byte_count or 0)
    if found.content_type in content_types.PICTURES:
        return Piece("picture", found.file_name or "", size)
    if found.content_type in content_types.VIDEOS:
        return Piece("video", found.file_name or "", size)
    if found.content_type in content_types.VOICE_TYPES:
        return Piece("voice", found.file_name or "", size)
    return Piece("file", _name_to_save(found, content_types.UNKNOWN), size)


def _why_gone(found: Media) -> str:
    match found.gone_because:
        case stored.TOO_LARGE:
            most = _size(stored.MOST_BYTES[found.kind])
            return gettext("大きすぎるため、受け取れませんでした（上限 %(size)s）", size=most)
        case stored.OVER:
            return gettext("お客様が開ける期間が過ぎたため、削除しました")
        case stored.UNSENT:
            return gettext("送信を取り消しました")
        case stored.ELSEWHERE:
            return gettext("LINEの外にあるため、表示できません")
        case _:
            return gettext("LINEから受け取れませんでした")


def _name_to_save(found: Media, content_type: str) -> str:
    """The file name the customer gave, else the day it came."""
    day = localtime.local(found.received_at).strftime("%Y%m%d-%H%M")
    return found.file_name or f"{day}-{found.id}.{content_types.ENDINGS[content_type]}"


def _size(byte_count: int) -> str:
    if byte_count < 1 << 20:
        return f"{max(1, round(byte_count / 1024))} KB"
    return f"{byte_count / (1 << 20):.1f}".removesuffix(".0") + " MB"
