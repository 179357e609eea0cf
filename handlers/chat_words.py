"""Sentences to customers that belong to no single domain: greeting, menu, thanks for a purchase. The owner
can change each in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("talk.words")
class ReplyWords(shop.Words):
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
        "ご注文のことも、お困りのことも、このトークにそのまま書いてくださいね。すぐにお答えします☺\n\n"
        "きょうから{rank}会員です。ポイントやクーポンは、画面の下の「メニュー」からどうぞ。",
        description="あいさつのつづき（できること。下に「ご注文の状況」「よくある質問」「スタッフと話す」がつきます）",
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


def words() -> ReplyWords:
    """The sentences with the owner's changes."""
    return shop.get(ReplyWords)
