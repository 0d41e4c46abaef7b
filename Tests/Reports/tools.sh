# shellcheck shell=bash
# What the tests with other people's programs need.

# have_package PACKAGE PROGRAM: installs it where that may be done; false if it can't be had.
have_package() {
  [[ -x $2 ]] || command -v "$2" >/dev/null && return
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return
  echo "installing $1"
  { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" ||
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"; }; } \
    >/dev/null 2>&1
}

# have_python VENV MODULE PACKAGE...: a Python of its own with these packages of PyPI.
have_python() {
  local venv=$1 module=$2
  shift 2
  "$venv/bin/python" -c "import $module" 2>/dev/null && return
  python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"
}
