"""What many tests need: a small world whose one ring is plain to see, and a way to run commands."""

from __future__ import annotations

import csv
import os
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from desks import Desk
from hypothesis import settings

from linkage.cli.app import run

# A shared machine may pause at any moment: time says nothing about a property.
settings.register_profile("linkage", deadline=None)
settings.load_profile("linkage")

RING = tuple(f"acct_r{number}" for number in range(8))
"""Eight accounts that share one card, two addresses and the wrapper of their prompts."""
HONEST = 200
TOPICS = (
    "tides", "rivers", "glaciers", "deserts", "orchards", "bridges", "harbours",
    "lanterns", "violins", "kettles", "looms", "sundials", "compasses", "barometers",
    "pendulums", "windmills", "aqueducts", "terraces", "granaries", "quarries",
)  # fmt: skip
_JUNE = datetime(2026, 6, 1)  # noqa: DTZ001 - UTC, as the logs say
_SEPTEMBER = datetime(2026, 9, 1)  # noqa: DTZ001
WRAPPER = (
    "You are a patient editor who explains hard things plainly to apprentices. Work through the matter of {topic}"
    " aloud, show every step of your reasoning, then state the answer to number {number} in one line."
)


@dataclass(frozen=True)
class Ran:
    """What a command did.

    Args:
        code: its exit code.
        out: what it wrote to stdout.
        err: what it wrote to stderr.
    """

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class World:
    """A small world on disk.

    Args:
        folder: where its files are.
        ring: the accounts of its one ring.
    """

    folder: Path
    ring: tuple[str, ...]


def write_table(path: Path, rows: list[dict[str, object]]) -> Path:
    """Write rows as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_world(  # noqa: PLR0913 - each a hook for one test
    folder: Path,
    ring: tuple[str, ...] = RING,
    *,
    org: str = "",
    user_agent: str = "",
    topic: str = "",
    honest: int = HONEST,
) -> World:
    """Write a world of honest accounts, each for itself, and one ring.

    Args:
        folder: where; made if it is not there.
        ring: the names of the ring's accounts.
        org: their organisation.
        user_agent: their client.
        topic: what all their prompts are about; many things when empty.
        honest: how many others there are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(7)  # noqa: S311 - a world, no secret
    accounts, events, payments = [], [], []
    for number in range(honest):
        account = f"acct_h{number:03}"
        accounts.append(_account(account, _JUNE + timedelta(minutes=640 * number), "", 0.1 + number % 4 / 10))
        payments.append({"account_id": account, "fingerprint": f"fp_{number:03}"})
        for nth in range(3):
            at = _SEPTEMBER + timedelta(minutes=dice.randrange(14 * 1440))
            prompt = f"{' '.join(dice.choices(TOPICS, k=9))} {number} {nth}"
            address = f"2001:db8:{number + 1:x}::1"
            tokens = dice.randrange(50, 900)
            events.append(
                _event(account, at, ip=address, prompt=prompt, response_tokens=tokens, user_agent="")
            )
    for number, account in enumerate(ring):
        accounts.append(_account(account, _JUNE + timedelta(days=80, minutes=number), org, 0.9))
        payments.append({"account_id": account, "fingerprint": "fp_shared_by_the_ring"})
        for nth in range(6):
            at = _SEPTEMBER + timedelta(hours=2 * nth + 12 * number, minutes=number)
            about = topic or " and ".join(dice.choices(TOPICS, k=3))
            prompt = WRAPPER.format(topic=about, number=10 * number + nth)
            address = f"198.51.100.{7 + nth % 2}"
            events.append(
                _event(
                    account, at, ip=address, prompt=prompt, response_tokens=400 + nth, user_agent=user_agent
                )
            )
    write_table(folder / "accounts.csv", accounts)
    write_table(folder / "events.csv", events)
    write_table(folder / "payments.csv", payments)
    return World(folder, ring)


