"""The commands that two labs need beside a list: a hub, an exchange of sets, a TAXII server."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from labs import running

from linkage.sharing import collection, taxii
from linkage.sharing.hub import HubConfig, HubMember, hub_server
from linkage.sharing.oprf import HubKey
from linkage.sharing.psi import MOST_ASKED, MOST_SERVED
from linkage.sharing.taxii import Profile, Pulled, Pushed
from linkage.sharing.tokens import epoch_of

WRITTEN_ON = datetime(2026, 9, 14)  # noqa: DTZ001 - the last day of the small world
NOW = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
SECRETS = {"lab-a": "secret of a", "lab-b": "secret of b"}
URL = "https://taxii.example.com/labs/collections/1/"
DAYS = re.compile(r"\d{4}-\d\d-\d\d(?=T)")


@pytest.fixture(scope="module")
def recent(make_world, tmp_path_factory):
    """The small world as of a few days ago, for what is shared does not count for ever."""
    world = make_world(tmp_path_factory.mktemp("recent"))
    # The third day from now: no address and no token is from tomorrow.
    moved = timedelta(days=(NOW - WRITTEN_ON).days - 3)
    for path in world.folder.glob("*.csv"):
        path.write_text(
            DAYS.sub(lambda day: f"{datetime.fromisoformat(day[0]) + moved:%Y-%m-%d}", path.read_text())
        )
    return world


@pytest.fixture(scope="module")
def found(recent, make_case):
    """A case in which that world's ring was found."""
    return make_case(recent)


