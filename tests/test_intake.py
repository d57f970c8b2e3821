"""Archives and folders: everything inside is found, nothing escapes, no size is believed."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from carryover.decode import sniff
from carryover.errors import DecodeError
from carryover.intake import Container, Foreign, Found, Refused, archives, identify, unpack, walk
from carryover.rawfile import FileKind, RawFile
from fit_bytes import run

RUN = run(10)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


def opened(folder: Path, name: str, content: bytes):
    """Leaves, refused and containers of one file on disk."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    held = list(unpack(identify(folder, path), sniff))
    return tuple([h for h in held if isinstance(h, t)] for t in (RawFile, Refused, Container))


@given(depth=st.integers(0, 2), names=st.lists(st.text("abc/.é", min_size=1), unique=True))
@hypothesis_settings(max_examples=30)
def test_every_member_comes_out_whatever_its_name(tmp_path_factory, depth, names):
    """A content inside archives up to three deep comes out once with its own bytes."""
    sound = [n for n in names if not n.endswith("/") and not n.split("/")[-1].startswith("._")]
    content = zipped(*((name, RUN + name.encode()) for name in sound))
    for _ in range(depth):
        content = zipped(("inner.zip", content))
    leaves, refused, containers = opened(tmp_path_factory.mktemp("raw"), "all.zip", content)
    assert sorted(leaf.content for leaf in leaves) == sorted(RUN + n.encode() for n in sound)
    assert not refused
    assert containers[-1].place == "all.zip"
    assert containers[-1].inside == len(sound)


def test_the_place_of_a_member_says_the_way_to_it(tmp_path):
    """A leaf's place is the archive's path, then the name inside, step by step."""
    content = zipped(("year/runs.zip", zipped(("a.fit.gz", gzip.compress(RUN)))))
    (leaf,), _, containers = opened(tmp_path, "export/all.zip", content)
    assert leaf.place == "export/all.zip!year/runs.zip!a.fit.gz!a.fit"
    assert leaf.kind is FileKind.FIT
    assert leaf.sha256 == hashlib.sha256(RUN).hexdigest()
    assert [c.inside for c in containers] == [1, 1, 1]


def test_a_fourth_level_is_refused_and_its_neighbours_read(tmp_path):
    """Archives nest three deep and no deeper; what lies beside the fourth is still read."""
    deep = zipped(("run.fit", RUN))
    for level in range(3):
        deep = zipped((f"level{level}.zip", deep), ("beside.fit", RUN))
    leaves, refused, _ = opened(tmp_path, "deep.zip", deep)
    assert {leaf.content for leaf in leaves} == {RUN}
    assert [fault.error.what for fault in refused] == ["archives nest deeper than 3"]


def test_litter_of_other_systems_is_no_file(tmp_path):
    """Resource forks and thumbnails that systems add to archives are passed over."""
    content = zipped(
        ("__MACOSX/._run.fit", b"\0" * 178), ("._run.fit", b""), (".DS_Store", b"x"),
        ("a/Thumbs.db", b"x"), ("run.fit", RUN),
    )  # fmt: skip
    leaves, refused, containers = opened(tmp_path, "mac.zip", content)
    assert [leaf.place for leaf in leaves] == ["mac.zip!run.fit"]
    assert not refused
    assert containers[0].inside == 1


def test_a_member_named_like_a_path_writes_nothing(tmp_path):
    """Names such as ../../x are names only: no byte lands outside, the content is read."""
    inside = tmp_path / "raw"
    content = zipped(("../../escaped.fit", RUN), ("/etc/escaped.fit", RUN), ("C:\\x.fit", RUN))
    leaves, _, _ = opened(inside, "evil.zip", content)
    assert len(leaves) == 3
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["evil.zip"]


