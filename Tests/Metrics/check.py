#!/usr/bin/env python3
"""The metrics of a running daemon, read by parsers that no one here wrote; the alerts' own tests; and
that alerts and dashboard name only metrics that exist.

    Tests/Metrics/check.py PROGRAMS

Needs `prometheus_client` and `PyYAML` from PyPI, and promtool as $PROMTOOL; Tests/Metrics/run.sh gets
them.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import yaml
from daemon import Daemon, wait_for
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "config/integrations/prometheus"
PROMTOOL = os.environ.get("PROMTOOL", "promtool")
NAME = re.compile(r"\bmcpolicyd_[a-z_]+")
FOREIGN = {"node_textfile_mtime_seconds"}


class Tally:
    def __init__(self) -> None:
        self.passed = self.failed = 0

    def expect(self, holds: bool, what: str) -> None:
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print(f"FAILED: {what}", file=sys.stderr)


def samples(families) -> dict:
    """The value of each series, by its name and labels."""
    found = {}
    for family in families:
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            if key in found:
                raise SystemExit(f"{key} stands twice")
            found[key] = sample.value
    return found


def value(series: dict, name: str, **labels: str) -> float:
    return series[name, tuple(sorted(labels.items()))]


def promtool(tally: Tally, what: str, *arguments: str, text: str | None = None) -> None:
    done = subprocess.run([PROMTOOL, *arguments], input=text, capture_output=True, text=True)
    tally.expect(done.returncode == 0, f"{what}: {done.stdout}{done.stderr}")


def check_daemon(daemon: Daemon, tally: Tally) -> set:
    """The names of all series."""
    read = lambda: samples(openmetrics(daemon.out("metrics")))
    before = read()
    tally.expect(value(before, "mcpolicyd_state", state="unprovisioned") == 1, "unprovisioned")
    names = {name for name, _ in before}
    tally.expect("mcpolicyd_baseline_approved_timestamp_seconds" not in names, "no baseline yet")
    daemon.approve()
    daemon.tamper()
    after = read()
    drift = {"kind": "unauthorized-server", "severity": "high"}
    moved = [
        ("mcpolicyd_restores_total", {}),
        ("mcpolicyd_tamper_to_restored_seconds_count", {}),
        ("mcpolicyd_tamper_to_restored_seconds_bucket", {"le": "+Inf"}),
        ("mcpolicyd_incidents_total", drift),
        ("mcpolicyd_incidents_awaiting", {"severity": "high"}),
        ("mcpolicyd_incident_life", {"state": "open"}),
    ]
    for name, labels in moved:
        change = value(after, name, **labels) - value(before, name, **labels)
        tally.expect(change == 1, f"{name} moved by {change} with a restore")
    tally.expect(value(after, "mcpolicyd_targets", state="compliant") == 1, "one target")
    tally.expect(value(after, "mcpolicyd_generation") > value(before, "mcpolicyd_generation"), "generation")
    daemon.out("ack", "--all")
    acked = read()
    tally.expect(value(acked, "mcpolicyd_incidents_awaiting", severity="high") == 0, "acknowledged")
    tally.expect(value(acked, "mcpolicyd_incident_life", state="acknowledged") == 1, "acknowledged")
    check_edges(acked, tally)
    check_formats(daemon, tally)
    return {name for name, _ in acked}


def check_edges(series: dict, tally: Tally) -> None:
    """A histogram's buckets rise, from 10 µs to 10 s."""
    for name in ("mcpolicyd_tamper_to_restored_seconds", "mcpolicyd_sweep_duration_seconds"):
        buckets = sorted(
            (float(dict(labels)["le"]), count)
            for (found, labels), count in series.items()
            if found == f"{name}_bucket"
        )
        edges = [edge for edge, _ in buckets]
        counts = [count for _, count in buckets]
        tally.expect(edges[0] == 1e-05 and edges[-2] == 10 and edges[-1] == float("inf"), f"{edges}")
        tally.expect(counts == sorted(counts), f"{name}: {counts}")


