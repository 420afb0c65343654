"""Progress: silent unless somebody listens."""

from __future__ import annotations

import pytest

from linkage import progress


class Notes:
    def __init__(self):
        self.taken = []

    def step(self, what):
        self.taken.append(what)


def test_who_listens_hears_every_step_in_order():
    notes = Notes()

    with progress.listening(notes):
        progress.at("reading")
        progress.at("weighing")

    assert notes.taken == ["reading", "weighing"]


def test_nobody_hears_what_happens_outside():
    notes = Notes()

    progress.at("before")
    with progress.listening(notes):
        pass
    progress.at("after")

    assert notes.taken == []


def test_the_inner_listener_takes_over_and_gives_back():
    outer, inner = Notes(), Notes()

    with progress.listening(outer):
        with progress.listening(inner):
            progress.at("inside")
        progress.at("outside")

    assert (outer.taken, inner.taken) == (["outside"], ["inside"])


def test_a_failure_ends_the_listening():
    notes = Notes()

    def fail():
        with progress.listening(notes):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    progress.at("after")

    assert notes.taken == []
