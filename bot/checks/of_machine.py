"""Checks this machine: its settings, the room on its disks, and the certificate of the public address."""

import shutil
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import peewee

from bot import localtime
from bot.checks.result import Result, State
from bot.config.settings import Settings
from bot.text.two_languages import Sentence, both
from bot.web import proxy_notice

LITTLE_ROOM_MB, NO_ROOM_MB = 1_000, 200
EXPIRES_SOON = timedelta(days=14)
CONNECT_SECONDS = 5


def settings(config: Settings) -> Result:
    """The settings, which are in force; what cannot be right in them for a shop with customers."""
    title = Sentence("Settings", "設定")
    if not config.demo and not config.by_https:
        return Result(
            "settings",
            title,
            State.FAIL,
            both(
                "PUBLIC_URL is {url}: LINE delivers to https addresses alone.",
                "PUBLIC_URL が {url} です。LINEは https のアドレスにしか届けません。",
                url=config.public_url,
            ),
            both(
                "Set PUBLIC_URL to the shop's https address, as in PUBLIC_URL=https://bot.example.jp, and restart.",
                "PUBLIC_URL をお店の https のアドレスにして、再起動してください。例: PUBLIC_URL=https://bot.example.jp",
            ),
        )
    if _proxy_is_missing():
        return Result(
            "settings",
            title,
            State.WARN,
            both(
                "Requests come through a reverse proxy, and TRUSTED_PROXY_COUNT is not set: all visitors seem to have "
                "one address, and one guesser locks all staff out.",
                "リバースプロキシを通っていますが、TRUSTED_PROXY_COUNT がありません。全員が同じアドレスに見えるため、"
                "だれか一人の間違ったログインで、全員がログインできなくなります。",
            ),
            both(
                "Set TRUSTED_PROXY_COUNT=1 (the number of proxies; 0 if there is none), and restart.",
                "TRUSTED_PROXY_COUNT=1（プロキシの数。なければ0）を設定して、再起動してください。",
            ),
        )
    said = both("All that is needed is set.", "必要なものは、すべて入っています。")
    return Result("settings", title, State.OK, said)


def _proxy_is_missing() -> bool:
    try:
        return proxy_notice.is_due()
    except peewee.PeeweeException:  # the database's own check says so
        return False


def disk(config: Settings) -> Result:
    """The room on the disks of database and pictures: the fullest of them."""
    title = Sentence("Room on the disk", "ディスクの空き")
    folders = {config.data_dir}
    if config.database_url.startswith("sqlite"):
        folders.add(Path(config.database_url.removeprefix("sqlite:///")).parent)
    try:
        free = min(shutil.disk_usage(_existing(folder)).free for folder in folders) // 1_000_000
    except OSError as error:
        said = both("It cannot be read: {error}", "調べられませんでした: {error}", error=error)
        return Result("disk", title, State.UNKNOWN, said)
    said = both("{free} MB are free.", "あと {free} MB あります。", free=f"{free:,}")
    if free >= LITTLE_ROOM_MB:
        return Result("disk", title, State.OK, said)
    remedy = both(
        "Make room, or take a larger disk: when it is full, nothing can be stored, and LINE delivers again only for a "
        "while.",
        "不要なものを消すか、ディスクを大きくしてください。いっぱいになると何も保存できず、LINEからの知らせも"
        "失われることがあります。",
    )
    return Result("disk", title, State.FAIL if free < NO_ROOM_MB else State.WARN, said, remedy)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(each for each in (folder, *folder.absolute().parents) if each.exists())


def certificate(config: Settings) -> Result | None:
    """How long the certificate of PUBLIC_URL is valid; None where there is none."""
    parts = urlsplit(config.public_url)
    if not config.by_https or parts.hostname is None:
        return None
    title = Sentence("Certificate of PUBLIC_URL", "PUBLIC_URLの証明書")
    renew = both(
        "Renew it: Caddy and most platforms do so by themselves, so see their log; with certbot: sudo certbot renew.",
        "更新してください。Caddyや多くのホスティングは自動で更新するので、そのログを見てください。certbotなら: "
        "sudo certbot renew",
    )
    try:
        until = _valid_until(parts.hostname, parts.port or 443)
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", None) or error.reason or str(error)
        said = both("It is not valid: {reason}.", "使えない証明書です（{reason}）。", reason=reason)
        return Result("certificate", title, State.FAIL, said, renew)
    except OSError:
        said = both(
            "This machine does not reach its own public address; LINE's try of the webhook says whether LINE does.",
            "このサーバーからは公開アドレスにつながりません。LINEから届くかは「Webhookの試し送り」でわかります。",
        )
        return Result("certificate", title, State.UNKNOWN, said)
    days = (until - localtime.machine_now()).days
    said = both("It is valid for {days} more days.", "あと{days}日、有効です。", days=days)
    if until - localtime.machine_now() > EXPIRES_SOON:
        return Result("certificate", title, State.OK, said)
    return Result("certificate", title, State.WARN, said, renew)


def _valid_until(host: str, port: int) -> datetime:
    """When the certificate there ends. Raises ssl.SSLError for one that browsers refuse, OSError without connection."""
    with (
        socket.create_connection((host, port), timeout=CONNECT_SECONDS) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as connection,
    ):
        found = connection.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
