#!/usr/bin/env python3
"""Reads what can't be run here: JSON as JSON, YAML as YAML, and Fluent Bit's file by the names of its manual."""
import json
import sys

import yaml

folder = sys.argv[1]
# Of the manual's pages for the service, the input systemd and the output http, version 4.
KNOWN = {
    "service": {"flush", "log_level"},
    "inputs": {"name", "tag", "systemd_filter", "db", "read_from_tail", "strip_underscores"},
    "outputs": {"name", "match", "host", "port", "uri", "format", "json_date_key", "json_date_format", "tls",
                "tls.verify", "retry_limit"},
}
agent = json.load(open(f"{folder}/cloudwatch/amazon-cloudwatch-agent.json"))
files = agent["logs"]["logs_collected"]["files"]["collect_list"]
assert files[0]["log_group_name"] == "/mcpolicyd/records", files
assert files[0]["file_path"] in open(f"{folder}/rsyslog/50-mcpolicyd.conf").read(), files
assert files[0]["log_group_name"] in open(f"{folder}/cloudwatch/mcpolicyd.yaml").read()

fluent = yaml.safe_load(open(f"{folder}/fluent-bit/mcpolicyd.yaml"))
assert set(fluent) == {"service", "pipeline"}, set(fluent)
for part, blocks in [("service", [fluent["service"]]), *fluent["pipeline"].items()]:
    for block in blocks:
        assert set(block) <= KNOWN[part], set(block) - KNOWN[part]
print("read: the CloudWatch agent's file and Fluent Bit's")
