"""SHA-1 of many short messages, written in Base64: the third compiled file, for Community IDs (Cython pure mode).

Promise: what `hashlib` and `base64` say, at a third of the price, without a lock. Uncompiled it is right but slow:
ask `COMPILED`.
Does not know: what is hashed. (Community ID v1 wants SHA-1; nothing here rests on it being secure.)
"""

try:
    import cython
except ImportError:  # no Cython here: the same file as plain Python
    from ratop_py.flow import cyshim as cython

LONGEST = 55
"""Bytes a message may have: then it is one block."""
DIGITS = 28
"""Bytes of a digest in Base64."""
COMPILED = bool(cython.compiled)

M32 = cython.declare(cython.uint, 0xFFFFFFFF)
H0 = cython.declare(cython.uint, 0x67452301)
H1 = cython.declare(cython.uint, 0xEFCDAB89)
H2 = cython.declare(cython.uint, 0x98BADCFE)
H3 = cython.declare(cython.uint, 0x10325476)
H4 = cython.declare(cython.uint, 0xC3D2E1F0)
K0 = cython.declare(cython.uint, 0x5A827999)
K1 = cython.declare(cython.uint, 0x6ED9EBA1)
K2 = cython.declare(cython.uint, 0x8F1BBCDC)
K3 = cython.declare(cython.uint, 0xCA62C1D6)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def rotated(x: cython.uint, by: cython.int) -> cython.uint:
    return ((x << by) | (x >> (32 - by))) & M32


@cython.cfunc
@cython.nogil
@cython.exceptval(-1)
def schedule(
    messages: cython.const[cython.uchar][::1], at: cython.Py_ssize_t, size: cython.Py_ssize_t, w: cython.uint[::1]
) -> cython.int:
    """The block's sixteen words, padded, and the sixty-four that follow from them."""
    i: cython.Py_ssize_t
    byte: cython.uint
    for i in range(16):
        w[i] = 0
    for i in range(size):
        byte = messages[at + i]
        w[i >> 2] |= byte << (24 - 8 * (i & 3))
    byte = 0x80
    w[size >> 2] |= byte << (24 - 8 * (size & 3))
    w[15] = 8 * size
    for i in range(16, 80):
        w[i] = rotated(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1)
    return 0


@cython.cfunc
@cython.nogil
@cython.exceptval(-1)
def compress(w: cython.uint[::1]) -> cython.int:
    """The eighty rounds over `w`; the digest's five words end in `w[0:5]`."""
    a: cython.uint = H0
    b: cython.uint = H1
    c: cython.uint = H2
    d: cython.uint = H3
    e: cython.uint = H4
    t: cython.uint
    i: cython.int
    for i in range(20):
        t = (rotated(a, 5) + (d ^ (b & (c ^ d))) + e + w[i] + K0) & M32
        e, d, c, b, a = d, c, rotated(b, 30), a, t
    for i in range(20, 40):
        t = (rotated(a, 5) + (b ^ c ^ d) + e + w[i] + K1) & M32
        e, d, c, b, a = d, c, rotated(b, 30), a, t
    for i in range(40, 60):
        t = (rotated(a, 5) + ((b & c) | (d & (b | c))) + e + w[i] + K2) & M32
        e, d, c, b, a = d, c, rotated(b, 30), a, t
    for i in range(60, 80):
        t = (rotated(a, 5) + (b ^ c ^ d) + e + w[i] + K3) & M32
        e, d, c, b, a = d, c, rotated(b, 30), a, t
    w[0] = (a + H0) & M32
    w[1] = (b + H1) & M32
    w[2] = (c + H2) & M32
    w[3] = (d + H3) & M32
    w[4] = (e + H4) & M32
    return 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def letter(six: cython.uint) -> cython.uchar:
    """Base64's alphabet (RFC 4648)."""
    if six < 26:
        return 65 + six
    if six < 52:
        return 71 + six
    if six < 62:
        return six - 4
    return 43 if six == 62 else 47


@cython.cfunc
@cython.nogil
@cython.exceptval(-1)
def put_base64(w: cython.uint[::1], out: cython.uchar[::1], at: cython.Py_ssize_t) -> cython.int:
    """Twenty bytes, big-endian words, as twenty-seven digits and a pad: six bits at a time."""
    i: cython.int
    bit: cython.int
    pair: cython.ulonglong
    for i in range(27):
        bit = 6 * i
        pair = w[bit >> 5]
        pair <<= 32
        if bit >> 5 < 4:
            pair |= w[(bit >> 5) + 1]
        out[at + i] = letter((pair >> (58 - (bit & 31))) & 63)
    out[at + 27] = 61
    return 0


def base64_digests(
    messages: cython.const[cython.uchar][::1],
    size: cython.Py_ssize_t,
    work: cython.uint[::1],
    out: cython.uchar[::1],
):
    """Digest `messages` of `size` bytes, one behind the other; `work` holds 80 words, `out` 28 bytes a message."""
    i: cython.Py_ssize_t
    count: cython.Py_ssize_t = out.shape[0] // 28
    if not 0 < size <= 55 or work.shape[0] < 80 or messages.shape[0] != count * size or out.shape[0] != count * 28:
        raise ValueError("messages are too long, or the sizes do not agree")
    with cython.nogil:
        for i in range(count):
            schedule(messages, i * size, size, work)
            compress(work)
            put_base64(work, out, i * 28)
