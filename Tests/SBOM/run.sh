#!/bin/bash
# check.py with the validator it needs, in a folder of its own that a second run uses again.
#
#   Tests/SBOM/run.sh BIN_DIR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${SBOM_VENV:-$here/../../.build/venv-sbom}

if ! "$venv/bin/python" -c 'import cyclonedx.validation, jsonschema' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'cyclonedx-python-lib[json-validation]>=8,<12'
fi
exec "$venv/bin/python" -B "$here/check.py" "$@"
