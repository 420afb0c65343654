"""Splink: probabilistic record linkage of accounts, trained without labels."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphs.pairs import PairGraph, joined
from linkage.errors import MissingPartError
from linkage.suite.baseline import Baseline, every
from linkage.suite.sharing import AGENTS, COARSE, SIGNUPS, held
from linkage.tables import derive, from_arrow, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphs import Partition
    from linkage.evidence.collect import Evidence
    from linkage.tables import Table

RECALL = 0.5
"""The share of one operator's pairs of accounts that we take to share things of two families; it sets the prior."""


class Splink(Baseline):
    """Compare pairs of accounts kind by kind, learn from the data what agreement is worth, and join likely pairs.

    Splink 5 (Ministry of Justice, UK): the model of Fellegi and Sunter, term-frequency adjustments, and expectation
    maximisation; then connected components of the pairs at or above a match probability. An account is one record:
    of each kind the rarest identifier it shares, whose agreement is weighed by its frequency, and the list of all.
    Pairs are compared that share more than a sign-up burst, a block of addresses, an operator or a bank. How often
    strangers agree is counted over all pairs rather than sampled. Who shares nothing of a kind is taken as unknown
    there or, with ``unknown`` 0, as disagreeing. Needs the extra ``peers``.
    """

    name = "splink"
    label = "Splink"
    grid = every(probability=(0.9, 0.5, 0.99, 0.999), largest=(50, 200), unknown=(1, 0))

    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Train a model, score pairs, and join the likely ones."""
        with _quiet():
            parts = _parts()
            holdings = held(evidence, "true", largest=knobs["largest"])
            kinds = _kinds(holdings)
            data = _gather(evidence, holdings, kinds) if kinds else None
            holdings.drop()
            pairs = _likely(parts, data, kinds, knobs) if data else None
        ends = [pairs[side].to_numpy() if pairs else [] for side in ("unique_id_l", "unique_id_r")]
        return joined(PairGraph.of(*ends, nodes=len(evidence.people)))


@dataclass(frozen=True)
class _Kind:
    """One kind of evidence as Splink compares it.

    Args:
        columns: the columns of the records that hold its levels, from fine to coarse.
        levels: the kind and level of each.
        blocks: those of them on which pairs are looked for.
    """

    columns: tuple[str, ...]
    levels: tuple[tuple[str, int], ...]
    blocks: tuple[str, ...]

    @property
    def exact(self) -> str:
        """The condition that the rarest identifiers are the same."""
        return f"{self.columns[0]}_l = {self.columns[0]}_r"

    @property
    def agreements(self) -> list[str]:
        """Ways to agree, the best first, as conditions on both sides of a pair."""
        common = [f"len(list_intersect({column}_all_l, {column}_all_r))" for column in self.columns]
        return [f"{common[0]} >= 2", self.exact, *(f"{count} >= 1" for count in common)]

    @property
    def unknown(self) -> str:
        """The condition that one side shares nothing of this kind with anybody."""
        sides = (" and ".join(f"{column}_{side} is null" for column in self.columns) for side in "lr")
        return " or ".join(f"({nothing})" for nothing in sides)


def _kinds(holdings: Table) -> list[_Kind]:
    listed = derive(
        f"""
        select kind, list(level order by level) as levels, list({COARSE} or {SIGNUPS} or {AGENTS} order by level) as weak
        from (select distinct kind, level from holdings)
        group by kind
        """,
        holdings=holdings,
    )
    kinds = []
    for number, (kind, levels, weak) in enumerate(listed.rows("kind")):
        columns = tuple(f"k{number}_{level}" for level in levels)
        blocks = tuple(column for column, aside in zip(columns, weak, strict=True) if not aside)
        kinds.append(_Kind(columns, tuple((kind, level) for level in levels), blocks))
    listed.drop()
    return kinds


@dataclass(frozen=True)
class _Data:
    """What Splink is given.

    Args:
        records: unique_id, and for each column the rarest identifier and, as ``…_all``, the list of all.
        frequencies: for each column, how often each identifier is held: column, identifier, frequency.
        pairs: how many pairs of accounts there are.
        both: how many of them share things of two families.
        agreeing: for each kind, how many of them agree in each way and in no better one.
    """

    records: pa.Table
    frequencies: pa.Table
    pairs: float
    both: int
    agreeing: tuple[tuple[int, ...], ...]


def _gather(evidence: Evidence, holdings: Table, kinds: Sequence[_Kind]) -> _Data:
    people = evidence.people
    (accounts,) = people.one(f"select count(*) from {people.name} where not reference")
    named = from_arrow(people.database, _names(kinds))
    records = derive(_records(kinds), holdings=holdings, named=named)
    frequencies = derive(
        """
        select distinct word, identifier, holders / ? as frequency
        from holdings
        join named using (kind, level)
        """,
        [accounts],
        holdings=holdings,
        named=named,
    )
    counted = derive(_counts(kinds), holdings=holdings, records=records)
    ((both, *agreeing),) = counted.rows()
    counts = iter(agreeing)
    data = _Data(
        records.arrow("unique_id"),
        frequencies.arrow("word, identifier"),
        accounts * (accounts - 1) / 2,
        both,
        tuple(tuple(next(counts) for _ in kind.agreements) for kind in kinds),
    )
    for table in (named, records, frequencies, counted):
        table.drop()
    return data


def _names(kinds: Sequence[_Kind]) -> pa.Table:
    rows = [
        {"word": word, "kind": kind, "level": level}
        for each in kinds
        for word, (kind, level) in zip(each.columns, each.levels, strict=True)
    ]
    return pa.Table.from_pylist(
        rows, pa.schema([("word", pa.string()), ("kind", pa.string()), ("level", pa.int32())])
    )


def _records(kinds: Sequence[_Kind]) -> str:
    columns = ", ".join(
        f"""
        first(identifier order by holders, identifier) filter (where word = '{word}') as {word},
        coalesce(list(identifier order by identifier) filter (where word = '{word}'), []) as {word}_all
        """
        for kind in kinds
        for word in kind.columns
    )
    return f"select account as unique_id, {columns} from holdings join named using (kind, level) group by account"


def _counts(kinds: Sequence[_Kind]) -> str:
    """Count over all pairs that share anything; the others agree in nothing."""
    words = [each for kind in kinds for word in kind.columns for each in (word, f"{word}_all")]
    sides = ", ".join(f"l.{word} as {word}_l, r.{word} as {word}_r" for word in words)
    ways = [
        f"case {' '.join(f'when {way} then {place}' for place, way in enumerate(kind.agreements))} end as way{number}"
        for number, kind in enumerate(kinds)
    ]
    counts = [
        f"count(*) filter (where way{number} = {place})"
        for number, kind in enumerate(kinds)
        for place in range(len(kind.agreements))
    ]
    return f"""
        with pairs as (
            select a.account as first, b.account as second, count(distinct a.family) as families
            from holdings as a
            join holdings as b using (identifier)
            where a.account < b.account
            group by all
        ),
        sides as (
            select families, {sides}
            from pairs
            join records as l on l.unique_id = first
            join records as r on r.unique_id = second
        ),
        agreed as (select families, {", ".join(ways)} from sides)
        select count(*) filter (where families >= 2), {", ".join(counts)} from agreed
        """


def _likely(
    parts: _Parts, data: _Data, kinds: Sequence[_Kind], knobs: Mapping[str, float]
) -> pa.Table | None:
    """Give the pairs at least as likely as ``probability``."""
    comparisons = [
        _comparison(parts, kind, agreeing, data.pairs, unknown=bool(knobs["unknown"]))
        for kind, agreeing in zip(kinds, data.agreeing, strict=True)
        if any(agreeing)
    ]
    blocks = [word for kind in kinds for word in kind.blocks]
    if not comparisons or not blocks:
        return None
    settings = parts.main.SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[
            parts.main.block_on(f"{word}_all", arrays_to_explode=[f"{word}_all"]) for word in blocks
        ],
        probability_two_random_records_match=min(max(data.both, 1) / RECALL / data.pairs, 0.5),
        retain_matching_columns=False,
    )
    linker = _linker(parts, data, settings, [kind.columns[0] for kind in kinds])
    for word in blocks:
        # Where nothing can be learnt from the pairs of a column, Splink's own initial values stay.
        with suppress(parts.untrainable):
            linker.training.estimate_parameters_using_expectation_maximisation(parts.main.block_on(word))
    likely = linker.inference.predict(float(knobs["probability"]), warning_mode="never")
    return likely.as_pyarrow_table()


def _comparison(parts: _Parts, kind: _Kind, agreeing: Sequence[int], pairs: float, *, unknown: bool) -> Any:  # noqa: ANN401 - Splink's own
    """Describe how two records agree; ways that no pair shows are left out, for nothing can be learnt of them."""
    level = parts.levels.CustomLevel
    levels = [level(kind.unknown).configure(is_null_level=True)] if unknown else []
    chances = [count / (pairs + 1) for count in agreeing]  # one more, so that something is left for the rest
    for way, chance in zip(kind.agreements, chances, strict=True):
        if chance:
            levels.append(level(way).configure(u_probability=chance))
            if way == kind.exact:
                # We say that this level is the exact one; finding it out takes Splink half of all its time.
                levels[-1].configure(
                    tf_adjustment_column=kind.columns[0], disable_tf_exact_match_detection=True
                )
    levels.append(parts.levels.ElseLevel().configure(u_probability=1 - sum(chances)))
    return parts.comparisons.CustomComparison(levels, output_column_name=kind.columns[0])


def _linker(parts: _Parts, data: _Data, settings: Any, words: Sequence[str]) -> Any:  # noqa: ANN401 - Splink's own
    """Set Splink up in a database of its own; one thread, so that sums come out the same every time."""
    database = open_database()
    database.execute("set threads = 1")
    interface = parts.main.DuckDBAPI(database)
    records = from_arrow(database, data.records)
    frequencies = from_arrow(database, data.frequencies)
    linker = parts.main.Linker(interface.register(records.name), settings, log_level=None)
    for word in words:
        lookup = derive(
            f"select identifier as {word}, frequency as tf_{word} from frequencies where word = ?",
            [word],
            frequencies=frequencies,
        )
        linker.table_management.register_term_frequency_lookup(interface.register(lookup.name), word)
    return linker


@dataclass(frozen=True)
class _Parts:
    """What we use of Splink."""

    main: Any
    comparisons: Any
    levels: Any
    untrainable: type[Exception]


def _parts() -> _Parts:
    try:
        main = import_module("splink")
    except ImportError:
        raise MissingPartError(
            "this baseline needs splink, an optional part: pip install 'linkage-rings[peers]'"
        ) from None
    return _Parts(
        main,
        import_module("splink.comparison_library"),
        import_module("splink.comparison_level_library"),
        import_module("splink.internals.exceptions").EMTrainingException,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Splink's log and warnings to itself."""
    log = logging.getLogger("splink")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
