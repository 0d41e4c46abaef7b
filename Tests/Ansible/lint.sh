#!/bin/bash
# ansible-lint over packaging/ansible, in a folder of its own that a second run uses again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${ANSIBLE_LINT_VENV:-$here/../../.build/venv-ansible-lint}

if [[ ! -x $venv/bin/ansible-lint ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'ansible-lint>=24'
fi
cd "$here/../../packaging/ansible"
PATH=$venv/bin:$PATH exec ansible-lint --offline --nocolor -qq
