"""``linkage match``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, FormatOption, SettingsPath
from linkage.cli.output import Format


def match(
    accounts: Annotated[
        bool, typer.Option("--accounts", help="One row an account, instead of one a selector.")
    ] = False,
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
) -> None:
    """Say which of your accounts partners' lists point to.

    A match is a reason to look. As a seed it is evidence of the next 'linkage rings', where it adds a little to what
    accounts share here, and links and bans nobody by itself. What you told of yourselves (echo), what points to too
    many accounts (quarantined) and what is shared for a look only (look) adds nothing.

    Tokens made with a hub are compared through that hub, which learns how many values you asked for and none of
    them: name it as sharing.hub in linkage.toml, and give your secret there in LINKAGE_HUB_TOKEN.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage match
    """
    import os

    from linkage import casework
    from linkage.cli.clock import now
    from linkage.cli.output import say, show
    from linkage.cli.start import opening, settings_for
    from linkage.sharing.hub_in_use import TOKEN, HubInUse
    from linkage.sharing.model import Scheme
    from linkage.sharing.standing import standing_selectors

    loaded = settings_for(settings)
    moment = now()
    hub = HubInUse.of(loaded.settings.sharing, os.environ.get(TOKEN))
    with opening(case, loaded.settings) as opened:
        found = casework.match_partners(opened, loaded.settings, by=by, now=moment, hub=hub)
        of_a_hub = {each.key_id for each in standing_selectors(opened, moment) if each.scheme is Scheme.oprf}
    if accounts:
        rows: list[dict[str, object]] = [
            {"account_id": account, "partner": each.producer, "ring": each.ring, "kind": each.kind,
             "standing": each.standing, "confidence": each.confidence}
            for each in found
            for account in each.accounts
        ]  # fmt: skip
    else:
        rows = [
            {"partner": each.producer, "ring": each.ring, "kind": each.kind, "standing": each.standing,
             "accounts": len(each.accounts), "confidence": each.confidence}
            for each in found
        ]  # fmt: skip
    show(rows, format=format)
    seeds = {account for each in found if each.standing == "seed" for account in each.accounts}
    days = loaded.settings.sharing.token_days
    unread = [
        key_id
        for key_id in sorted(of_a_hub)
        if hub is None or hub.accepted(key_id, moment, overlap_days=days) is None
    ]
    if unread:
        say(
            f"tokens made with a hub under {', '.join(unread)} were not compared: "
            "sharing.hub and sharing.hub_keys name no such key that still counts"
        )
    say(f"{len(found):,} selectors point to accounts here; {len(seeds):,} accounts are seeds for a look")
