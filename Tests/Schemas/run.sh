#!/bin/bash
# check.py with the validator it needs, in a folder of its own that a second run uses again.
#
#   Tests/Schemas/run.sh [--mcpolicyctl PROGRAM]
set -euo pipefail
schemas=$(cd "$(dirname "$0")" && pwd)
venv=${SCHEMAS_VENV:-$schemas/../../.build/venv}

if ! "$venv/bin/python" -c 'import jsonschema' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'jsonschema>=4.18,<5'
fi
exec "$venv/bin/python" -B "$schemas/check.py" "$@"
