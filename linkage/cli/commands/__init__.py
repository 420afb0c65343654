"""The commands, in the order an investigator meets them."""

from __future__ import annotations

from linkage.cli.commands.calibrate import calibrate
from linkage.cli.commands.check import check
from linkage.cli.commands.evaluate import evaluate
from linkage.cli.commands.explain import explain
from linkage.cli.commands.export import export
from linkage.cli.commands.ingest import ingest
from linkage.cli.commands.judge import judge
from linkage.cli.commands.kinds import kinds
from linkage.cli.commands.reference import reference
from linkage.cli.commands.ring import ring
from linkage.cli.commands.rings import rings
from linkage.cli.commands.settings import settings
from linkage.cli.commands.simulate import simulate

COMMANDS = (
    ("ingest", ingest),
    ("check", check),
    ("rings", rings),
    ("ring", ring),
    ("explain", explain),
    ("judge", judge),
    ("export", export),
    ("evaluate", evaluate),
    ("calibrate", calibrate),
    ("simulate", simulate),
    ("reference", reference),
    ("kinds", kinds),
    ("settings", settings),
)
