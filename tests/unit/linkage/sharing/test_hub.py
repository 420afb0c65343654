"""A hub answers its members within their quota, and neither it nor its log learns a value."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import socket
import threading
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from labs import running

from linkage.errors import DataError, SettingsError
from linkage.exports.file import write_whole
from linkage.sharing.hub import HubConfig, hub_server
from linkage.sharing.hub_client import HubClient
from linkage.sharing.oprf import blind

pytest.importorskip("voprf")

SECRETS = {"lab-a": "secret of a", "lab-b": "secret of b"}
VALUES = ["203.0.113.7", "2001:db8::7", "203.0.113.7"]
START = datetime(2026, 11, 27, 12)  # noqa: DTZ001 - naive UTC as everywhere


class Clock:
    """A clock that somebody sets."""

    now = START

    def __call__(self):
        return self.now


def write_config(folder, *, members=None, more="", keys='2026q4 = "' + "07" * 32 + '"\n'):
    told = "\n".join(
        f'[members.{name}]\ntoken_sha256 = "{hashlib.sha256(secret.encode()).hexdigest()}"\nquota = 5\n'
        for name, secret in (members or SECRETS).items()
    )
    (folder / "hub.keys").write_text(keys)
    (folder / "hub.keys").chmod(0o600)
    (folder / "hub.toml").write_text(f'secret_file = "hub.keys"\nstate_file = "hub.json"\n{more}\n{told}')
    return folder / "hub.toml"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return []


@pytest.fixture
def url(tmp_path, clock, told):
    with running(hub_server(HubConfig.of(write_config(tmp_path)), clock=clock, log=told.append)) as address:
        yield address


def get(url, path="/key"):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def public_key(url):
    return base64.b64decode(get(url)[1]["key"])


def client(url, member="lab-a", secret=None, **other):
    given = {"public_key": public_key(url), "epoch": "2026q4", **other}
    return HubClient(url, member, secret or SECRETS.get(member, "?"), timeout=10, **given)


def post(url, body, *, secret=SECRETS["lab-a"], headers=None):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request("POST", "/evaluate", content, {"Authorization": f"Bearer {secret}", **(headers or {})})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def asking(url, **other):
    elements = [
        base64.b64encode(element).decode() for element in blind("ip", "2026q4", ["203.0.113.7"]).blinded
    ]
    return {"member": "lab-a", "key": get(url)[1]["key"], "epoch": "2026q4", "blinded": elements, **other}


def test_two_members_get_equal_tokens_for_equal_values(url):
    ours, theirs = client(url).tokens("ip", VALUES), client(url, "lab-b").tokens("ip", [" 2001:db8::7"])

    assert ours[1:2] == theirs
    assert ours[0] == ours[2] != ours[1]


def test_equal_values_count_once_and_the_log_holds_counts_alone(url, told, tmp_path):
    made = client(url).tokens("ip", VALUES)

    assert told == ["2026-11-27 lab-a 2"]
    state = (tmp_path / "hub.json").read_text()
    assert json.loads(state)["counts"] == {"2026-11-27": {"lab-a": 2}}
    assert not any(text in state for text in (*VALUES, *made, "07" * 32, *SECRETS.values()))


def test_no_values_ask_nothing(url, told):
    assert client(url).tokens("ip", []) == []
    assert told == []


def test_more_values_than_fit_a_request_go_in_several(tmp_path, told, monkeypatch):
    for side in ("hub", "hub_client"):
        monkeypatch.setattr(f"linkage.sharing.{side}.MOST_VALUES", 2)
    with running(hub_server(HubConfig.of(write_config(tmp_path)), log=told.append, clock=Clock())) as url:
        made = client(url).tokens("ip", [f"203.0.113.{number}" for number in range(5)])
        again = client(url, "lab-b").tokens("ip", ["203.0.113.4"])

    assert [line.split()[-1] for line in told] == ["2", "2", "1", "1"]
    assert len(set(made)) == 5
    assert made[4:] == again


def test_a_quota_is_for_a_day_and_for_one_member(url, clock, told):
    client(url).tokens("ip", [f"203.0.113.{number}" for number in range(4)])

    with pytest.raises(DataError, match=r"429.*quota"):
        client(url).tokens("ip", ["198.51.100.1", "198.51.100.2"])
    assert client(url, "lab-b").tokens("ip", ["198.51.100.1"])
    assert client(url).tokens("ip", ["198.51.100.1"])  # what was refused was not counted
    clock.now += timedelta(days=1)
    assert client(url).tokens("ip", ["198.51.100.1", "198.51.100.2"])
    assert told[-1] == "2026-11-28 lab-a 2"


def test_a_hub_that_starts_again_remembers_what_was_asked(tmp_path, clock):
    config = HubConfig.of(write_config(tmp_path))
    with running(hub_server(config, clock=clock)) as url:
        first = client(url).tokens("ip", [f"203.0.113.{number}" for number in range(5)])

    with running(hub_server(HubConfig.of(tmp_path / "hub.toml"), clock=clock)) as url:
        with pytest.raises(DataError, match="quota"):
            client(url).tokens("ip", ["203.0.113.1"])
        assert client(url, "lab-b").tokens("ip", ["203.0.113.1"]) == first[1:2]


def test_requests_at_once_do_not_get_past_the_quota(url, monkeypatch):
    refused, made, writing, together = [], [], [], []

    def write(path, content):
        writing.append(path)
        time.sleep(0.01)  # long enough for another to come in, were the door open
        together.append(len(writing))
        writing.pop()
        write_whole(path, content)

    monkeypatch.setattr("linkage.sharing.hub.write_whole", write)

    def ask(number):
        try:
            made.append(client(url).tokens("ip", [f"203.0.113.{number}"]))
        except DataError:
            refused.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(made), len(refused)) == (5, 7)
    assert together == [1] * 5


@pytest.mark.parametrize(
    ("member", "secret"),
    [("lab-a", "secret of b"), ("lab-a", ""), ("lab-c", "secret of a"), (None, "x"), ([], "x")],
)
def test_nobody_else_gets_an_answer(url, told, member, secret):
    status, answer = post(url, asking(url, member=member), secret=secret)

    assert (status, told) == (401, [])
    assert "evaluation" not in answer


def test_the_public_key_is_told_to_all_and_only_of_quarters_there_are(url):
    assert get(url) == get(url, "/key?epoch=2026q4")
    assert get(url)[1]["epoch"] == "2026q4"
    assert len(public_key(url)) == 32
    assert get(url, "/key?epoch=2026q3")[0] == 404
    assert get(url, "/../../etc/passwd")[0] == 404


def test_a_member_who_pinned_another_key_is_told_so_before_anything_is_counted(url, told):
    with pytest.raises(DataError, match="409"):
        client(url, public_key=bytes(32)).tokens("ip", VALUES)
    with pytest.raises(DataError, match="409"):
        client(url, epoch="2026q3").tokens("ip", VALUES)
    assert told == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"member": NaN}', b'{"a":' * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(url, body):
    assert post(url, body)[0] == 400


@pytest.mark.parametrize(
    "blinded",
    [
        None,
        "",
        {},
        [],
        [1],
        [None],
        ["***"],
        ["AAAA"],
        [base64.b64encode(bytes(32)).decode()],
        ["A" * 44] * 10_001,
    ],
)
def test_what_are_no_blinded_values_is_refused(url, blinded):
    assert post(url, asking(url, blinded=blinded))[0] == 400


def test_a_request_that_is_too_large_or_of_no_length_is_not_read(url):
    assert post(url, b"", headers={"Content-Length": "2000001"})[0] == 413
    assert post(url, b"", headers={"Content-Length": "9" * 5_000})[0] == 413
    assert post(url, b"", headers={"Content-Length": "-1"})[0] == 411
    assert client(url).tokens("ip", VALUES)


def test_a_connection_that_breaks_leaves_the_hub_running(url, capfd):
    host, port = url.removeprefix("http://").split(":")
    for sent in (b"", b"POST /evaluate HTTP/1.1\r\nContent-Length: 100\r\n\r\n{", b"\x16\x03\x01" * 50):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(sent)

    assert client(url).tokens("ip", VALUES)
    assert capfd.readouterr() == ("", "")


def test_it_listens_on_this_machine_alone_unless_told_otherwise(tmp_path):
    server = hub_server(HubConfig.of(write_config(tmp_path)))
    server.server_close()

    assert server.server_address[0] == "127.0.0.1"


def test_keys_that_others_can_read_are_refused(tmp_path):
    path = write_config(tmp_path)
    (tmp_path / "hub.keys").chmod(0o640)

    with pytest.raises(SettingsError, match="chmod 600"):
        HubConfig.of(path)


@pytest.mark.parametrize(
    "change",
    [
        {"more": "colour = 1"},
        {"members": {"Lab": "x"}},
        {"keys": '2026q4 = "07"\n'},
        {"keys": "2026q4 = 7\n"},
        {"keys": "nonsense"},
        {"more": "x = ["},
        {"more": "[members.lab-c]\nquota = 0\ntoken_sha256 = '" + "0" * 64 + "'"},
        {"more": "[members.lab-c]\nquota = true\ntoken_sha256 = '" + "0" * 64 + "'"},
        {"more": "[members.lab-c]\nquota = 3\ntoken_sha256 = 'short'"},
        {"more": "[members]\nlab-c = 3"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path, change):
    with pytest.raises(SettingsError) as refusal:
        HubConfig.of(write_config(tmp_path, **change))

    assert "0707" not in str(refusal.value)


def test_a_quarter_that_is_none_is_refused(tmp_path):
    with pytest.raises(DataError, match="no quarter"):
        HubConfig.of(write_config(tmp_path, keys='summer = "' + "07" * 32 + '"\n'))


def test_a_hub_does_not_start_with_another_key_or_without_its_counts(tmp_path, clock):
    with running(hub_server(HubConfig.of(write_config(tmp_path)), clock=clock)) as url:
        client(url).tokens("ip", VALUES)

    other = HubConfig.of(write_config(tmp_path, keys='2026q4 = "' + "08" * 32 + '"\n'))
    with pytest.raises(SettingsError, match="another than before"):
        hub_server(other, clock=clock)
    (tmp_path / "hub.json").write_text("{}")
    with pytest.raises(SettingsError, match="no state"):
        hub_server(other, clock=clock)


def test_a_deleted_quarter_is_dead(tmp_path, clock):
    write_config(tmp_path, keys="".join(f'{epoch} = "{"07" * 32}"\n' for epoch in ("2026q3", "2026q4")))
    with running(hub_server(HubConfig.of(tmp_path / "hub.toml"), clock=clock)) as url:
        key = base64.b64decode(get(url, "/key?epoch=2026q3")[1]["key"])
        assert client(url, public_key=key, epoch="2026q3").tokens("ip", VALUES)

    without = hub_server(HubConfig.of(write_config(tmp_path)), clock=clock)
    with running(without) as url, pytest.raises(DataError, match="409"):
        client(url, public_key=key, epoch="2026q3").tokens("ip", VALUES)


@pytest.mark.parametrize(
    "address", ["http://hub.example.com", "ftp://127.0.0.1", "file:///etc/passwd", "127.0.0.1:80", "http://127.0.0.1.example.com"]
)  # fmt: skip
def test_our_secret_never_goes_over_an_open_wire(address):
    with pytest.raises(DataError, match="https"):
        HubClient(address, "lab-a", "secret", bytes(32), "2026q4")


def test_our_secret_is_not_shown():
    assert "hidden" not in repr(HubClient("https://hub.example.com", "lab-a", "hidden", bytes(32), "2026q4"))


def fake(status, content, headers=()):
    """A server that says one thing to all, and remembers what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.server.asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            self.server.asked.append(self.path)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    return server


