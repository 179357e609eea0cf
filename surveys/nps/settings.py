"""The survey's settings in shop.toml: days, hours, limits, and which words suggest which tag."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, field_validator, model_validator

from bot import localtime
from bot.config import shop
from surveys.nps import asking, tagging
from surveys.nps.asking import Pace


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
    asked_a_day: int = Field(
        30,
        ge=1,
        le=100000,
        description="こちらから1日にたずねる人数の上限（リマインドも数えます。お返事にスタッフの手が届く人数に）",
    )
    remind: bool = Field(True, description="お返事のない方に、1回だけ、もう一度ご案内するか")
    remind_after_days: int = Field(4, ge=1, le=30, description="その案内を、質問の何日後から送るか")
    remind_until_days: int = Field(7, ge=1, le=60, description="その案内を、質問の何日後までなら送るか")
    ask_again_after_resolved_days: int = Field(
        3,
        ge=1,
        le=90,
        description="低い点数からはじまったご相談が対応済みになって、何日後にもう一度たずねるか",
    )
    drip_days: int = Field(
        0,
        ge=0,
        le=730,
        description="最近お買い上げのない方にも、この日数でひとめぐりするように毎日少しずつたずねる（0はたずねません）",
    )
    correction_minutes: int = Field(60, ge=1, le=1440, description="答えた点数やひとことを直せる時間（分）")
    comment_minutes: int = Field(180, ge=5, le=1440, description="ひとことや感想の入力を待つ時間（分）")
    ask_from_hour: int = Field(10, ge=0, le=23, description="こちらからたずねてよい時間帯のはじまり（時）")
    ask_until_hour: int = Field(20, ge=1, le=24, description="こちらからたずねてよい時間帯のおわり（時）")
    too_few_answers: int = Field(
        30, ge=1, le=100000, description="この件数より少ないうちは「まだ少ない」と表示する"
    )

    @model_validator(mode="after")
    def _reminds_before_it_is_too_late(self) -> SurveyRules:
        if self.remind_until_days < self.remind_after_days:
            raise shop.Unfit(
                "remind_until_days must not be less than remind_after_days, as in "
                "remind_after_days = 4, remind_until_days = 7",
                "もう一度のご案内は、「何日後まで」を「何日後から」より小さくできません",
            )
        return self

    def pace(self) -> Pace:
        """The limits as the rules in `asking.py` take them. The last day of a reminder counts as a whole."""
        return Pace(timedelta(days=self.ask_again_after_days), timedelta(days=self.remind_until_days + 1))


@shop.section("survey.tags")
class TagRules(shop.Section):
    """アンケートのひとことにつける印（タグ）。管理画面で、ことばからの候補として表示します（つけるのはスタッフです）。"""

    keywords: tuple[str, ...] = Field(
        (
            "配送：届く、届か、届い、発送、配送、送料、遅い、遅かった",
            "梱包：箱、梱包、包装、つぶれ、破れ",
            "価格：高い、値段、価格、安い、お得",
            "品質：肌、合わな、赤く、かゆ、効果、使い心地",
            "香り：香り、匂い、におい",
            "量・サイズ：量が、小さ、大き、サイズ、容量",
            "対応：対応、返事、スタッフ、問い合わせ、ていねい、丁寧",
            "贈り物：贈、プレゼント、ギフト、母、家族",
        ),
        description="「印の名前：ことば、ことば」を並べます。どれかのことばがあれば、その印が候補になります",
    )

    @field_validator("keywords")
    @classmethod
    def _can_be_read(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        for line in lines:
            try:
                tagging.rule_of(line)
            except ValueError as unfit:
                raise shop.Unfit(
                    str(unfit), f"「{line}」は読み取れません。「配送：届く、遅い」のように書いてください"
                ) from unfit
        return lines

    def by_tag(self) -> dict[str, tuple[str, ...]]:
        """The keywords of each tag."""
        return dict(tagging.rule_of(line) for line in self.keywords)


def may_write_now() -> bool:
    """Whether this is an hour in which the shop writes to customers unasked."""
    rules = shop.get(SurveyRules)
    now = localtime.local(localtime.now()).time()
    return asking.is_daytime(now, rules.ask_from_hour, rules.ask_until_hour)
