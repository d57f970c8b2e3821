"""Working tables: each is there for all who read it, and goes after the last of them."""

from __future__ import annotations

import duckdb
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from carryover.estimates import estimates
from carryover.given import given_frames
from carryover.settings import Settings
from carryover.warehouse.models import (
    PUBLISHED,
    AuditModel,
    Model,
    PythonModel,
    SqlModel,
    audits,
    in_order,
    spent,
    sql_models,
)


def every_model():
    with duckdb.connect() as connection:
        audit = AuditModel("audit_result", tuple(audits(connection)))
        models: list[Model] = [*sql_models(connection), *estimates(Settings()), audit]
    return in_order(models, frozenset(given_frames(Settings())))


def check(ordered):
    done = spent(ordered)
    gone: set[str] = set()
    for model, names in zip(ordered, done, strict=True):
        assert not gone & set(model.reads), f"{model.name} reads what is gone"
        assert not gone & set(names), "a table goes twice"
        gone |= set(names)
    kept = {m.name for m in ordered if isinstance(m, AuditModel) or is_published(m)}
    assert gone == {m.name for m in ordered} - kept


def is_published(model):
    return isinstance(model, SqlModel) and model.layer == PUBLISHED


def test_no_model_reads_a_table_that_is_gone():
    """Of the real models all working tables go, each after its last reader; others stay."""
    check(every_model())


def test_instants_go_before_the_estimates_that_do_not_need_them():
    """The widest table of all instants is gone as soon as its readers are made."""
    ordered = every_model()
    at = next(i for i, names in enumerate(spent(ordered)) if "sample_channel" in names)
    assert ordered[at].name in {"sample_gait", "run_step"}


@st.composite
def chains(draw):
    models: list[Model] = []
    for i in range(draw(st.integers(1, 12))):
        reads = draw(st.sets(st.sampled_from([m.name for m in models]))) if models else set()
        if draw(st.booleans()):
            models.append(PythonModel(f"m{i}", tuple(reads), lambda _: pl.DataFrame()))
        else:
            layer = draw(st.sampled_from(["intermediate", PUBLISHED]))
            models.append(SqlModel(f"m{i}", layer, "", "", frozenset(reads)))
    return models


@given(chains())
def test_any_chain_keeps_what_is_still_read(ordered):
    """Whatever reads what: nothing goes too early, twice or never, and no published table goes."""
    check(ordered)
