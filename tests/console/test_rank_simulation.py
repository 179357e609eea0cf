"""The owner simulates new rank rules: what the page shows, what it refuses, and that nothing of the shop changes."""

import re

import pytest

from bot.config import shop
from bot.db.database import write_transaction
from console.figures import cache
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ranks.rules import Rank
from rewards.ranks.settings import RankSection
from rewards.ranks.tables import CustomerRank, RankChange, RankNews
from rewards.simulation import rule_simulations
from rewards.simulation.rule_simulations import RankSimulation
from tests.console import figures_of_a_year
from tests.console.conftest import SignIn, get, post

PAGE = "/console/rank-trials"
EASY = "[ranks]\nactive = [0, 10, 0]\n"


@pytest.fixture
def a_year(database: object) -> None:
    figures_of_a_year.build(120)


def test_the_form_holds_the_rules_in_force(sign_in: SignIn) -> None:
    shop.use({"ranks": {"review_day": 7}})
    page = get(sign_in("owner"), PAGE).text
    assert "review_day = 7" in page
    assert "[points]" not in re.sub(r"<label.*?</label>", "", page)


def numbers_of(page: str) -> dict[str, str]:
    """The values in the fields of the form."""
    return dict(
        re.findall(r'name="(\w+Section-[^"]+|PointRules-[^"]+)" type="number".*? value="([^"]*)"', page)
    )


def test_the_owner_changes_numbers_and_sees_which(sign_in: SignIn, a_year: None) -> None:
    client = sign_in("owner")
    typed = numbers_of(get(client, PAGE).text)
    typed |= {"RankSection-active-1": "１０", "PointRules-referrer": "300"}
    answer = post(client, PAGE, page=PAGE, htmx=False, **typed)
    assert RankSimulation.get().rules == "[ranks]\nactive = [0, 10, 0]\n\n[points]\nreferrer = 300\n"
    page = get(client, answer.location).text.partition('id="t-rules"')[2].partition("</section>")[0]
    listed = re.findall(
        r'<th scope="row">([^<]+)</th><td class="number">(\d+)</td><td[^>]*><strong>(\d+)<', page
    )
    assert listed == [("アクティブ · 行動", "25", "10"), ("紹介した方", "200", "300")]
    again = numbers_of(get(client, f"{PAGE}?from={RankSimulation.get().id}").text)
    assert again == typed | {"RankSection-active-1": "10"}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("RankSection-premium-0", "101", "0から100の数字"),
        ("PointRules-birthday", "たくさん", "0から10,000の数字"),
        ("RankSection-qualifying_months", "", "1から60の数字"),
        ("RankSection-premium-2", "10", "月数だけで10点"),
        ("RankSection-ambassador-2", "20", "プレミアムの関係性より"),
    ],
)
def test_a_number_that_cannot_be_is_named_and_nothing_is_lost(
    sign_in: SignIn, name: str, typed: str, sentence: str
) -> None:
    client = sign_in("owner")
    form = numbers_of(get(client, PAGE).text) | {"RankSection-purchase-0": "12", name: typed}
    answer = post(client, PAGE, page=PAGE, htmx=False, **form)
    assert answer.status_code == 422
    [(said_of, said)] = re.findall(r'<span id="fault-([^"]+)">([^<]+)', answer.text)
    assert said_of == name
    assert sentence in said
    assert numbers_of(answer.text) == form
    assert RankSimulation.select().count() == 0


def test_rules_are_tried_and_nothing_of_the_shop_changes(sign_in: SignIn, a_year: None) -> None:
    client = sign_in("owner")
    before = [(each.customer_id, each.rank, each.reviewed_at) for each in CustomerRank.select()]
    answer = post(client, PAGE, page=PAGE, rules=EASY)
    assert answer.status_code == 303
    page = get(client, answer.location).text
    simulation = RankSimulation.get()
    assert "アンバサダーの割合" in page
    assert "ランクが変わりうるお客様" in page
    assert "+0<span" in page, "the file has no [points]: the debt stays as it is"
    assert simulation.result is not None
    assert [(each.customer_id, each.rank, each.reviewed_at) for each in CustomerRank.select()] == before
    assert RankChange.select().count() == RankNews.select().count() == 0
    assert shop.get(RankSection).active == (0, 25, 0)


