"""Generates JSON documents, good and spoilt, for differential.py."""

import math
import random
import struct
from decimal import Decimal, getcontext

getcontext().prec = 1200

NAMES = [
    "mcpServers", "powers", "git", "filesystem", "command", "args", "env", "url", "headers",
    "disabled", "autoApprove", "disabledTools", "timeout", "", " ", "a", "A", "__proto__",
    "caf\u00e9", "cafe\u0301", "Kiro", "\u212airo", "\uffff", "\U0001f600", "\ue000", "\x7f", "\u2028",
]  # fmt: skip
TEXTS = [
    "uvx", "npx", "-y", "sh", "C:\\Projects", "/srv/projects", "${HOME}", "a\tb", "\"", "\\", "/",
    "\x00", "\x1f", "\x7f", "\x80", "\xa0", "\u2028\u2029", "\ufeff", "\ufffe", "\U00010000",
    "\U0010ffff", "https://x.example/mcp/*a*/?q=//b", "line\nfeed\r\n", "\b\f",
]  # fmt: skip
ESCAPES = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\", "/": "\\/",
}  # fmt: skip
# What a mutation puts anywhere: pieces on which parsers differ.
PIECES = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"/", b"//", b"/**/", b"\n", b"\r", b"\t", b" ",
    b"\x0b", b"\x0c", b"\x00", b"\x1b", b"\x7f", b"\xa0", b"\xc2\xa0", b"\xe2\x80\xa8", b"\xef\xbb\xbf",
    b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f", b"\\u", b"\\u0000",
    b"\\ud800", b"\\udc00", b"\\ud83d\\ude00", b"\\uD83D\\uDE0", b"\\x", b"\\'", b"0", b"-", b"-0",
    b"+", b".", b"e", b"E+", b"1e400", b"1e-400", b"NaN", b"Infinity", b"-Infinity", b"null", b"true",
    b"false", b"nul", b"True", b"undefined", b"0x1", b"'", b'{"a":1,"a":2}', b',"a":1', b"[,]", b",,",
]  # fmt: skip


