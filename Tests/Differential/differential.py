#!/usr/bin/env python3
"""Compares `mcpolicyctl digest` with CPython's own json on generated documents.

For every document: the same canonical digest, or refused by us; a value that we accept and Python
doesn't, or another digest, is a failure. Documents made without any ambiguity must be accepted, so
that refusing everything doesn't pass.

    Tests/Differential/differential.py --mcpolicyctl .build/release/mcpolicyctl --count 100000
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from documents import document


def sha256(value) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def pythons_figures(text: bytes) -> dict | None:
    """What an auditor computes; None where Python's json doesn't take the file."""
    try:
        value = json.loads(text.decode())
    except (ValueError, RecursionError):
        return None
    servers: dict[str, str] = {}
    if isinstance(value, dict):
        for holder in (value, value.get("powers")):
            section = holder.get("mcpServers") if isinstance(holder, dict) else None
            for name, definition in section.items() if isinstance(section, dict) else ():
                servers.setdefault(name, sha256(definition))
    return {
        "bytes_sha256": hashlib.sha256(text).hexdigest(),
        "canonical_sha256": sha256(value),
        "servers": servers,
    }


def our_figures(program: str, folder: str, count: int) -> list[dict]:
    names = [str(index) for index in range(count)]
    run = subprocess.run([program, "digest", "--json", *names], cwd=folder, capture_output=True)
    if run.returncode not in (0, 2):
        sys.exit(f"digest ended with {run.returncode}: {run.stderr.decode(errors='replace')}")
    files = json.loads(run.stdout)["files"]
    if [file["path"] for file in files] != names:
        sys.exit("digest answered for other files than it was asked for")
    return files


def complaint(text: bytes, must_accept: bool, ours: dict, tally: collections.Counter) -> str | None:
    pythons = pythons_figures(text)
    if "error" in ours:
        reason = re.sub(r'".*"|0x[0-9a-f]+|\d+', "…", ours["error"]["message"])
        tally["refused by both" if pythons is None else f"refused by us alone: {reason}"] += 1
        if must_accept and pythons is not None:
            return f"refused ({ours['error']}), though it is unambiguous"
        return None
    tally["accepted"] += 1
    if pythons is None:
        return "accepted, though Python refuses it"
    differing = [key for key in pythons if ours[key] != pythons[key]]
    return f"other figures than Python's: {differing}" if differing else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mcpolicyctl", required=True, type=pathlib.Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=2000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the documents that failed")
    options = parser.parse_args()
    program = str(options.mcpolicyctl.resolve())
    tally: collections.Counter = collections.Counter()
    failures = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, options.count, options.batch):
            end = min(first + options.batch, options.count)
            seeds = [f"{options.seed}:{number}" for number in range(first, end)]
            batch = [document(seed) for seed in seeds]
            for index, (text, _) in enumerate(batch):
                pathlib.Path(folder, str(index)).write_bytes(text)
            answers = our_figures(program, folder, len(batch))
            for seed, (text, must_accept), ours in zip(seeds, batch, answers):
                wrong = complaint(text, must_accept, ours, tally)
                if wrong is None:
                    continue
                failures += 1
                print(f"{seed}: {wrong}\n  {text[:400]!r}", file=sys.stderr)
                if options.keep:
                    os.makedirs(options.keep, exist_ok=True)
                    (options.keep / seed.replace(":", "-")).write_bytes(text)
    for what, number in tally.most_common():
        print(f"{number:>9}  {what}")
    seconds = time.monotonic() - started
    print(f"{failures} failures in {options.count} documents, seed {options.seed}, {seconds:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
