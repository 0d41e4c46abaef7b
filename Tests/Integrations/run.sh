#!/bin/bash
# What is shipped for other people's tools, by these tools.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
shipped=$here/../../config/integrations
. "$here/../Reports/tools.sh"
venv=${INTEGRATIONS_VENV:-$here/../../.build/venv-integrations}
work=$(mktemp -d "${TMPDIR:-/tmp}/mcpolicyd-integrations.XXXXXX")
trap 'rm -rf "$work"' EXIT

if have_python "$venv" sigma 'sigma-cli>=3,<4' 'pysigma-backend-sqlite>=2,<3' 'cfn-lint>=1,<2'; then
  "$venv/bin/sigma" check --fail-on-issues --validation-config "$here/sigma-validators.yml" "$shipped/sigma" >"$work/sigma" 2>&1 ||
    { cat "$work/sigma"; exit 1; }
  "$venv/bin/cfn-lint" --non-zero-exit-code warning "$shipped/cloudwatch/mcpolicyd.yaml"
  "$venv/bin/python" -B "$here/read.py" "$shipped"
  if have_package systemd-journal-remote /lib/systemd/systemd-journal-remote; then
    "$here/../Reports/generate.py" --journal "$work/journal" --hosts 4 --incidents 2000
    "$venv/bin/python" -B "$here/sigma.py" "$venv/bin/sigma" "$shipped/sigma" "$work/journal"
  else
    echo "skip running the Sigma rules: systemd-journal-remote can't be had"
  fi
else
  echo "skip Sigma and CloudFormation: their tools can't be had from PyPI"
fi

# Installing rsyslog would change how a developer's own machine logs.
if command -v rsyslogd >/dev/null || { [[ ${CI:-} == true ]] && have_package rsyslog rsyslogd; }; then
  "$here/rsyslog.sh"
else
  echo "skip rsyslog: it isn't installed here"
fi
