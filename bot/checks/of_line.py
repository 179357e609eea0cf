"""Asks LINE: is the token accepted and of the right account, do webhooks arrive, how many messages are left, and is
this machine's clock right."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import urllib3

from bot import localtime
from bot.checks.result import NOTHING, Result, State
from bot.config.settings import Settings
from bot.line import channel_check
from bot.line.channel_check import Access, BotInfo, Fault, Trouble, Webhook, WebhookTest
from bot.text.two_languages import Sentence, both

CLOCK_WARNS_SECONDS, CLOCK_FAILS_SECONDS = 5, 30
"""A second factor's codes count for 30 seconds before and after their time."""
FEW_LEFT_PERCENT = 10
CONSOLE = Sentence("LINE Developers Console", "LINE Developersコンソール")

FAULTS = {
    Fault.TOKEN_REFUSED: both(
        "LINE refuses the channel access token: nothing can be sent.",
        "LINEがチャネルアクセストークンを認めません。このままでは何も送れません。",
    ),
    Fault.NO_NETWORK: both(
        "LINE could not be reached from this machine.", "このサーバーからLINEにつながりませんでした。"
    ),
    Fault.ADDRESS_REFUSED: both(
        "LINE does not accept the webhook's address.", "LINEがWebhookのアドレスを受け付けません。"
    ),
    Fault.NO_ADDRESS: both("LINE knows no webhook address.", "LINEにWebhookのアドレスが入っていません。"),
    Fault.TOO_OFTEN: both(
        "LINE takes no more of these calls for now (60 an hour).",
        "LINEへの確認が続いたため、いまは確かめられません（1時間に60回まで）。",
    ),
    Fault.BROKEN: both(
        "LINE answered with an error of its own.", "LINE側のエラーで、確かめられませんでした。"
    ),
}
LATER = both("Try again in a few minutes.", "数分たってから、もう一度確かめてください。")
ISSUE_TOKEN = both(
    "{console}, the shop's channel, Messaging API: issue a channel access token, and enter it in the console under "
    "Shop settings, Connections ({name}).",
    "{console}の、お店のチャネルの「Messaging API設定」でチャネルアクセストークン（長期）を発行し、管理画面の"
    "「お店の設定」→「接続」に入れてください（{name}）。",
    console=CONSOLE,
    name="LINE_CHANNEL_ACCESS_TOKEN",
)
NETWORK = both(
    "Check that this machine may open https connections to {address}, and its name service.",
    "このサーバーから {address} へhttpsでつながるか（ファイアウォール、DNS）を確かめてください。",
    address="api.line.me",
)
REMEDIES = {
    Fault.TOKEN_REFUSED: ISSUE_TOKEN,
    Fault.NO_NETWORK: NETWORK,
    Fault.TOO_OFTEN: LATER,
    Fault.BROKEN: LATER,
}
TROUBLES = {
    Trouble.NOT_REACHED: both(
        "LINE could not reach {address}: no connection, or a certificate that it does not accept.",
        "LINEから {address} につながりませんでした（つながらないか、証明書が認められません）。",
        address="PUBLIC_URL/callback",
    ),
    Trouble.TOO_SLOW: both(
        "The server took too long to answer LINE.", "サーバーの返事がおそく、LINEが待ちきれませんでした。"
    ),
    Trouble.SIGNATURE_REFUSED: both(
        "LINE reached the server, which refused the signature (401): LINE_CHANNEL_SECRET is another channel's.",
        "LINEは届きましたが、署名が合いません（401）。LINE_CHANNEL_SECRET が別のチャネルのものです。",
    ),
    Trouble.OTHER_STATUS: both(
        "LINE reached a server that answered with an error.",
        "LINEは届きましたが、サーバーがエラーを返しました。",
    ),
    Trouble.UNKNOWN: both("LINE's try did not succeed.", "LINEからの試し送りが、うまくいきませんでした。"),
}
MEND_TROUBLES = {
    Trouble.SIGNATURE_REFUSED: both(
        "{console}, the shop's channel, Basic settings: copy the channel secret into the console's Shop settings, "
        "Connections (LINE_CHANNEL_SECRET).",
        "{console}の、お店のチャネルの「チャネル基本設定」からチャネルシークレットを、管理画面の「お店の設定」→「接続」"
        "に写してください（LINE_CHANNEL_SECRET）。",
        console=CONSOLE,
    ),
}
REACH_US = both(
    "Open PUBLIC_URL/healthz from another network, such as a telephone: it must say alive. Check domain, port 443, "
    "certificate, and that the web process runs.",
    "スマートフォンなど別の回線で PUBLIC_URL/healthz を開き、alive と出るかを確かめてください。出なければ、ドメイン・"
    "ポート443・証明書・Webのプロセスを見てください。",
)


