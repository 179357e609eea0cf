"""The shop's settings as pages: found, changed, versioned and undone by the owner; nothing typed is lost."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from bot import localtime, planned_shop_changes, shop_versions
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from bot.shop_versions import ShopVersion
from console.auth.sessions import StaffSession
from console.settings import changes, examples, fields, meanings, numbers, subjects
from handlers import settings_jobs
from handlers.chat_words import ReplyWords
from rewards.ledger.rule_versions import RuleVersion
from rewards.ledger.settings import PointRules
from rewards.ranks.settings import RankSection
from rewards.simulation import rule_simulations
from support.hours.settings import BusinessHours
from surveys.nps.settings import SurveyRules
from tests.complete import assert_none
from tests.console import chats
from tests.console.conftest import BASE, SignIn, get, post

PAGE = "/console/settings"


@pytest.fixture(autouse=True)
def _as_shipped() -> Iterator[None]:
    yield
    shop.use({})


def subject(key: str) -> str:
    return f"{PAGE}/subjects/{key}"


def ask(client: FlaskClient, path: str, name: str, value: str) -> Any:
    """Request a page with a query."""
    return get(client, f"{PAGE}{path}?{urlencode({name: value})}")


def save(client: FlaskClient, key: str, **typed: Any) -> str:
    """Save the page as it is shown, with these fields typed anew (`table__key`); the page that answers."""
    page = get(client, subject(key)).text
    form = shown_in(page) | {
        name.replace("__", ":").replace("_of_", "."): each for name, each in typed.items()
    }
    answer = post(client, subject(key), page=subject(key), htmx=False, **form)
    return str(get(client, answer.location).text if answer.status_code == 303 else answer.text)


def shown_in(page: str) -> dict[str, Any]:
    """What a browser would send of the form as it is."""
    found: dict[str, list[str]] = {}
    form = page.partition('class="settings-form"')[2].partition("</form>")[0]
    for tag in re.finditer(
        r"<input ([^>]*)>|<textarea ([^>]*)>(.*?)</textarea>|<select ([^>]*)>(.*?)</select>", form, re.S
    ):
        attributes = next(filter(None, (tag[1], tag[2], tag[4])))
        name = re.search(r'name="([^"]*)"', attributes)
        assert name
        if tag[3] is not None:
            value = tag[3].removeprefix("\n")
        elif tag[5] is not None:
            value = re.search(r'value="([^"]*)" selected', tag[5])[1]  # type: ignore[index]
        else:
            value = (re.search(r' value="([^"]*)"', attributes) or ["", ""])[1]
            if 'type="checkbox"' in attributes and " checked" not in attributes:
                continue
        found.setdefault(name[1], []).append(unescape(value))
    return {
        name: texts if len(texts) > 1 else texts[0] for name, texts in found.items() if name != "csrf_token"
    }


def test_every_setting_is_on_one_page_with_a_form_that_can_hold_it(sign_in: SignIn) -> None:
    shown = [
        each.name
        for one in subjects.all_subjects()
        for _, of_part in fields.of_subject(one)
        for each in of_part
    ]
    assert sorted(shown) == sorted(each.name for each in changes.all_fields())
    client = sign_in("owner")
    for one in subjects.all_subjects():
        page = get(client, subject(one.key)).text
        assert 'aria-invalid="true"' not in page
        answer = post(client, subject(one.key), page=subject(one.key), htmx=False, **shown_in(page))
        assert answer.status_code == 303, f"{one.key}: saved as it is, nothing is wrong"
    assert ShopVersion.select().count() == 0, "and nothing is changed"


def test_every_wording_fits_the_limit_that_its_page_shows(sign_in: SignIn) -> None:
    """An answer to a tapped button is a message, with a message's limit; a button's own text is a label."""
    shown = [
        each for subject in subjects.SUBJECTS for _, found in fields.of_subject(subject) for each in found
    ]
    texts = [each for each in shown if each.kind == "text"]
    assert_none(
        [each.name for each in texts if len(each.model.model_fields[each.key].default) > each.longest],
        "Shorten it, or mend Field.is_label.",
    )
    labels = {each.key for each in texts if each.table == "talk.words" and each.is_label}
    assert "opt_in_button" in labels
    assert "old_button" not in labels


def test_every_setting_has_its_english_and_every_placeholder_its_example() -> None:
    known = meanings.english()
    write = "write its English in console/translations/en/shop_settings.toml"
    assert_none((each.name for each in changes.all_fields() if not meanings.in_english(each)), write)
    assert_none((table for table in shop.models() if meanings.ABOUT not in known.get(table, {})), write)
    names = {(each.table, each.key) for each in changes.all_fields()}
    extra = (f"{table}.{key}" for table, of in known.items() for key in of if (table, key) not in names)
    assert_none((each for each in extra if not each.endswith(meanings.ABOUT)), "no setting has that name")
    words = [each for each in changes.all_fields() if each.kind == "text"]
    placeholders = {name for each in words for name in shop.placeholders(str(each.default))}
    assert_none(
        placeholders - examples.EXAMPLES.keys() - {"shop"}, "has no example in console/settings/examples.py"
    )


def test_the_owner_changes_the_greeting_and_it_is_in_force(sign_in: SignIn) -> None:
    client = sign_in("owner")
    new = "{name}さん、{shop}です。\r\nようこそ🌿"
    page = save(client, "greeting", **{"talk_of_words__greeting": new}, note="春のあいさつ")
    assert "保存しました" in page
    assert shop.get(ReplyWords).greeting == "{name}さん、{shop}です。\nようこそ🌿"
    assert "佐藤さん、ひだまり堂です。\nようこそ🌿" in page, "the phone shows what becomes of it"
    history = get(client, f"{PAGE}/versions").text
    assert "春のあいさつ" in history and "鈴木 一郎" in history and "ようこそ🌿" in history


def test_all_faults_at_once_and_nothing_typed_is_lost(sign_in: SignIn) -> None:
    client = sign_in("owner")
    page = save(
        client,
        "survey",
        survey__question_after_days="四百",
        survey__asked_a_day="0",
        survey_of_words__earned="{pionts}ポイント <b>",
        survey__remind_after_days="９",
        note="急ぎ",
    )
    assert page.count('class="fault small"') == 3
    for sentence in ("整数で書いてください", "1以上にしてください", "{pionts} は使えません", "急ぎ"):
        assert sentence in page
    assert 'value="四百"' in page and "{pionts}ポイント &lt;b&gt;</textarea>" in page
    assert ShopVersion.select().count() == 0
    page = save(client, "survey", survey__remind_after_days="９")
    assert "remind_until_days" in page and 'value="９"' in page


def test_english_pages_say_what_is_wrong_in_english(sign_in: SignIn) -> None:
    client = sign_in("owner")
    post(client, "/console/language/en", page=PAGE, htmx=False)
    page = save(client, "survey", survey__asked_a_day="0")
    assert "Input should be greater than or equal to 1" in page
    assert "How many days after a purchase to ask" in page


def test_opening_hours_and_days_off_are_chosen_not_written(sign_in: SignIn) -> None:
    client = sign_in("owner")
    name = "support_of_hours__"
    save(
        client,
        "hours",
        **{
            f"{name}weekdays": ["月", "水", "土"],
            f"{name}opens": "09:30",
            f"{name}holidays": ["2027-05-03", "", ""],
            f"{name}holidays__from": "2026-12-30",
            f"{name}holidays__to": "2027-01-02",
            f"{name}closed_on_public_holidays": "true",
        },
    )
    hours = shop.get(BusinessHours)
    assert (hours.weekdays, hours.opens, hours.closed_on_public_holidays) == ("月水土", "09:30", True)
    assert [f"{day:%m-%d}" for day in hours.holidays] == ["12-30", "12-31", "01-01", "01-02", "05-03"]
    assert "1つ以上の曜日を選んでください" in save(client, "hours", support_of_hours__weekdays=[])
    assert "おわりの時刻は、はじまりより後" in save(client, "hours", support_of_hours__closes="08:00")
    assert shop.get(BusinessHours).closes == "17:00"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("question_after_days", "survey:question_after_days"),
        ("お買い上げから何日後", "survey:question_after_days"),
        ("days after a purchase to ask", "survey:question_after_days"),
        ("スタッフがお返事する曜日", None),
        ("ｽﾀﾝﾌﾟありがとう", "talk.words:sticker"),
        ("18000", "ranks:average_ltv_yen"),
        ("<script>", None),
    ],
)
def test_the_search_finds_key_meaning_wording_and_value(
    sign_in: SignIn, asked: str, found: str | None
) -> None:
    page = ask(sign_in("owner"), "", "q", asked).text
    assert "<script>alert" not in page
    if found:
        assert f"#{found}" in page
    else:
        assert "見つかりませんでした" in page


def test_what_another_owner_changed_meanwhile_is_said_before_it_is_overwritten(sign_in: SignIn) -> None:
    client = sign_in("owner")
    form = shown_in(get(client, subject("survey")).text) | {"survey:question_after_days": "10"}
    with write_transaction():
        shop_versions.change({"survey": {"question_after_days": 20, "asked_a_day": 40}}, None)
    answer = post(client, subject("survey"), page=subject("survey"), htmx=False, **form)
    assert answer.status_code == 422 and "ほかの人が「20」に変えました" in answer.text
    again = shown_in(answer.text)
    assert again["survey:question_after_days"] == "10"
    post(client, subject("survey"), page=subject("survey"), htmx=False, **again)
    assert shop.get(SurveyRules).question_after_days == 10


def test_a_change_of_another_setting_meanwhile_stays(sign_in: SignIn) -> None:
    client = sign_in("owner")
    form = shown_in(get(client, subject("survey")).text) | {"survey:question_after_days": "10"}
    with write_transaction():
        shop_versions.change({"survey": {"asked_a_day": 40}}, None)
    post(client, subject("survey"), page=subject("survey"), htmx=False, **form)
    assert (shop.get(SurveyRules).question_after_days, shop.get(SurveyRules).asked_a_day) == (10, 40)


def test_an_undo_is_a_new_version_and_leaves_later_changes(sign_in: SignIn) -> None:
    client = sign_in("owner")
    save(client, "survey", survey__question_after_days="10")
    save(client, "survey", survey__asked_a_day="40")
    first = ShopVersion.select().order_by(ShopVersion.id).first()
    asked = get(client, f"{PAGE}/versions/{first.id}/undo").text
    assert "question_after_days" in asked and "asked_a_day" not in asked
    post(client, f"{PAGE}/versions/{first.id}/undo", page=f"{PAGE}/versions/{first.id}/undo", htmx=False)
    assert (shop.get(SurveyRules).question_after_days, shop.get(SurveyRules).asked_a_day) == (14, 40)
    assert ShopVersion.select().count() == 3
    assert f"#{first.id} を元に戻した" in get(client, f"{PAGE}/versions").text


def test_a_number_says_what_it_changes(sign_in: SignIn) -> None:
    client = sign_in("owner")
    assert "景品の上限は200円です" in get(client, subject("coupons")).text
    said = ask(client, "/number", "coupons:smallest_purchase_yen", "５０００").text
    assert said == "景品の上限は1,000円です。"
    assert ask(client, "/number", "talk.words:greeting", "5").status_code == 404
    known = {(each.table, each.key) for each in changes.all_fields() if each.kind == "number"}
    assert numbers.NUMBERS.keys() <= known


@pytest.mark.parametrize(("table", "key"), list(numbers.NUMBERS))
def test_every_counted_number_has_a_sentence(sign_in: SignIn, table: str, key: str) -> None:
    said = ask(sign_in("owner"), "/number", f"{table}:{key}", "7").text
    assert said.endswith("。") and re.search(r"\d", said)


def test_words_that_make_a_card_together_show_it(sign_in: SignIn) -> None:
    client = sign_in("owner")
    save(client, "survey", **{"survey_of_words__lowest": "ぜんぜん"})
    card = get(client, subject("survey")).text.partition('class="setting-real"')[2].partition("</details>")[0]
    assert "phone-card" in card and "ぜんぜん" in card
    for key in ("points", "ranks", "referrals", "coupons", "recommendations"):
        assert 'class="setting-real"' in get(client, subject(key)).text


def test_the_file_goes_out_and_comes_in_again(sign_in: SignIn) -> None:
    client = sign_in("owner")
    save(client, "survey", survey__question_after_days="10")
    file = get(client, f"{PAGE}/shop.toml")
    assert "question_after_days = 10" in file.text and "attachment" in file.headers["Content-Disposition"]
    text = file.text.replace("question_after_days = 10", "question_after_days = 12")
    page = check_file(client, text)
    assert "1件が変わります" in page and ShopVersion.select().count() == 1
    StaffSession.update(confirmed_at=None).execute()
    asked = post(client, f"{PAGE}/file", page=f"{PAGE}/file", htmx=False, body=text)
    assert "本人の確認" in asked.text and shop.get(SurveyRules).question_after_days == 10
    post(client, f"{PAGE}/file", page=f"{PAGE}/file", htmx=False, body=text, confirm_password=chats.PASSWORD)
    assert shop.get(SurveyRules).question_after_days == 12


def check_file(client: FlaskClient, text: str) -> str:
    answer = client.post(
        f"{PAGE}/file/check",
        data={
            "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', get(client, f"{PAGE}/file").text)[
                1
            ],  # type: ignore[index]
            "file": (io.BytesIO(text.encode()), "shop.toml"),
        },
        base_url=BASE,
        headers={"Referer": f"{BASE}{PAGE}/file"},
    )
    return answer.text


def test_a_file_with_faults_names_them_all(sign_in: SignIn) -> None:
    client = sign_in("owner")
    page = check_file(client, "[survey]\nasked_a_day = 0\nquestion_after = 3\n[tea]\ncups = 1\n")
    assert "3件を直してください" in page
    for key in ("survey.asked_a_day", "survey.question_after", "<code>tea"):
        assert key in page
    assert "設定ファイル（TOML）として読めません" in check_file(client, "[survey")


def test_where_a_file_rules_the_pages_only_show(sign_in: SignIn) -> None:
    client = sign_in("owner")
    form = shown_in(get(client, subject("survey")).text) | {"survey:question_after_days": "10"}
    before = bot_settings.current()
    given = before.model_dump(exclude_unset=True) | {"shop_toml": "/srv/shop.toml"}
    bot_settings.use(bot_settings.Settings.model_validate(given))
    try:
        page = get(client, subject("survey")).text
        assert "ファイル（SHOP_TOML）で管理しています" in page
        assert "保存する</button>" not in page and " disabled" in page
        answer = post(client, subject("survey"), page="/console/account", htmx=False, **form)
        assert answer.status_code == 422 and "SHOP_TOML" in answer.text
    finally:
        bot_settings.use(before)
    assert ShopVersion.select().count() == 0


def test_what_an_older_release_left_is_shown_until_it_is_removed(sign_in: SignIn) -> None:
    ShopVersion.create(content="[tea]\nminutes = 5\n", made_at=localtime.now())
    client = sign_in("owner")
    page = get(client, PAGE).text
    assert "tea.minutes" in page and "この見出しはありません" in page
    post(client, f"{PAGE}/unusable/drop", page=PAGE, htmx=False)
    assert "tea.minutes" not in get(client, PAGE).text


def test_a_rank_simulation_is_adopted_from_a_day_on(sign_in: SignIn) -> None:
    client = sign_in("owner")
    with write_transaction():
        simulation = rule_simulations.begin(
            "[ranks]\nactive = [0, 10, 0]\nreview_day = 1\n[points]\ncomment = 15\n", ""
        )
    adopt = f"/console/rank-trials/{simulation.id}/adopt"
    tomorrow = localtime.today() + timedelta(days=1)
    post(client, adopt, page=PAGE, htmx=False, from_on=tomorrow.isoformat())
    assert shop.get(RankSection).active == (0, 25, 0) and ShopVersion.select().count() == 0
    page = get(client, f"{PAGE}/versions").text
    assert "これから効く変更" in page and "ranks.active" in page and "ranks.review_day" not in page
    assert settings_jobs.put_due_in_force() == 0
    with localtime.fixed(localtime.start_of(tomorrow)):
        assert settings_jobs.put_due_in_force() == 1
        assert settings_jobs.put_due_in_force() == 0
    assert shop.get(RankSection).active == (0, 10, 0) and shop.get(PointRules).comment == 15
    versions = {each.version for each in RuleVersion.select()}
    assert {shop.get(RankSection).version(), shop.get(PointRules).version()} <= versions


def test_a_plan_can_be_taken_back_before_its_day(sign_in: SignIn) -> None:
    client = sign_in("owner")
    with write_transaction():
        simulation = rule_simulations.begin("[ranks]\nactive = [0, 10, 0]\n", "")
    tomorrow = localtime.today() + timedelta(days=1)
    post(
        client,
        f"/console/rank-trials/{simulation.id}/adopt",
        page=PAGE,
        htmx=False,
        from_on=tomorrow.isoformat(),
    )
    (planned,) = planned_shop_changes.waiting()
    post(client, f"{PAGE}/planned/{planned.id}/take-back", page=PAGE, htmx=False)
    with localtime.fixed(localtime.start_of(tomorrow)):
        assert settings_jobs.put_due_in_force() == 0
    assert shop.get(RankSection).active == (0, 25, 0)


def test_adopted_today_it_is_in_force_at_once(sign_in: SignIn) -> None:
    with write_transaction():
        simulation = rule_simulations.begin("[ranks]\nactive = [0, 10, 0]\n", "")
    client = sign_in("owner")
    adopt = f"/console/rank-trials/{simulation.id}/adopt"
    for wrong in ("", "soon", "2020-01-01", "2099-01-01"):
        post(client, adopt, page=PAGE, htmx=False, from_on=wrong)
    assert shop.get(RankSection).active == (0, 25, 0)
    post(client, adopt, page=PAGE, htmx=False, from_on=localtime.today().isoformat())
    assert shop.get(RankSection).active == (0, 10, 0)
