"""The FIT profile: all that Garmin's package knows, under fitparse's names."""

from __future__ import annotations

import csv
import importlib
import itertools
import sys
from pathlib import Path

import garmin_fit_sdk
import pytest
from fitparse.profile import FIELD_TYPES, MESSAGE_TYPES
from fitparse.records import BASE_TYPES
from garmin_fit_sdk import profile as garmin_profile
from hypothesis import given
from hypothesis import strategies as st

from carryover.decode.fit.fitparse_tables import fitparse_tables
from carryover.decode.fit.profile import COMMON, profile
from carryover.normalise.vendor import VENDOR

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src" / "carryover" / "decode" / "fit" / "data"
GARMIN = garmin_profile.Profile
OF_THE_READER = {"segment_index"}
"""Columns that a reader adds, which no file holds."""


def rows(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decided():
    """Return (kind, message or type, number) → the row of each decision."""
    return {(row["kind"], row["of"], row["number"]): row for row in rows("decision")}


def settled(kind, of, number, theirs, ours, side="garmin"):
    """Return whether a decision, with its reason, makes `theirs` into `ours`."""
    row = decided().get((kind, str(of), str(number)))
    return bool(row and row["reason"] and (row[side], row["taken"]) == (theirs, ours))


def numbers():
    return {row["of"] for row in rows("decision") if row["kind"] == "number"}


def garmin_fields():
    """Yield message, raw field of Garmin's, our field of the same number."""
    for number, message in GARMIN["messages"].items():
        ours = profile().message(number)
        for field in message["fields"].values():
            yield message, field, ours.fields.get(field["num"])


def own_scale(raw):
    """Return Garmin's scale, offset, unit of a field itself; several components pack no value."""
    if len(raw["components"]) > 1:
        return 1, 0, ""
    units = raw["units"]
    unit = units if isinstance(units, str) else units[0]
    return raw["scale"][0], raw["offset"][0], unit


def packed(raw, message):
    """Return Garmin's components as (target, bits, bit_offset, scale, offset, accumulate)."""
    parts, offset = [], 0
    for index, target in enumerate(raw["components"]):
        flag = message["fields"][target]["is_accumulated"]
        parts.append((target, raw["bits"][index], offset, raw["scale"][index],
                      raw["offset"][index], flag))  # fmt: skip
        offset += raw["bits"][index]
    return parts


def unpacked(field):
    return [
        (c.target, c.bits, c.bit_offset, c.scale, c.offset, c.accumulate) for c in field.components
    ]


def all_fields():
    return [(m, field) for m in profile().messages.values() for field in m.fields.values()]


def all_kinds():
    """Return every field and sub-field."""
    return [kind for _, field in all_fields() for kind in (field, *field.sub_fields)]


# Garmin's profile is held whole


def test_the_supplement_is_of_the_package_installed():
    """The supplement says what it was read from; a newer package shows how much it adds."""
    (row,) = rows("version")
    assert row["profile_version"] == profile().version
    now = "{major}.{minor}".format(**GARMIN["version"])
    new = len(set(GARMIN["messages"]) - set(profile().messages)) + sum(
        not profile().message(m) or f["num"] not in profile().message(m).fields
        for m, message in GARMIN["messages"].items() for f in message["fields"].values()
    ) + sum(
        v not in (profile().enum(t) or {})
        for t, values in GARMIN["types"].items() if t not in numbers() for v in values
    ) - sum(row["kind"] == "marker" for row in rows("decision"))  # fmt: skip
    assert now == row["profile_version"], (
        f"the supplement was read from {row['read_from']}; the installed {now} has {new} "
        "messages, fields and values more: run benchmarks/make_profile_supplement.py"
    )
    assert row["read_from"] == f"garmin-fit-sdk {garmin_fit_sdk.__version__}"
    assert new == 0


def test_every_message_is_known():
    """Each of Garmin's messages has its number and name, both ways."""
    known = profile()
    wrong = [
        message["name"] for number, message in GARMIN["messages"].items()
        if known.number_of(message["name"]) != number
        or known.message(number).name != message["name"]
    ]  # fmt: skip
    assert not wrong
    assert set(known.messages) == set(GARMIN["messages"])


def test_every_field_is_garmins_or_a_decision_says_why_not():
    """Each field has Garmin's name, types, scale, offset and units, but for listed decisions."""
    wrong = []
    for message, raw, ours in garmin_fields():
        place = message["name"], raw["num"]
        if ours is None:
            wrong.append((*place, "missing"))
            continue
        scale, offset, unit = own_scale(raw)
        if (ours.base_type, ours.scale, ours.offset) != (raw["base_type"], scale, offset):
            wrong.append((*place, ours, raw))
        for kind, theirs, taken in (
            ("name", raw["name"], ours.name),
            ("type", raw["type"], ours.type_name),
            ("units", unit, ours.units or ""),
        ):
            number = int(message["num"])
            if theirs != taken and not settled(kind, number, raw["num"], theirs, taken):
                wrong.append((*place, kind, theirs, taken))
    assert not wrong


def test_every_component_is_garmins():
    """Each packed field is taken apart as Garmin does: target, bits, scale, accumulation."""
    wrong = [
        (message["name"], raw["name"]) for message, raw, ours in garmin_fields()
        if unpacked(ours) != packed(raw, message)
    ]  # fmt: skip
    assert not wrong


def test_the_same_fields_are_arrays_as_garmins():
    """A field holds several values where Garmin's package says so; texts are no arrays."""
    for message, theirs, ours in garmin_fields():
        several = theirs["array"] != "false" and theirs["type"] != "string"
        assert ours.is_array == several, (message["name"], theirs["name"])


def test_every_sub_field_is_garmins():
    """Each sub-field has Garmin's type, scale, units, components and references."""
    wrong = []
    for message, raw, ours in garmin_fields():
        held = {sub.name: sub for sub in ours.sub_fields}
        if held.keys() != {sub["name"] for sub in raw["sub_fields"]}:
            wrong.append((message["name"], raw["name"], sorted(held)))
            continue
        for theirs in raw["sub_fields"]:
            sub = held[theirs["name"]]
            references = {(entry["num"], entry["raw_value"]) for entry in theirs["map"]}
            said = (theirs["type"], *own_scale(theirs), references, packed(theirs, message))
            if said != (sub.type_name, sub.scale, sub.offset, sub.units or "",
                        set(sub.references), unpacked(sub)):  # fmt: skip
                wrong.append((message["name"], raw["name"], sub.name))
    assert not wrong


def test_sub_fields_stand_in_garmins_order_where_two_can_match():
    """Of two sub-fields that one message can match, the first is the one that Garmin takes."""
    wrong = []
    for message, raw, ours in garmin_fields():
        place = {sub.name: index for index, sub in enumerate(ours.sub_fields)}
        for one, other in itertools.combinations(raw["sub_fields"], 2):
            a = {(entry["num"], entry["raw_value"]) for entry in one["map"]}
            b = {(entry["num"], entry["raw_value"]) for entry in other["map"]}
            both = a & b or {number for number, _ in a} != {number for number, _ in b}
            if both and place[one["name"]] > place[other["name"]]:
                wrong.append((message["name"], raw["name"], one["name"], other["name"]))
    assert not wrong


def test_every_named_value_is_garmins_or_a_decision_says_why_not():
    """Each type has Garmin's values and no others, but for numbers, markers and older names."""
    wrong = []
    for kind, values in GARMIN["types"].items():
        if not values or kind in numbers():
            assert profile().enum(kind) is None, kind
            continue
        ours = profile().enum(kind)
        for value in values.keys() | ours.keys():
            theirs, taken = values.get(value, ""), ours.get(value, "")
            answers = (settled(k, kind, value, theirs, taken) for k in ("value", "marker"))
            if theirs != taken and not any(answers):
                wrong.append((kind, value, theirs, taken))
    assert not wrong


# fitparse's words stand


def test_what_fitparse_calls_a_field_stays():
    """No name, type, scale or unit of fitparse's changes unless a decision says so."""
    wrong = []
    for number, message in MESSAGE_TYPES.items():
        ours = profile().message(number)
        assert ours.name == message.name
        for field in message.fields.values():
            held = ours.fields[field.def_num]
            for kind, theirs, taken in (
                ("name", field.name, held.name),
                ("type", field.type.name, held.type_name),
                ("units", field.units or "", held.units or ""),
            ):
                said = settled(kind, number, field.def_num, theirs, taken, "fitparse")
                if theirs and theirs != taken and not said:
                    wrong.append((message.name, field.name, kind, theirs, taken))
            if ((field.scale or 1), (field.offset or 0)) != (held.scale, held.offset):
                wrong.append((message.name, field.name, "scale", field.scale, held.scale))
    assert not wrong


def test_what_fitparse_calls_a_value_stays():
    """No named value of fitparse's is lost or renamed unless a decision says so."""
    wrong = [
        (kind, value, name)
        for kind, held in FIELD_TYPES.items() if kind not in numbers()
        for value, name in (held.values or {}).items()
        if (taken := (profile().enum(kind) or {}).get(value, "")) != name
        and not any(settled(k, kind, value, name, taken, "fitparse") for k in ("marker", "value"))
    ]  # fmt: skip
    assert not wrong


def test_the_columns_that_are_read_have_their_names():
    """Each column that a FIT message is read for is a field or sub-field of some message."""
    names = {kind.name for kind in all_kinds()} | OF_THE_READER
    wrong = [
        (message, column) for message, columns in VENDOR.items() if profile().number_of(message)
        for column in columns if column not in names and not column.startswith("unknown_")
    ]  # fmt: skip
    assert not wrong


# the supplement stays a supplement


def test_the_supplement_repeats_nothing():
    """No row says what fitparse's tables say already."""
    held, now = fitparse_tables(), profile()
    repeated = [row for row in rows("message") if int(row["number"]) in held.names]
    repeated += [row for row in rows("type") if row["name"] in held.base_types]
    repeated += [
        row for row in rows("value")
        if held.enums.get(row["type"], {}).get(int(row["value"])) == row["name"]
    ]  # fmt: skip
    for row in rows("field"):
        older = held.fields[int(row["message"])].get(int(row["number"]))
        said = (row["name"], row["type"], float(row["scale"]), float(row["offset"]), row["units"])
        if older and said == (
            older.name, older.type_name, older.scale, older.offset, older.units or ""
        ):  # fmt: skip
            repeated.append(row)
    for row in rows("sub_field"):
        older = held.fields[int(row["message"])].get(int(row["field"]))
        ours = now.message(int(row["message"])).fields[int(row["field"])]
        sub = next(sub for sub in ours.sub_fields if sub.name == row["name"])
        repeated += [row] if older and sub in older.sub_fields else []
    for row in rows("component"):
        older = held.fields[int(row["message"])].get(int(row["field"]))
        ours = now.message(int(row["message"])).fields[int(row["field"])]
        if not row["sub_field"] and older and older.components == ours.components:
            repeated.append(row)
    assert not repeated


def test_no_row_stands_twice():
    """Each message, type, value, field, sub-field and decision has one row."""
    keys = {"message": 1, "type": 1, "value": 2, "field": 2, "sub_field": 3, "decision": 3}
    for name, width in keys.items():
        found = [tuple(row.values())[:width] for row in rows(name)]
        assert len(found) == len(set(found)), name


def test_every_decision_is_needed_and_has_a_reason():
    """A decision is about something that exists, and says why it went as it did."""
    for row in rows("decision"):
        assert row["reason"], row
        if row["kind"] == "number":
            assert GARMIN["types"][row["of"]], row
        elif row["kind"] in {"name", "type", "units", "value"}:
            assert row["fitparse"] != row["garmin"], row
            assert row["taken"] in {row["fitparse"], row["garmin"]}, row
        elif row["kind"] == "order":
            assert row["taken"] == row["garmin"] != row["fitparse"], row
        else:
            assert row["kind"] == "marker", row
            assert GARMIN["types"][row["of"]][int(row["number"])] == row["garmin"], row


def test_the_maker_writes_what_is_committed(monkeypatch):
    """Made again from the same package, the files are the same, byte for byte."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    made = importlib.import_module("make_profile_supplement").supplement()
    monkeypatch.delitem(sys.modules, "make_profile_supplement")
    stale = [name for name, text in made.items() if (DATA / f"{name}.csv").read_bytes() !=
             text.encode()]  # fmt: skip
    assert not stale, "run benchmarks/make_profile_supplement.py"


# the profile as a thing


def test_the_profile_answers_the_same_twice():
    """Read anew, the profile is equal; asked again, it is the same one."""
    first = profile()
    assert profile() is first
    assert profile.__wrapped__() == first


def test_the_profile_cannot_be_changed():
    """No caller can change what the next one is told, nor fitparse's own tables."""
    speed = profile().message(20).fields[6]
    for change in (
        lambda: setattr(profile(), "version", ""),
        lambda: setattr(speed, "scale", 1.0),
        lambda: profile().messages.update({}),
        lambda: profile().message(20).fields.update({}),
        lambda: profile().enum("sport").update({}),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change()
    assert "mfg_range_min" in FIELD_TYPES["file"].values.values()
    assert 169 not in {field.def_num for field in MESSAGE_TYPES[18].fields.values()}


@given(number=st.integers(), name=st.text())
def test_what_is_unknown_is_none(number, name):
    """A number or name outside the profile is answered with None, never with a guess."""
    known = profile()
    assert (known.message(number) is None) == (number not in GARMIN["messages"])
    if name not in known.numbers:
        assert known.number_of(name) is None
    assert known.message(20).by_name(f"{name} ") is None
    assert known.enum(f"{name} ") is None


def test_a_field_is_found_by_its_name():
    """Each field answers to its own name, so no two of a message share one."""
    assert all(message.by_name(field.name) is field for message, field in all_fields())


def test_a_name_means_one_value():
    """No two values of a type, and no two columns of a message, share a name."""
    for kind, values in profile().enums.items():
        assert len(set(values.values())) == len(values), kind
    for message in profile().messages.values():
        names = [field.name for field in message.fields.values()]
        names += [sub.name for field in message.fields.values() for sub in field.sub_fields]
        assert len(set(names)) == len(names), message.name


def test_common_fields_are_in_every_message():
    """Time, index and part are known everywhere, unless a message says otherwise."""
    for message in profile().messages.values():
        for common in COMMON:
            held = message.fields.get(common.number)
            assert held or message.by_name(common.name), (message.name, common.name)
    assert profile().message(225).fields[254].name == "timestamp"
    assert {field.number: field.name for field in COMMON} == {
        number: name for name, number in GARMIN["common_fields"].items()
    }


def test_components_and_references_point_at_fields():
    """What a field is taken apart into, and what it depends on, are fields of its message."""
    for message, field in all_fields():
        for kind in (field, *field.sub_fields):
            assert {part.target for part in kind.components} <= message.fields.keys()
        for sub in field.sub_fields:
            assert sub.references
            assert {number for number, _ in sub.references} <= message.fields.keys()


def test_every_base_type_is_one_of_the_protocol():
    """Each type rests on a base type that a file can hold."""
    known = {base.name for base in BASE_TYPES.values()}
    assert {kind.base_type for kind in all_kinds()} <= known
    assert {row["base_type"] for row in rows("type")} <= known


@pytest.mark.parametrize("kind", ["bool", "date_time", "local_date_time", "message_index", "uint8"])
def test_numbers_and_times_are_no_names(kind):
    """A plain number, a time and a truth value are never put into words."""
    assert profile().enum(kind) is None


def test_ends_of_a_range_are_no_names():
    """What marks the ends of a range is not what a value in it is called."""
    ends = {name for values in profile().enums.values() for name in values.values()
            if name.startswith("mfg_range") or name in {"min", "mask", "reserved"}}  # fmt: skip
    assert not ends
    assert 247 not in profile().enum("file")


def test_a_named_zero_is_a_name():
    """Zero is a value: where it has a name, it is called by it."""
    assert profile().enum("device_index")[0] == "creator"
    assert profile().enum("set_type")[0] == "rest"
    assert profile().enum("exercise_category")[0] == "bench_press"
