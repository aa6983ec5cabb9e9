"""Columns to lines of bytes: the second compiled file (Cython pure mode; runs uncompiled too, byte for byte the same).

Promise: `fill` writes whole rows, as many as fit, never past the end of the buffer, and holds no lock meanwhile.
Does not know: fields, JSON, CSV. What stands between and around the values comes as words of bytes.

A row is written by *steps*, each five numbers: what to do, column, argument, number of the word before it, quote byte.
Values come as one matrix of int64, a row a column; where there is no value stands NONE, and word 0 is written for it.
"""

try:
    import cython
except ImportError:  # no Cython here: the same file as plain Python
    from ratop_py.flow import cyshim as cython
if cython.compiled:
    from cython.cimports.libc.string import memcpy

STEP = 5
"""Numbers a step has."""
LITERAL, INT, FIXED, WORD, ADDRESS, MAC, HEX, CHARS = range(8)
"""What a step does: nothing but its word · a whole number · one with `argument` decimals, scaled · word `argument` +
value · the address in three columns (family, high, low) · 48 bits · at least `argument` hexadecimal digits · text in
`argument` columns of eight bytes each, little-endian, ended by a zero."""
WIDEST = 48
"""Most bytes that a value other than a word or text takes, quotes included."""
NONE = -(1 << 63)
"""Stands where there is no value."""

