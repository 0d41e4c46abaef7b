#!/bin/bash
# check.py with what it needs: the parser of prometheus_client, and promtool.
#
#   Tests/Metrics/run.sh PROGRAMS    the folder of mcpolicyd and mcpolicyctl
set -euo pipefail
metrics=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$metrics/../..")/.build
programs=$(realpath "${1:?the folder of mcpolicyd and mcpolicyctl}")
venv=${METRICS_VENV:-$build/venv-metrics}

if ! "$venv/bin/python" -c 'import prometheus_client, yaml' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'prometheus_client>=0.20,<1' 'PyYAML>=6,<7'
fi

# Debian's package prometheus would start a server, so only the tool is taken out of it.
promtool=$(command -v promtool || echo "$build/promtool/usr/bin/promtool")
if [[ ! -x $promtool ]]; then
  rm -rf "$build/promtool"
  mkdir -p "$build/promtool"
  cd "$build/promtool"
  download=(apt-get -o APT::Sandbox::User=root download -qq prometheus)
  "${download[@]}" 2>/dev/null || { apt-get update -qq && "${download[@]}"; }
  dpkg-deb --extract prometheus_*.deb .
fi
PROMTOOL=$promtool exec "$venv/bin/python" -B "$metrics/check.py" "$programs"
