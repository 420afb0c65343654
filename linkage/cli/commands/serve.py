"""``linkage serve``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, MemoryOption, SettingsPath


def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port on this machine; 0 takes any.", metavar="NUMBER")
    ] = 8765,
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Show rings on a page in the browser, to look at and to judge.

    Only this machine can reach it, and only the browser that opens the printed address, which works once. The case
    is opened for moments, so that other commands can use it meanwhile. Stop it with Ctrl-C.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage serve --port 0
    """
    from datetime import UTC, datetime

    from linkage.cli import progress
    from linkage.cli.output import say, say_data
    from linkage.cli.start import settings_for
    from linkage.web.serve import check_parts, listen
    from linkage.web.serve import serve as run

    check_parts()
    from linkage.web.desk import Desk

    loaded = settings_for(settings, flags={"memory": memory})
    with listen(port) as taken:
        with progress.shown():
            desk = Desk(case, loaded.settings, by, lambda: datetime.now(UTC).replace(tzinfo=None))
        say("open this address, once; Ctrl-C ends it")
        try:
            run(desk, taken, tell=say_data)
        except KeyboardInterrupt:
            say("stopped")
