"""The page: bars equal the cases, every figure opens its cases, filters and rights narrow both."""

import re
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statements import counted_statements
from tests.webapp.conftest import LogIn
from tests.webapp.funnel.conftest import Pipeline
from tests.webapp.staff.factories import NOW, make_centre, make_user
from webapp.funnel.tables import Column, Kind, Table, write_csv

FIGURE = re.compile(r'href="(/funnel/cases\?[^"]*)"[^>]*>([^<]*)</a>')


def text_of(page: str, test: str) -> str:
    """The text of the element with this data-test, its tags taken out."""
    found = re.search(rf'<(\w+)[^>]*data-test="{re.escape(test)}"[^>]*>(.*?)</\1>', page, re.S)
    assert found, test
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found.group(2))).split())


@pytest.fixture
def three_sellers(pipeline: Pipeline, session: Session) -> None:
    """Sixty contacts of three people: all reach the worksheet with the first two, few with the third."""
    for name, share in (("Anna Orlova", 20), ("Boris Popov", 18), ("Clara Zueva", 4)):
        seller = make_user(session, "sales_manager", name=name)
        for number in range(20):
            on = ["worksheet"] if number < share else []
            lost = {} if on else {"outcome": "lost", "reason": "no_answer" if number % 2 else "price"}
            pipeline.open(seller, "contact", *on, source="web" if number % 2 else "radio", **lost)


class TestFigures:
    def test_bars_show_what_was_reached_touched_and_skipped(
        self, client: FlaskClient, pipeline: Pipeline, session: Session, log_in: LogIn
    ) -> None:
        seller = log_in("funnel.see")
        pipeline.open(seller, "contact", "visit")
        pipeline.open(seller, "contact", "delivered", outcome="won")
        pipeline.open(seller, "contact", outcome="refused")

        page = client.get("/funnel").text

        assert text_of(page, "opened") == "3 cases"
        assert [text_of(page, f"reached-{name}") for name in ("contact", "worksheet", "delivered")] == ["3", "1", "1"]
        assert text_of(page, "touched-visit") == "1"
        assert 'aria-label="worksheet: touched 0, skipped 1"' in page
        assert 'aria-label="visit, optional: 1"' in page
        assert (text_of(page, "open_here-contact"), text_of(page, "lost_here-contact")) == ("1", "1")
        assert text_of(page, "conversion-contact") == "33.3 %"

    def test_every_figure_opens_as_many_cases_as_it_says(
        self, client: FlaskClient, three_sellers: None, log_in: LogIn
    ) -> None:
        log_in("funnel.see")
        places = [(name, by) for name in ("contact", "worksheet") for by in ("owner", "source")]
        pages = [client.get(f"/funnel?at={name}&by={by}").text for name, by in places]
        links = [link for page in pages for link in FIGURE.findall(page)]
        counted = [(unescape(link), int(text)) for link, text in links if text.strip().isdigit()]

        assert len(set(counted)) > 16
        for link, number in set(counted):
            assert f"{number} case" in client.get(link).text, link

    def test_by_event_date_shows_entries_without_conversion(
        self, client: FlaskClient, pipeline: Pipeline, log_in: LogIn
    ) -> None:
        seller = log_in("funnel.see")
        half_past_midnight = datetime(2026, 2, 1, 0, 30, tzinfo=ZoneInfo("Europe/Moscow"))  # of the first day
        pipeline.open(seller, "contact", "worksheet", at=half_past_midnight - timedelta(hours=2))

        page = client.get("/funnel?counting=event_date").text

        assert text_of(page, "touched-worksheet") == "1"
        assert 'data-test="touched-contact"' not in page
        assert "To next" not in page
        assert "skipped" not in page

    def test_the_weak_link_is_named_with_who_it_hangs_on(
        self, client: FlaskClient, pipeline: Pipeline, session: Session, three_sellers: None, log_in: LogIn
    ) -> None:
        log_in("funnel.see")
        before = make_user(session)
        for _ in range(20):
            pipeline.open(before, "contact", "worksheet", at=NOW - timedelta(days=45))

        page = client.get("/funnel").text

        assert "Weak link: contact → worksheet, 70.0 % against 100.0 % in the period before." in text_of(
            page, "weak-link"
        )
        assert "16 of 18 missing: Clara Zueva." in text_of(page, "weak-link")

    def test_people_are_compared_with_their_band(self, client: FlaskClient, three_sellers: None, log_in: LogIn) -> None:
        log_in("funnel.see")

        table = text_of(client.get("/funnel?at=contact").text, "comparison")

        assert "Anna Orlova 20 100.0 % 84–100 Boris Popov 20 90.0 % 70–97 Clara Zueva 20 20.0 % 8–42" in table

    def test_reasons_of_what_was_lost_here_are_counted(
        self, client: FlaskClient, three_sellers: None, log_in: LogIn
    ) -> None:
        log_in("funnel.see")

        assert text_of(client.get("/funnel?at=contact").text, "reasons") == "No answer 9 price 9"

    def test_the_figures_take_six_statements(
        self, app: Flask, client: FlaskClient, three_sellers: None, log_in: LogIn
    ) -> None:
        log_in("funnel.see")
        client.get("/funnel")  # definitions and translations are read once

        with counted_statements(app.extensions["database"].engine) as statements:
            client.get("/funnel")

        assert len([statement for statement in statements if "episode" in statement]) == 6
        assert len(statements) <= 20


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "opened"),
        [
            ("", "60 cases"),
            ("d.source=radio", "30 cases"),
            ("d.source=radio&amp;d.source=web", "60 cases"),
            ("state=lost", "18 cases"),
            ("period=all", "60 cases"),
            ("period=own&from=2026-02-25&to=2026-02-25", "60 cases"),
            ("period=own&from=2026-02-25&to=2026-02-24", "60 cases"),
            ("period=nonsense&state=nonsense&person=x&page=-1", "60 cases"),
        ],
    )
    def test_the_address_is_the_filter(
        self, client: FlaskClient, three_sellers: None, log_in: LogIn, query: str, opened: str
    ) -> None:
        log_in("funnel.see")

        assert text_of(client.get("/funnel?" + unescape(query)).text, "opened") == opened

    def test_a_chip_offers_what_is_not_chosen(self, client: FlaskClient, three_sellers: None, log_in: LogIn) -> None:
        log_in("funnel.see")

        page = client.get("/funnel?d.source=radio").text

        assert re.search(r'data-test="chip-d\.source"[^>]*>Source <b>radio</b>', page)
        assert "d.source=radio&amp;d.source=web" in page

    def test_a_period_without_cases_says_so(self, client: FlaskClient, three_sellers: None, log_in: LogIn) -> None:
        log_in("funnel.see")

        page = client.get("/funnel?period=own&from=2025-01-01&to=2025-01-31").text

        assert "No cases in this funnel" in page

    def test_one_of_several_processes_is_chosen(self, client: FlaskClient, pipeline: Pipeline, log_in: LogIn) -> None:
        seller = log_in("funnel.see")
        pipeline.publish("service", "booked, arrived")
        pipeline.open(seller, "booked", key="service")

        page = client.get("/funnel?process=service").text

        assert text_of(page, "reached-booked") == "1"
        assert 'data-test="chip-process"' in page

    def test_a_process_without_milestones_is_none_of_them(
        self, client: FlaskClient, pipeline: Pipeline, log_in: LogIn
    ) -> None:
        log_in("funnel.see")
        pipeline.publish("errand", "")

        assert 'data-test="chip-process"' not in client.get("/funnel").text
        assert client.get("/funnel?process=errand").status_code == 404

    def test_without_any_process_there_is_no_funnel_yet(self, client: FlaskClient, log_in: LogIn) -> None:
        log_in("funnel.see")

        assert "No funnel yet" in client.get("/funnel").text
        assert client.get("/funnel/export").status_code == 404


