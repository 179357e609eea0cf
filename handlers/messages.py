"""What the bot says that belongs to no single domain: greeting, menu, and answers to what it cannot read."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import Field

from bot import line_messages as line
from bot import localtime, settings, shop
from bot.line_messages import Action, Message


@shop.section("talk.words")
class TalkWords(shop.Words):
    """あいさつとメニューの文面。{ } の中はそのままの形で残してください。"""

    greeting: str = Field(
        "{name}さん、はじめまして！{shop}です🌿\n友だち追加、ありがとうございます。",
        description="友だち追加のあいさつ（お名前がわかるとき）",
    )
    greeting_nameless: str = Field(
        "はじめまして！{shop}です🌿\n友だち追加、ありがとうございます。",
        description="友だち追加のあいさつ（お名前がわからないとき）",
    )
    welcome_back: str = Field(
        "{name}さん、おかえりなさい！また会えてうれしいです🌿\nポイントもランクも、そのままありますよ。",
        description="ブロックが解除されたとき",
    )
    welcome_back_nameless: str = Field(
        "おかえりなさい！また会えてうれしいです🌿\nポイントもランクも、そのままありますよ。",
        description="ブロックが解除されたとき（お名前がわからないとき）",
    )
    what_i_do: str = Field(
        "きょうから{rank}会員です。\nお買い物やアンケート、お友達の紹介でポイントがたまって、ランクも上がっていきます。\n"
        "困ったときは、このトークにいつでも書いてくださいね。",
        description="あいさつのつづき（できること）",
    )
    registration_points: str = Field(
        "友だち追加のお礼に、{points}ポイントをお贈りしました🎁", description="友だち追加のお礼のポイント"
    )
    menu: str = Field(
        "ご用件はどちらですか？\nこのトークにそのまま書いていただいても大丈夫です☺", description="メニュー"
    )
    stopped: str = Field(
        "わかりました、ここまでにしますね。また気が向いたときにどうぞ☺",
        description="「やめる」で入力をやめたとき",
    )
    nothing_to_stop: str = Field(
        "いま、途中のものはありません。ご用は下からどうぞ☺", description="やめるものがないとき"
    )
    opted_out: str = Field(
        "わかりました。こちらからのお知らせは、もうお送りしません。\n"
        "お問い合わせにはいつでもお返事します。また受け取りたくなったら、「再開」と送ってください。",
        description="「配信停止」で、こちらからのお知らせを止めたとき",
    )
    opt_in_button: str = Field(
        "やっぱり受け取る", max_length=20, description="お知らせを止めたあとに、すぐ元へ戻すボタン"
    )
    opted_in: str = Field(
        "ありがとうございます！またお知らせをお届けしますね☺",
        description="「配信再開」で、お知らせを再開したとき",
    )
    sticker: str = Field("スタンプありがとうございます☺", description="スタンプへの返事")
    sticker_meanwhile: str = Field(
        "スタンプありがとうございます☺\nつづきは、文字で送ってくださいね。",
        description="ひとことや感想をお待ちしているときの、スタンプへの返事",
    )
    picture: str = Field(
        "お写真ありがとうございます！\n商品のことでお困りでしたら「スタッフと話す」を押してくださいね。スタッフが拝見します。",
        description="写真への返事",
    )
    video: str = Field(
        "動画ありがとうございます！\n商品のことでお困りでしたら「スタッフと話す」を押してくださいね。スタッフが拝見します。",
        description="動画への返事",
    )
    voice: str = Field(
        "ボイスメッセージありがとうございます。ごめんなさい、自動のご案内では聞き取れなくて…🙏\n"
        "文字で送っていただくか、「スタッフと話す」を押してくださいね。",
        description="音声への返事",
    )
    location: str = Field(
        "位置情報ありがとうございます！\nお届け先のご相談でしたら、「スタッフと話す」からどうぞ。",
        description="位置情報への返事",
    )
    unreadable: str = Field(
        "ありがとうございます。ごめんなさい、自動のご案内では開けませんでした🙏\n"
        "文字で送っていただくか、「スタッフと話す」を押してくださいね。",
        description="ファイルなど、読み取れないものへの返事",
    )
    old_button: str = Field(
        "ごめんなさい、このボタンは古くなってしまったようです🙏\nお手数ですが、下からもう一度お選びくださいね。",
        description="使えないボタンがタップされたとき",
    )
    purchase_thanks: str = Field(
        "お買い上げありがとうございます！\n{points}ポイントをお贈りしました（いま{balance}ポイント）。",
        description="お買い上げのお礼",
    )
    purchase_thanks_pending: str = Field(
        "お買い上げありがとうございます！\n{points}ポイントは{days}日後（{day}）に使えるようになります。",
        description="お買い上げのお礼（ポイントが使えるまでに日数があるとき）",
    )
    purchase_thanks_no_points: str = Field(
        "お買い上げありがとうございます！届くのを楽しみにしていてくださいね。",
        description="お買い上げのお礼（ポイントがつかないとき）",
    )
    order_cancelled: str = Field(
        "ご注文（{order}）のキャンセルを承りました。\nこのご注文でお渡ししていた{points}ポイントは、お戻しさせていただきました（いま{balance}ポイント）。\n"
        "またのご利用をお待ちしています🌿",
        description="注文の取り消しでポイントが減ったとき",
    )
    order_refunded: str = Field(
        "ご注文（{order}）の返金をうけたまわりました。\n返金の分の{points}ポイントは、お戻しさせていただきました（いま{balance}ポイント）。\n"
        "ご不便をおかけしました。",
        description="返金でポイントが減ったとき",
    )
    referral_taken_back: str = Field(
        "お友達のご注文が取り消しになったため、ご紹介のお礼の{points}ポイントをいったんお戻しさせていただきました（いま{balance}ポイント）。\n"
        "お友達がまたお買い物をされたら、あらためてお贈りしますね🌿",
        description="紹介されたお友達の注文が取り消され、お礼のポイントが減ったとき（紹介した方へ）",
    )


def words() -> TalkWords:
    """The shop's wording."""
    return shop.get(TalkWords)


