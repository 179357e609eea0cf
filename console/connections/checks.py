"""Tries values before they are stored: their form first, then the service itself where it offers a test, and last
whether they fit the other settings.

LINE says whose account a token is of. A channel secret is tried by LINE's own try of the webhook, which the web
process accepts meanwhile if it is signed with the new secret (`bot/web/secret_trial.py`). LINE Login and Shopify offer
no test: of theirs the form is checked.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.config import settings
from bot.config.settings import SettingsError
from bot.files import s3
from bot.line import channel_check
from bot.line.channel_check import Access, Fault, Trouble
from bot.line.channels import MAIN, SUPPORT
from bot.text.two_languages import of_error, shown
from bot.web import secret_trial
from console.connections.known import Connection, value_of
from console.first_start import line_checks
from console.shell.translation import gettext, reads_english

NOT_SET_UP = 404
"""What the second account's webhook answers while the shop has none, unless the secret being tried fits."""
_CHANNEL_ID = re.compile(r"\A[0-9]{5,20}\Z")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the test."""

    faults: Mapping[str, str] = field(default_factory=dict)
    """By setting, each with where to find the right value; "" is about all of them."""
    found: Mapping[str, str] = field(default_factory=dict)
    """Further settings that the service named."""
    other_account: str = ""
    """The account, when it is another than the shop's so far: the owner confirms that."""
    doubt: str = ""
    """What could not be tried."""


def check(connection: Connection, typed: Mapping[str, str], confirmed_account: str) -> Checked:
    """Try the typed values, together with those in force that were left as they are."""
    config = settings.current()
    values = {name: typed.get(name) or value_of(config, name) for name in connection.settings}
    tests: dict[str, Callable[[], Checked]] = {
        "line": lambda: _line(MAIN, "line", typed, values, confirmed_account),
        "support": lambda: _line(SUPPORT, "line_support", typed, values, confirmed_account),
        "login": lambda: _login(typed),
        "shopify": lambda: _shopify(typed),
        "storage": lambda: _storage(values),
    }
    checked = tests.get(connection.key, Checked)()
    if checked.faults or checked.other_account:
        return checked
    fault = together_fault({**typed, **checked.found})
    return Checked({"": fault}) if fault else checked


def together_fault(changes: Mapping[str, str]) -> str:
    """Why all settings cannot be used once these have changed, an empty value standing for none."""
    config = settings.current()
    given = {name.upper(): str(value) for name, value in config.model_dump(exclude_none=True).items()}
    try:
        settings.load(given | {name.upper(): value for name, value in changes.items()})
    except SettingsError as unfit:
        return shown(of_error(unfit), "en" if reads_english() else "ja")
    return ""


def _line(
    channel: str, prefix: str, typed: Mapping[str, str], values: Mapping[str, str], confirmed_account: str
) -> Checked:
    secret, token = f"{prefix}_channel_secret", f"{prefix}_channel_access_token"
    faults = {}
    if typed.get(secret) or not values[secret]:
        faults[secret] = line_checks.secret_fault(values[secret])
    if typed.get(token) or not values[token]:
        faults[token] = line_checks.token_fault(values[token])
    if any(faults.values()):
        return Checked({name: fault for name, fault in faults.items() if fault})
    config = settings.current()
    access = Access(values[token], config.line_api_url)
    info = channel_check.bot_info(access)
    if isinstance(info, Fault):
        return Checked({token: line_checks.fault_in_words(info)})
    known = value_of(config, f"{prefix}_basic_id")
    is_new = not value_of(config, token)
    if channel == SUPPORT and info.basic_id == config.line_basic_id:
        return Checked(
            {
                token: gettext(
                    "これは1つめのアカウント（%(name)s）のトークンです。2つめのチャネルの「Messaging API設定」から"
                    "コピーしてください。",
                    name=info.name,
                )
            }
        )
    if known and not is_new and info.basic_id not in (known, confirmed_account):
        return Checked(other_account=info.basic_id, doubt=f"{info.name}（{info.basic_id}）")
    refused, doubt = _try_secret(channel, access, typed.get(secret, ""))
    if refused:
        return Checked({secret: refused})
    found = {} if known and info.basic_id == known else {f"{prefix}_basic_id": info.basic_id}
    return Checked(found=found, doubt=doubt)


def _try_secret(channel: str, access: Access, secret: str) -> tuple[str, str]:
    """Why a new secret is wrong, and why it could not be tried; both empty when it is right or was not changed."""
    if not secret:
        return "", ""
    address = settings.current().public_url + {MAIN: "/callback", SUPPORT: "/callback/support"}[channel]
    if channel == SUPPORT:
        fault = channel_check.set_webhook(access, address)
        if fault is not None:
            return "", line_checks.fault_in_words(fault)
    with secret_trial.trying(channel, secret) as trial:
        tried = channel_check.test_webhook(access, None if channel == MAIN else address)
    if isinstance(tried, Fault):
        return "", line_checks.fault_in_words(tried)
    if trial.is_right:
        return "", ""
    nobody_there = channel == SUPPORT and tried.status == NOT_SET_UP
    if tried.worked or tried.trouble is Trouble.SIGNATURE_REFUSED or nobody_there:
        return (
            gettext(
                "このチャネルシークレットでは、LINEの署名が合いませんでした。トークンと同じチャネルの"
                "「チャネル基本設定」にある「チャネルシークレット」を入れてください。"
            ),
            "",
        )
    return "", line_checks.test_in_words(tried, address)


def _login(typed: Mapping[str, str]) -> Checked:
    faults = {}
    channel_id, secret = typed.get("line_login_channel_id", ""), typed.get("line_login_channel_secret", "")
    if channel_id and not _CHANNEL_ID.match(channel_id):
        faults["line_login_channel_id"] = gettext(
            "チャネルIDは数字だけです。LINE Developersの、LINEログインのチャネルの「チャネル基本設定」にあります。"
        )
    if secret and (fault := line_checks.secret_fault(secret)):
        faults["line_login_channel_secret"] = fault
    return Checked(faults)


def _shopify(typed: Mapping[str, str]) -> Checked:
    fault = line_checks.shopify_fault(typed.get("shopify_webhook_secret", ""))
    return Checked({"shopify_webhook_secret": fault} if fault else {})


def _storage(values: Mapping[str, str]) -> Checked:
    said = s3.refusal(settings.current().model_copy(update=dict(values)))
    if not said:
        return Checked()
    return Checked(
        {
            "s3_secret_access_key": gettext(
                "ストレージがこの鍵を認めませんでした（%(said)s）。ストレージの管理画面で、このバケットを読み書きできる"
                "アクセスキーを確かめてください。",
                said=said,
            )
        }
    )
