"""tracefs as a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events.tracefs import place as module
from ratop_py.events.tracefs.place import Layout, Place, layout

FORMAT = """name: sock_send_length
ID: 2284
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;

\tfield:void * sk;\toffset:8;\tsize:8;\tsigned:0;
\tfield:__u8 saddr[4];\toffset:16;\tsize:4;\tsigned:0;
\tfield:__data_loc char[] filename;\toffset:20;\tsize:4;\tsigned:0;

print fmt: "sk address = %p", REC->sk
"""


def test_fields_stand_where_the_kernel_says() -> None:
    assert layout(FORMAT, ("sk",)) == Layout(
        2284, {"common_type": (0, 2), "sk": (8, 8), "saddr": (16, 4), "filename": (20, 4)}
    )


def test_a_field_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(LookupError, match="no skaddr"):
        layout(FORMAT, ("skaddr",))


def test_a_tracepoint_without_a_number_is_an_error() -> None:
    with pytest.raises(LookupError, match="no number"):
        layout("format:", ())


@given(st.text(max_size=300))
def test_any_text_is_a_layout_or_an_error(text: str) -> None:
    try:
        found = layout(f"ID: 5\n{text}", ())
    except LookupError:
        return
    assert found.number >= 0


@pytest.mark.root
@pytest.mark.system
@pytest.mark.parametrize("mounted", [("/nowhere",), ("/", "/nowhere")], ids=["not mounted", "another mount there"])
def test_where_it_is_not_mounted_it_is_opened_and_no_mount_is_left(
    monkeypatch: pytest.MonkeyPatch, mounted: tuple[str, ...]
) -> None:
    mounts, before = Path("/proc/self/mountinfo").read_text(), len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(module, "MOUNTED", mounted)
    place = Place()
    assert place.layout("sched/sched_process_exec", ("filename",)).number > 0
    with pytest.raises(FileNotFoundError, match="no tracepoint nosuch"):
        place.layout("sock/nosuch", ())
    place.close()
    assert Path("/proc/self/mountinfo").read_text() == mounts
    assert len(os.listdir("/proc/self/fd")) == before
