"""How well found rings match known ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from graphs import Partition, adjusted_rand, wholeness
from linkage.errors import DataError
from linkage.tables import open_database

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from linkage.rings.ring import Ring


@dataclass(frozen=True)
class Truth:
    """What is known of the accounts.

    Args:
        rings: account to the name of its ring; honest accounts are left out.
        bad: the accounts that should be flagged: those of rings, or those the file says are banned.
        crowds: honest account to the name of its crowd, where the file says one.
    """

    rings: Mapping[str, str]
    bad: frozenset[str]
    crowds: Mapping[str, str]


@dataclass(frozen=True)
class Evaluation:
    """How well the flagged accounts match the truth.

    Args:
        rings: how many rings were flagged.
        flagged: how many accounts are in them.
        precision: the share of them that are bad.
        recall: the share of the bad that are flagged.
        f1: the harmonic mean of the two.
        ring_ari: adjusted Rand index over the accounts of known rings; one in no found ring stands alone.
        found: the known rings of which at least one account is flagged, and how many known rings there are.
        wholeness: for each known ring the share of it in its largest fragment, on average.
        least_wholeness: the same of the worst known ring.
        honest_flagged: flagged accounts that are not bad.
        honest_by_crowd: the same by crowd.
    """

    rings: int
    flagged: int
    precision: float
    recall: float
    f1: float
    ring_ari: float
    found: tuple[int, int]
    wholeness: float
    least_wholeness: float
    honest_flagged: int
    honest_by_crowd: Mapping[str, int]

    def rows(self) -> list[dict[str, Any]]:
        """List the figures, one a row."""
        plain = {
            "rings flagged": self.rings,
            "accounts flagged": self.flagged,
            "precision": self.precision,
            "recall": self.recall,
            "F1": self.f1,
            "ring ARI": self.ring_ari,
            "known rings found": f"{self.found[0]} of {self.found[1]}",
            "wholeness, mean": self.wholeness,
            "wholeness, least": self.least_wholeness,
            "honest accounts flagged": self.honest_flagged,
        }
        crowds = {f"honest flagged: {name}": count for name, count in sorted(self.honest_by_crowd.items())}
        return [
            {"measure": name, "value": round(value, 4) if isinstance(value, float) else value}
            for name, value in (plain | crowds).items()
        ]


def read_truth(path: Path) -> Truth:
    """Read known rings: ``account_id`` and ``ring``, and where there are any ``banned`` and ``crowd``.

    Raises:
        DataError: the file cannot be read or lacks those columns.
    """
    database = open_database()
    try:
        relation = (
            database.from_parquet(str(path)) if path.suffix == ".parquet" else database.read_csv(str(path))
        )
        names = set(relation.columns)
    except duckdb.Error as error:
        raise DataError(f"{path} cannot be read as known rings: {str(error).splitlines()[0]}") from None
    if not {"account_id", "ring"} <= names:
        raise DataError(f"{path} has no columns account_id and ring; it has {', '.join(sorted(names))}")
    banned = "banned" if "banned" in names else "ring is not null"
    crowd = "crowd" if "crowd" in names else "null"
    rows = (
        relation.select(f"account_id::varchar, ring::varchar, {banned}, {crowd}::varchar")
        .order("1")
        .fetchall()
    )
    return Truth(
        {account: ring for account, ring, _, _ in rows if ring is not None},
        frozenset(account for account, _, bad, _ in rows if bad),
        {account: name for account, _, _, name in rows if name is not None},
    )


def evaluate(rings: Iterable[Ring], truth: Truth) -> Evaluation:
    """Measure flagged rings against the truth.

    >>> evaluate([], Truth({"a": "r", "b": "r"}, frozenset("ab"), {})).recall
    0.0
    """
    flagged_rings = list(rings)
    homes = {member.account_id: ring.ring for ring in flagged_rings for member in ring.members}
    hits = len(homes.keys() & truth.bad)
    precision = hits / len(homes) if homes else 1.0
    recall = hits / len(truth.bad) if truth.bad else 1.0
    honest = sorted(homes.keys() - truth.bad)
    accounts = sorted(truth.rings)
    known = _partition([truth.rings[account] for account in accounts])
    given = _partition([homes.get(account) for account in accounts])
    pieces = wholeness(known, given).tolist() or [1.0]
    return Evaluation(
        rings=len(flagged_rings),
        flagged=len(homes),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if hits else 0.0,
        ring_ari=adjusted_rand(known, given),
        found=(
            len({truth.rings[account] for account in accounts if account in homes}),
            len(set(truth.rings.values())),
        ),
        wholeness=sum(pieces) / len(pieces),
        least_wholeness=min(pieces),
        honest_flagged=len(honest),
        honest_by_crowd=Counter(truth.crowds.get(account, "nobody in particular") for account in honest),
    )


def _partition(names: Iterable[str | None]) -> Partition:
    numbers: dict[str, int] = {}
    return Partition.of([-1 if name is None else numbers.setdefault(name, len(numbers)) for name in names])
