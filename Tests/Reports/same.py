#!/usr/bin/env python3
"""Compares two reports of one host, one from its ledger and one from its journal."""
import json
import sys

ledger, journal = (json.load(open(path)) for path in sys.argv[1:3])
wrong = []
for part in ("period", "incidents", "restores", "response", "changes"):
    if ledger[part] != journal[part]:
        wrong += [f"{part}.{key}: {ledger[part][key]} and {journal[part][key]}"
                  for key in ledger[part] if ledger[part][key] != journal[part][key]]
for one in wrong:
    print(one)
print(f"ledger and journal: {ledger['incidents']['records']['total']} records, {len(wrong)} parts differ")
sys.exit(bool(wrong))
