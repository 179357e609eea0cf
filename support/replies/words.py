"""The sentences to customers about documents that staff send and parcels they write about, which the owner may
override in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("support.attachments.words")
class AttachmentWords(shop.Words):
    """スタッフが送る書類（PDFなど）と、返信に入れる荷物の追跡先の文面。{ } の中はそのままの形で残してください。"""

    document: str = Field("「{name}」をお送りします", description="書類のカードと通知の文")
    open_document: str = Field("ファイルを開く", max_length=20, description="書類を開くボタン")
    open_until: str = Field("{month}月{day}日まで開けます", description="書類を開ける期限")
    tracking: str = Field(
        "お荷物の場所は、こちらからご覧いただけます。\n{carrier} {number}\n{address}",
        description="返信に入れる、荷物の追跡先",
    )
    over: str = Field(
        "このファイルを開ける期限が過ぎました。もう一度ご入用のときは、トークでお声がけください。",
        description="期限を過ぎた書類を開いたとき",
    )


def words() -> AttachmentWords:
    """The sentences in force."""
    return shop.get(AttachmentWords)