def token(config: Settings) -> Result:
    """Whether LINE accepts the token, and whose account it is of."""
    title = Sentence("LINE access token", "LINEのアクセストークン")
    info = channel_check.bot_info(config)
    if isinstance(info, Fault):
        return _fault("line-token", title, info)
    return _of_account("line-token", title, info, config.line_basic_id, "LINE_BASIC_ID")


def second_token(config: Settings) -> Result | None:
    """The same of the second account; None when the shop has none."""
    if config.line_support_channel_access_token is None:
        return None
    title = Sentence("Second account's access token", "2つめのアカウントのアクセストークン")
    info = channel_check.bot_info(Access(config.line_support_channel_access_token, config.line_api_url))
    if isinstance(info, Fault):
        return _fault("line-support-token", title, info, "LINE_SUPPORT_CHANNEL_ACCESS_TOKEN")
    wanted = config.line_support_basic_id or info.basic_id
    return _of_account("line-support-token", title, info, wanted, "LINE_SUPPORT_BASIC_ID")


def webhooks(config: Settings) -> Iterator[Result]:
    """Where LINE's webhooks go, whether they are on, and a try of them."""
    title = Sentence("Webhook address", "Webhookのアドレス")
    ours = f"{config.public_url}/callback"
    there = channel_check.webhook(config)
    set_it = both(
        "{console}, the shop's channel, Messaging API: set the webhook URL to {address}.",
        "{console}の、お店のチャネルの「Messaging API設定」で、Webhook URLを {address} にしてください。",
        console=CONSOLE,
        address=ours,
    )
    if isinstance(there, Fault):
        yield _fault("webhook", title, there, remedy=set_it if there is Fault.NO_ADDRESS else None)
        return
    if config.demo and (urlsplit(config.public_url).hostname or "").endswith(".example"):
        ours = there.address  # the demo's public address is invented
    yield _address("webhook", title, there, ours, set_it)
    tried = channel_check.test_webhook(config)
    title = Sentence("LINE's try of the webhook", "Webhookの試し送り")
    yield _fault("webhook-test", title, tried) if isinstance(tried, Fault) else _tried(title, tried)


def quota(config: Settings) -> Result:
    """How many paid messages are left this month."""
    title = Sentence("Messages left this month", "今月の残りの通数")
    month = channel_check.month(config)
    if isinstance(month, Fault):
        return _fault("quota", title, month)
    if month.quota is None:
        said = both(
            "No limit; {used} used this month.",
            "上限はありません。今月は{used}通使いました。",
            used=month.used_count,
        )
        return Result("quota", title, State.OK, said)
    left = max(month.quota - month.used_count, 0)
    said = both(
        "{left} of {quota} are left.",
        "{quota}通のうち、あと{left}通です。",
        left=f"{left:,}",
        quota=f"{month.quota:,}",
    )
    if left * 100 >= month.quota * FEW_LEFT_PERCENT:
        return Result("quota", title, State.OK, said)
    remedy = both(
        "Replies still go out; what the shop sends unasked waits until next month. A larger plan is chosen in LINE "
        "Official Account Manager, Settings, plan.",
        "お返事はこれまでどおり届きます。こちらから送るメッセージは、足りなくなると来月まで待ちます。増やすには、"
        "LINE Official Account Managerの「設定」でプランを変えてください。",
    )
    return Result("quota", title, State.WARN, said, remedy)


