#!/bin/bash
# Becomes systemd-nspawn for the root $1, under the cgroup name $2, with the arguments after them.
# host.sh starts it in a mount namespace of its own, so that what is mounted here ends with it.
set -euo pipefail

# One cgroup2 tree, whatever this machine has mounted there: then PID 1 needn't be systemd.
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p "/sys/fs/cgroup/$2"
echo $$ >"/sys/fs/cgroup/$2/cgroup.procs"

# nspawn leaves folders here, and refuses to clear them where /run is a disk.
mkdir -p /run/systemd/nspawn
mount -t tmpfs none /run/systemd/nspawn

export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
exec systemd-nspawn --directory="$1" --machine="$2" --boot --register=no --keep-unit \
  --private-network --console=pipe --quiet "${@:3}"
