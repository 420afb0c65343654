"""How many prompts a second of CPU are signed and grouped, by us and by peers, and what of the exact answer is found.

    python tests/bench/bench_signatures.py [--prompts 200000] [--peer 2000] [--banded 100000] [--seed 11] [--repeats 3]

- Signing, from raw text, at equal permutations: each way starts from the same list of strings and ends with all
  signatures. Ours reads the bytes. datasketch and rensa want tokens, so prompts are parted for them at spaces in lower
  case, which is the least that makes shingles of three words, and less than ours does (punctuation, scripts without
  spaces, invisible letters). datasketch hashes by SHA-1, its default; rensa by FxHash, to signatures of its own kind.
  rensa's rho is left out: it samples places of tokens, so the same words in another order are another signature.
- Bit for bit: signatures of ours beside datasketch's with our hash of a shingle as its ``hashfunc``.
- Banding, from ready signatures of 64 values in 16 bands of 4: ours ends with verified groups; datasketch inserts all
  and asks for the neighbours of each, without verification; rensa inserts all and flags those with a neighbour.
- Recall, on fewer prompts, against every pair compared by its exact sets of shingles.

CPU seconds are those of all threads together, so a pace is that of one core. Medians; compilation is not counted.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import datasketch
import numpy as np
import pyarrow as pa
import rensa
from exact_pairs import recall_of_near_duplicates, recall_of_wrappers
from made_prompts import families, prompts_of

from linkage.signatures.groups import group_near_duplicates
from linkage.signatures.minhash import lean_minhash, sign
from linkage.signatures.words import shingle_hash32, shingle_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIBRARIES = ("datasketch", "rensa", "numba", "numpy", "pyarrow")
BITWISE = 500  # prompts held against datasketch: our hash of a shingle is slow in plain Python
BANDS, WIDTH = 16, 4


def main() -> None:
    """Print the machine, then one line a figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prompts", type=int, default=200_000, help="signed by us")
    parser.add_argument("--peer", type=int, default=2_000, help="signed by peers, at their pace")
    parser.add_argument("--banded", type=int, default=100_000)
    parser.add_argument("--exact", type=int, default=10_000, help="compared with each other exactly")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    print(f"machine   {processor()}, {platform.system()}, Python {platform.python_version()}")
    print("versions  " + ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    print(f"command   python {' '.join(sys.argv)}")
    measure_signing(chosen)
    measure_banding(chosen)
    print(f"\nrecall    {chosen.exact:,} prompts, every pair compared, seed {chosen.seed}")
    print(recall_of_near_duplicates(chosen.exact, chosen.seed))
    print(recall_of_wrappers(chosen.exact, chosen.seed))


def measure_signing(chosen: argparse.Namespace) -> None:
    """Sign the same prompts in every way."""
    prompts = prompts_of(chosen.prompts, chosen.seed)
    letters = np.mean([len(prompt) for prompt in prompts])
    print(f"\nsigning   prompts of 80 words, {letters:.0f} characters, seed {chosen.seed}")
    column, few = pa.array(prompts), prompts[: chosen.peer]
    sign(column[:10])
    many = prompts[: 10 * chosen.peer]
    for permutations in (64, 128):
        ours = pace(chosen, len(prompts), lambda k=permutations: sign(column, permutations=k))
        print(f"  {permutations} permutations")
        print(f"    {'ours':<30} {ours:>12,.0f} prompts per CPU second")
        for name, given, work in (
            ("datasketch, one by one", few, one_by_one),
            ("datasketch, update_batch", few, batches),
            ("datasketch, bulk", few, bulk),
            ("rensa, one by one", many, rensa_one_by_one),
            ("rensa, digest matrix", many, rensa_matrix),
        ):
            theirs = pace(chosen, len(given), lambda w=work, g=given, k=permutations: w(g, k))
            print(f"    {name:<30} {theirs:>12,.0f} {ours / theirs:>8.1f} times", flush=True)
        same = sum(bit_for_bit(prompts[:BITWISE], permutations))
        print(f"    bit for bit datasketch's       {same:>12,} of {BITWISE:,} signatures")


def measure_banding(chosen: argparse.Namespace) -> None:
    """Find near-duplicates among the same signatures in every way."""
    texts = families(chosen.banded, chosen.seed)
    signatures = sign(pa.array(texts), permutations=BANDS * WIDTH)
    group_near_duplicates(signatures[:100], bands=BANDS)
    print(
        f"\nbanding   {len(texts):,} signatures of {BANDS * WIDTH}, three tenths of them in families of 2 to 10"
    )
    ours = 1 / pace(chosen, 1, lambda: group_near_duplicates(signatures, bands=BANDS))
    print(f"  {'ours, verified and grouped':<40} {ours:>9.4f} CPU-s")
    made = [lean_minhash(row) for row in signatures]
    matrix = rensa.RMinHash.digest_matrix_from_token_sets(
        [shingles(text) for text in texts], BANDS * WIDTH, chosen.seed
    )
    for name, work in (
        ("datasketch, insert and query", lambda: insert_and_query(made)),
        ("datasketch, insert alone", lambda: inserted(made)),
        ("rensa, insert and flag", lambda: flags(matrix)),
    ):
        theirs = 1 / pace(chosen, 1, work)
        print(f"  {name:<40} {theirs:>9.4f} CPU-s {theirs / ours:>8.1f} times", flush=True)


def pace(chosen: argparse.Namespace, prompts: int, work: Callable[[], object]) -> float:
    """Say how many prompts a CPU second the work is done for."""
    seconds = []
    for _ in range(chosen.repeats):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return prompts / statistics.median(seconds)


def shingles(prompt: str) -> list[str]:
    """Give the shingles of three words in the least Python that makes them."""
    words = prompt.lower().split()
    return [f"{one} {two} {three}" for one, two, three in zip(words, words[1:], words[2:], strict=False)]


def one_by_one(prompts: Sequence[str], permutations: int) -> None:
    """Sign as most code that uses datasketch does."""
    for prompt in prompts:
        minhash = datasketch.MinHash(num_perm=permutations, scheme="affine32")
        for shingle in shingles(prompt):
            minhash.update(shingle.encode())


def batches(prompts: Sequence[str], permutations: int) -> None:
    """Sign with one call a prompt."""
    for prompt in prompts:
        minhash = datasketch.MinHash(num_perm=permutations, scheme="affine32")
        minhash.update_batch([shingle.encode() for shingle in shingles(prompt)])


def bulk(prompts: Sequence[str], permutations: int) -> None:
    """Sign with one call for all prompts."""
    shingled = [[shingle.encode() for shingle in shingles(prompt)] for prompt in prompts]
    datasketch.MinHash.bulk(shingled, num_perm=permutations, scheme="affine32")


def rensa_one_by_one(prompts: Sequence[str], permutations: int) -> None:
    """Sign with one object a prompt."""
    for prompt in prompts:
        minhash = rensa.RMinHash(num_perm=permutations, seed=1)
        minhash.update(shingles(prompt))
        minhash.digest()


def rensa_matrix(prompts: Sequence[str], permutations: int) -> None:
    """Sign with one call for all prompts."""
    rensa.RMinHash.digest_matrix_from_token_sets((shingles(prompt) for prompt in prompts), permutations, 1)


def bit_for_bit(prompts: Sequence[str], permutations: int) -> list[bool]:
    """Say of each prompt whether datasketch, given our hash of a shingle, makes the signature we make."""
    ours = sign(pa.array(prompts), permutations=permutations)
    equal = []
    for row, prompt in zip(ours, prompts, strict=True):
        minhash = datasketch.MinHash(
            num_perm=permutations,
            scheme="affine32",
            hashfunc=lambda shingle: shingle_hash32(shingle.decode()),
        )
        for shingle in shingle_texts(prompt):
            minhash.update(shingle.encode())
        equal.append(bool((minhash.digest() == row).all()))
    return equal


def inserted(made: Sequence[datasketch.LeanMinHash]) -> datasketch.MinHashLSH:
    """Put all into an index."""
    index = datasketch.MinHashLSH(num_perm=BANDS * WIDTH, params=(BANDS, WIDTH))
    for key, minhash in enumerate(made):
        index.insert(key, minhash, check_duplication=False)
    return index


def insert_and_query(made: Sequence[datasketch.LeanMinHash]) -> None:
    """Put all into an index and ask for the neighbours of each."""
    index = inserted(made)
    for minhash in made:
        index.query(minhash)


def flags(matrix: rensa.RMinHashDigestMatrix) -> None:
    """Put all into an index and flag those that have a neighbour."""
    index = rensa.RMinHashLSH(threshold=0.6, num_perm=BANDS * WIDTH, num_bands=BANDS)
    index.insert_matrix_and_query_duplicate_flags(matrix)


def processor() -> str:
    """Name the machine's processor."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else []
    return next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


if __name__ == "__main__":
    main()
