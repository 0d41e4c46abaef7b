#!/usr/bin/env python3
"""Counts a report's figures again, from the records alone, and compares every one of them.

    count.py REPORT.json --journal DIR…            what `journalctl -o json` prints of these folders
    count.py REPORT.json --lines FILE…             what it printed before
    count.py REPORT.json --ledger DIR              the lines of a ledger

It shares no code with the report. A folder is read as journalctl reads it, all files merged.
"""
import argparse
import collections
import datetime
import glob
import gzip
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
KIND = {value: key for key, value in (line.split() for line in open(f"{HERE}/../../systemd/message-ids.tsv"))}
WITHIN = {"critical": 15, "high": 60, "medium": 240, "low": 1440}
ANSWERS = {"incident-acknowledged": "acknowledged", "incident-resolved": "resolved"}


def text(value):
    """journalctl prints what isn't plain text as a list of bytes."""
    return bytes(value).decode("utf-8", "replace") if isinstance(value, list) else value


def values(entry, name):
    value = entry.get(name)
    if value is None:
        return []
    many = isinstance(value, list) and not all(isinstance(one, int) for one in value)
    return [text(one) for one in value] if many else [text(value)]


def clip(name):
    """A name as a report shows it: 200 bytes of UTF-8 and an ellipsis."""
    data = name.encode()
    return name if len(data) <= 200 else data[:200 + 1][:end_of(data)].decode() + "…"


def end_of(data):
    end = 200
    while data[end] & 0xC0 == 0x80:
        end -= 1
    return end


def usec(stamp):
    time = datetime.datetime.strptime(stamp[:19] + "+0000", "%Y-%m-%dT%H:%M:%S%z")
    fraction = stamp[20:].rstrip("Z") if "." in stamp else ""
    return int(time.timestamp()) * 1_000_000 + int((fraction + "000000")[:6])


def journal_lines(folders):
    for folder in folders:
        # Each line is told whole: journalctl cuts long values without --all.
        command = ["journalctl", "--directory", folder, "--output=json", "--all", "--no-pager"]
        reader = subprocess.Popen(command, stdout=subprocess.PIPE)
        yield from reader.stdout
        if reader.wait() != 0:
            sys.exit("journalctl failed")


def from_journal(lines):
    for line in lines:
        entry = json.loads(line)
        if text(entry.get("_SYSTEMD_UNIT", "")) != "mcpolicyd.service":
            continue
        one = lambda name: (values(entry, name) or [None])[0]  # noqa: E731
        base = {"host": one("_HOSTNAME"), "at": int(entry["__REALTIME_TIMESTAMP"])}
        incident, change = one("MCPOLICY_INCIDENT"), one("MCPOLICY_CHANGE")
        if incident and one("MCPOLICY_OVERDUE") == "1":
            yield dict(base, what="overdue", id=incident, level=one("MCPOLICY_ESCALATION"))
        elif incident and change:
            if change in ANSWERS:
                yield dict(base, what=ANSWERS[change], id=incident)
        elif incident:
            latency = one("MCPOLICY_LATENCY_USEC")
            yield dict(
                base, what="incident", id=incident, discovered=int(incident.split("-")[0]),
                severity=one("MCPOLICY_SEVERITY"), action=one("MCPOLICY_ACTION"), user=one("MCPOLICY_USER"),
                leading=KIND[one("MESSAGE_ID")], kinds=set(values(entry, "MCPOLICY_KIND")),
                servers={clip(name) for name in values(entry, "MCPOLICY_SERVER")},
                latency=latency and int(latency), count=int(one("MCPOLICY_COUNT")))
        elif change:
            yield dict(base, what="change", change=change)
        elif KIND.get(one("MESSAGE_ID")) == "daemon-started":
            yield dict(base, what="start")


def ledger_records(folder):
    """In the order of their numbers, which is not that of the files' names when a clock was set back."""
    records = []
    for path in glob.glob(f"{folder}/*.jsonl*"):
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
            records += map(json.loads, file)
    return sorted(records, key=lambda record: record["seq"])


