"""A guided step as a browser makes it: the form is sent to a real web server, and the page of the next step is read."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.showroom import Showroom
from tests.installation import installed
from tests.performance.product import FORM, guided_drawing
from tests.reliability.people import TASK, Browser

ACCEPTED, SHOWN = 302, 200


def drawing() -> str:
    """The guided model for the people of a dealer; nothing here is a record to be written."""
    text = guided_drawing().replace('<property name="onComplete" value="test.record"/>', "")
    return text.replace('candidateGroups="seller"', 'candidateGroups="sales_manager"')


class GuidedPages:
    """Steps through the guided model over HTTP; `page` is the last page, `weight` its bytes."""

    def __init__(self, showroom: Showroom, port: int) -> None:
        self.showroom = showroom
        self.browser = Browser(port)
        self.browser.cookie = f"session={showroom.cookie('seller')['value']}"
        self.count = 0
        self.waiting: list[int] = []
        page = self.browser.ask("GET", "/diary/").text
        self.token = page.split('name="csrf-token" content="')[1].split('"')[0]

    def step(self) -> None:
        if not self.waiting:
            self.waiting.append(self._start())
        self.count += 1
        values = {
            "csrf_token": self.token,
            "command_key": f"page-{self.count}",
            "name": "anna",
            "price": "1 500 000",
            "comment": "asked for the payment over five years",
        }
        task = self.waiting.pop()
        sent = self.browser.ask("POST", f"/tasks/{task}/complete", values)
        assert sent.status == ACCEPTED, sent.text
        shown = self.browser.ask("GET", sent.location)
        assert shown.status == SHOWN
        following = TASK.search(shown.text)
        if following:
            self.waiting.append(int(following[1]))

    def _start(self) -> int:
        seller, centre = self.showroom.people["seller"], self.showroom.centres["North"]
        with self.showroom.write() as session:
            started = self.showroom.engine.start(
                session,
                "guided",
                business_key=f"deal:{self.count}",
                payload={"source": "radio"},
                actor_id=seller,
                now=self.showroom.clock.now(),
                scope_id=centre,
                owner_id=seller,
            )
        return started.next_tasks[0]


@contextmanager
def guided_pages(folder: Path, tables: Path) -> Iterator[GuidedPages]:
    """One worker of gunicorn over an SQLite file, with the dealer of the browser tests. `tables`: an empty database."""
    shutil.copyfile(tables, folder / "pages.sqlite")
    showroom = Showroom.open(f"sqlite:///{folder}/pages.sqlite", folder)
    with showroom.write() as session:
        files = {"guided.bpmn": drawing().encode(), "name.form": FORM.encode()}
        showroom.engine.deploy(session, files, actor_id=None, now=showroom.clock.now())
    with installed(folder / "clock", showroom._settings, web=1, schedulers=0) as processes:
        showroom.base_url = processes.base_url
        pages = GuidedPages(showroom, processes.port)
        yield pages
        pages.browser.hang_up()
    showroom.database.close()
