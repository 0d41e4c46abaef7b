#!/bin/bash
# What can be checked without building.
set -euo pipefail
cd "$(dirname "$0")/.."

# Only what is in the repository: build folders below Tests hold other people's sources.
git ls-files --cached --others --exclude-standard '*.swift' | xargs swift format lint --strict

# The daemon stays lean, and only one file may know libinotifytools.
if grep -rnE '^ *(public |internal |private )?import (Foundation|NIO)' Sources --include='*.swift' |
  grep -v '^Sources/mcpolicyctl/'; then
  echo "no Foundation and no NIO in the daemon or its rooms" >&2
  exit 1
fi
if [[ $(grep -rl 'import CInotifyTools' Sources) != Sources/Enforcement/Inotify.swift ]]; then
  echo "only Sources/Enforcement/Inotify.swift may import CInotifyTools" >&2
  exit 1
fi
for room in MCPConfig Metrics Policy Signatures; do
  if grep -rnE '^import (Glibc|C[A-Z]|Linux)' "Sources/$room"; then
    echo "$room does no input or output and imports no C" >&2
    exit 1
  fi
done
echo "lint: clean"
