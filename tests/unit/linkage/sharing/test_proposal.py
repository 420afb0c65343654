"""What would go out of a ring: only whom we block, only what nobody else has, and no name of ours."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import pytest
from labs import ADDRESS, CARD, DAY, DEVICE, SEPTEMBER, Rows, a_ring, acquaint, open_lab, strangers

from linkage.sharing.keyring import keyring
from linkage.sharing.model import Scheme
from linkage.sharing.proposal import is_account_reference, rounded

RING = "R-AAAAAA"


@pytest.fixture
def lab(tmp_path):
    """A way to open a lab whose ring is confirmed; it knows lab-b."""
    with ExitStack() as stack:

        def lab(rows, members, *, secret=True, roles=None, **settings):
            opened = open_lab(stack, tmp_path / "a", "lab-a", rows, **settings)
            acquaint(opened, open_lab(stack, tmp_path / "b", "lab-b", Rows()), secret=secret)
            opened.finds(RING, members, **(roles or {}))
            opened.says(RING, "confirm")
            return opened

        yield lab


@pytest.fixture
def rows():
    told = Rows()
    strangers(told)
    return told


def shared(drafted):
    (ring,) = drafted.package.rings
    return ring


def selectors(drafted):
    return {(each.kind, each.scheme): each for each in shared(drafted).selectors}


def held(drafted, kind):
    return {each.reason: each.values for each in drafted.held if each.kind == kind}


def test_an_address_goes_out_as_it_is_and_all_else_as_a_token_or_a_sketch(lab, rows):
    a = lab(rows, a_ring(rows))

    found = selectors(a.drafts("lab-b"))

    assert set(found) == {
        ("ip", Scheme.raw),
        ("payment", Scheme.hmac),
        ("device", Scheme.hmac),
        ("template", Scheme.minhash),
    }
    key = keyring(a.case).pair("lab-b", a.now)
    assert found["ip", Scheme.raw].value == ADDRESS
    assert found["ip", Scheme.raw].key_id == ""
    for place in found.keys() - {("ip", Scheme.raw)}:
        assert found[place].key_id == key.key_id
        assert found[place].value not in {CARD, DEVICE}


def test_without_a_shared_key_only_addresses_go_out(lab, rows):
    drafted = lab(rows, a_ring(rows), secret=False).drafts("lab-b")

    assert set(selectors(drafted)) == {("ip", Scheme.raw)}
    for kind in ("payment", "device"):
        assert held(drafted, kind) == {"no key is shared with this partner yet": 1}


@pytest.mark.parametrize(
    "device", ["198.51.100.200", "4111111111111111", "+31 6 1234 5678", "kim@mail.example", "laptop-of-kim"]
)
def test_what_could_be_found_by_trying_all_there_are_is_never_made_a_token(lab, rows, device):
    drafted = lab(rows, a_ring(rows, device=device)).drafts("lab-b")

    assert ("device", Scheme.hmac) not in selectors(drafted)
    assert sum(held(drafted, "device").values()) == 1


def test_a_processors_fingerprint_goes_out_only_where_it_means_something_there(lab, rows):
    a = lab(rows, a_ring(rows, card="Xt5EWLLDS7FJjR1c9f86d0818"))

    assert ("payment", Scheme.hmac) not in selectors(a.drafts("lab-b"))
    assert list(held(a.drafts("lab-b"), "payment")) == [
        "a card's fingerprint means nothing to another lab; ask the processor for account references (PAR)"
    ]
    a.settings = a.settings.model_copy(update={"fingerprints": True})
    assert ("payment", Scheme.hmac) in selectors(a.drafts("lab-b"))


def test_a_short_fingerprint_does_not_go_out_even_then(lab, rows):
    drafted = lab(rows, a_ring(rows, card="411111-1111"), fingerprints=True).drafts("lab-b")

    assert ("payment", Scheme.hmac) not in selectors(drafted)


@pytest.mark.parametrize("role", ["neighbour", "bridge", "compromised"])
def test_who_may_be_a_victim_is_no_member_and_what_it_shares_with_the_ring_stays(lab, rows, role):
    members = a_ring(rows)
    rows.live("doubtful", ip=ADDRESS)
    a = lab(rows, [*members, "doubtful"], roles={"doubtful": role})

    drafted = a.drafts("lab-b")

    assert len(shared(drafted).members) == 6
    assert ("ip", Scheme.raw) not in selectors(drafted)
    assert selectors(drafted)["payment", Scheme.hmac].accounts == 5


def test_who_is_on_the_allowlist_is_no_member_and_what_it_shares_with_the_ring_stays(lab, rows):
    members = a_ring(rows)
    rows.live("friend", card=CARD)
    rows.allowlist.append({"kind": "account", "value": "friend", "reason": "our auditor"})
    a = lab(rows, [*members, "friend"])

    drafted = a.drafts("lab-b")

    assert keyring(a.case).ids.account("friend") not in {each.token for each in shared(drafted).members}
    assert ("payment", Scheme.hmac) not in selectors(drafted)


def test_who_was_dismissed_is_no_member_and_what_it_shares_with_the_ring_stays(lab, rows):
    members = a_ring(rows)
    rows.live("customer", device=DEVICE)
    a = lab(rows, [*members, "customer"])
    a.says("customer", "dismiss")

    drafted = a.drafts("lab-b")

    assert len(shared(drafted).members) == 6
    assert ("device", Scheme.hmac) not in selectors(drafted)


def test_members_have_names_that_only_we_can_read(lab, rows):
    members = a_ring(rows)
    a = lab(rows, members)
    ids = keyring(a.case).ids

    assert {each.token for each in shared(a.drafts("lab-b")).members} == {
        ids.account(name) for name in members
    }


def test_times_go_out_to_the_hour_and_counts_rounded_down(lab, rows):
    a = lab(rows, a_ring(rows, count=9))
    ring = shared(a.drafts("lab-b"))

    times = [each.created for each in ring.members]
    times += [moment for each in ring.selectors for moment in (each.valid_from, each.valid_until)]
    times += [ring.first_seen, ring.last_seen]
    assert {(each.minute, each.second) for each in times} == {(0, 0)}
    assert {each.accounts for each in ring.selectors} == {5}


def test_an_address_counts_for_fewer_days_than_a_token(lab, rows):
    a = lab(rows, a_ring(rows), address_days=80, token_days=100)
    found = selectors(a.drafts("lab-b"))

    spans = {place: each.valid_until - SEPTEMBER.replace(hour=0) for place, each in found.items()}
    assert 80 * DAY <= spans["ip", Scheme.raw] < 82 * DAY
    assert 100 * DAY <= spans["device", Scheme.hmac] < 102 * DAY
    assert all(each.valid_from < each.valid_until for each in found.values())


def test_an_address_where_many_rent_is_marked_for_a_look(lab, rows):
    found = selectors(lab(rows, a_ring(rows, ip="52.95.110.1")).drafts("lab-b"))

    assert found["ip", Scheme.raw].soft
    assert not found["payment", Scheme.hmac].soft
    assert found["ip", Scheme.raw].confidence < found["payment", Scheme.hmac].confidence


def test_a_template_whose_runs_of_words_are_few_is_held(lab, rows):
    members = [f"ring_{number}" for number in range(6)]
    for name in members:
        rows.live(name, card=CARD)
        for nth in range(3):
            rows.ask(name, prompt=f"Supercalifragilisticexpialidocious answers please: {name} {nth}")
    drafted = lab(rows, members).drafts("lab-b")

    assert ("template", Scheme.minhash) not in selectors(drafted)


def test_what_other_partners_say_is_not_among_the_reasons(lab, rows):
    """It would tell one partner of another, and come back as evidence."""
    members = a_ring(rows)
    a = lab(rows, members)
    said = a.rings[RING].evidence[0]
    told = (said, type(said)("partner", 6.0, 1, 6, "1 ring of a partner ties 6 accounts"))
    a.rings[RING] = type(a.rings[RING])(**(vars(a.rings[RING]) | {"evidence": told}))

    assert shared(a.drafts("lab-b")).summary == (said.sentence,)


def test_two_rings_each_get_their_own(lab, rows):
    first = a_ring(rows)
    second = a_ring(
        rows,
        "other",
        ip="203.0.113.9",
        card="V" + "8" * 20 + "12345678",
        device="ab" * 4 + "0123456789cdef" * 2,
    )
    a = lab(rows, first)
    a.finds("R-BBBBBB", second)
    a.says("R-BBBBBB", "confirm")

    rings = a.drafts("lab-b").package.rings

    assert [ring.ring for ring in rings] == [RING, "R-BBBBBB"]
    assert [[each.value for each in ring.selectors if each.kind == "ip"] for ring in rings] == [
        [ADDRESS],
        ["203.0.113.9"],
    ]


def test_the_number_of_reviewers_goes_out(lab, rows):
    a = lab(rows, a_ring(rows))
    a.says(RING, "confirm", by="lee")

    assert shared(a.drafts("lab-b")).reviewers == 2


def test_an_account_reference_is_known_by_its_shape():
    assert is_account_reference(CARD)
    for other in (CARD[:-1], CARD + "0", CARD.lower(), CARD[:-1] + "-", CARD[:-1] + "Ä"):
        assert not is_account_reference(other)


@pytest.mark.parametrize(("count", "told"), [(1, 1), (2, 2), (4, 2), (5, 5), (19, 10), (49, 20), (100, 100)])
def test_counts_are_rounded_down(count, told):
    assert rounded(count) == told


def test_now_stands_nowhere_in_what_is_said_of_values(lab, rows):
    a = lab(rows, a_ring(rows))
    before = shared(a.drafts("lab-b"))
    a.now += timedelta(days=3)

    assert shared(a.drafts("lab-b")).selectors == before.selectors


def test_an_address_that_nobody_used_for_long_is_held(lab, rows):
    drafted = lab(rows, a_ring(rows), address_days=1).drafts("lab-b")

    assert ("ip", Scheme.raw) not in selectors(drafted)
    assert "nobody was seen with it for too long" in [
        each.reason for each in drafted.held if each.kind == "ip"
    ]


def test_what_a_member_of_whom_a_person_must_be_sure_has_too_goes_out_all_the_same(lab, rows):
    """Who is only less sure to belong is no stranger; who may be a victim stays one."""
    members = a_ring(rows)
    rows.live("unsure", ip=ADDRESS)
    a = lab(rows, [*members, "unsure"], roles={"unsure": "unsure"})

    drafted = a.drafts("lab-b")

    assert len(shared(drafted).members) == 6
    assert selectors(drafted)["ip", Scheme.raw].accounts == 5
