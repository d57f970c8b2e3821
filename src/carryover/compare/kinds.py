"""The kinds of difference between readers: who is right, and why, in a plain sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from carryover.compare import rules
from carryover.compare.readings import Reading
from carryover.compare.rules import Case

FITPARSE: Final = "fitparse"
FITDECODE: Final = "fitdecode"
GARMIN: Final = "Garmin's SDK"
OURS: Final = "carryover"
NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of difference: what it is, who is right, and why in a sentence.

    `{reader}` in the sentence stands for the other reader.
    """

    name: str
    right: str
    why: str

    def reason(self, reader: str) -> str:
        """Return the sentence about a reader."""
        return self.why.format(reader=reader)


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: Kind
    holds: Callable[[Case], bool]
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Stop:
    """A reader's own words for why it stopped (a pattern), and what they mean.

    `ours` is a pattern for what is said here of the same file.
    """

    kind: Kind
    reader: str
    pattern: str
    ours: str = ""


UNEXPLAINED: Final = Kind("unexplained", NOBODY, "No rule explains this; it may be a fault here.")


def _rule(
    holds: Callable[[Case], bool], readers: Iterable[str], name: str, why: str, right: str = OURS
) -> _Rule:
    return _Rule(Kind(name, right, why), holds, frozenset(readers))


OLDER: Final = (FITPARSE, FITDECODE)

DAMAGE: Final = (
    "damaged stretch",
    "{reader} stops at damage; here the unsound messages are left out, and reading goes on.",
)  # fmt: skip
RULES: Final = (
    _rule(rules.is_before_damage, (*OLDER, GARMIN), *DAMAGE),
    _rule(
        rules.is_unscaled, OLDER, "field that its profile does not have",
        "The profile of {reader} is older than the field, so the file's raw number does not "
        "become a value with a unit.",
    ),
    _rule(
        rules.is_unpacked_by_us_alone, (FITPARSE,), "packed field that its profile does not have",
        "The profile of {reader} is older, so what lies packed in that field is not unpacked.",
    ),
    _rule(
        rules.is_sub_field_unknown, OLDER, "second name that its profile does not have",
        "The profile of {reader} does not have the name that the field takes in such a message; "
        "the value is there under the general name.",
    ),
    _rule(
        rules.is_chosen_by_unpacked, (*OLDER, GARMIN), "second name chosen by a packed field",
        "{reader} chooses second names before it unpacks packed fields, so one that depends on "
        "them is not there; the value is, under the general name.",
    ),
    _rule(
        rules.is_lost_to_nothing, OLDER, "value lost to an empty one",
        "{reader} lets an empty packed field wipe out the value that the message itself has.",
    ),
    _rule(
        rules.is_overwritten, OLDER, "value lost to a packed one",
        "{reader} lets a packed field, mostly a coarser one, write over the value that the "
        "message itself has.",
    ),
    _rule(
        rules.is_unpacked_over_own, (GARMIN,), "value lost to a packed one",
        "{reader} lets a packed field, mostly a coarser one, write over the value that the "
        "message itself has.",
    ),
    _rule(
        rules.is_undeclared, (GARMIN,), "app field that was not declared",
        "No app declared the field; {reader} leaves it out, here its bytes are kept.",
    ),
    _rule(
        rules.is_packed_twice, OLDER, "value packed twice",
        "{reader} unpacks a packed field once, but not what lies packed in its contents.",
    ),
    _rule(
        rules.is_last_of_many, OLDER, "times of heart beats",
        "A message holds several times of beats; {reader} keeps the last, from another zero.",
    ),
    _rule(
        rules.is_empty_for_z, OLDER, "packed 0 that means empty",
        "The field's type says that 0 is no value; {reader} shows the 0.",
    ),
    _rule(
        rules.is_text_beyond_its_end, (GARMIN,), "text beyond its end",
        "A text ends at its first byte 0. {reader} shows what stands behind as further texts; in "
        "every real file seen it is a left-over of the watch's memory.",
    ),
    _rule(
        rules.is_damaged_text, (GARMIN,), "letters that are none",
        "{reader} leaves out bytes that are no letters without a sign; here they are marked.",
    ),
    _rule(
        rules.is_not_a_number, (GARMIN,), "empty shown as “not a number”",
        "The file says that there is no value; {reader} gives the marker for that.",
    ),
    _rule(
        rules.is_invalid_marker, (GARMIN,), "empty app field shown as a number",
        "The app's type has a number that means “no value”; {reader} gives it as a value.",
    ),
)  # fmt: skip
"""In order: the first rule that holds names the kind."""


