"""Media from customers is fetched once, in parallel to sending; stored whole or not at all; deleted when unsent."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot import localtime, notices
from bot.config import settings
from bot.conversations import ensure
from bot.db.database import write_transaction
from bot.files import media
from bot.files.media import GONE, STORED, WANTED, Media
from bot.line.delivery import DROPPED, DUE, SENT, Answer
from bot.queue import inbox, outbox
from bot.queue.inbox import InboxEvent, NewEvent
from bot.queue.outbox import OutboxMessage
from bot.routing import routes
from bot.routing.events import MediaReceived
from bot.worker import worker
from bot.worker.sender import Sender
from tests.storage.inbox_scene import HANAKO, NOON, NoteTakingLine

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 40_000
PREPARING, GONE_AT_LINE, BROKEN, TIMEOUT = (
    Answer(202),
    Answer(410),
    Answer(500),
    Answer(None, "ReadTimeoutError"),
)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "dispatch", lambda _event: [])


@pytest.fixture
def line() -> NoteTakingLine:
    return NoteTakingLine(contents={"1": [JPEG[:1000], JPEG[1000:]]})


@pytest.fixture
def sender(line: NoteTakingLine) -> Iterator[Sender]:
    made = Sender(line, thread_count=1, monotonic=lambda: localtime.now().timestamp())
    yield made
    made.stop()


def comes(event_id: str = "e1", **event: Any) -> None:
    with write_transaction():
        inbox.store([NewEvent(event_id, HANAKO, HANAKO, "line", json.dumps(event), NOON, localtime.now())])


def sent(message_id: str = "1", kind: str = "image", event_id: str | None = None, **more: Any) -> None:
    message = {"type": kind, "id": message_id, "contentProvider": {"type": "line"}, **more}
    comes(event_id or f"sent-{message_id}", type="message", message=message)


def take_back(message_id: str = "1") -> None:
    comes(f"unsent-{message_id}", type="unsend", unsend={"messageId": message_id})


def work(sender: Sender, *, seconds_later: float = 0) -> None:
    with localtime.fixed(NOON + timedelta(seconds=seconds_later)):
        while worker.handle_next(sender):
            pass
        sender.maintain()
        worker.sweep(sender)
        settle(sender)


def settle(sender: Sender) -> None:
    until = time.monotonic() + 10
    while sender.fetcher.held() or sender.backlog():
        assert time.monotonic() < until, "the sender does not come to rest"
        time.sleep(0.005)


def files() -> list[str]:
    return sorted(path.name for path in media.folder().glob("*"))


def row() -> Media:
    found: Media = Media.get()
    return found


def test_a_picture_is_stored_whole_under_a_name_of_ours(sender: Sender, line: NoteTakingLine) -> None:
    sent()
    work(sender)
    assert (row().state, row().content_type, row().byte_count) == (STORED, "image/jpeg", len(JPEG))
    assert (row().received_at, row().stored_at) == (NOON, NOON)
    path = media.folder() / str(row().id)
    assert path.read_bytes() == JPEG
    assert files() == [str(row().id)]
    assert (path.stat().st_mode & 0o777, media.folder().stat().st_mode & 0o777) == (0o600, 0o700)
    assert OutboxMessage.get().state == SENT


def test_the_same_message_received_twice_is_fetched_once(sender: Sender, line: NoteTakingLine) -> None:
    sent()
    sent(event_id="redelivered")
    work(sender)
    assert line.calls == [("content", "1")]


def test_it_is_fetched_even_when_its_handler_gives_up(
    sender: Sender, line: NoteTakingLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(_event: object) -> routes.Answer:
        raise ZeroDivisionError

    monkeypatch.setattr(routes, "dispatch", give_up)
    sent()
    for seconds in (0, 1, 6, 36):
        work(sender, seconds_later=seconds)
    assert InboxEvent.get().state == inbox.PARKED
    assert line.calls == [("content", "1")]
    assert row().state == STORED


def test_what_line_still_prepares_is_asked_for_again(sender: Sender, line: NoteTakingLine) -> None:
    line.answers.extend([PREPARING, BROKEN, TIMEOUT])
    sent()
    tried = []
    for seconds in (0, 1, 2, 5, 6, 13, 14):
        work(sender, seconds_later=seconds)
        tried.append((seconds, len(line.calls), row().state))
    assert tried == [
        *((0, 1, WANTED), (1, 1, WANTED), (2, 2, WANTED), (5, 2, WANTED)),
        *((6, 3, WANTED), (13, 3, WANTED), (14, 4, STORED)),
    ]
    assert files() == [str(row().id)]


@pytest.mark.parametrize("answer", [GONE_AT_LINE, Answer(404), Answer(400)])
def test_what_line_has_no_more_is_gone(sender: Sender, line: NoteTakingLine, answer: Answer) -> None:
    line.answers.append(answer)
    sent()
    work(sender)
    assert (row().state, row().gone_because) == (GONE, media.NOT_AT_LINE)
    assert OutboxMessage.get().state == DROPPED
    assert files() == []
    assert notices.current() == []


def test_a_day_of_vain_tries_is_enough(sender: Sender, line: NoteTakingLine) -> None:
    sent()
    work(sender)
    OutboxMessage.update(state=DUE, attempt_count=149, leased_by=None).execute()
    Media.update(state=WANTED).execute()
    line.answers.append(BROKEN)
    work(sender, seconds_later=1)
    assert (row().state, OutboxMessage.get().state) == (GONE, DROPPED)


def test_what_is_too_large_is_not_stored(
    sender: Sender, line: NoteTakingLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(media.MOST_BYTES, "image", 2000)
    sent()
    work(sender)
    assert (row().state, row().gone_because) == (GONE, media.TOO_LARGE)
    assert files() == []


def test_a_file_that_is_said_to_be_too_large_is_not_even_asked_for(
    sender: Sender, line: NoteTakingLine
) -> None:
    sent(kind="file", fileName="動画.mov", fileSize=media.MOST_BYTES["file"] + 1)
    work(sender)
    assert (row().state, row().gone_because) == (GONE, media.TOO_LARGE)
    assert line.calls == []


def test_what_is_not_at_line_is_never_fetched(sender: Sender, line: NoteTakingLine) -> None:
    elsewhere = {"type": "external", "originalContentUrl": "https://evil.example/x.jpg"}
    sent(contentProvider=elsewhere)
    work(sender)
    assert (row().state, row().gone_because) == (GONE, media.ELSEWHERE)
    assert line.calls == []


def test_kinds_that_nobody_knows_yet_have_no_content(sender: Sender, line: NoteTakingLine) -> None:
    sent(kind="hologram")
    sent("", kind="image")
    work(sender)
    assert Media.select().count() == 0
    assert line.calls == []


def test_what_is_taken_back_is_deleted(sender: Sender) -> None:
    sent()
    work(sender)
    take_back()
    work(sender)
    assert (row().state, row().gone_because, row().stored_at) == (GONE, media.UNSENT, None)
    assert files() == []


def test_what_is_taken_back_before_it_was_fetched_is_not_asked_for(
    sender: Sender, line: NoteTakingLine
) -> None:
    sent()
    with write_transaction():
        InboxEvent.update(state=inbox.DONE).execute()
        media.take_note(_event("1"))
        media.lose("1", media.UNSENT)
    work(sender)
    assert line.calls == []
    assert row().gone_because == media.UNSENT


def _event(message_id: str) -> MediaReceived:
    return MediaReceived(
        event_id="direct",
        conversation_id=ensure(HANAKO),
        user_id=HANAKO,
        occurred_at=NOON,
        received_at=NOON,
        media="image",
        message_id=message_id,
    )


class Slow(NoteTakingLine):
    """Returns half, then waits until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.half_way, self.go_on = threading.Event(), threading.Event()

    def content(self, _message_id: str, take: Callable[[bytes], None]) -> Answer:
        take(JPEG[:1000])
        self.half_way.set()
        assert self.go_on.wait(10)
        take(JPEG[1000:])
        return Answer(200)