@pytest.fixture
def labs(tmp_path, found, linkage):
    """Two labs with the same accounts, each in a folder with its settings; the first confirmed its ring."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "linkage.duckdb").write_bytes(found.read_bytes())
    keys = {
        name: linkage("keys", "show", "--case", tmp_path / name / "linkage.duckdb").out.strip()
        for name in ("a", "b")
    }
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name / "linkage.toml").write_text(
            f'[sharing]\nname = "lab-{name}"\nfingerprints = true\ndocumentation_addresses = true\n'
            f'partners = {{ "lab-{other}" = ["{keys[other]}"] }}\n'
        )
    listed = json.loads(linkage("rings", "--case", found, "--format", "json").out)
    case = ("--case", tmp_path / "a" / "linkage.duckdb")
    assert linkage("judge", listed[0]["ring"], "confirm", "--reason", "one card", *case).code == 0
    return tmp_path


@pytest.fixture
def lab(labs, linkage, monkeypatch):
    """Run a command as one of the two labs."""

    def run_as(name, *arguments):
        monkeypatch.chdir(labs / name)
        monkeypatch.setenv("LINKAGE_HUB_TOKEN", SECRETS[f"lab-{name}"])
        return linkage(*arguments)

    return run_as


@pytest.fixture
def hub(labs, tmp_path):
    """A hub that both labs are members of."""
    pytest.importorskip("voprf")
    epoch = epoch_of(NOW)
    key = HubKey(bytes([7] * 32), epoch)
    members = {
        name: HubMember(hashlib.sha256(secret.encode()).hexdigest(), 10_000)
        for name, secret in SECRETS.items()
    }
    with running(hub_server(HubConfig(members, {epoch: key}, tmp_path / "counts.json"))) as url:
        for name in ("a", "b"):
            with (labs / name / "linkage.toml").open("a") as file:
                pinned = base64.b64encode(key.public_key).decode()
                file.write(f'hub = "{url}"\nhub_keys = {{ "{epoch}" = "{pinned}" }}\n')
        yield url


def audited(lab, name, what):
    lines = [json.loads(line) for line in lab(name, "audit", "--format", "jsonl").out.splitlines()]
    return [line["details"] for line in lines if line["what"] == what]


@pytest.mark.usefixtures("hub")
def test_hidden_addresses_are_found_again_through_the_hub(lab, labs, recent):
    sent = lab("a", "export", "--for", "lab-b", "--to", labs / "list", "--private-addresses")
    rows = [json.loads(line) for line in (labs / "list" / "selectors.jsonl").read_text().splitlines()]
    taken = lab("b", "import", labs / "list", "--from", "lab-a")
    matched = lab("b", "match", "--accounts", "--format", "jsonl")

    assert (sent.code, taken.code, matched.code) == (0, 0, 0)
    assert {row["scheme"] for row in rows if row["kind"] == "ip"} == {"oprf"}
    assert "198.51.100." not in (labs / "list" / "selectors.jsonl").read_text()
    # Both addresses and the card, which has too short a name to be a token of the two labs.
    pointed = [json.loads(line) for line in matched.out.splitlines()]
    for kind in ("ip", "payment"):
        assert {row["account_id"] for row in pointed if row["kind"] == kind} == set(recent.ring)


@pytest.mark.usefixtures("hub")
def test_whoever_has_no_hub_is_told_what_was_not_compared(lab, labs):
    lab("a", "export", "--for", "lab-b", "--to", labs / "list", "--private-addresses")
    settings = labs / "b" / "linkage.toml"
    lines = settings.read_text().splitlines()
    settings.write_text("\n".join(line for line in lines if not line.startswith("hub")))
    lab("b", "import", labs / "list", "--from", "lab-a")
    matched = lab("b", "match")

    assert matched.code == 0
    assert re.search(r"under vo1\.\d{4}q\d\.[0-9a-f]{8} were not compared: sharing\.hub", matched.err)


@pytest.mark.usefixtures("hub")
def test_a_dry_run_says_what_would_be_hidden_and_writes_nothing(lab, labs):
    shown = lab("a", "export", "--for", "lab-b", "--private-addresses", "--dry-run")

    assert shown.code == 0
    assert "ip       goes out as oprf" in shown.out
    assert not (labs / "a" / "list").exists()


@pytest.mark.usefixtures("hub")
def test_without_the_secret_the_command_says_where_it_is_looked_for(lab, labs, linkage, monkeypatch):
    lab("a", "keys", "show")
    monkeypatch.delenv("LINKAGE_HUB_TOKEN")
    sent = linkage("export", "--for", "lab-b", "--to", labs / "list", "--private-addresses")

    assert (sent.code, "LINKAGE_HUB_TOKEN" in sent.err) == (4, True)
    assert not (labs / "list").exists()


def test_without_a_hub_nothing_is_hidden(lab, labs):
    sent = lab("a", "export", "--for", "lab-b", "--to", labs / "list", "--private-addresses")

    assert (sent.code, "sharing.hub" in sent.err) == (4, True)


def test_options_of_a_partners_list_need_a_partner(linkage):
    for option in (("--private-addresses",), ("--taxii", URL)):
        told = linkage("export", *option)
        assert (told.code, "--for" in told.err) == (2, True)


def test_a_new_hub_is_written_once_and_its_keys_are_for_the_owner_alone(linkage, tmp_path):
    pytest.importorskip("voprf")
    made, again = (linkage("hub", "--new", tmp_path / "hub.toml") for _ in range(2))
    read = HubConfig.of(tmp_path / "hub.toml")

    assert (made.code, again.code) == (0, 3)
    assert (tmp_path / "hub.keys").stat().st_mode & 0o777 == 0o600
    pinned = dict(re.findall(r'^(\d{4}q\d) = "(.+)"$', made.out, re.MULTILINE))
    assert pinned == {epoch: base64.b64encode(key.public_key).decode() for epoch, key in read.keys.items()}
    assert len(pinned) == 2
    assert read.members == {}
    assert not set(re.findall(r"[0-9a-f]{64}", (tmp_path / "hub.keys").read_text())) & set(
        re.findall(r"[0-9a-f]{64}", made.out + made.err)
    )


def test_a_hub_answers_until_it_is_interrupted(linkage, tmp_path):
    pytest.importorskip("voprf")
    linkage("hub", "--new", tmp_path / "hub.toml")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    asked = [sys.executable, "-m", "linkage", "hub", "--config", "hub.toml", "--port", "0"]
    with subprocess.Popen(asked, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())[0]
        with urllib.request.urlopen(f"{address}/key", timeout=20) as answer:  # noqa: S310 - our own
            told = json.loads(answer.read())
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()

    assert told["epoch"] in HubConfig.of(tmp_path / "hub.toml").keys
    assert process.returncode == 130
    assert "Traceback" not in said


def test_a_hub_that_cannot_be_is_said_in_a_sentence(linkage, tmp_path, monkeypatch):
    pytest.importorskip("voprf")
    linkage("hub", "--new", tmp_path / "hub.toml")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        busy = linkage("hub", "--config", tmp_path / "hub.toml", "--port", port)
    assert (busy.code, f"127.0.0.1:{port}" in busy.err) == (4, True)
    assert linkage("hub").code == 2
    assert linkage("hub", "--config", tmp_path / "none.toml").code == 4
    monkeypatch.setitem(sys.modules, "voprf", None)
    absent = linkage("hub", "--new", tmp_path / "other.toml")
    assert (absent.code, "linkage-rings[oprf]" in absent.err) == (5, True)
    assert not list(tmp_path.glob("other*"))


def exchange(lab, kind="payment"):
    """Go through the steps, and give what each said."""
    return [
        lab("a", "psi", "setup", "--kind", kind, "--with", "lab-b", "--state", "s", "--out", "../setup"),
        lab("b", "psi", "request", "--kind", kind, "--with", "lab-a", "--state", "s", "--out", "../request"),
        lab("a", "psi", "respond", "--state", "s", "--in", "../request", "--out", "../response"),
        lab(
            "b",
            "psi",
            "finish",
            "--state",
            "s",
            "--setup",
            "../setup",
            "--in",
            "../response",
            "--format",
            "csv",
        ),
    ]


@pytest.mark.parametrize("kind", ["payment", "ip"])
def test_the_lab_that_asks_learns_which_of_its_accounts_are_in_the_ring(lab, labs, recent, kind):
    pytest.importorskip("private_set_intersection.python")
    steps = exchange(lab, kind)

    assert [step.code for step in steps] == [0, 0, 0, 0]
    assert steps[3].out.splitlines() == [
        "account_id,kind",
        *(f"{each},{kind}" for each in sorted(recent.ring)),
    ]
    assert [line["step"] for line in audited(lab, "a", "psi")] == ["setup", "respond"]
    assert [line["step"] for line in audited(lab, "b", "psi")] == ["request", "finish"]
    for name in ("setup", "request", "response"):
        content = (labs / name).read_bytes()
        assert b"fp_" not in content
        assert b"198.51.100" not in content


def test_a_request_is_answered_once(lab, labs):
    pytest.importorskip("private_set_intersection.python")
    exchange(lab)
    again = lab("a", "psi", "respond", "--state", "s", "--in", "../request", "--out", "../more")

    assert not (labs / "a" / "s").exists()
    assert (again.code, (labs / "more").exists()) == (3, False)


def test_a_state_is_the_owners_alone_and_never_replaced(lab, labs):
    pytest.importorskip("private_set_intersection.python")
    asked = ("psi", "request", "--kind", "payment", "--with", "lab-a", "--state", "s", "--out", "request")
    first, second = lab("b", *asked), lab("b", *asked)

    assert (first.code, second.code) == (0, 3)
    assert (labs / "b" / "s").stat().st_mode & 0o777 == 0o600


def test_a_state_is_not_left_where_the_file_could_not_be_written(lab, labs):
    pytest.importorskip("private_set_intersection.python")
    asked = (
        "psi",
        "request",
        "--kind",
        "payment",
        "--with",
        "lab-a",
        "--state",
        "s",
        "--out",
        "none/request",
    )

    assert lab("b", *asked).code == 3
    assert not (labs / "b" / "s").exists()


def test_more_than_was_agreed_on_is_not_asked_for(lab):
    pytest.importorskip("private_set_intersection.python")
    asked = ("psi", "request", "--kind", "payment", "--with", "lab-a", "--state", "s", "--out", "request")
    told = lab("b", *asked, "--most", "10")

    assert (told.code, "1 to 10" in told.err) == (3, True)


def test_only_partners_of_the_settings_are_exchanged_with(lab):
    for step in ("setup", "request"):
        told = lab("a", "psi", step, "--kind", "payment", "--with", "lab-z", "--state", "s", "--out", "x")
        assert (told.code, "sharing.partners" in told.err) == (4, True)


def test_the_help_says_how_many_values_go_into_an_exchange(linkage):
    told = " ".join(linkage("psi", "--help").out.split())

    assert f"[default: {MOST_ASKED}; 1<=x<={MOST_SERVED}]" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("setup", "--state", "s"),
        ("setup", "--state", "s", "--kind", "ip", "--with", "lab-b", "--out", "x", "--in", "y"),
        ("respond", "--state", "s", "--out", "x"),
        ("finish", "--state", "s", "--in", "x"),
        ("finish", "--state", "s", "--in", "x", "--setup", "y", "--out", "z"),
        ("begin", "--state", "s"),
    ],
)
def test_a_step_says_what_it_takes(linkage, arguments):
    assert linkage("psi", *arguments).code == 2


def test_without_the_library_the_exchange_says_what_to_install(lab, labs, monkeypatch):
    monkeypatch.setitem(sys.modules, "private_set_intersection.python", None)
    told = lab(
        "b", "psi", "request", "--kind", "payment", "--with", "lab-a", "--state", "s", "--out", "request"
    )

    assert (told.code, "linkage-rings[psi]" in told.err) == (5, True)
    assert not (labs / "b" / "s").exists()


@pytest.fixture
def server(monkeypatch):
    """A TAXII server that has whatever was brought, and notes who came."""
    held, came = [], []

    def push(url, objects, *, user, password, profile):
        came.append(("push", url, user, password, profile))
        new = [each for each in objects if each not in held]
        held.extend(new)
        return Pushed(len(new), 0, 0)

    def pull(url, *, added_after, user, password):
        came.append(("pull", url, user, password, added_after))
        start = int(added_after or 0)
        return Pulled(tuple(held[start:]), str(len(held)) if held[start:] else None)

    monkeypatch.setattr(taxii, "push", push)
    monkeypatch.setattr(collection, "pull", pull)
    monkeypatch.setenv("LINKAGE_TAXII_USER", "lab")
    monkeypatch.setenv("LINKAGE_TAXII_PASSWORD", "open sesame")
    return came


def test_a_list_goes_to_a_server_and_comes_from_it(lab, labs, server, recent):
    sent = lab(
        "a", "export", "--for", "lab-b", "--to", labs / "list", "--taxii", URL, "--taxii-profile", "sdo-only"
    )
    taken = lab("b", "import", URL, "--from", "lab-a", "--unsigned")
    again = lab("b", "import", URL, "--from", "lab-a", "--unsigned")
    matched = lab("b", "match", "--accounts", "--format", "jsonl")

    assert (sent.code, taken.code, again.code, matched.code) == (0, 0, 0, 0)
    assert re.search(r"brought to the server: \d+ objects new, 0 known, 0 failed", sent.err)
    assert "took in a file that nobody signed from lab-a: 1 rings" in taken.err
    assert "nothing new" in again.err
    found = {json.loads(line)["account_id"] for line in matched.out.splitlines()}
    assert found == set(recent.ring)
    who = (URL, "lab", "open sesame")
    assert server[0] == ("push", *who, Profile.sdo_only)
    assert [call[:4] for call in server[1:]] == [("pull", *who)] * 2
    assert "open sesame" not in lab("a", "audit", "--format", "jsonl").out
    assert audited(lab, "a", "taxii")[0]["failed"] == 0


def test_a_list_on_a_server_is_taken_in_as_it_was_signed(lab, labs, server, recent):
    lab("a", "export", "--for", "lab-b", "--to", labs / "list", "--taxii", URL)
    taken, again = (lab("b", "import", URL, "--from", "lab-a") for _ in range(2))
    folder = lab("b", "import", labs / "list", "--from", "lab-a")
    matched = lab("b", "match", "--accounts", "--format", "jsonl")

    assert "took in list 1 from lab-a: 1 rings" in taken.err
    assert "was taken in before" in again.err
    assert "was taken in before" in folder.err
    assert {json.loads(line)["account_id"] for line in matched.out.splitlines()} == set(recent.ring)
    assert [call[4] for call in server[1:]] == [None, None]


def test_a_dry_run_brings_nothing(lab, server):
    assert lab("a", "export", "--for", "lab-b", "--dry-run", "--taxii", URL).code == 0
    assert server == []


def test_what_a_server_hands_out_is_taken_only_from_a_partner_and_if_somebody_vouches_for_it(lab, server):
    stranger = lab("b", "import", URL, "--from", "lab-z", "--unsigned")
    assert (stranger.code, server) == (4, [])

    unvouched = lab("b", "import", URL, "--from", "lab-a")
    assert (unvouched.code, "--unsigned" in unvouched.err) == (3, True)
