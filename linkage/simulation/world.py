"""Worlds: declared lists of scenarios, simulated into tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linkage.errors import SettingsError
from linkage.progress import at
from linkage.simulation.cast import Company, Room, by_name
from linkage.simulation.catalogue import (
    CHECKED,
    CROWDS,
    FITTED,
    HARD_CROWDS,
    HYDRA,
    RINGS,
    SCENARIOS,
    TOWN,
    UNSEEN,
    types,
    without,
)
from linkage.simulation.detector import rate
from linkage.simulation.land import Land
from linkage.simulation.ledger import Entry, keep_books
from linkage.simulation.lived_in import go_out, linger, name_themselves
from linkage.simulation.scenario import Scenario
from linkage.simulation.scenarios.everyone import Everyone
from linkage.simulation.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa


_DECLARED = 3000  # the number of accounts for which scenarios declare their sizes
_FEWEST = 500  # below it, a class or a carrier's neighbours no longer look like one


@dataclass(frozen=True)
class World:
    """A name, a sentence, and who plays in it; ordinary people fill the rest.

    Args:
        name: the word for it.
        sentence: what it is for.
        scenarios: what plays in every such world.
        company: what its seed draws from beside.
    """

    name: str
    sentence: str
    scenarios: tuple[Scenario, ...] = ()
    company: Company | None = None


WORLDS = {
    world.name: world
    for world in (
        World(
            "hydra",
            "Five rings, none of which one signal finds, among honest crowds that look linked.",
            HYDRA + TOWN,
        ),
        World("quiet", "The same honest crowds and no ring.", TOWN),
        World("mixed", "Any rings and crowds of the catalogue.", company=Company(RINGS, CROWDS)),
        World("calm", "Any crowds of the catalogue and no ring.", company=Company((), CROWDS)),
        World(
            "fitting",
            "Rings and crowds of the types that scores are fitted on.",
            company=Company(types(RINGS, FITTED), without(CROWDS, CHECKED | UNSEEN)),
        ),
        World(
            "checking",
            "Rings of the types on which fitted scores are made honest.",
            company=Company(types(RINGS, CHECKED), without(CROWDS, UNSEEN)),
        ),
        World(
            "unseen",
            "Rings of the types that nothing was fitted on, among any crowds.",
            company=Company(types(RINGS, UNSEEN), CROWDS),
        ),
        World(
            "hard",
            "The same rings among honest groups that share as much as rings do.",
            company=Company(types(RINGS, UNSEEN), HARD_CROWDS, always=True),
        ),
    )
}


def simulate(
    world: str | World = "hydra",
    *,
    seed: int = 7,
    accounts: int = 3000,
    events_per_account: float = 1.0,
    detector: float | None = None,
) -> dict[str, pa.Table]:
    """Make a world: accounts, a month of events, payments, an earlier reference, and the truth about them.

    All of it is invented. ``hydra`` at 3,000 accounts is a *small world*: some 10 to 15 % of its accounts belong to rings,
    far more than on a real platform, because rings and crowds of a believable size have to fit. In larger worlds rings
    grow with the square root and crowds with the number of accounts, so that the share falls (some 3 % of 50,000).

    Args:
        world: one of ``WORLDS``, or the name or number of a scenario, which then plays among any crowds; or a world of
            your own.
        seed: the same seed gives the same tables, byte for byte.
        accounts: how many accounts there are in all.
        events_per_account: a factor on everybody's requests; 1.0 is some seven requests an account.
        detector: how well an upstream detector sees, as in ``linkage.simulation.detector.rate``; accounts have an
            ``extraction_score`` then, and all else is as without one.

    Returns:
        ``accounts``, ``events``, ``payments``, ``reference`` (the two weeks before, nearly without rings), and ``truth``
        (``account_id``, ``ring``, ``crowd``: at most one of the two, neither for ordinary people).

    Raises:
        SettingsError: the world is unknown, or it cannot be made that small.

    >>> tables = simulate("quiet", seed=1, accounts=500)
    >>> tables["accounts"].num_rows, tables["truth"]["ring"].null_count
    (500, 500)
    """
    declared = _declared(world)
    _check(accounts, events_per_account)
    scale = accounts / _DECLARED
    land = Land(np.random.Generator(np.random.PCG64(_stream(seed, "land"))), scale=scale)
    room = Room(accounts)
    entries: list[Entry] = []
    for scenario, must in _cast(declared, seed, accounts):
        at(f"simulating {scenario.name}")
        stage = Stage.open(
            land, _stream(seed, scenario.name), scale=scale, busy=events_per_account, room=room.left
        )
        played = list(_play(scenario, stage))
        members = sum(len(entry.group.people) for entry in played if entry.ring)
        honest = sum(len(entry.group.people) for entry in played) - members
        if must:
            room.left -= members + honest
        elif not room.admit(members=members, honest=honest):
            continue
        if declared.company is not None:
            _settle(stage, played)
        entries += played
    tables = keep_books(entries, np.random.Generator(np.random.PCG64(_stream(seed, "books"))))
    if detector is None:
        return tables
    chances = np.random.Generator(np.random.PCG64(_stream(seed, "detector")))
    return tables | {"accounts": rate(tables, detector, chances)}


def _settle(stage: Stage, played: Sequence[Entry]) -> None:
    """Let the accounts of a composed world look lived in."""
    for entry in played:
        name_themselves(stage, entry.group)
        (linger if entry.ring else go_out)(stage, entry.group)


def _declared(world: str | World) -> World:
    """Look a world up by its name; one scenario is a world, too."""
    if isinstance(world, World):
        return world
    if world in WORLDS:
        return WORLDS[world]
    alone = tuple(by_name(SCENARIOS, world))
    if not alone:
        raise SettingsError(
            f"There is no world {world!r}; choose one of {', '.join(sorted(WORLDS))}, "
            f"or a scenario: {', '.join(sorted(scenario.name for scenario in SCENARIOS))}."
        )
    return World(world, "", alone, Company((), CROWDS))


def _cast(declared: World, seed: int, accounts: int) -> Iterator[tuple[Scenario, bool]]:
    """List who plays, and whether it must: what is drawn stays away where it does not fit."""
    yield from ((scenario, True) for scenario in declared.scenarios)
    if declared.company is not None:
        rings, crowds = declared.company.drawn(_stream(seed, "cast"), accounts)
        there = {scenario.name for scenario in declared.scenarios}
        yield from ((scenario, False) for scenario in (*rings, *crowds) if scenario.name not in there)
    yield Everyone(), True


def _check(accounts: int, events_per_account: float) -> None:
    if accounts < _FEWEST:
        raise SettingsError(f"A world of {accounts} accounts is too small; it takes {_FEWEST} or more.")
    if events_per_account <= 0:
        raise SettingsError(f"events_per_account is {events_per_account}; it must be greater than 0.")


def _stream(seed: int, name: str) -> np.random.SeedSequence:
    """Give each scenario a stream of its own by its name, so that adding one leaves the others as they were."""
    return np.random.SeedSequence(seed, spawn_key=tuple(name.encode()))


def _play(scenario: Scenario, stage: Stage) -> Iterator[Entry]:
    for number, group in enumerate(scenario.groups(stage), start=1):
        name = group.name or f"{scenario.name}-{number}"
        ring = scenario.ring if group.ring is None else group.ring
        crowd = scenario.crowd and not ring
        yield Entry(group, ring=name if ring else None, crowd=name if crowd else None)
