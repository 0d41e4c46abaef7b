#!/bin/bash
# Installs what a build needs and the machine lacks, and whatever packages it is told besides, from the
# distribution's packages.
set -euo pipefail

needed=(libsystemd-dev libinotifytools0-dev zlib1g-dev pkg-config)
# The tests follow system calls, check the schemas in a Python of their own, take notices on a
# session bus, check the manual, and sign.
needed+=(strace python3 python3-venv dbus-daemon mandoc openssh-client "$@")

missing=()
for package in "${needed[@]}"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
    missing+=("$package")
done
((${#missing[@]} == 0)) && exit

as_root=()
if [[ $(id -u) != 0 ]]; then
  command -v sudo >/dev/null || {
    echo "missing: ${missing[*]}. Install with: apt-get install ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${missing[@]}" >/dev/null
