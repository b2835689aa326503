"""A backup that is made under load holds one moment, and comes back whole or not at all."""

import gzip
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from click.testing import Result
from sqlalchemy import select, update

from engine.database import make_database
from engine.heartbeat import record_beat
from engine.human_tasks.models import HumanTask, TaskState
from engine.milestones.models import Episode
from tests.dealer import Dealer, open_dealer
from tests.settings import FOR_TEST_CLIENTS
from tests.webapp.admin.conftest import Installation, note_shape
from webapp.admin import cli
from webapp.app import create_app
from webapp.kit.models import StoredFile


def run(command: Any, url: str, folder: Path, *arguments: object, clock: Any = None) -> Result:
    """What `marshrut <command>` does in an installation."""
    app = create_app(
        {**FOR_TEST_CLIENTS, "database_url": url, "data_dir": str(folder), "secret_key": ""}, application_clock=clock
    )
    with app.app_context():
        result = app.test_cli_runner().invoke(command, [str(each) for each in arguments])
    app.extensions["database"].close()
    return result


def backed_up(made: Installation, name: str = "night.backup") -> Path:
    target = made.folder / name
    result = run(cli.backup_command, url(made.dealer), made.folder, target)
    assert result.exit_code == 0, result.output
    return target


def restored(made: Installation, archive: Path, *options: str) -> Result:
    return run(cli.restore_command, made.new_url, made.new_folder, archive, *options)


def url(dealer: Dealer) -> str:
    return dealer.database.engine.url.render_as_string(hide_password=False)


@contextmanager
def at_work(dealer: Dealer) -> Iterator[None]:
    """Two people register customer after customer, until the block ends."""
    ended, numbers, failed = threading.Event(), count(1), []

    def register() -> None:
        while not ended.is_set():
            try:
                dealer.register(phone=f"8 900 001-{next(numbers):04d}"[:16], name="Guest")
            except Exception as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=register) for _ in range(2)]
    for each in threads:
        each.start()
    yield
    ended.set()
    for each in threads:
        each.join()
    assert not failed


def test_a_backup_under_load_comes_back_whole(installation: Installation) -> None:
    dealer = installation.dealer
    dealer.register()
    (photo,) = dealer.photos(1)
    with at_work(dealer):
        archive = backed_up(installation)
        later = len(dealer.cases())

    result = restored(installation, archive)

    assert (result.exit_code, "Everything agrees." in result.output) == (0, True), result.output
    assert archive.stat().st_mode & 0o077 == 0
    assert (installation.new_folder / "secret_key").read_text() == "a secret that signs links"
    assert (installation.new_folder / "files" / photo[:2] / photo).is_file()
    again = open_dealer(installation.new_url, installation.new_folder)
    assert 1 <= len(again.cases()) <= later
    with tarfile.open(archive) as tar:
        manifest = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
    assert (manifest["cases"], manifest["files"]) == (len(again.cases()), 1)
    again.register(phone="8 900 000-99-99")  # and work goes on
    again.database.close()


def with_another_bit(archive: bytes) -> bytes:
    """The archive with one bit of the database changed: a bit of the compressed stream may well say the same.

    (In a row of zeros it is all one which of them is copied.)
    """
    plain = bytearray(gzip.decompress(archive))
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        database = next(member for member in tar if member.name.startswith("database."))
    plain[database.offset_data + database.size // 2] ^= 1
    return gzip.compress(bytes(plain), compresslevel=1)


def test_only_a_whole_backup_is_put_back(installation: Installation) -> None:
    installation.dealer.register()
    installation.dealer.photos(1)
    archive = backed_up(installation)
    whole = archive.read_bytes()

    for harm in (
        whole[:-2000],
        whole[: len(whole) // 2],
        b"",
        b"no archive",
        with_another_bit(whole),
    ):
        damaged = archive.with_name("damaged.backup")
        damaged.write_bytes(harm)
        result = restored(installation, damaged)
        assert result.exit_code == 1
        assert "no whole backup" in result.output
    assert restored(installation, archive).exit_code == 0


def test_what_does_not_belong_into_a_backup_is_not_written(installation: Installation, tmp_path: Path) -> None:
    archive = backed_up(installation)
    with tarfile.open(archive) as old, tarfile.open(tmp_path / "evil.backup", "w:gz") as evil:
        for member in old:
            evil.addfile(member, old.extractfile(member))
        way_out = tarfile.TarInfo("files/../../escaped")
        evil.addfile(way_out)

    result = restored(installation, tmp_path / "evil.backup")

    assert (result.exit_code, "no whole backup" in result.output) == (1, True)
    assert not list(tmp_path.rglob("escaped"))


def test_a_backup_of_a_newer_version_is_refused(installation: Installation) -> None:
    note_shape(installation.dealer.database, "ffffffffffff")
    archive = backed_up(installation)

    result = restored(installation, archive)

    assert (result.exit_code, "newer version" in result.output) == (1, True)


def test_nothing_is_written_over(installation: Installation) -> None:
    installation.dealer.register()
    archive = backed_up(installation)
    assert restored(installation, archive).exit_code == 0

    result = restored(installation, archive)

    assert (result.exit_code, "There are data in this database already" in result.output) == (1, True)
    existing = run(cli.backup_command, url(installation.dealer), installation.folder, archive)
    assert (existing.exit_code, "already" in existing.output) == (1, True)


def test_nothing_is_replaced_under_a_running_scheduler(installation: Installation) -> None:
    archive = backed_up(installation)
    assert restored(installation, archive).exit_code == 0
    clock = installation.dealer.clock
    other = make_database(installation.new_url)
    with other.write() as session:
        record_beat(session, name="beat", now=clock.now())
    other.close()

    result = run(cli.restore_command, installation.new_url, installation.new_folder, archive, "--replace", clock=clock)

    assert (result.exit_code, "Stop it first" in result.output) == (1, True)


class TestVerify:
    def test_a_lost_file_is_named_and_the_backup_is_made_all_the_same(self, installation: Installation) -> None:
        installation.dealer.register()
        (photo,) = installation.dealer.photos(1)
        (installation.folder / "files" / photo[:2] / photo).unlink()

        found = run(cli.verify_command, url(installation.dealer), installation.folder)
        made = run(cli.backup_command, url(installation.dealer), installation.folder, installation.folder / "b")

        assert (found.exit_code, photo in found.output) == (1, True)
        assert (made.exit_code, photo in made.output) == (0, True)

    def test_every_promise_is_asked(self, installation: Installation) -> None:
        installation.dealer.register()
        with installation.dealer.write() as session:
            session.execute(update(HumanTask).values(state=TaskState.CANCELLED))
            session.execute(update(Episode).values(highest_rank=9))

        found = run(cli.verify_command, url(installation.dealer), installation.folder)

        assert found.exit_code == 1
        assert "cases: case 1, task: missing" in found.output
        assert "funnel: " in found.output
        with installation.dealer.read() as session:
            assert session.scalars(select(StoredFile)).all() == []