KEY64 = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("status", "content", "wrong"),
    [
        (200, b"nonsense", "no hub"),
        (200, b"[]", "no hub"),
        (200, b'{"evaluation": 1, "key": "another"}', "another key"),
        (200, json.dumps({"evaluation": 1, "key": KEY64}).encode(), "none to a request"),
        (200, json.dumps({"evaluation": "A" * 128, "key": KEY64}).encode(), "public key"),
        (500, b'{"error": "\\u001b[2J"}', r"500\): \\x1b"),
        (503, b"<html>", "503"),
    ],
)
def test_what_is_no_answer_is_refused_in_plain_words(status, content, wrong):
    with running(fake(status, content)) as url, pytest.raises(DataError, match=wrong):
        HubClient(url, "lab-a", "secret", bytes(32), "2026q4", timeout=10).tokens("ip", ["203.0.113.7"])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_our_secret_does_not_follow_a_redirect(status):
    other = fake(200, b"{}")
    with (
        running(other) as elsewhere,
        running(fake(status, b"", [("Location", f"{elsewhere}/evaluate")])) as url,
        pytest.raises(DataError, match=str(status)),
    ):
        HubClient(url, "lab-a", "secret", bytes(32), "2026q4", timeout=10).tokens("ip", ["203.0.113.7"])

    assert other.asked == []


def test_a_hub_that_is_away_is_told_in_plain_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = HubClient(
            f"http://127.0.0.1:{taken.getsockname()[1]}", "lab-a", "secret", bytes(32), "2026q4"
        )

        with pytest.raises(DataError, match="no answer"):
            nobody.tokens("ip", ["203.0.113.7"])
