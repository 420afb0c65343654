"""The few patterns we take, each by its whole shape: nothing in a pattern is ever evaluated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkage.sharing.model import Scheme
from linkage.sharing.readers import values
from linkage.sharing.readers.reader import RefusedError

if TYPE_CHECKING:
    from linkage.sharing.readers.values import Said

LONGEST = 16_384
_IP = re.compile(r"\[ipv([46])-addr:value = '([0-9a-fA-F.:/]{2,49})'\]")
_PART = r"[a-z0-9._-]{1,64}"
_TOKEN = re.compile(rf"\[x-linkage-token:value = '({_PART}):(hmac|oprf):({_PART}):([a-z2-7]{{1,256}})'\]")
_BAND = rf"'tpl-band:{_PART}:[a-z2-7]{{1,64}}'"
_BANDS = re.compile(rf"\[x-linkage-token:value (?:IN \({_BAND}(?:, {_BAND})*\)|= {_BAND})\]")
_ONE_BAND = re.compile(rf"'tpl-band:({_PART}):([a-z2-7]{{1,64}})'")


def said(pattern: object, minhash: object = None, kind: object = "template") -> Said:
    """Take what a pattern says.

    Args:
        pattern: as it stood in the file.
        minhash: the sketch of a template, which stands beside its pattern.
        kind: the kind of a template, which stands there, too.

    Returns:
        What it says.

    Raises:
        RefusedError: it is of no shape that we take, or what it says is not sound.

    >>> said("[ipv4-addr:value = '198.51.100.7']").value
    '198.51.100.7'
    """
    if not isinstance(pattern, str) or len(pattern) > LONGEST:
        raise RefusedError("its pattern is of no shape that we take")
    if address := _IP.fullmatch(pattern):
        found = values.raw("ip", address[2])
        if (":" in found.value) != (address[1] == "6"):
            raise RefusedError("its pattern is of no shape that we take")
        return found
    if token := _TOKEN.fullmatch(pattern):
        written, scheme, key_id, value = token.groups()
        return values.token(written, Scheme(scheme), key_id, value)
    if _BANDS.fullmatch(pattern):
        return _template(pattern, minhash, kind)
    raise RefusedError("its pattern is of no shape that we take")


def _template(pattern: str, minhash: object, kind: object) -> Said:
    bands = _ONE_BAND.findall(pattern)
    keys = {key_id for key_id, _ in bands}
    if len(keys) != 1:
        raise RefusedError("the bands of a template are of several keys")
    return values.template(kind, keys.pop(), minhash, [band for _, band in bands])
