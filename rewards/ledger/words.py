"""The sentences to customers about points, which the owner may override in shop.toml. Layout:
`messages.py`."""

from pydantic import Field

from bot.config import shop


@shop.section("rewards.words", place=0)
class PointWords(shop.Words):
    """ポイント・ランク・ご紹介の文面。{ } の中はそのままの形で残してください。"""

    points_title: str = Field("いまのポイント", description="ポイントカードの見出し")
    points_none_yet: str = Field(
        "これからのお買い物やアンケートで、ポイントがたまります。", description="ポイントの記録がまだないとき"
    )
    points_recent: str = Field("さいきんの記録", description="ポイントの記録の見出し")
    points_debt: str = Field(
        "ご注文の取り消し分を差し引いています。次にたまるポイントで調整しますので、ご安心ください。",
        description="ポイントがマイナスのとき",
    )
    points_pending: str = Field(
        "ほかに{points}ポイントが、{day}から使えるようになります。",
        description="まだ使えないポイントがあるとき",
    )
    points_expiry: str = Field("次の期限：{day}（{points}ポイント）", description="次に失効する日")
    why_limit_a_day: str = Field(
        "1日{most}回までのため、今回はつきませんでした",
        description="ポイントの記録：1日の回数の上限でつかなかったとき",
    )
    why_limit_a_month: str = Field(
        "1か月{most}回までのため、今回はつきませんでした",
        description="ポイントの記録：1か月の回数の上限でつかなかったとき",
    )
    why_taken_back: str = Field(
        "ご注文が取り消しになったため、つきませんでした",
        description="ポイントの記録：注文が先に取り消されていたとき",
    )
    why_too_small: str = Field(
        "100円ごとにつくため、今回はつきませんでした", description="ポイントの記録：100円に届かなかったとき"
    )
    why_not_yet: str = Field("{day}から使えます", description="ポイントの記録：まだ使えないポイント")
    why_promise_taken_back: str = Field(
        "これからお渡しする分から差し引きました",
        description="ポイントの記録：まだ使えないポイントの取り消し",
    )
    points_expiring_title: str = Field("まもなく期限のポイント", description="失効前のお知らせの見出し")
    points_expiring: str = Field(
        "{day}で、{points}ポイントの期限がきてしまいます。",
        description="失効前のお知らせ（日ごとに期限がくるとき）",
    )
    points_expiring_idle: str = Field(
        "{day}で、{points}ポイントの期限がきてしまいます。\n"
        "その日までにポイントをためるか使うと、期限がまとめて先にのびます。アンケートに答えるだけでも大丈夫です☺",
        description="失効前のお知らせ（ためるか使うと期限がのびるとき）",
    )
    given_by_staff: str = Field(
        "お店から{points}ポイントをお贈りしました。いまのポイントは{balance}です。",
        description="スタッフが返信に添えて、ポイントをお贈りしたとき",
    )
    earned: str = Field(
        "{reason}のお礼に、{points}ポイントをお贈りしました✨\nいま{balance}ポイントです。",
        description="ポイントをお贈りしたとき",
    )


@shop.section("rewards.words", place=3)
class ReasonWords(shop.Words):
    """What points were given or taken for, as the customer reads it."""

    reason_purchase: str = Field("お買い上げ", description="ポイントの理由：お買い上げ")
    reason_registration: str = Field("ご登録", description="ポイントの理由：友だち追加")
    reason_survey_answer: str = Field("アンケート", description="ポイントの理由：アンケート")
    reason_comment: str = Field("ひとこと", description="ポイントの理由：ひとこと")
    reason_testimonial: str = Field("ご感想", description="ポイントの理由：感想")
    reason_referral: str = Field("ご紹介", description="ポイントの理由：紹介した")
    reason_referred: str = Field("ご紹介でのはじめてのお買い物", description="ポイントの理由：紹介された")
    reason_redemption: str = Field("ポイントのご利用", description="ポイントの理由：ご利用")
    reason_birthday: str = Field("お誕生日", description="ポイントの理由：お誕生日")
    reason_campaign: str = Field("お店からの贈りもの", description="ポイントの理由：キャンペーン")
    reason_staff: str = Field("お店から", description="ポイントの理由：スタッフ")
    reason_expiry: str = Field("期限切れ", description="ポイントの理由：失効")
    reason_rescued: str = Field("期限切れのポイントのお戻し", description="ポイントの理由：失効の取り消し")
    reason_reversed: str = Field("{reason}の取り消し", description="ポイントの取り消し")

    def reason(self, action: str) -> str:
        """The action in words; an unknown action is shown as it is."""
        return str(getattr(self, f"reason_{action.replace('-', '_')}", action))


def words() -> PointWords:
    """The sentences in force."""
    return shop.get(PointWords)


def reasons() -> ReasonWords:
    """The words in force for what points are given for."""
    return shop.get(ReasonWords)
