"""Write thirty days of an invented platform, a folder each: ``python examples/nightly/make.py FOLDER``."""  # noqa: INP001 - a script

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linkage.simulation import simulate, write
from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.disguise import Wording, private_wrapper, put_before
from linkage.simulation.harvest import queue, reply_alike, write_harvest
from linkage.simulation.people import draw_people, fill, new_card
from linkage.simulation.requests import Requests
from linkage.simulation.scenario import Charges, Group, Scenario, monthly_charges
from linkage.simulation.scenarios.course import Course
from linkage.simulation.scenarios.office import Offices
from linkage.simulation.scenarios.vpn import VpnCustomers
from linkage.simulation.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage

DAYS = 30
BANNED = 12
"""The day at whose end the first crew of the ring is banned; the second acts from the next morning."""
ACCOUNTS = 600


@dataclass(frozen=True)
class Returns(Scenario):
    """A ring that is banned on day 12 and is back on day 13: other accounts and cards, the same template and issuer."""

    name: ClassVar[str] = "returns"
    ring: ClassVar[bool] = True

    first: int = 18
    second: int = 10

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the two crews, which are one operation."""
        wrapper = private_wrapper(stage)
        issuer = stage.land.virtual_bins[0]
        for size, since, until in (
            (self.first, START - 8 * DAY, START + BANNED * DAY - 2 * HOUR),
            (self.second, START + BANNED * DAY + HOUR, START + DAYS * DAY - HOUR),
        ):
            people = _crew(stage, size, since, days=10 if since < START else 0.25)
            cards = [new_card(stage) for _ in range(size // 5)]
            people.card[:] = [cards[member % len(cards)] for member in range(size)]
            people.bin = fill(size, issuer)
            people.requests = stage.requests(stage.rng.uniform(10, 16, size))
            requests = queue(stage, people, max(since, START), until)
            # Whoever is new is put to work at once.
            members, rows = np.unique(requests.who, return_index=True)
            requests.at[rows] = np.maximum(people.created_at[members] + HOUR, START + HOUR)
            _write(stage, requests, wrapper)
            yield Group(people, requests, monthly_charges(stage, people), name=self.name)


@dataclass(frozen=True)
class Drips(Scenario):
    """A ring that opens two accounts a day, each with a home and no card, which ask a little and go on asking."""

    name: ClassVar[str] = "drips"
    ring: ClassVar[bool] = True

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        people = _crew(stage, 2 * DAYS, START, days=DAYS - 1)
        people.created_at = START + np.arange(2 * DAYS) * DAY // 2 + stage.rng.integers(0, 8 * HOUR, 2 * DAYS)
        people.card[:], people.bin[:] = None, None
        counts = stage.requests(stage.rng.uniform(5, 9, 2 * DAYS))
        who = np.repeat(np.arange(2 * DAYS), counts)
        later = people.created_at[who] + (stage.rng.random(len(who)) * 9 * DAY).astype(np.int64)
        moments = np.minimum(later, START + DAYS * DAY - HOUR)
        requests = Requests.of(stage, people, who, moments)
        _write(stage, requests, private_wrapper(stage))
        yield Group(people, requests, Charges(), name=self.name)


def _crew(stage: Stage, size: int, since: int, *, days: float) -> People:
    people = draw_people(stage, size)
    people.roaming[:] = 0.0
    people.plan = fill(size, "pay_as_you_go")
    people.created_at = since + (np.sort(stage.rng.random(size)) * days * DAY).astype(np.int64)
    reply_alike(stage, people, (520, 700), (0.25, 0.4))
    return people


def _write(stage: Stage, requests: Requests, wrapper: str) -> None:
    """Ask for everything there is, in the ring's own wrapper."""
    rows = np.argsort(requests.at, kind="stable")
    write_harvest(stage, requests, rows, reasoning=0.4, details=(0, 2))
    put_before(stage, requests, rows, Wording([wrapper], 0.1))


def days_of(tables: dict[str, pa.Table]) -> Iterator[dict[str, pa.Table]]:
    """Split a world into days: each has the events and payments of the day, and the accounts seen first on it."""
    events, payments, accounts = tables["events"], tables["payments"], tables["accounts"]
    acted = pa.concat_tables([each.select(["account_id", "timestamp"]) for each in (events, payments)])
    first = acted.group_by("account_id").aggregate([("timestamp", "min")])
    accounts = accounts.join(first, "account_id", join_type="left outer").sort_by("account_id")
    seen = pc.fill_null(pc.coalesce(accounts["created_at"], accounts["timestamp_min"]), _moment(0))
    accounts = accounts.drop_columns(["timestamp_min"])
    for day in range(DAYS):
        new = _within(seen, day)
        yield {
            "accounts": accounts.filter(new),
            "events": events.filter(_within(events["timestamp"], day)),
            "payments": payments.filter(_within(payments["timestamp"], day)),
        } | ({"reference": tables["reference"]} if day == 0 else {})


def _within(moments: pa.ChunkedArray, day: int) -> pa.ChunkedArray:
    """Choose what lies within a day; all that came before the first lies within it."""
    before = pc.less(moments, _moment(day + 1))
    return before if day == 0 else pc.and_(before, pc.greater_equal(moments, _moment(day)))


def _moment(day: int) -> pa.Scalar:
    return pa.scalar(START + day * DAY, pa.timestamp("s", "UTC"))


WORLD = World(
    "nightly",
    "One ring that is banned and returns, one that drips, and a class.",
    (Returns(), Drips(), Course(), Offices(), VpnCustomers()),
)


def make(folder: Path, *, seed: int = 7) -> None:
    """Write the days, and beside them who really belongs to whom."""
    tables = simulate(WORLD, seed=seed, accounts=ACCOUNTS)
    for number, day in enumerate(days_of(tables), start=1):
        write(day, folder / f"day-{number:02}")
    write({"truth": tables["truth"]}, folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
