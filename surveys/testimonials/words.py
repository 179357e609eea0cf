"""The sentences about testimonials, in the chat and on the public page. The owner can change each in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("testimonial.words")
class TestimonialWords(shop.Words):
    """感想（お客様の声）の文面。{ } の中はそのままの形で残してください。"""

    request: str = Field(
        "よろしければ、ひとこと感想も聞かせていただけませんか？\n"
        "掲載してもよいときだけ、お店のページなどでご紹介します。お礼は{points}ポイントです。",
        description="感想のお願い",
    )
    request_no_points: str = Field(
        "よろしければ、ひとこと感想も聞かせていただけませんか？\n"
        "掲載してもよいときだけ、お店のページなどでご紹介します。",
        description="感想のお願い（ポイントをお贈りしないとき）",
    )
    prompt: str = Field(
        "ありがとうございます！\n感想をそのまま、メッセージで送ってくださいね。\n"
        "（やめるときは「やめる」と送ってください）",
        description="感想の入力を待つとき",
    )
    still_waiting: str = Field(
        "感想は、引きつづきこのままお送りいただけます☺\nいまのが感想でしたら、「感想として送る」を押してくださいね。",
        description="感想を待っているあいだの質問に、お答えしたあと",
    )
    go_on: str = Field(
        "ありがとうございます☺ 感想を、このままメッセージで送ってくださいね。",
        description="感想を待っているときの、あいさつや相づちへの返事",
    )
    what_to_write: str = Field(
        "どんなことでも大丈夫です☺ たとえば、使ってみて・食べてみてどうだったか、だれに喜ばれたかなど、"
        "思ったまま送ってくださいね。",
        description="感想を待っているときの「何を書けばいいですか」への返事",
    )
    meant_button: str = Field(
        "感想として送る", max_length=20, description="質問と思ってお答えした言葉を、感想にするボタン"
    )
    picture_first: str = Field(
        "お写真ありがとうございます！\nつづけて、感想を文章でも送ってくださいね。",
        description="文章より先に写真が届いたとき",
    )
    picture_prompt: str = Field(
        "お写真も1枚いかがですか？\n掲載してもよい写真だけ送ってくださいね。お顔やお名前など、写っているものもそのまま載ります。",
        description="感想のあと、写真をお願いするとき",
    )
    picture_only: str = Field(
        "ごめんなさい、載せられるのは写真1枚です🙏\n写真を送っていただくか、「スキップ」を押してくださいね。",
        description="写真を待っているときに、写真でないものが届いたとき",
    )
    skip: str = Field("スキップ", max_length=20, description="写真を送らずに先へ進むボタン")
    choose_picture: str = Field("写真をえらぶ", max_length=20, description="写真をえらぶボタン")
    take_picture: str = Field("写真をとる", max_length=20, description="写真をとるボタン")
    consent: str = Field(
        "ありがとうございます！いただいた感想はこちらです。\n\n「{body}」\n\n"
        "お店のページなどでご紹介してもよろしいですか？文章はそのまま載せて、お礼に{points}ポイントをお贈りしたことも添えます。",
        description="掲載の許可をたずねる",
    )
    consent_no_points: str = Field(
        "ありがとうございます！いただいた感想はこちらです。\n\n「{body}」\n\n"
        "お店のページなどでご紹介してもよろしいですか？文章はそのまま載せます。",
        description="掲載の許可をたずねる（ポイントをお贈りしないとき。1日の回数をこえた感想も）",
    )
    with_picture: str = Field(
        "お写真1枚も、いっしょに掲載します。", description="写真もあるとき、許可のお願いに添える"
    )
    names_shown: str = Field("お名前の出かた", description="名前の見えかたの見出し")
    name_shown: str = Field("{name}さん", description="載せるお名前")
    nameless: str = Field("匿名のお客さま", description="匿名で載せるときの呼び名")
    named_button: str = Field("名前を出して掲載OK", max_length=20, description="LINEの名前で載せるボタン")
    nickname_button: str = Field(
        "ニックネームで掲載OK", max_length=20, description="ニックネームやイニシャルで載せるボタン"
    )
    anonymous_button: str = Field("匿名なら掲載OK", max_length=20, description="匿名で載せるボタン")
    refuse_button: str = Field("掲載しない", max_length=20, description="載せないボタン")
    nickname_prompt: str = Field(
        "載せるニックネームかイニシャルを、{longest}文字までで送ってください。（例：はなこ、M.S.）",
        description="ニックネームをたずねる",
    )
    nickname_unfit: str = Field(
        "ごめんなさい、{longest}文字までのお名前で送ってくださいね🙏",
        description="使えないニックネームのとき",
    )
    preview: str = Field("このように載ります。よろしいですか？", description="ニックネームの見本の見出し")
    preview_button: str = Field("この名前で掲載OK", max_length=20, description="見本のとおりに載せるボタン")
    choose_again: str = Field("えらびなおす", max_length=20, description="名前の出しかたをえらびなおすボタン")
    consent_thanks: str = Field(
        "ありがとうございます！スタッフが読んで、{name}のお声として大切にご紹介します。\n"
        "お礼に{points}ポイントをお贈りしました（いま{balance}ポイント）。\n"
        "取り下げたくなったら、いつでも「声を取り下げる」と送ってくださいね。",
        description="掲載の許可をもらったとき",
    )
    consent_thanks_no_points: str = Field(
        "ありがとうございます！スタッフが読んで、{name}のお声として大切にご紹介します。\n"
        "取り下げたくなったら、いつでも「声を取り下げる」と送ってくださいね。",
        description="掲載の許可をもらったとき（ポイントがつかないとき）",
    )
    consent_changed: str = Field(
        "わかりました。掲載のしかたを変更しました（{name}）。", description="掲載のしかたが変わったとき"
    )
    consent_refused: str = Field(
        "わかりました。掲載はせず、お店の中だけで大切に読ませていただきますね。ありがとうございます！",
        description="掲載しないとき",
    )
    withdraw_button: str = Field("取り下げる", max_length=20, description="掲載を取り下げるボタン")
    withdrawn: str = Field(
        "わかりました。感想の掲載を取り下げました。お店のページには、もう出ていません。\n"
        "お贈りしたポイントは、そのままお使いいただけます。お声を寄せてくださって、ありがとうございました。",
        description="感想の取り下げ",
    )
    which: str = Field("どの感想を取り下げますか？", description="感想がいくつかあるとき")
    withdraw_all: str = Field("ぜんぶ取り下げる", max_length=20, description="すべて取り下げるボタン")
    nothing_to_withdraw: str = Field(
        "掲載している感想はありません。ご安心ください。", description="取り下げるものがないとき"
    )
    published: str = Field(
        "先日いただいた感想を、お店の「お客様の声」に載せました。ありがとうございます！",
        description="掲載されてランクが上がったとき",
    )
    nothing_published: str = Field(
        "ご紹介できる感想は、まだこれからです。\nよろしければ、最初のひとことを聞かせてください☺",
        description="「お客様の声」で、まだ掲載がないとき",
    )
    some_voices: str = Field("お客様の声をご紹介します", description="「お客様の声」への返事の見出し")
    all_voices: str = Field("ぜんぶ読む", max_length=20, description="ページを開くボタン")
    go_on_reading: str = Field("つづきを読む", max_length=20, description="長い感想のつづきを開くボタン")
    write_button: str = Field("感想を書く", max_length=20, description="感想を書くボタン")
    disclosure: str = Field(
        "この感想にはお礼として{points}ポイントを進呈しています",
        description="ポイントを贈った感想に添える表示",
    )
    page_title: str = Field("お客様の声", description="「お客様の声」のページの題")
    page_lead: str = Field(
        "{shop}にお寄せいただいた感想を、ご本人の同意のもと、文章に手を加えずに掲載しています。"
        "感想にお礼のポイントを進呈したときは、その感想に記しています。お礼は、ほめていてもいなくても同じです。",
        description="「お客様の声」のページのはじめの説明",
    )
    page_empty: str = Field("掲載している感想は、まだありません。", description="ページに感想がないとき")
    page_picture: str = Field("{name}のお写真", description="ページの写真の説明（画面を見ない方のため）")
    page_newest: str = Field("新しい感想へ", description="ページの最初に戻るリンク")
    page_older: str = Field("前の感想へ", description="ページの次に進むリンク")
    page_chat: str = Field("LINEでお店と話す", description="ページのいちばん下のボタン")

    def who(self, shown_name: str) -> str:
        """How the writer is named under that name; the anonymous form when it is empty."""
        return self.name_shown.format(name=shown_name) if shown_name else self.nameless

    def disclosed(self, points: int) -> str:
        """The sentence that so many points were given for it; empty when none were."""
        return self.disclosure.format(points=f"{points:,}") if points else ""


def words() -> TestimonialWords:
    """The sentences with the owner's changes."""
    return shop.get(TestimonialWords)
