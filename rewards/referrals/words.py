"""The sentences to customers about invitations, in the chat and on their pages; the owner may override them.
Layout: `messages.py`."""

from pydantic import Field, field_validator

from bot.config import shop


@shop.section("rewards.words", place=2)
class ReferralWords(shop.Words):
    """Invitations: the card, what a friend reads, the results, and the public pages."""

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

    @field_validator("prefilled")
    @classmethod
    def _carries_the_code(cls, sentence: str) -> str:
        if "{code}" not in sentence:
            raise shop.Unfit(
                "must hold {code}: without it nobody is credited",
                "{code} を入れてください。ないと、どなたの紹介かわかりません",
            )
        return sentence

    @field_validator("share")
    @classmethod
    def _carries_the_link(cls, sentence: str) -> str:
        if "{url}" not in sentence:
            raise shop.Unfit(
                "must hold {url}: without it the friend has nowhere to go",
                "{url} を入れてください。ないと、お友達の行き先がありません",
            )
        return sentence


def words() -> ReferralWords:
    """The sentences in force."""
    return shop.get(ReferralWords)
