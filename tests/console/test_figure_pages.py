"""The page of one figure, the file of its people, and the list of all figures."""

import pytest
from flask import Flask, render_template_string

from console import web
from console.figures import catalogue
from console.figures.definition import Definition, Unit, Value
from customers.people.customer import Customer
from customers.values import windows
from tests.console import chats
from tests.console.conftest import SignIn, get

CUSTOMERS = Definition(
    name="customers-on-line",
    title="LINEのお客様",
    meaning="友だちになったお客様の人数です。",
    population="LINEのお客様",
    window_text="直近12か月",
    unit=Unit.CUSTOMERS,
    window=windows.year,
    count=lambda _on: Value(Customer.select().count(), count=None),
    people=lambda _on: Customer.select(Customer.id),
)
SHARE = Definition(
    name="share-of-buyers",
    title="買った方の割合",
    meaning="一度でも買った方の割合です。",
    population="LINEのお客様",
    window_text="はじめから今日まで",
    unit=Unit.SHARE,
    window=lambda _on: None,
    count=lambda _on: Value(0.25, 0.1, 0.4, 10, 40),
)


@pytest.fixture(autouse=True)
def _two_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "SUBJECTS", ((CUSTOMERS,), (SHARE,)))
    monkeypatch.setattr(catalogue, "FIGURES", {each.name: each for each in (CUSTOMERS, SHARE)})


def test_a_figure_says_what_it_is_and_lists_its_people_fifty_at_a_time(sign_in: SignIn) -> None:
    ids = [chats.customer(f"客 {number}子").id for number in range(53)]
    client = sign_in("owner")
    page = get(client, "/console/figures/customers-on-line").text
    assert "友だちになったお客様の人数です。" in page
    assert '<p class="big">53人</p>' in page
    assert page.count('<th scope="row">') == 50
    assert f"/console/figures/customers-on-line?after={ids[49]}" in page
    rest = get(client, f"/console/figures/customers-on-line?after={ids[49]}").text
    assert rest.count('<th scope="row">') == 3


def test_the_file_has_every_person(sign_in: SignIn) -> None:
    for number in range(53):
        chats.customer(f"=客{number}")
    lines = get(sign_in("owner"), "/console/figures/customers-on-line.csv").text.splitlines()
    assert len(lines) == 54
    assert lines[0] == "\ufeffお客様番号,お名前,ご購入回数,お買い上げ（円）,最後のご購入"
    assert ",'=客0,0,0," in lines[1]


def test_a_share_has_its_interval_and_its_counts_and_no_list(sign_in: SignIn) -> None:
    client = sign_in("owner")
    page = get(client, "/console/figures/share-of-buyers").text
    assert '<p class="big">25.0%</p>' in page
    assert "10.0%–40.0%" in page
    assert "10 / 40" in page
    assert get(client, "/console/figures/share-of-buyers.csv").status_code == 404


def test_an_unknown_figure_is_not_found(sign_in: SignIn) -> None:
    assert get(sign_in("owner"), "/console/figures/ltvv").status_code == 404


def test_staff_have_no_figures(sign_in: SignIn) -> None:
    client = sign_in("staff")
    for address in ("customers-on-line", "customers-on-line.csv", "definitions"):
        assert get(client, f"/console/figures/{address}").status_code == 403


def test_the_list_has_every_figure(sign_in: SignIn) -> None:
    page = get(sign_in("owner"), "/console/figures/definitions").text
    assert "LINEのお客様" in page
    assert "/console/figures/share-of-buyers" in page


def test_a_definition_beside_a_figure_links_to_its_people_and_an_unknown_one_fails(app: Flask) -> None:
    page = '{% from "console/_definition.html" import definition with context %}{{ definition(name) }}'
    with app.test_request_context("/console/figures"):
        values = web._template_values()
        text = render_template_string(page, name="customers-on-line", **values)
        assert "数えた方の一覧" in text
        assert "/console/figures/customers-on-line.csv" in text
        with pytest.raises(LookupError, match="no figure is called 'ltvv'"):
            render_template_string(page, name="ltvv", **values)
