"""The commands, in the order an investigator meets them; a name of two words is one of a group."""

from __future__ import annotations

from linkage.cli.commands import keys
from linkage.cli.commands.allow import allow
from linkage.cli.commands.audit import audit
from linkage.cli.commands.calibrate import calibrate
from linkage.cli.commands.check import check
from linkage.cli.commands.dispute import dispute
from linkage.cli.commands.evaluate import evaluate
from linkage.cli.commands.explain import explain
from linkage.cli.commands.export import export
from linkage.cli.commands.history import history
from linkage.cli.commands.hub import hub
from linkage.cli.commands.import_list import import_list
from linkage.cli.commands.ingest import ingest
from linkage.cli.commands.judge import judge
from linkage.cli.commands.kinds import kinds
from linkage.cli.commands.match import match
from linkage.cli.commands.psi import psi
from linkage.cli.commands.reference import reference
from linkage.cli.commands.report import report
from linkage.cli.commands.revoke import revoke
from linkage.cli.commands.ring import ring
from linkage.cli.commands.rings import rings
from linkage.cli.commands.serve import serve
from linkage.cli.commands.settings import settings
from linkage.cli.commands.signatures import signatures
from linkage.cli.commands.simulate import simulate

COMMANDS = (
    ("ingest", ingest),
    ("check", check),
    ("rings", rings),
    ("ring", ring),
    ("explain", explain),
    ("serve", serve),
    ("report", report),
    ("judge", judge),
    ("allow", allow),
    ("history", history),
    ("export", export),
    ("import", import_list),
    ("match", match),
    ("dispute", dispute),
    ("revoke", revoke),
    ("psi", psi),
    ("hub", hub),
    ("keys show", keys.show),
    ("keys pair", keys.pair),
    ("keys prepare", keys.prepare),
    ("keys rotate", keys.rotate),
    ("keys backup", keys.backup),
    ("keys restore", keys.restore),
    ("keys continue", keys.continue_from),
    ("audit", audit),
    ("evaluate", evaluate),
    ("calibrate", calibrate),
    ("simulate", simulate),
    ("reference", reference),
    ("signatures", signatures),
    ("kinds", kinds),
    ("settings", settings),
)

GROUPS = {"keys": "Show the public key of a case, and keep the secret ones."}
"""What the commands of a group are for, which its line in the list says."""
