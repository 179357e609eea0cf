"""Fetches media that customers send from LINE into our files, in threads of its own, so that no reply waits
for it.

A fetch is a row of the outbox like any call to LINE, leased and tried again like one. It may be done twice:
the second time changes nothing.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from bot import log, notices
from bot.db import database
from bot.db.database import write_transaction
from bot.files import media
from bot.files.media import Download, Media
from bot.line import delivery
from bot.line.channels import SUPPORT
from bot.line.delivery import DROPPED, DUE, SENT, Answer, DeliveryVerdict
from bot.notices import notice_text
from bot.queue import leases
from bot.queue.outbox import OutboxRow

THREAD_COUNT = 2
"""A video may take minutes, and another customer's picture need not wait for it."""
RETRY_SECONDS = 1.0
CANNOT_KEEP = "media-cannot-be-kept"


class Source(Protocol):
    """What fetching needs of LINE; `bot/line/client.py` implements it."""

    def content(self, message_id: str, take: Callable[[bytes], None]) -> Answer: ...


class Stopping(Exception):
    """The process ends: a fetch in progress is left to the next process."""


class Fetcher:
    """A few threads that fetch media, each from the account that it was sent to; `support` is the second one."""

    def __init__(self, source: Source, support: Source | None = None) -> None:
        self._source, self._support = source, support
        self._mutex = threading.Lock()
        self._rows: dict[int, OutboxRow] = {}
        """By id, the rows that wait here or are being fetched."""
        self._ready: queue.SimpleQueue[OutboxRow | None] = queue.SimpleQueue()
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def fetch(self, rows: Sequence[OutboxRow]) -> None:
        """Queue committed rows. The threads start with the first of them."""
        with self._mutex:
            fresh = [row for row in rows if row.id not in self._rows]
            self._rows.update((row.id, row) for row in fresh)
            if fresh and not self._threads:
                self._threads = [
                    threading.Thread(target=self._run, name=f"fetcher-{number}", daemon=True)
                    for number in range(THREAD_COUNT)
                ]
                for thread in self._threads:
                    thread.start()
        for row in fresh:
            self._ready.put(row)

    def held(self) -> list[OutboxRow]:
        """The rows that this process holds."""
        with self._mutex:
            return list(self._rows.values())

    def clear(self) -> None:
        """Drop the rows that wait: other processes have taken them over."""
        with self._mutex:
            self._rows.clear()

    def stop(self) -> None:
        """Stop fetching, and release what is not fetched for the next process."""
        self._stopping = True
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join(timeout=15)
        left = self.held()
        if left and not any(thread.is_alive() for thread in self._threads):
            with write_transaction():
                leases.put_back(left)

    def _run(self) -> None:
        while (row := self._ready.get()) is not None and not self._stopping:
            if row.id not in self._rows:
                continue
            try:
                self._fetch_one(row)
            except Stopping:
                break
            except Exception:  # the thread has other rows to fetch
                log.exception("fetching failed", outbox=row.id)
                database.forget_connection()
                if not self._retry_later(row):
                    continue
            with self._mutex:
                self._rows.pop(row.id, None)
        database.close()

    def _retry_later(self, row: OutboxRow) -> bool:
        """Record that it is to be tried again after a while. False while the database is away: then it is
        queued again in memory."""
        wait = DeliveryVerdict(DUE, wait=delivery.back_off(row.attempt_count))
        try:
            with write_transaction():
                leases.record(row, wait, Answer(None, "the fetch failed here"))
        except Exception:
            database.forget_connection()
            time.sleep(RETRY_SECONDS)
            self._ready.put(row)
            return False
        return True

    def _fetch_one(self, row: OutboxRow) -> None:
        """Try one fetch, and record its outcome."""
        row.attempt_count += 1
        wanted = media.find(row.cause)
        if wanted is None or wanted.state != media.WANTED:
            if wanted is not None:
                media.delete_parts(wanted)
            with write_transaction():
                leases.record(row, DeliveryVerdict(DROPPED), Answer(None, "no longer wanted"))
            return
        try:
            with media.download(wanted) as download:
                self._download(row, wanted, download)
        except media.TooLarge:
            with write_transaction():
                leases.record(row, DeliveryVerdict(DROPPED), Answer(200, "larger than we store"))
                media.lose(row.cause, media.TOO_LARGE)
        except OSError as error:
            self._storing_failed(row, error)

    def _download(self, row: OutboxRow, wanted: Media, download: Download) -> None:
        def take(chunk: bytes) -> None:
            if self._stopping:
                raise Stopping
            download.take(chunk)

        source = self._support if row.channel == SUPPORT and self._support is not None else self._source
        answer = source.content(row.cause, take)
        verdict = delivery.after_fetch(answer, attempt_count=row.attempt_count)
        if verdict.state == SENT:
            download.complete()
        with write_transaction():
            leases.record(row, verdict, answer)
            if verdict.state == SENT:
                media.keep(wanted, download.content_type, download.byte_count)
                notices.take_down(CANNOT_KEEP)
            elif verdict.state == DROPPED:
                media.lose(row.cause, media.NOT_AT_LINE)

    def _storing_failed(self, row: OutboxRow, error: OSError) -> None:
        log.error("what a customer sent cannot be stored", outbox=row.id, error=error.strerror)
        wait = delivery.back_off(row.attempt_count)
        with write_transaction():
            leases.record(row, DeliveryVerdict(DUE, wait=wait), Answer(None, str(error.strerror)))
            notices.notify(
                CANNOT_KEEP,
                notice_text(
                    "お客さまから届いた写真などを保存できません。DATA_DIR のフォルダーに空きがあるか、書き込めるかを、"
                    "MEDIA_STORE=s3 のときは保存先も、確かめてください。直ると、自動で受け取り直します。"
                ),
            )
