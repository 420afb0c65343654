"""Groups whose members are surer of belonging together than apart are joined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.rings.membership import weigh_members
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from linkage.evidence.collect import Evidence
    from linkage.settings import RingSettings

    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]

GAIN = 0.3
"""Log odds, in bits, by which the typical members of two sides must be surer, averaged by how many they are. Two groups
of one size that have nothing in common lose a bit for each family that speaks for them, and the prior gives one back."""
NO_CAP = 1e6
LEAST_TIE = 0.3
"""Bits that a member of one group has in common with those of the other, on average, for the two to be tried."""
MOST_GROUPS = 12
"""What more groups than this hold is public."""
ROUNDS = 6


def join_telling(members: Table, evidence: Evidence, settings: RingSettings) -> Table:
    """Join those groups in which, put together, the members of either side are surer to belong.

    The search divides an operation where parts of it share more. Each part makes what all of them have for themselves
    common outside the other; put together, it is theirs alone. Whether that outweighs what each part has by itself, the
    log odds of the typical member say, as they say who belongs: a few accounts between two groups join nobody. No cap of
    a family counts here: under it, two groups that have nothing in common would lose nothing. Groups are tried in pairs,
    those first that have most in common, and each in one pair at a time; what was joined may be joined further.

    Args:
        members: ring, account.
        evidence: what accounts share.
        settings: how members are weighed.

    Returns:
        ring, account.
    """
    tried: set[tuple[tuple[int, int], ...]] = set()
    uncapped = replace(
        evidence,
        identifiers=derive(
            "select * replace (?::double as cap) from identifiers", [NO_CAP], identifiers=evidence.identifiers
        ),
    )
    rows = members.arrow("account")
    labels, accounts = rows["ring"].to_numpy().copy(), rows["account"].to_numpy()
    odds = _odds(members, uncapped, settings).copy()
    for _ in range(ROUNDS):
        sizes = dict(zip(*(each.tolist() for each in np.unique(labels, return_counts=True)), strict=True))
        pairs = _apart(_ties(members, evidence), sizes, tried)
        if not pairs:
            break
        # Groups do not know of each other here, so that only those in pairs are weighed.
        paired = np.flatnonzero(np.isin(labels, np.ravel(pairs)))
        joined = _labelled(labels[paired], pairs)
        trial = from_arrow(members.database, pa.table({"ring": joined, "account": accounts[paired]}))
        together = _odds(trial, uncapped, settings)
        changed = _by_group(labels[paired], together - odds[paired])
        better = [(one, other) for one, other in pairs if _surer([changed[one], changed[other]])]
        if better:
            kept = np.isin(labels[paired], np.ravel(better))
            labels[paired[kept]], odds[paired[kept]] = joined[kept], together[kept]
            members = from_arrow(members.database, pa.table({"ring": labels, "account": accounts}))
    return members


def _odds(members: Table, evidence: Evidence, settings: RingSettings) -> Floats:
    """Weigh members: log odds, in bits, by account.

    Sign-up times are left out: what they say is learned from all groups together, and no group's fate should hang on others.
    """
    weighed = weigh_members(members, evidence, selection=settings.selection_bits, timing=False)
    found = derive("select account, bits - prior as odds from weighed", weighed=weighed.members).arrow(
        "account"
    )
    odds: Floats = found["odds"].to_numpy()
    return odds


def _ties(members: Table, evidence: Evidence) -> Table:
    return derive(
        _TIES,
        [MOST_GROUPS, LEAST_TIE],
        members=members,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
        people=evidence.people,
    )


def _apart(
    ties: Table, sizes: Mapping[int, int], tried: set[tuple[tuple[int, int], ...]]
) -> list[tuple[int, int]]:
    """Choose pairs that were not tried as they are now, so that no group is in two of them; note them as tried."""
    chosen, taken = [], set[int]()
    for one, other, _ in ties.rows("tie desc, one, other"):
        pair = ((one, sizes[one]), (other, sizes[other]))
        if pair not in tried and taken.isdisjoint((one, other)):
            tried.add(pair)
            taken |= {one, other}
            chosen.append((one, other))
    return chosen


def _by_group(labels: Numbers, values: Floats) -> dict[int, Floats]:
    order = np.argsort(labels, kind="stable")
    groups, starts = np.unique(labels[order], return_index=True)
    return dict(zip(groups.tolist(), np.split(values[order], starts[1:]), strict=True))


def _surer(changed: Sequence[Floats]) -> bool:
    """Say whether the typical members of two sides are surer by enough, and neither of them less sure."""
    typical = [round(float(np.median(side)), 6) for side in changed]
    return bool(min(typical) >= 0 and np.average(typical, weights=[len(side) for side in changed]) >= GAIN)


def _labelled(labels: Numbers, pairs: Sequence[tuple[int, int]]) -> Numbers:
    """Give the second of each pair the number of the first."""
    number = np.arange(int(labels.max()) + 1)
    for one, other in pairs:
        number[other] = one
    return number[labels]


_TIES = """
    with held as (
        select ring, identifier, sum(sqrt(share)) as used from holdings join members using (account) group by all
    ),
    sizes as (select ring, count(*) as size from members group by ring),
    everybody as (select count(*) as size from people where not reference),
    common as (
        select ring, identifier, used / sizes.size as used,
            greatest(0, log2(everybody.size / (accounts + earlier))) as bits
        from held
        join sizes using (ring)
        join identifiers using (identifier)
        cross join everybody
        where family <> 'signup'
        qualify count(*) over (partition by identifier) between 2 and ?
    )
    select a.ring as one, b.ring as other, round(sum(least(a.used, b.used) * a.bits), 6) as tie
    from common as a
    join common as b using (identifier)
    where a.ring < b.ring
    group by all
    having tie >= ?
    """
