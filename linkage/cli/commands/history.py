"""``linkage history``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, MemoryOption, SettingsPath
from linkage.cli.output import Format


def history(
    name: Annotated[
        str,
        typer.Argument(
            help="The ring, such as R-7K2M9Q, or its place among all: 1 is the best.", metavar="RING"
        ),
    ],
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Tell the life of a ring, also of one that ended.

    When it was born and how it changed, what people said of it, and to whom it was shared. What happened to it stands under the day of the last event in the logs then, what people did under the time they
    did it.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage rings --min-score 0.7
      linkage history 1
    """
    from linkage import casework
    from linkage.cli.output import say, show, show_document
    from linkage.cli.start import opening, settings_for

    loaded = settings_for(settings, flags={"memory": memory}).settings
    with opening(case, loaded, reading=True) as opened:
        life = casework.history(opened, name)
    rows = [each.row() for each in life.steps]
    if format in {Format.json, Format.jsonl}:
        show_document(life.document(), rows, format=format)
        return
    show(rows, format=format, columns=["at", "what", "accounts", "score", "details"])
    say(life.sentence())
