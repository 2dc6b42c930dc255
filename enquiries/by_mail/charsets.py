"""Decode the text of a mail, whatever its sender calls the charset.

Labels mean what they mean on the web, where all programs had to agree on it: gb2312 is gb18030,
iso-8859-1 is windows-1252. https://encoding.spec.whatwg.org/#names-and-labels
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header
from unicodedata import normalize

import webencodings

# What webencodings decodes by a narrower codec than the standard's (its GBK decoder is gb18030).
WIDER = {"gbk": "gb18030"}
# How Windows, Java and Python call charsets that the web knows by other labels.
ALIASES = {
    "ansi": "windows-1252",
    **dict.fromkeys(("cp932", "ms932", "cswindows31j"), "shift_jis"),
    **dict.fromkeys(("cp936", "ms936", "windows-936"), "gbk"),
    **dict.fromkeys(("cp949", "ms949", "uhc"), "euc-kr"),
    **dict.fromkeys(("cp950", "ms950", "windows-950"), "big5"),
    **dict.fromkeys(("eucjp", "eucjp-ms", "cp51932"), "euc-jp"),
}
# Charsets of mails that the web has banned or never had, by label: codecs that are safe and fast
# for anybody's bytes. (Python has others that are not: punycode, unicode_escape.)
OTHERS = {
    **dict.fromkeys(("utf-7", "unicode-1-1-utf-7"), "utf-7"),  # RFC 2152
    **dict.fromkeys(("hz-gb-2312", "hz"), "hz"),  # RFC 1843
    **dict.fromkeys(("iso-2022-kr", "csiso2022kr"), "iso2022_kr"),  # RFC 1557
    **{name: name for name in ("iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3")},
    **{f"{first}{page}": f"cp{page}" for first in ("cp", "ibm") for page in (437, 850, 852, 858)},
    **{name: name for name in ("utf-32", "utf-32le", "utf-32be")},
}
# They promise seven bits or nothing, so bytes above that are of a charset that was not said.
SAYS_NOTHING = frozenset({"", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown"})
BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# Halves of pairs that stand for no byte (those of Python's surrogateescape do).
LONE = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
MULTIBYTE = re.compile(r"[^\x00-\x7f\ufffd]")
# What follows in ISO-2022-JP: ASCII (B), JIS X 0201 (J, I), or JIS X 0208 ($@, $B).
DESIGNATED = re.compile(rb"\x1b(\([BJI]|\$[@B])")
# A run of ASCII, a pair, a pair of half width, three bytes of JIS X 0212, or a stray byte.
EUC_JP = re.compile(rb"[\x00-\x7f]+|[\xa1-\xfe]{2}|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}|[\x80-\xff]")
TWO_BYTES = re.compile(rb"[\x21-\x7e]{2}")


def decoded(raw: bytes, label: str) -> tuple[str, bool]:
    """Return the text without a byte order mark, and whether each byte of it was understood.

    A byte that the charset does not have becomes U+FFFD, and no other one with it.
    """
    text, is_sure = _decoded(raw, label.strip().strip("\"'").lower())
    # NUL and halves of pairs: databases refuse them.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.removeprefix("\ufeff").replace("\0", ""), is_sure


def header_text(raw: str) -> str:
    """Return the words of a header, in which other letters than ASCII are encoded (RFC 2047)."""
    # Some programs send eight bits, which are of a charset that nobody names.
    raw = decoded(LONE.sub("\ufffd", raw).encode("utf-8", "surrogateescape"), "")[0]
    raw = normalize("NFC", " ".join(raw.split()))
    try:
        pieces = decode_header(raw)
    except (ValueError, HeaderParseError):  # base64 that is none
        return raw
    words = "".join(_of_header(piece, label) for piece, label in pieces)
    return " ".join(CONTROLS.sub(" ", words).split())


def _of_header(piece: bytes | str, label: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if label is None:  # so decode_header returns what stands beside an encoded word
        return piece.decode("raw_unicode_escape", "replace")
    return decoded(piece, label)[0]


def _decoded(raw: bytes, label: str) -> tuple[str, bool]:
    for bom, codec in BOMS.items():
        if raw.startswith(bom):
            return _by(codec, raw[len(bom) :])
    if label in OTHERS:
        text, is_sure = _by(OTHERS[label], raw)
        return (text, is_sure) if is_sure or raw.isascii() else _guessed(raw, label)
    encoding = None if label in SAYS_NOTHING else _of_label(label)
    if encoding is None or encoding.name in {"replacement", "x-user-defined"}:
        return _guessed(raw, label)
    if encoding.name == "iso-2022-jp":
        raw, encoding = _as_shift_jis(raw), webencodings.lookup("shift_jis")
    if encoding.name == "euc-jp":
        return _of_euc_jp(raw)
    return _by(WIDER.get(encoding.name, encoding.codec_info.name), raw)


def _of_label(label: str) -> webencodings.Encoding | None:
    """Return the encoding of a label, also as Java and Python write it: iso8859_1, latin-1."""
    label = ALIASES.get(label, label)
    spelt = (label, label.replace("_", "-"), label.replace("-", ""))
    return next(filter(None, map(webencodings.lookup, spelt)), None)


def _of_euc_jp(raw: bytes) -> tuple[str, bool]:
    """Return the text of EUC-JP; rows that Python's codec lacks, such as ①, as in Shift_JIS.

    https://encoding.spec.whatwg.org/#euc-jp-decoder
    """
    done, is_sure = [], True
    for piece in EUC_JP.findall(raw):
        text, known = _by("euc_jp", piece)
        if not known and len(piece) == 2 and piece[0] >= 0xA1:
            text, known = _by("cp932", _of_jis(piece[0] & 0x7F, piece[1] & 0x7F))
        done.append(text)
        is_sure &= known
    return "".join(done), is_sure


def _as_shift_jis(raw: bytes) -> bytes:
    """Return ISO-2022-JP as Shift_JIS, whose codec has all that mails hold, such as ①.

    Python's codec is that of RFC 1468 alone. https://encoding.spec.whatwg.org/#iso-2022-jp-decoder
    """
    first, *rest = DESIGNATED.split(raw)
    pieces = [first]
    for mode, piece in zip(rest[::2], rest[1::2]):
        if mode == b"(I":
            piece = bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in piece)
        elif mode.startswith(b"$"):
            piece = TWO_BYTES.sub(lambda pair: _of_jis(*pair[0]), piece)
        pieces.append(piece)
    return b"".join(pieces)


def _of_jis(row: int, cell: int) -> bytes:
    lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    trail = cell + (0x1F + (cell >= 0x60) if row % 2 else 0x7E)
    return bytes((lead, trail))


def _by(codec: str, raw: bytes) -> tuple[str, bool]:
    try:
        return raw.decode(codec), True
    except UnicodeDecodeError:
        return raw.decode(codec, "replace"), False


def _guessed(raw: bytes, label: str) -> tuple[str, bool]:
    """Return UTF-8 if most of it is, since other charsets hardly ever look like it."""
    text, is_sure = _by("utf-8", raw)
    of_utf8 = len(MULTIBYTE.findall(text))
    if is_sure or of_utf8 and of_utf8 >= text.count("\ufffd"):
        return text, is_sure
    return raw.decode("cp1252", "replace"), label in SAYS_NOTHING
