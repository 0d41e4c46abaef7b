# shellcheck shell=bash
# A pristine Debian root, made once by debootstrap and kept between runs.

readonly HOST_SUITE=${MCPOLICY_HOST_SUITE:-bookworm}
readonly HOST_CACHE=${MCPOLICY_HOST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mcpolicyd-host-tests}
readonly HOST_PACKAGES=systemd,systemd-sysv,dbus,libsystemd0,libinotifytools0,libstdc++6,passwd,util-linux,procps,jq,python3,python3-apt,systemd-journal-remote

# need_tools: install by apt what the rig itself calls.
need_tools() {
  local missing=()
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  command -v systemd-nspawn >/dev/null || missing+=(systemd-container)
  command -v ssh-keygen >/dev/null || missing+=(openssh-client)
  command -v ip >/dev/null || missing+=(iproute2)
  python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip) # clients that tests bring along
  ((${#missing[@]} == 0)) && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# machine_mirror: the first source of the machine's own apt that carries its own release.
machine_mirror() {
  if [[ -n ${MCPOLICY_HOST_MIRROR:-} ]]; then
    echo "$MCPOLICY_HOST_MIRROR"
    return
  fi
  local codename
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  find /etc/apt -maxdepth 2 -path '/etc/apt/sources.list*' -type f | sort |
    xargs -r awk -v codename="$codename" '
      function offer(uri, suites,    n, i, suite) {
        n = split(suites, suite, " ")
        for (i = 1; i <= n; i++)
          if (suite[i] == codename && uri ~ /^(https?|file):/ && !found) { print uri; found = 1 }
      }
      FNR == 1 || /^$/ { offer(uris, suites); uris = suites = "" }     # a stanza ends
      /^deb / { sub(/\[[^]]*\] */, ""); offer($2, $3) }                # one-line style
      /^URIs:/ { uris = $2 }
      /^Suites:/ { $1 = ""; suites = $0 }
      END { offer(uris, suites) }'
}

# make_root DIR: debootstrap, then leave out what only costs time to copy and to boot.
make_root() {
  local mirror
  mirror=$(machine_mirror)
  [[ -n $mirror ]] || { echo "no Debian source in /etc/apt; set MCPOLICY_HOST_MIRROR" >&2; return 1; }
  eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
  export http_proxy https_proxy
  debootstrap --variant=minbase --include="$HOST_PACKAGES" "$HOST_SUITE" "$1" "$mirror" >"$1.log" 2>&1 || {
    tail -n 5 "$1.log" >&2
    return 1
  }
  rm -rf "$1"/usr/share/{doc,info,locale,man} "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/*
  rm -f "$1"/etc/systemd/system/*.wants/{*.timer,getty@*} "$1.log"
  : >"$1/etc/machine-id"
}

# pristine_root: its path; a root that was only half made never gets that name.
pristine_root() {
  local key root
  key=$(printf '%s\n' "$HOST_PACKAGES" | cksum | cut -d' ' -f1)
  root=$HOST_CACHE/$HOST_SUITE-$(dpkg --print-architecture)-$key
  mkdir -p "$HOST_CACHE"
  (
    flock 9
    [[ -d $root ]] && exit
    echo "making a $HOST_SUITE root, once" >&2
    rm -rf "$root.new"
    make_root "$root.new"
    mv "$root.new" "$root"
  ) 9>"$HOST_CACHE/lock"
  echo "$root"
}
