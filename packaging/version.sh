# shellcheck shell=bash
# What both packages say of themselves. BIN_DIR is in $bin; sourced in the project's folder.

# MCPOLICYD_VERSION: another version of the package, for the test of an upgrade: VERSION-REVISION.
package_version=${MCPOLICYD_VERSION:-$("$bin/mcpolicyd" --version | cut -d' ' -f2)-1}
[[ $package_version =~ ^[0-9][0-9.~a-z]*-[0-9]+$ ]] || {
  echo "\"$package_version\" isn't VERSION-REVISION" >&2
  exit 2
}
# Whoever conveys a package puts their own name and address here.
maintainer=${MCPOLICYD_MAINTAINER:-the mcpolicyd authors <mcpolicyd@mcpolicyd.invalid>}
state_format=$(sed -n 's/^  static let current = \([0-9]*\)$/\1/p' Sources/mcpolicyd/StateFormat.swift)
[[ $state_format =~ ^[0-9]+$ ]] || { echo "no format in StateFormat.swift" >&2; exit 1; }

# Same sources, same bytes: everything gets the time of the last commit.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
umask 022

# fill FILE: a template with what is known here.
fill() {
  sed -e "s/@VERSION@/$package_version/g" -e "s/@MAINTAINER@/$maintainer/g" -e "s/@FORMAT@/$state_format/g" \
    -e "s/@DATE@/$(date -R -d "@$SOURCE_DATE_EPOCH")/g" "$1"
}

# settle DIR: every file in it is as old as the sources.
settle() { find "$1" -exec touch --no-dereference -d "@$SOURCE_DATE_EPOCH" {} +; }
