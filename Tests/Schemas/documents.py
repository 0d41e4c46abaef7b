"""Documents with what the schemas must say of them."""

# Keys that were made for these tests, and open nothing.
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA4xhxrDuBzuOQ0PJhl70mbZFFyCSXYFTuojQv6TDkT8 a comment"
OTHER_KEY = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBP5G2pNtpwU5PV/yKsVJ5SEVNNDrhvOxxgxPGuZn60ndbtNgLVuVHrbr6vrKMr2EPc2qkr9hp2/Gkv9/+ZUMpgg="
FINGERPRINT = "SHA256:" + "A" * 43

SIGNER = {
    "principal": "alice@bank.example",
    "key": KEY,
    "valid_after": "2026-01-31",
    "valid_before": "2027-01-31T09:30:00Z",
}

POLICY = {
    "version": 1,
    "approved": {
        "file": "/etc/mcpolicyd/mcp.json",
        "sha256": "0123456789abcdef" * 4,
        "trust": [SIGNER],
        "revoked": [FINGERPRINT, OTHER_KEY],
        "signed_only": True,
    },
    "mode": "observe",
    "homes": ["/home/*", "/srv/homes/*/"],
    "targets": [
        {"name": "central", "path": "/etc/kiro/mcp.json", "client": "kiro", "mode": "enforce"},
        {"name": "kiro", "path": "~/.kiro/settings/mcp.json", "client": "kiro"},
    ],
    "access": "link",
    "tolerate": ["formatting", "disabled", "narrower-approvals", "missing-servers"],
    "sweep_seconds": 300,
    "metrics_file": "/var/lib/prometheus/node-exporter/mcpolicyd.prom",
    "ledger": {"retention_days": 400},
    "whitelist": [
        {"server": "a", "tier": 1},
        {"server": "b", "tier": 2, "users": ["alice"], "groups": ["platform"]},
        {"server": "c", "tier": 3},
        {"server": "web-*", "tier": 3},
        {"server": "d", "tier": 1, "sha256": "F" * 64},
    ],
}

SERVERS = {
    "mcpServers": {
        "local": {
            "command": "/opt/server",
            "args": ["-v", ""],
            "env": {"LEVEL": "1"},
            "cwd": "/tmp",
            "disabled": False,
            "autoApprove": ["read"],
            "disabledTools": ["erase"],
        },
        "remote": {
            "url": "https://server.example/mcp",
            "headers": {"X-Team": "a"},
            "type": "http",
            "oauth": {"clientId": "a", "redirectUri": "127.0.0.1:8080"},
            "timeout": 60000,
            "anything": [None],
        },
    },
    "powers": {"mcpServers": {"extra": {"command": "c"}}},
    "inputs": [],
}

OTHER = {"name": "other", "path": "~/o", "client": "kiro"}


def policy(**changes) -> dict:
    return {**POLICY, **changes}


def target(**changes) -> dict:
    return policy(access="read-only", targets=[{**OTHER, **changes}])


def approved(**changes) -> dict:
    return policy(approved={"file": "/a", **changes})


def signer(**changes) -> dict:
    return approved(trust=[{**SIGNER, **changes}])


def rule(**entry) -> dict:
    return policy(whitelist=[{"server": "a", "tier": 1, **entry}])


BAD_POLICIES = {
    "another version": policy(version=2),
    "a key of another case": policy(Mode="enforce"),
    "a mode it doesn't have": policy(mode="report"),
    "a relative approved file": policy(approved={"file": "mcp.json"}),
    "a short pin": policy(approved={"file": "/a", "sha256": "0" * 63}),
    "a pin and a line feed": policy(approved={"file": "/a", "sha256": "0" * 64 + "\n"}),
    "a pin that isn't hexadecimal": policy(approved={"file": "/a", "sha256": "g" * 64}),
    "revoked keys without trusted ones": approved(revoked=[FINGERPRINT]),
    "signed only without trusted keys": approved(signed_only=True),
    "trust in nobody": approved(trust=[]),
    "an RSA key": signer(key="ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7"),
    "a key without its type": signer(key=KEY.split()[1]),
    "a key with an option before it": signer(key=f"cert-authority {KEY}"),
    "a key after a space": signer(key=f" {KEY}"),
    "a signer without a name": signer(principal=""),
    "a key's namespace": signer(namespaces="mcpolicyd"),
    "a day as OpenSSH writes it": signer(valid_after="20260131"),
    "a day and a line feed": signer(valid_after="2026-01-31\n"),
    "a time without its zone": signer(valid_before="2027-01-31T09:30:00"),
    "a fingerprint that is too short": approved(trust=[SIGNER], revoked=["SHA256:" + "A" * 42]),
    "a fingerprint with a spare bit": approved(trust=[SIGNER], revoked=["SHA256:" + "A" * 42 + "B"]),
    "an MD5 fingerprint": approved(trust=[SIGNER], revoked=["MD5:" + ":".join(["00"] * 16)]),
    "a star before the last part of a home": policy(homes=["/home/*/x"]),
    "a home relative to a user's": policy(homes=["~/x"]),
    "the root folder as a home": policy(homes=["/"]),
    "dots in a home": policy(homes=["/home/../*"]),
    "no targets": policy(targets=[]),
    "a target in the root folder": target(path="/mcp.json"),
    "a target that is the home": target(path="~/"),
    "a target of another user's home": target(path="~bob/x"),
    "a target with a star": target(path="~/*/mcp.json"),
    "a target with dots": target(path="~/a/../b"),
    "a target that ends in a dot": target(path="~/a/."),
    "a target with a NUL": target(path="~/a\0b"),
    "a target without a name": target(name=""),
    "a client nobody knows": target(client="emacs"),
    "a link without a central target": policy(access="link", targets=[OTHER]),
    "a tolerance twice": policy(tolerate=["disabled", "disabled"]),
    "sweeps all the time": policy(sweep_seconds=0),
    "sweeps too rarely": policy(sweep_seconds=86401),
    "a fraction of a second": policy(sweep_seconds=0.5),
    "a relative metrics file": policy(metrics_file="a/mcpolicyd.prom"),
    "a metrics file in the root folder": policy(metrics_file="/mcpolicyd.prom"),
    "a metrics file that no collector reads": policy(metrics_file="/a/mcpolicyd.txt"),
    "a metrics file with dots": policy(metrics_file="/a/../mcpolicyd.prom"),
    "a ledger that keeps nothing": policy(ledger={"retention_days": 0}),
    "a ledger for longer than ten years": policy(ledger={"retention_days": 3651}),
    "a ledger's key that isn't one": policy(ledger={"days": 400}),
    "a ledger that is a number": policy(ledger=400),
    "a tier it doesn't have": rule(tier=4),
    "a tier in quotes": rule(tier="1"),
    "a server without a name": rule(server=""),
    "users in tier 1": rule(users=["alice"]),
    "groups in tier 3": rule(tier=3, groups=["platform"]),
    "nobody named in tier 2": rule(tier=2),
    "a user without a name": rule(tier=2, users=[""]),
    "a user twice": rule(tier=2, users=["alice", "alice"]),
    "a pattern in tier 1": rule(server="a*"),
    "a pattern in tier 2": rule(server="*", tier=2, users=["alice"]),
    "a pin in tier 3": rule(tier=3, sha256="0" * 64),
    "a pin that is none": rule(sha256="sha256"),
}

