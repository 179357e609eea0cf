"""What owners change of the shop's settings: each change a version, in force in every process, none ever lost."""

import threading
from collections.abc import Iterator

import pytest

from bot import localtime, notices, shop_versions
from bot.config import settings, shop
from bot.config.shop_faults import ShopFileError
from bot.db import database
from bot.db.database import write_transaction
from bot.shop_versions import ShopVersion
from handlers import register
from journeys.contacts.settings import ContactRules
from rewards.ledger.settings import PointRules
from surveys.nps.settings import SurveyRules
from surveys.nps.words import SurveyWords


@pytest.fixture(autouse=True)
def _shop() -> Iterator[None]:
    register()
    shop.use({})
    yield
    shop.use({})


def change(values: shop_versions.Values, by: int | None = 1, note: str = "") -> ShopVersion:
    with write_transaction():
        return shop_versions.change(values, by, note)


def as_another_process() -> None:
    """Forgets what this process knows, as one that has just started with the file alone."""
    shop.use({})
    shop_versions._in_force.clear()


def test_a_change_is_a_version_and_in_force_at_once() -> None:
    version = change({"survey": {"question_after_days": 10}}, by=7, note=" 夏のあいだ ")
    assert shop.get(SurveyRules).question_after_days == 10
    assert (version.made_by_id, version.note) == (7, "夏のあいだ")
    assert shop_versions.content_of(version) == {"survey": {"question_after_days": 10}}


def test_another_process_reads_the_newest_version() -> None:
    change({"survey": {"question_after_days": 10}})
    change({"points": {"survey_answer": 25}})
    as_another_process()
    shop_versions.refresh(at_once=True)
    assert shop.get(SurveyRules).question_after_days == 10
    assert shop.get(PointRules).survey_answer == 25


def test_the_database_is_asked_once_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    change({"survey": {"question_after_days": 10}})
    shop_versions.refresh(at_once=True)
    as_another_process()
    shop_versions.refresh()
    assert shop.get(SurveyRules).question_after_days == 14
    monkeypatch.setattr(shop_versions, "REFRESH_SECONDS", 0)
    shop_versions.refresh()
    assert shop.get(SurveyRules).question_after_days == 10


def test_a_restored_database_gives_the_settings_it_holds() -> None:
    change({"survey": {"question_after_days": 10}})
    change({"survey": {"question_after_days": 12}})
    ShopVersion.delete().where(
        ShopVersion.id == ShopVersion.select().order_by(ShopVersion.id.desc()).get().id
    ).execute()
    shop_versions.refresh(at_once=True)
    assert shop.get(SurveyRules).question_after_days == 10
    ShopVersion.delete().execute()
    shop_versions.refresh(at_once=True)
    assert shop.get(SurveyRules).question_after_days == 14


def test_what_is_rolled_back_was_never_in_force() -> None:
    with pytest.raises(RuntimeError, match="the request failed"), write_transaction():
        shop_versions.change({"survey": {"question_after_days": 10}}, 1)
        raise RuntimeError("the request failed")
    assert shop.get(SurveyRules).question_after_days == 14
    assert ShopVersion.select().count() == 0


def test_every_fault_is_named_and_nothing_is_changed() -> None:
    change({"survey": {"question_after_days": 10}})
    with pytest.raises(ShopFileError) as raised:
        change(
            {
                "survey": {"question_after_days": 0, "asked_a_day": "many"},
                "survey.words": {"question": "{nmae}"},
                "tea": {},
            }
        )
    assert [(each.table, each.key) for each in raised.value.faults] == [
        ("survey", "question_after_days"),
        ("survey", "asked_a_day"),
        ("survey.words", "question"),
        ("tea", ""),
    ]
    assert raised.value.faults[0].japanese == "1以上にしてください"
    assert shop.get(SurveyRules).question_after_days == 10
    assert ShopVersion.select().count() == 1


def test_rules_of_several_tables_are_checked_together() -> None:
    with pytest.raises(ShopFileError, match=r"until_days in .contacts. must be greater than from_days"):
        change({"contacts": {"from_days": 60}})
    change({"contacts": {"from_days": 60, "until_days": 90}})
    assert shop.get(ContactRules).from_days == 60


def test_the_old_value_makes_a_new_version_that_says_nothing_of_it() -> None:
    change({"survey": {"question_after_days": 10}, "points": {"survey_answer": 25}})
    version = change({"survey": {"question_after_days": 14}})
    assert shop_versions.content_of(version) == {"points": {"survey_answer": 25}}
    assert ShopVersion.select().count() == 2