class TestRights:
    def test_own_scope_sees_own_cases_only(
        self, client: FlaskClient, pipeline: Pipeline, session: Session, log_in: LogIn
    ) -> None:
        seller = log_in("funnel.see", scope="own")
        pipeline.open(seller, "contact")
        stranger = make_user(session, name="Stranger")
        pipeline.open(stranger, "contact")

        page = client.get("/funnel").text

        assert text_of(page, "opened") == "1 case"
        assert "Stranger" not in page
        assert "Stranger" not in client.get("/funnel/cases?figure=opened").text
        assert "No cases" in client.get(f"/funnel/cases?figure=opened&person={stranger.id}").text

    def test_centre_scope_sees_the_own_centre(
        self, client: FlaskClient, pipeline: Pipeline, session: Session, log_in: LogIn
    ) -> None:
        north, south = make_centre(session), make_centre(session)
        log_in("funnel.see", scope="centre", centre=north)
        somebody = make_user(session)
        pipeline.open(somebody, "contact", centre=north)
        pipeline.open(somebody, "contact", centre=south)

        assert text_of(client.get("/funnel").text, "opened") == "1 case"
        assert "No cases" in client.get(f"/funnel?centre={south.id}").text

    @pytest.mark.parametrize("address", ["/funnel", "/funnel/cases", "/funnel/export"])
    def test_it_is_closed_without_the_permission(self, client: FlaskClient, log_in: LogIn, address: str) -> None:
        log_in("cases.see")

        assert client.get(address).status_code == 403


