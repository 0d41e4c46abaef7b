#!/usr/bin/env python3
"""Makes what a fleet would have recorded: journal files by systemd-journal-remote, or a ledger.

    generate.py --journal DIR | --ledger DIR  [--hosts N] [--incidents N] [--since DAY] [--days N] [--seed N]

The records are those that the daemon writes, field by field (docs/Fields.md). The same seed makes the
same records, so a ledger and a journal of one host can be compared.
"""
import argparse
import datetime
import glob
import hashlib
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
IDS = dict(line.split() for line in open(f"{HERE}/../../systemd/message-ids.tsv"))
SEVERITY = {
    "credential-exposure": "critical", "baseline-tampered": "critical", "restore-failed": "critical",
    "prohibited-server": "high", "unauthorized-server": "high", "server-drift": "high",
    "approval-widened": "high", "path-replaced": "high", "tamper-storm": "high",
    "unreadable-config": "medium", "missing-file": "medium", "missing-server": "medium",
    "watch-degraded": "medium", "permissions-drift": "low",
}
WITHIN = {"critical": 15, "high": 60, "medium": 240, "low": 1440}
PRIORITY = {"critical": "2", "high": "3", "medium": "4", "low": "5"}
WEIGHT = [2, 1, 1, 9, 22, 18, 14, 6, 1, 7, 11, 8, 3, 12]
USERS = "aisha ben chen devi edwin farah grace haruto imran jia kumar lina mei nadia omar priya".split()
SERVERS = "git filesystem aws-docs github web-search terraform postgres-admin jira browser-use".split()
EVIL = ["</td><script>alert(1)</script>", "=HYPERLINK(\"x\")", "a|b`c*", "naïve—名前", "x" * 300]
START = 1_000_000


