"""Forgetting: what is named goes from everywhere, what is beside it stays, and it stays gone."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import shutil
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmarks.trust.part_built import part_built
from benchmarks.trust.privacy import left_of, of_run
from benchmarks.trust.privacy_homes import NOW, gpx_home, gpx_run, night, packed
from carryover import app, forget, forgotten, purge
from carryover.cli import app as commands
from carryover.decode import sniff
from carryover.errors import CarryoverError, SettingsError, UsageError
from carryover.home import Home
from carryover.intake import strip
from carryover.intake.places import digest


def named(content: bytes) -> str:
    return digest(io.BytesIO(content))


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """A home after a night over three runs, packed into an export and a .gz as well."""
    home = gpx_home(tmp_path_factory.mktemp("forget") / "home", 3, "[privacy]\nmaps = true")
    packed(home, [f"run{k}.gpx" for k in range(3)])
    night(home)
    return home


@pytest.fixture
def home(three, tmp_path):
    """That home, to be changed."""
    shutil.copytree(three.root, tmp_path / "home")
    return Home(tmp_path / "home")


def wish(home, name, athlete=None):
    return forget.wish_of(home, app.open_home(home.root)[1], name, athlete)


def read_anew(home):
    """Read what is new, and return the files and the runs that the tables would have."""
    _, settings = app.open_home(home.root)
    app.ingest(home, settings)
    told = part_built(home, settings, "source_file", "run")
    return told["source_file"], told["run"]


def let_go(home, told):
    """Let go what a wish names, as if tables and pages had been made after it."""
    purge.owe(home, replace(told.owed, day=f"{NOW:%Y-%m-%d}"))
    purge.resume(home)
    purge.built(home)
    purge.drawn(home)


def first_run(home):
    [(run_id,)] = app.ask(home, "select run_id from run order by started_at limit 1").rows()
    return run_id


def test_a_run_goes_from_everywhere_and_the_rest_stays(home):
    """After a run is forgotten no byte and no cell tells of it; other members are as they were."""
    run_id, needles = first_run(home), of_run(home, first_run(home))
    assert len(left_of(home, needles)) > 5, "else nothing could be seen to go"
    (home.warehouse_dir / "snapshots").mkdir()
    shutil.copy(home.published, home.warehouse_dir / "snapshots" / "old.duckdb")
    told = wish(home, run_id)
    assert told.files == ["copy.gz", "run0.gpx"]
    assert [place.split("!", 1)[1] for place in told.members] == [
        "activities/run0.gpx", "older.zip!deep/run0.gpx"
    ]  # fmt: skip
    forget.carry_out(home, told, now=NOW)
    assert left_of(home, needles) == []
    assert app.ask(home, "select count(*) from run").rows() == [(2,)]
    with zipfile.ZipFile(home.raw / "export.zip") as archive:
        assert archive.read("activities/run1.gpx") == (home.raw / "run1.gpx").read_bytes()
        assert (archive.comment, archive.testzip()) == (b"made", None)
    assert not (home.warehouse_dir / "snapshots").exists()
    assert not purge.is_owed(home)


def test_what_comes_again_is_set_aside_and_counted(home, tmp_path):
    """A forgotten content in next month's export is listed, not read; alone it is not copied."""
    content = (home.raw / "run0.gpx").read_bytes()
    let_go(home, wish(home, "2026-06-01"))
    (tmp_path / "run0.gpx").write_bytes(content)
    brought = app.bring_in(home, [tmp_path / "run0.gpx"])
    assert (brought.copied, len(brought.left)) == (0, 1)
    assert "forgotten on your wish on 2026-06-29" in brought.left[0]
    with zipfile.ZipFile(home.raw / "july.zip", "w") as archive:
        archive.writestr("run0.gpx", content)
    files, runs = read_anew(home)
    rows = files.filter(pl.col("path").str.starts_with("july.zip!")).select("status", "reason")
    assert rows.rows() == [("unsupported", forgotten.reason("2026-06-29"))]
    assert runs.height == 2
    before = app.find(*app.open_home(home.root))
    assert before.batches == [], "nor is the archive opened every night"
    (home.root / forgotten.FILE_NAME).unlink()
    assert read_anew(home)[1].height == 3, "a line deleted: read again"


def test_the_next_night_completes_what_was_cut_off(home, monkeypatch):
    """Cut off before any step, night after night, a forgetting is ended by the next night."""
    needles, told = of_run(home, first_run(home)), wish(home, "2026-06-01 08:00")

    def cut_off(*_args, **_more):
        raise KeyboardInterrupt

    def begun():
        forget.carry_out(home, told, now=NOW)

    work = begun
    for place in ((purge, "resume"), (app, "ingest"), (app, "build"), (app, "render")):
        with monkeypatch.context() as patch:
            patch.setattr(*place, cut_off)
            with pytest.raises(KeyboardInterrupt):
                work()
        assert purge.is_owed(home)
        assert app.nothing_new(home, app.open_home(home.root)[1], now=NOW) is None
        work = partial(night, home)
    night(home)
    assert left_of(home, needles) == []
    assert not purge.is_owed(home)
    assert set(told.owed.contents) == set(forgotten.forgotten_of(home.root))


