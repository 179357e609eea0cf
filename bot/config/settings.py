"""Reads and checks the environment; no other file reads it.

What the shop's owner tunes (wording, points, days) is in `shop.toml` instead, see `bot/config/shop.py`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.config import first_start, settings_together, settings_words
from bot.config.setting_kinds import (
    LINE_LOGIN,
    BasicId,
    ChannelId,
    DatabaseUrl,
    HeaderText,
    ListenAddress,
    LoginAddress,
    LogLevel,
    PictureFile,
    SigningKey,
    TimeZone,
    WebAddress,
)
from bot.text.two_languages import together

ROOT = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """A setting is missing or cannot be used. The text says which, and what to do."""


class Settings(BaseModel):
    """The settings of the environment, one variable a field, in capitals: `line_api_url` is LINE_API_URL.

    A description says what the setting is and, after a dash, where to find its value; the start-up error and
    the README's table show both.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_channel_secret: HeaderText = Field(
        min_length=1,
        description="Signs LINE's webhooks — LINE Developers Console, your channel, Basic settings, Channel secret",
        json_schema_extra={"secret": True},
    )
    line_channel_access_token: HeaderText = Field(
        min_length=1,
        description="Lets the bot send — LINE Developers Console, your channel, Messaging API, Channel access token",
        json_schema_extra={"secret": True},
    )
    line_basic_id: BasicId = Field(
        description="The shop's LINE ID with its @, used in invitation links — LINE Official Account Manager, "
        "Settings, Basic ID",
        examples=["@123abcde"],
    )
    public_url: WebAddress = Field(
        description="Address under which customers reach this server over HTTPS (QR images, public pages) — "
        "your domain",
        examples=["https://bot.example.jp"],
    )
    secret_key: SigningKey = Field(
        description="Signs staff sign-ins and hashes buyers' addresses; 32 random characters or more, and always the "
        'same — python3 -c "import secrets; print(secrets.token_urlsafe(32))"; a shorter one that the shop used so far '
        "moves to OLD_SECRET_KEY",
        json_schema_extra={"secret": True},
    )
    shop_name: str = Field(
        min_length=1,
        max_length=40,
        description="The shop's name as customers know it — yours to choose",
        examples=["ひだまり堂"],
    )
    old_secret_key: str | None = Field(
        None,
        min_length=8,
        description="A SECRET_KEY of fewer than 32 characters that the shop began with: buyers and second factors in "
        "the database are recognised by it, nothing is signed with it — your earlier SECRET_KEY; unset in a new shop",
        json_schema_extra={"secret": True},
    )
    shop_logo: PictureFile | None = Field(
        None,
        description="The shop's logo, which stands in the middle of invitation QR codes — a PNG or JPEG file on this "
        "machine, best a square one",
        examples=["/srv/goen/logo.png"],
    )
    shop_timezone: TimeZone = Field(
        "Asia/Tokyo",
        description="Time zone of days, quiet hours and reports — a name of the IANA time zone database",
        examples=["Asia/Tokyo"],
    )
    database_url: DatabaseUrl = Field(
        f"sqlite:///{ROOT / 'var' / 'goen.sqlite3'}",
        description="Where the data lives — sqlite:///path/to/file or postgresql://name:password@host:5432/database",
        examples=["postgresql://goen:secret@localhost:5432/goen"],
        json_schema_extra={"shown_default": "sqlite file var/goen.sqlite3"},
    )
    line_api_url: WebAddress = Field(
        "https://api.line.me", description="LINE's API — leave as it is, except under a stand-in of LINE"
    )
    line_data_api_url: WebAddress = Field(
        "https://api-data.line.me",
        description="LINE's data API (pictures, rich menu images) — leave as it is, except under a stand-in of LINE",
    )
    shop_toml: Path = Field(
        ROOT / "shop.toml",
        description="The owner's file of wording, points and days — a path",
        json_schema_extra={"shown_default": "shop.toml"},
    )
    data_dir: Path = Field(
        ROOT / "var",
        description="Folder for pictures that customers send — a path that can be written",
        json_schema_extra={"shown_default": "var"},
    )
    backup_dir: Path | None = Field(
        None,
        description="Folder for the daily backups, best on another disk; they hold customers' data — a path that can "
        "be written; unset for the folder backups in DATA_DIR",
        examples=["/mnt/backups/goen"],
    )
    media_store: Literal["local", "s3"] = Field(
        "local",
        description="Where pictures and other files of customers are kept — local (in DATA_DIR) or s3 (see S3_…)",
    )
    s3_bucket: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="The bucket for MEDIA_STORE=s3; nothing in it need be public — your storage's console",
        examples=["goen-hidamari"],
    )
    s3_endpoint_url: WebAddress | None = Field(
        None,
        description="Address of the S3-compatible storage — your storage's documentation; unset for Amazon's own",
        examples=["https://s3.isk01.sakurastorage.jp"],
    )
    s3_region: str = Field(
        "ap-northeast-1",
        pattern=r"^[a-z0-9-]{1,40}$",
        description="Region of the bucket — your storage's console; some storages want auto or us-east-1",
    )
    s3_access_key_id: str | None = Field(
        None,
        description="Access key that may read, write and delete in that bucket — your storage's console, access keys",
    )
    s3_secret_access_key: str | None = Field(
        None,
        description="The secret of that access key — shown once when the key is made",
        json_schema_extra={"secret": True},
    )
    port: int = Field(8000, ge=1, le=65535, description="Port the web process listens on — 1 to 65535")
    listen_address: ListenAddress = Field(
        "0.0.0.0",  # noqa: S104 -- a server is there to be reached
        description="Address of this machine that the web process listens on — 127.0.0.1 behind a reverse proxy on the "
        "same machine, so that nobody passes it by; 0.0.0.0 for all",
        examples=["127.0.0.1"],
    )
    trusted_proxy_count: int = Field(
        0,
        ge=0,
        le=5,
        description="How many reverse proxies stand before the web process, so that sign-in attempts are counted by "
        "the visitor's address — 1 on most hosting platforms and behind nginx, 0 when customers reach it directly",
    )
    console_idle_days: int = Field(
        7,
        ge=1,
        le=90,
        description="After how many days without use staff are signed out of the console — 1 to 90",
    )
    console_session_days: int = Field(
        14, ge=1, le=90, description="After how many days staff sign in again in any case — 1 to 90"
    )
    console_owners_need_second_factor: bool = Field(
        False,
        description="Whether an owner sets up a second factor (codes of an authenticator app) before doing anything "
        "else in the console — true or false",
        json_schema_extra={"shown_default": "false"},
    )
    log_level: LogLevel = Field("INFO", description="How much is logged — DEBUG, INFO, WARNING or ERROR")
    shopify_webhook_secret: str | None = Field(
        None,
        description="Signs Shopify's order webhooks, received at PUBLIC_URL/webhooks/shopify — Shopify admin, "
        "Settings, Notifications, Webhooks; unset when the shop is not on Shopify",
        json_schema_extra={"secret": True},
    )
    account_link_url: WebAddress | None = Field(
        None,
        description="The shop's own login page for LINE account linking; it is opened with ?linkToken=… — your shop's "
        "system, see docs/api.md; unset when the shop has none",
        examples=["https://shop.example.jp/line-login"],
    )
    line_login_channel_id: ChannelId | None = Field(
        None,
        description="LINE Login channel by which invited friends join in one step; of the same provider as the bot's "
        "channel — LINE Developers Console, the LINE Login channel, Basic settings, Channel ID; with its secret, or "
        "neither",
        examples=["1234567890"],
    )
    line_login_channel_secret: HeaderText | None = Field(
        None,
        description="Proves to LINE Login that it is us — LINE Developers Console, the LINE Login channel, Basic "
        "settings, Channel secret",
        json_schema_extra={"secret": True},
    )
    line_support_channel_secret: HeaderText | None = Field(
        None,
        description="Signs the webhooks of a second LINE account for individual contact, received at "
        "PUBLIC_URL/callback/support; of the same provider as the first — LINE Developers Console, the second channel, "
        "Basic settings, Channel secret; with its access token, or neither",
        json_schema_extra={"secret": True},
    )
    line_support_channel_access_token: HeaderText | None = Field(
        None,
        description="Lets the bot send from that second account — LINE Developers Console, the second channel, "
        "Messaging API, Channel access token",
        json_schema_extra={"secret": True},
    )
    line_support_basic_id: BasicId | None = Field(
        None,
        description="The second account's LINE ID with its @, used in the button by which customers add it — LINE "
        "Official Account Manager, the second account, Settings, Basic ID; without it, nobody is invited",
        examples=["@456fghij"],
    )
    line_login_url: LoginAddress = Field(
        LINE_LOGIN,
        description="Where people sign in to LINE — leave as it is, except under a stand-in of LINE on this machine",
    )
    settings_file: Path | None = Field(
        None,
        description="Set by `script/start` only: the file .env, into which the console's page of connections writes — "
        "leave unset",
    )
    demo_dir: Path | None = Field(
        None,
        description="Set by `script/demo` only: turns on time travel and one-click sign-in; refused against the "
        "real LINE — leave unset",
    )

    @model_validator(mode="after")
    def _fit_together(self) -> "Settings":
        for fault in settings_together.faults(self):
            raise ValueError(fault)
        return self

    @property
    def has_support_account(self) -> bool:
        """Whether there is a second LINE account for individual contact."""
        return self.line_support_channel_secret is not None

    @property
    def has_line_login(self) -> bool:
        """Whether invited friends can join by LINE Login."""
        return self.line_login_channel_id is not None

    @property
    def backups_folder(self) -> Path:
        """Where backups are stored."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def hash_key(self) -> str:
        """The key of the hashes in the database, which must stay the one they were made with."""
        return self.old_secret_key or self.secret_key

    @property
    def by_https(self) -> bool:
        """Whether people reach this server by HTTPS alone. The demo is served by HTTP on this machine,
        whatever its PUBLIC_URL."""
        return self.public_url.startswith("https://") and not self.demo

    @property
    def demo(self) -> bool:
        """Whether this is the demo, with time travel and one-click sign-in."""
        return self.demo_dir is not None


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the environment. Raises SettingsError, which names every unfit setting and its remedy."""
    source = os.environ if environ is None else environ
    given = {name: source[name.upper()] for name in Settings.model_fields if source.get(name.upper())}
    try:
        return Settings.model_validate(given)
    except ValidationError as invalid:
        unfit = [settings_words.complaint(Settings.model_fields, error) for error in invalid.errors()]
        raise SettingsError(together(unfit)) from None


def environment() -> dict[str, str]:
    """What the environment holds, for set-up, which begins before there are settings."""
    return dict(os.environ)


def is_first_start() -> bool:
    """Whether nobody has given settings yet."""
    return first_start.is_due(os.environ)


def table() -> str:
    """The README's table of every setting, in Markdown."""
    return settings_words.table(Settings.model_fields)


_current: Settings | None = None


def use(settings: Settings) -> Settings:
    """Make these the process's settings; called by `bot/starting.py` and by tests only."""
    global _current
    _current = settings
    return settings


def replace(environ: Mapping[str, str]) -> Settings:
    """Put other settings in force while the process runs, for it and for the processes it starts. Raises
    SettingsError, and then changes nothing. Called by `changed_settings.py` only."""
    made = load(environ)
    for name in set(os.environ) - set(environ):
        del os.environ[name]
    os.environ.update(environ)
    return use(made)


def current() -> Settings:
    """The process's settings. Raises RuntimeError before `use`."""
    if _current is None:
        raise RuntimeError("settings.use() has not been called: bot/starting.py does that first")
    return _current
