"""Export folders: written whole or not at all, and read as if the sender were hostile."""

import hashlib
import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from linkage.errors import DataError
from linkage.sharing import staged
from linkage.sharing.directory import read_directory
from linkage.sharing.manifest import MANIFEST, SIGNATURE, Manifest
from linkage.sharing.minisign import SigningKey, verify
from linkage.sharing.model import Tlp
from linkage.sharing.staged import write_directory

KEY = SigningKey.of_seed(bytes(range(40)))
FILES = {
    "selectors.jsonl": b'{"id": 1}\n{"id": 2}\n',
    "stix/R-7K2M9Q.json": b"{}\n",
    "misp/feed/empty.csv": b"",
}


def make(files, **changed):
    """Make a manifest of the files, and its signature."""
    manifest = Manifest(
        producer="lab-a",
        recipient="lab-b",
        sequence=1,
        previous=None,
        created=datetime(2026, 9, 3),  # noqa: DTZ001 - naive UTC is the rule here
        expires=datetime(2026, 10, 3),  # noqa: DTZ001 - as above
        tlp=Tlp.amber,
        files={path: hashlib.sha256(content).hexdigest() for path, content in files.items()},
    )
    document = replace(manifest, **changed).document()
    return document, KEY.sign(document, trusted_comment="list 1")


def write(to, files=FILES, **changed):
    write_directory(to, files, *make(files, **changed))


def signed(manifest_bytes, signature_bytes):
    verify(manifest_bytes, signature_bytes, [KEY.public])


def listing(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def export(tmp_path):
    write(tmp_path / "export")
    return tmp_path / "export"


def test_what_was_written_is_read_again(export):
    contents = read_directory(export, check=signed)

    assert {name: contents.read(name) for name in contents.manifest.files} == FILES
    assert (contents.manifest_bytes, contents.signature_bytes) == make(FILES)
    contents.check_files()


def test_nothing_is_left_beside_an_export(export):
    assert os.listdir(export.parent) == ["export"]  # noqa: PTH208 - hidden ones, too
    assert listing(export).keys() == {*FILES, MANIFEST, SIGNATURE}


def test_files_are_for_the_owner_and_the_group(export):
    modes = {path.stat().st_mode & 0o777 for path in export.rglob("*") if path.is_file()}

    assert modes == {0o640}
    assert export.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("name", [*FILES, MANIFEST, SIGNATURE])
def test_a_flipped_byte_in_any_file_is_refused_with_its_own_reason(export, name):
    content = bytearray((export / name).read_bytes() or b"\x00")
    place = len(content) // 2
    content[place] ^= 1
    (export / name).write_bytes(content)
    reason = (
        "signature|signed with the key"
        if name in {MANIFEST, SIGNATURE}
        else f"^{name} is not the file that was"
    )

    with pytest.raises(DataError, match=reason):
        read_directory(export, check=signed).check_files()


def test_every_flipped_byte_of_the_manifest_is_a_matter_of_the_signature(export):
    document = (export / MANIFEST).read_bytes()
    for place in range(len(document)):
        changed = bytearray(document)
        changed[place] ^= 1
        (export / MANIFEST).write_bytes(changed)
        with pytest.raises(DataError, match="signature does not match the content"):
            read_directory(export, check=signed)


def test_a_changed_file_is_refused_where_it_is_read_alone(export):
    (export / "selectors.jsonl").write_bytes(FILES["selectors.jsonl"][:-1])
    contents = read_directory(export)

    assert contents.read("stix/R-7K2M9Q.json") == b"{}\n"
    with pytest.raises(DataError, match=r"selectors\.jsonl is not the file"):
        contents.read("selectors.jsonl")


def test_a_file_that_the_manifest_does_not_name_is_not_read(export):
    (export.parent / "secret").write_bytes(b"secret")

    with pytest.raises(DataError, match="names no file"):
        read_directory(export).read("../secret")


@pytest.mark.parametrize("name", ["selectors.jsonl", "misp/feed/empty.csv"])
def test_a_missing_file_is_named(export, name):
    (export / name).unlink()

    with pytest.raises(DataError, match=f"missing, such as {name}"):
        read_directory(export)


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
def test_an_export_without_manifest_or_signature_is_none(export, name):
    (export / name).unlink()

    with pytest.raises(DataError, match=f"{name} cannot be read: No such file"):
        read_directory(export)


@pytest.mark.parametrize("name", ["more.txt", ".hidden", "stix/more.json", "turn\u202ed.txt"])
def test_a_file_too_many_is_refused(export, name):
    (export / name).write_bytes(b"")

    with pytest.raises(DataError, match="not in the manifest") as raised:
        read_directory(export)
    assert str(raised.value).isprintable()


def test_a_folder_too_many_is_refused(export):
    (export / "more").mkdir()

    with pytest.raises(DataError, match="'more' is in the folder and not in the manifest"):
        read_directory(export)


@pytest.mark.parametrize("name", ["selectors.jsonl", "stix", MANIFEST, SIGNATURE])
def test_a_link_is_refused_even_to_the_right_content(export, name):
    moved = export.parent / "moved"
    (export / name).rename(moved)
    (export / name).symlink_to(moved)

    with pytest.raises(DataError, match=f"^{name} is not a plain file"):
        read_directory(export)


@pytest.mark.parametrize("name", ["selectors.jsonl", MANIFEST])
def test_a_pipe_is_refused_and_not_waited_for(export, name):
    (export / name).unlink()
    os.mkfifo(export / name)

    with pytest.raises(DataError, match=f"^{name} is not a plain file"):
        read_directory(export)


def test_a_file_that_became_a_link_after_the_look_is_refused(export):
    contents = read_directory(export)
    (export / "selectors.jsonl").rename(export.parent / "moved")
    (export / "selectors.jsonl").symlink_to(export.parent / "moved")

    with pytest.raises(DataError, match="not a plain file"):
        contents.read("selectors.jsonl")


def test_a_file_over_its_size_is_refused_before_it_is_read(export):
    (export / "selectors.jsonl").unlink()
    with (export / "selectors.jsonl").open("wb") as file:
        file.truncate(3_000_000_000)  # a hole: no disk is used

    with pytest.raises(DataError, match=r"selectors\.jsonl has 3,000,000,000 bytes"):
        read_directory(export)


def test_a_file_that_grew_after_the_look_is_read_no_further_than_it_may(export):
    contents = read_directory(export, largest=2000)
    with (export / "selectors.jsonl").open("ab") as file:
        file.write(bytes(10_000))

    with pytest.raises(DataError, match="more than the 2,000 bytes"):
        contents.read("selectors.jsonl")


def test_an_export_over_its_size_is_refused(export):
    with pytest.raises(DataError, match="the export has"):
        read_directory(export, in_all=100)


def test_a_signature_over_its_size_is_refused(export):
    (export / SIGNATURE).write_bytes(bytes(100_000))

    with pytest.raises(DataError, match=f"{SIGNATURE} has more than"):
        read_directory(export)


def test_a_folder_that_is_not_there_is_said_to_be_not_there(tmp_path):
    with pytest.raises(DataError, match="cannot be read: No such file"):
        read_directory(tmp_path / "nothing")


def test_a_manifest_of_other_files_is_not_written(tmp_path):
    with pytest.raises(DataError, match="does not name exactly the files"):
        write_directory(tmp_path / "export", {**FILES, "more": b""}, *make(FILES))

    assert not any(tmp_path.iterdir())


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "export").mkdir()
    write(tmp_path / "export")

    read_directory(tmp_path / "export", check=signed).check_files()


