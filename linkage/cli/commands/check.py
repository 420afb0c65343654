"""``linkage check``."""

from __future__ import annotations

from linkage.cli.options import FormatOption, MemoryOption, SettingsPath, Sources
from linkage.cli.output import Format


def check(
    sources: Sources,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Say all that is wrong with logs, before anything is stored.

    Prints the rows that cannot be used, each with its file, line, column and reason. Ends with 3 if a file
    cannot be used at all.

    Example:
      linkage simulate hydra
      linkage check hydra
    """
    from contextlib import ExitStack

    from linkage import pipeline
    from linkage.cli import progress
    from linkage.cli.output import show
    from linkage.cli.start import report, settings_for

    loaded = settings_for(settings, sources, flags={"memory": memory})
    with ExitStack() as stack:
        with progress.shown():
            reading = stack.enter_context(pipeline.read(sources, loaded.settings))
        columns = reading.quarantine.columns
        rows = [dict(zip(columns, row, strict=True)) for row in reading.quarantine.rows()]
        if format is Format.table:
            columns = ("file", "place", "table_name", "column_name", "excerpt", "reason")
        show(rows, format=format, columns=columns)
        report(reading)
        reading.or_raise()