def test_one_name_twice_is_two_contents(tmp_path):
    """Two members of one name are both read."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(("run.fit", RUN), ("run.fit", RUN + b"\0"))
    leaves, _, _ = opened(tmp_path, "twice.zip", content)
    assert {leaf.content for leaf in leaves} == {RUN, RUN + b"\0"}


def test_a_bomb_is_refused_alone(tmp_path):
    """A member that unpacks to hundreds of times its size is refused; its neighbour is read."""
    bomb = RUN + bytes(64 << 20)
    content = zipped(("bomb.fit", bomb), ("run.fit", RUN))
    assert len(content) < 1 << 20
    leaves, refused, containers = opened(tmp_path, "bomb.zip", content)
    assert [leaf.content for leaf in leaves] == [RUN]
    assert [fault.place for fault in refused] == ["bomb.zip!bomb.fit"]
    assert containers[0].inside == 1
    _, (fault,), _ = opened(tmp_path, "bomb.gz", gzip.compress(bomb))
    assert "more than a run can hold" in fault.error.what


def test_a_size_in_the_directory_is_not_believed(tmp_path):
    """An archive that understates a member's size gets no more than its limit."""
    content = bytearray(zipped(("bomb.fit", bytes(8 << 20))))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    leaves, refused, _ = opened(tmp_path, "liar.zip", bytes(content))
    assert sum(len(leaf.content) for leaf in leaves) <= archives.CHUNK
    assert len(leaves) + len(refused) == 1


def test_an_archive_in_an_archive_may_be_larger_than_a_run(tmp_path, monkeypatch):
    """The limit of one content is not that of an archive: bulk exports nest large ones."""
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 1 << 16)
    noise = [(f"{i}.fit", RUN + os.urandom(20_000)) for i in range(8)]
    content = zipped(("part1.zip", zipped(*noise)))
    assert len(content) > 1 << 16
    leaves, refused, _ = opened(tmp_path, "garmin.zip", content)
    assert len(leaves) == 8
    assert not refused


def test_too_much_in_all_is_refused_where_it_begins(tmp_path, monkeypatch):
    """The sum of what one file unpacks to is limited, also over nested archives."""
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 100_000)
    noise = [(f"{i}.fit", RUN + os.urandom(30_000)) for i in range(6)]
    leaves, refused, _ = opened(tmp_path, "large.zip", zipped(*noise))
    assert sum(len(leaf.content) for leaf in leaves) <= 100_000
    assert len(leaves) + len(refused) == 6
    assert refused


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    """An archive of more members than any export has is refused as a whole."""
    monkeypatch.setattr(archives, "MAX_MEMBERS", 5)
    _, (fault,), _ = opened(tmp_path, "many.zip", zipped(*((f"{i}.fit", b"x") for i in range(6))))
    assert "more than 5 members" in fault.error.what