def check_formats(daemon: Daemon, tally: Tally) -> None:
    open_text, plain = daemon.out("metrics"), daemon.out("metrics", "--format", "prometheus")
    tally.expect(open_text.endswith("# EOF\n") and open_text.count("# EOF") == 1, "one end")
    promtool(tally, "the text format", "check", "metrics", text=plain)
    ours, theirs = samples(openmetrics(open_text)), samples(prometheus(plain))
    tally.expect(set(ours) == set(theirs), f"both formats: {set(ours) ^ set(theirs)}")
    for family in openmetrics(open_text):
        tally.expect(family.documentation, f"{family.name} has help")
        tally.expect(family.type in ("counter", "gauge", "histogram", "info"), f"{family.name}: {family.type}")
    for name, _ in ours:
        tally.expect("alice" not in name, name)
    tally.expect("alice" not in open_text, "no user is named")


def check_file(daemon: Daemon, tally: Tally) -> None:
    tally.expect(wait_for(daemon.file.exists), "the file is there after the first sweep")
    text = daemon.file.read_text()
    tally.expect(daemon.file.stat().st_mode & 0o777 == 0o644, "a collector may read it")
    promtool(tally, "the file", "check", "metrics", text=text)
    tally.expect(samples(prometheus(text)), "the file has samples")
    leftovers = [path.name for path in daemon.file.parent.iterdir() if path != daemon.file]
    tally.expect(not leftovers, f"nothing else lies there: {leftovers}")
    tally.expect(daemon.stop() == 0, "it stops")
    tally.expect(not daemon.file.exists(), "a daemon that is stopped leaves no figures")


def expressions(node):
    """Every PromQL expression of the dashboard."""
    if isinstance(node, dict):
        for key, child in node.items():
            if key in ("expr", "query") and isinstance(child, str):
                yield child
            else:
                yield from expressions(child)
    elif isinstance(node, list):
        for child in node:
            yield from expressions(child)


def check_names(expression: str, known: set, where: str, tally: Tally) -> None:
    names = set(NAME.findall(expression)) - {"mcpolicyd_"}
    for name in names:
        tally.expect(name in known, f"{where}: there is no {name}")
    tally.expect(names or any(name in expression for name in FOREIGN), f"{where}: {expression}")


def check_integrations(known: set, tally: Tally) -> None:
    rules, tests = CONFIG / "mcpolicyd.rules.yml", CONFIG / "mcpolicyd.rules.test.yml"
    promtool(tally, "the alerts", "check", "rules", str(rules))
    promtool(tally, "their tests", "test", "rules", str(tests))
    alerts = [rule for group in yaml.safe_load(rules.read_text())["groups"] for rule in group["rules"]]
    fired = set()
    for test in yaml.safe_load(tests.read_text())["tests"]:
        fired |= {one["alertname"] for one in test.get("alert_rule_test", []) if one.get("exp_alerts")}
        for one in test.get("promql_expr_test", []):
            for sample in one["exp_samples"]:
                fired |= set(re.findall('alertname="([A-Za-z]+)"', sample.get("labels", "")))
        for series in test["input_series"]:
            name = series["series"].partition("{")[0]
            tally.expect(name in known | FOREIGN, f"{test['name']}: there is no {name}")
    for alert in alerts:
        check_names(alert["expr"], known, alert["alert"], tally)
        tally.expect(alert["alert"] in fired, f"no test lets {alert['alert']} fire")
        tally.expect({"summary", "description"} <= set(alert["annotations"]), alert["alert"])

    dashboard = json.loads((CONFIG / "mcpolicyd.dashboard.json").read_text())
    found = [one for one in expressions(dashboard) if one != "prometheus"]
    tally.expect(len(found) > 20, f"{len(found)} expressions in the dashboard")
    for expression in found:
        check_names(expression, known, "the dashboard", tally)
        if expression.startswith("label_values("):
            continue
        # With what Grafana would put in place of its variables.
        plain = expression.replace("$__rate_interval", "5m").replace("$instance", ".*")
        rule = {"groups": [{"name": "g", "rules": [{"record": "r", "expr": plain}]}]}
        promtool(tally, f"the dashboard, {expression}", "check", "rules", "/dev/stdin", text=yaml.safe_dump(rule))
    ids = [panel["id"] for panel in dashboard["panels"]]
    tally.expect(len(set(ids)) == len(ids), "each panel has its id")


def main() -> int:
    tally = Tally()
    with Daemon(sys.argv[1]) as daemon:
        known = check_daemon(daemon, tally)
        check_file(daemon, tally)
    check_integrations(known, tally)
    print(f"metrics: {tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
