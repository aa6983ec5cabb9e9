"""A flow as a line of words: its row, its notes, and when these were noted.

Promise: `line` and `split` are each other's inverse. Words that nobody is shown, and that change all the time, are
named here, once.
Does not know: when lines are made, what becomes of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Index, Rows
from ratop_py.flow.layout import NOTE, ROW_BYTES, ROW_OFFSETS, note_dtype, offsets, row_dtype

Notes = NDArray[np.void]
Words = NDArray[np.uint64]
WORD = 8
ROW = ROW_BYTES // WORD
NOTE_WORDS = note_dtype().itemsize // WORD
NOTED = ROW + NOTE_WORDS
COUNT = NOTED + 1
_NOTE = offsets(NOTE)
LIFE, LIFE_SHIFT = ROW_OFFSETS["life"] // WORD, ROW_OFFSETS["life"] % WORD * 8
NUMBERED = {"holders": ("s_holder", "d_holder"), "names": ("s_name", "d_name", "sni")}
"""Tables of `Flows` that are made anew now and then → notes that hold numbers of their entries, 4 bytes each."""
UNSHOWN = (ROW + _NOTE["s_bytes"] // WORD, ROW + _NOTE["d_bytes"] // WORD)
"""Words of the notes that only help to count."""
EPOCH = ROW_OFFSETS["epoch"] // WORD
NO_NUMBERS: NDArray[np.uint32] = np.zeros(0, np.uint32)
EPOCH_BITS = np.uint64(0xFFFFFFFF)

assert ROW_OFFSETS["epoch"] % WORD == 0


def lines(rows: Rows, notes: Notes, noted: NDArray[np.int64], index: Index) -> Words:
    """Some flows; what is free, or not there yet, is nothing but zeros. `notes`, `noted`: by row, at least as many as
    asked for."""
    found = np.zeros((len(index), COUNT), np.uint64)
    there = index < len(rows)
    found[there, :ROW] = np.take(_words(rows), index[there], axis=0)
    found[:, ROW:NOTED] = np.take(_words(notes), index, axis=0)
    found[:, NOTED] = noted[index].view(np.uint64)
    return _cleared(found)


def every(rows: Rows, notes: Notes, noted: NDArray[np.int64]) -> Words:
    """All flows; what is free is nothing but zeros."""
    found = np.empty((len(rows), COUNT), np.uint64)
    found[:, :ROW] = _words(rows)
    found[:, ROW:NOTED] = _words(notes)
    found[:, NOTED] = noted.view(np.uint64)
    return _cleared(found)


def _cleared(found: Words) -> Words:
    found[np.flatnonzero(~alive(found))] = 0
    return found


def _words(table: Rows | Notes) -> Words:
    return table.view(np.uint64).reshape(len(table), table.dtype.itemsize // WORD)


def split(found: Words, index: Index) -> tuple[Rows, Notes, NDArray[np.int64]]:
    """(rows, notes, when noted) of some lines."""
    rows = np.take(found[:, :ROW], index, axis=0).reshape(-1).view(row_dtype())
    notes = np.take(found[:, ROW:NOTED], index, axis=0).reshape(-1).view(note_dtype())
    return rows, notes, found[index, NOTED].view(np.int64)


def alive(found: Words) -> NDArray[np.bool_]:
    """Lines that are a flow's, ended or not."""
    return np.asarray(found[:, LIFE] >> np.uint64(LIFE_SHIFT) & np.uint64(0xFF) > 0)


def differing(old: Words, new: Words) -> NDArray[np.bool_]:
    """Which words of the old lines are needed to make them from the new ones; of those that were free, none."""
    found = old != new
    found[:, EPOCH] = (old[:, EPOCH] ^ new[:, EPOCH]) > EPOCH_BITS
    found[:, UNSHOWN] = False
    found[~alive(old)] = False
    return found


def numbers(found: Words, which: NDArray[np.bool_], table: str) -> NDArray[np.uint32]:
    """Entries of a table that these words of lines tell of."""
    told = [NO_NUMBERS]
    for name in NUMBERED[table]:
        word, shift = ROW + _NOTE[name] // WORD, np.uint64(_NOTE[name] % WORD * 8)
        told.append((found[which[:, word], word] >> shift).astype(np.uint32))  # its lower half
    return np.unique(np.concatenate(told))
