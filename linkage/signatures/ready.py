"""Ready signatures: all that is looked at of a text, made where the text lies and told in its place."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linkage.errors import DataError
from linkage.signatures.minhash import lean_minhash
from linkage.signatures.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from datasketch import LeanMinHash

READY = "signed-1:"
"""What a ready signature begins with, before its bytes in base64; the number is that of our hashes."""
PERMUTATIONS = 64
_HEAD = 3  # numbers of 64 bits before the MinHash: place, digest, words
_FIXED = _HEAD + PERMUTATIONS // 2
LEAST_BYTES = 8 * _FIXED
"""What a signature has at least: one without a shingle."""


@dataclass(frozen=True)
class Signed:
    """What some texts are recognised by.

    Args:
        minhashes: the MinHash of each, one row each.
        samples: the sampled shingles of each.
    """

    minhashes: npt.NDArray[np.uint32]
    samples: Samples


def write_ready(
    places: npt.NDArray[np.uint64],
    digests: npt.NDArray[np.uint64],
    minhashes: npt.NDArray[np.uint32],
    samples: Samples,
) -> pa.Array:
    """Write the signatures of texts as bytes.

    Args:
        places: the place of each text among all, in their order; whoever orders the bytes orders the texts so.
        digests: a digest of each, so that different texts of the same words are told apart.
        minhashes: rows of ``sign``.
        samples: all sampled shingles, those that only one text has among them.
    """
    counts = np.diff(samples.ends, prepend=0)
    ends = np.concatenate([[0], np.cumsum(counts + _FIXED)])
    content = np.empty(int(ends[-1]), np.uint64)
    shingles = np.ones(len(content), np.bool_)
    for column, values in enumerate((places.byteswap(), digests, samples.contents)):
        content[ends[:-1] + column] = values
        shingles[ends[:-1] + column] = False
    fixed = ends[:-1, None] + np.arange(_HEAD, _FIXED)
    content[fixed] = np.ascontiguousarray(minhashes).view(np.uint64)
    shingles[fixed] = False
    content[shingles] = samples.hashes
    offsets = pa.py_buffer((8 * ends).astype(np.int64))
    return pa.Array.from_buffers(
        pa.large_binary(), len(places), [None, offsets, pa.py_buffer(content.astype("<u8"))]
    )


def read_ready(contents: pa.Array) -> Signed:
    """Read the bytes of signatures.

    >>> from linkage.signatures.minhash import sign
    >>> from linkage.signatures.samples import all_samples
    >>> texts = pa.array(["one two three four five six seven", "alone"])
    >>> none = np.zeros(2, np.uint64)
    >>> read = read_ready(write_ready(none, none, sign(texts), all_samples(texts, scale=1)))
    >>> read.samples.ends.tolist(), bool((read.minhashes == sign(texts)).all())
    ([3, 3], True)

    Raises:
        DataError: they were not made by us, or were damaged on their way.
    """
    whole = contents.cast(pa.large_binary())
    _, places, content = whole.buffers()
    ends = np.frombuffer(places, np.int64)[whole.offset : whole.offset + len(whole) + 1]
    if (np.diff(ends) < LEAST_BYTES).any() or (np.diff(ends) % 8).any():
        raise _damaged()
    numbers = np.frombuffer(content, np.uint8)[ends[0] : ends[-1]].view("<u8").astype(np.uint64)
    starts, counts = (ends[:-1] - ends[0]) // 8, np.diff(ends) // 8 - _FIXED
    shingles = np.ones(len(numbers), np.bool_)
    shingles[starts[:, None] + np.arange(_FIXED)] = False
    minhashes = numbers[starts[:, None] + np.arange(_HEAD, _FIXED)].view(np.uint32)
    samples = Samples(numbers[shingles], np.cumsum(counts), numbers[starts + 2])
    if not _ascending(samples):
        raise _damaged()
    return Signed(minhashes, samples)


def _ascending(signed: Samples) -> bool:
    """Say whether the shingles of each text are in order and distinct, as the kernels take them to be."""
    rising = signed.hashes[1:] > signed.hashes[:-1]
    firsts = signed.ends[(signed.ends > 0) & (signed.ends < len(signed.hashes))]
    rising[firsts - 1] = True
    return bool(rising.all())


def _damaged() -> DataError:
    return DataError(
        f"prompt_signature: values that begin with '{READY}' are not what 'linkage signatures' wrote;"
        " write them anew, or take them out"
    )


def lean_minhashes(forms: Iterable[str]) -> Iterator[LeanMinHash]:
    """Give the MinHash of each ready signature as datasketch's own object, for its indexes.

    >>> from linkage.signatures.minhash import sign
    >>> from linkage.signatures.samples import all_samples
    >>> texts = pa.array(["one two three four", "One, two, three: four."])
    >>> none = np.zeros(2, np.uint64)
    >>> written = write_ready(none, none, sign(texts), all_samples(texts)).to_pylist()
    >>> first, second = lean_minhashes(READY + base64.b64encode(each).decode() for each in written)
    >>> first.jaccard(second)
    1.0

    Args:
        forms: values of the column ``prompt_signature``, as ``linkage signatures`` writes them.

    Raises:
        DataError: one of them is something else.
    """
    for form in forms:
        try:
            content = base64.b64decode(form.removeprefix(READY), validate=True)
        except (binascii.Error, ValueError):
            raise _damaged() from None
        if not form.startswith(READY):
            raise _damaged()
        (row,) = read_ready(pa.array([content], pa.large_binary())).minhashes
        yield lean_minhash(row)
