"""`carryover`: the commands a person types. Words and exit codes here, work in `app`."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from carryover import __version__
from carryover.cli_cohort import cohort
from carryover.cli_export import export
from carryover.cli_forget import forget
from carryover.cli_log import log_app
from carryover.cli_pages import open_pages, report
from carryover.cli_plan import plan
from carryover.cli_restore import restore
from carryover.cli_schedule import schedule
from carryover.cli_words import HERE, Commands, HomeOption, JsonOption, say, told
from carryover.errors import ExitCode
from carryover.harmless import harmless

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # boxes and colours of the help would take half a second to import
    pretty_exceptions_enable=False,
    help="Does your glute work carry over to how you run?\n\n"
    "Put watch files into `data/raw/`, run `carryover nightly`, open `dashboards/site/index.html`.",
)
app.add_typer(log_app, name="log")
app.command()(plan)
app.command()(report)
app.command()(restore)
app.command()(schedule)
app.command("open")(open_pages)
app.command()(forget)
app.command()(export)
app.command()(cohort)


class Format(StrEnum):
    """How `carryover sql` prints."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def main() -> None:
    """Run the command line; files that it makes are the owner's alone."""
    os.umask(0o077)
    app()


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Say the version where asked."""
    if version:
        say(f"carryover {__version__}")
        raise typer.Exit


@app.command()
@told
def demo(
    home: Annotated[Path, typer.Option("--home", help="A new folder for it.")] = Path("demo"),
    weeks: Annotated[int, typer.Option(min=8, max=520, help="Weeks of running.")] = 52,
    seed: Annotated[int, typer.Option(help="Another number, another athlete.")] = 1,
    effect: Annotated[
        float,
        typer.Option(help="Planted effect in SD per two sessions a week: −1.5 helps, 0 is none."),
    ] = -1.5,
) -> None:
    """Write a synthetic athlete as real files, run the night, say where the pages are.

    Example: `carryover demo --home demo --effect 0`
    """
    from carryover.demo import write_demo
    from carryover.progress import bar

    with bar("writing a year of files", 1, "athlete") as advance:
        truth = write_demo(
            home,
            weeks=weeks,
            seed=seed,
            effect_sd=effect,
            progress=lambda _, total: advance(1 / total),
        )
    run_night(home, as_json=False)
    say(truth.text())


@app.command()
@told
def init(home: HomeOption = HERE) -> None:
    """Make an empty home with a commented carryover.toml.

    Example: `carryover init --home ~/running`
    """
    from carryover.app import init_home

    made, where = init_home(home)
    say(f"{where.root / 'carryover.toml'}: {'made' if made else 'was there, left as it is'}")
    say(f"Now put watch files into {where.raw} and run `carryover nightly`.")


@app.command()
@told
def nightly(home: HomeOption = HERE, as_json: JsonOption = False) -> None:
    """Run the whole night once: ingest, build, audit, estimate, publish, render.

    Files that cannot be read are reported, not fatal. Example: `carryover nightly`
    """
    run_night(home, as_json=as_json)


def run_night(home: Path, *, as_json: bool) -> None:
    """Run the nightly flow in this process and report it."""
    from carryover.home import Home

    where = Home(home.resolve())
    with where.night_lock():
        pass  # One that is running is told before half the program is imported.
    from carryover.quiet import quiet_night

    report = quiet_night(where, now=dt.datetime.now(dt.UTC))
    if report is None:
        sys.stderr.write("starting Prefect, half a minute at most …\n")
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
        from pipelines.local import on_this_machine
        from pipelines.nightly import nightly as flow

        with on_this_machine():
            report = flow(str(where.root))
    if as_json:
        say(json.dumps(report.as_dict()))
        return
    for line in report.lines():
        say(line)
    say(f"warehouse   {where.published}")
    say(f"dashboards  {where.site / 'index.html'}")


@app.command()
@told
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders to copy in.")] = None,
    home: HomeOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Copy files into data/raw/ (unless they are there) and read what is new.

    Archives come as they were downloaded and are read where they lie. Of a folder, a watch's or
    a synced one, only what can be read is copied. Examples:

    `carryover ingest ~/Downloads/export_123.zip` Strava's or Garmin's export

    `carryover ingest /media/GARMIN --home ~/running` a watch

    `carryover ingest` what was put into data/raw/ by hand
    """
    from carryover.apart.start import Started

    with Started() as process:
        from carryover import app as work
        from carryover.mending import aside_notes

        where, settings = work.open_home(home)
        with where.night_lock():
            begun = dt.datetime.now(dt.UTC)
            brought = work.bring_in(where, paths or [])
            report = work.ingest(where, settings, process)
            report.notes = aside_notes(where, begun)
    if as_json:
        say(json.dumps(report.as_dict() | ({"brought": asdict(brought)} if paths else {})))
        return
    for line in [*(brought.lines() if paths else []), *report.lines()]:
        say(line)
    say("Run `carryover build` and `carryover render`, or wait for the night.")


