"""JSON with comments, as policy.json is written, and one comma before a closing bracket."""

import json
import re

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\r\n]*|/\*.*?\*/|,|[^"/,]+|.', re.DOTALL)


def stripped(text: str) -> str:
    """The text without them; a comment leaves a space, so that no two tokens become one."""
    kept: list[str] = []
    comma = None
    last = "["
    for token in TOKEN.findall(text):
        if token.startswith(("//", "/*")):
            token = " "
        if token == ",":
            # One that follows nothing isn't trailing.
            comma = None if last in "[{," else len(kept)
            last = token
        elif bare := token.strip():
            if comma is not None and bare[0] in "]}":
                kept[comma] = " "
            comma = None
            last = bare[-1]
        kept.append(token)
    return "".join(kept)


def loads(text: str):
    return json.loads(stripped(text))


# What the stripper must make of a text, by the value in it; None where it must stay broken.
CASES = [
    ('{"a": 1} // end', {"a": 1}),
    ('// "\n{"a": /* , */ [1, 2, /* 3 */ ], }', {"a": [1, 2]}),
    ('{"a": "// no /* comment */ ,]"}', {"a": "// no /* comment */ ,]"}),
    ('["\\"", "//",]', ['"', "//"]),
    ('["a\\\\", // "b",\n"c"]', ["a\\", "c"]),
    ("[1,\r\n// two\r\n]", [1]),
    ("[/**/1/***/]", [1]),
    ("[[1,],[2],]", [[1], [2]]),
    ("[1,,]", None),
    ("[,]", None),
    ("[1 /* open", None),
    ("[1/ 2]", None),
    ("[1/**/2]", None),
]
