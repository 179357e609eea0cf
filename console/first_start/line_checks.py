"""Checks LINE's channel secret and access token, and Shopify's secret, as they are entered, and says in words what
LINE answered."""

import re

from bot.line.channel_check import Fault, Trouble, WebhookTest
from console.shell.translation import gettext

_SECRET = re.compile(r"\A[0-9a-f]{32}\Z")
_DIGITS = re.compile(r"\A[0-9]{5,20}\Z")
_SIGNING = re.compile(r"\A[!-~]{16,200}\Z")
_TOKEN = re.compile(r"\A[!-~]{60,4000}\Z")


def secret_fault(secret: str) -> str:
    """Why it can be no channel secret; empty when it may be one."""
    where = gettext(
        "LINE Developersの、お店のチャネルの「チャネル基本設定」にある「チャネルシークレット」（32文字の英数字）です。"
    )
    if not secret:
        return gettext("チャネルシークレットを入れてください。%(where)s", where=where)
    if _DIGITS.match(secret):
        return gettext("これはチャネルIDです。%(where)s", where=where)
    if len(secret) > 60:
        return gettext("これはチャネルアクセストークンのようです。%(where)s", where=where)
    if not _SECRET.match(secret):
        return gettext("チャネルシークレットの形ではありません。%(where)s", where=where)
    return ""


def token_fault(token: str) -> str:
    """Why it can be no access token; empty when LINE must be asked."""
    where = gettext(
        "LINE Developersの、同じチャネルの「Messaging API設定」のいちばん下、"
        "「チャネルアクセストークン（長期）」で「発行」を押すと出る、長い文字列です。"
    )
    if not token:
        return gettext("チャネルアクセストークンを入れてください。%(where)s", where=where)
    if _SECRET.match(token):
        return gettext("これはチャネルシークレットのようです。%(where)s", where=where)
    if not _TOKEN.match(token):
        return gettext(
            "チャネルアクセストークンの形ではありません。全部をコピーできているか確かめてください。%(where)s",
            where=where,
        )
    return ""


def shopify_fault(secret: str) -> str:
    """Why it can be no signing secret of Shopify's webhooks; empty when it may be one."""
    if _SIGNING.match(secret):
        return ""
    return gettext(
        "Shopifyの署名鍵を入れてください。Shopify管理画面の「設定」→「通知」→「Webhook」のいちばん下、"
        "「Webhookは次の署名で認証されます」の文字列です。"
    )


def fault_in_words(fault: Fault) -> str:
    """Why LINE did not give what was asked for, and what to do."""
    match fault:
        case Fault.TOKEN_REFUSED:
            return gettext(
                "LINEがこのチャネルアクセストークンを認めませんでした。LINE Developersの「Messaging API設定」で"
                "「再発行」を押し、出た文字列を全部コピーして入れてください。"
            )
        case Fault.NO_NETWORK:
            return gettext(
                "LINEにつながりませんでした。この機械がインターネットにつながっているか（api.line.me へのhttps）を"
                "確かめて、もう一度押してください。"
            )
        case Fault.ADDRESS_REFUSED:
            return gettext(
                "LINEがこのWebhookのアドレスを受けつけませんでした。https:// のアドレスが必要です。"
            )
        case Fault.NO_ADDRESS:
            return gettext("LINEに、Webhookのアドレスがまだ登録されていません。")
        case Fault.TOO_OFTEN:
            return gettext(
                "LINEへの問い合わせが多すぎました。しばらく（長くて1時間）待ってから押してください。"
            )
        case Fault.BROKEN:
            return gettext("LINEの側でエラーが起きました。少し待ってから、もう一度押してください。")


def test_in_words(tried: WebhookTest, address: str) -> str:
    """What kept LINE's try of the webhook from working; empty when it worked."""
    match tried.trouble:
        case Trouble.NONE:
            return ""
        case Trouble.NOT_REACHED:
            return gettext(
                "LINEから %(address)s につながりませんでした。アドレスが正しいか、ポート443が開いているか、"
                "証明書が正しいかを確かめてください。",
                address=address,
            )
        case Trouble.TOO_SLOW:
            return gettext(
                "%(address)s が時間内に答えませんでした。リバースプロキシの転送先を確かめてください。",
                address=address,
            )
        case Trouble.SIGNATURE_REFUSED:
            return gettext(
                "署名が合いませんでした。チャネルシークレットが、このトークンとは別のチャネルのもののようです。"
                "前の画面で、同じチャネルの「チャネル基本設定」から入れ直してください。"
            )
        case Trouble.OTHER_STATUS:
            return gettext(
                "%(address)s が %(status)s と答えました。別のサーバーに届いていないか、"
                "パスワードなどでふさがれていないかを確かめてください。",
                address=address,
                status=tried.status,
            )
        case Trouble.UNKNOWN:
            return gettext("LINEの試し送りが失敗しました（%(detail)s）。", detail=tried.detail)
