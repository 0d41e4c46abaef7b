#!/bin/bash
# Fails on anything that lintian or rpmlint finds in the packages of a folder and that isn't explained in
# deb/lintian-overrides or rpm/rpmlint.toml, and on an RPM package that doesn't hold what the Debian one
# does: check.sh DIR
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$1
packaging/deps.sh lintian rpmlint rpm

echo "lintian"
lintian --allow-root --display-info --pedantic --fail-on error,warning,info,pedantic "$packages"/*.deb

echo "rpmlint"
rpmlint --strict --config packaging/rpm/rpmlint.toml "$packages"/*.rpm

# fail WORDS...
fail() { echo "$*" >&2; exit 1; }

deb=$(echo "$packages"/mcpolicyd_*.deb) rpm=$(echo "$packages"/mcpolicyd-[0-9]*.rpm)
# What only one of them has, and where Debian and Fedora have other places.
files_of() { grep -vE '/(copyright|COPYING.*|changelog\.Debian\.gz|overrides/.*)$' | sed 's|zsh/[a-z-]*/|zsh/|' | LC_ALL=C sort; }
diff <(dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n 's|^\.\(/.*[^/]\)$|\1|p' | files_of) \
  <(rpm --query --package --queryformat '[%{FILEMODES:perms} %{FILENAMES}\n]' "$rpm" | sed -n 's/^-[^ ]* //p' | files_of) ||
  fail "the two packages don't hold the same"

dpkg-deb --info "$deb" conffiles | LC_ALL=C sort |
  diff - <(rpm --query --package --configfiles "$rpm" | LC_ALL=C sort) || fail "other configuration files"
# An edited file stays: of the flags, 1 is config and 16 is noreplace.
rpm --query --package --queryformat '[%{FILEFLAGS} %{FILENAMES}\n]' "$rpm" |
  awk '$1 % 2 == 1 && int($1 / 16) % 2 == 0 { print $2; found = 1 } END { exit !found }' &&
  fail "configuration that an upgrade would replace"
rpm --query --package --scripts "$rpm" >"$packages/scripts"
for words in install-system-units remove-system-units mark-restart-system-units sysusers tmpfiles; do
  grep -q -e "$words" "$packages/scripts" || fail "no $words in the scripts of $rpm"
done
rm "$packages/scripts"

# Each program's symbols are in the other package, by its build id, and not in it.
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
for package in "$packages"/*.deb; do dpkg-deb --extract "$package" "$root"; done
for program in usr/sbin/mcpolicyd usr/bin/mcpolicyctl; do
  id=$(LC_ALL=C readelf --notes "$root/$program" | sed -n 's/^ *Build ID: //p')
  [[ -s $root/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug ]] || fail "$program has no symbols"
  LC_ALL=C readelf --sections --wide "$root/$program" | grep -E '\.(symtab|debug_)' && fail "$program isn't stripped"
  dynamic=$(LC_ALL=C readelf --dynamic "$root/$program")
  grep -q 'FLAGS.*NOW' <<<"$dynamic" || fail "$program isn't linked with -z now"
  grep -E 'RPATH|RUNPATH|libswift|libFoundation|libdispatch' <<<"$dynamic" && fail "$program isn't linked statically with Swift"
  # Where it was built is nobody's business, and would make each build another one.
  grep --text --only-matching --max-count=1 "$PWD" "$root/$program" && fail "$program holds the folder it was built in"
done

# needrestart reads it as Perl.
perl -e 'our %nrconf; defined(do $ARGV[0]) or die $@ || $!; my ($unit) = keys %{$nrconf{override_rc}};
  "mcpolicyd.service" =~ $unit && "mcpolicyd-notify.service" !~ $unit && $nrconf{override_rc}{$unit} == 0 or die' \
  "$root/etc/needrestart/conf.d/mcpolicyd.conf" || fail "needrestart.conf isn't what it should be"
echo "packages: clean"
