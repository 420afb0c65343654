"""A case as the page sees it: read in short openings, never held open, so that other commands can use it meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkage import runs
from linkage.errors import DataError
from linkage.opening import open_case
from linkage.pictures.draw import VERSION
from linkage.rings.ring import Ring
from linkage.settings import Settings
from linkage.web import became as life
from linkage.web.ended import tell_ended
from linkage.web.reading import Reading, read, run_of, said_anew
from linkage.web.told import NOTHING, tell
from linkage.web.verdicts import in_force, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from linkage.store import Case

MOST_AT_ONCE = 200
"""Members judged at once: each is a line of the audit log."""
PATIENCE = 5.0
"""Seconds to wait for another program that has the case, before the page says so."""
NEWER = "the rings were looked for anew since: load the page again, and judge what you see then"
STALE = "the case has newer rows: start 'linkage serve' again"


@dataclass
class Desk:
    """All that the page asks and says.

    Args:
        path: the case file.
        settings: every knob.
        by: who sits here.
        clock: gives the time, in UTC.
    """

    path: Path
    settings: Settings
    by: str
    clock: Callable[[], datetime]
    _read: Reading = field(init=False)
    _stale: str | None = None
    _words: dict[str, str] = field(default_factory=dict, repr=False)
    _words_of: tuple[Ring, ...] | None = field(default=None, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        with runs.current(self.path, self.settings) as (case, finding):
            self._read = read(case, finding, self.settings, self._stamp())
        self._read = replace(self._read, stamp=self._stamp())

    def queue(self) -> dict[str, Any]:
        """List the rings, best first and then those that ended, each with the judgement in force."""
        with self._lock:
            self._refresh()
            verdicts = in_force(self._read.lines)
            rings = [
                ring.document()
                | {
                    "verdict": last and last.judgement,
                    "again": life.asks_again(ring, self._read.became[ring.ring]),
                }
                for ring in self._read.listed
                for last in [verdicts.get(ring.ring)]
            ]
            return {"rings": rings, "case": self.path.name, "stale": self._stale}

    def ring(self, name: str) -> dict[str, Any]:
        """Give one ring with its pictures; draws them where the run did not keep any.

        Raises:
            DataError: there is no such ring, or the case cannot be opened just now.
        """
        with self._lock:
            over = next((ring for ring in self._read.ended if ring.ring == name), None)
            if over is not None:
                return self._told_ended(over)
            if name not in {ring.ring for ring in self._read.rings}:
                raise DataError("the case has no such ring: it may have a new name since the last run")
            document = self._read.pictures.get(name)
            picture = json.loads(document) if document else {}
            if picture.get("version") != VERSION:
                picture = self._drawn(name)
            return tell(
                picture,
                self._read.standing.get(name, NOTHING),
                self._read.became[name],
                self._read.lines,
                case=str(self.path),
                snapshot=self._read.snapshot,
                report=False,
            ) | {"run": self._read.run}

    def _told_ended(self, ring: Ring) -> dict[str, Any]:
        return tell_ended(
            ring,
            self._read.became[ring.ring],
            self._read.lines,
            case=str(self.path),
            snapshot=self._read.snapshot,
        ) | {"run": self._read.run}

    def find(self, words: str) -> list[str]:
        """Name the rings of which a member, or an identifier listed in its picture, holds these words."""
        wanted = words.casefold()
        with self._lock:
            if self._words_of is not self._read.rings:
                every = (*self._read.rings, *self._read.ended)
                self._words = {ring.ring: self._searched(ring) for ring in every}
                self._words_of = self._read.rings
            return [name for name, told in self._words.items() if wanted in told]

    def _searched(self, ring: Ring) -> str:
        document = json.loads(self._read.pictures.get(ring.ring, "{}"))
        told = [member.account_id for member in ring.members]
        told += [row["identifier"] for row in document.get("evidence", {}).get("rows", ())]
        return "\n".join(told).casefold()

    def judge(self, subjects: Sequence[str], judgement: str, reason: str, run: str | None = None) -> None:
        """Write down what a person says of a ring or of members.

        Args:
            subjects: a ring, or members.
            judgement: the word.
            reason: why.
            run: which run the person saw: members who joined in a later one were not looked at.

        Raises:
            DataError: a subject is unknown, there are too many, the rings were looked for anew, or the case cannot be
                opened just now.
        """
        with self._lock:
            known = {ring.ring for ring in self._read.rings}
            known |= {ring.ring for ring in self._read.ended}
            known |= {member.account_id for ring in self._read.rings for member in ring.members}
            if not subjects or not known.issuperset(subjects):
                raise DataError("the case has no such ring or member")
            if len(subjects) > MOST_AT_ONCE:
                raise DataError(f"no more than {MOST_AT_ONCE} members are judged at once: tick fewer")
            with self._opened() as case:
                if run is not None and run != run_of(case):
                    raise DataError(NEWER)
                write(case, subjects, judgement, reason=reason, by=self.by, at=self.clock())
                self._take(case)
            self._read = replace(self._read, stamp=self._stamp())

    def _refresh(self) -> None:
        """Read anew where somebody else has changed the file; what was read stays where it cannot be opened."""
        stamp = self._stamp()
        if stamp == self._read.stamp:
            return
        try:
            with self._opened(reading=True) as case:
                self._take(case)
        except DataError as error:
            self._stale = str(error)
            return
        self._read = replace(self._read, stamp=self._stamp())

    def _take(self, case: Case) -> None:
        """Take in what a case says now: its judgements and, where it is whole, its run."""
        finding = runs.last_run(case, self.settings)
        if finding is None:
            self._stale = STALE
            self._read = said_anew(self._read, case)
        else:
            self._stale = None
            self._read = read(case, finding, self.settings, self._stamp())

    def _drawn(self, name: str) -> dict[str, Any]:
        with self._opened(reading=True) as case:
            finding = runs.last_run(case, self.settings)
            if finding is None:
                raise DataError(STALE)
            if run_of(case) != self._read.run:
                raise DataError(NEWER)
            drawn = runs.draw(case, finding, self.settings, [name])[name]
        self._read.pictures[name] = json.dumps(drawn)
        return drawn

    def _opened(self, *, reading: bool = False) -> AbstractContextManager[Case]:
        """Open the case for a moment; a page does not keep anybody waiting for long."""
        return open_case(self.path, memory=self.settings.memory, wait=PATIENCE, reading=reading)

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except OSError:  # whoever opens it says what is wrong
            return 0, 0
        return found.st_mtime_ns, found.st_size
