#!/usr/bin/env python3
"""Takes out of a built program what depends on where it was built, and nothing runs or reads.

    packaging/settle.py PROGRAM OUT

Swift leaves a hash of each module in the section .swift_modhash, by which its compiler finds out at the
next build whether there is anything to do. It counts in the paths of the sources, which
-file-prefix-map doesn't change there. The build id, in which the linker counted it, is made anew from what
the file holds.
"""

import hashlib
import re
import subprocess
import sys


def place(sections, name):
    """Offset and size of a section in the file."""
    row = re.search(rf"\]\s+{re.escape(name)}\s+\S+\s+\S+\s+(\S+)\s+(\S+)", sections)
    if row is None:
        sys.exit(f"{sys.argv[1]} has no section {name}")
    return int(row[1], 16), int(row[2], 16)


program, out = sys.argv[1:]
sections = subprocess.run(
    ["readelf", "--sections", "--wide", program], check=True, capture_output=True, text=True,
    env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}).stdout
with open(program, "rb") as file:
    content = bytearray(file.read())

if ".swift_modhash" in sections:
    start, size = place(sections, ".swift_modhash")
    content[start : start + size] = bytes(size)
# A note: three words, the name "GNU" with its zero, and then the id.
start, size = place(sections, ".note.gnu.build-id")
identity = slice(start + 16, start + size)
content[identity] = bytes(size - 16)
content[identity] = hashlib.shake_256(content).digest(size - 16)
with open(out, "wb") as file:
    file.write(content)
