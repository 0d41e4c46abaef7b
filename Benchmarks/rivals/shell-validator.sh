#!/bin/bash
# The same, with the validator that guides for such files show: Python, started for each event.
here=$(dirname "$(readlink -f "$0")")
VALIDATOR=$here/validator.py exec "$here/shell.sh" "$1"
