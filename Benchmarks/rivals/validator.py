#!/usr/bin/python3
"""Validates an mcp.json against the approved one, as guides do: load, compare each server's digest."""
import hashlib
import json
import sys


def digests(path):
    with open(path) as file:
        servers = json.load(file)["mcpServers"]
    return {
        name: hashlib.sha256(json.dumps(server, sort_keys=True).encode()).hexdigest()
        for name, server in servers.items()
    }


def is_approved(approved, path):
    try:
        return digests(path) == digests(approved)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_approved(sys.argv[1], sys.argv[2]) else 1)
