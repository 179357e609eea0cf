"""The satisfaction question's sentences to customers. The owner can change each in shop.toml."""

from pydantic import Field

from bot.config import shop
from bot.line.messages import LONGEST_LABEL


@shop.section("support.satisfaction.words")
class SatisfactionWords(shop.Words):
    """対応を終えたあとの「対応はいかがでしたか？」の文面。選ぶ言葉は、良いほうから5つです。"""

    question: str = Field("対応はいかがでしたか？", description="対応を終えたとき、案内のあとに")
    best: str = Field("😊とても良い", max_length=LONGEST_LABEL, description="5つのうち、いちばん良い")
    good: str = Field("🙂良い", max_length=LONGEST_LABEL, description="2番目に良い（ここまでが「満足」です）")
    middle: str = Field("😐ふつう", max_length=LONGEST_LABEL, description="まんなか")
    poor: str = Field("🙁いまひとつ", max_length=LONGEST_LABEL, description="2番目に悪い")
    worst: str = Field("😞良くない", max_length=LONGEST_LABEL, description="いちばん悪い")
    thanks: str = Field(
        "「{chosen}」ですね、ありがとうございます！\nよろしければ、ひとこと感想も聞かせてください。",
        description="「満足」を選んだとき",
    )
    sorry: str = Field(
        "「{chosen}」ですね。正直に教えてくださって、ありがとうございます。\n"
        "どんなことが気になったか、よろしければ聞かせてください。",
        description="「満足」でないとき",
    )
    change_button: str = Field("選び直す", max_length=LONGEST_LABEL, description="選び直すボタン")
    no_comment_button: str = Field(
        "このままでOK", max_length=LONGEST_LABEL, description="感想を書かないボタン"
    )
    comment_thanks: str = Field(
        "聞かせてくださって、ありがとうございます。スタッフみんなで大切に読みますね。",
        description="感想が届いたとき",
    )
    without_comment: str = Field("はい、ありがとうございました☺", description="感想を書かないとき")
    too_late: str = Field(
        "お返事はいただいています。ありがとうございます！", description="選び直せる時間を過ぎたとき"
    )


def words() -> SatisfactionWords:
    """The sentences with the owner's changes."""
    return shop.get(SatisfactionWords)
