"""A file to its end: every content entered once, whatever it is, by however many processes."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import polars as pl
import pytest

from carryover import reading, workers
from carryover.errors import CarryoverError
from carryover.intake import Found, identify, walk
from carryover.rawfile import FileKind, RawFile
from carryover.reading import decoder_key, read_batch, read_content
from carryover.settings import Athlete, Machine, Settings, Strength
from carryover.workers import read_files
from fit_bytes import begin, records, run, session, steady

POINTS = "".join(
    f'<trkpt lat="48.0{i:02d}" lon="8"><time>2024-05-04T09:00:{i:02d}Z</time></trkpt>'
    for i in range(30)
)
GPX = f'<gpx version="1.1"><trk><type>running</type><trkseg>{POINTS}</trkseg></trk></gpx>'.encode()
STRENGTH = b"date,exercise,sets,reps,weight_kg\n2024-05-03,hip thrust,3,10,60\n"


def laid(raw: Path, **files: bytes) -> list[Found]:
    """Write files (`__` in a name is a folder, `_` before its ending a dot) and identify them."""
    for name, content in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = raw / f"{stem}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [identify(raw, path) for path in walk(raw)]


def read(found: list[Found], target: Path, settings: Settings | None = None, known=frozenset()):
    """Read a batch; return its counts and every spooled frame by name."""
    counts = read_batch(found, settings or Settings(), known, target)
    return counts, {p.stem: pl.read_parquet(p) for p in target.glob("*.parquet")}


def many(n: int) -> dict[str, bytes]:
    return {
        f"run{i}_fit": session(records(begin(serial=i + 1), steady(60)), elapsed_s=60).file()
        for i in range(n)
    }


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return held.getvalue()


def test_every_content_is_entered_once(tmp_path):
    """Found = loaded + partial + unsupported + rejected, archives and members counted each."""
    found = laid(
        tmp_path / "raw", good_fit=run(30), copy_fit=run(30), cut_fit=run(30)[:-20],
        empty_fit=b"", text_fit=b"no run", settings_fit=begin(kind=2).file(), note_txt=b"hello",
        track_gpx=GPX, log_csv=STRENGTH, all_zip=zipped(a_fit=run(20), b_gz=gzip.compress(run(20))),
        broken_zip=zipped(a_fit=run(20))[:-10],
    )  # fmt: skip
    counts, frames = read(found, tmp_path / "spool")
    assert counts == {"loaded": 6, "partial": 1, "rejected": 3, "unsupported": 2}
    entered = frames["content"]["sha256"]
    assert entered.n_unique() == len(entered) == sum(counts.values())
    assert {f.sha256 for f in found} <= set(entered)


def test_a_status_that_is_not_loaded_has_a_reason(tmp_path):
    """Whatever is set aside says why, in words."""
    found = laid(tmp_path / "raw", cut_fit=run(30)[:-20], empty_fit=b"", note_txt=b"hello",
                 settings_fit=begin(kind=2).file(), b_gz=gzip.compress(run(9))[:-4])  # fmt: skip
    _, frames = read(found, tmp_path / "spool")
    aside = frames["content"].filter(pl.col("status") != "loaded")
    assert aside.height == 5
    assert aside["reason"].str.len_chars().min() > 10


def test_what_is_known_is_not_read_again(tmp_path):
    """A content that the ledger knows is passed over, also inside an archive."""
    found = laid(tmp_path / "raw", a_fit=run(30), all_zip=zipped(a_fit=run(30), b_fit=run(20)))
    sha256 = next(f.sha256 for f in found if f.place == "a.fit")
    counts, frames = read(found, tmp_path / "spool", known=frozenset({sha256}))
    assert counts == {"loaded": 2}
    assert sha256 not in set(frames["content"]["sha256"])
    assert frames["member"]["inner_place"].to_list() == ["!a.fit", "!b.fit"]


def test_a_file_that_went_away_is_entered_as_such(tmp_path):
    """A file deleted between finding and reading is told, not raised."""
    found = laid(tmp_path / "raw", a_fit=run(30))
    found[0].path.unlink()
    counts, frames = read(found, tmp_path / "spool")
    assert counts == {"rejected": 1}
    assert "cannot be read" in frames["content"]["reason"][0]


def test_files_belong_to_the_athlete_of_their_folder(tmp_path):
    """With several athletes the folder says whose a file is; keys keep them apart."""
    settings = Settings(
        athletes=[Athlete(id="anna", folder="anna"), Athlete(id="ben", folder="ben")]
    )
    found = laid(tmp_path / "raw", anna__a_fit=run(30), ben__2024__b_fit=run(40),
                 ben__all_zip=zipped(c_fit=run(50)))  # fmt: skip
    _, frames = read(found, tmp_path / "spool", settings)
    runs = frames["activity"].sort("n_records")
    assert runs["athlete_id"].to_list() == ["anna", "ben", "ben"]
    assert runs["n_records"].to_list() == [31, 41, 51]


def test_one_run_of_two_athletes_is_two_runs(tmp_path):
    """The same watch file given by two athletes has a key for each."""
    leaf = RawFile("x.fit", "sha", FileKind.FIT, run(30))
    told = [read_content(leaf, Settings(athlete=Athlete(id=name)))[1] for name in ("anna", "ben")]
    keys = {one.frames["activity"]["activity_id"][0] for one in told}
    assert len(keys) == 2


@pytest.mark.parametrize(
    "changed",
    [
        Settings(athlete=Athlete(id="other")),
        Settings(athlete=Athlete(home_timezone="Europe/Berlin")),
        Settings(athlete=Athlete(folder="mine")),
        Settings(strength=Strength(weight_unit="lb")),
    ],
    ids=["id", "home", "folder", "unit"],
)
def test_files_are_read_again_when_their_reading_would_differ(changed):
    """Whose a file is, where they live and their unit are part of what a reading rests on."""
    assert decoder_key(changed) != decoder_key(Settings())


def test_files_are_not_read_again_for_other_settings(monkeypatch):
    """Mass, workers and names change no reading; a new decoder does."""
    plain = decoder_key(Settings())
    assert decoder_key(Settings(machine=Machine(workers=3))) == plain
    assert decoder_key(Settings(athlete=Athlete(mass_kg=60, name="Anna"))) == plain
    monkeypatch.setattr(reading, "DECODER_VERSION", reading.DECODER_VERSION + 1)
    assert decoder_key(Settings()) != plain


def test_two_processes_read_what_one_reads(tmp_path, monkeypatch):
    """The number of workers changes nothing but the time."""
    monkeypatch.setattr(workers, "WORTH_A_POOL_BYTES", 0)
    monkeypatch.setattr(workers, "CHUNK_BYTES", 2000)
    found = laid(tmp_path / "raw", **many(6), track_gpx=GPX, log_csv=STRENGTH, bad_fit=b"no")
    held = {}
    for n in (1, 2):
        settings = Settings(machine=Machine(workers=n))
        folders = read_files(found, settings, frozenset(), tmp_path / f"spool{n}")
        assert len(folders) > 2
        parts = [p for folder in folders for p in sorted(folder.glob("*.parquet"))]
        held[n] = {(p.parent.name.split("-")[1], p.stem): pl.read_parquet(p) for p in parts}
    assert held[1].keys() == held[2].keys()
    assert all(held[1][key].equals(held[2][key]) for key in held[1])


def dying(*_: object) -> dict[str, int]:
    """Stand in for a worker that the machine ends."""
    os._exit(9)


def test_a_worker_that_the_machine_ends_is_told_with_a_remedy(tmp_path, monkeypatch):
    """A process killed for its memory gives an error that names the setting to change."""
    monkeypatch.setattr(workers, "WORTH_A_POOL_BYTES", 0)
    monkeypatch.setattr(workers, "CHUNK_BYTES", 1)
    monkeypatch.setattr(workers, "read_batch", dying)
    found = laid(tmp_path / "raw", **many(2))
    with pytest.raises(CarryoverError, match="workers = 1"):
        read_files(found, Settings(machine=Machine(workers=2)), frozenset(), tmp_path / "spool")


@pytest.mark.parametrize(
    "fault", [TypeError("odd"), pl.exceptions.ComputeError("odd"), KeyError(1)]
)
def test_a_fault_that_nobody_foresaw_costs_one_file(tmp_path, monkeypatch, fault):
    """A library's exception at one file sets that file aside and the night goes on."""
    real = reading.normalise

    def stumbling(kind, messages, athlete, sha256, unit=None):
        if messages["record"].height == 21:
            raise fault
        return real(kind, messages, athlete, sha256, unit)

    monkeypatch.setattr(reading, "normalise", stumbling)
    found = laid(tmp_path / "raw", a_fit=run(20), b_fit=run(30))
    counts, frames = read(found, tmp_path / "spool")
    assert counts == {"loaded": 1, "rejected": 1}
    assert type(fault).__name__ in frames["content"].filter(status="rejected")["reason"][0]


def test_ordinary_oddities_do_not_need_the_last_guard(tmp_path):
    """Empty, cut, foreign and damaged files are told by name, never as an unforeseen fault."""
    flipped = run(30)[:100] + b"\xff\xff" + run(30)[102:]
    found = laid(
        tmp_path / "raw", cut_fit=run(30)[:300], empty_fit=b"", note_txt=b"\0\xff",
        flipped_fit=flipped, bad_gpx=GPX[:-40], none_gz=gzip.compress(b""),
        log_csv=STRENGTH + b"yesterday,squat,x,y,z\n",
    )  # fmt: skip
    _, frames = read(found, tmp_path / "spool")
    reasons = frames["content"]["reason"].drop_nulls()
    assert not reasons.str.contains("nobody has met").any()


def test_a_spooled_batch_appears_whole(tmp_path):
    """The writer sees a batch's folder only once everything is in it."""
    found = laid(tmp_path / "raw", a_fit=run(20))
    read(found, tmp_path / "spool")
    assert [p.name for p in tmp_path.iterdir() if "spool" in p.name] == ["spool"]
