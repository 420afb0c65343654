"""Weigh the pairs of accounts by what they share, account by account."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage import progress
from linkage.signatures.buffers import on_every_core
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence
    from linkage.settings import PairSettings

NEXT = 0.5
"""What the next rarest identifier of a family adds after a rarer one: they are rarely independent."""
ROUNDING = 1e-4
"""Bits by which rounding may move a sum, and more."""
PARTS = 16
"""So many parts of the work, for cores to take: few enough that what each sets out with costs little."""

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


def pair_accounts(evidence: Evidence, settings: PairSettings) -> Table:
    """Weigh the pairs of accounts by what they share, and keep the heavy ones.

    An operation that changes everything, but never everything at once, leaves no identifier and no pair of
    identifiers that ties it together; each two of its accounts share other things. What only visited counts less
    (see ``linkage.evidence.visits``), and what has more holders than ``largest`` not at all: pairs grow with the
    square of the holders.

    Among n accounts that share things by chance alone, each has 2^-b partners with whom it shares b bits beyond log2(n):
    so from how many bits on a pair is heavy grows with the number of accounts.

    Args:
        evidence: what accounts share.
        settings: from which bits on a pair is heavy, and how many holders an identifier may have.

    Returns:
        account, centre, weight: each pair is a centre of its own, with a spoke for either account.
    """
    progress.at("pairing accounts")
    (everybody,) = derive("select count(*) from people where not reference", people=evidence.people).rows()[0]
    holdings = derive(
        """
        select account, identifier, family, cap, bits, mutual
        from holdings
        join identifiers using (identifier)
        where bits > 0 and identifiers.accounts between 2 and ? and coalesce(why, '') not like 'known%'
        """,
        [settings.largest],
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )
    return derive(
        """
        with numbered as (select row_number() over (order by first, second) - 1 as centre, * from pairs)
        select unnest([first, second]) as account, centre, weight from numbered
        """,
        pairs=heavy_pairs(holdings, math.log2(max(1, everybody)) + settings.least_bits),
    )


def heavy_pairs(holdings: Table, least_bits: float) -> Table:
    """Add up the rarity (inverse document frequency) of all that two accounts share.

    Coordination networks are made in this way (Pacheco et al., ICWSM 2021, weigh traces by TF-IDF), and so is
    record linkage with term frequencies, but for its learnt weights. Within a family the next best counts half, and
    no family more than its cap. Sums are rounded to a millionth of a bit, family by family, so that the order of the
    terms cannot move one across the threshold.

    The pairs of one account are added up at a time, so that those which are not heavy are never stored.

    >>> import pyarrow as pa
    >>> from linkage.tables import from_arrow, open_database
    >>> card = {"identifier": 0, "family": "payment", "cap": 22.0, "bits": 9.0, "mutual": 1.0}
    >>> held = pa.Table.from_pylist([card | {"account": account} for account in (4, 7)])
    >>> heavy_pairs(from_arrow(open_database(), held), 8.0).rows()
    [(4, 7, 9.0)]

    Args:
        holdings: account, identifier, family, cap, bits and mutual (0 to 1). The table is dropped.
        least_bits: of a heavy pair.

    Returns:
        first, second (accounts), weight (bits).
    """
    from linkage.pairs.kernels import add_up  # noqa: PLC0415 - numba takes its time

    typed = derive(
        """
        select account::bigint as account, identifier::bigint as identifier, family, cap::double as cap,
            bits::double as bits, mutual::double as mutual
        from holdings
        """,
        holdings=holdings,
    )
    holdings.drop()
    rows = typed.arrow("account, family, bits desc, identifier, mutual")
    typed.drop()
    held = _Held.of(rows, least_bits)
    found = list(
        on_every_core(
            lambda part: add_up(
                part[0], part[1], held.starts, *held.columns, *held.holders, NEXT, least_bits
            ),
            _parts(held),
        )
    )
    firsts, seconds, weights = (np.concatenate([part[place] for part in found]) for place in range(3))
    return from_arrow(
        holdings.database,
        pa.table({"first": held.accounts[firsts], "second": held.accounts[seconds], "weight": weights}),
    )


@dataclass(frozen=True)
class _Held:
    """Who holds what, as ``add_up`` reads it.

    Args:
        accounts: the number of each account, ascending; their places stand for them below.
        starts: where each account's rows start, and the last one's end.
        columns: of each row the identifier (numbered from 0), the family (likewise), the cap, bits, and mutual.
        holders: where each identifier's holders start, the holders, and how far others use it as they do.
        after: how many later holders each row's identifier has at most.
    """

    accounts: Numbers
    starts: Numbers
    columns: tuple[Numbers, Numbers, Floats, Floats, Floats]
    holders: tuple[Numbers, Numbers, Floats]
    after: Numbers

    @classmethod
    def of(cls, rows: pa.Table, least_bits: float) -> _Held:
        """Number accounts and identifiers, and leave out accounts that make no heavy pair with anybody.

        Args:
            rows: by account and family, the most bits first.
            least_bits: of a heavy pair.
        """
        rows = rows.filter(pa.array(_promising(rows, least_bits)))
        account, identifier, cap, bits, mutual = (
            rows[name].to_numpy().copy()  # kernels are compiled anew for arrays that may not be written
            for name in ("account", "identifier", "cap", "bits", "mutual")
        )
        accounts, places = np.unique(account, return_inverse=True)
        identifiers = np.unique(identifier, return_inverse=True)[1]
        by_identifier = np.argsort(identifiers, kind="stable")
        starts = np.searchsorted(places, np.arange(len(accounts) + 1))
        holder_starts = np.searchsorted(
            identifiers[by_identifier], np.arange(identifiers.max(initial=-1) + 2)
        )
        after = np.empty(len(rows), np.int64)
        after[by_identifier] = holder_starts[identifiers[by_identifier] + 1] - np.arange(len(rows))
        return cls(
            accounts,
            starts,
            (identifiers, _families(rows), cap, bits, mutual),
            (holder_starts, places[by_identifier], mutual[by_identifier]),
            after,
        )


def _families(rows: pa.Table) -> Numbers:
    codes: Numbers = rows["family"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    return codes


def _promising(rows: pa.Table, least_bits: float) -> NDArray[np.bool_]:
    """Say which rows are of accounts that hold enough to make a heavy pair, shared with whomever."""
    if not len(rows):
        return np.zeros(0, np.bool_)
    accounts = rows["account"].to_numpy()
    fresh = np.ones(len(rows), np.bool_)
    fresh[1:] = (np.diff(accounts) != 0) | (np.diff(_families(rows)) != 0)
    starts = np.flatnonzero(fresh)
    place = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    sums = np.add.reduceat(rows["bits"].to_numpy() * NEXT**place, starts)
    most = np.minimum(np.maximum.reduceat(rows["cap"].to_numpy(), starts), sums)
    owners = np.unique(accounts, return_inverse=True)[1]
    enough = np.bincount(owners[starts], most) >= least_bits - ROUNDING
    return enough[owners]


def _parts(held: _Held) -> list[tuple[int, int]]:
    """Cut the accounts into parts of about equal work."""
    work = np.add.reduceat(held.after, held.starts[:-1]) if len(held.accounts) else np.zeros(0, np.int64)
    added = np.cumsum(work)
    cuts = np.searchsorted(added, np.linspace(0, added[-1] if len(added) else 0, PARTS + 1)[1:-1])
    ends = np.unique(np.concatenate([[0], cuts, [len(held.accounts)]])).tolist()
    return list(pairwise(ends)) or [(0, 0)]
