"""What `install_server.py` asks whoever installs, and how the answers are checked."""

import re

from bot.text.two_languages import both

_DOMAIN = re.compile(r"\A(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
_MAIL = re.compile(r"\A[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")

ASK_DOMAIN = both(
    "1/2  Under which domain will the shop's bot be reached? It must lead to this server already. Example: "
    "bot.example.jp",
    "1/2  ボットのドメインは何ですか。このサーバーに向けてあるものです。例: bot.example.jp",
)
ASK_EMAIL = both(
    "2/2  Your e-mail address? The certificate's issuer writes to it when something is amiss. Example: you@example.jp",
    "2/2  あなたのメールアドレスは何ですか。証明書に何かあったときに届きます。例: you@example.jp",
)
GO_ON = both("Go on?", "はじめますか。")
AFTERWARDS = both(
    "Installed. In a minute or two the address of the set-up page stands in the log: sudo journalctl -u goen -n 30\n"
    "Later: sudo -u goen /srv/goen/script/manage doctor",
    "入りました。1〜2分すると、準備の画面のアドレスがログに出ます: sudo journalctl -u goen -n 30\n"
    "そのあと、動作の確認は: sudo -u goen /srv/goen/script/manage doctor",
)


class CannotInstall(Exception):
    """It cannot be installed so. The text says why, and what to do."""


def domain_of(typed: str) -> str:
    """The domain as it was meant. Raises CannotInstall."""
    domain = re.sub(r"\Ahttps?://", "", typed.strip().lower()).rstrip("/.")
    if not _DOMAIN.match(domain):
        raise CannotInstall(
            both(
                "{typed!r} is no domain. Example: bot.example.jp",
                "{typed!r} はドメインではありません。例: bot.example.jp",
                typed=typed,
            )
        )
    return domain


def email_of(typed: str) -> str:
    """The e-mail address. Raises CannotInstall."""
    if not _MAIL.match(typed.strip()):
        raise CannotInstall(
            both(
                "{typed!r} is no e-mail address. Example: you@example.jp",
                "{typed!r} はメールアドレスではありません。例: you@example.jp",
                typed=typed,
            )
        )
    return typed.strip()
