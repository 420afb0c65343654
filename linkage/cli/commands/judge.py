"""``linkage judge``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, SettingsPath
from linkage.decisions.judgements import Judgement


def judge(
    subject: Annotated[str, typer.Argument(help="A ring or an account.", metavar="RING|ACCOUNT")],
    judgement: Annotated[Judgement, typer.Argument(help="What you say of it.")],
    reason: Annotated[str, typer.Option(help="Why; read again by whoever reviews the ban.", metavar="TEXT")],
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Write down what you decided of a ring or an account.

    A later judgement counts, and does not erase an earlier one.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage judge acct_0ac332e59e watch --reason "same card as a ring of March"
    """
    from datetime import UTC, datetime

    from linkage import pipeline
    from linkage.cli.output import say
    from linkage.cli.start import settings_for
    from linkage.store import open_case

    if not reason.strip():
        raise typer.BadParameter("say why, in a few words", param_hint="--reason")
    loaded = settings_for(settings)
    with open_case(case, memory=loaded.settings.memory, wait=loaded.settings.wait) as opened:
        name = pipeline.judge(
            opened,
            subject,
            judgement.value,
            reason=reason.strip(),
            by=by,
            at=datetime.now(UTC).replace(tzinfo=None),
        )
    say(f"{name}: {judgement.value}")
