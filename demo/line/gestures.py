"""What people do on their phones, each as a change of the channel and a webhook event.

Reading the requests of the phone page is `demo/phone/gestures.py`'s.
"""

import secrets
from typing import Any

from demo.line.accounts import Friendship, Person
from demo.line.channel import Channel, Content
from demo.line.events import Event
from demo.line.timeline import SHOP, Entry, Side


class NotAllowed(Exception):
    """The phone would not offer this, for example writing to a shop one blocks."""


def arrive(channel: Channel, name: str, user_id: str | None = None, *, on_phone: bool = True) -> Person:
    """Add somebody who has LINE and is not yet a friend of the shop."""
    with channel.lock:
        person = channel.people.add(name, user_id, on_phone=on_phone)
        channel.touch(person)
        return person


def same_person(channel: Channel, person: Person) -> Person:
    """The same person in another channel of the provider, added as no friend of it yet where it knows them not."""
    with channel.lock:
        known = channel.people.get(person.user_id)
        return known or arrive(channel, person.name, person.user_id, on_phone=person.on_phone)


def follow(channel: Channel, person: Person) -> Event | None:
    """Add the shop as a friend, or unblock it. None when the shop is a friend already."""
    with channel.lock:
        if person.friendship is Friendship.FRIEND:
            return None
        unblocked = person.friendship is Friendship.BLOCKING
        person.friendship = Friendship.FRIEND
        channel.touch(person)
        return channel.post_webhook("follow", person, follow={"isUnblocked": unblocked})


def block(channel: Channel, person: Person) -> Event | None:
    """Block the shop. None when it is not a friend."""
    with channel.lock:
        if person.friendship is not Friendship.FRIEND:
            return None
        person.friendship = Friendship.BLOCKING
        person.typing_until = 0.0
        channel.touch(person)
        return channel.post_webhook("unfollow", person, answerable=False)


def say(channel: Channel, person: Person, text: str, quoted_id: str | None = None) -> Event:
    """Send a text message."""
    quoted = {"quotedMessageId": quoted_id} if quoted_id else {}
    return _send(channel, person, {"type": "text", "text": text, **quoted}, quote=True)


def send_sticker(
    channel: Channel, person: Person, package_id: str, sticker_id: str, keywords: list[str]
) -> Event:
    """Send a sticker."""
    sticker = {
        "type": "sticker",
        "packageId": package_id,
        "stickerId": sticker_id,
        "stickerResourceType": "STATIC",
        "keywords": keywords[:15],
    }
    return _send(channel, person, sticker, quote=True)


def send_location(
    channel: Channel, person: Person, title: str, address: str, latitude: float, longitude: float
) -> Event:
    """Send a place."""
    place = {"type": "location", "title": title, "address": address}
    return _send(channel, person, place | {"latitude": latitude, "longitude": longitude})


def send_image(channel: Channel, person: Person, data: bytes, media_type: str = "image/jpeg") -> Event:
    """Send a picture."""
    image = {"type": "image", "contentProvider": {"type": "line"}}
    return _send(channel, person, image, quote=True, content=Content(data, media_type))


def send_audio(channel: Channel, person: Person, data: bytes, duration_ms: int) -> Event:
    """Send a voice message."""
    audio = {"type": "audio", "duration": duration_ms, "contentProvider": {"type": "line"}}
    return _send(channel, person, audio, content=Content(data, "audio/mp4"))


def tap(
    channel: Channel,
    person: Person,
    data: str,
    display_text: str | None = None,
    params: dict[str, str] | None = None,
) -> Event:
    """Tap a postback button; its displayText, if any, appears as a message of the person."""
    with channel.lock:
        _must_reach_shop(person)
        if display_text:
            channel.show(person, {"type": "text", "text": display_text}, Side.MINE).read = True
        postback: dict[str, Any] = {"data": data} | ({"params": params} if params else {})
        return channel.post_webhook("postback", person, postback=postback)


def unsend(channel: Channel, person: Person, message_id: str) -> Event:
    """Unsend one of one's own messages. Raises NotAllowed."""
    with channel.lock:
        entry = channel.timeline.get(message_id)
        if entry is None or (entry.owner, entry.peer, entry.side) != (person.user_id, SHOP, Side.MINE):
            raise NotAllowed("only one's own messages can be taken back")
        if entry.unsent:
            raise NotAllowed("this message was taken back already")
        entry.unsent = True
        entry.message = {"type": "unsent"}
        channel.timeline.touch(entry)
        if message_id in channel.contents:
            channel.contents[message_id] = Content(b"", "", gone=True)
        channel.changed.notify_all()
        return channel.post_webhook("unsend", person, answerable=False, unsend={"messageId": message_id})


def share(channel: Channel, sender: Person, receiver: Person, text: str) -> Entry:
    """Share a text with another person; the shop gets no event."""
    with channel.lock:
        message = {"type": "text", "text": text}
        channel.show(sender, message, Side.MINE, peer=receiver.user_id)
        return channel.show(receiver, message, Side.THEIRS, peer=sender.user_id)


def _must_reach_shop(person: Person) -> None:
    if person.friendship is not Friendship.FRIEND:
        raise NotAllowed(f"{person.name} is not a friend of the shop")


def _send(
    channel: Channel,
    person: Person,
    message: dict[str, Any],
    *,
    quote: bool = False,
    content: Content | None = None,
) -> Event:
    with channel.lock:
        _must_reach_shop(person)
        entry = channel.show(person, message, Side.MINE)
        if content is not None:
            channel.contents[entry.id] = content
        payload = {"id": entry.id, **message, "markAsReadToken": secrets.token_urlsafe(24)}
        if quote:
            payload["quoteToken"] = secrets.token_urlsafe(48)
        return channel.post_webhook("message", person, message=payload)
