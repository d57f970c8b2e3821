"""Copying in: only what is read here, only once, and never half a file."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from carryover import bring as module
from carryover.bring import bring
from carryover.errors import CarryoverError, UsageError
from carryover.intake import walk
from exports import other_fit, strava_zip, watch_folder
from fit_bytes import run

RUN = run(30)


@pytest.fixture
def raw(tmp_path):
    """A folder data/raw/ that is there already."""
    folder = tmp_path / "home" / "raw"
    folder.mkdir(parents=True)
    return folder


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def held(raw: Path) -> dict[str, bytes]:
    return {p.relative_to(raw).as_posix(): p.read_bytes() for p in walk(raw)}


def test_of_a_watch_only_what_is_read_comes(tmp_path, raw):
    """Maps, firmware, settings and monitoring stay on the watch and are counted with their size."""
    root = watch_folder(tmp_path / "media", {"A.FIT": RUN, "B.FIT": run(40), "odd": run(50)})
    told = bring([root], raw)
    assert sorted(held(raw)) == [f"GARMIN/Activity/{name}" for name in ("A.FIT", "B.FIT", "odd")]
    assert told.copied == 3
    assert told.passed["FIT files with all-day monitoring"] == 2
    assert told.passed_bytes[".img files"] == 500_000
    assert sum(told.passed.values()) == 9
    assert any("1 .img files (0.5 MB)" in line for line in told.lines())


def test_bringing_twice_copies_once(tmp_path, raw):
    """The same content is not copied again, under its own name or another, from any folder."""
    phone = tmp_path / "phone"
    put(phone / "run.fit", RUN)
    assert bring([phone], raw).copied == 1
    assert bring([phone], raw).there == 1
    put(tmp_path / "else" / "renamed.fit", RUN)
    again = bring([tmp_path / "else", phone / "run.fit"], raw)
    assert (again.copied, again.there) == (0, 2)
    assert list(held(raw)) == ["phone/run.fit"]


def test_two_copies_of_one_content_come_once(tmp_path, raw):
    """What one call brings counts for the rest of it."""
    for name in ("a.fit", "b.fit"):
        put(tmp_path / "phone" / name, RUN)
    told = bring([tmp_path / "phone"], raw)
    assert (told.copied, told.there) == (1, 1)


def test_another_content_of_a_name_is_kept_beside_it(tmp_path, raw):
    """A name that is taken loses nothing: both contents stay."""
    path = put(tmp_path / "phone" / "run.fit", RUN)
    bring([path.parent], raw)
    put(path, run(60))
    bring([path.parent], raw)
    bring([path.parent], raw)
    assert sorted(held(raw).values()) == sorted([RUN, run(60)])


def test_names_and_times_are_kept(tmp_path, raw):
    """A copy has the folder's name, the file's name and its time of change."""
    path = put(tmp_path / "watch" / "deep" / "Ünï run.FIT", RUN)
    os.utime(path, ns=(10**18, 10**18))
    bring([tmp_path / "watch"], raw)
    copy = raw / "watch" / "deep" / "Ünï run.FIT"
    assert copy.stat().st_mtime_ns == 10**18


def test_a_named_file_comes_whatever_it_is(tmp_path, raw):
    """What somebody names is not passed over: the night says what is wrong with it."""
    bring([put(tmp_path / "notes.pdf", b"%PDF"), put(tmp_path / "e.fit", b"")], raw)
    assert sorted(held(raw)) == ["e.fit", "notes.pdf"]


def test_what_lies_in_raw_stays(raw):
    """A path below data/raw/ is taken as it is."""
    told = bring([put(raw / "run.fit", RUN)], raw)
    assert (told.copied, told.there) == (0, 1)
    assert len(held(raw)) == 1


def test_a_path_that_is_not_there_is_a_wrong_call(tmp_path, raw):
    """It is named, and nothing is copied."""
    with pytest.raises(UsageError, match="no such file"):
        bring([put(tmp_path / "run.fit", RUN), tmp_path / "typo"], raw)
    assert not held(raw)


@pytest.mark.parametrize("change", ["grows", "is touched", "vanishes"])
def test_a_file_that_changes_meanwhile_is_left(tmp_path, raw, monkeypatch, change):
    """A file that is still synced is told and left; the others come, nothing half stays."""
    path = put(tmp_path / "sync" / "a.fit", RUN)
    put(tmp_path / "sync" / "b.fit", run(40))
    whole = module._chunks

    def chunks(source):
        yield from whole(source)
        if source == path:
            if change == "grows":
                source.write_bytes(RUN + RUN)
            elif change == "is touched":
                os.utime(source, ns=(1, 1))
            else:
                source.unlink()

    monkeypatch.setattr(module, "_chunks", chunks)
    told = bring([tmp_path / "sync"], raw)
    assert list(held(raw)) == ["sync/b.fit"]
    assert [str(path) in line for line in told.left] == [True]
    assert [p.name for p in raw.rglob("*") if p.is_file()] == ["b.fit"]


def test_a_file_that_cannot_be_read_stops_no_other(tmp_path, raw, monkeypatch):
    """A disk fault at one file is told by name."""
    put(tmp_path / "disk" / "a.fit", RUN)
    put(tmp_path / "disk" / "b.fit", run(40))
    (tmp_path / "disk" / "dead.fit").symlink_to(tmp_path / "nowhere")
    whole = module._chunks

    def chunks(source):
        if source.name == "a.fit":
            raise module._unreadable(source, OSError(5, "Input/output error"))
        yield from whole(source)

    monkeypatch.setattr(module, "_chunks", chunks)
    told = bring([tmp_path / "disk"], raw)
    assert list(held(raw)) == ["disk/b.fit"]
    assert sorted(line.partition(": ")[2] for line in told.left) == [
        "the file cannot be read: Input/output error",
        "the file cannot be read: No such file or directory",
    ]


def test_where_nothing_can_be_written_is_said(tmp_path, raw):
    """A home that takes no file is one plain message, not a stack trace."""
    put(raw / "phone", b"a file where a folder should be")
    with pytest.raises(CarryoverError, match="nothing can be written here"):
        bring([put(tmp_path / "phone" / "run.fit", RUN).parent], raw)


def test_memory_stays_small(tmp_path, raw, monkeypatch):
    """A file is copied in pieces, however large it is."""
    monkeypatch.setattr(module, "CHUNK", 1000)
    content = random.Random(1).randbytes(100_000)
    sizes = []
    whole = module._chunks

    def chunks(source):
        for chunk in whole(source):
            sizes.append(len(chunk))
            yield chunk

    monkeypatch.setattr(module, "_chunks", chunks)
    bring([put(tmp_path / "export.zip", strava_zip({"1.fit": content}))], raw)
    assert max(sizes) == 1000
    assert len(held(raw)["export.zip"]) == sum(sizes)


def test_a_broken_file_comes_along(tmp_path, raw):
    """A cut FIT file of a watch may be a run: it comes, so that it is told and healed."""
    root = watch_folder(tmp_path, {"CUT.FIT": RUN[:-20]})
    assert bring([root], raw).copied == 1
    assert "CUT.FIT" in next(iter(held(raw)))
    assert other_fit("settings", 1)[8:12] == b".FIT"
