"""The outside services whose values an owner gets elsewhere, as the page shows them: with which settings, where their
values are found, and whether they are connected. No secret leaves this file but its last characters."""

from dataclasses import dataclass

from bot.config import settings, settings_words
from bot.config.settings import Settings
from bot.text.two_languages import shown
from console.shell.translation import N_, gettext, reads_english

SHOWN_CHARACTERS = 4
LONG_ENOUGH = 16
"""Of a shorter secret no characters are shown: they would be too large a part of it."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a connection: its setting, and its name where the owner finds it."""

    setting: str
    words: str
    is_secret: bool = True

    @property
    def variable(self) -> str:
        """The setting's name in the environment."""
        return self.setting.upper()


@dataclass(frozen=True, slots=True)
class Connection:
    """One outside service."""

    key: str
    words: str
    why: str
    values: tuple[Value, ...]
    found_by_test: str = ""
    """A further setting, which the test finds out."""
    may_end: bool = True

    @property
    def settings(self) -> tuple[str, ...]:
        """All its settings."""
        found = (self.found_by_test,) if self.found_by_test else ()
        return (*(value.setting for value in self.values), *found)


CONNECTIONS = (
    Connection(
        "line",
        N_("LINE公式アカウント"),
        N_("お客様のメッセージを受け取り、お返事やお知らせを送ります。"),
        (
            Value("line_channel_secret", N_("チャネルシークレット")),
            Value("line_channel_access_token", N_("チャネルアクセストークン（長期）")),
        ),
        found_by_test="line_basic_id",
        may_end=False,
    ),
    Connection(
        "support",
        N_("2つめのLINE公式アカウント"),
        N_("スタッフからの個別のご連絡だけに使うアカウントです。同じプロバイダーの別のチャネルで作ります。"),
        (
            Value("line_support_channel_secret", N_("チャネルシークレット")),
            Value("line_support_channel_access_token", N_("チャネルアクセストークン（長期）")),
        ),
        found_by_test="line_support_basic_id",
    ),
    Connection(
        "login",
        N_("LINEログイン"),
        N_("招待されたお友達が、招待のページからひと押しで参加できます。"),
        (
            Value("line_login_channel_id", N_("チャネルID"), is_secret=False),
            Value("line_login_channel_secret", N_("チャネルシークレット")),
        ),
    ),
    Connection(
        "shopify",
        "Shopify",
        N_("ご注文・発送・返金を、Shopifyから受け取ります。"),
        (Value("shopify_webhook_secret", N_("Webhookの署名鍵")),),
    ),
    Connection(
        "membership",
        N_("お店の会員ページ"),
        N_("お店のサイトの会員とLINEを、お客様ご自身につないでいただくログインページです。"),
        (Value("account_link_url", N_("ログインページのアドレス"), is_secret=False),),
    ),
)
STORAGE = Connection(
    "storage",
    N_("写真などの置き場所（S3）"),
    N_("お客様が送った写真などを置いているストレージの鍵です。"),
    (
        Value("s3_access_key_id", N_("アクセスキーのID"), is_secret=False),
        Value("s3_secret_access_key", N_("アクセスキーの秘密の部分")),
    ),
    may_end=False,
)
"""Shown where files are in a bucket. Whether they are is chosen when Goen is installed, since files do not move."""


def all_connections() -> tuple[Connection, ...]:
    """Those of this shop."""
    return (*CONNECTIONS, STORAGE) if settings.current().media_store == "s3" else CONNECTIONS


def find(key: str) -> Connection | None:
    """The connection of that key."""
    return next((each for each in all_connections() if each.key == key), None)


def value_of(config: Settings, setting: str) -> str:
    """The value in force; empty when there is none."""
    return str(getattr(config, setting) or "")


def is_connected(connection: Connection) -> bool:
    """Whether all its values are there."""
    config = settings.current()
    return all(value_of(config, value.setting) for value in connection.values)


def hint(value: Value) -> str:
    """What may be shown of the value in force: of a secret its last characters."""
    given = value_of(settings.current(), value.setting)
    if not value.is_secret:
        return given
    if not given:
        return ""
    return f"…{given[-SHOWN_CHARACTERS:]}" if len(given) >= LONG_ENOUGH else "…"


def where(value: Value) -> str:
    """Where the owner finds the value, in the reader's language."""
    _, found_at = settings_words.described(value.setting, Settings.model_fields[value.setting])
    return shown(found_at, "en" if reads_english() else "ja")


def name(connection: Connection) -> str:
    """Its name for the reader."""
    return gettext(connection.words)