def test_the_matrix_counts_every_customer_once(sign_in: SignIn, a_year: None) -> None:
    client = sign_in("owner")
    post(client, PAGE, page=PAGE, rules=EASY)
    replayed = rule_simulations.result_of(RankSimulation.get())
    assert replayed is not None
    assert replayed.tried.customer_count == 120
    held = {rank: CustomerRank.select().where(CustomerRank.rank == rank).count() for rank in Rank}
    assert {rank: replayed.tried.held_count(rank) for rank in Rank} == held
    # By these lower thresholds one purchase makes a customer Active, and all have bought.
    assert replayed.tried.deserving_count(Rank.BASIC) == 0


def test_the_list_goes_on_by_pages_and_is_whole_as_csv(sign_in: SignIn, a_year: None) -> None:
    client = sign_in("owner")
    answer = post(client, PAGE, page=PAGE, rules=EASY)
    seen: list[str] = []
    address = answer.location
    while address:
        page = get(client, address).text
        seen += re.findall(r'<tr><th scope="row"><a [^>]+>([^<]+)</a></th><td>(?:[^<]+)</td><td>[↑↓]', page)
        found = re.search(r'href="([^"]+after=\d+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    whole = get(client, answer.location + ".csv").text.strip().splitlines()
    assert whole[0].startswith("\ufeff番号,お客様,いまのランク")
    assert len(seen) == len(whole) - 1 > 60


def test_points_are_counted_when_the_rules_have_them(sign_in: SignIn, a_year: None) -> None:
    """Two answers of 20 points, at 40 each by the new rules; what staff gave by hand stays as it is."""
    customer_id = CustomerRank.get().customer_id
    with write_transaction():
        for cause in ("1", "2"):
            ledger.earn(customer_id, Action.SURVEY_ANSWER, 20, cause)
        ledger.earn(customer_id, Action.STAFF, 5, "gift")
    client = sign_in("owner")
    answer = post(client, PAGE, page=PAGE, rules="[points]\nsurvey_answer = 40\n")
    page = get(client, answer.location).text
    assert "ポイント残高の増減" in page
    assert "+40<span" in page
    assert "いまの残高 45pt" in page


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ("[ranks]\npremium = [50, 40, 10]\n", "金額だけでなれてしまいます"),
        ("[ranks]\nreview_dya = 3\n", "もしかして review_day ですか"),
        ("[rank]\nreview_day = 1\n", "[rank] という見出しはありません"),
        ("[ranks\n", "TOMLとして読めません"),
        ("", "[ranks] か [points]"),
        ("[ranks]\ngrace_days = 0\n", "例: grace_days = 30"),
    ],
)
def test_invalid_rules_are_refused_with_the_message_of_the_start_up_check(
    sign_in: SignIn, rules: str, sentence: str
) -> None:
    client = sign_in("owner")
    answer = post(client, PAGE, page=PAGE, rules=rules)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rules.strip() in answer.text, "what was typed is still there"
    assert RankSimulation.select().count() == 0


def test_a_large_shop_is_counted_beside_the_page(
    sign_in: SignIn, a_year: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "is_large", lambda: True)
    begun: list[RankSimulation] = []
    monkeypatch.setattr("console.loyalty.rank_simulation._count_in_background", begun.append)
    client = sign_in("owner")
    answer = post(client, PAGE, page=PAGE, rules=EASY)
    assert "計算しています" in get(client, answer.location).text
    assert len(begun) == 2


def test_staff_may_not_and_a_forgotten_simulation_is_not_there(sign_in: SignIn) -> None:
    assert get(sign_in("staff"), PAGE).status_code == 403
    owner = sign_in("owner")
    assert get(owner, f"{PAGE}/9").status_code == 404
    assert get(owner, f"{PAGE}/9.csv").status_code == 404


def test_only_the_last_few_are_stored(sign_in: SignIn) -> None:
    client = sign_in("owner")
    for _ in range(7):
        post(client, PAGE, page=PAGE, rules=EASY)
    assert [simulation.id for simulation in RankSimulation.select()] == [3, 4, 5, 6, 7]
