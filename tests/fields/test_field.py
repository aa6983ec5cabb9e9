from __future__ import annotations

import numpy as np
import pytest

from ratop_py.fields import ALIASES, FIELDS, Field, Merge
from ratop_py.kinds import Addresses, Kind, Text
from tests.helpers.flowset import flows, mixed

ARGUS = """stime ltime dur sdur ddur saddr sport dir daddr dport proto spkts dpkts pkts sbytes dbytes bytes sappbytes
dappbytes appbytes state flgs sttl dttl stos dtos sipid dipid smac dmac svlan dvlan svid dvid svpri dvpri smpls dmpls load
sload dload rate srate drate loss sloss dloss ploss sploss dploss pcr swin dwin stcpb dtcpb tcprtt synack ackdat tcpopt
sintpkt dintpkt sjit djit smaxsz dmaxsz smeansz dmeansz shops dhops cause trans srcid inf label sdsb ddsb smss dmss"""
JSON_LINES = """stime ltime dur proto saddr sport daddr dport spkts dpkts sbytes dbytes sappbytes dappbytes state sttl dttl smac
dmac svlan dvlan cid user pid program owner risk level why"""
FLOATS = {Kind.BITRATE, Kind.RATE, Kind.NUMBER, Kind.PERCENT}

every = pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.name)


def test_argus_s_fields_have_argus_s_names() -> None:
    assert {*ARGUS.split(), *JSON_LINES.split()} <= {*FIELDS}


@every
def test_a_field_says_what_it_means(field: Field) -> None:
    assert field.doc
    assert field.title
    assert field.width > 0


@every
def test_a_column_is_of_its_kind_and_as_long_as_the_flows(field: Field) -> None:
    column = field.get(mixed())
    assert len(column) == 8
    if isinstance(column, Text):
        assert field.kind in (Kind.TEXT, Kind.LIST)
        assert column.codes.dtype == np.int32
        assert column.words[0] == ""
    elif isinstance(column, Addresses):
        assert field.kind is Kind.ADDRESS
    else:
        assert column.dtype == (
            np.float64 if field.kind in FLOATS else column.dtype if field.name == "cid" else np.int64
        )


@every
def test_a_column_follows_its_rows(field: Field) -> None:
    """Getters look at one row at a time: taking rows and taking values commute."""
    from ratop_py.fields.texts import text_of

    index = np.array([6, 1, 1, 4])
    whole, part = field.get(mixed()), field.get(mixed().take(index))
    for at, place in enumerate(index):
        assert text_of(field.kind, part, at) == text_of(field.kind, whole, place)


def test_no_alias_hides_a_field() -> None:
    assert not {*ALIASES} & {*FIELDS}
    assert {*ALIASES.values()} <= {*FIELDS}


def test_sums_are_of_numbers() -> None:
    for field in FIELDS.values():
        if field.merge in (Merge.SUM, Merge.LEAST, Merge.MOST):
            assert isinstance(field.get(flows()), np.ndarray), field.name
