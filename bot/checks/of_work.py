"""Checks what the processes do: worker and clock alive, nothing parked, webhooks delivered again, backups made."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import localtime
from bot.checks.result import NOTHING, Result, State
from bot.line.delivery import HELD, PARKED
from bot.queue import inbox, multicasts, outbox
from bot.queue.inbox import InboxEvent
from bot.text.two_languages import Sentence, both
from bot.worker import heartbeat

SEARCHED = 500
MOST_COUNTED = 100
BACKUP_IS_OLD = timedelta(days=2)
_REDELIVERED = re.compile(r'"isRedelivery"\s*:\s*true')


def processes() -> Iterator[Result]:
    """Whether worker and clock gave a sign of life in the last minute."""
    for name, title, without in (
        (
            "worker",
            Sentence("Worker process", "workerのプロセス"),
            both(
                "customers get no answers, and nothing is sent.",
                "お客様へのお返事も、送信も止まっています。",
            ),
        ),
        (
            "clock",
            Sentence("Clock process", "clockのプロセス"),
            both(
                "nothing is asked, counted or sent at its time.",
                "時刻で行うこと（質問・集計・配信）が止まっています。",
            ),
        ),
    ):
        if heartbeat.seen_lately(name):
            yield Result(name, title, State.OK, both("It is running.", "動いています。"))
            continue
        last = heartbeat.last_beat(name)
        yield Result(
            name,
            title,
            State.FAIL,
            both(
                "It was not seen in the last minute (last: {last}): {without}",
                "1分以上、動いた様子がありません（最後: {last}）。{without}",
                last=f"{localtime.local(last.seen_at):%Y-%m-%d %H:%M}" if last else Sentence("never", "なし"),
                without=without,
            ),
            both(
                "Start it: script/start runs all three processes; python {name}.py this one. See the end of its log.",
                "起動してください。script/start で3つとも、python {name}.py でこれだけが動きます。止まったわけは、"
                "ログの最後にあります。",
                name=name,
            ),
        )


def parked_events() -> Result:
    """Events whose handler gave up."""
    return _parked(
        "inbox",
        Sentence("Events that could not be handled", "処理できなかったできごと"),
        len(list(inbox.parked(MOST_COUNTED))),
        "inbox",
    )


def parked_messages() -> Result:
    """Messages that LINE refused; those that wait for the month's limit are no fault, and named."""
    result = _parked(
        "outbox",
        Sentence("Messages that LINE refused", "LINEに断られた送信"),
        len(outbox.unsent(PARKED, MOST_COUNTED)) + len(multicasts.parked(MOST_COUNTED)),
        "outbox",
    )
    held = len(outbox.unsent(HELD, MOST_COUNTED))
    if not held:
        return result
    said = both(
        "{said} {count} more wait for the month's limit.",
        "{said}ほかに{count}件が、今月の上限で待っています。",
        said=result.sentence,
        count=_at_most(held),
    )
    return Result(result.key, result.title, State.WARN, said, result.remedy)


def _parked(key: str, title: Sentence, count: int, command: str) -> Result:
    if not count:
        return Result(key, title, State.OK, both("None.", "ありません。"))
    return Result(
        key,
        title,
        State.WARN,
        both("{count} wait for a person.", "{count}件が止まっています。", count=_at_most(count)),
        both(
            "The console shows them under Stuck, with the cause and a button that tries again; or: "
            "script/manage {command} parked",
            "管理画面の「止まった処理」に、わけと「やり直す」ボタンがあります。"
            "コマンドなら: script/manage {command} parked",
            command=command,
        ),
    )


def _at_most(count: int) -> object:
    return Sentence(f"{count} or more", f"{count}件以上") if count >= MOST_COUNTED else count


def redelivery() -> Result:
    """Whether LINE delivers again what it could not deliver. Its API does not say; a webhook that came so does."""
    title = Sentence("Webhook redelivery", "Webhookの再送")
    bodies = (
        InboxEvent.select(InboxEvent.body)
        .where(InboxEvent.source == "line")
        .order_by(InboxEvent.id.desc())
        .limit(SEARCHED)
    )
    if any(_REDELIVERED.search(row.body) for row in bodies):
        said = both(
            "It is on: lately LINE delivered something again.",
            "入っています。最近、再送されたものが届きました。",
        )
        return Result("redelivery", title, State.OK, said)
    return Result(
        "redelivery",
        title,
        State.UNKNOWN,
        both("LINE does not say whether it is on.", "入っているかどうかは、LINEに聞いてもわかりません。"),
        both(
            "See for yourself, once: LINE Developers Console, the shop's channel, Messaging API, “Webhook redelivery” "
            "on. What customers write while this server is down is lost otherwise.",
            "一度だけ、LINE Developersコンソールの、お店のチャネルの「Messaging API設定」で「Webhookの再送」が"
            "入っているかを見てください。切れていると、このサーバーが止まっている間のお客様の言葉が失われます。",
        ),
    )


def backup(latest: datetime | None) -> Result:
    """How old the last backup is; `latest` is None when there is none."""
    title = Sentence("Backup", "バックアップ")
    make = both(
        "The clock makes one each day: see whether it runs. Make one now on the page of data in the console, or by "
        "manage.py backup.",
        "毎日ひとつ、自動で取ります。clock が動いているか確かめて、管理画面の「データ」か manage.py backup で、"
        "いまひとつ取ってください。",
    )
    if latest is None:
        return Result(
            "backup",
            title,
            State.WARN,
            both("There is no backup yet.", "バックアップが、まだありません。"),
            make,
        )
    age = localtime.machine_now() - latest
    said = both(
        "The last one is of {at}.",
        "最後のバックアップは {at} です。",
        at=f"{localtime.local(latest):%Y-%m-%d %H:%M}",
    )
    is_old = age > BACKUP_IS_OLD
    return Result("backup", title, State.WARN if is_old else State.OK, said, make if is_old else NOTHING)
