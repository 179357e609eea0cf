"""Every word rewards say to customers; how they are laid out is in `messages.py` and `cards.py`."""

from pydantic import Field, field_validator

from bot import shop
from rewards.ranks import Step


@shop.section("rewards.words")
class RewardWords(shop.Words):
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
    earned: str = Field(
        "{reason}のお礼に、{points}ポイントをお贈りしました✨\nいま{balance}ポイントです。",
        description="ポイントをお贈りしたとき",
    )

    rank_title: str = Field("あなたのランク", description="ランクカードの見出し")
    axis_money: str = Field("お買い物", description="「お金」の軸の呼び名")
    axis_behaviour: str = Field("アクション", description="「行動」の軸の呼び名")
    axis_relationship: str = Field("つながり", description="「関係」の軸の呼び名")
    holds_money: str = Field("{yen}円ぶん", description="「お金」の軸の中身")
    holds_purchases: str = Field("お買い物{count}回", description="「行動」の軸の中身：お買い物")
    holds_survey_answers: str = Field("アンケート{count}回", description="「行動」の軸の中身：アンケート")
    holds_reply_days: str = Field("トーク{count}日", description="「行動」の軸の中身：トークした日数")
    holds_click_days: str = Field("特典ページ{count}日", description="「行動」の軸の中身：リンクを開いた日数")
    holds_referrals: str = Field("ご紹介{count}人", description="「関係」の軸の中身：ご紹介")
    holds_testimonials: str = Field("掲載中のご感想{count}件", description="「関係」の軸の中身：感想")
    holds_opinions: str = Field("ご意見{count}件", description="「関係」の軸の中身：ご意見")
    holds_months: str = Field("出会って{count}か月", description="「関係」の軸の中身：月数")
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

    invitation_title: str = Field("お友達をご紹介ください", description="ご紹介カードの見出し")
    invitation: str = Field(
        "お友達がはじめてお買い物をされたら、おふたりにポイントをお贈りします。",
        description="ご紹介カードの説明",
    )
    invitation_yours: str = Field("あなたに", description="紹介した方のお礼の見出し")
    invitation_theirs: str = Field("お友達に", description="紹介された方のお礼の見出し")
    invitation_code: str = Field("あなたの紹介コード", description="紹介コードの見出し")
    invitation_qr: str = Field("会ったときは、このQRコードを見せてください。", description="QRコードの説明")
    invitation_send: str = Field("LINEで友だちに送る", max_length=20, description="送るボタン")
    share: str = Field(
        "{shop}、わたしのお気に入りです☺\n"
        "ここから友だちになると、はじめてのお買い物でおたがいにポイントがもらえます。\n{url}",
        description="お友達に送られる文（{url}は必ず入れてください）",
    )
    prefilled: str = Field(
        "紹介コード {code} で来ました！",
        max_length=40,
        description="お友達がお店に送る文（{code}は必ず入れてください）",
    )
    welcome_referred: str = Field(
        "ご紹介で来てくださったんですね、ありがとうございます✨\n"
        "はじめてのお買い物で{points}ポイントをお贈りします。楽しみにしていてくださいね。",
        description="紹介コードが使えたとき",
    )
    own_code: str = Field(
        "これはご自身の紹介コードです☺ お友達に送ってくださいね。",
        description="自分のコードを送ったとき",
    )
    unknown_code: str = Field(
        "その紹介コードは見つかりませんでした。お手数ですが、もう一度お確かめください。",
        description="知らないコードのとき",
    )
    already_customer: str = Field(
        "紹介コードは、はじめての方だけが使えるんです。いつもありがとうございます！\n"
        "よろしければ、あなたの紹介コードをお友達に送ってみてください。",
        description="すでにお客さまの方がコードを送ったとき",
    )
    already_joined: str = Field(
        "紹介コードは、すでに受け取っています。ありがとうございます☺", description="コードを二度送ったとき"
    )
    being_checked: str = Field(
        "紹介コードを受け取りました。スタッフが確認して、あらためてご連絡しますね。",
        description="確認が必要なとき",
    )
    referral_declined: str = Field(
        "お待たせしました。紹介コードを確認しましたが、今回は特典の対象になりませんでした。ごめんなさい🙏\n"
        "お買い物やアンケートのポイントは、これまでどおりお贈りします☺",
        description="確認の結果、紹介の対象にならなかったとき",
    )
    friend_bought: str = Field(
        "うれしいお知らせです✨\nご紹介のお友達が、はじめてのお買い物をしてくださいました。\n"
        "お礼に{points}ポイントをお贈りしました（いま{balance}ポイント）。",
        description="紹介したお友達が買ったとき",
    )
    friend_bought_no_points: str = Field(
        "うれしいお知らせです✨\nご紹介のお友達が、はじめてのお買い物をしてくださいました。ありがとうございます！",
        description="紹介したお友達が買ったとき（ポイントなし）",
    )

    page_title: str = Field("{shop}へのご招待", description="招待ページの見出し")
    page_lead: str = Field(
        "LINEで友だちになって、届いた文をそのまま送ってください。はじめてのお買い物で{points}ポイントをお贈りします。",
        description="招待ページの説明",
    )
    page_button: str = Field("LINEで友だちになる", description="招待ページのボタン")
    page_lead_join: str = Field(
        "下のボタンでLINEの友だちになるだけで参加できます。はじめてのお買い物で{points}ポイントをお贈りします。",
        description="招待ページの説明（LINEログインで参加できるとき）",
    )
    page_join: str = Field(
        "LINEで友だちになって参加する", description="招待ページのボタン（LINEログインで参加できるとき）"
    )
    page_qr: str = Field(
        "パソコンの方は、スマートフォンのカメラで読み取ってください。", description="招待ページのQRの説明"
    )
    page_code: str = Field("紹介コード", description="招待ページのコードの見出し")
    page_busy_title: str = Field(
        "少しだけお待ちください", description="公開ページで、アクセスが続いたときの見出し"
    )
    page_busy: str = Field(
        "アクセスが集中しています。1分ほどたってから、もう一度開いてください。",
        description="公開ページで、アクセスが続いたとき",
    )
    page_busy_in_english: str = Field(
        "We are getting a lot of requests from your network. Please open this page again in a minute.",
        description="おなじ案内の英語",
    )
    page_unknown: str = Field(
        "この招待は見つかりませんでした。リンクをもう一度お確かめください。",
        description="知らない招待ページのとき",
    )

    join_by_code: str = Field(
        "紹介コードを送って参加する", description="LINEログインを使わずに参加するリンク"
    )
    join_done_title: str = Field("ありがとうございます！", description="LINEログインのあとのページの見出し")
    join_done: str = Field(
        "招待を受け取りました。トークをひらいて、まだのときは「追加」を押してください。つづきはトークでご案内します。",
        description="LINEログインのあとのページ",
    )
    join_open_chat: str = Field("LINEのトークをひらく", description="LINEログインのあとのページのボタン")
    join_again: str = Field("もう一度ためす", description="LINEログインがうまくいかなかったときのボタン")
    join_cancelled: str = Field(
        "ここまでにしました。LINEからは何も受け取っていません。また気が向いたら、いつでもどうぞ。",
        description="LINEログインをやめたとき",
    )
    join_failed: str = Field(
        "ごめんなさい、LINEとうまくつながりませんでした。もう一度ためすか、紹介コードを送って参加してください。",
        description="LINEログインがうまくいかなかったとき",
    )
    join_lost: str = Field(
        "はじめにひらいたのとは別の画面に戻ってきたか、時間がたったようです。招待のリンクをひらくところから、もう一度どうぞ。",
        description="LINEログインが、はじめたときと別のブラウザに戻ってきたとき",
    )

    reason_purchase: str = Field("お買い上げ", description="ポイントの理由：お買い上げ")
    reason_registration: str = Field("ご登録", description="ポイントの理由：友だち追加")
    reason_survey_answer: str = Field("アンケート", description="ポイントの理由：アンケート")
    reason_comment: str = Field("ひとこと", description="ポイントの理由：ひとこと")
    reason_testimonial: str = Field("ご感想", description="ポイントの理由：感想")
    reason_referral: str = Field("ご紹介", description="ポイントの理由：紹介した")
    reason_referred: str = Field("ご紹介でのはじめてのお買い物", description="ポイントの理由：紹介された")
    reason_redemption: str = Field("ポイントのご利用", description="ポイントの理由：ご利用")
    reason_birthday: str = Field("お誕生日", description="ポイントの理由：お誕生日")
    reason_staff: str = Field("お店から", description="ポイントの理由：スタッフ")
    reason_expiry: str = Field("期限切れ", description="ポイントの理由：失効")
    reason_rescued: str = Field("期限切れのポイントのお戻し", description="ポイントの理由：失効の取り消し")
    reason_reversed: str = Field("{reason}の取り消し", description="ポイントの取り消し")

    @field_validator("prefilled")
    @classmethod
    def _carries_the_code(cls, sentence: str) -> str:
        if "{code}" not in sentence:
            raise ValueError("must hold {code}: without it nobody is credited")
        return sentence

    @field_validator("share")
    @classmethod
    def _carries_the_link(cls, sentence: str) -> str:
        if "{url}" not in sentence:
            raise ValueError("must hold {url}: without it the friend has nowhere to go")
        return sentence

    def reason(self, action: str) -> str:
        """What the customer did, in words; an action nobody named is shown as it is."""
        return str(getattr(self, f"reason_{action.replace('-', '_')}", action))

    def next_step(self, step: Step, count: int, yen: int = 0) -> str:
        """What to do, in words."""
        if step is Step.PURCHASE and yen:
            return self.next_yen.format(count=count, yen=f"{yen:,}")
        return str(getattr(self, f"next_{step.replace('-', '_')}")).format(count=count)


def words() -> RewardWords:
    """The shop's wording."""
    return shop.get(RewardWords)
