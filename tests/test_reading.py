"""A file to its end: every content entered once, whatever it is, in whatever batches."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from carryover import reading
from carryover.intake import Found, identify, walk
from carryover.rawfile import FileKind, RawFile
from carryover.reading import decoder_key, read_content, read_files
from carryover.settings import Athlete, Machine, Settings, Strength
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


def read(found: list[Found], settings: Settings | None = None, known=frozenset()):
    """Read files; return how many contents became what, and every frame by name."""
    readings = list(read_files(found, settings or Settings(), known))
    frames = joined(readings)
    return dict(frames["content"]["status"].value_counts().iter_rows()), frames


def joined(readings) -> dict[str, pl.DataFrame]:
    """Return the frames of readings, each row with the content it came from."""
    held: dict[str, list[pl.DataFrame]] = {}
    for one in readings:
        owners = one.content.select(content_sha256="sha256").with_row_index("content")
        for name, frame in {**one.frames, "problem": one.problem}.items():
            named = frame.join(owners, on="content", how="left", maintain_order="left")
            held.setdefault(name, []).append(named.drop("content"))
        held.setdefault("content", []).append(one.content)
        held.setdefault("member", []).append(one.member)
    return {name: pl.concat(frames, how="diagonal_relaxed") for name, frames in held.items()}


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
    counts, frames = read(found)
    assert counts == {"loaded": 6, "partial": 1, "rejected": 3, "unsupported": 2}
    entered = frames["content"]["sha256"]
    assert entered.n_unique() == len(entered) == sum(counts.values())
    assert {f.sha256 for f in found} <= set(entered)


def test_a_status_that_is_not_loaded_has_a_reason(tmp_path):
    """Whatever is set aside says why, in words."""
    found = laid(tmp_path / "raw", cut_fit=run(30)[:-20], empty_fit=b"", note_txt=b"hello",
                 settings_fit=begin(kind=2).file(), b_gz=gzip.compress(run(9))[:-4])  # fmt: skip
    _, frames = read(found)
    aside = frames["content"].filter(pl.col("status") != "loaded")
    assert aside.height == 5
    assert aside["reason"].str.len_chars().min() > 10


def test_what_is_known_is_not_read_again(tmp_path):
    """A content that the ledger knows is passed over, also inside an archive."""
    found = laid(tmp_path / "raw", a_fit=run(30), all_zip=zipped(a_fit=run(30), b_fit=run(20)))
    sha256 = next(f.sha256 for f in found if f.place == "a.fit")
    counts, frames = read(found, known=frozenset({sha256}))
    assert counts == {"loaded": 2}
    assert sha256 not in set(frames["content"]["sha256"])
    assert frames["member"]["inner_place"].to_list() == ["!a.fit", "!b.fit"]


def test_a_file_that_went_away_is_entered_as_such(tmp_path):
    """A file deleted between finding and reading is told, not raised."""
    found = laid(tmp_path / "raw", a_fit=run(30))
    found[0].path.unlink()
    counts, frames = read(found)
    assert counts == {"rejected": 1}
    assert "cannot be read" in frames["content"]["reason"][0]


def test_files_belong_to_the_athlete_of_their_folder(tmp_path):
    """With several athletes the folder says whose a file is; keys keep them apart."""
    settings = Settings(
        athletes=[Athlete(id="anna", folder="anna"), Athlete(id="ben", folder="ben")]
    )
    found = laid(tmp_path / "raw", anna__a_fit=run(30), ben__2024__b_fit=run(40),
                 ben__all_zip=zipped(c_fit=run(50)))  # fmt: skip
    _, frames = read(found, settings)
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
    """Mass, batches and names change no reading; a new decoder does."""
    plain = decoder_key(Settings())
    assert decoder_key(Settings(machine=Machine(batch_mb=3))) == plain
    assert decoder_key(Settings(athlete=Athlete(mass_kg=60, name="Anna"))) == plain
    monkeypatch.setattr(reading, "DECODER_VERSION", reading.DECODER_VERSION + 1)
    assert decoder_key(Settings()) != plain


@pytest.mark.parametrize("batch_bytes", [1, 5_000, 100_000_000])
def test_how_files_are_batched_changes_nothing(tmp_path, monkeypatch, batch_bytes):
    """Read one by one or all together, contents have the same rows, status and problems."""
    found = laid(tmp_path / "raw", **many(6), track_gpx=GPX, log_csv=STRENGTH, bad_fit=b"no",
                 all_zip=zipped(a_fit=run(20), b_gz=gzip.compress(run(25))))  # fmt: skip
    _, together = read(found)
    monkeypatch.setattr(reading, "BYTES_PER_MB", batch_bytes)
    readings = list(read_files(found, Settings(machine=Machine(batch_mb=1)), frozenset()))
    assert (len(readings) > 1) == (batch_bytes < 100_000_000)
    assert sum(r.n_files for r in readings) == len(found)
    assert sum(r.disk_bytes for r in readings) == sum(f.size_bytes for f in found)
    apart = joined(readings)
    assert apart.keys() == together.keys()
    for name, frame in together.items():
        assert_frame_equal(apart[name], frame, check_row_order=False, check_column_order=False)


def test_an_archive_is_entered_once_its_members_are(tmp_path, monkeypatch):
    """However an archive is cut into batches, its places are told together, at its end."""
    monkeypatch.setattr(reading, "BYTES_PER_MB", 1)
    found = laid(tmp_path / "raw", all_zip=zipped(a_fit=run(20), b_fit=run(30), c_fit=run(40)))
    readings = list(read_files(found, Settings(machine=Machine(batch_mb=1)), frozenset()))
    assert [r.member.height for r in readings][:-1] == [0] * (len(readings) - 1)
    assert readings[-1].member["inner_place"].to_list() == ["!a.fit", "!b.fit", "!c.fit"]


@pytest.mark.parametrize(
    "fault", [TypeError("odd"), pl.exceptions.ComputeError("odd"), KeyError(1)]
)
def test_a_fault_that_nobody_foresaw_costs_one_file(tmp_path, monkeypatch, fault):
    """A library's exception at one file sets that file aside and the night goes on."""
    real = reading.normalise_fit

    def stumbling(messages, owners, fields):
        if 21 in messages["record"].group_by("file").len()["len"].to_list():
            raise fault
        return real(messages, owners, fields)

    monkeypatch.setattr(reading, "normalise_fit", stumbling)
    found = laid(tmp_path / "raw", a_fit=run(20), b_fit=run(30))
    counts, frames = read(found)
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
    _, frames = read(found)
    reasons = frames["content"]["reason"].drop_nulls()
    assert not reasons.str.contains("nobody has met").any()
