"""Decides what of the survey the owner tunes: days, hours, limits."""

from pydantic import Field

from bot import shop


@shop.section("survey")
class SurveyRules(shop.Section):
    """アンケート（おすすめ度をたずねる、ひとつだけの質問）の決まりごと。"""

    question_after_days: int = Field(14, ge=1, le=365, description="お買い上げから何日後にたずねるか")
    catch_up_days: int = Field(
        14, ge=0, le=365, description="その日を過ぎても、何日後までならたずねるか（取り込みが遅れたとき）"
    )
    ask_again_after_days: int = Field(
        90, ge=1, le=3650, description="同じお客さまに次にたずねるまでの最短の日数"
    )
    correction_minutes: int = Field(60, ge=1, le=1440, description="答えた点数をえらび直せる時間（分）")
    comment_minutes: int = Field(180, ge=5, le=1440, description="ひとことや感想の入力を待つ時間（分）")
    ask_from_hour: int = Field(10, ge=0, le=23, description="こちらからたずねてよい時間帯のはじまり（時）")
    ask_until_hour: int = Field(20, ge=1, le=24, description="こちらからたずねてよい時間帯のおわり（時）")
    too_few_answers: int = Field(
        30, ge=1, le=100000, description="この件数より少ないうちは「まだ少ない」と表示する"
    )