def from_ledger(folder):
    for record in ledger_records(folder):
        data, what = record["data"], record["kind"]
        base = {"host": record["host"], "at": usec(record["at"]), "what": what}
        if what == "incident":
            yield dict(
                base, id=data["id"], discovered=usec(data["discovered_at"]), severity=data["severity"],
                action=data["action"], user=data["user"] or "root", leading=data["findings"][0]["kind"],
                kinds={one["kind"] for one in data["findings"]},
                servers={clip(one["server"]) for one in data["findings"] if one["server"] is not None},
                latency=data["latency_usec"], count=data["count"])
        elif what == "change":
            yield dict(base, change=data["change"])
        elif what in ("acknowledged", "resolved", "overdue"):
            yield dict(base, id=data["incident"], level=data["level"])
        elif what == "inventory":
            yield dict(base, users=data["users"])
        else:
            yield base


class Count:
    def __init__(self, since, until):
        self.since, self.until = since, until
        self.by = {name: collections.Counter() for name in
                   ("severity", "records", "action", "leading", "kind", "user", "server", "day", "host",
                    "change", "start")}
        self.severity_of, self.discovered, self.answers = {}, {}, {}
        self.resolved, self.overdue, self.latencies, self.inventory = set(), set(), [], {}

    def add(self, record):
        key = (record["host"], record.get("id"))
        if record["what"] == "incident":
            if not self.since <= record["discovered"] < self.until or key in self.severity_of:
                return
            self.severity_of[key], self.discovered[key] = record["severity"], record["discovered"]
            day = datetime.datetime.fromtimestamp(record["discovered"] // 1_000_000, datetime.timezone.utc)
            count, severity = record["count"], record["severity"]
            for name, values_ in (("leading", [record["leading"]]), ("kind", record["kinds"]),
                                  ("server", record["servers"]), ("user", [clip(record["user"])]),
                                  ("day", [f"{day:%Y-%m-%d}"]), ("host", [record["host"]])):
                for value in values_:
                    self.by[name][value, severity] += count
            self.by["severity"][severity] += count
            self.by["records"][severity] += 1
            self.by["action"][record["action"]] += count
            if record["action"] == "restored" and record["latency"] is not None:
                self.latencies.append(record["latency"])
        elif record["what"] in ("acknowledged", "resolved"):
            if record["at"] < self.until + 48 * 3_600_000_000:
                self.answers[key] = min(record["at"], self.answers.get(key, record["at"]))
                if record["what"] == "resolved":
                    self.resolved.add(key)
        elif record["what"] == "overdue":
            if record["at"] < self.until + 48 * 3_600_000_000:
                self.overdue.add((key, record["level"]))
        elif self.since <= record["at"] < self.until:
            if record["what"] == "change":
                self.by["change"][record["change"]] += 1
            elif record["what"] == "start":
                self.by["start"][record["host"]] += 1
            elif record["what"] == "inventory":
                self.inventory[record["host"]] = record["users"]


class Comparison:
    def __init__(self):
        self.figures, self.wrong = 0, []

    def same(self, name, told, counted):
        self.figures += 1
        if told != counted:
            self.wrong.append(f"{name}: the report says {told}, counted {counted}")

    def rows(self, name, key, rows, counter):
        names = {one for one, _ in counter}
        self.same(f"{name}: names", {row[key] for row in rows if row["total"]}, names)
        for row in rows:
            self.counts(f"{name} {row[key]}", row, {one: counter[row[key], one] for one in WITHIN})

    def counts(self, name, told, counted):
        for severity in WITHIN:
            self.same(f"{name} {severity}", told[severity], counted.get(severity, 0))
        self.same(f"{name} total", told["total"], sum(counted.values()))


def compare(report, count):
    check = Comparison()
    by, incidents = count.by, report["incidents"]
    check.counts("incidents", incidents["count"], by["severity"])
    check.counts("records", incidents["records"], by["records"])
    for action in ("restored", "reported", "held", "failed"):
        check.same(action, incidents["by_action"][action], by["action"][action])
    for name, key in (("leading", "kind"), ("kind", "kind"), ("user", "user"), ("server", "server")):
        table = incidents["by_leading_kind" if name == "leading" else f"by_{name}"]
        check.same(f"{name}: others", table["others"]["total"], 0)
        check.rows(name, key, table["rows"], by[name])
    check.rows("day", "day", incidents["by_day"], by["day"])
    check.rows("host", "host", report["hosts"], by["host"])
    for host in report["hosts"]:
        check.same(f"starts of {host['host']}", host["starts"], by["start"][host["host"]])
    for change, told in report["changes"]["count"].items():
        check.same(change, told, by["change"][change])
    check.same("changes", sum(report["changes"]["count"].values()), sum(by["change"].values()))
    restores(check, report["restores"], sorted(count.latencies))
    responses(check, report["response"], count)
    if count.inventory:
        counted = {(user, server, host) for host, users in count.inventory.items()
                   for user, servers in users.items() for server in servers}
        told = {(row["user"], server, host) for row in report["inventory"]["users"]
                for server in row["servers"] for host in row["hosts"]}
        check.same("inventory", told, counted)
    return check


def restores(check, told, latencies):
    check.same("timed records", told["timed_records"], len(latencies))
    check.same("sum", told["sum_usec"], sum(latencies))
    if latencies:
        check.same("mean", told["mean_usec"], (2 * sum(latencies) + len(latencies)) // (2 * len(latencies)))
        check.same("max", told["max_usec"], latencies[-1])
        exact = latencies[(len(latencies) * 95 + 99) // 100 - 1]
        # Exact below 256 µs, else up to 1/128 above.
        within = exact <= told["p95_usec"] <= exact + (exact // 128 if exact >= 256 else 0)
        check.same(f"p95 {told['p95_usec']} against {exact}", within, True)
    edges = [100, 1000, 10_000, 100_000, 1_000_000, float("inf")]
    low = -1
    for row, edge in zip(told["bands"], edges):
        check.same(row["band"], row["records"], sum(low < value <= edge for value in latencies))
        low = edge


def responses(check, told, count):
    answered = {key: at for key, at in count.answers.items() if key in count.severity_of}
    for row in told["classes"]:
        severity = row["severity"]
        mine = {key: at - count.discovered[key] for key, at in answered.items()
                if count.severity_of[key] == severity}
        limit = WITHIN[severity] * 60_000_000
        in_time = sum(took <= limit for took in mine.values())
        check.same(f"{severity}: class", row["respond_within_minutes"], WITHIN[severity])
        check.same(f"{severity}: records", row["records"], count.by["records"][severity])
        check.same(f"{severity}: responded", row["responded"], len(mine))
        check.same(f"{severity}: in time", row["in_time"], in_time)
        check.same(f"{severity}: late", row["late"], len(mine) - in_time)
        check.same(f"{severity}: not responded", row["not_responded"], row["records"] - len(mine))
        check.same(f"{severity}: resolved", row["resolved"], len(count.resolved & mine.keys()))
        if mine:
            mean = (2 * sum(mine.values()) + len(mine)) // (2 * len(mine)) // 1_000_000
            check.same(f"{severity}: mean", row["mean_seconds"], mean)
            check.same(f"{severity}: longest", row["max_seconds"], max(mine.values()) // 1_000_000)
    overdue = [level for key, level in count.overdue if key in count.severity_of]
    check.same("overdue", told["overdue"], len(overdue))
    levels = {row["level"]: row["count"] for row in told["overdue_by_level"]}
    check.same("overdue by level", levels, dict(collections.Counter(overdue)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("report")
    parser.add_argument("--journal", nargs="+")
    parser.add_argument("--lines", nargs="+")
    parser.add_argument("--ledger")
    args = parser.parse_args()
    report = json.load(open(args.report))
    if args.ledger:
        records = from_ledger(args.ledger)
    elif args.lines:
        records = from_journal(line for path in args.lines for line in open(path, "rb"))
    else:
        records = from_journal(journal_lines(args.journal))
    count = Count(usec(report["period"]["since"]), usec(report["period"]["until"]))
    for record in records:
        count.add(record)
    check = compare(report, count)
    for wrong in check.wrong:
        print(wrong)
    print(f"{check.figures} figures over {len(count.severity_of)} incident records, {len(check.wrong)} wrong")
    sys.exit(bool(check.wrong) or not count.severity_of)


if __name__ == "__main__":
    main()
