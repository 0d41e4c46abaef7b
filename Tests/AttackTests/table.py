#!/usr/bin/env python3
"""Prints what the attacks came to, from the lines that AttackTests write, and may write docs/Attacks.md.

Exit: 0 nothing outside changed, nothing was lost, nothing crashed; 1 otherwise; 2 no results.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

COLUMNS = ["attack", "rounds", "seconds", "restores", "incidents", "effects outside", "lost drifts", "crashes", "peak MiB"]

PAGE = """# Attacks

`make attack` starts the real daemon as root, and processes of an unprivileged user against it, one
attack after the other (`Tests/AttackTests`). After each one it checks that nothing outside that user's
target changed (owner, mode, content, links and extended attributes of root's files, of another user's
home and of the baseline), that the daemon lives, that the target is approved again within ten seconds,
and that an incident names the cause.

- **rounds**: how often the attack was repeated at full speed. Slow ones are repeated less often.
- **restores**, **incidents**: as the daemon counts them. A restore may undo many rounds, and incidents
  of one target that drifts again and again are told together.
- **effects outside**: files and folders that changed and shouldn't have.
- **lost drifts**: attacks after which the target wasn't approved again.
- **peak MiB**: the most memory that the daemon ever had.

{rounds:,} rounds in {attacks} attacks on Linux {kernel}, {machine}.

{table}
"""


def read(path):
    """The records, those of one attack added up."""
    records = {}
    for line in Path(path).read_text().splitlines():
        record = json.loads(line)
        known = records.get(record["attack"])
        if known is None:
            records[record["attack"]] = record
            continue
        for key in ("rounds", "seconds", "restores", "incidents", "outside", "lost", "crashes"):
            known[key] += record[key]
        known["peakMiB"] = max(known["peakMiB"], record["peakMiB"])
    return sorted(records.values(), key=lambda record: record["attack"])


def cells(record):
    return [
        record["attack"], f"{record['rounds']:,}", f"{record['seconds']:.1f}", f"{record['restores']:,}",
        f"{record['incidents']:,}", str(record["outside"]), str(record["lost"]), str(record["crashes"]),
        str(record["peakMiB"]),
    ]


def text_table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(row, widths)))
        for row in rows)


def markdown_table(rows):
    rule = ["---"] + ["--:"] * (len(COLUMNS) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [rows[0], rule] + rows[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", help="the file that ATTACK_RESULTS named")
    parser.add_argument("--page", help="write the page here, such as docs/Attacks.md")
    options = parser.parse_args()
    try:
        records = read(options.results)
    except (OSError, ValueError) as error:
        print(f"table.py: {options.results}: {error}", file=sys.stderr)
        return 2
    rows = [COLUMNS] + [cells(record) for record in records]
    print(text_table(rows))
    if options.page:
        Path(options.page).write_text(PAGE.format(
            rounds=sum(record["rounds"] for record in records), attacks=len(records),
            kernel=platform.release().split("-")[0], machine=platform.machine(),
            table=markdown_table(rows)))
    return 1 if any(record["outside"] or record["lost"] or record["crashes"] for record in records) else 0


if __name__ == "__main__":
    sys.exit(main())
