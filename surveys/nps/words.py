"""The survey's sentences to customers. The owner can change each in shop.toml; layout is in `messages.py`."""

from pydantic import Field

from bot.config import shop


@shop.section("survey.words")
class SurveyWords(shop.Words):
    """アンケートの文面。{ } の中はそのままの形で残してください。"""

    opening: str = Field("{shop}から、ひとつだけ質問させてください", description="質問カードの見出し")
    question: str = Field(
        "当社をご家族やお友達に勧める可能性はどれくらいありますか？",
        description="質問文（0〜10点で答えます）",
    )
    lowest: str = Field("まったく勧めない", description="0点の意味")
    highest: str = Field("とても勧めたい", description="10点の意味")
    of_eleven: str = Field(
        "ありがとうございます！0から10までの数字で、いちばん近いものをお選びいただけますか？",
        description="0〜10ではない数字が送られてきたとき（質問カードの見出しのかわり）",
    )
    hint: str = Field("数字をタップするだけで終わります☺", description="質問カードの添え書き")
    reminder: str = Field(
        "先日の質問、お忙しいところに届いていたらごめんなさい🌿\n"
        "ひと押しだけ、お気持ちを聞かせていただけるとうれしいです。（このご案内は今回だけです☺）",
        description="お返事のない方への、1回だけのご案内（質問カードの見出しのかわり）",
    )
    question_again: str = Field(
        "その後、いかがでしょうか。\n先日は、お気持ちを聞かせてくださってありがとうございました。"
        "あらためて、ひとつだけ聞かせてください。",
        description="低い点数からはじまったご相談のあとで、もう一度たずねるとき（質問カードの見出しのかわり）",
    )
    promoter_thanks: str = Field(
        "{score}点！うれしいです、ありがとうございます✨\n"
        "そう言っていただけることが、いちばんの励みになります。",
        description="9〜10点への返事",
    )
    passive_thanks: str = Field(
        "{score}点、ありがとうございます！", description="7〜8点への返事（つづけて理由をたずねます）"
    )
    passive_question: str = Field(
        "よろしければ教えてください。あと何があれば「10点」になりそうですか？\nひとことで大丈夫です☺",
        description="7〜8点の方にたずねる理由（お礼やお知らせのあと、いちばん最後に）",
    )
    detractor_apology: str = Field(
        "ご期待にそえず、申し訳ありません。正直なお気持ちを教えてくださって、ありがとうございます。\n"
        "よろしければ、どんなことが気になったか、このままメッセージで聞かせてください。",
        description="0〜6点への返事（つづけて理由をたずねます）",
    )
    earned: str = Field(
        "ご回答のお礼に{points}ポイントをお贈りしました（いま{balance}ポイント）。", description="回答のお礼"
    )
    corrected: str = Field("{score}点に変更しました。ありがとうございます！", description="点数の変更")
    same_again: str = Field(
        "{score}点、ちゃんと届いています。ありがとうございます！", description="同じ点数がもう一度"
    )
    too_late: str = Field(
        "このときのお答えは、{score}点で受け取っています。また気にかけてくださってうれしいです☺\n"
        "いまのお気持ちは、次のアンケートでぜひ聞かせてください。",
        description="時間がたってからもう一度タップされたとき",
    )
    answered_lately: str = Field(
        "先日のご回答（{score}点）、大切に受け取っています。ありがとうございます！\n"
        "次は{next_on}ごろ、また聞かせてくださいね。",
        description="前回の回答から間がないとき",
    )
    answered_lately_low: str = Field(
        "先日のご回答（{score}点）、大切に受け取っています。正直に教えてくださって、ありがとうございます。\n"
        "その後も気になることがあれば、スタッフが直接お話をうかがいます。",
        description="前回の回答から間がなく、その点数が低かったとき",
    )
    add_a_word: str = Field(
        "よろしければ、そのときのお気持ちをひとこと、このまま送ってくださいね。",
        description="前回の回答に、まだひとことがないとき（「前回の回答から間がないとき」につづきます）",
    )
    comment_thanks: str = Field(
        "聞かせてくださってありがとうございます。\nスタッフみんなで読んで、これからに活かします。",
        description="7〜8点の方のひとことへの返事",
    )
    detractor_comment_thanks: str = Field(
        "くわしく教えてくださって、ありがとうございます。行き届かないところがあり、申し訳ありません。\n"
        "スタッフみんなで読んで、見直しにつなげます。",
        description="0〜6点の方のひとことへの返事",
    )
    go_on: str = Field(
        "ありがとうございます☺ よろしければ、あと何があれば「10点」になりそうか、ひとこと聞かせてください。",
        description="7〜8点の方のひとことを待っているときの、あいさつや相づちへの返事",
    )
    go_on_low: str = Field(
        "ありがとうございます。よろしければ、どんなことが気になったか、このまま聞かせてください。",
        description="0〜6点の方のひとことを待っているときの、あいさつや相づちへの返事",
    )
    nothing_to_add: str = Field(
        "わかりました。お答えくださって、ありがとうございました。", description="「特にありません」への返事"
    )
    any_time: str = Field(
        "はい、いつでも大丈夫です。気が向いたときに、そのまま送ってください。",
        description="「あとで書きます」への返事",
    )
    what_to_write: str = Field(
        "どんなことでも大丈夫です。たとえば「香りが好き」「届くのが遅かった」「箱が開けにくい」など、思ったまま送ってください。",
        description="「何を書けばいいですか」への返事",
    )
    comment_earned: str = Field(
        "ひとことのお礼に{points}ポイントをお贈りしました（いま{balance}ポイント）。",
        description="ひとことのお礼",
    )
    rewrite_button: str = Field("書き直す", max_length=20, description="ひとことを書き直すボタン")
    rewrite_prompt: str = Field(
        "はい、もう一度お送りください。先ほどのひとことと入れかえますね。", description="書き直しを待つとき"
    )
    rewritten: str = Field(
        "書き直しました。ていねいに伝えてくださって、ありがとうございます！", description="書き直したとき"
    )
    too_late_to_rewrite: str = Field(
        "先日のひとことは、そのまま大切に受け取っています☺\n付け加えたいことがあれば、「スタッフと話す」からお聞かせください。",
        description="書き直せる時間がすぎたとき",
    )
    nothing_to_rewrite: str = Field(
        "書き直すひとことは、まだ届いていないようです☺", description="書き直すものがないとき"
    )
    later_button: str = Field(
        "今はやめておく", max_length=20, description="ひとことや感想の入力をやめるボタン"
    )
    nothing_written: str = Field(
        "文字が届かなかったようです。もう一度送っていただけますか？",
        description="空のひとことや感想が届いたとき",
    )
    faq_may_help: str = Field(
        "もしかすると、こちらがお役に立つかもしれません。", description="よくある質問を添えるとき"
    )
    staff_can_help: str = Field(
        "よろしければ、スタッフが直接お話をうかがいます。", description="スタッフへの案内を添えるとき"
    )
    unknown_button: str = Field(
        "ごめんなさい、このボタンは古くなってしまったようです🙏\n「アンケート」と送っていただければ、すぐにお届けします。",
        description="使えないボタンがタップされたとき",
    )


def words() -> SurveyWords:
    """The sentences with the owner's changes."""
    return shop.get(SurveyWords)
