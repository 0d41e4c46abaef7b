#!/bin/bash
# Makes the Debian package: deb.sh BIN_DIR OUT_DIR
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$1 out=$2
version=$("$bin/mcpolicyd" --version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"

# Same sources, same bytes: every file gets the time of the last commit.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

install -D -m 755 "$bin/mcpolicyd" "$stage/usr/sbin/mcpolicyd"
install -D -m 755 "$bin/mcpolicyctl" "$stage/usr/bin/mcpolicyctl"
strip --strip-unneeded "$stage/usr/sbin/mcpolicyd" "$stage/usr/bin/mcpolicyctl"
install -D -m 644 systemd/mcpolicyd.service "$stage/usr/lib/systemd/system/mcpolicyd.service"
install -D -m 644 systemd/80-mcpolicyd.preset "$stage/usr/lib/systemd/system-preset/80-mcpolicyd.preset"
install -D -m 644 systemd/mcpolicyd.catalog "$stage/usr/lib/systemd/catalog/mcpolicyd.catalog"
install -D -m 644 systemd/mcpolicyd.sysusers "$stage/usr/lib/sysusers.d/mcpolicyd.conf"
install -D -m 644 systemd/mcpolicyd.tmpfiles "$stage/usr/lib/tmpfiles.d/mcpolicyd.conf"
install -D -m 644 systemd/mcpolicyd-notify.service "$stage/usr/lib/systemd/user/mcpolicyd-notify.service"
install -D -m 644 systemd/80-mcpolicyd.user.preset "$stage/usr/lib/systemd/user-preset/80-mcpolicyd.preset"
install -D -m 644 packaging/deb/notify.default "$stage/etc/default/mcpolicyd-notify"
for page in docs/man/*; do
  install -D -m 644 "$page" "$stage/usr/share/man/man${page##*.}/${page##*/}"
done
find "$stage/usr/share/man" -type f -exec gzip -9n {} +

# completion SHELL FILE: the program knows its verbs and options itself.
completion() {
  mkdir -p "$stage/usr/share/$(dirname "$2")"
  "$bin/mcpolicyctl" --generate-completion-script "$1" >"$stage/usr/share/$2"
  chmod 644 "$stage/usr/share/$2"
}
completion bash bash-completion/completions/mcpolicyctl
completion zsh zsh/vendor-completions/_mcpolicyctl
completion fish fish/vendor_completions.d/mcpolicyctl.fish

install -D -m 644 -t "$stage/etc/mcpolicyd" config/policy.json config/mcp.json
install -D -m 644 -t "$stage/usr/share/mcpolicyd" config/policy.schema.json config/mcp.schema.json
install -D -m 644 LICENSE "$stage/usr/share/doc/mcpolicyd/copyright"
install -D -m 644 -t "$stage/usr/share/doc/mcpolicyd" README.md SECURITY.md CHANGELOG.md \
  docs/CompromisedServer.md docs/Fields.md docs/Ledger.md docs/Deployment.md docs/SignedApprovals.md \
  docs/SecurityEngineer.md docs/Operator.md docs/Developer.md docs/Auditor.md docs/Analyst.md
# From the programs as they were built: once they are stripped they don't show what is in them.
packaging/sbom.py "$bin" "$stage/usr/share/doc/mcpolicyd/sbom.cdx.json"
cp -r --no-preserve=mode config/integrations "$stage/usr/share/doc/mcpolicyd/integrations"
install -D -m 755 -t "$stage/usr/share/mcpolicyd" packaging/compromised-server.sh
(cd config && find integrations -type f -exec install -D -m 644 {} "$stage/usr/share/doc/mcpolicyd/{}" \;)

mkdir "$stage/DEBIAN"
size=$(du -sk --exclude=DEBIAN "$stage" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" \
  packaging/deb/control >"$stage/DEBIAN/control"
printf '/etc/%s\n' mcpolicyd/mcp.json mcpolicyd/policy.json default/mcpolicyd-notify >"$stage/DEBIAN/conffiles"
install -m 755 -t "$stage/DEBIAN" packaging/deb/{postinst,prerm,postrm}
find "$stage" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
package=$out/mcpolicyd_${version}_$architecture.deb
cp "$stage/usr/share/doc/mcpolicyd/sbom.cdx.json" "${package%.deb}.cdx.json"
dpkg-deb --root-owner-group --build "$stage" "$package" >/dev/null
echo "$package: $(stat -c %s "$package") bytes"
dpkg-deb --contents "$package"
