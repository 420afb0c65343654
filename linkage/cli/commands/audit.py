"""``linkage audit``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, SettingsPath
from linkage.cli.output import Format


def audit(
    verify: Annotated[
        bool, typer.Option("--verify", help="Say whether every line is as it was written.")
    ] = False,
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
) -> None:
    """List what was judged, shared and taken back, and by whom.

    Each line holds the digest of the one before it, so that none can be changed or left out unnoticed.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage audit --verify
    """
    import json

    from linkage.cli.output import say, show
    from linkage.cli.start import opening, settings_for
    from linkage.errors import DataError
    from linkage.sharing.audit import faults
    from linkage.sharing.records import Records

    loaded = settings_for(settings)
    with opening(case, loaded.settings) as opened:
        lines = Records(opened).audit()
        written = int(opened.fact("audit") or 0)
    if verify:
        found = faults(lines, written=written)
        if found:
            raise DataError("the audit log is not as it was written: " + "; ".join(found))
        say(
            f"{len(lines):,} lines, all as they were written; the last is {lines[-1][2] if lines else 'none'}"
        )
        return
    documents = [json.loads(document) for _, document, _ in lines]
    show(documents, format=format, columns=["number", "at", "what", "by", "details"])
