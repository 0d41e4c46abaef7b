#!/usr/bin/env python3
"""Runs the Sigma rules: converted to SQL, on a journal made for it, against a count of its own.

    sigma.py SIGMA RULES JOURNAL      the program, the rules' folder, a folder of journal files
"""
import json
import os
import sqlite3
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
IDS = dict(line.split() for line in open(f"{HERE}/../../systemd/message-ids.tsv"))
sigma, folder, journal = sys.argv[1:4]


def several(entry, name):
    value = entry.get(name)
    if value is None:
        return [None]
    values = value if isinstance(value, list) and not isinstance(value[0], int) else [value]
    return [bytes(one).decode() if isinstance(one, list) else one for one in values]


lines = subprocess.run(["journalctl", "--directory", journal, "--output=json", "--all"],
                       capture_output=True, check=True).stdout.splitlines()
entries = [json.loads(line) for line in lines]
# Rules of changes that a made journal may lack.
for number, change in enumerate(("baseline-rolled-back", "server-granted", "policy-refused")):
    entries.append({"_SYSTEMD_UNIT": "mcpolicyd.service", "MESSAGE_ID": IDS[change], "MCPOLICY_CHANGE": change,
                    "__REALTIME_TIMESTAMP": str(1_800_000_000_000_000 + number)})
# Someone who tries again and again.
for number in range(12):
    entries.append({"_SYSTEMD_UNIT": "mcpolicyd.service", "_HOSTNAME": "vdi-009", "MCPOLICY_USER": "mallory",
                    "MCPOLICY_ACTION": "restored", "MCPOLICY_KIND": "server-drift", "MCPOLICY_INCIDENT": f"{number}-1",
                    "__REALTIME_TIMESTAMP": str(1_800_000_000_000_000 + number * 60_000_000)})

names = ["MESSAGE_ID", "_HOSTNAME", "MCPOLICY_ACTION", "MCPOLICY_KIND", "MCPOLICY_SERVER", "MCPOLICY_USER",
         "MCPOLICY_CHANGE", "MCPOLICY_OVERDUE", "MCPOLICY_INCIDENT"]
data = sqlite3.connect(":memory:")
data.execute(f"create table logs (entry integer, timestamp text, {', '.join(f'{name} text' for name in names)})")
for number, entry in enumerate(entries):
    # A SIEM matches any value of a field that stands several times: a row for each.
    for kind in several(entry, "MCPOLICY_KIND"):
        row = [several(entry, name)[0] for name in names]
        row[names.index("MCPOLICY_KIND")] = kind
        seconds = int(entry["__REALTIME_TIMESTAMP"]) / 1e6
        data.execute(f"insert into logs values (?, strftime('%Y-%m-%d %H:%M:%f', ?, 'unixepoch'), {', '.join('?' * len(names))})",
                     [number, seconds] + row)


def matches(selection, entry):
    for key, wanted in selection.items():
        name, _, modifier = key.partition("|")
        values = several(entry, name)
        if modifier == "exists":
            if (values != [None]) != wanted:
                return False
        elif not {str(one) for one in (wanted if isinstance(wanted, list) else [wanted])} & {str(one) for one in values}:
            return False
    return True


def convert(path):
    made = subprocess.run([sigma, "convert", "--target", "sqlite", path], capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(f"{path}: {made.stderr}")
    return [line for line in made.stdout.splitlines() if line.startswith(("SELECT", "WITH"))]


def windows(rule, found):
    """Whether a correlation's threshold is met at all, counted over every window that ends with an entry."""
    seconds = {"h": 3600, "d": 86400}[rule["timespan"][-1]] * int(rule["timespan"][:-1])
    groups = {}
    for entry in found:
        key = tuple(several(entry, name)[0] for name in rule["group-by"])
        if None not in key:
            groups.setdefault(key, []).append((int(entry["__REALTIME_TIMESTAMP"]) / 1e6, entry))
    hits = set()
    for key, members in groups.items():
        for end, _ in members:
            within = [entry for time, entry in members if end - seconds <= time <= end]
            field = rule["condition"].get("field")
            count = len({several(entry, field)[0] for entry in within}) if field else len(within)
            if count >= rule["condition"]["gte"]:
                hits.add(key)
    return hits


wrong, rules = [], 0
for file in sorted(os.listdir(folder)):
    if not file.endswith(".yml"):
        continue
    documents = list(yaml.safe_load_all(open(f"{folder}/{file}")))
    queries = convert(f"{folder}/{file}")
    if len(queries) != len(documents):
        wrong.append(f"{file}: {len(queries)} queries of {len(documents)} rules")
        continue
    found = []
    for document, query in zip(documents, queries):
        rules += 1
        if "detection" in document:
            found = [entry for entry in entries if matches(document["detection"]["selection"], entry)]
            hits = data.execute(query.replace("SELECT *", "SELECT DISTINCT entry", 1)).fetchall()
            if len(hits) != len(found) or not found:
                wrong.append(f"{document['title']}: {len(hits)} found, {len(found)} counted")
        else:
            hits = {tuple(json.loads(row[1]).values()) for row in data.execute(query).fetchall()}
            counted = windows(document["correlation"], found)
            if {tuple(str(one).lower() for one in key) for key in counted} != hits:
                wrong.append(f"{document['title']}: {sorted(hits)} found, {sorted(counted)} counted")
            if not hits:
                wrong.append(f"{document['title']}: never met")
for one in wrong:
    print(one)
print(f"sigma: {rules} rules over {len(entries)} entries, {len(wrong)} wrong")
sys.exit(bool(wrong) or rules < 10)
