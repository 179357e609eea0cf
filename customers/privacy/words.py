"""The sentences of the privacy policy; the owner may change each in shop.toml."""

from pydantic import Field

from bot.config import settings, shop


@shop.section("privacy.words")
class PrivacyWords(shop.Words):
    """プライバシーポリシーの文面。{ } の中はそのままの形で残してください。"""

    title: str = Field("プライバシーポリシー", description="見出し")
    lead: str = Field(
        "{shop}（以下「当店」）は、LINE公式アカウントでお預かりするお客様の情報を、次のとおり大切に扱います。",
        description="はじめの文",
    )
    what: str = Field(
        "LINEのユーザーID・表示名・プロフィール写真・言語、トークの内容と送られた写真やファイル、アンケートのお答え、お誕生日（教えていただいた場合）、"
        "ポイント・ランク・クーポン・ご紹介の記録、ご注文の番号・日付・品物・金額、お届けの状況。"
        "メールアドレス・電話番号・お届け先は、照合のために元に戻せない形に変えた値だけを保存します。",
        description="お預かりする情報",
    )
    why: str = Field(
        "お問い合わせへのお返事、ご注文と配送のお知らせ、ポイントと会員サービス、ご意見をうかがって良くすること、お客様に合ったご案内、"
        "不正な利用の防止のために使います。ほかの目的には使いません。",
        description="使う目的",
    )
    line: str = Field(
        "トークはLINEヤフー株式会社のサービスを通ります。同社での扱いは、同社のプライバシーポリシーのとおりです。"
        "当店がお客様の情報を、ご本人の同意なく第三者に渡すことはありません（法令による場合を除きます）。",
        description="LINEの役割と、第三者への提供",
    )
    how_long: str = Field(
        "次の期間を過ぎたものは消します。ご注文とポイントの記録は、法律で定められた帳簿の期間保存します。"
        "バックアップは新しい{backups}個だけを残し、古いものから消します。",
        description="保存する期間",
    )
    rights: str = Field(
        "ご自分の情報の写しを受け取る、直す、消す、お知らせを止めることができます。トークで「個人情報の写しがほしい」「私の情報を消して」「配信停止」と"
        "お送りください。消したあとは、どなたのものか分からない数字だけが残ります。紹介の特典を二重に払わないための照合用の値（元に戻せません）は3年で消します。",
        description="お客様にできること",
    )
    browser: str = Field(
        "当店のページは、ほかの会社の部品を読み込みません。お客様のブラウザから、当店以外への通信はありません。広告や計測のためのCookieも使いません。",
        description="ページを開いたときに送られる情報",
    )
    contact: str = Field(
        "このトークに書いていただくのがいちばん早く、確実です。", description="問い合わせ先の前の文"
    )
    greeting_line: str = Field(
        "個人情報の扱い: {url}",
        min_length=1,
        description="友だち追加のあいさつに添える行（空にはできません）",
    )


def address() -> str:
    """The page's public address, for the greeting."""
    return f"{settings.current().public_url}/privacy"


def words() -> PrivacyWords:
    """The sentences in force."""
    return shop.get(PrivacyWords)
