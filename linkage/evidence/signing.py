"""Events whose prompts are signed, for whoever may look for rings but not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.evidence.kinds.prompt import LEAST_CHARACTERS
from linkage.evidence.public import PUBLIC_PHRASES
from linkage.evidence.texts import Texts
from linkage.signatures.minhash import sign
from linkage.signatures.ready import PERMUTATIONS, READY, write_ready
from linkage.signatures.samples import all_samples
from linkage.tables import derive, from_arrow

if TYPE_CHECKING:
    from linkage.tables import Logs, Table


def sign_events(logs: Logs) -> Table:
    """Write every event with the ready signature of its prompt in place of the text.

    Texts of system prompts are left out, and so is what the contract does not know, which may be text as well.
    A signature that the event brought along stays, where there is no prompt to sign.

    Args:
        logs: the checked tables; of them, the events.

    Returns:
        account_id, timestamp, ip, asn, prompt_signature, response_tokens, prompt_tokens, model, user_agent.
    """
    signed = _signed(logs)
    return derive(
        f"""
        select account_id, timezone('UTC', happened_at) as timestamp, ip, asn,
            coalesce('{READY}' || to_base64(ready), prompt_signature) as prompt_signature,
            response_tokens, prompt_tokens, model, user_agent
        from events
        left join signed on signed.text = events.prompt
        order by all
        """,
        events=logs.events,
        signed=signed,
    )


def _signed(logs: Logs) -> Table:
    """Sign each text once: text, ready."""
    distinct = derive(
        """
        with texts as (select distinct prompt as text from events where length(prompt) >= ?)
        select row_number() over () - 1 as row, 0 as account, text, null::blob as ready, 1 as count
        from (from texts order by text)
        """,
        [LEAST_CHARACTERS],
        events=logs.events,
    )
    digests = derive(
        "select row, ('0x' || left(md5(text), 16))::ubigint as digest from asked", asked=distinct
    ).arrow("row")["digest"]
    parts: dict[str, Table] = {}
    for batch in Texts.of(distinct).batches():
        ready = write_ready(
            np.arange(batch.rows.start, batch.rows.stop, dtype=np.uint64),
            digests[batch.rows].to_numpy(),
            sign(batch.texts, permutations=PERMUTATIONS),
            all_samples(batch.rest, public=PUBLIC_PHRASES),
        )
        rows = pa.table({"row": np.arange(batch.rows.start, batch.rows.stop), "ready": ready})
        parts[f"part{len(parts)}"] = from_arrow(distinct.database, rows)
    together = " union all ".join(f"from {name}" for name in parts) or (
        "select row, ready from asked limit 0"
    )
    return derive(
        f"select text, signed.ready as ready from asked join ({together}) as signed using (row)",
        asked=distinct,
        **parts,
    )
