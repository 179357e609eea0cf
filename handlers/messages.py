"""What the bot says that belongs to no single domain: greeting, menu, and answers to what it cannot read."""

from pydantic import Field

from bot import line_messages as line
from bot import settings, shop
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
        "{name}さん、おかえりなさい！また会えてうれしいです🌿\nポイントも会員ランクも、そのままお持ちです。",
        description="ブロックが解除されたとき",
    )
    what_i_do: str = Field(
        "きょうから{rank}会員です。\nお買い物やアンケート、お友達の紹介でポイントがたまって、ランクが上がっていきます。\n"
        "困ったことは、このままメッセージで送ってくださいね。",
        description="あいさつのつづき（できること）",
    )
    registration_points: str = Field(
        "友だち追加のお礼に、{points}ポイントをお贈りしました🎁", description="友だち追加のお礼のポイント"
    )
    menu: str = Field(
        "なにをしましょうか？下からえらぶか、そのままメッセージをどうぞ。", description="メニュー"
    )
    stopped: str = Field(
        "承知しました。ここでおしまいにしますね。", description="「やめる」で入力をやめたとき"
    )
    nothing_to_stop: str = Field("はい、いつでもどうぞ。", description="やめるものがないとき")
    sticker: str = Field("スタンプありがとうございます☺", description="スタンプへの返事")
    picture: str = Field(
        "お写真ありがとうございます！\n商品のことでお困りでしたら、「スタッフと話す」からスタッフにお見せください。",
        description="写真や動画への返事",
    )
    voice: str = Field(
        "音声ありがとうございます。ごめんなさい、わたしは音声を聞き取れません。文字で送っていただくか、"
        "スタッフにおつなぎしますね。",
        description="音声への返事",
    )
    location: str = Field(
        "位置情報ありがとうございます。お届け先の変更などは、スタッフがうけたまわります。",
        description="位置情報への返事",
    )
    unreadable: str = Field(
        "ありがとうございます。ごめんなさい、この形式は読み取れませんでした。文字で送っていただくか、"
        "スタッフにおつなぎしますね。",
        description="ファイルなど、読み取れないものへの返事",
    )
    old_button: str = Field(
        "このボタンは、もう使えなくなっているようです。お手数ですが、下のメニューからお願いします。",
        description="使えないボタンがタップされたとき",
    )
    purchase_thanks: str = Field(
        "お買い上げありがとうございます！\n{points}ポイントをお贈りしました（いま{balance}ポイント）。",
        description="お買い上げのお礼",
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
        said.append(words().registration_points.format(points=points))
    return [
        line.text("\n".join(said)),
        menu(words().what_i_do.format(rank=rank)),
    ]


def welcome_back(name: str) -> list[Message]:
    """To somebody who had blocked the shop."""
    return [
        line.text(
            words().welcome_back.format(name=name or "お客さま").replace("お客さまさん", "お客さま"),
            ways_on(),
        )
    ]


def with_ways_on(sentence: str) -> list[Message]:
    """A sentence, and chips that lead on."""
    return [line.text(sentence, ways_on())]