def test_an_athlete_goes_alone(tmp_path):
    """Of several athletes one goes with folder, plans and questions; the other's all stay."""
    home = gpx_home(tmp_path / "home", 1)
    (home.root / "carryover.toml").write_text(
        "".join(f'[[athletes]]\nid = "{who}"\nfolder = "{who}"\n' for who in ("ann", "ann-b"))
    )
    (home.raw / "run0.gpx").unlink()
    for k, who in enumerate(("ann", "ann-b")):
        (home.raw / who).mkdir()
        start = dt.datetime(2026, 6, 1 + k, 6, tzinfo=dt.UTC)
        (home.raw / who / "run.gpx").write_bytes(gpx_run(start, (40.0 + k, 8.0), 1.0))
    (home.raw / "ann" / "wellness.csv").write_text("date,site,pain_0_10\n2026-06-01,knee,2\n")
    (home.raw / "ann" / ".DS_Store").write_bytes(b"x")
    for name in ("plan.ann-2026-01-01.csv", "plan.ann-b-2026-01-01.csv"):
        (home.root / name).write_text("laid aside")
    app.ingest(*app.open_home(home.root))
    told = wish(home, "ann")
    assert told.others == ["plan.ann-2026-01-01.csv"]
    assert told.counts["lines of pain and stiffness"] == 1
    assert any("carryover.toml, line 2" in line for line in told.stays)
    let_go(home, told)
    assert sorted(p.name for p in home.raw.iterdir()) == ["ann-b"]
    assert not (home.root / "plan.ann-2026-01-01.csv").exists()
    assert (home.root / "plan.ann-b-2026-01-01.csv").exists()
    _, settings = app.open_home(home.root)
    app.ingest(home, settings)
    activity = part_built(home, settings, "activity")["activity"]
    assert activity["athlete_id"].unique().to_list() == ["ann-b"]


def test_an_athlete_whose_folder_holds_anothers_leaves_that_alone(tmp_path):
    """Who owns all of data/raw/ takes nothing of those whose folders lie in it; files gone, a
    home is empty without an alarm."""
    home = gpx_home(tmp_path / "home", 1)
    (home.root / "carryover.toml").write_text(
        '[athlete]\nid = "me"\n[[athletes]]\nid = "ben"\nfolder = "ben"\n'
    )
    (home.raw / "ben").mkdir()
    shutil.copy(home.raw / "run0.gpx", home.raw / "ben" / "same.gpx")
    app.ingest(*app.open_home(home.root))
    told = wish(home, "me")
    assert (told.owed.whole, told.owed.contents) == (["run0.gpx"], [])
    purge.owe(home, told.owed)
    assert purge.resume(home) == {"run0.gpx"}
    app.ingest(*app.open_home(home.root))
    assert [p.name for p in home.raw.rglob("*.gpx")] == ["same.gpx"]
    gone = wish(home, "ben")
    purge.owe(home, gone.owed)
    assert app.ingest(*app.open_home(home.root)).found == 0


def test_a_name_that_means_nothing_or_several_is_told(home):
    """A wrong name is a clear error, and nothing goes."""
    start = dt.datetime(2026, 6, 1, 17, tzinfo=dt.UTC)
    (home.raw / "evening.gpx").write_bytes(gpx_run(start, (10.0, 10.0), 1.0))
    with pytest.raises(UsageError, match="means 2 runs"):
        wish(home, "2026-06-01")
    with pytest.raises(UsageError, match="nothing here is called"):
        wish(home, "2020-01-01")
    assert wish(home, "2026-06-01 18:00").files == ["evening.gpx"]
    assert wish(home, "data/raw/export.zip").members == []


def test_the_command_asks_shows_and_says_so(home):
    """Without a person to ask nothing goes; --dry-run shows what would, also for a machine."""
    where = ["--home", str(home.root)]
    alone = CliRunner().invoke(commands, ["forget", "2026-06-01", *where])
    assert alone.exit_code == 2
    shown = CliRunner().invoke(commands, ["forget", "2026-06-01", "--dry-run", "--json", *where])
    line = next(line for line in shown.stdout.splitlines() if line.startswith("{"))
    told = json.loads(line)
    assert (told["files"], told["forgotten"]) == (["copy.gz", "run0.gpx"], False)
    assert (home.raw / "run0.gpx").exists()
    assert not (home.root / forgotten.FILE_NAME).exists()


