"""The kinds of evidence, in the order they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.errors import SettingsError
from linkage.evidence.kinds.agent import SharedAgent
from linkage.evidence.kinds.asn import SharedAsn
from linkage.evidence.kinds.column import SharedColumn
from linkage.evidence.kinds.ip import SharedIp
from linkage.evidence.kinds.partner import PartnerSignal
from linkage.evidence.kinds.payment import SharedPayment
from linkage.evidence.kinds.prompt import SharedPrompt
from linkage.evidence.kinds.signup import SignupBurst
from linkage.settings import EvidenceSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkage.evidence.kind import EvidenceKind

KINDS: tuple[EvidenceKind, ...] = (
    SharedIp(),
    SharedAsn(),
    SharedPayment(),
    SharedPrompt(),
    SignupBurst(),
    SharedAgent(),
    PartnerSignal(),
)


def chosen_kinds(
    settings: Mapping[str, EvidenceSettings],
) -> tuple[tuple[EvidenceKind, ...], dict[str, EvidenceSettings]]:
    """Put the kinds to look at together: ours, those the settings declare, less those they switch off.

    Returns:
        The kinds, and for each its settings with the kind's own defaults filled in.

    Raises:
        SettingsError: a kind is neither ours nor declared with a column.

    >>> kinds, effective = chosen_kinds({"ip": EvidenceSettings(on=False), "device": EvidenceSettings(column="device")})
    >>> [kind.name for kind in kinds], effective["device"].cap
    (['asn', 'payment', 'prompt', 'signup', 'agent', 'partner', 'device'], 8.0)
    """
    ours = {kind.name for kind in KINDS}
    wrong = [
        f"evidence.{name}: there is no kind of this name; ours are {', '.join(sorted(ours))}; "
        f'declare another with column = "its column"'
        for name, given in settings.items()
        if name not in ours and not given.column
    ]
    wrong += [
        f"evidence.{name}.column: this kind reads its own column; map yours under [columns.{kind.reads[0]}]"
        for name, given in settings.items()
        for kind in KINDS
        if kind.name == name and given.column
    ]
    if wrong:
        raise SettingsError("\n".join(wrong))
    declared = tuple(
        SharedColumn(name, column=given.column, table=given.table)
        for name, given in sorted(settings.items())
        if given.column
    )
    effective = {kind.name: _filled(kind, settings.get(kind.name)) for kind in (*KINDS, *declared)}
    return tuple(kind for kind in (*KINDS, *declared) if effective[kind.name].on), effective


def _filled(kind: EvidenceKind, given: EvidenceSettings | None) -> EvidenceSettings:
    values = kind.defaults.model_dump()
    if given is not None:
        values |= given.model_dump(exclude_none=True, exclude_unset=True)
    return EvidenceSettings(**values)