def ways_on() -> list[Action]:
    """What can be tapped next, wherever the conversation stands."""
    return [
        line.say("ポイント"),
        line.say("ランク"),
        line.say("お友達を紹介", "紹介"),
        line.say("アンケート"),
        line.say("よくある質問"),
        line.say("お客様の声"),
        line.say("スタッフと話す"),
    ]


def menu(sentence: str | None = None) -> Message:
    """The menu as a card, so that it stays tappable."""
    said = sentence or words().menu
    buttons = [line.button(action, "secondary") for action in ways_on()]
    return line.flex(said, line.bubble([line.words(said)], buttons))


def greeting(name: str, rank: str, points: int) -> list[Message]:
    """The first words to somebody who added the shop."""
    shop_name = settings.current().shop_name
    hello = words().greeting if name else words().greeting_nameless
    said = [hello.format(name=name, shop=shop_name)]
    if points:
        said.append(words().registration_points.format(points=f"{points:,}"))
    return [
        line.text("\n".join(said)),
        menu(words().what_i_do.format(rank=rank)),
    ]


def welcome_back(name: str) -> list[Message]:
    """To somebody who had blocked the shop."""
    hello = words().welcome_back if name else words().welcome_back_nameless
    return with_ways_on(hello.format(name=name))


def purchase_thanks(points: int, balance: int, held: int = 0, usable_on: date | None = None) -> Message:
    """Thanks for an order, and what it earned; what is held says from which day it can be used."""
    if held and usable_on is not None:
        days, day = (usable_on - localtime.today()).days, localtime.in_words(usable_on)
        return line.text(words().purchase_thanks_pending.format(points=f"{held:,}", days=days, day=day))
    if not points:
        return line.text(words().purchase_thanks_no_points)
    return line.text(words().purchase_thanks.format(points=f"{points:,}", balance=f"{balance:,}"))


def with_ways_on(sentence: str) -> list[Message]:
    """A sentence, and chips that lead on."""
    return [line.text(sentence, ways_on())]


def lead_on(said: list[Message]) -> list[Message]:
    """The same messages, with chips below the last unless it has its own. What its card offers is not offered twice."""
    if not said or "quickReply" in said[-1]:
        return said
    offered = set(_labels(said[-1]))
    chips = [action for action in ways_on() if action["label"] not in offered]
    return [*said[:-1], line.with_quick_replies(said[-1], chips)]


def _labels(part: Any) -> Iterator[str]:
    """The labels of all buttons in a message."""
    if isinstance(part, list):
        for each in part:
            yield from _labels(each)
    elif isinstance(part, dict):
        if isinstance(part.get("label"), str):
            yield part["label"]
        for each in part.values():
            yield from _labels(each)
