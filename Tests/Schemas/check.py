#!/usr/bin/env python3
"""Checks the JSON Schemas: in themselves, on the shipped files, and against what mcpolicyd accepts.

    Tests/Schemas/check.py [--mcpolicyctl .build/debug/mcpolicyctl]

Needs `jsonschema` from PyPI; Tests/Schemas/run.sh gets it.
"""

import argparse
import json
import pathlib
import sys

import documents
import jsonc
from mutations import mutants

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit("jsonschema isn't there: run Tests/Schemas/run.sh, or pip install jsonschema")

CONFIG = pathlib.Path(__file__).resolve().parent.parent.parent / "config"


class Tally:
    def __init__(self) -> None:
        self.passed = self.failed = 0

    def expect(self, holds: bool, what: str) -> None:
        self.passed += holds
        self.failed += not holds
        if not holds:
            print(f"FAILED: {what}", file=sys.stderr)


def load_schema(name: str, tally: Tally) -> Draft202012Validator:
    schema = json.loads((CONFIG / name).read_text())
    Draft202012Validator.check_schema(schema)
    tally.expect(schema["$id"] == f"urn:mcpolicyd:{name}", f"{name} says who it is")
    for place, node in described(schema):
        tally.expect("description" in node, f"{name}: {place} has help for editors")
    return Draft202012Validator(schema)


def described(node, place=""):
    """Every key a document may have, with its schema."""
    if isinstance(node, dict):
        # Conditions look at keys; they don't introduce them.
        introduces = not place.endswith(("/if", "/then", "/else", "/contains"))
        for key, child in node.items():
            if key == "properties" and introduces:
                for name, inner in child.items():
                    if inner is not False:
                        yield f"{place}/{name}", inner
            yield from described(child, f"{place}/{key}")
    elif isinstance(node, list):
        for child in node:
            yield from described(child, place)


def check_tables(name: str, validator, good: dict, bad: dict, tally: Tally) -> None:
    for what, document in good.items():
        errors = [error.message for error in validator.iter_errors(document)]
        tally.expect(not errors, f"{name}: {what} is right, not {errors}")
    for what, document in bad.items():
        tally.expect(not validator.is_valid(document), f"{name}: {what} is wrong")


def check_agreement(policies, servers, program: str, tally: Tally) -> None:
    """The schemas say of every mutant what mcpolicyctl says."""
    from program import Program

    with Program(program) as ctl:
        table = {**documents.GOOD_POLICIES, **documents.BAD_POLICIES}
        for what, document in [*table.items(), *mutants(documents.POLICY)]:
            ours, theirs = policies.is_valid(document), ctl.takes_policy(document)
            # Two kinds of what a schema can't say come up by themselves.
            if ours and theirs and theirs.endswith(("stands twice", "twice in the whitelist")):
                continue
            agree = ours == (theirs is None)
            tally.expect(agree, f"policy, {what}: schema {ours}, parser {theirs}")
        for what, document in documents.BEYOND_SCHEMAS.items():
            tally.expect(policies.is_valid(document), f"policy, {what}: no schema sees that")
            tally.expect(ctl.takes_policy(document) is not None, f"policy, {what}: the parser does")

        table = {**documents.GOOD_SERVERS, **documents.BAD_SERVERS}
        tried = [*table.items(), *mutants(documents.SERVERS)]
        verdicts = ctl.misshapen([document for _, document in tried])
        for (what, document), misshapen in zip(tried, verdicts):
            takes = servers.is_valid(document)
            tally.expect(takes != misshapen, f"servers, {what}: {takes=}, {misshapen=}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mcpolicyctl", help="also check that the program and the schemas agree")
    options = parser.parse_args()
    tally = Tally()
    for text, value in jsonc.CASES:
        try:
            found = jsonc.loads(text)
        except ValueError:
            found = None
        tally.expect(found == value, f"comments: {text!r} is {found!r}")

    policies = load_schema("policy.schema.json", tally)
    servers = load_schema("mcp.schema.json", tally)
    shipped = jsonc.loads((CONFIG / "policy.json").read_text())
    good = {**documents.GOOD_POLICIES, "policy.json": shipped}
    check_tables("policy", policies, good, documents.BAD_POLICIES, tally)
    shipped = json.loads((CONFIG / "mcp.json").read_text())
    good = {**documents.GOOD_SERVERS, "mcp.json": shipped}
    check_tables("servers", servers, good, documents.BAD_SERVERS, tally)
    for serial in documents.BAD_SERIALS:
        document = {"mcpServers": {}, "mcpolicyd": serial}
        tally.expect(not servers.is_valid(document), f"servers: {serial} is no serial")
    if options.mcpolicyctl:
        check_agreement(policies, servers, options.mcpolicyctl, tally)
    print(f"schemas: {tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
