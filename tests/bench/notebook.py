"""What an analyst's notebook does with the same files: pandas, datasketch in a loop, networkx and its Louvain.

    python tests/bench/notebook.py FOLDER TO

Accounts that share an address, a card or a near-duplicate prompt are joined, one for each that they share; what more
than fifty hold is left out, or there is no end to it. The groups of five and more by Louvain are written down, the
accounts of one a line, in the file TO.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import networkx as nx
import pandas as pd
from datasketch import MinHash, MinHashLSH

MOST_HOLDERS = 50
SMALLEST = 5
WORD = re.compile(r"\w+")


def main() -> None:
    """Find the groups of a folder."""
    folder, to = Path(sys.argv[1]), Path(sys.argv[2])
    events = pd.read_parquet(folder / "events.parquet")
    payments = pd.read_parquet(folder / "payments.parquet")
    graph: nx.Graph[str] = nx.Graph()
    for holders in (
        *events.groupby("ip")["account_id"].unique(),
        *payments.groupby("fingerprint")["account_id"].unique(),
        *prompt_groups(events),
    ):
        if len(holders) <= MOST_HOLDERS:
            for one, other in combinations(sorted(holders), 2):
                known = graph.get_edge_data(one, other, {"weight": 0})
                graph.add_edge(one, other, weight=known["weight"] + 1)
    groups = [each for each in nx.community.louvain_communities(graph, seed=1) if len(each) >= SMALLEST]
    to.write_text("\n".join(" ".join(sorted(group)) for group in groups), encoding="utf-8")


def prompt_groups(events: pd.DataFrame) -> list[set[str]]:
    """Look every distinct prompt up among those before it, and put it with the first that is much like it."""
    said = events[events["prompt"].str.len() >= 40].groupby("prompt")["account_id"].unique()
    index, groups = MinHashLSH(threshold=0.8, num_perm=128), defaultdict(set)
    group_of: dict[str, int] = {}
    for number, (prompt, accounts) in enumerate(said.items()):
        words = WORD.findall(str(prompt).lower())
        shingles = {" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))}
        signature = MinHash(num_perm=128)
        signature.update_batch([shingle.encode() for shingle in shingles])
        found = index.query(signature)
        group_of[str(number)] = group_of[found[0]] if found else number
        groups[group_of[str(number)]] |= set(accounts)
        if not found:
            index.insert(str(number), signature)
    return list(groups.values())


if __name__ == "__main__":
    main()
