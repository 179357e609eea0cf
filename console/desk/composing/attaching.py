"""Takes in the files that staff attach to a reply, as drafts that are shown before they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_login import current_user

from bot import log
from bot.db.database import write_transaction
from bot.line.messages import MOST_MESSAGES
from console.shell import media
from console.shell.translation import gettext
from support.replies import attachments, preparing
from support.replies.preparing import CannotBeSent, Unfit
from support.tickets.tickets import Ticket

ACCEPTED = "image/jpeg,image/png,image/gif,image/webp,video/mp4,application/pdf,.docx,.xlsx,.pptx,.csv,.txt"
"""For the field of the form. Without HEIC in it, an iPhone converts its photos to JPEG itself."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A draft as it is shown."""

    id: int
    message_id: str
    name: str
    piece: media.Piece


def shown(found: Ticket) -> list[Attached]:
    """The signed-in person's drafts in that ticket."""
    drafts = attachments.drafts(found.conversation_id, current_user.id)
    pieces = media.pieces([each.media.message_id for each in drafts])
    return [
        Attached(each.id, each.media.message_id, attachments.name_of(each), pieces[each.media.message_id])
        for each in drafts
    ]


def add(found: Ticket) -> tuple[list[int], list[str]]:
    """Store the files of this request; the ids of the drafts, and a sentence for each that cannot be sent."""
    made: list[int] = []
    errors: list[str] = []
    room = MOST_MESSAGES - len(attachments.drafts(found.conversation_id, current_user.id))
    for file in request.files.getlist("files"):
        name = file.filename or ""
        content = file.stream.read()
        if not name and not content:
            continue  # the field was left empty
        if len(made) >= room:
            errors.append(gettext("一度に送れるのは%(most)dつまでです。", most=MOST_MESSAGES))
            break
        try:
            prepared = preparing.prepared(content, name)
            made.append(attachments.upload(found.conversation_id, current_user.id, prepared, name).id)
        except CannotBeSent as fault:
            errors.append(_named(name, why_not(fault.reason)))
        except OSError as error:
            log.error("what staff attach cannot be stored", error=error.strerror)
            errors.append(
                _named(name, gettext("保存できませんでした。少したってから、もう一度お試しください。"))
            )
    return made, errors


def remove(found: Ticket, attachment_id: int) -> None:
    """Delete one of the signed-in person's drafts."""
    with write_transaction():
        attachments.discard(attachment_id, found.conversation_id, current_user.id)


def fragment(found: Ticket, errors: Sequence[str] = ()) -> str:
    """The drafts as a part of the reply box."""
    return render_template(
        "console/desk/_attachments.html", ticket=found, attached=shown(found), attach_errors=errors
    )


def why_not(reason: Unfit) -> str:
    """Why a file cannot be sent, and what to do, in the reader's language."""
    return {
        Unfit.EMPTY: gettext("中身が空です。"),
        Unfit.TOO_LARGE: gettext(
            "大きすぎます。1つ%(most)d MBまでです。",
            most=preparing.MOST_UPLOAD_BYTES // 1_000_000,
        ),
        Unfit.HEIC: gettext(
            "HEIC形式の写真は送れません。JPEGで保存し直すか、画面の写真（スクリーンショット）をお使いください。"
        ),
        Unfit.MOVIE: gettext("動画はMP4だけ送れます。MP4で保存し直してください。"),
        Unfit.BROKEN: gettext("開けない写真か、壊れたファイルです。"),
        Unfit.KIND: gettext(
            "この種類のファイルは送れません。写真・MP4・PDF・Word・Excel・CSVなどを送れます。"
        ),
    }[reason]


def _named(name: str, sentence: str) -> str:
    return gettext("「%(name)s」: %(why)s", name=name[:60], why=sentence) if name else sentence
