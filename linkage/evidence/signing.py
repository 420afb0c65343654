"""The pass over the text where the texts are elsewhere: each batch is signed and sampled where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.evidence.public import PUBLIC_PHRASES
from linkage.signatures.minhash import sign
from linkage.signatures.samples import Samples, sample
from linkage.spark.texts import select
from linkage.tables import Table, derive, transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from numpy.typing import NDArray

AT_ONCE = 1_000_000
"""Texts of which the signatures are fetched at a time."""
_SIGNED = pa.schema(
    [("row", pa.int64()), ("signature", pa.binary()), ("hashes", pa.binary()), ("content", pa.int64())]
)


def signed_elsewhere(
    asked: Table, rest: str, values: Sequence[Any], *, permutations: int
) -> Iterator[tuple[NDArray[np.uint32], Samples]]:
    """Sign and sample texts where they are, and hand over what was made of them, in the order of their rows.

    Args:
        asked: row (from 0), text, and more.
        rest: a select over ``batch`` (row, text) that gives row, text, rest: what is left of a text to be sampled.
        values: what is bound in it.
        permutations: how many values a signature has.
    """
    bare = derive("select row, text from asked", asked=asked)
    signed = transform(bare, _signing(rest, list(values), permutations), _SIGNED)
    for first in range(0, len(asked), AT_ONCE):
        batch = derive(
            "select * from signed where row between ? and ?", [first, first + AT_ONCE - 1], signed=signed
        )
        yield _read(batch.arrow("row"), permutations)
        batch.drop()
    signed.drop()
    bare.drop()


def _signing(rest: str, values: list[Any], permutations: int) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    def signed(batch: pa.RecordBatch) -> pa.RecordBatch:
        texts = select(rest, pa.Table.from_batches([batch]), values).sort_by("row")
        signatures = sign(texts["text"], permutations=permutations)
        samples = sample(texts["rest"], public=PUBLIC_PHRASES)
        pieces = np.split(samples.hashes, samples.ends[:-1]) if len(samples.ends) else []
        return pa.record_batch(
            [
                texts["row"].combine_chunks(),
                pa.array([row.tobytes() for row in signatures], pa.binary()),
                pa.array([piece.tobytes() for piece in pieces], pa.binary()),
                pa.array(samples.contents.view(np.int64)),
            ],
            schema=_SIGNED,
        )

    return signed


def _read(signed: pa.Table, permutations: int) -> tuple[NDArray[np.uint32], Samples]:
    signatures = np.frombuffer(b"".join(signed["signature"].to_pylist()), np.uint32)
    hashes = signed["hashes"].to_pylist()
    return signatures.reshape(-1, permutations), Samples(
        np.frombuffer(b"".join(hashes), np.uint64),
        np.cumsum([len(each) // 8 for each in hashes], dtype=np.int64),
        signed["content"].to_numpy().view(np.uint64),
    )
