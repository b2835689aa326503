"""What a test reads on pages: the figures of the funnel, and whether a Russian page is Russian."""

import re

from playwright.sync_api import Page
from sqlalchemy import select

from tests.browser.showroom import Showroom
from webapp.sales.models import Competitor
from webapp.vehicles.models import CarModel

LATIN = re.compile(r"[A-Za-z][A-Za-z'-]+")
IN_LATIN = re.compile(r"\S+@\S+|\b[A-HJ-NPR-Z0-9]{17}\b|\.(?:jpg|png|pdf)\b")  # addresses, VINs, kinds of files
# names of the product, of keys and of languages, and the trade's own words
LATIN_IN_RUSSIAN = {"marshrut", "english", "ctrl", "alt", "tab", "esc", "enter", "ru", "en", "vin", "qr-", "crm"}
LATIN_IN_RUSSIAN |= {"roi", "excel", "csv", "svg", "png", "api", "xes", "ocel"}
VISIBLE_TEXTS = """() => {
  const seen = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!parent.closest("script, style, template") && parent.checkVisibility()) seen.push(texts.currentNode.data);
  }
  for (const name of ["title", "aria-label", "placeholder"])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (element.checkVisibility()) seen.push(element.getAttribute(name));
  return [document.title, ...seen];
}"""


def reached(page: Page) -> dict[str, int]:
    """The figures of the funnel of all time, by milestone."""
    page.goto("/funnel?period=all")
    bars = page.locator('[data-test^="bar-"]')
    return {
        str(bar.get_attribute("data-test")).removeprefix("bar-"): int(bar.locator("[role=cell]").nth(2).inner_text())
        for bar in bars.all()
    }


def only_russian(house: Showroom, page: Page) -> None:
    """No visible text and no label has an English word, but for the names of cars and their makers."""
    found = {word for text in page.evaluate(VISIBLE_TEXTS) for word in LATIN.findall(IN_LATIN.sub("", text))}
    found = {word for word in found if word.lower() not in LATIN_IN_RUSSIAN} - names_of_cars(house)
    assert not found, f"{page.url}: {sorted(found)}"


def names_of_cars(house: Showroom) -> set[str]:
    with house.read() as session:
        models = [model.full_name for model in session.scalars(select(CarModel))]
        makers = [maker.name_ru for maker in session.scalars(select(Competitor))]
    return {word for name in (*models, *makers) for word in LATIN.findall(name)}
