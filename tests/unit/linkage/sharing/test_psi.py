"""Two labs find what both hold, exactly; what a stranger wrote in a file is refused and ends nothing."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest

from linkage.errors import DataError, MissingPartError
from linkage.sharing.psi import client_intersection, client_request, new_key, server_response, server_setup

psi = pytest.importorskip("private_set_intersection.python")
KIND = "payment"
HELD = [f"card-{number}" for number in range(40)]
ASKED = [f"card-{number}" for number in range(30, 50)]


def opened(held=HELD, asked=ASKED, **server):
    """A finished exchange: the states and the three files."""
    keeper, setup = server_setup(held, kind=KIND, key=new_key(), **server)
    asker, request = client_request(asked, kind=KIND, key=new_key())
    return keeper, setup, asker, request, server_response(keeper, request)


def test_the_client_learns_which_of_its_values_the_server_holds():
    _, setup, asker, _, response = opened()

    assert client_intersection(asker, setup, response) == [f"card-{number}" for number in range(30, 40)]


def test_labs_that_share_nothing_learn_nothing():
    _, setup, asker, _, response = opened(asked=["card-50", "card-51"])

    assert client_intersection(asker, setup, response) == []


def test_spaces_order_and_repeats_do_not_matter():
    keys = b"\x07" * 32, b"\x09" * 32
    setups = [server_setup(held, kind=KIND, key=keys[0])[1] for held in (HELD, [*HELD[::-1], " card-3 ", ""])]
    requests = [
        client_request(asked, kind=KIND, key=keys[1])[1] for asked in (ASKED, [*ASKED[::-1], "card-30\n"])
    ]

    assert setups[0] == setups[1]
    assert requests[0] == requests[1]


def test_files_hold_no_value_and_are_others_under_another_key():
    _, setup, _, request, response = opened()
    _, again, _, request_again, _ = opened()

    assert not any(b"card-" in file for file in (setup, request, response))
    assert setup != again
    assert request != request_again


def test_a_client_cannot_ask_for_more_than_the_server_allows():
    keeper, _ = server_setup(HELD, kind=KIND, key=new_key(), most_asked=len(ASKED) - 1)
    _, request = client_request(ASKED, kind=KIND, key=new_key())

    with pytest.raises(DataError, match="asks for 20 values; 1 to 19"):
        server_response(keeper, request)
    with pytest.raises(DataError, match="1 to 5 can be compared"):
        client_request(ASKED, kind=KIND, key=new_key(), most_asked=5)


def test_a_request_that_is_far_too_large_is_refused_before_it_is_read():
    keeper, _, _, request, _ = opened()

    with pytest.raises(DataError, match="too large"):
        server_response(keeper, request + bytes(1_000_000))


def test_nothing_to_compare_is_an_error():
    for values in ([], ["", "  "]):
        with pytest.raises(DataError):
            server_setup(values, kind=KIND, key=new_key())
        with pytest.raises(DataError):
            client_request(values, kind=KIND, key=new_key())


def test_values_of_another_kind_are_others():
    keeper, setup, asker, request, response = opened()
    _, of_another = client_request(ASKED, kind="device", key=new_key())
    renamed = of_another.replace(b" device\n", b" payment\n")

    with pytest.raises(DataError, match="kind 'payment'"):
        server_response(keeper, of_another)
    for file in (setup, request):
        with pytest.raises(DataError, match="another file"):
            client_intersection(asker, setup, file)
    other, _ = client_request(ASKED, kind="device", key=new_key())
    with pytest.raises(DataError):
        client_intersection(other, setup, response)
    assert server_response(keeper, renamed) != response


@pytest.mark.parametrize("kind", ["", "Payment", "a b", "a\nb", "x" * 41])
def test_a_kind_that_could_break_a_file_is_refused(kind):
    with pytest.raises(DataError):
        server_setup(HELD, kind=kind, key=new_key())


@pytest.mark.parametrize("key", [b"", bytes(32), b"\xff" * 32])
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(DataError, match="new_key"):
        client_request(ASKED, kind=KIND, key=key)


def head(role):
    return f"linkage psi 1 {role} {KIND}\n".encode()


def request_of(points, *, reveal=True):
    return (
        head("request")
        + psi.Request(encrypted_elements=points, reveal_intersection=reveal).SerializeToString()
    )


def points_of(request):
    parsed = psi.Request()
    parsed.ParseFromString(request.removeprefix(head("request")))
    return list(parsed.encrypted_elements)


def test_hostile_requests_are_refused():
    keeper, setup, _, request, response = opened()
    points = points_of(request)
    hostile = [
        b"", b"\xff" * 100, head("request"), head("request") + b"\xff" * 200, request[:-5], setup, response,
        request_of([]), request_of([b""]), request_of([b"zz"]), request_of([b"\x02" + b"\xff" * 32]),
        request_of([b"\x00" * 33]), request_of(points * 2), request_of(points, reveal=False),
        request_of([point + b"x" for point in points]),
    ]  # fmt: skip

    assert server_response(keeper, request_of(points)) == response
    for file in hostile:
        with pytest.raises(DataError):
            server_response(keeper, file)


def setup_of(**structure):
    return head("setup") + psi.ServerSetup(**structure).SerializeToString()


def test_hostile_setups_and_responses_are_refused():
    _, setup, asker, _, response = opened()
    whole = psi.Response()
    whole.ParseFromString(response.removeprefix(head("response")))
    answered = list(whole.encrypted_elements)

    def response_of(points):
        return head("response") + psi.Response(encrypted_elements=points).SerializeToString()

    setups = [
        b"", setup[:-5], head("setup"), head("setup") + b"\xff" * 50, response,
        # With these the library would end the whole process.
        setup_of(gcs={"div": 0, "hash_range": 0, "bits": b"\0"}),
        setup_of(bloom_filter={"num_hash_functions": 2**31 - 1, "bits": b""}),
        setup_of(raw={"encrypted_elements": [b"zz"]}),
    ]  # fmt: skip
    responses = [
        b"", response[:-5], setup, response_of([]), response_of(answered[:-1]), response_of([*answered, answered[0]]),
        response_of([b"\x02" + b"\xff" * 32] * len(answered)), response_of([b""] * len(answered)),
    ]  # fmt: skip

    assert client_intersection(asker, setup, response_of(answered))
    for file in setups:
        with pytest.raises(DataError):
            client_intersection(asker, file, response)
    for file in responses:
        with pytest.raises(DataError):
            client_intersection(asker, setup, file)


def test_damage_anywhere_ends_in_an_error_or_in_fewer_matches():
    keeper, setup, asker, request, response = opened(held=HELD[:5], asked=HELD[3:8])
    dice = random.Random(7)  # noqa: S311 - places, no secrets

    def damaged(file):
        spoiled = bytearray(file)
        spoiled[dice.randrange(len(file))] ^= 1 << dice.randrange(8)
        return bytes(spoiled)

    for _ in range(300):
        with suppress(DataError):
            server_response(keeper, damaged(request))
        with suppress(DataError):
            assert set(client_intersection(asker, damaged(setup), damaged(response))) <= {"card-3", "card-4"}


def test_keys_and_values_are_not_shown():
    keeper, _, asker, _, _ = opened()

    assert repr(keeper) == "ServerState(kind='payment', most_asked=20000)"
    assert repr(asker) == "ClientState(kind='payment')"


def test_without_the_library_the_part_to_install_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "private_set_intersection.python", None)

    with pytest.raises(MissingPartError, match=r"linkage-rings\[psi\]"):
        new_key()


@pytest.mark.slow
def test_twenty_thousand_against_twenty_thousand_is_exact(record_property):
    held = [f"token-{number}" for number in range(20_000)]
    asked = [f"token-{number}" for number in range(10_000, 30_000)]
    started = time.monotonic()

    _, setup, asker, _, response = opened(held=held, asked=asked)

    assert client_intersection(asker, setup, response) == sorted(held[10_000:])
    record_property("seconds", round(time.monotonic() - started, 1))