def rfc3339(usec):
    time = datetime.datetime.fromtimestamp(usec // 1_000_000, datetime.timezone.utc)
    return f"{time:%Y-%m-%dT%H:%M:%S}.{usec % 1_000_000:06d}Z"


class Host:
    """The records of one host, in the order of their time."""

    def __init__(self, number, args):
        self.random = random.Random(f"{args.seed}/{number}")
        self.name = f"vdi-{number + 1:03d}"
        self.args = args
        self.start = int(datetime.datetime.fromisoformat(args.since + "T00:00:00+00:00").timestamp()) * 1_000_000
        self.share = args.incidents // args.hosts + (number < args.incidents % args.hosts)
        self.records = 0

    def users(self):
        return self.random.sample(USERS, 8)

    def moments(self):
        """More by day than by night, and few at weekends."""
        span = self.args.days * 86_400_000_000
        found = []
        while len(found) < self.share:
            time = self.start + self.random.randrange(span)
            when = datetime.datetime.fromtimestamp(time // 1_000_000, datetime.timezone.utc)
            busy = 1.0 if 1 <= when.hour <= 10 else 0.12
            if self.random.random() < busy * (1.0 if when.weekday() < 5 else 0.15):
                found.append(time)
        return sorted(found)

    def incident(self, time, number, user):
        pick = self.random
        kind = pick.choices(list(SEVERITY), WEIGHT)[0]
        kinds = [kind] + ([pick.choice(list(SEVERITY))] if pick.random() < 0.2 else [])
        kinds.sort(key=lambda one: list(WITHIN).index(SEVERITY[one]))
        servers = [pick.choice(EVIL) if pick.random() < 0.01 else pick.choice(SERVERS) for _ in kinds]
        named = [None if one in ("missing-file", "path-replaced", "permissions-drift", "watch-degraded",
                                 "unreadable-config") else server for one, server in zip(kinds, servers)]
        severity = SEVERITY[kinds[0]]
        action = pick.choices(["restored", "reported", "held", "failed"], [96, 2, 1, 1])[0]
        if kinds[0] == "restore-failed":
            action = "failed"
        return {
            "id": f"{time}-{number}", "discovered_at": rfc3339(time),
            "respond_by": rfc3339(time + WITHIN[severity] * 60_000_000), "target": "kiro",
            "path": f"/home/{user}/.kiro/settings/mcp.json", "user": user, "uid": 1000 + USERS.index(user),
            "severity": severity, "action": action, "mode": "enforce", "generation": 3,
            "latency_usec": int(pick.lognormvariate(5.3, 0.7)) if action == "restored" else None,
            "count": pick.randrange(2, 40) if pick.random() < 0.03 else 1,
            "sha256_expected": "6a" * 32, "sha256_found": f"{pick.getrandbits(256):064x}",
            "evidence": f"{pick.getrandbits(256):064x}",
            "findings": [{"kind": one, "severity": SEVERITY[one], "server": server, "field": None,
                          "rule": "approved", "message": "…"} for one, server in zip(kinds, named)],
        }

    def all(self):
        """Yields (time, kind of the ledger's record, data)."""
        users = self.users()
        rest = [(self.start + START, "start", {"version": "0.1.0", "generation": 3, "mode": "enforce"})]
        for day in range(self.args.days):
            time = self.start + day * 86_400_000_000 + 3_600_000_000
            rest.append((time, "inventory", {"users": {
                user: ["aws-docs", "filesystem", "git"] + (["github"] if user in users[:2] else [])
                for user in users}}))
        for number in range(max(self.share // 400, 1)):
            time = self.start + self.random.randrange(self.args.days * 86_400) * 1_000_000
            user = self.random.choice(users)
            change = self.random.choice(["server-granted", "grant-expired", "baseline-approved",
                                         "server-requested", "server-revoked", "server-reinstated",
                                         "policy-reloaded"])
            named = change.startswith(("server", "grant"))
            rest.append((time, "change", {
                "at": rfc3339(time), "change": change, "generation": 3, "number": number + 1,
                "actor": None if change == "grant-expired" else {"uid": 0, "pid": 700, "name": "root"},
                "server": "github" if named else None,
                "user": user if change.startswith(("server-granted", "grant", "server-requested")) else None,
                "reason": "reviewed by the security team" if named else None,
                "ticket": f"SEC-{1200 + number}" if change == "server-granted" else None,
                "until": rfc3339(time + 28_800_000_000) if change == "server-granted" else None,
                "sha256": "6a" * 32 if change == "baseline-approved" else None}))
        for number, time in enumerate(self.moments(), 1):
            data = self.incident(time, number, self.random.choice(users))
            rest.append((time + self.random.randrange(2000), "incident", data))
            within = WITHIN[data["severity"]]
            if self.random.random() < 0.9:
                after = int(within * 60_000_000 * self.random.betavariate(1.3, 2.2) * 1.25)
                life = {"incident": data["id"], "by": "root (uid 0)", "note": None, "level": None}
                rest.append((time + after, "acknowledged", life))
                if self.random.random() < 0.8:
                    rest.append((time + after + 600_000_000, "resolved", dict(life, note="talked to the user")))
            else:
                rest.append((time + within * 60_000_000, "overdue", {
                    "incident": data["id"], "by": None, "note": None, "level": "team-lead"}))
        rest.sort(key=lambda record: record[0])
        return rest


def fields(host, time, kind, data):
    """A record as journal fields; None for what the journal doesn't carry."""
    def ours(**all_fields):
        return [(f"MCPOLICY_{name}", str(value)) for name, value in all_fields.items() if value is not None]
    if kind == "incident":
        found = data["findings"]
        own = [("MESSAGE_ID", IDS[found[0]["kind"]]), ("PRIORITY", PRIORITY[data["severity"]]),
               ("MESSAGE", f"{found[0]['kind']}: {data['path']}: {data['action']}")]
        own += ours(INCIDENT=data["id"], SEVERITY=data["severity"], RESPOND_BY=data["respond_by"],
                    TARGET="kiro", PATH=data["path"], USER=data["user"], UID=data["uid"], RULE="approved",
                    ACTION=data["action"], SHA256_EXPECTED=data["sha256_expected"],
                    SHA256_FOUND=data["sha256_found"], LATENCY_USEC=data["latency_usec"],
                    COUNT=data["count"], MODE="enforce", GENERATION=3, EVIDENCE=data["evidence"])
        own += [("MCPOLICY_KIND", one) for one in dict.fromkeys(one["kind"] for one in found)]
        own += [("MCPOLICY_SERVER", one) for one in
                dict.fromkeys(one["server"] for one in found if one["server"])]
    elif kind == "change":
        actor = data["actor"] or {}
        own = [("MESSAGE_ID", IDS[data["change"]]), ("PRIORITY", "5"), ("MESSAGE", data["change"])]
        own += ours(CHANGE=data["change"], ACTOR_UID=actor.get("uid"), ACTOR_NAME=actor.get("name"),
                    SERVER=data["server"], USER=data["user"], NUMBER=data["number"], REASON=data["reason"],
                    TICKET=data["ticket"], UNTIL=data["until"], SHA256_EXPECTED=data["sha256"], GENERATION=3)
    elif kind in ("acknowledged", "resolved", "overdue"):
        own = [("MESSAGE_ID", IDS.get(f"incident-{kind}", "0" * 32)), ("PRIORITY", "5"), ("MESSAGE", kind)]
        own += ours(CHANGE=f"incident-{kind}", INCIDENT=data["incident"], NOTE=data["note"],
                    OVERDUE="1" if kind == "overdue" else None, ESCALATION=data["level"])
    elif kind == "start":
        own = [("MESSAGE_ID", IDS["daemon-started"]), ("PRIORITY", "6"), ("MESSAGE", "mcpolicyd keeps kiro.")]
        own += ours(MODE="enforce", GENERATION=3)
    else:
        return None
    boot = f"{random.Random(host.name).getrandbits(128):032x}"
    trusted = [("_HOSTNAME", host.name), ("_MACHINE_ID", boot), ("_SYSTEMD_UNIT", "mcpolicyd.service"),
               ("_UID", "990"), ("_GID", "990"), ("_PID", "512"), ("_COMM", "mcpolicyd"),
               ("_EXE", "/usr/sbin/mcpolicyd"), ("_CMDLINE", "/usr/sbin/mcpolicyd"),
               ("_SYSTEMD_CGROUP", "/system.slice/mcpolicyd.service"), ("_SYSTEMD_SLICE", "system.slice"),
               ("_TRANSPORT", "journal"), ("SYSLOG_IDENTIFIER", "mcpolicyd"),
               ("_SOURCE_REALTIME_TIMESTAMP", str(time))]
    head = [("__REALTIME_TIMESTAMP", str(time)), ("__MONOTONIC_TIMESTAMP", str(time - host.start + START)),
            ("_BOOT_ID", boot)]
    return head + own + trusted


def write_journal(host, folder):
    remote = subprocess.Popen(
        ["/lib/systemd/systemd-journal-remote", f"--output={folder}/remote-{host.name}.journal", "-"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    for time, kind, data in host.all():
        entry = fields(host, time, kind, data)
        if entry:
            remote.stdin.write("".join(f"{name}={value}\n" for name, value in entry).encode() + b"\n")
            host.records += kind == "incident"
    # What a user wrote with our fields; the unit tells it apart.
    for time, kind, data in host.all()[-1:]:
        forged = [(name, "user@1000.service" if name == "_SYSTEMD_UNIT" else value)
                  for name, value in fields(host, time, "incident", host.incident(time, 0, USERS[0]))]
        remote.stdin.write("".join(f"{name}={value}\n" for name, value in forged).encode() + b"\n")
    remote.stdin.close()
    errors = remote.stderr.read().decode()
    if remote.wait() != 0:
        sys.exit(f"systemd-journal-remote: {errors}")


class Ledger:
    """As the daemon leaves it: a file a day, those of earlier days compressed, and the head."""

    def __init__(self, host, folder):
        self.host, self.folder = host, folder
        self.previous, self.number, self.day, self.file, self.lines = "0" * 64, 0, None, None, 0

    def append(self, time, kind, data):
        day = rfc3339(time)[:10]
        closed = self.close() if day != self.day else None
        if day != self.day:
            self.day, self.lines = day, 0
            self.file = open(f"{self.folder}/{day}.jsonl", "w")
        if closed:
            self.write(time, "compressed", closed)
        self.write(time, kind, data)

    def write(self, time, kind, data):
        self.number += 1
        self.lines += 1
        record = {"at": rfc3339(time), "data": data, "host": self.host, "kind": kind, "prev": self.previous,
                  "seq": self.number}
        self.previous = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        record["hash"] = self.previous
        self.file.write(json.dumps(record, sort_keys=True) + "\n")

    def close(self):
        if self.file is None:
            return None
        self.file.close()
        subprocess.run(["gzip", self.file.name], check=True)
        packed = f"{self.file.name}.gz"
        digest = hashlib.sha256(open(packed, "rb").read()).hexdigest()
        return {"file": os.path.basename(packed), "sha256": digest, "records": self.lines}

    def end(self):
        self.file.close()
        with open(f"{self.folder}/head", "w") as head:
            head.write(json.dumps({"hash": self.previous, "seq": self.number}).ljust(127) + "\n")


def write_ledger(host, folder):
    ledger = Ledger(host.name, folder)
    for time, kind, data in host.all():
        ledger.append(time, kind, data)
        host.records += kind == "incident"
    ledger.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--journal")
    parser.add_argument("--ledger")
    parser.add_argument("--hosts", type=int, default=3)
    parser.add_argument("--incidents", type=int, default=900)
    parser.add_argument("--since", default="2026-10-01")
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--seed", default="1")
    args = parser.parse_args()
    folder = args.journal or args.ledger or parser.error("--journal or --ledger")
    if args.ledger and args.hosts != 1:
        parser.error("a ledger is of one host")
    os.makedirs(folder, exist_ok=True)
    if glob.glob(f"{folder}/*"):
        sys.exit(f"{folder} isn't empty")
    total = 0
    for number in range(args.hosts):
        host = Host(number, args)
        (write_journal if args.journal else write_ledger)(host, folder)
        total += host.records
    print(f"{total} incident records of {args.hosts} hosts in {folder}")


if __name__ == "__main__":
    main()