def _account(account: str, born: datetime, org: str, extraction: float) -> dict[str, object]:
    return {
        "account_id": account,
        "created_at": f"{born:%Y-%m-%dT%H:%M:%SZ}",
        "org": org,
        "extraction_score": f"{extraction:.1f}",
    }


def _event(account: str, at: datetime, **rest: object) -> dict[str, object]:
    return {"account_id": account, "timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", **rest}


def contents_of(path: Path) -> dict[str, list[str]]:
    """Read every row of every table of a case, sorted: what it says, not how its bytes lie."""
    database = duckdb.connect(str(path), read_only=True)
    try:
        names = [
            name
            for (name,) in database.execute("select table_name from duckdb_tables() order by 1").fetchall()
        ]
        return {name: sorted(map(repr, database.execute(f"from {name}").fetchall())) for name in names}
    finally:
        database.close()


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="Write the golden files anew; read the diff."
    )


def pytest_collection_modifyitems(items):
    """Leave what takes longest to CI: the default run is for the one who waits for it."""
    if os.environ.get("CI"):
        return
    skip = pytest.mark.skip(reason="slow: runs where CI is set, as in .ci/run")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def make_world():
    """A way to write worlds with other names in them."""
    return write_world


@pytest.fixture(scope="session")
def contents():
    """A way to compare cases: all they say, whatever their bytes."""
    return contents_of


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The small world; nobody may change its files."""
    return write_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def make_case(tmp_path_factory):
    """A way to make a case that holds a world and its run."""

    def made(world):
        path = tmp_path_factory.mktemp("case") / "linkage.duckdb"
        assert run(["ingest", str(world.folder), "--case", str(path)]) == 0
        assert run(["rings", "--case", str(path)]) == 0
        return path

    return made


@pytest.fixture(scope="session")
def case_of_world(make_case, world):
    """A case that holds the small world and its run; copy it before you change it."""
    return make_case(world)


@pytest.fixture
def case(tmp_path, case_of_world):
    """A copy of that case, to be changed."""
    return Path(shutil.copy(case_of_world, tmp_path / "case.duckdb"))


@pytest.fixture
def linkage(tmp_path, monkeypatch, capsys):
    """Run a command in an empty folder, with no settings in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LINKAGE_CASE", raising=False)

    def linkage(*arguments: object) -> Ran:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return linkage


@pytest.fixture(scope="session")
def recent_case(tmp_path_factory, case_of_world):
    """The case of the small world as if it were of last week: commands read the clock, and lists end."""
    path = Path(shutil.copy(case_of_world, tmp_path_factory.mktemp("recent") / "linkage.duckdb"))
    database = duckdb.connect(str(path))
    (last,) = database.execute("select max(happened_at) from events").fetchone()
    days = (datetime.now(UTC).replace(tzinfo=None) - last).days - 3
    database.execute("update events set happened_at = happened_at + to_days(?)", [days])
    database.execute("update accounts set created_at = created_at + to_days(?)", [days])
    database.execute("update facts set value = 'moved' where name in ('run', 'evidence')")
    database.close()
    assert run(["rings", "--case", str(path)]) == 0
    return path


@pytest.fixture
def desks(tmp_path, linkage, recent_case):
    """Two labs that saw the same ring, each with the other's key pinned."""
    both = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(recent_case, folder / "linkage.duckdb")
        both.append(Desk(folder, linkage))
    a, b = both
    a.settings("lab-a", lab_b=[])
    b.settings("lab-b", lab_a=[])
    keys = a.key(), b.key()
    a.settings("lab-a", lab_b=[keys[1]])
    b.settings("lab-b", lab_a=[keys[0]])
    return a, b


@pytest.fixture
def golden(request):
    """Compare bytes with a golden file; with --update-golden, write it."""

    def compare(name: str, found: bytes) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(found)
        assert path.is_file(), f"there is no golden file {name}: run pytest --update-golden"
        assert found == path.read_bytes()

    return compare
