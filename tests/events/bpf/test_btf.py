"""Types of a kernel that the test writes itself."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ratop_py.events.bpf.btf import VMLINUX, Btf, TypeKind

WORDS = b"\0task_struct\0pid\0tgid\0btf_trace_exec\0inner\0int\0"


def at(word: str) -> int:
    return WORDS.index(b"\0" + word.encode() + b"\0") + 1


def kind(number: int, members: int = 0, flag: int = 0) -> int:
    return flag << 31 | number << 24 | members


def member(name: str, type_id: int, bits: int) -> bytes:
    return struct.pack("<III", at(name) if name else 0, type_id, bits)


def vmlinux(folder: Path, *, cut: int = 0, magic: int = 0xEB9F) -> Path:
    """1: int; 2: an unnamed struct {tgid}; 3: task_struct {pid, struct 2}; 4: typedef."""
    types = struct.pack("<IIII", at("int"), kind(1), 4, 32)
    types += struct.pack("<III", 0, kind(4, 1), 8) + member("tgid", 1, 32)
    types += struct.pack("<III", at("task_struct"), kind(4, 2), 32) + member("pid", 1, 64) + member("", 2, 128)
    types += struct.pack("<III", at("btf_trace_exec"), kind(8), 3)
    head = struct.pack("<HBBIIIII", magic, 1, 0, 24, 0, len(types), len(types), len(WORDS))
    path = folder / "vmlinux"
    path.write_bytes((head + types + WORDS)[: -cut or None])
    return path


def test_ids_count_from_one_in_the_order_of_the_file(tmp_path: Path) -> None:
    btf = Btf(vmlinux(tmp_path))
    assert btf.id(TypeKind.STRUCT, "task_struct") == 3
    assert btf.id(TypeKind.TYPEDEF, "btf_trace_exec") == 4


def test_a_member_has_its_place_in_bytes(tmp_path: Path) -> None:
    assert Btf(vmlinux(tmp_path)).offset("task_struct", "pid") == 8


def test_a_member_of_an_unnamed_structure_inside_is_found_as_in_c(tmp_path: Path) -> None:
    assert Btf(vmlinux(tmp_path)).offset("task_struct", "tgid") == 16 + 4


@pytest.mark.parametrize("name", ["inner", "int", "never_heard_of"])
def test_what_is_not_there_is_a_lookup_error(tmp_path: Path, name: str) -> None:
    btf = Btf(vmlinux(tmp_path))
    with pytest.raises(LookupError, match=name):
        btf.id(TypeKind.STRUCT, name)
    with pytest.raises(LookupError, match=name):
        btf.offset("task_struct", name)


def test_a_word_that_only_begins_alike_is_another(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        Btf(vmlinux(tmp_path)).offset("task_struct", "pi")


def test_what_is_no_btf_is_a_value_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="little-endian"):
        Btf(vmlinux(tmp_path, magic=0x9FEB))
    (tmp_path / "vmlinux").write_bytes(b"short")
    with pytest.raises(ValueError, match="no BTF"):
        Btf(tmp_path / "vmlinux")


def test_a_file_cut_in_its_types_is_a_value_error(tmp_path: Path) -> None:
    path = vmlinux(tmp_path)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(ValueError, match="cut short"):
        Btf(path)


@pytest.mark.system
@pytest.mark.skipif(not VMLINUX.exists(), reason="this kernel does not describe its types")
def test_this_kernel_says_where_a_task_has_its_leader() -> None:
    btf = Btf()
    assert btf.offset("task_struct", "group_leader") > 0
    assert btf.offset("mm_struct", "arg_start") > 0
