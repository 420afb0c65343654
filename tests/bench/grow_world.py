"""A world of more events than a machine can simulate at once: a simulated one, told over again in new words.

    python tests/bench/grow_world.py FOLDER [--accounts 250000] [--times 3.2] [--seed 11] [--events-per-account 3.3]
        [--memory 3GB]

A world is simulated as ``bench_scale.py`` does, and each of its events is told ``--times`` over: a copy comes some
hours later, from the same account and address, with the first half of its own prompt and the second half of one that
the account sends later. So prompts stay new, wrappers stay whole, and nobody shares more than before; but accounts say
everything at several hours, so such a world measures cost, and quality only roughly. As it is given here it makes
sixteen million events, of thirteen million different prompts.

The files lie in FOLDER as ``bench_scale.py`` looks for them, which then measures this world in place of its own::

    python tests/bench/bench_scale.py --keep FOLDER --sizes 250000 --seed 11

The same arguments make the same rows, in the same order.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import duckdb
from bench_scale import made

LATER = 7919
"""Seconds by which each copy comes after the one before: a prime, so that copies fall on no rhythm of the world."""


def main() -> None:
    """Simulate a world, grow it, and say how large it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the world comes to lie")
    parser.add_argument("--accounts", type=int, default=250_000)
    parser.add_argument("--times", type=float, default=3.2, help="events for each one simulated; 1 or more")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--events-per-account", type=float, default=3.3, help="a factor; 3.3 makes twenty")
    parser.add_argument("--memory", default="3GB", help="most memory for growing it")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        small = made(Path(spare), chosen.accounts, chosen)
        truth = small.with_name(f"{small.name}-truth.parquet")
        world = chosen.folder / small.name
        world.mkdir(parents=True)
        shutil.copy(truth, chosen.folder)
        for name in ("accounts", "payments"):
            shutil.copy(small / f"{name}.parquet", world)
        events, prompts = grow(small, world, times=chosen.times, memory=chosen.memory, spare=Path(spare))
    print(f"{world}: {chosen.accounts:,} accounts, {events:,} events, {prompts:,} different prompts")


def grow(small: Path, world: Path, *, times: float, memory: str, spare: Path) -> tuple[int, int]:
    """Write the events of a world told over, and count them and their different prompts.

    Args:
        small: the folder of the world.
        world: the folder of the larger one.
        times: events for each one of it.
        memory: most memory.
        spare: a folder for what does not fit into it.
    """
    target = world / "events.parquet"
    with duckdb.connect() as database:
        # One thread writes rows in the order in which they are read.
        database.execute(f"set threads = 1; set memory_limit = '{memory}'; set temp_directory = '{spare}'")
        database.execute(HALVES)
        database.execute(f"create temp view events as from '{small / 'events.parquet'}'")
        select = told_over(round(100 * times))
        database.execute(f"copy ({select}) to '{target}' (compression zstd, row_group_size 200000)")
        counted = f"select count(*), count(distinct prompt) from '{target}'"
        events, prompts = database.execute(counted).fetchall()[0]
    return events, prompts


def told_over(percent: int) -> str:
    """Write the select of all ``events``: those there are, and as many copies as are wanted for a hundred of them."""
    copies = range(1, -(-percent // 100))
    later = "".join(f", lead(prompt, {copy}) over own as later_{copy}" for copy in copies)
    beside = ", ".join(["nth", *(f"later_{copy}" for copy in copies)])
    told = f"select * exclude ({beside}) from sent"
    for copy in copies:
        wanted = min(100, percent - 100 * copy)
        told += f"""
            union all
            select * exclude ({beside}) replace (
                timestamp + to_seconds({copy * LATER}) as timestamp,
                case when prompt is null or later_{copy} is null then prompt
                    else first_half(prompt) || '. ' || second_half(later_{copy}) end as prompt,
                response_tokens + {copy} * (response_tokens % 7) as response_tokens
            )
            from sent
            where nth * {wanted} // 100 > (nth - 1) * {wanted} // 100
            """
    return f"""
        with sent as (
            select *, row_number() over own as nth{later}
            from events
            window own as (partition by account_id order by timestamp, prompt, ip, response_tokens)
        )
        {told}
        """


HALVES = """
    create temp macro sentences(prompt) as string_split(prompt, '. ');
    create temp macro half(prompt) as greatest(1, len(sentences(prompt)) // 2);
    create temp macro first_half(prompt) as array_to_string(sentences(prompt)[:half(prompt)], '. ');
    create temp macro second_half(prompt) as array_to_string(sentences(prompt)[half(prompt) + 1:], '. ');
    """


if __name__ == "__main__":
    main()