def test_an_encrypted_member_is_refused_alone(tmp_path):
    """A member with a password is refused by name; the archive's others are read."""
    content = bytearray(zipped(("a.fit", RUN), ("b.fit", RUN + b"\0")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    leaves, refused, _ = opened(tmp_path, "locked.zip", bytes(content))
    assert [leaf.place for leaf in leaves] == ["locked.zip!b.fit"]
    assert [fault.place for fault in refused] == ["locked.zip!a.fit"]
    assert "cannot be read" in refused[0].error.what


@pytest.mark.parametrize("name", ["run.zip", "run.fit.gz"])
def test_an_archive_cut_anywhere_is_refused_or_read(tmp_path, name):
    """An archive cut at any byte gives whole contents, a refusal, or an odd leaf: no crash."""
    whole = zipped(("run.fit", RUN)) if name.endswith("zip") else gzip.compress(RUN)
    for end in range(len(whole)):
        leaves, refused, _ = opened(tmp_path, name, whole[:end])
        assert len(leaves) + len(refused) == 1
        assert not leaves or leaves[0].content == whole[:end]


@given(data=st.data())
@hypothesis_settings(max_examples=150)
def test_an_archive_with_flipped_bytes_never_crashes(tmp_path_factory, data):
    """Whatever bytes of an archive change, unpacking ends without an exception."""
    content = bytearray(zipped(("a.fit", RUN), ("b.gz", gzip.compress(RUN))))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    opened(tmp_path_factory.mktemp("raw"), "x.zip", bytes(content))


def test_the_name_of_an_archive_does_not_matter(tmp_path):
    """What a file is, its bytes say: an archive named .fit is opened."""
    (leaf,), _, _ = opened(tmp_path, "23206826183.fit", zipped(("inner.fit", RUN)))
    assert leaf.place == "23206826183.fit!inner.fit"


def test_an_empty_archive_and_an_empty_file_are_no_fault(tmp_path):
    """An archive of nothing is a container of nothing; an empty file is an empty content."""
    leaves, refused, (container,) = opened(tmp_path, "none.zip", zipped())
    assert (leaves, refused, container.inside) == ([], [], 0)
    (leaf,), _, _ = opened(tmp_path, "none.fit", b"")
    assert leaf.content == b""


def test_one_content_at_a_time(tmp_path):
    """Members are read when they are asked for: the first comes before the last is touched."""
    path = tmp_path / "two.zip"
    content = bytearray(zipped(("a.fit", RUN), ("b.fit", RUN), method=zipfile.ZIP_STORED))
    content[content.rindex(RUN[:40]) + 30] ^= 0xFF
    path.write_bytes(content)
    held = unpack(identify(tmp_path, path), sniff)
    assert next(held).content == RUN
    assert "cannot be read" in next(held).error.what


def test_walking_is_stable_and_skips_the_systems_files(tmp_path):
    """Files are found in one order whatever made them; dot files are not a person's."""
    for name in ("b/2.fit", "a/1.fit", ".hidden", "a/.spool/x.fit"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert [p.relative_to(tmp_path).as_posix() for p in walk(tmp_path)] == ["a/1.fit", "b/2.fit"]


def test_identity_is_the_content(tmp_path):
    """A file's hash is that of its bytes, wherever it lies."""
    path = tmp_path / "deep" / "run.fit"
    path.parent.mkdir()
    path.write_bytes(RUN)
    assert identify(tmp_path, path) == Found(
        "deep/run.fit", path, hashlib.sha256(RUN).hexdigest(), len(RUN)
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    """A broken link raises an error that names the file."""
    (tmp_path / "gone.fit").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DecodeError, match=r"gone\.fit"):
        identify(tmp_path, tmp_path / "gone.fit")


PASSED_OVER = (
    ".hidden.fit", "a/.sync/x.fit", "run.fit.part", "run.FIT.crdownload", "~$log.csv",
    ".run.fit.icloud", "desktop.ini", "Thumbs.db", "__MACOSX/run.fit", "x.download/run.fit",
)  # fmt: skip


def test_hidden_and_unfinished_files_are_passed_over(tmp_path):
    """What a system hides or a browser is still fetching is no file yet."""
    for name in (*PASSED_OVER, "A.FIT", "noending", "part.fit"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    found = [p.relative_to(tmp_path).as_posix() for p in walk(tmp_path)]
    assert found == ["A.FIT", "noending", "part.fit"]


def test_links_to_folders_are_followed_and_circles_end(tmp_path):
    """A linked folder is part of the tree, each once, whatever leads back into it."""
    raw, synced = tmp_path / "raw", tmp_path / "synced"
    (synced / "2024").mkdir(parents=True)
    (synced / "2024" / "run.fit").write_bytes(b"x")
    (synced / "up").symlink_to(tmp_path)
    raw.mkdir()
    (raw / "own.fit").write_bytes(b"y")
    (raw / "sync").symlink_to(synced)
    (raw / "sync again").symlink_to(synced)
    (raw / "self").symlink_to(raw)
    (raw / "linked.fit").symlink_to(synced / "2024" / "run.fit")
    found = [p.relative_to(raw).as_posix() for p in walk(raw)]
    assert found == ["linked.fit", "own.fit", "sync/2024/run.fit"]


def test_what_cannot_be_looked_into_is_not_forgotten(tmp_path):
    """A dead link is found, so that somebody can be told of it."""
    (tmp_path / "gone").symlink_to(tmp_path / "unmounted")
    (found,) = walk(tmp_path)
    with pytest.raises(DecodeError, match="gone"):
        identify(tmp_path, found)


def test_a_name_that_is_no_text_has_a_place(tmp_path):
    """A file name of another encoding becomes a place that can be stored and shown."""
    path = tmp_path / os.fsdecode(b"l\xe4uf.fit")
    path.write_bytes(RUN)
    found = identify(tmp_path, path)
    assert found.place == "l\ufffduf.fit"
    assert next(unpack(found, sniff)).content == RUN


@pytest.mark.parametrize("where", ["disk", "zip", "zip of zips"])
def test_a_film_is_looked_at_and_not_read(tmp_path, monkeypatch, where):
    """A large content of no kind that is read is named, never unpacked, and costs no budget."""
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 100_000)
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 300_000)
    film = os.urandom(200_000)
    content = film
    for _ in range(("disk", "zip", "zip of zips").index(where)):
        content = zipped(("film.mp4", content), ("run.fit", RUN))
    path = tmp_path / "x"
    path.write_bytes(content)
    held = list(unpack(identify(tmp_path, path), sniff))
    (foreign,) = [h for h in held if isinstance(h, Foreign)]
    assert foreign.size_bytes == 200_000
    assert not [h for h in held if isinstance(h, Refused)]
    leaves = {h.content for h in held if isinstance(h, RawFile)}
    assert leaves == (set() if where == "disk" else {RUN})


HOSTILE = [
    ("a path that climbs", "../../x.fit"),
    ("an absolute path", "/etc/x.fit"),
    ("a Windows path", "C:\\x.fit"),
    ("letters of CP437", "L\u00e4ufe/x.fit"),
    ("a line break", "a\nb.fit"),
    ("no ending", "x"),
    ("upper case", "X.FIT"),
    ("a name of 60,000 letters", "x" * 60_000),
]


@pytest.mark.parametrize(("what", "name"), HOSTILE, ids=[what for what, _ in HOSTILE])
def test_a_member_comes_out_whatever_it_is_called(tmp_path, what, name):
    """The name of a member is a name: its content comes out, no byte lands elsewhere."""
    content = bytearray(zipped((name, RUN)))
    if "CP437" in what:
        # As old programs write names: no flag that says UTF-8, and the other letters.
        for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
            content[content.index(mark) + offset] &= ~0x08
        content = content.replace(name.encode(), name.encode("cp437") + b"_")
    raw = tmp_path / "raw"
    leaves, refused, _ = opened(raw, "x.zip", bytes(content))
    assert [leaf.content for leaf in leaves] == [RUN]
    assert not refused
    if "CP437" in what:
        assert leaves[0].place == f"x.zip!{name}_"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [raw / "x.zip"]


def test_a_large_directory_is_read(tmp_path):
    """Zip64 entries, as large exports have them, are read."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open("run.fit", "w", force_zip64=True) as m:
        m.write(RUN)
    leaves = [h for h in unpack(identify(tmp_path, path), sniff) if isinstance(h, RawFile)]
    assert [leaf.content for leaf in leaves] == [RUN]


def test_a_cut_archive_says_so(tmp_path):
    """An archive whose end is missing is told as cut off, not as an unknown file."""
    _, (fault,), _ = opened(tmp_path, "export.zip", zipped(("a.fit", RUN), ("b.fit", RUN))[:-30])
    assert "cut off" in fault.error.what
    assert fault.error.remedy == "Download it again."


def test_litter_is_counted(tmp_path):
    """What macOS adds to an archive is no content, and is counted."""
    content = zipped(("__MACOSX/._a.fit", b"\0" * 178), ("a.fit", RUN), ("Thumbs.db", b"x"))
    _, _, containers = opened(tmp_path, "mac.zip", zipped(("inner.zip", content)))
    assert [(c.inside, c.litter) for c in containers] == [(1, 2), (1, 2)]


@given(sizes=st.lists(st.integers(0, 5000), max_size=12), depth=st.integers(0, 1))
@hypothesis_settings(max_examples=25)
def test_all_of_an_archive_is_spent(tmp_path_factory, sizes, depth):
    """Members stand for shares of the file on disk that add up to it, and come in between."""
    folder = tmp_path_factory.mktemp("raw")
    content = zipped(*((f"{n}.fit", RUN + os.urandom(size)) for n, size in enumerate(sizes)))
    for _ in range(depth):
        content = zipped(("inner.zip", content))
    path = folder / "x.zip"
    path.write_bytes(content)
    spent: list[float] = []
    held = unpack(identify(folder, path), sniff, spent.append)
    seen = [sum(spent) for one in held if isinstance(one, RawFile)]
    assert sum(spent) == pytest.approx(len(content) if sizes else 0)
    assert seen == sorted(seen)
    assert len(set(seen)) == len(seen)


def test_a_disk_without_room_is_no_fault_of_an_archive(tmp_path, monkeypatch):
    """Where there is no room to unpack a member the night stops; the archive is not refused."""

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archives, "_copy_within", full)
    with pytest.raises(OSError, match="No space left"):
        opened(tmp_path, "export.zip", zipped(("a.fit", RUN)))