def _stop(
    reader: str, pattern: str, name: str, why: str, right: str = OURS, *, ours: str = ""
) -> _Stop:
    return _Stop(Kind(name, right, why), reader, pattern, ours)


CHECKSUM: Final = (
    "wrong checksum",
    "{reader} stops at a wrong checksum, even the header's; here all is read, with a note.",
)
UNFINISHED: Final = (
    "file that the watch never finished",
    "The watch lost power before it wrote the size; here all is read that is there.",
)
APP_FIELD: Final = (
    "app field without bytes",
    "An app declares a field of 0 bytes, which holds nothing; {reader} stops there.",
)
LONG_HEADER: Final = (
    "header longer than 14 bytes",
    "The format lets headers grow; {reader} refuses such a file.",
)
ODD_SIZE: Final = (
    "field of an odd size",
    "The size of a field is no multiple of its type's, as COROS writes; {reader} stops there.",
)
STOPS: Final = (
    _stop(FITPARSE, r"invalid local message type", *DAMAGE, ours=rules.DAMAGED),
    _stop(FITDECODE, r"local message \d+ not defined", *DAMAGE, ours=rules.DAMAGED),
    _stop(GARMIN, r"Invalid local message number", *DAMAGE, ours=rules.DAMAGED),
    _stop(FITPARSE, r"Invalid field size", *ODD_SIZE),
    _stop(FITPARSE, r"", *UNFINISHED, ours=r"never finished"),
    _stop(FITPARSE, r"CRC Mismatch", *CHECKSUM),
    _stop(FITPARSE, r"Invalid struct format", *APP_FIELD),
    _stop(
        FITPARSE, r"No such (field|dev_data_index)", "app field that was not declared",
        "The file uses a field that no app declared; {reader} stops there.",
    ),
    _stop(
        GARMIN, r"Compressed timestamp", "times packed into headers",
        "{reader} stops at the first message whose time is packed into its header.",
    ),
    _stop(GARMIN, r"", *UNFINISHED, ours=r"never finished"),
    _stop(GARMIN, r"CRC Error", *CHECKSUM),
    _stop(GARMIN, r"list index out of range", *APP_FIELD),
    _stop(
        GARMIN, r"Invalid field definition base type", "type that does not exist",
        "A field is declared with a type that the format does not have; {reader} stops there, "
        "here the field is read as bytes.",
    ),
    _stop(GARMIN, r"byte: 0 The file is not a fit file", *LONG_HEADER, ours=r"^$"),
    _stop(FITDECODE, r"", *UNFINISHED, ours=r"never finished"),
    _stop(FITDECODE, r"unpack requires a buffer of 2 bytes", *LONG_HEADER),
    _stop(FITDECODE, r"^size$", *APP_FIELD),
)  # fmt: skip
"""In order: the first whose patterns are found names the kind."""


def kind_of(case: Case) -> Kind:
    """Return the kind of a difference of one value."""
    for rule in RULES:
        if case.theirs.reader in rule.readers and rule.holds(case):
            return rule.kind
    return UNEXPLAINED


def kind_of_stop(stopped: Reading, other: Reading) -> Kind:
    """Return why one reader lacks messages that another one has."""
    said = "\n".join((other.stopped, *other.remarks))
    for stop in STOPS:
        words = re.search(stop.pattern, stopped.stopped) and re.search(stop.ours, said)
        if stop.reader == stopped.reader and stopped.stopped and words:
            return stop.kind
    return UNEXPLAINED


INTO_CHECKSUM: Final = Kind(
    "message that runs into the checksum", OURS,
    "The last message is longer than what is there; {reader} reads checksum as values.",
)  # fmt: skip


def kind_of_extra(ours: Reading, n_messages: int) -> Kind:
    """Return why another reader has messages at the end that we do not have."""
    half = any("ends in the middle of a message" in remark for remark in ours.remarks)
    return INTO_CHECKSUM if half and n_messages == 1 else UNEXPLAINED
