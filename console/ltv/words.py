"""Names of the classes and groups on the page of LTV, and figures as they are written there."""

from dataclasses import dataclass

from console.figures import wording
from console.figures.definition import Unit, Value
from console.shell.pages import yen
from console.shell.translation import N_, gettext
from customers.figures.sales import CLASS_BOUNDS
from surveys.figures.latest_segments import SILENT
from surveys.nps.segments import Segment

SEGMENTS = {
    Segment.PROMOTER: N_("推奨者（9・10）"),
    Segment.PASSIVE: N_("中立者（7・8）"),
    Segment.DETRACTOR: N_("批判者（0〜6）"),
    SILENT: N_("回答のない方"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A figure in words: the value, its interval from to, and what it rests on. Where that is too little, the value is
    a dash and `too_few` says so."""

    value: str
    interval: str = ""
    basis: str = ""
    too_few: str = ""


def written(value: Value, unit: Unit) -> Written:
    """The figure in the reader's language."""
    words = wording.of_reader()
    if value.is_too_few:
        basis = words.basis(value) or "0"
        return Written(wording.NOTHING, too_few=gettext("まだ少なすぎます（%(basis)s）", basis=basis))
    return Written(words.value(value, unit), words.interval(value, unit), words.basis(value))


def class_name(place: int) -> str:
    """The amounts of a class of yen."""
    if place == 0:
        return gettext("%(end)s未満", end=yen(CLASS_BOUNDS[0]))
    first = yen(CLASS_BOUNDS[place - 1])
    if place == len(CLASS_BOUNDS):
        return gettext("%(first)s以上", first=first)
    return gettext("%(first)s〜%(last)s", first=first, last=yen(CLASS_BOUNDS[place] - 1))


def segment_name(name: str) -> str:
    """The name of a group by latest answer."""
    return gettext(SEGMENTS[name])
