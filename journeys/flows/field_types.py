"""The fields and the base of the tables of a flow's definition: keys, tags, addresses, times, and what each refuses."""

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from bot.line import message_limits
from journeys.flows.occurrences import On

KEY_PATTERN = r"^[a-z0-9][a-z0-9-]{0,59}$"
Key = Annotated[str, Field(pattern=KEY_PATTERN)]
Tag = Annotated[str, Field(min_length=1, max_length=60)]
Address = Annotated[str, Field(pattern=r"^https://[^\s]+$", max_length=1000)]
LocalTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Label = Annotated[str, Field(min_length=1, max_length=message_limits.LABEL)]
Days = Annotated[int, Field(ge=0, le=3650, strict=True)]
RankName = Literal["basic", "active", "premium", "ambassador"]
RANKS: tuple[str, ...] = get_args(RankName)
"""Names of ranks, the lowest first."""
Segment = Literal["promoter", "passive", "detractor"]
StageName = Literal["acquired", "first", "repeat", "higher-value", "fan", "word-of-mouth", "premium-product"]
ClassName = Literal["order", "care", "selling"]
LONGEST_TAG_ON_A_BUTTON = 190
"""Percent-encoded: what is left of LINE's limit beside the longest key of a step."""
NEEDED_BY: dict[str, str] = {
    On.TAG: "tag",
    On.RECENCY: "days",
    On.COUPON_ENDING: "days",
    On.POINTS_EXPIRING: "days",
}
"""The field without which an event would happen to all or nobody."""
DEEPEST_ANY = 5
END = "end"
"""Where `then` and `otherwise` lead to end the flow."""


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def refusal(ja: str, en: str) -> PydanticCustomError:
    """An error of a table in both languages; `ctx` of pydantic's error has them."""
    return PydanticCustomError("flow", "{en}", {"ja": ja, "en": en})


_NO_CONTROL = {
    "ja": "表示できない制御文字が入っています。消してください",
    "en": "has a control character, which cannot be shown; remove it",
}


class Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @field_validator("*")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        """PostgreSQL takes no NUL, and no message can show a control character."""
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and _CONTROL.search(text):
                raise PydanticCustomError("control_character", "{en}", _NO_CONTROL)
        return value
