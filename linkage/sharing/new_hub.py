"""The first files of a hub: what it is told, and its secret keys."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.exports.file import write_whole
from linkage.sharing.oprf import HubKey
from linkage.sharing.secret_file import write_secret
from linkage.sharing.tokens import epoch_of, quarter

if TYPE_CHECKING:
    from datetime import datetime

_CONFIG = """\
# A hub of linkage. Deleting a quarter's line from the file of keys ends all tokens of that quarter.
secret_file = {keys}
state_file = {state}

# For each member a section such as
# [members.lab-a]
# token_sha256 = "64 hexadecimal digits: the SHA-256 of the secret that it sends"
# quota = 100000  # values a day
[members]
"""


@dataclass(frozen=True)
class NewHub:
    """A hub that was just made.

    Args:
        keys_file: where its secret keys are.
        public: what members pin, by quarter, in base64.
    """

    keys_file: Path
    public: Mapping[str, str]


def write_new_hub(path: Path, now: datetime) -> NewHub:
    """Write the settings of a hub, and keys for this quarter and the next, so that no member is late for it.

    Args:
        path: of the settings; the keys and the counts will stand beside them.
        now: the time.

    Raises:
        DataError: one of the files is there already, or cannot be written.
        MissingPartError: ``voprf`` is not installed.
    """
    epoch = epoch_of(now)
    keys = [HubKey(secrets.token_bytes(32), each) for each in (epoch, epoch_of(quarter(epoch)[1]))]
    public = {key.epoch: base64.b64encode(key.public_key).decode() for key in keys}
    keys_file = path.with_suffix(".keys")
    if path.exists() or keys_file == path:
        raise DataError(f"{path} is there already, or ends as the file of keys would: name another")
    write_secret(keys_file, "".join(f'{key.epoch} = "{key.secret.hex()}"\n' for key in keys).encode())
    # A text of JSON is one of TOML, whatever the file is called.
    names = {"keys": keys_file.name, "state": path.with_suffix(".counts.json").name}
    write_whole(path, _CONFIG.format(**{name: json.dumps(file) for name, file in names.items()}).encode())
    return NewHub(keys_file, public)
