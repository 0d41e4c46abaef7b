# shellcheck shell=bash
# The rig: a Debian host booted by systemd-nspawn, with the daemon installed from its package.
# boot_host, then in_host and as_user; stop_host takes everything away again.

shopt -s inherit_errexit
HOST_TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$HOST_TESTS/../.." && pwd)
readonly HOST_TESTS REPO
. "$HOST_TESTS/root.sh"

readonly HOST_NAME=mcpolicyd-host-$$
HOST_DIR=
HOST_NSPAWN=
HOST_LEADER=
HOST_PACKAGE= # what was installed
HOST_BINDS=() # more arguments of systemd-nspawn, such as --bind-ro=

# in_host CMD...: as root in the booted host.
in_host() {
  nsenter --target "$HOST_LEADER" --all -- \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 SYSTEMD_PAGER='' SYSTEMD_COLORS=0 "$@"
}

# as_user USER CMD...: in the user's home, with the groups that a login would have now.
as_user() {
  local user=$1
  shift
  in_host setpriv --reuid "$user" --regid "$user" --init-groups --reset-env \
    sh -c 'cd && exec "$@"' sh "$@"
}

boot_host() {
  [[ $(id -u) == 0 ]] || { echo "host tests need root" >&2; return 1; }
  need_tools
  local pristine
  pristine=$(pristine_root)
  remove_stale
  HOST_DIR=$HOST_CACHE/run.$$
  trap stop_host EXIT
  mkdir "$HOST_DIR"
  trap 'exit 130' INT TERM
  cp -a --reflink=auto "$pristine" "$HOST_DIR/root"
  put_files
  local user
  for user in alice bob carol; do chroot "$HOST_DIR/root" useradd -m -s /bin/bash "$user"; done
  start_nspawn
}

# remove_stale: what a run left that was killed itself.
remove_stale() {
  local stale
  for stale in "$HOST_CACHE"/run.*; do
    [[ -d $stale && ! -d /proc/${stale##*.} ]] || continue
    clear_cgroup "mcpolicyd-host-${stale##*.}"
    rm -rf --one-file-system "$stale"
  done
}

# make_package [VERSION]: the path of a package of the programs under test.
# shellcheck disable=SC2120
make_package() {
  local folder=$HOST_DIR/packages/${1:-own}
  if [[ ! -d $folder ]]; then
    mkdir -p "$folder/bin"
    ln -s "$(realpath "$MCPOLICYD_BIN")" "$folder/bin/mcpolicyd"
    ln -s "$(realpath "$MCPOLICYCTL_BIN")" "$folder/bin/mcpolicyctl"
    MCPOLICYD_DRAFT=yes MCPOLICYD_VERSION=${1:-} "$REPO/packaging/deb.sh" "$folder/bin" "$folder" >&2
  fi
  echo "$folder"/mcpolicyd_*.deb
}

# put_files: the package as an image gets it, before systemd runs; with MCPOLICY_PACKAGE=none not yet.
put_files() {
  local root=$HOST_DIR/root config=${MCPOLICY_CONFIG:-$REPO/config}
  if [[ ${MCPOLICY_PACKAGE:-} != none ]]; then
    HOST_PACKAGE=${MCPOLICY_PACKAGE:-$(make_package)}
    export MCPOLICY_PACKAGE=$HOST_PACKAGE # for hosts that a test boots besides
    dpkg --root="$root" --install "$HOST_PACKAGE" >"$HOST_DIR/dpkg.log" 2>&1 || {
      cat "$HOST_DIR/dpkg.log" >&2
      return 1
    }
    install -m 644 -t "$root/etc/mcpolicyd" "$config/policy.json" "$config/mcp.json"
  fi
  # A system call that the unit doesn't name fails, and may be missed by nobody: here it kills.
  [[ -z ${MCPOLICY_HOST_STRICT:-} ]] || install -D -m 644 /dev/stdin \
    "$root/etc/systemd/system/mcpolicyd.service.d/strict.conf" <<<$'[Service]\nSystemCallErrorNumber=kill'
  # debootstrap leaves this machine's name there, which several hosts would share.
  echo "$HOST_NAME" >"$root/etc/hostname"
  # One test's flood must not hide what the next one expects.
  install -D -m 644 /dev/stdin "$root/etc/systemd/journald.conf.d/tests.conf" <<<$'[Journal]\nRateLimitIntervalSec=0'
  # What every test starts from; see unprovisioned_host.
  install -D -m 644 -t "$root/opt/pristine" "$config/policy.json" "$config/mcp.json"
}

start_nspawn() {
  # Halted when this script dies by SIGKILL: a host must never outlive its run.
  setpriv --pdeathsig TERM unshare --mount --propagation private \
    bash "$HOST_TESTS/boot.sh" "$HOST_DIR/root" "$HOST_NAME" "${HOST_BINDS[@]}" </dev/null >"$HOST_DIR/console" 2>&1 &
  HOST_NSPAWN=$!
  local state='' end=$((SECONDS + 60))
  until [[ $state == running || $state == degraded ]]; do
    if ((SECONDS > end)) || ! kill -0 "$HOST_NSPAWN" 2>/dev/null; then
      echo "the host didn't boot:" >&2
      tail -n 20 "$HOST_DIR/console" >&2
      return 1
    fi
    sleep 0.1
    HOST_LEADER=$(pgrep -P "$HOST_NSPAWN" -x systemd) || continue
    state=$(in_host systemctl is-system-running --wait 2>/dev/null) || true
  done
  [[ $state == running ]] || in_host systemctl --failed >&2
}

# stop_host: the root is thrown away, so the host is killed, not shut down.
stop_host() {
  trap - EXIT
  if [[ -n $HOST_NSPAWN ]]; then
    kill -KILL "${HOST_LEADER:-$HOST_NSPAWN}" 2>/dev/null || true
    wait "$HOST_NSPAWN" 2>/dev/null || true
    clear_cgroup "$HOST_NAME"
  fi
  [[ -z $HOST_DIR ]] || rm -rf --one-file-system "$HOST_DIR"
  HOST_DIR='' HOST_NSPAWN='' HOST_LEADER=''
}

# clear_cgroup NAME: kills what is left in it, and removes it.
clear_cgroup() {
  unshare --mount --propagation private bash -c '
    mount -t cgroup2 none /sys/fs/cgroup
    cd "/sys/fs/cgroup/$1" 2>/dev/null || exit 0
    for _ in {1..20}; do
      echo 1 >cgroup.kill
      find . -depth -mindepth 1 -type d -exec rmdir {} + 2>/dev/null
      rmdir "$PWD" 2>/dev/null && break
      sleep 0.1
    done' bash "$1"
}