@app.command()
@told
def build(home: HomeOption = HERE) -> None:
    """Build, audit and publish the warehouse from what was read; nothing is read anew.

    Example: `carryover build`
    """
    from carryover import app as work

    where, settings = work.open_home(home)
    with where.night_lock():
        work.build_and_publish(where, settings, force=True, now=dt.datetime.now(dt.UTC))
    say(f"warehouse   {where.published}")


@app.command()
@told
def render(home: HomeOption = HERE) -> None:
    """Draw the pages from the published warehouse.

    Example: `carryover render`
    """
    from carryover import app as work

    where, settings = work.open_home(home)
    with where.night_lock():
        work.render(where, settings, now=dt.datetime.now(dt.UTC), force=True)
    say(f"dashboards  {where.site / 'index.html'}")


@app.command()
@told
def serve(
    home: HomeOption = HERE,
    cron: Annotated[
        str | None, typer.Option(help="Five cron fields; else the configuration's.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of that clock.")] = None,
) -> None:
    """Run the night on a schedule, against a local `prefect server start`.

    It ends with an error where no server answers, or the server goes away for a minute.
    A timer needs none: `carryover schedule`.
    Example: `carryover serve --cron "30 4 * * *" --timezone Europe/Berlin`
    """
    from carryover.app import schedule_of

    where, hours, zone = schedule_of(home, cron, timezone)
    from pipelines.serve import serve as serve_flow

    serve_flow(
        where.root, hours, zone,
        begun=lambda server: say(
            f"The night of {where.root} runs at `{hours}` ({zone}), by the Prefect server "
            f"{server}; stop with Ctrl-C."
        ),
    )  # fmt: skip


@app.command()
@told
def sql(
    query: Annotated[str, typer.Argument(help="One DuckDB query.")],
    home: HomeOption = HERE,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
) -> None:
    """Ask the published warehouse anything; nothing can be changed.

    Example: `carryover sql "select local_date, stance_time_ms from run_form" --format csv`
    """
    from carryover.home import Home
    from carryover.warehouse.read import open_published

    with open_published(Home(home.resolve()).published) as reader:
        if form is Format.TABLE:
            print_table(*reader.rows(query))
            return
        frame = reader.frame(query)
    if form is Format.PARQUET:
        frame.write_parquet(sys.stdout.buffer)
    elif form is Format.CSV:
        text = frame.write_csv()
        # A file or a pipe gets the data as they are.
        sys.stdout.write(harmless(text) if sys.stdout.isatty() else text)
    else:
        say(frame.write_json())


def print_table(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Print rows as a table that fits its content."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(*(Column(Text(harmless(name))) for name in names))
    for row in rows:
        table.add_row(*(Text("" if value is None else harmless(str(value))) for value in row))
    Console().print(table)
    if len(rows) != 1:
        say(f"{len(rows)} rows")


@app.command()
@told
def doctor(
    home: HomeOption = HERE,
    file: Annotated[
        Path | None,
        typer.Option("--compare", help="A FIT file, to be read by several programs side by side."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Look at environment, configuration and data; say what is missing for a verdict.

    Example: `carryover doctor`, or `carryover doctor --compare run.fit` for one file's readers
    """
    if file is not None:
        compare_readers(file, as_json=as_json)
        return
    from carryover.doctor import examine

    findings = examine(home)
    if as_json:
        say(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            say(finding.text())
    if any(finding.is_failure for finding in findings):
        raise typer.Exit(ExitCode.FAILED)


def compare_readers(file: Path, *, as_json: bool) -> None:
    """Print what several readers made of one FIT file."""
    from carryover.compare.door import compare_file
    from carryover.compare.words import as_dict, lines

    report = compare_file(file)
    if as_json:
        say(json.dumps(as_dict(report), ensure_ascii=False))
        return
    for line in lines(report):
        say(line)
