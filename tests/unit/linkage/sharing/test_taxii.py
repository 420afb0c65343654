"""What we say of TAXII servers is true of a real one, and a broken one is a sentence and no traceback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from labs import DAY, OTHER, Rows, acquaint, lab_of_two_rings, open_lab

from linkage.errors import DataError, MissingPartError
from linkage.sharing.collection import fetch_all, sealed_objects
from linkage.sharing.incoming import take_in_collection
from linkage.sharing.manifest import Standing
from linkage.sharing.received import read_objects
from linkage.sharing.stix_objects import EXTENSION
from linkage.sharing.taxii import Profile, latest, pull, push

pytest.importorskip("taxii2client")

MEDALLION = os.environ.get("MEDALLION") or shutil.which("medallion")
COLLECTION = "365fed99-08fa-4c2a-a1c3-9c9f4a0b9c6e"
USER = {"user": "lab-b", "password": "open sesame"}
MAKER = "identity--11111111-1111-4111-8111-111111111111"
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
AT = "2026-09-03T01:12:09.000Z"


def _id(kind, number):
    return f"{kind}--{uuid.UUID(int=number, version=4)}"


def _indicator(number, **changes):
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": _id("indicator", number),
        "created_by_ref": MAKER,
        "created": AT,
        "modified": AT,
        "object_marking_refs": [AMBER],
        "pattern": f"[ipv4-addr:value = '198.51.100.{number}']",
        "pattern_type": "stix",
        "valid_from": AT,
        "valid_until": "2026-10-03T01:12:09.000Z",
        "confidence": 90,
        "extensions": {
            EXTENSION: {
                "extension_type": "property-extension",
                "kind": "ip",
                "scheme": "raw",
                "rings": ["R-7K2M9Q"],
                "accounts": 5,
                "action": "log",
            }
        },
        **changes,
    }


def _objects():
    framed = {"spec_version": "2.1", "created": AT, "object_marking_refs": [AMBER]}
    identity = framed | {
        "type": "identity",
        "id": MAKER,
        "modified": AT,
        "name": "lab-a",
        "identity_class": "organization",
    }
    marking = framed | {"type": "marking-definition", "id": AMBER, "name": "TLP:AMBER"}
    definition = framed | {
        "type": "extension-definition",
        "id": EXTENSION,
        "modified": AT,
        "name": "Linkage",
        "version": "1.0.0",
    }
    address = {"type": "ipv4-addr", "spec_version": "2.1", "id": _id("ipv4-addr", 7), "value": "198.51.100.7"}
    return [identity, marking, definition, address, *map(_indicator, range(1, 61))]


@pytest.fixture
def medallion(tmp_path):
    """A real TAXII server on this machine, with one empty collection and pages of 25."""
    if not MEDALLION:
        pytest.skip("medallion is not installed; say where in MEDALLION")
    collection = {
        "id": COLLECTION,
        "title": "rings",
        "can_read": True,
        "can_write": True,
        "media_types": ["application/stix+json;version=2.1"],
        "objects": [],
        "manifest": [],
    }
    information = {
        "title": "labs",
        "versions": ["application/taxii+json;version=2.1"],
        "max_content_length": 9_000_000,
    }
    data = {
        "/discovery": {"title": "labs", "default": "/labs/", "api_roots": ["/labs/"]},
        "labs": {"information": information, "status": [], "collections": [collection]},
    }
    (tmp_path / "data.json").write_text(json.dumps(data))
    settings = {
        "backend": {
            "module": "medallion.backends.memory_backend",
            "module_class": "MemoryBackend",
            "filename": str(tmp_path / "data.json"),
        },
        "users": {USER["user"]: USER["password"]},
        "taxii": {"max_page_size": 25},
    }
    (tmp_path / "medallion.json").write_text(json.dumps(settings))
    port = _free_port()
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [MEDALLION, "--port", str(port), str(tmp_path / "medallion.json")], stdout=log, stderr=log
        )
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/labs/collections/{COLLECTION}/"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(port):
    for _ in range(300):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("medallion did not start")


def _by_name(objects):
    return sorted(objects, key=lambda each: (each["id"], each.get("modified", "")))


@pytest.mark.slow
def test_what_is_pushed_is_pulled_and_pushing_again_adds_nothing(medallion):
    objects = _objects()
    sent = [each for each in objects if each["type"] != "extension-definition"]

    first, second = push(medallion, objects, **USER), push(medallion, objects, **USER)
    pulled = pull(medallion, **USER)

    assert (first.new, first.known, first.failed) == (63, 0, 0)
    assert (second.new, second.known, second.failed) == (0, 63, 0)
    assert _by_name(pulled.objects) == _by_name(sent)
    assert len(read_objects(latest(pulled.objects), producer="lab-a").selectors) == 60


@pytest.mark.slow
def test_what_is_taken_back_comes_in_two_versions_of_which_the_last_is_revoked(medallion):
    push(medallion, _objects(), **USER)
    before = pull(medallion, **USER)

    gone = push(medallion, [_indicator(7, modified="2026-09-04T00:00:00.000Z", revoked=True)], **USER)
    versions = [each for each in pull(medallion, **USER).objects if each["id"] == _id("indicator", 7)]
    since = pull(medallion, added_after=before.added_last, **USER)

    assert gone.new == 1
    assert len(versions) == 2
    assert [each.get("revoked") for each in latest(versions)] == [True]
    assert [each["id"] for each in since.objects] == [_id("indicator", 7)]
    assert pull(medallion, added_after=since.added_last, **USER).objects == ()
    assert pull(medallion, added_after=since.added_last, **USER).added_last == since.added_last


@pytest.mark.slow
def test_fragile_servers_are_given_no_observables_and_no_markings(medallion):
    push(medallion, _objects(), profile=Profile.sdo_only, **USER)

    assert {each["type"] for each in pull(medallion, **USER).objects} == {"identity", "indicator"}


@pytest.mark.slow
def test_a_wrong_password_or_address_is_a_sentence(medallion):
    with pytest.raises(DataError, match="does not know this user and password"):
        pull(medallion, user="lab-b", password="wrong")  # noqa: S106 - that is the point
    with pytest.raises(DataError, match="has no such collection"):
        pull(medallion.replace("365fed99", "00000000"), **USER)


@pytest.mark.slow
def test_a_collection_beyond_our_bounds_is_not_read_to_its_end(medallion):
    push(medallion, _objects(), **USER)

    with pytest.raises(DataError, match="more than 2 pages"):
        pull(medallion, most_pages=2, **USER)
    with pytest.raises(DataError, match="more than 30 objects"):
        pull(medallion, most_objects=30, **USER)
    with pytest.raises(DataError, match="sends more than fits"):
        pull(medallion, most_bytes=5_000, **USER)


class _Hostile(BaseHTTPRequestHandler):
    """Answers each question with the next of what it was given; the first is always about the collection."""

    def do_GET(self):
        status, headers, body = self.server.answers[min(self.server.asked, len(self.server.answers) - 1)]
        self.server.asked += 1
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the library calls it so

    def log_message(self, *_):
        pass


@pytest.fixture
def hostile():
    """Start a server that answers what it is told to."""
    started = []

    def start(*answers):
        server = HTTPServer(("127.0.0.1", 0), _Hostile)
        server.answers, server.asked = [_about(), *answers], 0
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        started.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/labs/collections/{COLLECTION}/"

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


JSON = {"Content-Type": "application/taxii+json;version=2.1"}


def _about():
    return (
        200,
        JSON,
        json.dumps({"id": COLLECTION, "title": "x", "can_read": True, "can_write": True}).encode(),
    )


def _page(**envelope):
    return 200, JSON, json.dumps(envelope).encode()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((500, JSON, b'{"title": "InternalError"}'), "is broken"),
        ((302, {"Location": "http://example.com/"}, b""), "sends us elsewhere"),
        ((200, {"Content-Type": "text/html"}, b"<html>"), "not JSON"),
        ((200, {"Content-Type": "text/html"}, b"{}"), "other than TAXII"),
        ((200, JSON, b"[]"), "other than TAXII"),
        ((200, JSON, b'{"objects": 7}'), "other than TAXII"),
        ((200, JSON, b"[" * 100_000), "nested deeper"),
        ((200, JSON, b'{"objects": [{"confidence": NaN}]}'), "NaN"),
        ((200, JSON | {"Content-Encoding": "gzip"}, b"no gzip"), "connection broke"),
        ((200, JSON | {"X-TAXII-Date-Added-Last": "1 or 1=1"}, b"{}"), "time that the server names"),
        (_page(more=True), "does not say where"),
    ],
)
def test_whatever_a_server_answers_is_a_sentence(hostile, answer, sentence):
    with pytest.raises(DataError, match=sentence):
        pull(hostile(answer))


def test_a_server_that_never_ends_is_left(hostile):
    url = hostile(_page(more=True, next="on", objects=[{"id": "x"}]))

    with pytest.raises(DataError, match="more than 20 pages"):
        pull(url, most_pages=20)


def test_what_a_server_refuses_and_does_not_have_has_failed(hostile):
    status = {
        "id": str(uuid.uuid4()),
        "status": "complete",
        "total_count": 2,
        "success_count": 0,
        "failure_count": 2,
        "pending_count": 0,
    }
    there = {"id": _id("indicator", 1), "version": AT, "date_added": AT}
    url = hostile((202, JSON, json.dumps(status).encode()), _page(objects=[there]))

    found = push(url, [_indicator(1), _indicator(2)])

    assert (found.new, found.known, found.failed) == (0, 1, 1)


def test_nothing_listens_is_a_sentence():
    with pytest.raises(DataError, match="nothing answers there"):
        pull(f"http://127.0.0.1:{_free_port()}/labs/collections/{COLLECTION}/")


@pytest.mark.parametrize(
    "url",
    [
        "http://taxii.example.com/labs/collections/1/",
        "http://127.0.0.1.example.com/labs/",
        "https://lab-b:secret@taxii.example.com/labs/",
        "https://taxii.example.com/labs/?x=1",
        "ftp://taxii.example.com/",
        "file:///etc/passwd",
        "https://[",
        "https://taxii.example.com:port/",
        "",
    ],
)
def test_an_address_over_which_a_password_could_be_read_is_refused(url):
    with pytest.raises(DataError) as error:
        pull(url, **USER)
    assert "secret" not in str(error.value)


def test_a_time_that_is_none_is_refused_before_anybody_is_asked():
    with pytest.raises(DataError, match="the time from which to ask"):
        pull("https://taxii.example.com/labs/collections/1/", added_after="2026-13-03T00:00:00Z")


def test_half_of_a_login_is_refused():
    with pytest.raises(DataError, match="both or neither"):
        pull("https://taxii.example.com/labs/collections/1/", user="lab-b")


def test_without_the_client_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "taxii2client.v21", None)

    with pytest.raises(MissingPartError, match=r"linkage-rings\[taxii\]"):
        pull("https://taxii.example.com/labs/collections/1/")


@pytest.mark.slow
@pytest.mark.parametrize("profile", Profile)
def test_a_list_that_went_through_a_server_is_as_it_was_signed(medallion, tmp_path, profile):
    with ExitStack() as stack:
        a, b = lab_of_two_rings(stack, tmp_path), open_lab(stack, tmp_path / "partner", "lab-b", Rows())
        acquaint(a, b)
        push(medallion, sealed_objects(a.exports("lab-b"), a.case, profile), profile=profile, **USER)
        a.says(OTHER, "confirm")
        a.now = b.now = a.now + DAY
        push(medallion, sealed_objects(a.exports("lab-b"), a.case, profile), profile=profile, **USER)
        given = {"producer": "lab-a", "by": "lee", "now": b.now, "first": True}

        done = take_in_collection(b.case, fetch_all(medallion, **USER), b.settings, **given)

        assert (done.sequence, done.rings, done.refused) == (2, 2, {})
        assert b.takes(a.folder / "list_2", "lab-a").standing is Standing.seen