def clock(config: Settings) -> Result:
    """This machine's clock against the date in LINE's answers."""
    title = Sentence("This machine's clock", "サーバーの時計")
    there = _time_at_line(config.line_api_url)
    if there is None:
        said = both("LINE did not say what time it is.", "LINEの時刻がわからず、くらべられませんでした。")
        return Result("clock-time", title, State.UNKNOWN, said, LATER)
    seconds = round(abs((localtime.machine_now() - there).total_seconds()))
    if seconds <= CLOCK_WARNS_SECONDS:
        return Result("clock-time", title, State.OK, both("It is right.", "合っています。"))
    said = both("It is {count} seconds off.", "{count}秒ずれています。", count=seconds)
    remedy = both(
        "Let the machine set its clock by NTP: sudo timedatectl set-ntp true. Otherwise codes of authenticator apps "
        "are refused, and messages go out at wrong times.",
        "NTPで時計を合わせてください: sudo timedatectl set-ntp true。ずれていると、認証アプリのコードが通らず、"
        "メッセージの時刻もずれます。",
    )
    state = State.FAIL if seconds > CLOCK_FAILS_SECONDS else State.WARN
    return Result("clock-time", title, state, said, remedy)


def _time_at_line(address: str) -> datetime | None:
    try:
        answer = urllib3.request("HEAD", address, timeout=urllib3.Timeout(connect=3, read=5), retries=False)
        said = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (urllib3.exceptions.HTTPError, ValueError, TypeError):
        return None
    return said.astimezone(UTC)


def _fault(
    key: str, title: Sentence, fault: Fault, setting: str = "", remedy: Sentence | None = None
) -> Result:
    asked_in_vain = {
        Fault.NO_NETWORK: State.FAIL,
        Fault.TOO_OFTEN: State.UNKNOWN,
        Fault.BROKEN: State.UNKNOWN,
    }
    mend = remedy or REMEDIES.get(fault, NOTHING)
    if setting and fault is Fault.TOKEN_REFUSED:
        mend = Sentence(
            *(each.replace("LINE_CHANNEL_ACCESS_TOKEN", setting) for each in (str(mend), mend.ja))
        )
    return Result(key, title, asked_in_vain.get(fault, State.FAIL), FAULTS[fault], mend)


def _of_account(key: str, title: Sentence, info: BotInfo, wanted: str, setting: str) -> Result:
    named = {"name": info.name, "id": info.basic_id}
    if info.basic_id == wanted:
        return Result(
            key,
            title,
            State.OK,
            both("LINE accepts it: {name} ({id}).", "LINEが認めています: {name}（{id}）", **named),
        )
    return Result(
        key,
        title,
        State.FAIL,
        both(
            "LINE accepts it, and it is of another account: {name} ({id}), where {setting} says {wanted}.",
            "LINEは認めていますが、別のアカウントのものです: {name}（{id}）。{setting} は {wanted} です。",
            setting=setting,
            wanted=wanted,
            **named,
        ),
        both(
            "Set {setting}={id}, or the token of the other account, and restart.",
            "{setting}={id} にするか、もう一方のアカウントのトークンに直して、再起動してください。",
            setting=setting,
            id=info.basic_id,
        ),
    )


def _address(key: str, title: Sentence, there: Webhook, ours: str, set_it: Sentence) -> Result:
    if there.address != ours:
        said = both(
            "LINE sends webhooks to {there}, not to {ours}.",
            "LINEは {there} に送っています。{ours} ではありません。",
            there=there.address,
            ours=ours,
        )
        return Result(key, title, State.FAIL, said, set_it)
    if not there.active:
        said = both(
            "It is {ours}, and “Use webhook” is off: LINE sends nothing.",
            "{ours} ですが、「Webhookの利用」が切れています。LINEから何も届きません。",
            ours=ours,
        )
        remedy = both(
            "{console}, the shop's channel, Messaging API: turn “Use webhook” on. Only a person can.",
            "{console}の、お店のチャネルの「Messaging API設定」で「Webhookの利用」を入れてください"
            "（人の手でしか入れられません）。",
            console=CONSOLE,
        )
        return Result(key, title, State.WARN, said, remedy)
    return Result(key, title, State.OK, both("{ours}, and it is on.", "{ours}（利用中）", ours=ours))


def _tried(title: Sentence, tried: WebhookTest) -> Result:
    if tried.worked:
        said = both("LINE reached this server.", "LINEから、このサーバーに届きました。")
        return Result("webhook-test", title, State.OK, said)
    said = TROUBLES[tried.trouble]
    detail = " ".join(filter(None, (str(tried.status or ""), tried.detail)))
    if detail:
        said = both("{said} LINE's words: {detail}", "{said}LINEの言葉: {detail}", said=said, detail=detail)
    return Result("webhook-test", title, State.FAIL, said, MEND_TROUBLES.get(tried.trouble, REACH_US))
