"""``linkage keys``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, SettingsPath


def keys(
    pair: Annotated[
        str | None,
        typer.Option(help="Make the key that this partner and you share, or take theirs.", metavar="PARTNER"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="With --pair: write the shared key here.", metavar="FILE")
    ] = None,
    taken: Annotated[
        Path | None, typer.Option("--from", help="With --pair: take the partner's file.", metavar="FILE")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="With --pair: put a new shared key in place of the one there is.")
    ] = False,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Make the next signing key, and show its public half to pin.")
    ] = False,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Sign with the next key from now on; the old one is gone.")
    ] = False,
    backup: Annotated[
        Path | None, typer.Option(help="Write all secret keys here, to be locked away.", metavar="FILE")
    ] = None,
    restore: Annotated[
        Path | None, typer.Option(help="Take the keys of a backup into a new case.", metavar="FILE")
    ] = None,
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Show the public key of this case, and keep the secret ones.

    A partner writes the key that is printed into their linkage.toml, and you write theirs into yours. Back the
    secret keys up: without them nothing that was shared can be changed or taken back. Whoever has the backup can
    speak in your name.

    To change the signing key, make the next one with --prepare, let every partner pin it beside the old one, and
    then --rotate. A shared key that others may have seen is replaced with --pair PARTNER --renew, on both sides.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage keys
    """
    from datetime import UTC, datetime

    from linkage.cli.output import say, say_data
    from linkage.cli.start import settings_for
    from linkage.errors import DataError
    from linkage.opening import open_case
    from linkage.sharing import keyring as ring
    from linkage.sharing.audit import record
    from linkage.sharing.secret_file import read_secret, write_secret

    given = {"pair": pair, "backup": backup, "restore": restore, "prepare": prepare, "rotate": rotate}
    asked = [name for name, value in given.items() if value]
    if (
        len(asked) > 1
        or (pair is None and (out or taken or renew))
        or (pair and (out is None) == (taken is None))
    ):
        raise typer.BadParameter(
            "take one of --prepare, --rotate, --backup FILE, --restore FILE, or --pair PARTNER with --out FILE or "
            "--from FILE"
        )
    loaded = settings_for(settings)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    if pair is not None and pair not in loaded.settings.sharing.partners:
        raise DataError(
            f'{pair} is not listed: write {pair} = ["its public key"] under [sharing.partners] in linkage.toml first; '
            "[] will do until you have it"
        )
    with open_case(case, memory=loaded.settings.memory, wait=loaded.settings.wait) as opened:
        if restore is not None:
            said = f"{ring.restore(opened, read_secret(restore))} keys restored"
        elif backup is not None:
            write_secret(backup, ring.backup(opened))
            said = f"wrote all keys to {backup}: lock it away"
        elif pair is not None and taken is not None:
            ring.share_with(opened, pair, read_secret(taken), renew=renew)
            said = f"took the key shared with {pair}"
        elif pair is not None and out is not None:
            write_secret(out, ring.share_with(opened, pair, renew=renew))
            said = f"wrote the key shared with {pair} to {out}: hand it over by a safe way, then delete it"
        elif rotate:
            ring.rotate(opened)
            said = "lists are signed with this key from now on; back the keys up again"
        elif prepare:
            said = "the next key, which signs nothing yet: let every partner pin it beside the old one"
        else:
            said = ""
        public = ring.prepare_next(opened) if prepare else ring.keyring(opened).signing.public
        if asked:
            did = "renew" if renew else asked[0]
            with opened.changing():
                record(opened, "keys", at=now, by=by, did=did, partner=pair)
            say(said)
        say_data(public)
