"""``linkage check``."""

from __future__ import annotations

from linkage.cli.options import FormatOption, MemoryOption, SettingsPath, Sources
from linkage.cli.output import Format


def check(
    sources: Sources,
    settings: SettingsPath = None,
    format: FormatOption = Format.table,
    memory: MemoryOption = None,
) -> None:
    """Say all that is wrong with logs, before anything is stored.

    Prints the rows that cannot be used, each with its file, line, column and reason. Ends with 3 if a file
    cannot be used at all.

    Example: linkage check examples/hydra
    """
    from linkage import pipeline
    from linkage.cli import progress
    from linkage.cli.output import show
    from linkage.cli.session import report, settings_for

    loaded = settings_for(settings, sources, flags={"memory": memory})
    with progress.shown(), pipeline.read(sources, loaded.settings) as reading:
        columns = reading.quarantine.columns
        show([dict(zip(columns, row, strict=True)) for row in reading.quarantine.rows()], format=format, columns=columns)
        report(reading)
        reading.or_raise()
