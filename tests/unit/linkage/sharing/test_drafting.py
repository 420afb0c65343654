"""Drafts: what goes out, what is news, and what is taken back."""

from __future__ import annotations

import pytest
from labs import DAY, OTHER, RING, manifest_of

from linkage.errors import DataError
from linkage.sharing.keyring import keyring
from linkage.sharing.model import Tlp


def test_of_a_ring_that_says_the_same_the_dates_stay(lab):
    first = lab.drafts("lab-b").package.rings[0]
    lab.exports("lab-b")
    lab.now += DAY

    assert lab.drafts("lab-b").package.rings == (first,)
    lab.says(RING, "confirm", by="lee")
    changed = lab.drafts("lab-b").package.rings[0]
    assert (changed.created, changed.modified) == (first.created, lab.now)


def test_a_draft_says_what_is_new_changed_and_taken_back(lab):
    told = lab.drafts("lab-b")
    assert (told.new, told.changed, told.taken_back) == ((RING,), (), ())
    lab.exports("lab-b")
    told = lab.drafts("lab-b")
    assert (told.new, told.changed, told.taken_back) == ((), (), ())
    lab.says("ring_0", "dismiss")
    assert lab.drafts("lab-b").changed == (RING,)
    lab.takes_back(RING)
    told = lab.drafts("lab-b")
    assert (told.new, told.changed, told.taken_back) == ((), (), (RING,))
    lab.exports("lab-b")
    assert lab.drafts("lab-b").taken_back == ()


def test_a_draft_writes_nothing_down(lab):
    keyring(lab.case)
    before = lab.dump()

    lab.drafts("lab-b")

    assert lab.dump() == before


def test_a_ring_that_nobody_confirmed_goes_out_only_when_asked_and_marked_so(lab):
    with pytest.raises(DataError, match=f"nobody confirmed {OTHER}"):
        lab.drafts("lab-b", rings=[OTHER])

    (ring,) = lab.drafts("lab-b", rings=[OTHER], unreviewed=True).package.rings
    assert ring.reviewers == 0


@pytest.mark.parametrize("unreviewed", [False, True])
def test_a_ring_that_was_dismissed_never_goes_out(lab, unreviewed):
    lab.says(RING, "dismiss")

    with pytest.raises(DataError, match="dismissed"):
        lab.drafts("lab-b", rings=[RING], unreviewed=unreviewed)


def test_the_last_word_counts(lab):
    lab.says(RING, "watch")
    with pytest.raises(DataError, match="nobody confirmed"):
        lab.drafts("lab-b", rings=[RING])
    lab.says(RING, "confirm")

    assert lab.drafts("lab-b", rings=[RING]).new == (RING,)


def test_a_ring_of_which_nobody_is_to_be_blocked_does_not_go_out(lab):
    for name in list(lab.rings[RING].members):
        lab.says(name.account_id, "dismiss")

    with pytest.raises(DataError, match="nothing is left"):
        lab.drafts("lab-b")


def test_a_ring_taken_back_stays_so_though_it_is_confirmed_again(lab):
    lab.exports("lab-b")
    lab.takes_back(RING)
    lab.exports("lab-b")
    lab.says(RING, "confirm")

    assert [ring.revoked for ring in lab.drafts("lab-b").package.rings] == [True]


def test_a_ring_dismissed_by_mistake_comes_back_with_a_later_word(lab):
    lab.exports("lab-b")
    lab.says(RING, "dismiss")
    (gone,) = lab.drafts("lab-b", rings=[]).package.rings
    lab.exports("lab-b", rings=[])
    lab.says(RING, "confirm")
    (back,) = lab.drafts("lab-b").package.rings

    assert (gone.revoked, back.revoked) == (True, False)
    assert back.modified > gone.modified


def test_a_ring_of_which_nobody_is_left_to_block_is_taken_back_and_holds_up_no_other(lab):
    lab.says(OTHER, "confirm")
    lab.exports("lab-b")
    for member in lab.rings[RING].members:
        lab.says(member.account_id, "dismiss")
    lab.takes_back(OTHER)

    rings = {each.ring: each for each in lab.drafts("lab-b").package.rings}

    assert {name: ring.revoked for name, ring in rings.items()} == {RING: True, OTHER: True}


def test_a_ring_that_a_person_only_watches_now_is_taken_back(lab):
    lab.exports("lab-b")

    drafted = lab.drafts("lab-b", rings=[], lapsed={RING})

    assert drafted.taken_back == (RING,)


def test_how_far_a_list_may_go_is_news_of_every_ring_in_it(lab):
    lab.exports("lab-b", tlp=Tlp.green)
    (told,) = lab.drafts("lab-b", tlp=Tlp.green).package.rings
    lab.exports("lab-b", tlp=Tlp.amber_strict)
    (tightened,) = lab.drafts("lab-b", tlp=Tlp.amber_strict).package.rings

    assert tightened.modified > told.modified


def test_other_terms_are_news_of_every_ring_in_it(lab):
    lab.exports("lab-b")
    (told,) = lab.drafts("lab-b").package.rings
    lab.settings = lab.settings.model_copy(update={"terms": "For the fight against distillation only."})
    place = lab.exports("lab-b")
    (again,) = lab.drafts("lab-b").package.rings

    assert again.modified > told.modified
    assert manifest_of(place).sequence == 2
    assert lab.drafts("lab-b").package.rings == (again,)


def test_who_confirmed_and_dismissed_a_ring_is_no_reviewer_of_it(lab):
    lab.says(RING, "dismiss", by="kim")
    lab.says(RING, "confirm", by="lee")

    (ring,) = lab.drafts("lab-b").package.rings

    assert ring.reviewers == 1
