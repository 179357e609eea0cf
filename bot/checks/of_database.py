"""Checks the database: whether it answers and can be written, whether it is whole, and its tables up to date."""

import sqlite3
from collections.abc import Iterator

from bot import outages
from bot.checks.result import Result, State
from bot.db import database
from bot.text.two_languages import Sentence, both
from bot.worker import heartbeat

TITLE = Sentence("Database", "データベース")
OUTAGES = {
    outages.LOCKED.name: "ほかのプログラムが長く使っています。バックアップや開いたままの接続がないかを見てください。",
    outages.AWAY.name: "応答しません。DATABASE_URL と、データベースのサーバーが動いているかを確かめてください。",
    outages.BROKEN.name: "読み書きできません。ディスクとシステムのログを調べてください。",
    outages.FULL.name: "ディスクがいっぱいで書き込めません。空きを作ってください。",
    outages.READ_ONLY.name: "読めますが、書き込めません。ファイルとフォルダの権限を確かめてください。",
    outages.CROWDED.name: "接続の数が足りません。max_connections を増やすか、ほかの接続を切ってください。",
    outages.REFUSED.name: "ログインが断られました。DATABASE_URL の名前・パスワードを確かめて、再起動してください。",
    outages.DAMAGED.name: "壊れています。すべて止めて、最後のバックアップに戻してください（docs/operations.md）。",
}
"""The Japanese of `bot/outages.py`'s remedies."""


def checks() -> Iterator[Result]:
    """The checks of the database; only the first where it cannot be used."""
    try:
        version = _version()
        pending = database.pending_migrations()
        if not pending:
            heartbeat.beat("doctor")  # nothing but a write shows that it can be written
    except Exception as error:
        database.forget_connection()
        outage = outages.classify(error)
        if outage is None:
            raise
        yield Result("database", TITLE, State.FAIL, Sentence(f"It {outage.remedy}.", OUTAGES[outage.name]))
        return
    answers = both("{version} answers.", "{version} が応答しています。", version=version)
    writes = both("{version} answers and can be written.", "{version} に読み書きできます。", version=version)
    yield Result("database", TITLE, State.OK, answers if pending else writes)
    yield _whole()
    yield _migrations(pending)


def _version() -> str:
    if database.is_postgres():
        return f"PostgreSQL {database.execute('SHOW server_version').fetchone()[0].split()[0]}"
    database.execute("SELECT 1")
    return f"SQLite {sqlite3.sqlite_version}"


def _whole() -> Result:
    """SQLite is read through once; PostgreSQL does so by itself where its checksums are on."""
    title = Sentence("Integrity of the data", "データに壊れがないか")
    if database.is_postgres():
        if database.execute("SHOW data_checksums").fetchone()[0] == "on":
            said = both(
                "PostgreSQL verifies each page it reads (data_checksums).",
                "PostgreSQLが、読むたびに確かめています（data_checksums）。",
            )
            return Result("integrity", title, State.OK, said)
        said = both(
            "PostgreSQL's data_checksums are off: damage on the disk would go unseen.",
            "PostgreSQLの data_checksums が切れているため、ディスクの壊れに気づけません。",
        )
        return Result("integrity", title, State.UNKNOWN, said)
    found = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    if found == "ok":
        said = both("SQLite read all of it through: it is whole.", "すべて読み通しました。壊れはありません。")
        return Result("integrity", title, State.OK, said)
    return Result(
        "integrity",
        title,
        State.FAIL,
        both("SQLite finds damage: {found}", "壊れが見つかりました: {found}", found=found[:200]),
        both(
            "Stop everything and go back to the last backup, as docs/operations.md says.",
            "すべて止めて、最後のバックアップに戻してください（docs/operations.md）。",
        ),
    )


def _migrations(pending: list[str]) -> Result:
    title = Sentence("Tables", "データベースの版")
    if not pending:
        return Result("migrations", title, State.OK, both("They are up to date.", "最新です。"))
    return Result(
        "migrations",
        title,
        State.FAIL,
        both("{count} updates are missing.", "あと{count}件の更新がまだです。", count=len(pending)),
        both(
            "Run: python manage.py migrate (script/start does so at each start).",
            "次を実行してください: python manage.py migrate（script/start なら、はじめるたびに行います）",
        ),
    )
