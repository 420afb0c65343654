"""A new case with restored keys goes on where the lost one stopped, and nobody else's list moves a chain."""

from __future__ import annotations

import shutil

import pytest
from labs import DAY, OTHER, RING, Rows, a_ring, acquaint, manifest_of, open_lab, strangers

from linkage.errors import DataError, SettingsError
from linkage.sharing.continued import continue_from
from linkage.sharing.keyring import backup, keyring, prepare_next, restore, rotate
from linkage.sharing.records import Records
from linkage.sharing.standing import standing_selectors


@pytest.fixture
def lab(lab, tmp_path):
    """A lab that has sent two lists."""
    lab.exports("lab-b")
    lab.says(OTHER, "confirm")
    lab.now += DAY
    lab.exports("lab-b", tmp_path / "last")
    return lab


@pytest.fixture
def new(stack, tmp_path, lab):
    """A case with its keys, which knows nothing of what was sent."""
    rows = Rows()
    strangers(rows)
    members = a_ring(rows)
    new = open_lab(stack, tmp_path / "new", "lab-a", rows)
    new.settings, new.now = lab.settings, lab.now + DAY
    restore(new.case, backup(lab.case))
    new.finds(RING, members)
    new.says(RING, "confirm")
    return new


def test_a_partner_takes_the_next_list_of_a_new_case_that_was_told_of_the_last(stack, tmp_path, lab, new):
    partner = open_lab(stack, tmp_path / "partner", "lab-b", Rows())
    acquaint(partner, lab, secret=False)
    partner.now = new.now
    partner.takes(tmp_path / "last", "lab-a", first=True)
    with pytest.raises(DataError, match="replayed"):
        partner.takes(new.exports("lab-b", tmp_path / "refused"), "lab-a")

    continue_from(new.case, tmp_path / "last", new.settings)

    assert partner.takes(new.exports("lab-b", tmp_path / "sent"), "lab-a").sequence == 3
    assert {each.ring for each in standing_selectors(partner.case, new.now)} == {RING}


def test_the_chain_goes_on_from_the_manifest_alone(tmp_path, new):
    alone = tmp_path / "alone"
    alone.mkdir()
    for name in ("manifest.json", "manifest.json.minisig"):
        shutil.copy(tmp_path / "last" / name, alone / name)

    assert continue_from(new.case, alone, new.settings).sequence == 2
    sent = manifest_of(new.exports("lab-b", tmp_path / "sent"))

    assert (sent.sequence, sent.previous) == (3, manifest_of(alone).digest)


def test_a_list_of_the_next_key_is_ours_too(tmp_path, lab, new):
    prepare_next(lab.case)
    restore(new.case, backup(lab.case))
    rotate(lab.case)
    lab.now += DAY
    lab.says(OTHER, "dismiss")
    lab.exports("lab-b", tmp_path / "rotated")

    assert continue_from(new.case, tmp_path / "rotated", new.settings).sequence == 3


def test_a_list_that_others_signed_or_that_is_none_moves_no_chain(stack, tmp_path, new):
    other = open_lab(stack, tmp_path / "other", "lab-c", Rows())
    keyring(other.case)
    for case, folder, match in (
        (other.case, tmp_path / "last", "not signed with a key of this case"),
        (new.case, tmp_path, "is no signed list"),
    ):
        with pytest.raises(DataError, match=match):
            continue_from(case, folder, new.settings)
    changed = shutil.copytree(tmp_path / "last", tmp_path / "changed") / "manifest.json"
    changed.write_bytes(changed.read_bytes().replace(b'"sequence": 2', b'"sequence": 9'))
    with pytest.raises(DataError, match="not signed"):
        continue_from(new.case, changed.parent, new.settings)

    assert Records(new.case).last_list("out", "lab-b") is None


def test_a_case_that_is_asked_before_its_keys_are_restored_can_still_take_them(stack, tmp_path, lab):
    bare = open_lab(stack, tmp_path / "bare", "lab-a", Rows())
    with pytest.raises(DataError, match="restore the keys"):
        continue_from(bare.case, tmp_path / "last", lab.settings)

    assert restore(bare.case, backup(lab.case)) == 3


def test_a_chain_never_goes_back_and_is_one_to_a_partner_that_is_listed(tmp_path, lab, new):
    with pytest.raises(DataError, match="has sent list 2 to lab-b itself"):
        continue_from(lab.case, tmp_path / "last", lab.settings)
    with pytest.raises(SettingsError, match="lab-b is not listed"):
        continue_from(new.case, tmp_path / "last", new.settings.model_copy(update={"partners": {}}))
    with pytest.raises(DataError, match="the list is of lab-a, and we are lab-x"):
        continue_from(new.case, tmp_path / "last", new.settings.model_copy(update={"name": "lab-x"}))
