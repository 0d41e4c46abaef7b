#!/usr/bin/env python3
"""CSV and Markdown against the JSON of the same report: NAME.csv, NAME.md, NAME.json."""
import csv
import html
import json
import re
import sys

name = sys.argv[1]
report = json.load(open(f"{name}.json"))
wrong = []

rows = list(csv.reader(open(f"{name}.csv", newline="")))
for row in rows:
    if len(row) != 4 or any(cell.lstrip(" ")[:1] in tuple("=+-@\t\r") for cell in row if cell):
        wrong.append(f"csv: {row}")
cells = {tuple(row[:3]): row[3] for row in rows[1:]}
figures = 0


def same(key, value):
    global figures
    figures += 1
    if cells.get(key) != str(value):
        wrong.append(f"csv {key}: {cells.get(key)}, not {value}")


def quoted(text):
    return "'" + text if text.lstrip(" ")[:1] in tuple("=+-@|%") else text


LEVELS = ("total", "critical", "high", "medium", "low")
incidents = report["incidents"]
for level in LEVELS:
    same(("incidents", "count", level), incidents["count"][level])
for table, key in (("by_kind", "kind"), ("by_leading_kind", "kind"), ("by_user", "user"), ("by_server", "server")):
    for row in incidents[table]["rows"]:
        for level in LEVELS:
            same((f"incidents_{table}", quoted(row[key]), level), row[level])
for row in incidents["by_day"]:
    same(("incidents_by_day", row["day"], "total"), row["total"])
for row in report["hosts"]:
    same(("hosts", quoted(row["host"]), "incidents"), row["total"])
for change, count in report["changes"]["count"].items():
    same(("changes", change, "count"), count)
for row in report["response"]["classes"] if report["response"]["recorded"] else []:
    same(("response", row["severity"], "in_time"), row["in_time"])

tables, rows = {}, None
for line in open(f"{name}.md"):
    if line.startswith("| ---"):
        continue
    if line.startswith("| "):
        row = [html.unescape(re.sub(r"\\(.)", r"\1", cell.strip()))
               for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if rows is None:
            rows = tables.setdefault((row[0], row[1]), [])
        else:
            rows.append(row)
    else:
        rows = None
most = 50
for key, heading, table in (("day", ("Day", "Incidents"), incidents["by_day"]),
                            ("user", ("User", "Incidents"), incidents["by_user"]["rows"][:most]),
                            ("server", ("Server", "Incidents"), incidents["by_server"]["rows"][:most]),
                            ("host", ("Host", "Incidents"), report["hosts"][:most])):
    for row, shown in zip(table, tables[heading], strict=True):
        figures += 6
        if shown[:6] != [row[key]] + [f"{row[level]:,}" for level in LEVELS]:
            wrong.append(f"md {heading}: {shown}, not {row}")

for one in wrong[:20]:
    print(one)
print(f"csv and md: {figures} figures as in the JSON, {len(wrong)} wrong")
sys.exit(bool(wrong))