class Generator:
    """Writes one document; without spoils, one that no client could read in two ways."""

    def __init__(self, chance: random.Random, spoils: bool):
        self.chance = chance
        self.spoils = spoils

    def document(self) -> bytes:
        if self.chance.random() < 0.6:
            text = self.config()
        else:
            text = self.space() + self.value(self.chance.randrange(5)) + self.space()
        return text.encode()

    def config(self) -> str:
        names = self.names(self.chance.randrange(4))
        servers = self.object([(name, self.object(self.definition())) for name in names])
        members = [("mcpServers", servers)]
        if self.chance.random() < 0.2:
            powers = self.object([(name, self.value(2)) for name in self.names(2)])
            members.append(("powers", self.object([("mcpServers", powers)])))
        if self.chance.random() < 0.3:
            members.append((self.chance.choice(["$schema", "n", "\u00e9"]), self.value(2)))
        return self.space() + self.object(members) + self.space()

    def definition(self) -> list[tuple[str, str]]:
        return [(name, self.value(2)) for name in self.names(self.chance.randrange(6))]

    def names(self, count: int) -> list[str]:
        names: list[str] = []
        while len(names) < count:
            name = self.text() if self.chance.random() < 0.3 else self.chance.choice(NAMES)
            if name not in names:
                names.append(name)
        return names

    def value(self, depth: int) -> str:
        kind = self.chance.randrange(9 if depth > 0 else 6)
        if kind == 0:
            return self.chance.choice(["null", "true", "false"])
        if kind <= 2:
            return self.number()
        if kind <= 5:
            return self.string(self.text())
        count = self.chance.choice([0, 1, 2, 3, 20]) if depth < 3 else self.chance.randrange(3)
        if kind == 6:
            return self.array([self.value(depth - 1) for _ in range(count)])
        if kind == 7 and self.chance.random() < 0.05:
            levels = self.chance.randrange(1, 50)
            return "[" * levels + self.value(0) + "]" * levels
        return self.object([(name, self.value(depth - 1)) for name in self.names(count)])

    def array(self, elements: list[str]) -> str:
        return "[" + ",".join(self.space() + e + self.space() for e in elements) + "]"

    def object(self, members: list[tuple[str, str]]) -> str:
        self.chance.shuffle(members)
        if self.spoils and members and self.chance.random() < 0.05:
            members.append((members[0][0], self.value(1)))
        written = [
            f"{self.space()}{self.string(key)}{self.space()}:{self.space()}{value}{self.space()}"
            for key, value in members
        ]
        return "{" + ",".join(written) + "}"

    def space(self) -> str:
        if self.chance.random() < 0.7:
            return ""
        return "".join(self.chance.choices(" \n\t\r", k=self.chance.randrange(1, 4)))

    def text(self) -> str:
        if self.chance.random() < 0.6:
            return self.chance.choice(TEXTS)
        ranges = [(0, 0x20), (0x20, 0x7F), (0x7F, 0x800), (0x800, 0xD800), (0xE000, 0x110000)]
        picked = self.chance.choices(ranges, k=self.chance.randrange(6))
        return "".join(chr(self.chance.randrange(low, high)) for low, high in picked)

    def string(self, text: str) -> str:
        return '"' + "".join(self.character(c) for c in text) + '"'

    def character(self, character: str) -> str:
        code = ord(character)
        if self.spoils and self.chance.random() < 0.002:
            return self.chance.choice(["\\ud800", "\\udfff", "\\ud83d\\u0041", "\\q", "\n"])
        likely = 0.2 if character == "/" else 0.7
        if character in ESCAPES and self.chance.random() < likely:
            return ESCAPES[character]
        if code < 0x20 or code in (34, 92) or self.chance.random() < 0.1:
            encoded = character.encode("utf-16-be")
            case = self.chance.choice(["\\u%04x", "\\u%04X"])
            return "".join(case % unit for (unit,) in struct.iter_unpack(">H", encoded))
        return character

    def number(self) -> str:
        kind = self.chance.randrange(8)
        if kind <= 1:
            return str(self.chance.randrange(-100, 100000))
        if kind == 2:
            bits = self.chance.choice([53, 63, 64, 65, 128, 1000, 5000])
            return str(self.chance.getrandbits(bits) * self.chance.choice([1, -1]))
        if kind == 3:
            return self.chance.choice(
                ["-0", "0", "-0.0", "0.0", "0e5", "1E5", "1e16", "1e15", "5e-324"]
            )
        if kind == 4:
            digits = str(self.chance.getrandbits(self.chance.choice([8, 53, 80, 400])))
            fraction = str(self.chance.getrandbits(self.chance.choice([8, 53, 400])))
            return f"{digits}.{fraction}"
        if kind == 5:
            lowest = -360 if self.spoils else -330
            highest = 330 if self.spoils else 290
            mantissa = f"{self.chance.randrange(10)}.{self.chance.getrandbits(60)}"
            return f"{mantissa}{self.chance.choice('eE')}{self.chance.randrange(lowest, highest):+d}"
        value = self.double()
        if kind == 6:
            return repr(value)
        return self.besides_midpoint(value)

    def double(self) -> float:
        if self.chance.random() < 0.3:
            return 2.0 ** self.chance.randrange(-1074, 1000)
        while True:
            value = struct.unpack(">d", self.chance.randbytes(8))[0]
            if value == value and abs(value) < 1e308:
                return value

    def besides_midpoint(self, value: float) -> str:
        """The middle between two neighbours, where rounding decides, or a hair beside it."""
        middle = (Decimal(abs(value)) + Decimal(math.nextafter(abs(value), math.inf))) / 2
        text = f"{middle:f}" if abs(middle.adjusted()) < 30 else f"{middle:e}"
        if self.chance.random() < 0.5:
            head, mark, exponent = text.partition("e")
            point = "" if "." in head else "."
            text = head + point + "0" * self.chance.randrange(5) + "1" + mark + exponent
        return text


def mutated(document: bytes, chance: random.Random) -> bytes:
    """A few changes that know nothing of the structure."""
    text = bytearray(document)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        at = chance.randrange(len(text) + 1)
        kind = chance.randrange(6)
        end = min(len(text), at + chance.randrange(1, 8))
        if kind == 0:
            text[at:at] = chance.choice(PIECES)
        elif kind == 1:
            del text[at:end]
        elif kind == 2 and at < len(text):
            text[at] ^= 1 << chance.randrange(8)
        elif kind == 3:
            text[at:end] = chance.choice(PIECES)
        elif kind == 4:
            source = chance.randrange(len(text) + 1)
            text[at:at] = text[source : source + chance.randrange(1, 40)]
        elif chance.random() < 0.3:
            del text[at:]
        else:
            text[at:at] = bytes([chance.randrange(256)])
    return bytes(text)


def reencoded(document: bytes, chance: random.Random) -> bytes:
    """The same text in another encoding, or with a mark in front."""
    text = document.decode()
    kind = chance.choice(
        ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "latin-1"]
    )
    return text.encode(kind, errors="replace")


def document(seed: str) -> tuple[bytes, bool]:
    """The document of that seed, and whether it must be accepted."""
    chance = random.Random(seed)
    kind = chance.random()
    if kind < 0.45:
        return Generator(chance, spoils=False).document(), True
    made = Generator(chance, spoils=True).document()
    if kind < 0.6:
        return made, False
    if kind < 0.98:
        return mutated(made, chance), False
    return reencoded(made, chance), False
