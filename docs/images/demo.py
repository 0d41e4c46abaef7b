#!/usr/bin/env python3
"""Draws demo.svg, the picture in README.md, from a real run of the demo.

    docs/images/demo.py BIN_DIR

The demo runs on a pseudo terminal, so that it colours what it says. What is left out is marked by "…".
"""

import html
import os
import pathlib
import pty
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SHOWN = 9  # tamperings
SIZE, LINE, MARGIN, BAR = 13, 19, 18, 30
COLOURS = {"1": "bold", "32": "green", "31": "red", "2": "faint"}
STYLE = """
  text { font: %dpx ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d6deeb; white-space: pre }
  .bold { font-weight: bold; fill: #ffffff } .green { fill: #7ee787 } .red { fill: #ff7b72 } .faint { fill: #8b949e }
""" % SIZE


def run(bin_dir):
    """What the demo prints on a terminal, as lines."""
    collected = bytearray()
    os.environ.update(TERM="xterm", LC_ALL="C.UTF-8")
    os.environ.pop("NO_COLOR", None)
    child, terminal = pty.fork()
    if child == 0:
        os.execv(HERE.parent.parent / "packaging/demo.sh", ["demo.sh", bin_dir])
    try:
        while True:
            if not (data := os.read(terminal, 4096)):
                break
            collected.extend(data)
    except OSError:  # the other end is closed
        pass
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        sys.exit(collected.decode())
    return collected.decode().replace("\r", "").rstrip().split("\n")


def excerpt(lines):
    start = next(number for number, line in enumerate(lines) if "Tampering" in line)
    end = next(number for number, line in enumerate(lines) if re.match(rf" *{SHOWN + 1}  ", line))
    return ["\x1b[2m$\x1b[0m make demo", "\x1b[2m…\x1b[0m", *lines[start:end], "\x1b[2m…\x1b[0m", lines[-1]]


def spans(line):
    """One line of the terminal as SVG."""
    drawn, style = "", None
    for part in re.split(r"(\x1b\[\d+m)", line):
        if code := re.fullmatch(r"\x1b\[(\d+)m", part):
            style = COLOURS.get(code.group(1))
        elif part:
            text = html.escape(part)
            drawn += f'<tspan class="{style}">{text}</tspan>' if style else text
    return drawn


def picture(lines):
    plain = [re.sub(r"\x1b\[\d+m", "", line) for line in lines]
    width = round(max(map(len, plain)) * SIZE * 0.61) + 2 * MARGIN
    height = BAR + len(lines) * LINE + MARGIN
    rows = [
        f'<text x="{MARGIN}" y="{BAR + (number + 1) * LINE - 5}">{spans(line)}</text>'
        for number, line in enumerate(lines)
        if line
    ]
    dots = [
        f'<circle cx="{MARGIN + 18 * number}" cy="16" r="5.5" fill="{colour}"/>'
        for number, colour in enumerate(["#ff5f56", "#ffbd2e", "#27c93f"])
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">',
            "<title>make demo: tamperings, each undone within milliseconds</title>",
            f"<style>{STYLE}</style>",
            f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
            *dots,
            *rows,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[2].strip())
    (HERE / "demo.svg").write_text(picture(excerpt(run(os.path.abspath(sys.argv[1])))))