D_LITERAL = cython.declare(cython.longlong, 0)
D_INT = cython.declare(cython.longlong, 1)
D_FIXED = cython.declare(cython.longlong, 2)
D_WORD = cython.declare(cython.longlong, 3)
D_ADDRESS = cython.declare(cython.longlong, 4)
D_MAC = cython.declare(cython.longlong, 5)
D_HEX = cython.declare(cython.longlong, 6)
LEAST = cython.declare(cython.longlong, -0x7FFFFFFFFFFFFFFF)
M64 = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
COMPILED = bool(cython.compiled)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_word(
    out: cython.uchar[::1],
    at: cython.Py_ssize_t,
    words: cython.const[cython.uchar][::1],
    ends: cython.const[cython.longlong][::1],
    word: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Word number `word`. Compiled, its first and last byte are checked on both sides before all are copied."""
    here: cython.Py_ssize_t = ends[word]
    end: cython.Py_ssize_t = ends[word + 1]
    size: cython.Py_ssize_t = end - here
    if not cython.compiled:
        out[at : at + size] = words[here:end]
    elif size > 0:
        out[at + size - 1] = words[end - 1]
        memcpy(cython.address(out[at]), cython.address(words[here]), size)
    return at + size


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_digits(
    out: cython.uchar[::1], at: cython.Py_ssize_t, value: cython.ulonglong, least: cython.int
) -> cython.Py_ssize_t:
    """A number without sign, with leading zeros up to `least` digits."""
    count: cython.int = 1
    rest: cython.ulonglong = value
    while rest >= 10:
        rest //= 10
        count += 1
    if count < least:
        count = least
    here: cython.Py_ssize_t = at + count
    while here > at:
        here -= 1
        out[here] = 48 + value % 10
        value //= 10
    return at + count


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_int(out: cython.uchar[::1], at: cython.Py_ssize_t, value: cython.longlong) -> cython.Py_ssize_t:
    if value < 0:
        out[at] = 45
        at += 1
        value = -value
    return put_digits(out, at, value, 1)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_fixed(
    out: cython.uchar[::1], at: cython.Py_ssize_t, value: cython.longlong, decimals: cython.int
) -> cython.Py_ssize_t:
    """`value` divided by ten to the `decimals`."""
    scale: cython.longlong = 1
    i: cython.int
    for i in range(decimals):
        scale *= 10
    if value < 0:
        out[at] = 45
        at += 1
        value = -value
    at = put_digits(out, at, value // scale, 1)
    if decimals > 0:
        out[at] = 46
        at = put_digits(out, at + 1, value % scale, decimals)
    return at


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_hex(
    out: cython.uchar[::1], at: cython.Py_ssize_t, value: cython.ulonglong, least: cython.int
) -> cython.Py_ssize_t:
    """Lower-case hexadecimal digits, at least so many."""
    count: cython.int = 1
    digit: cython.int
    while count < 16 and (value >> (4 * count)) != 0:
        count += 1
    if count < least:
        count = least
    while count > 0:
        count -= 1
        digit = (value >> (4 * count)) & 15
        out[at] = 48 + digit if digit < 10 else 87 + digit
        at += 1
    return at


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_ipv4(out: cython.uchar[::1], at: cython.Py_ssize_t, value: cython.ulonglong) -> cython.Py_ssize_t:
    i: cython.int
    for i in range(4):
        if i:
            out[at] = 46
            at += 1
        at = put_digits(out, at, (value >> (24 - 8 * i)) & 255, 1)
    return at


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def group(hi: cython.ulonglong, lo: cython.ulonglong, i: cython.int) -> cython.ulonglong:
    """The i-th of eight groups of 16 bits."""
    return ((hi >> (48 - 16 * i)) if i < 4 else (lo >> (112 - 16 * i))) & 0xFFFF


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_ipv6(
    out: cython.uchar[::1], at: cython.Py_ssize_t, hi: cython.ulonglong, lo: cython.ulonglong
) -> cython.Py_ssize_t:
    """RFC 5952: the first of the longest runs of two or more zero groups becomes `::`."""
    i: cython.int
    run: cython.int = 0
    best: cython.int = 1
    gap: cython.int = -1
    for i in range(8):
        run = run + 1 if group(hi, lo, i) == 0 else 0
        if run > best:
            best = run
            gap = i - run + 1
    i = 0
    while i < 8:
        if i == gap:
            out[at] = 58
            out[at + 1] = 58
            at += 2
            i += best
            continue
        if i and i != gap + best:
            out[at] = 58
            at += 1
        at = put_hex(out, at, group(hi, lo, i), 1)
        i += 1
    return at


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_mac(out: cython.uchar[::1], at: cython.Py_ssize_t, value: cython.ulonglong) -> cython.Py_ssize_t:
    i: cython.int
    for i in range(6):
        if i:
            out[at] = 58
            at += 1
        at = put_hex(out, at, (value >> (40 - 8 * i)) & 255, 2)
    return at


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_address(
    out: cython.uchar[::1], at: cython.Py_ssize_t, hi: cython.ulonglong, lo: cython.ulonglong, family: cython.longlong
) -> cython.Py_ssize_t:
    """As `net.address.text` writes it; family as `flow.layout.Family`."""
    if family == 6:
        return put_ipv6(out, at, hi, lo)
    if family == 1 or family == 2 or family == 4:
        return put_ipv4(out, at, lo)
    return put_mac(out, at, lo)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(-1)
def put_chars(
    out: cython.uchar[::1],
    at: cython.Py_ssize_t,
    values: cython.const[cython.longlong][:, ::1],
    column: cython.Py_ssize_t,
    count: cython.Py_ssize_t,
    row: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    piece: cython.ulonglong
    char: cython.uchar
    i: cython.Py_ssize_t
    j: cython.int
    for i in range(count):
        piece = values[column + i, row] & M64
        for j in range(8):
            char = (piece >> (8 * j)) & 255
            if char == 0:
                return at
            out[at] = char
            at += 1
    return at


@cython.cfunc
@cython.nogil
@cython.exceptval(-1)
def put_row(
    out: cython.uchar[::1],
    at: cython.Py_ssize_t,
    values: cython.const[cython.longlong][:, ::1],
    steps: cython.const[cython.longlong][:, ::1],
    words: cython.const[cython.uchar][::1],
    ends: cython.const[cython.longlong][::1],
    row: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    s: cython.Py_ssize_t
    column: cython.Py_ssize_t
    what: cython.longlong
    quote: cython.uchar
    value: cython.longlong
    for s in range(steps.shape[0]):
        at = put_word(out, at, words, ends, steps[s, 3])
        what = steps[s, 0]
        if what == D_LITERAL:
            continue
        column = steps[s, 1]
        value = values[column, row]
        if value < LEAST:  # NONE; C has no literal for it
            at = put_word(out, at, words, ends, 0)
            continue
        quote = steps[s, 4]
        if quote:
            out[at] = quote
            at += 1
        if what == D_INT:
            at = put_int(out, at, value)
        elif what == D_FIXED:
            at = put_fixed(out, at, value, steps[s, 2])
        elif what == D_WORD:
            at = put_word(out, at, words, ends, steps[s, 2] + value)
        elif what == D_ADDRESS:
            at = put_address(out, at, values[column + 1, row] & M64, values[column + 2, row] & M64, value)
        elif what == D_MAC:
            at = put_mac(out, at, value & M64)
        elif what == D_HEX:
            out[at] = 48
            out[at + 1] = 120
            at = put_hex(out, at + 2, value & M64, steps[s, 2])
        else:
            at = put_chars(out, at, values, column, steps[s, 2], row)
        if quote:
            out[at] = quote
            at += 1
    return at


def fill(
    out: cython.uchar[::1],
    values: cython.const[cython.longlong][:, ::1],
    steps: cython.const[cython.longlong][:, ::1],
    words: cython.const[cython.uchar][::1],
    ends: cython.const[cython.longlong][::1],
    row: cython.Py_ssize_t,
    rows: cython.Py_ssize_t,
    widest: cython.Py_ssize_t,
):
    """Write rows `row` … `rows`-1 while `widest` bytes are free; returns (the next row, bytes written).

    Word n lies in `words` from `ends[n]` to `ends[n + 1]`.
    """
    at: cython.Py_ssize_t = 0
    room: cython.Py_ssize_t = out.shape[0]
    with cython.nogil:
        while row < rows and room - at >= widest:
            at = put_row(out, at, values, steps, words, ends, row)
            row += 1
    return row, at
