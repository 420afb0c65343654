"""``linkage judge``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, SettingsPath
from linkage.decisions.judgements import Judgement


def judge(
    subjects: Annotated[
        list[str],
        typer.Argument(
            help="Accounts, and rings by their names or their places in the list of the last run: 1 is the best.",
            metavar="RING|ACCOUNT...",
            show_default=False,
        ),
    ],
    judgement: Annotated[Judgement, typer.Argument(help="What you say of them.")],
    reason: Annotated[str, typer.Option(help="Why; read again by whoever reviews the ban.", metavar="TEXT")],
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Write down what you decided of rings and accounts.

    A later judgement counts, and does not erase an earlier one; undo takes back the last one of each, so that what was
    said before it counts again. Of several all are judged, or none.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage judge acct_0ac332e59e watch --reason "same card as a ring of March"
    """
    from datetime import UTC, datetime

    from linkage import casework
    from linkage.cli.output import say
    from linkage.cli.start import opening, settings_for
    from linkage.decisions.said import last_words

    if not reason.strip():
        raise typer.BadParameter("say why, in a few words", param_hint="--reason")
    loaded = settings_for(settings)
    with opening(case, loaded.settings) as opened:
        names = casework.judge_all(
            opened,
            subjects,
            judgement.value,
            reason=reason.strip(),
            by=by,
            at=datetime.now(UTC).replace(tzinfo=None),
        )
        now = last_words(opened)
    for name in names:
        if name.isdigit():
            say(f"{name} is the name of an account here: no ring was judged by its place")
        before = f", which leaves {now.get(name, 'nothing said')}" if judgement is Judgement.undo else ""
        say(f"{name}: {judgement.value}{before}")
