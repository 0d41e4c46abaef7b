#!/bin/bash
# Makes the RPM package and, beside it, one with its debug symbols: rpm.sh BIN_DIR OUT_DIR
# The variables are those of deb.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(realpath "$1") out=$(realpath -m "$2")
packaging/deps.sh rpm binutils chrpath
. packaging/version.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stage=$work/stage
mkdir "$stage"
packaging/stage.sh "$bin" "$stage" "$stage" usr/share/zsh/site-functions

# Debuggers come from the build id to the symbols, and from it to the program, too.
while read -r symbols; do
  id=${symbols#"$stage/usr/lib/debug/.build-id/"}
  for program in usr/sbin/mcpolicyd usr/bin/mcpolicyctl; do
    LC_ALL=C readelf --notes "$stage/$program" | grep -q "Build ID: $(tr -d / <<<"${id%.debug}")$" &&
      ln -s "../../../../../$program" "${symbols%.debug}"
  done
done < <(find "$stage/usr/lib/debug" -name '*.debug')
# What each program is conveyed under is said after the license of the sources.
sed '/^-----/,$d' LICENSE >"$stage/usr/share/doc/mcpolicyd/COPYING"
sed '1,/^-----/d' LICENSE | sed '1{/^$/d}' >"$stage/usr/share/doc/mcpolicyd/COPYING.binary"
chmod 644 "$stage"/usr/share/doc/mcpolicyd/COPYING*
settle "$stage"

# The service brings its socket.
units=mcpolicyd.service
payload=()
[[ -z ${MCPOLICYD_DRAFT:-} ]] || payload=(--define '_binary_payload w0.gzdio')
# Without anything of this machine or this moment; HOME, so that nobody's macros come in.
HOME=$work rpmbuild --quiet -bb packaging/rpm/mcpolicyd.spec \
  --define "_topdir $work/rpm" --define "stage $stage" \
  --define "package_version ${package_version%-*}" --define "package_release ${package_version##*-}" \
  --define "state_format $state_format" --define "units $units" --define "maintainer $maintainer" \
  --define "changelog_date $(date -d "@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')" \
  --define '_buildhost localhost' --define 'use_source_date_epoch_as_buildtime 1' \
  --define 'clamp_mtime_to_source_date_epoch 1' --define 'source_date_epoch_from_changelog 0' \
  --define '_binary_filedigest_algorithm 8' --define '_binary_payload w12.zstdio' "${payload[@]}"

mkdir -p "$out"
for package in "$work"/rpm/RPMS/*/*.rpm; do
  [[ -n ${MCPOLICYD_DRAFT:-} && $package == *debuginfo* ]] && continue
  install -m 644 "$package" "$out/"
  echo "$out/${package##*/}: $(stat -c %s "$package") bytes"
done
