"""Sentences to customers about the FAQ and about texts the bot did not understand. The owner can change each
in shop.toml; layout is in `messages.py`."""

from pydantic import Field

from bot.config import shop
from bot.line.messages import LONGEST_LABEL


@shop.section("support.words", place=0)
class FaqWords(shop.Words):
    """よくある質問とスタッフ対応の文面。{ } の中はそのままの形で残してください。"""

    faq_opening: str = Field(
        "よくある質問をまとめました。気になるものをタップしてくださいね。",
        description="よくある質問の一覧を出すとき",
    )
    faq_more_button: str = Field("もっと見る", max_length=LONGEST_LABEL, description="一覧のつづきのボタン")
    faq_other_shelves: str = Field("そのほかの質問", description="一覧に並びきらない分類の見出し")
    solved_button: str = Field("解決しました", max_length=LONGEST_LABEL, description="回答の下のボタン")
    unsolved_button: str = Field("まだ困っています", max_length=LONGEST_LABEL, description="回答の下のボタン")
    solved: str = Field(
        "よかったです！またいつでも聞いてくださいね😊", description="「解決しました」への返事"
    )
    unsolved: str = Field(
        "お役に立てず、ごめんなさい。\nよろしければ、スタッフが直接お話をうかがいます。",
        description="「まだ困っています」への返事",
    )
    said_already: str = Field(
        "お返事はいただいています。ありがとうございます！", description="ボタンが二度タップされたとき"
    )
    titles_opening: str = Field(
        "こちらのことでしょうか？近いものをタップしてください。", description="質問の候補を出すとき"
    )
    titles_meanwhile: str = Field(
        "お待ちのあいだに、こちらがお役に立つかもしれません。スタッフからのお返事も、このままお待ちください。",
        description="スタッフのお返事をお待ちのあいだに、質問の候補を出すとき",
    )
    none_of_these_button: str = Field(
        "この中にない→スタッフへ", max_length=LONGEST_LABEL, description="質問の候補の下のボタン"
    )
    entry_gone: str = Field(
        "このご案内は新しくなったようです。「よくある質問」から、今の内容をご覧ください。",
        description="なくなった質問のボタンがタップされたとき",
    )
    faq_empty: str = Field(
        "ご質問は、スタッフが直接うかがいますね。", description="よくある質問が一つもないとき"
    )
    not_understood: str = Field(
        "ごめんなさい、うまく読み取れませんでした🙏\n別の言い方で送っていただくか、下のボタンからお選びください。",
        description="内容がわからなかったとき",
    )
    courtesy: str = Field(
        "メッセージありがとうございます😊\nご用のときは、いつでも「メニュー」と送ってくださいね。",
        description="あいさつやお礼だけのメッセージへの返事",
    )
    greeting_back: str = Field(
        "{greeting}☺ メッセージありがとうございます。\nご用があれば、このまま書いてくださいね。",
        description="「こんにちは」「はじめまして」などのあいさつへの返事",
    )
    thanks_back: str = Field(
        "こちらこそ、ありがとうございます😊\nまたいつでも声をかけてくださいね。",
        description="「ありがとう」への返事",
    )
    nod_back: str = Field(
        "はい☺ ご用があれば、いつでも書いてくださいね。", description="「はい」「了解です」などへの返事"
    )
    small_talk_back: str = Field(
        "メッセージうれしいです☺\n自動のご案内なので、おしゃべりは少し苦手ですが、ご用は何でも書いてくださいね。",
        description="天気の話やおしゃべりへの返事",
    )
    human_first: str = Field(
        "ご迷惑をおかけして、申し訳ありません。\nまずはスタッフが、直接お話をうかがいます。",
        description="今は使っていません。お怒りのときの文面は support.bad_moment.words にあります",
    )
    staff_button: str = Field(
        "スタッフと話す", max_length=LONGEST_LABEL, description="スタッフにつなぐボタン"
    )
    faq_button: str = Field("よくある質問", max_length=LONGEST_LABEL, description="よくある質問のボタン")


def words() -> FaqWords:
    """The sentences with the owner's changes."""
    return shop.get(FaqWords)


GREETINGS = {"こんばん": "こんばんは", "おはよ": "おはようございます", "はじめまして": "はじめまして"}
"""What is said back, by a part of what the customer said in hiragana."""


def greeting_like(letters: str) -> str:
    """The greeting that answers one, given in folded letters; 「こんにちは」 to any other."""
    return next((each for part, each in GREETINGS.items() if part in letters), "こんにちは")