class TestCases:
    def test_a_line_shows_owner_source_state_and_days(
        self, client: FlaskClient, pipeline: Pipeline, session: Session, log_in: LogIn
    ) -> None:
        log_in("funnel.see")
        seller = make_user(session, name="Anna Orlova")
        pipeline.open(seller, "contact", source="radio", at=NOW - timedelta(days=9, hours=2))

        page = client.get("/funnel/cases?figure=open_here&at=contact").text

        assert re.search(r"test:1.*Anna Orlova.*radio.*contact.*>9<", page, re.S)

    @pytest.mark.parametrize(("language", "today"), [("en", "today"), ("ru", "сегодня")])
    def test_a_case_of_today_counts_no_days(
        self,
        client: FlaskClient,
        pipeline: Pipeline,
        session: Session,
        log_in: LogIn,
        language: str,
        today: str,
    ) -> None:
        user = log_in("funnel.see")
        user.language = language
        pipeline.open(make_user(session, name="Anna Orlova"), "contact", at=NOW - timedelta(hours=2))

        page = client.get("/funnel/cases?figure=open_here&at=contact").text

        assert f'<td class="r">{today}</td>' in page

    def test_a_long_list_has_pages(self, client: FlaskClient, three_sellers: None, log_in: LogIn) -> None:
        log_in("funnel.see")

        first = client.get("/funnel/cases?figure=opened").text
        second = client.get("/funnel/cases?figure=opened&page=2").text

        assert (first.count("data-row"), second.count("data-row")) == (50, 10)
        assert "Page 1 of 2" in first

    @pytest.mark.parametrize("query", ["figure=reached&at=visit", "figure=reached&at=nowhere", "figure=reached"])
    def test_a_figure_that_does_not_exist_is_not_found(
        self, client: FlaskClient, pipeline: Pipeline, log_in: LogIn, query: str
    ) -> None:
        log_in("funnel.see")

        assert client.get(f"/funnel/cases?{query}").status_code == 404


class TestExport:
    def test_the_table_is_written_for_a_spreadsheet(
        self, client: FlaskClient, three_sellers: None, log_in: LogIn
    ) -> None:
        log_in("funnel.see")

        answer = client.get("/funnel/export")

        assert answer.data.startswith(b"\xef\xbb\xbf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="funnel-sale.csv"'
        lines = answer.get_data(as_text=True).removeprefix("\ufeff").split("\r\n")
        assert lines[0].startswith("Milestone;Optional;Touched;Skipped;Reached;To next, %;")
        assert lines[1] == "contact;;60;0;60;70.0;;;;0;18;0;0;0"
        assert lines[2] == "visit;yes;0;;;;;;42;;;;0;0"
        assert lines[3] == "worksheet;;42;0;42;0.0;0.04;0.04;0;42;0;0;42;0"

    def test_it_follows_the_filter_and_the_language(
        self, client: FlaskClient, three_sellers: None, log_in: LogIn
    ) -> None:
        log_in("funnel.see")
        client.set_cookie("language", "ru")

        text = client.get("/funnel/export?counting=event_date&d.source=radio").get_data(as_text=True)

        assert text.removeprefix("\ufeff").split("\r\n")[:2] == ["Веха;Необязательная;Пройдено", "contact;;30"]

    def test_the_workbook_has_typed_cells_and_no_formula(
        self, client: FlaskClient, pipeline: Pipeline, session: Session, log_in: LogIn
    ) -> None:
        log_in("funnel.see")
        pipeline.publish("desk", "booked, kept?, done", "kept_rate: kept of booked")
        attacker = make_user(session, name='=HYPERLINK("http://example.com")')
        pipeline.open(attacker, "booked", "kept", key="desk")
        pipeline.open(attacker, "booked", "kept", "done", key="desk")

        answer = client.get("/funnel/export?process=desk&format=xlsx&at=booked")

        book = openpyxl.load_workbook(BytesIO(answer.data))
        assert book.sheetnames == ["Funnel", "Ratios", "booked → done", "What this is"]
        bars = [[cell.value for cell in row] for row in book["Funnel"].iter_rows()]
        assert (bars[1][0], bars[1][2:6]) == ("booked", [2, 0, 2, 0.5])
        assert book["Funnel"]["F2"].number_format == "0.0%"
        name = book["Ratios"]["A4"]
        assert (name.value, name.data_type) == ('=HYPERLINK("http://example.com")', "s")
        assert [cell.value for cell in book["Ratios"][2]][:4] == ["All", 1, 2, 2]

    def test_a_name_is_no_formula_in_csv(self, client: FlaskClient, pipeline: Pipeline, log_in: LogIn) -> None:
        table = Table("Test", [Column("=A", Kind.TEXT), Column("n")], [["@cmd", 5], ["-x", None]])

        with pipeline.app.test_request_context():
            text = write_csv(table)

        assert text.removeprefix("\ufeff").split("\r\n") == ["'=A;n", "'@cmd;5", "'-x;", ""]


def test_the_page_speaks_russian(client: FlaskClient, three_sellers: None, log_in: LogIn) -> None:
    log_in("funnel.see")
    client.set_cookie("language", "ru")

    page = client.get("/funnel").text

    assert text_of(page, "opened") == "60 дел"
    assert "Воронка: Продажа" in page


def test_there_is_no_inline_style_or_script(client: FlaskClient, three_sellers: None, log_in: LogIn) -> None:
    log_in("funnel.see")

    page = client.get("/funnel").text

    assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", page)
