"""The pass over the text where the texts are elsewhere: each batch is signed where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linkage.evidence.public import PUBLIC_PHRASES
from linkage.signatures.minhash import sign
from linkage.signatures.ready import PERMUTATIONS, write_ready
from linkage.signatures.samples import all_samples
from linkage.spark.texts import select
from linkage.tables import Table, derive, transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AT_ONCE = 1_000_000
"""Texts of which the signatures are fetched at a time."""
_SIGNED = pa.schema([("row", pa.int64()), ("ready", pa.binary())])


def signed_afar(asked: Table, rest: str, values: Sequence[Any]) -> Iterator[pa.Table]:
    """Sign texts where they are, and hand over what was made of them, in the order of their rows.

    Args:
        asked: row (from 0), text, ready (what was signed of a text that is not there), and more.
        rest: a select over ``batch`` (row, text) that gives row, text, rest in the order of rows: what is left of a
            text to be sampled.
        values: what is bound in it.

    Returns:
        row, text and rest (empty), ready.
    """
    bare = derive("select row, text, ready from asked", asked=asked)
    signed = transform(bare, _signing(rest, list(values)), _SIGNED)
    for first in range(0, len(asked), AT_ONCE):
        batch = derive(
            "select * from signed where row between ? and ?", [first, first + AT_ONCE - 1], signed=signed
        )
        rows = batch.arrow("row")
        nothing = pa.chunked_array([pa.nulls(len(rows), pa.string())])
        yield rows.append_column("text", nothing).append_column("rest", nothing)
        batch.drop()
    signed.drop()
    bare.drop()


def _signing(rest: str, values: list[Any]) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    def signed(batch: pa.RecordBatch) -> pa.RecordBatch:
        whole = pa.Table.from_batches([batch])
        there = whole["text"].is_valid()
        texts = select(rest, whole.filter(there).select(["row", "text"]), values)
        none = np.zeros(len(texts), np.uint64)
        made = write_ready(
            none,
            none,
            sign(texts["text"], permutations=PERMUTATIONS),
            all_samples(texts["rest"], public=PUBLIC_PHRASES),
        )
        told = whole.filter(pc.invert(there)).select(["row", "ready"]).cast(_SIGNED)
        together = pa.concat_tables([pa.table({"row": texts["row"], "ready": made}).cast(_SIGNED), told])
        columns = [together[name].combine_chunks() for name in _SIGNED.names]
        return pa.record_batch(columns, schema=_SIGNED)

    return signed
