"""What others would group accounts with, given the evidence that ours gets: one of them, in a process of its own.

    python tests/bench/peers.py evidence FOLDER KEPT
    python tests/bench/peers.py PEER KEPT TO

The first gathers what the accounts of a folder share, and keeps it. The second groups accounts by what was kept and
writes the groups of five and more down, the accounts of one a line, in the file TO. Addresses, cards, prompts and
sign-up bursts count one each; what more than fifty hold is left out, or the graph of pairs has no end.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from linkage import pipeline
from linkage.evidence.collect import Evidence, collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.settings import Settings
from linkage.suite.baselines.splink import Splink
from linkage.suite.sharing import ADDRESSES, CARDS, PROMPTS, SIGNUPS, held
from linkage.tables import from_arrow, open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from igraph import Graph

MOST_HOLDERS = 50
SMALLEST = 5
SEED = 1
SHARED = f"{ADDRESSES} or {CARDS} or {PROMPTS} or {SIGNUPS}"
TABLES = ("people", "identifiers", "holdings", "earlier_holdings")


def main() -> None:
    """Gather, or group."""
    what, source, to = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if what == "evidence":
        keep(source, to)
        return
    evidence = kept(source)
    names = evidence.people.arrow("account")["account_id"].to_pylist()
    groups = defaultdict(list)
    for account, group in enumerate(PEERS[what](evidence)):
        groups[group].append(names[account])
    lines = [
        " ".join(sorted(group)) for label, group in groups.items() if label >= 0 and len(group) >= SMALLEST
    ]
    to.write_text("\n".join(sorted(lines)), encoding="utf-8")


def keep(folder: Path, to: Path) -> None:
    """Gather what accounts share, as ours does, and keep it as files."""
    settings = Settings()
    with pipeline.read([str(folder)], settings) as reading:
        kinds, effective = chosen_kinds(settings.evidence)
        evidence = collect_evidence(pipeline.logs_of(reading.or_raise()), kinds, effective)
        to.mkdir(exist_ok=True)
        for name in TABLES:
            pq.write_table(getattr(evidence, name).arrow(), to / f"{name}.parquet")


def kept(folder: Path) -> Evidence:
    """Read it again."""
    database = open_database()
    return Evidence(*(from_arrow(database, pq.read_table(folder / f"{name}.parquet")) for name in TABLES), ())


def by_splink(evidence: Evidence) -> np.ndarray:
    """Compare pairs of accounts by Splink on DuckDB, trained without labels, and take connected likely pairs."""
    return Splink().partition(evidence, Splink.grid[0]).labels


def by_igraph(evidence: Evidence) -> Iterable[int]:
    """Project accounts and identifiers onto pairs by igraph, and find communities by its Leiden."""
    graph = projection(evidence)
    import igraph  # noqa: PLC0415 - one peer a process

    igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311 - no secret
    found = graph.community_leiden("modularity", weights="weight", n_iterations=-1)
    return found.membership


def by_leidenalg(evidence: Evidence) -> Iterable[int]:
    """Find communities of the same projection by leidenalg."""
    import leidenalg  # noqa: PLC0415 - one peer a process

    graph = projection(evidence)
    found = leidenalg.find_partition(graph, leidenalg.ModularityVertexPartition, weights="weight", seed=SEED)
    return found.membership


def by_networkit(evidence: Evidence) -> Iterable[int]:
    """Find communities of the same projection by networkit's Louvain with refinement, on one thread."""
    import networkit  # noqa: PLC0415 - one peer a process

    networkit.setNumberOfThreads(1)
    networkit.setSeed(SEED, useThreadId=False)
    pairs = projection(evidence)
    graph = networkit.Graph(pairs.vcount(), weighted=True)
    for (one, other), weight in zip(pairs.get_edgelist(), pairs.es["weight"], strict=True):
        graph.addEdge(one, other, weight)
    found = networkit.community.PLM(graph, refine=True)
    found.run()
    return found.getPartition().getVector()


def by_networkx(evidence: Evidence) -> Iterable[int]:
    """Project by networkx, and find communities by its Louvain."""
    import networkx as nx  # noqa: PLC0415 - one peer a process

    accounts, identifiers = holdings(evidence)
    graph = nx.Graph()
    graph.add_edges_from(zip(accounts.tolist(), (-1 - identifiers).tolist(), strict=True))
    pairs = nx.bipartite.weighted_projected_graph(graph, np.unique(accounts).tolist())
    labels = np.full(len(evidence.people), -1)
    for label, group in enumerate(nx.community.louvain_communities(pairs, seed=SEED)):
        labels[list(group)] = label
    return labels


def projection(evidence: Evidence) -> Graph:
    """Join every two accounts as often as they share something."""
    import igraph  # noqa: PLC0415 - one peer a process

    accounts, identifiers = holdings(evidence)
    people = len(evidence.people)
    _, numbers = np.unique(identifiers, return_inverse=True)
    sides = np.zeros(people + numbers.max(initial=-1) + 1, bool)
    sides[people:] = True
    two_sided = igraph.Graph.Bipartite(sides.tolist(), np.column_stack((accounts, people + numbers)).tolist())
    return two_sided.bipartite_projection(multiplicity=True, which=0)  # how often, as "weight"


def holdings(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Give who holds what, a row each, without what many hold."""
    rows = held(evidence, SHARED, largest=MOST_HOLDERS).arrow("account, identifier")
    return rows["account"].to_numpy(), rows["identifier"].to_numpy()


PEERS: dict[str, Callable[[Evidence], Iterable[int]]] = {
    "splink": by_splink,
    "igraph": by_igraph,
    "leidenalg": by_leidenalg,
    "networkit": by_networkit,
    "networkx": by_networkx,
}


if __name__ == "__main__":
    main()
