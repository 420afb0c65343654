"""How often chance, or an honest group, looks as much like an extraction ring as this."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphs.shuffle import shuffle_inside
from linkage.evidence.decoys import strata_of
from linkage.scores.calibration import combine
from linkage.scores.discoveries import expected_false, false_discoveries
from linkage.scores.extraction import score_extraction
from linkage.tables import derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linkage.rings.membership import Membership
    from linkage.scores.calibration import Calibration
    from linkage.scores.extraction import Extraction
    from linkage.scores.observe import Behaviour
    from linkage.settings import ScoreSettings
    from linkage.tables import Table


def ring_odds(linked: Mapping[int, float], odds: Mapping[int, float | None]) -> dict[int, float]:
    """Give the log odds that each ring is one operation and extracts; rings of unknown behaviour are left out.

    >>> ring_odds({0: 0.9, 1: 0.9}, {0: 30.0, 1: None}).keys()
    dict_keys([0])
    """
    return {ring: combine(linked[ring], value) for ring, value in odds.items() if value is not None}


def decoy_odds(  # noqa: PLR0913 - all that a decoy is made of
    membership: Membership,
    decoys: Iterable[Membership],
    behaviour: Behaviour,
    settings: ScoreSettings,
    calibration: Calibration,
    *,
    seed: int,
) -> list[float]:
    """Give the log odds of groups that are rings by chance alone.

    Two sorts: the groups of worlds in which who shares what was dealt out anew (``linkage.evidence.decoys``), with
    what their accounts really do; and the rings found, each member's behaviour exchanged for that of a random account
    behind the same network operator, several times.

    Args:
        membership: the rings found.
        decoys: the groups of worlds with shuffled links.
        behaviour: what accounts do.
        settings: how behaviour is judged, and how many shuffles.
        calibration: what the parts of behaviour weigh.
        seed: of the shuffles.

    Returns:
        Log odds, rising.
    """
    found = [
        ring_odds(decoy.linked(), _scored(behaviour, decoy.members, settings, calibration).odds)
        for decoy in decoys
    ]
    linked = membership.linked()
    strangers = _dealt_out(membership, behaviour, settings.shuffles, seed)
    odds = _scored(behaviour, strangers, settings, calibration, suspects=membership.members).odds
    # The nth ring of the kth shuffle is numbered k * rings + n.
    found.append(ring_odds({number: linked[number % len(linked)] for number in odds}, odds))
    return sorted(value for odds in found for value in odds.values())


def _dealt_out(membership: Membership, behaviour: Behaviour, shuffles: int, seed: int) -> Table:
    """Put a random account of the same network in the place of each member, several times."""
    people = behaviour.people
    window = derive("select account, operator from people where not reference", people=people).arrow(
        "account"
    )
    strata, accounts = strata_of(window["operator"]), window["account"].to_numpy()
    dealt = pa.table(
        {
            "shuffle": np.repeat(np.arange(shuffles), len(accounts)),
            "account": np.tile(accounts, shuffles),
            "stand_in": np.concatenate(
                [np.empty(0, np.int64)]
                + [accounts[shuffle_inside(strata, seed=seed + number)] for number in range(shuffles)]
            ),
        }
    )
    return derive(
        """
        select shuffle * (select max(ring) + 1 from members) + ring as ring, stand_in as account
        from members
        join dealt using (account)
        """,
        members=membership.members,
        dealt=from_arrow(people.database, dealt),
    )


def q_values(
    odds: Mapping[int, float], decoys: Sequence[float], calibration: Calibration
) -> dict[int, float]:
    """Give for each ring the share of false ones to expect among all rings as strong, the largest of three.

    Once against decoys, once against the honest groups of the calibration: a ring must be both more than chance and
    more than an honest group. Chances are empirical, with one added (Phipson and Smyth 2010, eq. 2), and are turned
    into q-values over all rings of the run (Benjamini and Hochberg 1995). Where hardly any group of a run is a ring, the
    strongest of many honest ones would pass; so what the scores of those as strong leave open counts as well.

    Args:
        odds: log odds by ring.
        decoys: log odds of groups that are rings by chance alone, rising.
        calibration: honest groups.
    """
    rings = sorted(odds)
    by_chance = false_discoveries(
        [(1 + len(decoys) - bisect_left(decoys, odds[ring])) / (1 + len(decoys)) for ring in rings]
    )
    by_honest = false_discoveries([calibration.chance(odds[ring]) for ring in rings])
    by_score = expected_false([calibration.probability(odds[ring]) for ring in rings])
    return {ring: max(three) for ring, *three in zip(rings, by_chance, by_honest, by_score, strict=True)}


def _scored(
    behaviour: Behaviour,
    members: Table,
    settings: ScoreSettings,
    calibration: Calibration,
    suspects: Table | None = None,
) -> Extraction:
    return score_extraction(
        behaviour,
        members,
        smallest_stratum=settings.smallest_stratum,
        calibration=calibration,
        suspects=suspects,
    )
