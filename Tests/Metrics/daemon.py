"""The real daemon on a throwaway root."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time

APPROVED = {"mcpServers": {"git": {"command": "uvx", "args": ["mcp-server-git"]}}}
METRICS = "/var/lib/prometheus/node-exporter/mcpolicyd.prom"
TARGET = "home/alice/.kiro/settings/mcp.json"

POLICY = {
    "version": 1,
    "approved": {"file": "/etc/mcpolicyd/mcp.json"},
    "homes": ["/home/*"],
    "targets": [{"name": "kiro", "path": "~/.kiro/settings/mcp.json", "client": "kiro"}],
    "whitelist": [{"server": "git", "tier": 1}],
    "metrics_file": METRICS,
}


def wait_for(condition, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not (held := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return bool(held)


class Daemon:
    def __init__(self, programs: str) -> None:
        self.programs = pathlib.Path(programs).resolve()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="mcpolicyd-metrics."))
        self.root.chmod(0o755)
        for folder in ("etc/mcpolicyd", "home/alice", METRICS.rpartition("/")[0].lstrip("/")):
            (self.root / folder).mkdir(parents=True)
        (self.root / "etc/mcpolicyd/mcp.json").write_text(json.dumps(APPROVED))
        (self.root / "etc/mcpolicyd/policy.json").write_text(json.dumps(POLICY))
        self.file = self.root / METRICS.lstrip("/")
        self.log = (self.root / "log").open("wb")

    def __enter__(self):
        program = self.programs / "mcpolicyd"
        self.process = subprocess.Popen([program, "--root", self.root], stderr=self.log)
        socket = self.root / "run/mcpolicyd/control.sock"
        if not wait_for(lambda: socket.exists() and self.ctl("status").returncode == 0):
            raise SystemExit("the daemon didn't start: " + (self.root / "log").read_text())
        return self

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.root)

    def ctl(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [self.programs / "mcpolicyctl", *arguments, "--root", self.root]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def out(self, *arguments: str) -> str:
        done = self.ctl(*arguments)
        if done.returncode:
            raise SystemExit(f"mcpolicyctl {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def approve(self) -> None:
        self.out("approve", str(self.root / "etc/mcpolicyd/mcp.json"), "--yes")

    def tamper(self) -> None:
        """One drift, restored and told."""
        target = self.root / TARGET
        before = len(self.incidents())
        new = self.root / "home/alice/new"
        new.write_text(json.dumps({"mcpServers": {"evil": {"command": "sh"}}}))
        new.replace(target)
        if not wait_for(lambda: len(self.incidents()) > before):
            raise SystemExit("the drift wasn't told")

    def incidents(self) -> list:
        return json.loads(self.out("incidents", "--json"))["incidents"]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=30)
