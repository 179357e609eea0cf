"""Builds LINE's messages of what staff attach: pictures, videos, and cards that link to documents."""

from bot.files import media
from bot.line import messages as line
from bot.line.messages import Message
from support.replies import addresses, attachments
from support.replies.attachments import ReplyAttachment
from support.replies.words import words


def of(attachment: ReplyAttachment) -> Message | None:
    """The message that shows the file; None when its file is gone."""
    row = attachment.media
    if row.state != media.STORED:
        return None
    address = addresses.address(attachment.token, row.content_type or "")
    match row.kind:
        case "image":  # small enough to be its own preview
            return {"type": "image", "originalContentUrl": address, "previewImageUrl": address}
        case "video":
            preview = addresses.video_preview()
            return {"type": "video", "originalContentUrl": address, "previewImageUrl": preview}
        case _:
            return _document(attachment, address)


def _document(attachment: ReplyAttachment, address: str) -> Message:
    say = words()
    sentence = say.document.format(name=attachments.name_of(attachment))
    until = attachment.open_until
    lines = [line.words(sentence)]
    if until is not None:
        last = say.open_until.format(month=until.month, day=until.day)
        lines.append(line.words(last, size="xs", color=line.FAINT))
    button = line.button(line.open_uri(say.open_document, address))
    return line.flex(sentence, line.bubble(lines, [button]))