def test_an_earlier_content_is_put_back_as_a_new_version() -> None:
    first = change({"survey.words": {"question": 'いかがでしたか？ "お茶"\n\\ 🍵'}})
    change({"survey.words": {"question": "どうでしたか？"}, "points": {"survey_answer": 25}})
    with write_transaction():
        shop_versions.replace(shop_versions.content_of(first), 2)
    assert shop.get(SurveyWords).question == 'いかがでしたか？ "お茶"\n\\ 🍵'
    assert shop.get(PointRules).survey_answer == 20
    assert ShopVersion.select().count() == 3


def test_what_an_older_release_left_is_set_aside_and_the_rest_in_force() -> None:
    stored = "[survey]\nquestion_after_days = 10\nasked_a_week = 3\n[tea]\nminutes = 5\n[points]\nexpiry = 'soon'\n"
    ShopVersion.create(content=stored, made_at=localtime.now())
    shop_versions.refresh(at_once=True)
    assert shop.get(SurveyRules).question_after_days == 10
    assert shop_versions.set_aside(shop_versions.read_newest()) == {
        "survey": {"asked_a_week": 3},
        "tea": {"minutes": 5},
        "points": {"expiry": "soon"},
    }
    assert ["使えないものが3件" in each.sentence for each in notices.current()] == [True]
    version = change({"survey": {"question_after_days": 12}})
    assert shop_versions.content_of(version)["tea"] == {"minutes": 5}, "nothing the owner wrote is lost"
    change({"points": {"expiry": "never"}})
    with write_transaction():
        last = shop_versions.drop_unusable(1)
    assert notices.current() == []
    assert shop_versions.content_of(last) == {
        "survey": {"question_after_days": 12},
        "points": {"expiry": "never"},
    }


def test_a_version_that_is_no_toml_leaves_the_file_in_force() -> None:
    ShopVersion.create(content="[survey", made_at=localtime.now())
    shop_versions.refresh(at_once=True)
    assert shop.get(SurveyRules).question_after_days == 14


def test_rules_that_contradict_each_other_leave_those_in_doubt_out() -> None:
    stored = "[contacts]\nfrom_days = 70\nuntil_days = 65\n[survey]\nquestion_after_days = 10\n"
    ShopVersion.create(content=stored, made_at=localtime.now())
    shop_versions.refresh(at_once=True)
    rules = shop.get(ContactRules)
    assert rules.from_days < rules.until_days
    assert shop.get(SurveyRules).question_after_days in (10, 14)


def test_the_file_gives_what_the_versions_do_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop_versions, "_file", {"survey": {"question_after_days": 20, "asked_a_day": 9}})
    version = change({"survey": {"question_after_days": 14}})
    assert shop_versions.content_of(version) == {"survey": {"question_after_days": 14}}, (
        "the default, yet not the file's"
    )
    assert (shop.get(SurveyRules).question_after_days, shop.get(SurveyRules).asked_a_day) == (14, 9)
    assert shop_versions.content_of(change({"survey": {"question_after_days": 20}})) == {}


def test_a_shop_that_keeps_its_file_elsewhere_changes_nothing_here() -> None:
    ShopVersion.create(content="[survey]\nquestion_after_days = 10\n", made_at=localtime.now())
    given = settings.current().model_dump(exclude_unset=True) | {"shop_toml": "/srv/shop.toml"}
    settings.use(settings.Settings.model_validate(given))
    assert shop_versions.is_stored_in_file()
    shop_versions.refresh(at_once=True)
    assert shop.get(SurveyRules).question_after_days == 14
    with pytest.raises(ShopFileError, match="the file that SHOP_TOML names"):
        change({"survey": {"question_after_days": 12}})


def test_work_in_progress_keeps_the_settings_it_began_with() -> None:
    with shop.unchanged():
        before = shop.get(SurveyRules).question_after_days
        other = threading.Thread(target=_change_elsewhere)
        other.start()
        other.join()
        assert (shop.get(SurveyRules).question_after_days, shop.get(SurveyRules).asked_a_day) == (before, 30)
    assert (shop.get(SurveyRules).question_after_days, shop.get(SurveyRules).asked_a_day) == (10, 40)


def test_two_owners_at_once_both_have_their_change() -> None:
    first = threading.Thread(target=_change_elsewhere)
    first.start()
    change({"points": {"survey_answer": 25}})
    first.join()
    assert shop_versions.read_newest() == {
        "survey": {"question_after_days": 10, "asked_a_day": 40},
        "points": {"survey_answer": 25},
    }
    assert shop.get(PointRules).survey_answer == 25
    assert shop.get(SurveyRules).asked_a_day == 40


def _change_elsewhere() -> None:
    try:
        change({"survey": {"question_after_days": 10, "asked_a_day": 40}})
    finally:
        database.close()


def test_the_settings_are_the_files_until_the_tables_are_there() -> None:
    with write_transaction():
        database.execute("DROP TABLE shop_version")
    try:
        shop_versions.refresh(at_once=True)
    finally:
        database.database.create_tables([ShopVersion])
    assert shop.get(SurveyRules).question_after_days == 14