def test_what_is_taken_back_while_it_is_fetched_is_deleted_too() -> None:
    line = Slow()
    sender = Sender(line, thread_count=1)
    sent()
    worker.handle_next(sender)
    assert line.half_way.wait(10)
    take_back()
    worker.handle_next(sender)
    line.go_on.set()
    settle(sender)
    sender.stop()
    assert row().gone_because == media.UNSENT
    assert files() == []


def test_a_long_fetch_delays_nothing_that_is_said() -> None:
    line = Slow()
    sender = Sender(line, thread_count=1)
    sent()
    worker.handle_next(sender)
    assert line.half_way.wait(10)
    with outbox.collect(sender.presence.key) as outgoing, write_transaction():
        outbox.push(
            row().conversation_id, [{"type": "text", "text": "お待ちください"}], cause="said meanwhile"
        )
    sender.send(outgoing)
    until = time.monotonic() + 10
    while not line.calls and time.monotonic() < until:
        time.sleep(0.005)
    assert line.calls == [("push", HANAKO, "お待ちください")]
    line.go_on.set()
    settle(sender)
    sender.stop()
    assert row().state == STORED


def test_a_process_that_stops_half_way_leaves_the_rest_to_the_next(line: NoteTakingLine) -> None:
    slow = Slow()
    first = Sender(slow, thread_count=1)
    sent()
    worker.handle_next(first)
    assert slow.half_way.wait(10)
    threading.Timer(0.1, slow.go_on.set).start()
    first.stop()
    assert row().state == WANTED
    assert files() == []
    second = Sender(line, thread_count=1)
    worker.sweep(second)
    settle(second)
    second.stop()
    assert row().state == STORED


def test_what_a_killed_process_left_half_written_goes_when_it_is_fetched_again(sender: Sender) -> None:
    sent()
    with write_transaction():
        media.take_note(_event("1"))
    media.folder().mkdir(parents=True)
    (media.folder() / f"{row().id}.abc.part").write_bytes(b"half")
    (media.folder() / f"{row().id}0.abc.part").write_bytes(b"somebody else's half")
    with write_transaction():
        OutboxMessage.update(leased_by="of a process that died", leased_at=NOON).execute()
    work(sender, seconds_later=1)
    assert files() == sorted([str(row().id), f"{row().id}0.abc.part"])


def test_a_folder_that_cannot_be_written_is_reported_and_tried_again(sender: Sender, tmp_path: Any) -> None:
    config = settings.current()
    nowhere = tmp_path / "a file"
    nowhere.write_text("no folder")
    settings.use(config.model_copy(update={"data_dir": nowhere}))
    sent()
    work(sender)
    assert row().state == WANTED
    assert ["DATA_DIR" in notice.sentence for notice in notices.current()] == [True]
    settings.use(config)
    work(sender, seconds_later=2)
    assert row().state == STORED
    assert notices.current() == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("見積書.pdf", "見積書.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\r\nb.txt", "ab.txt"),
        ("...", None),
        ("", None),
        ("あ" * 300 + ".pdf", "あ" * 196 + ".pdf"),
    ],
)
def test_a_files_name_is_shown_without_tricks(sender: Sender, given: str, expected: str | None) -> None:
    sent(kind="file", fileName=given, fileSize=5)
    work(sender)
    assert row().file_name == expected
