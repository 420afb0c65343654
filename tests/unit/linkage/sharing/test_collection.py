"""A collection is fetched from where it was left, and nothing of it is forgotten that is needed to read the rest."""

from __future__ import annotations

import json
from contextlib import ExitStack

import pytest
from labs import ADDRESS, Rows, a_ring, strangers, two_labs

from linkage.sharing import collection
from linkage.sharing.collection import fetch, objects_in
from linkage.sharing.taxii import Pulled

URL = "https://taxii.example.com/labs/collections/1/"
RING = "R-AAAAAA"
USER = {"user": "lab-b", "password": "open sesame"}


class Server:
    """A server that holds what was brought to it, in the order it came."""

    def __init__(self):
        self.held = []
        self.asked = []

    def bring(self, objects):
        self.held += [each for each in objects if each not in self.held]

    def pull(self, url, *, added_after=None, user=None, password=None):
        self.asked.append((url, added_after, user, password))
        start = int(added_after or 0)
        return Pulled(tuple(self.held[start:]), str(len(self.held)) if self.held[start:] else None)


@pytest.fixture
def server(monkeypatch):
    made = Server()
    monkeypatch.setattr(collection, "pull", made.pull)
    return made


@pytest.fixture
def labs(tmp_path):
    rows = Rows()
    strangers(rows)
    members = a_ring(rows)
    theirs = Rows()
    strangers(theirs)
    theirs.live("neighbour", ip=ADDRESS)
    with ExitStack() as stack:
        yield two_labs(stack, tmp_path, rows, members, theirs)


def take(lab, tmp_path, **given):
    """Fetch what is new and take it in; say what became of it."""
    fetched = fetch(lab.case, URL, producer="lab-a", **given)
    (tmp_path / "fetched.json").write_bytes(fetched.bundle)
    done = lab.takes(tmp_path / "fetched.json", "lab-a", unsigned=True)
    with lab.case.changing():
        lab.case.note(*fetched.keep)
    return done


def test_what_went_to_a_server_is_taken_in_from_it(labs, server, tmp_path):
    a, b = labs
    server.bring(objects_in(a.exports("lab-b")))

    done = take(b, tmp_path, **USER)

    assert (done.rings, done.selectors, done.refused) == (1, 4, {})
    assert [each.accounts for each in b.matches() if each.kind == "ip"] == [("neighbour",)]
    assert server.asked == [(URL, None, "lab-b", "open sesame")]


def test_a_ring_that_is_taken_back_later_is_so_although_its_maker_does_not_come_again(labs, server, tmp_path):
    a, b = labs
    server.bring(objects_in(a.exports("lab-b")))
    take(b, tmp_path)
    b.matches()
    before = len(server.held)
    a.takes_back(RING)
    server.bring(objects_in(a.exports("lab-b")))
    done = take(b, tmp_path)

    assert server.asked[1][1] == str(before)
    assert not [each for each in server.held[before:] if each["type"] == "identity"]
    assert (done.taken_back, done.freed, done.refused) == ((RING,), ("neighbour",), {})


def test_where_nothing_is_new_nothing_is_there_to_take(labs, server, tmp_path):
    a, b = labs
    server.bring(objects_in(a.exports("lab-b")))
    take(b, tmp_path)
    first = fetch(b.case, URL, producer="lab-a")
    second = fetch(b.case, URL, producer="lab-a")

    assert (first.objects, second.objects) == (0, 0)
    assert [after for _, after, *_ in server.asked[1:]] == [str(len(server.held))] * 2


def test_what_was_not_taken_in_is_fetched_again(labs, server):
    a, b = labs
    server.bring(objects_in(a.exports("lab-b")))
    once, again = fetch(b.case, URL, producer="lab-a"), fetch(b.case, URL, producer="lab-a")

    assert once == again
    assert once.objects > 0


def test_another_partner_or_address_is_fetched_from_its_beginning(labs, server, tmp_path):
    a, b = labs
    server.bring(objects_in(a.exports("lab-b")))
    take(b, tmp_path)

    fetch(b.case, URL, producer="lab-z")
    fetch(b.case, f"{URL}x/", producer="lab-a")

    assert [after for _, after, *_ in server.asked] == [None, None, None]


def test_the_case_does_not_tell_the_address(labs, server, tmp_path):
    a, b = labs
    server.bring(objects_in(a.exports("lab-b")))
    take(b, tmp_path)

    assert "taxii.example.com" not in json.dumps(b.dump()["facts"])