def test_reasons_of_nights_name_nothing_that_is_forgotten(tmp_path):
    """A record of nights loses the reason that names a file, and keeps the night."""
    home = Home(tmp_path)
    home.prepare()
    path = home.warehouse_dir / "nights.jsonl"
    lines = [{"night": "a", "reason": "run0.gpx: odd"}, {"night": "b", "reason": "disk"}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    purge.owe(home, purge.Owed(names=["run0.gpx"]))
    purge.resume(home)
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert told[0] == {"night": "a", "reason": purge.LEFT_OUT}
    assert told[1] == lines[1]


def test_a_list_of_what_is_owed_that_is_broken_is_told(tmp_path):
    """A torn list ends with a clear error, not with a night that passes it over."""
    home = Home(tmp_path)
    home.prepare()
    (home.warehouse_dir / purge.FILE_NAME).write_text("{")
    with pytest.raises(CarryoverError, match="cannot be read"):
        purge.resume(home)


def test_a_line_of_forgotten_csv_that_is_none_is_told(tmp_path):
    """A slip in the list would bring a content back: it is an error that names the line."""
    (tmp_path / forgotten.FILE_NAME).write_text(f"{forgotten.HEADER}\nabc,2026-01-01\n")
    with pytest.raises(SettingsError, match="line 2"):
        forgotten.forgotten_of(tmp_path)


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\:"),
                min_size=1, max_size=12)  # fmt: skip
MEMBERS = st.dictionaries(NAMES, st.tuples(st.binary(max_size=300), st.booleans()), max_size=6)


# Python's own zipfile takes a mark of an archive's end in a comment for that end.
COMMENTS = st.binary(max_size=20).filter(lambda comment: b"PK\x05\x06" not in comment)


@given(MEMBERS, st.data(), COMMENTS)
@settings(max_examples=50, deadline=None)
def test_an_archive_keeps_its_other_members_bit_for_bit(members, data, comment):
    """Whatever a zip holds, only members with a forgotten content go; the rest is as it was."""
    gone = data.draw(st.sets(st.sampled_from(sorted(members)))) if members else set()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = comment
        for name, (content, is_packed) in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
            with archive.open(info, "w") as target:
                target.write(content)
    hashes = {named(members[name][0]) for name in gone}
    kept = {n: c for n, (c, _) in members.items() if named(c) not in hashes}
    path = Path(data.draw(st.just("/tmp"))) / f"strip-{id(buffer)}.zip"
    try:
        path.write_bytes(buffer.getvalue())
        n = strip(path, hashes, sniff)
        assert n == len(members) - len(kept)
        if members and not kept:
            assert not path.exists()
            return
        with zipfile.ZipFile(path) as archive:
            assert {i.filename: archive.read(i) for i in archive.infolist()} == kept
            assert archive.comment == comment
            assert all(i.date_time == (2026, 1, 2, 3, 4, 6) for i in archive.infolist())
    finally:
        path.unlink(missing_ok=True)


def test_archives_in_archives_are_stripped_too(tmp_path):
    """A zip in a zip, in a .gz, and a streamed member whose sizes stand behind it."""
    secret, other = b"secret" * 50, b"other" * 50
    deep = io.BytesIO()
    with zipfile.ZipFile(deep, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("s", secret)
        archive.writestr("o", other)

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.held = b""

        def writable(self):
            return True

        def write(self, chunk):
            self.held += bytes(chunk)
            return len(chunk)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep.zip", deep.getvalue())
        archive.writestr("streamed", other)
        archive.writestr("s.gz", gzip.compress(secret))
    path = tmp_path / "all.zip.gz"
    path.write_bytes(gzip.compress(pipe.held))
    assert strip(path, {named(secret)}, sniff) == 2
    assert secret not in gzip.decompress(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(gzip.decompress(path.read_bytes()))) as archive:
        assert archive.namelist() == ["deep.zip", "streamed"]
        assert archive.read("streamed") == other
        with zipfile.ZipFile(io.BytesIO(archive.read("deep.zip"))) as inner:
            assert {n: inner.read(n) for n in inner.namelist()} == {"o": other}


def test_a_file_without_it_is_not_touched(tmp_path):
    """What holds nothing that is forgotten keeps its bytes, its time and its place on disk."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"x")
    before = path.stat(), path.read_bytes()
    assert strip(path, {named(b"y")}, sniff) == 0
    assert (path.stat().st_ino, path.read_bytes()) == (before[0].st_ino, before[1])


def test_a_gzip_is_told_as_the_reader_tells_it(tmp_path):
    """Parts one behind the other are one content; what is cut off holds none, and stays."""
    whole, cut = tmp_path / "parts.gz", tmp_path / "cut.gz"
    whole.write_bytes(gzip.compress(b"one") + gzip.compress(b"two"))
    cut.write_bytes(gzip.compress(b"one")[:-9])
    assert strip(cut, {named(b"one"), named(b"")}, sniff) == 0
    assert cut.exists()
    assert strip(whole, {named(b"one")}, sniff) == 0
    assert strip(whole, {named(b"onetwo")}, sniff) == 1
    assert not whole.exists()
