"""How many prompts a second of CPU: our MinHash kernel and datasketch, at equal permutations on equal prompts.

Run from the repository: ``python tests/bench/bench_signatures.py``. Medians of three; compilation is not counted.
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import datasketch
import numpy as np
import pyarrow as pa

from linkage.signatures.minhash import sign
from linkage.signatures.words import words_of

SEED, WORDS_A_PROMPT = 11, 80
OURS, THEIRS = 200_000, 1_000  # prompts: datasketch is given fewer, at its pace
REPEATS = 3


def main() -> None:
    """Print one line a method."""
    prompts = generated_prompts(OURS)
    print(f"{processor()}, {platform.system()}, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("datasketch", "numba", "numpy", "pyarrow")))
    print(f"{WORDS_A_PROMPT}-word prompts, {np.mean([len(p) for p in prompts]):.0f} characters, seed {SEED}")
    column = pa.array(prompts)
    shingled = [shingles(prompt) for prompt in prompts[:THEIRS]]
    sign(column[:10])
    for permutations in (64, 128):
        report("ours", permutations, OURS, lambda k=permutations: sign(column, permutations=k))
        report("datasketch update", permutations, THEIRS, lambda k=permutations: one_by_one(shingled, k))
        report("datasketch update_batch", permutations, THEIRS, lambda k=permutations: batches(shingled, k))
        report("datasketch bulk", permutations, THEIRS, lambda k=permutations: bulk(shingled, k))


def report(name: str, permutations: int, prompts: int, work) -> None:
    """Time the work and print its pace; datasketch's excludes the shingling, ours includes it."""
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    pace = prompts / statistics.median(seconds)
    print(f"{name:<24} {permutations:>4} permutations {pace:>12,.0f} prompts per CPU second", flush=True)


def one_by_one(shingled: list[list[bytes]], permutations: int) -> None:
    """Sign as most code that uses datasketch does."""
    for each in shingled:
        minhash = datasketch.MinHash(num_perm=permutations)
        for shingle in each:
            minhash.update(shingle)


def batches(shingled: list[list[bytes]], permutations: int) -> None:
    """Sign with one call a prompt."""
    for each in shingled:
        datasketch.MinHash(num_perm=permutations).update_batch(each)


def bulk(shingled: list[list[bytes]], permutations: int) -> None:
    """Sign with one call for all prompts."""
    datasketch.MinHash.bulk(shingled, num_perm=permutations)


def shingles(prompt: str) -> list[bytes]:
    """Give the shingles of three words as datasketch wants them."""
    words = words_of(prompt)
    return [" ".join(words[start : start + 3]).encode() for start in range(len(words) - 2)]


def generated_prompts(count: int) -> list[str]:
    """Make prompts of a vocabulary with few frequent and many rare words."""
    chance = np.random.default_rng(SEED)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    vocabulary = np.array(["".join(chance.choice(letters, chance.integers(2, 10))) for _ in range(5_000)])
    chosen = (chance.zipf(1.3, (count, WORDS_A_PROMPT)) - 1) % len(vocabulary)
    return [" ".join(row) for row in vocabulary[chosen].tolist()]


def processor() -> str:
    """Name the machine's processor."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else []
    return next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


if __name__ == "__main__":
    main()
