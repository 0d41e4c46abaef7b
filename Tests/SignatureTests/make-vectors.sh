#!/bin/bash
# Makes vectors/ anew with the real ssh-keygen: signatures by keys of every type, which are thrown away.
#
# mcp.json stays; each KEY.sig is a signature on it for the namespace mcpolicyd.
set -euo pipefail
cd "$(dirname "$0")/vectors"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

# key NAME TYPE…
key() {
  ssh-keygen -q -N '' -C "thrown away" -f "$keys/$1" -t "${@:2}"
  cp "$keys/$1.pub" "$1.pub"
}

# sign NAME KEY NAMESPACE OPTION…
sign() {
  ssh-keygen -q -Y sign -f "$keys/$2" -n "$3" "${@:4}" <mcp.json >"$1.sig"
  chmod 644 "$1.sig"
}

key ed25519 ed25519
key p256 ecdsa -b 256
key p384 ecdsa -b 384
key p521 ecdsa -b 521
key rsa rsa -b 2048
for name in ed25519 p256 p384 p521 rsa; do sign "$name" "$name" mcpolicyd; done
sign sha256 ed25519 mcpolicyd -O hashalg=sha256
sign namespace ed25519 file
# As ssh-keygen -l prints them.
for pub in *.pub; do ssh-keygen -l -f "$pub"; done | awk '{ print $2 }' >fingerprints
