"""The sentences to customers about ranks and perks, which the owner may override in shop.toml. Layout:
`messages.py`."""

from pydantic import Field

from bot.config import shop
from rewards.ranks.rules import Step


@shop.section("rewards.words", place=1)
class RankWords(shop.Words):
    """Ranks: the card, the next step, a rise, a coming fall, perks and their pages."""

    rank_title: str = Field("あなたのランク", description="ランクカードの見出し")
    axis_money: str = Field("金額", description="「金額」の軸の呼び名")
    axis_behaviour: str = Field("行動", description="「行動」の軸の呼び名")
    axis_relationship: str = Field("関係性", description="「関係性」の軸の呼び名")
    holds_money: str = Field("{yen}円ぶん", description="「金額」の軸の中身")
    holds_purchases: str = Field("お買い物{count}回", description="「行動」の軸の中身：お買い物")
    holds_survey_answers: str = Field("アンケート{count}回", description="「行動」の軸の中身：アンケート")
    holds_reply_days: str = Field("トーク{count}日", description="「行動」の軸の中身：トークした日数")
    holds_click_days: str = Field("特典ページ{count}日", description="「行動」の軸の中身：リンクを開いた日数")
    holds_referrals: str = Field("ご紹介{count}人", description="「関係性」の軸の中身：ご紹介")
    holds_testimonials: str = Field("掲載中のご感想{count}件", description="「関係性」の軸の中身：感想")
    holds_opinions: str = Field("ご意見{count}件", description="「関係性」の軸の中身：ご意見")
    holds_months: str = Field("出会って{count}か月", description="「関係性」の軸の中身：月数")
    holds_nothing: str = Field("まだこれから", description="軸の中身がまだないとき")
    next_until: str = Field(
        "{until}までなら、これで上がります。上がったランクは{months}か月続きます。",
        description="次の一歩の下の約束（その日までにしていただければ、かならず上がります）",
    )
    nothing_next: str = Field(
        "いまできることは、ぜんぶしてくださっています。またアンケートのころに、ここをのぞいてくださいね。",
        description="いますぐできる次の一歩がないとき",
    )
    almost: str = Field("あと少しで「{rank}」です", description="次のランクへの見出し")
    way_to: str = Field("「{rank}」への次の一歩", description="次のランクまで、まだいくつかあるときの見出し")
    also: str = Field("そのあとは、{steps}で「{rank}」になります。", description="次の一歩のほかに必要なこと")
    next_survey_answer: str = Field("アンケートに答える（あと{count}回）", description="次の一歩：アンケート")
    next_reply_day: str = Field(
        "別の日に、またトークでひとこと（あと{count}日）", description="次の一歩：トークする日"
    )
    next_opinion: str = Field("アンケートにひとこと添える（あと{count}回）", description="次の一歩：ご意見")
    next_testimonial: str = Field("感想がお店のページに載る（あと{count}件）", description="次の一歩：感想")
    next_referral: str = Field("お友達を紹介する（あと{count}人のお買い物）", description="次の一歩：ご紹介")
    next_purchase: str = Field("お買い物（あと{count}回）", description="次の一歩：お買い物")
    next_yen: str = Field(
        "お買い物（あと{count}回・合わせて{yen}円）", description="次の一歩：お買い物（金額つき）"
    )
    highest: str = Field(
        "いちばん上のランクです。いつもいっしょに歩んでくださって、ありがとうございます。",
        description="これより上のランクがないとき",
    )
    rank_up_title: str = Field(
        "ランクアップ、おめでとうございます🎉", description="ランクが上がったときの見出し"
    )
    rank_up: str = Field(
        "「{rank}」になりました。いつもありがとうございます。", description="ランクが上がったとき"
    )
    rank_up_lasts: str = Field(
        "{until}までは、ずっと「{rank}」です。",
        description="ランクが上がったとき：少なくともいつまで続くか（約束です）",
    )
    rank_up_brings: str = Field("これからの特典", description="新しいランクの特典の見出し")

    fall_warned_title: str = Field("ランクのお知らせ", description="ランクが下がる前のお知らせの見出し")
    fall_warned: str = Field(
        "いつもありがとうございます。「{rank}」は、{falls_on}の見直しまでそのままお使いいただけます。",
        description="ランクが下がる前のお知らせ",
    )
    fall_kept_by: str = Field("これで「{rank}」が続きます", description="ランクが続くための一歩の見出し")
    fall_also: str = Field(
        "あわせて、{steps}で「{rank}」が続きます。", description="ランクが続くために、ほかに必要なこと"
    )
    fall_otherwise: str = Field(
        "もし変わっても、ポイントはそのままです。またいつでも戻れますので、ご安心くださいね☺",
        description="ランクが下がる前のお知らせの結び",
    )

    perks_title: str = Field("「{rank}」の特典", description="特典カードの見出し")
    perks_open: str = Field("特典ページをひらく", max_length=20, description="特典ページを開くボタン")
    perks_days: str = Field(
        "このリンクは{days}日間、あなただけのものです。切れたら、また「特典」と送ってくださいね。",
        description="特典ページのリンクの説明",
    )
    perks_next: str = Field("「{rank}」になると", description="次のランクの特典の見出し")
    perks_not_yet: str = Field(
        "このページは「{rank}」の方へのものです。またお待ちしていますね☺",
        description="特典ページ：ランクが足りないとき",
    )
    perks_way: str = Field("次の一歩", description="特典ページ：次のランクへの一歩の見出し")
    perks_back: str = Field("トークにもどる", description="特典ページ：トークにもどるボタン")
    perks_expired: str = Field(
        "このリンクの期限が切れました。トークで「特典」と送ると、新しいリンクが届きます。",
        description="特典ページ：期限が切れたとき",
    )
    perks_unknown: str = Field(
        "このページは見つかりませんでした。トークで「特典」と送ってください。",
        description="特典ページ：知らないリンクのとき",
    )

    def holds(self, rule: str, count: int) -> str:
        """How often the fact of that rule happened, in words."""
        return str(getattr(self, f"holds_{rule}s")).format(count=count)

    def next_step(self, step: Step, count: int, yen: int = 0) -> str:
        """The step in words."""
        if step is Step.PURCHASE and yen:
            return self.next_yen.format(count=count, yen=f"{yen:,}")
        return str(getattr(self, f"next_{step.replace('-', '_')}")).format(count=count)


def words() -> RankWords:
    """The sentences in force."""
    return shop.get(RankWords)
