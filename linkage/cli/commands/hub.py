"""``linkage hub``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def hub(
    config: Annotated[
        Path | None, typer.Option("--config", help="Run the hub that this file describes.", metavar="FILE")
    ] = None,
    new: Annotated[
        Path | None,
        typer.Option(
            "--new", help="Write such a file, and its keys beside it for the owner alone.", metavar="FILE"
        ),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen at.", metavar="ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port.", metavar="NUMBER")] = 8471,
) -> None:
    """Run a hub that makes tokens and learns no value or token.

    It belongs with somebody whom all members trust and who is none of them. It counts what each asks for, so that
    nobody can go through all addresses. It speaks plain HTTP: for others than this machine, put a server that speaks
    TLS before it.

    Example:
      linkage hub --help
    """
    from linkage.cli.clock import now
    from linkage.cli.output import say, say_data
    from linkage.errors import SettingsError
    from linkage.sharing.hub import HubConfig, hub_server
    from linkage.sharing.new_hub import write_new_hub

    if (config is None) == (new is None):
        raise typer.BadParameter("take one of --config FILE and --new FILE")
    if new is not None:
        made = write_new_hub(new, now())
        say(f"wrote {new}, and the secret keys to {made.keys_file}: whoever has them can try all there is")
        say("each member writes these public keys into its linkage.toml:")
        say_data("[sharing.hub_keys]\n" + "\n".join(f'{each} = "{key}"' for each, key in made.public.items()))
        say(
            f"to add a member, say lab-a, let it make a secret (openssl rand -hex 32), keep it in LINKAGE_HUB_TOKEN and "
            f"tell you what 'printf %s \"$LINKAGE_HUB_TOKEN\" | sha256sum' prints; then add to {new}:"
        )
        say("[members.lab-a]")
        say('token_sha256 = "what it prints"')
        say("quota = 100000  # values a day; about twice its new values of a day")
        say(f"then run 'linkage hub --config {new}'")
    elif config is not None:
        read = HubConfig.of(config)
        try:
            server = hub_server(read, host=host, port=port, log=say)
        except OSError as error:
            raise SettingsError(f"nothing can listen at {host}:{port}: {error.strerror}") from None
        with server:
            address, bound = server.server_address[:2]
            say(
                f"hub of {len(read.members):,} members and the quarters {', '.join(read.keys) or 'none'} "
                f"on http://{address!s}:{bound}; interrupt it to end it"
            )
            server.serve_forever()
