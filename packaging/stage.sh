#!/bin/bash
# Puts what a package carries into a folder: stage.sh BIN_DIR DIR DEBUG_DIR ZSH_DIR
# DEBUG_DIR gets the debug symbols, by build id. The same input makes the same bytes, whoever runs it, where
# and when.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
bin=$1 stage=$2 debug=$3 zsh=$4

# program NAME PLACE: without its symbols, which go where debuggers look for them.
program() {
  local id symbols built=$debug/$1
  packaging/settle.py "$bin/$1" "$built"
  id=$(LC_ALL=C readelf --notes "$built" | sed -n 's/^ *Build ID: //p')
  [[ -n $id ]] || { echo "$bin/$1 has no build id" >&2; exit 1; }
  symbols=$debug/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug
  mkdir -p "${symbols%/*}" "$stage/$2"
  objcopy --only-keep-debug --compress-debug-sections "$built" "$symbols"
  chmod 644 "$symbols"
  strip --strip-unneeded --remove-section=.comment --remove-section=.note -o "$stage/$2/$1" "$built"
  rm "$built"
  objcopy --add-gnu-debuglink="$symbols" "$stage/$2/$1"
  # The Swift package manager has each program look for libraries in its own folder.
  chrpath --delete "$stage/$2/$1" >/dev/null
  chmod 755 "$stage/$2/$1"
}
program mcpolicyd usr/sbin
program mcpolicyctl usr/bin

# put FILE PLACE
put() { install -D -m 644 "$1" "$stage/$2"; }
put systemd/mcpolicyd.service usr/lib/systemd/system/mcpolicyd.service
put systemd/mcpolicyd.socket usr/lib/systemd/system/mcpolicyd.socket
put systemd/80-mcpolicyd.preset usr/lib/systemd/system-preset/80-mcpolicyd.preset
put systemd/mcpolicyd-notify.service usr/lib/systemd/user/mcpolicyd-notify.service
put systemd/80-mcpolicyd.user.preset usr/lib/systemd/user-preset/80-mcpolicyd.preset
put systemd/mcpolicyd.catalog usr/lib/systemd/catalog/mcpolicyd.catalog
put systemd/mcpolicyd.sysusers usr/lib/sysusers.d/mcpolicyd.conf
put systemd/mcpolicyd.tmpfiles usr/lib/tmpfiles.d/mcpolicyd.conf

put config/policy.json etc/mcpolicyd/policy.json
put config/mcp.json etc/mcpolicyd/mcp.json
put packaging/notify.default etc/default/mcpolicyd-notify
put packaging/needrestart.conf etc/needrestart/conf.d/mcpolicyd.conf
put config/policy.schema.json usr/share/mcpolicyd/policy.schema.json
put config/mcp.schema.json usr/share/mcpolicyd/mcp.schema.json
install -m 755 packaging/compromised-server.sh "$stage/usr/share/mcpolicyd/compromised-server.sh"

for page in docs/man/*; do put "$page" "usr/share/man/man${page##*.}/${page##*/}"; done
find "$stage/usr/share/man" -type f -exec gzip -9n {} +

# completion SHELL PLACE: the program knows its verbs and options itself.
completion() {
  mkdir -p "$stage/$(dirname "$2")"
  "$bin/mcpolicyctl" --generate-completion-script "$1" | sed '1{/^#!/d}' >"$stage/$2"
  chmod 644 "$stage/$2"
}
completion bash usr/share/bash-completion/completions/mcpolicyctl
completion zsh "$zsh/_mcpolicyctl"
completion fish usr/share/fish/vendor_completions.d/mcpolicyctl.fish

doc=usr/share/doc/mcpolicyd
for file in README.md SECURITY.md docs/{CompromisedServer,Fields,Ledger,Packages,Deployment}.md \
  docs/{SignedApprovals,SecurityEngineer,Operator,Developer,Auditor,Analyst}.md; do
  put "$file" "$doc/${file##*/}"
done
# From the programs as they were built: once they are stripped they don't show what is in them.
packaging/sbom.py "$bin" "$stage/$doc/sbom.cdx.json"
chmod 644 "$stage/$doc/sbom.cdx.json"
(cd config && find integrations -type f -exec install -D -m 644 {} "$stage/$doc/{}" \;)
gzip -9n <CHANGELOG.md >"$stage/$doc/changelog.gz"
