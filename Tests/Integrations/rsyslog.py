#!/usr/bin/env python3
"""Compares what rsyslog wrote with what journalctl printed: each record once, each field's value."""
import json
import sys

KEY = ("MCPOLICY_INCIDENT", "MCPOLICY_CHANGE", "MESSAGE", "_SOURCE_REALTIME_TIMESTAMP")


def text(value):
    return bytes(value).decode() if isinstance(value, list) and isinstance(value[0], int) else value


def key(record):
    return tuple(text(record.get(name)) for name in KEY)


entries = [json.loads(line) for line in open(sys.argv[1])]
wanted = {key(entry): entry for entry in entries if entry["_SYSTEMD_UNIT"] == "mcpolicyd.service"}
records = [json.loads(line) for line in open(sys.argv[2])]
wrong = []
if len(entries) <= len(wanted):
    wrong.append("the journal has no record of others")
if len(records) != len(wanted):
    wrong.append(f"{len(records)} records of {len(wanted)}")
values = 0
for record in records:
    entry = wanted.get(key(record))
    if entry is None:
        wrong.append(f"not in the journal: {key(record)}")
        continue
    for name, value in entry.items():
        if name.startswith("__"):
            continue
        values += 1
        several = [text(one) for one in value] if isinstance(value, list) and not isinstance(value[0], int) else [text(value)]
        if record.get(name) not in several:
            wrong.append(f"{name}: {record.get(name)!r} is none of {several!r}")
for one in wrong[:20]:
    print(one)
print(f"rsyslog: {len(records)} records, {values} fields, {len(wrong)} wrong")
sys.exit(bool(wrong) or not records)