def test_a_newer_export_takes_the_place_of_the_older(export):
    newer = {"selectors.jsonl": b""}
    write(export, newer)

    assert listing(export).keys() == {*newer, MANIFEST, SIGNATURE}
    assert [path.name for path in export.parent.iterdir()] == ["export"]


def spoil(export, how):
    if how == "more":
        (export / "notes.txt").write_text("mine")
    elif how == "no manifest":
        (export / MANIFEST).unlink()
    elif how == "other manifest":
        (export / MANIFEST).write_text("{}")


@pytest.mark.parametrize("how", ["more", "no manifest", "other manifest"])
def test_a_folder_that_holds_anything_else_is_left_as_it_is(export, how):
    spoil(export, how)
    before = listing(export)

    with pytest.raises(DataError, match="left as it is"):
        write(export, {"selectors.jsonl": b""})

    assert listing(export) == before
    assert [path.name for path in export.parent.iterdir()] == ["export"]


@pytest.mark.parametrize("other", [{"recipient": "lab-c"}, {"producer": "lab-d"}])
def test_an_export_between_other_labs_is_left_as_it_is(export, other):
    before = listing(export)

    with pytest.raises(DataError, match="from lab-a for lab-b, not from"):
        write(export, **other)

    assert listing(export) == before


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_place_that_is_no_folder_is_left_as_it_is(tmp_path, kind):
    to, aim = tmp_path / "export", tmp_path / "aim"
    aim.mkdir()
    to.write_text("mine") if kind == "file" else to.symlink_to(aim)

    with pytest.raises(DataError, match="is not a folder"):
        write(to)

    assert to.is_symlink() == (kind == "link")
    assert not any(aim.iterdir())


def test_a_folder_in_no_folder_cannot_be_written(tmp_path):
    with pytest.raises(DataError, match="cannot be written: No such file"):
        write(tmp_path / "nowhere" / "export")


def test_a_full_disk_leaves_the_older_export(export, monkeypatch):
    before = listing(export)
    monkeypatch.setattr(staged, "_sync", full_disk)

    with pytest.raises(DataError, match="cannot be written: No space left"):
        write(export, {"selectors.jsonl": b""})

    assert listing(export) == before
    assert [path.name for path in export.parent.iterdir()] == ["export"]


def full_disk(_path):
    raise OSError(28, "No space left on device")


def test_where_the_newer_cannot_take_the_place_the_older_is_put_back(export, monkeypatch):
    before = listing(export)
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda path, to: refuse_the_new(rename, path, to))

    with pytest.raises(DataError, match="cannot be written"):
        write(export, {"selectors.jsonl": b""})

    monkeypatch.undo()
    assert listing(export) == before
    assert [path.name for path in export.parent.iterdir()] == ["export"]


def refuse_the_new(rename, path, to):
    if path.name == "new":
        raise PermissionError(13, "Permission denied")
    return rename(path, to)


def test_an_export_may_be_moved(export, tmp_path):
    shutil.copytree(export, tmp_path / "copy")

    read_directory(tmp_path / "copy", check=signed).check_files()