GOOD_POLICIES = {
    "all keys": POLICY,
    "the least": {"version": 1, "approved": {"file": "/a"}, "targets": [OTHER], "whitelist": []},
    "a key without times": approved(trust=[{"principal": "a", "key": KEY}]),
    "two keys of one signer": approved(trust=[SIGNER, {**SIGNER, "key": OTHER_KEY}]),
    "tier 2 for nobody yet": rule(tier=2, users=[]),
    "doubled slashes": target(path="~//a//b"),
    "dots in names": target(path="/..a/.b./c..d"),
    "a metrics file with doubled slashes": policy(metrics_file="//a//b//c.prom/"),
    "a star in the approved file's name": policy(approved={"file": "/a/*"}),
}

# What a schema can't say, and mcpolicyd does.
BEYOND_SCHEMAS = {
    "a target's name twice": policy(targets=[*POLICY["targets"], {**OTHER, "name": "kiro"}]),
    "a target's path twice": policy(
        targets=[OTHER, {**OTHER, "name": "again"}], access="read-only"
    ),
    "a server twice": policy(whitelist=[{"server": "a", "tier": 1}, {"server": "a", "tier": 3}]),
    "a home in two spellings": policy(homes=["/home/*", "/home//*"]),
    "a key that isn't one": signer(key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA=="),
    "a key of another type than it says": signer(key=f"ecdsa-sha2-nistp256 {KEY.split()[1]}"),
    "a key twice": approved(trust=[SIGNER, {**SIGNER, "principal": "b"}]),
    "a revoked key twice": approved(trust=[SIGNER], revoked=[OTHER_KEY, OTHER_KEY + " again"]),
    "a key that is never valid": signer(valid_after="2027-02-01"),
    "a day that no calendar has": signer(valid_after="2026-02-30"),
    "a whole number spelled as a fraction": policy(sweep_seconds=300.0),
}


def server(**definition) -> dict:
    return {"mcpServers": {"a": definition}}


BAD_SERVERS = {
    "an array": [],
    "servers as an array": {"mcpServers": [{"command": "a"}]},
    "powers' servers as an array": {"powers": {"mcpServers": []}},
    "a server as text": {"mcpServers": {"a": "b"}},
    "neither command nor url": server(args=[]),
    "both": server(command="a", url="https://a.example/"),
    "arguments in one string": server(command="a", args="-v"),
    "a number as an argument": server(command="a", args=[1]),
    "a number in env": server(command="a", env={"PORT": 8080}),
    "a switch in quotes": server(command="a", disabled="false"),
    "a timeout in quotes": server(command="a", timeout="60"),
    "approvals as one word": server(command="a", autoApprove="*"),
    "a list as the command": server(command=["a", "b"]),
}

# What the schema says of the key that only a signed approval is asked for.
BAD_SERIALS = [{}, {"serial": 0}, {"serial": "1"}, {"serial": 1, "more": 1}, 1, {"serial": 2**53}]

GOOD_SERVERS = {
    "a serial": {"mcpServers": {}, "mcpolicyd": {"serial": 7}},
    "all keys": SERVERS,
    "nothing": {},
    "no servers": {"mcpServers": {}, "powers": {"mcpServers": {}}},
    "keys nobody knows": server(command="a", x={"y": []}),
}
