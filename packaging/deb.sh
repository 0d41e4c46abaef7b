#!/bin/bash
# Makes the Debian package and, beside it, one with its debug symbols: deb.sh BIN_DIR OUT_DIR
#
# MCPOLICYD_VERSION, MCPOLICYD_MAINTAINER  see version.sh
# MCPOLICYD_DRAFT                          set: for a test, without compression and without symbols
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(realpath "$1") out=$(realpath -m "$2")
packaging/deps.sh dpkg-dev binutils chrpath
. packaging/version.sh

architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stage=$work/debian/mcpolicyd debug=$work/debian/mcpolicyd-dbgsym
mkdir -p {"$stage","$debug"}/DEBIAN
packaging/stage.sh "$bin" "$stage" "$debug" usr/share/zsh/vendor-completions

# What the programs are linked with, in the versions that have the symbols they use.
printf 'Source: mcpolicyd\n\nPackage: mcpolicyd\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O debian/mcpolicyd/usr/{sbin/mcpolicyd,bin/mcpolicyctl})

install -D -m 644 packaging/deb/copyright "$stage/usr/share/doc/mcpolicyd/copyright"
fill packaging/deb/changelog | gzip -9n >"$stage/usr/share/doc/mcpolicyd/changelog.Debian.gz"
install -D -m 644 packaging/deb/lintian-overrides "$stage/usr/share/lintian/overrides/mcpolicyd"
mkdir -p "$debug/usr/share/doc"
ln -s mcpolicyd "$debug/usr/share/doc/mcpolicyd-dbgsym"
ids=$(cd "$debug/usr/lib/debug/.build-id" && find . -name '*.debug' | sed 's|[./]*\(..\)/\(.*\)\.debug|\1\2|' | sort | xargs)

# control NAME DIR: fills the template, with the installed size in KiB as dpkg counts it.
control() {
  local size
  size=$(find "$2" -type f -printf '%s\n' -o -printf '0\n' | awk '{ sum += $1 ? int(($1 + 1023) / 1024) : 1 } END { print sum }')
  fill "packaging/deb/$1.control" |
    sed -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" -e "s/@BUILD_IDS@/$ids/" \
      -e "s/@LIBRARIES@/${libraries#shlibs:Depends=}/" >"$2/DEBIAN/control"
  (cd "$2" && find usr -type f -print0 | sort -z | xargs -0r md5sum) >"$2/DEBIAN/md5sums"
  chmod 644 "$2/DEBIAN"/*
}
control mcpolicyd "$stage"
(cd "$stage" && find etc -type f -printf '/%p\n' | sort) >"$stage/DEBIAN/conffiles"
for script in preinst postinst prerm postrm; do
  fill "packaging/deb/$script" >"$stage/DEBIAN/$script"
  chmod 755 "$stage/DEBIAN/$script"
done
control mcpolicyd-dbgsym "$debug"

# build DIR [COMPRESSION]: NAME_VERSION_ARCHITECTURE.deb of it.
build() {
  local package=$out/${1##*/}_${package_version}_$architecture.deb
  settle "$1"
  dpkg-deb --root-owner-group "-Z${2:-xz}" --build "$1" "$package" >/dev/null
  echo "$package: $(stat -c %s "$package") bytes"
}
mkdir -p "$out"
cp "$stage/usr/share/doc/mcpolicyd/sbom.cdx.json" "$out/mcpolicyd_${package_version}_$architecture.cdx.json"
if [[ -n ${MCPOLICYD_DRAFT:-} ]]; then
  build "$stage" none
else
  build "$stage"
  build "$debug" gzip # the symbols are compressed already
fi
