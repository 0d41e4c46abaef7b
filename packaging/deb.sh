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
install -D -m 644 -t "$stage/etc/mcpolicyd" config/policy.json config/mcp.json
install -D -m 644 -t "$stage/usr/share/mcpolicyd" config/policy.schema.json config/mcp.schema.json
install -D -m 644 LICENSE "$stage/usr/share/doc/mcpolicyd/copyright"
install -D -m 644 -t "$stage/usr/share/doc/mcpolicyd" README.md SECURITY.md CHANGELOG.md \
  docs/CompromisedServer.md
install -D -m 755 -t "$stage/usr/share/mcpolicyd" packaging/compromised-server.sh

mkdir "$stage/DEBIAN"
size=$(du -sk --exclude=DEBIAN "$stage" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" \
  packaging/deb/control >"$stage/DEBIAN/control"
printf '/etc/mcpolicyd/%s\n' mcp.json policy.json >"$stage/DEBIAN/conffiles"
install -m 755 -t "$stage/DEBIAN" packaging/deb/{postinst,prerm,postrm}
find "$stage" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
package=$out/mcpolicyd_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$stage" "$package" >/dev/null
echo "$package: $(stat -c %s "$package") bytes"
dpkg-deb --contents "$package"
