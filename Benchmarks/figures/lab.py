"""A throwaway root with homes, the daemon on it, and what the kernel says of the daemon."""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

TARGET = ".kiro/settings/mcp.json"
FIRST_UID = 20_000


class Lab:
    def __init__(self, programs, config, homes):
        self.programs = programs
        self.path = tempfile.mkdtemp(prefix="mcpolicyd-figures.")
        os.chmod(self.path, 0o755)
        os.makedirs(f"{self.path}/etc/mcpolicyd")
        for name in ("policy.json", "mcp.json"):
            shutil.copy(f"{config}/{name}", f"{self.path}/etc/mcpolicyd/{name}")
        # Its users have accounts; else each would be asked of NSS.
        with open(f"{self.path}/etc/passwd", "w") as passwd:
            for number in range(homes if os.geteuid() == 0 else 0):
                passwd.write(f"u{number:05}:x:{FIRST_UID + number}:{FIRST_UID + number}::/home/u{number:05}:/bin/sh\n")
        self.approved = open(f"{self.path}/etc/mcpolicyd/mcp.json", "rb").read()
        self.homes = []
        for number in range(homes):
            home = f"{self.path}/home/u{number:05}"
            os.makedirs(f"{home}/.kiro/settings")
            for folder in (home, f"{home}/.kiro", f"{home}/.kiro/settings"):
                self.give(folder, number)
            self.homes.append(home)
        self.daemon = None

    def give(self, path, number):
        """To the user of that home, where this program may give files away."""
        if os.geteuid() == 0:
            os.chown(path, FIRST_UID + number, FIRST_UID + number)

    def target(self, number):
        return f"{self.homes[number]}/{TARGET}"

    def start(self):
        """Seconds until the daemon says that it is ready."""
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(f"{self.path}/notify")
        notify.settimeout(120)
        began = time.perf_counter()
        self.daemon = subprocess.Popen(
            [f"{self.programs}/mcpolicyd", "--root", self.path], stderr=open(f"{self.path}/log", "a"),
            env={**os.environ, "NOTIFY_SOCKET": f"{self.path}/notify"})
        while b"READY=1" not in notify.recv(4096):
            pass
        took = time.perf_counter() - began
        notify.close()
        os.unlink(f"{self.path}/notify")
        return took

    def start_rival(self, program):
        """Another program in the daemon's place; it says when it watches."""
        self.daemon = subprocess.Popen([program, self.path], stdout=subprocess.PIPE)
        self.daemon.stdout.readline()

    def stop_rival(self):
        self.daemon.kill()
        self.daemon.wait()
        self.daemon = None

    def stop(self):
        self.daemon.terminate()
        if self.daemon.wait(30) != 0:
            raise SystemExit(f"the daemon ended with {self.daemon.returncode}")
        self.daemon = None

    def approve(self, file=None):
        """Seconds until the configuration is rolled out to every target."""
        file = file or f"{self.path}/etc/mcpolicyd/mcp.json"
        began = time.perf_counter()
        subprocess.run([f"{self.programs}/mcpolicyctl", "approve", file, "--yes", "--root", self.path], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - began

    def tamper(self, number, content=b'{"mcpServers":{"evil":{"command":"sh"}}}'):
        """As an editor does it: another file over the target."""
        new = f"{self.homes[number]}/new"
        with open(new, "wb") as file:
            file.write(content)
        self.give(new, number)
        os.rename(new, self.target(number))

    def is_approved(self, number):
        try:
            with open(self.target(number), "rb") as file:
                return file.read() == self.approved
        except OSError:
            return False

    def wait_restored(self, number, seconds=10):
        """Seconds until the target is approved again, looked at without a pause."""
        began = time.perf_counter()
        while not self.is_approved(number):
            if time.perf_counter() - began > seconds:
                return None
        return time.perf_counter() - began

    def remove(self):
        if self.daemon:
            self.daemon.send_signal(signal.SIGKILL)
            self.daemon.wait()
        shutil.rmtree(self.path, ignore_errors=True)

    # What the kernel says.

    def read(self, file):
        with open(f"/proc/{self.daemon.pid}/{file}") as opened:
            return opened.read()

    def memory(self):
        """KiB that are resident, and KiB in proportion to who shares them."""
        lines = dict(line.split(":", 1) for line in self.read("smaps_rollup").splitlines()[1:])
        return {name.lower(): int(lines[name].split()[0]) for name in ("Rss", "Pss")}

    def open_things(self):
        folder = f"/proc/{self.daemon.pid}/fdinfo"
        watches = 0
        for number in os.listdir(folder):
            with contextlib.suppress(OSError):
                watches += open(f"{folder}/{number}").read().count("inotify wd:")
        return {"descriptors": len(os.listdir(folder)), "watches": watches}

    def used(self):
        """Seconds of processor time, and how often a thread woke up."""
        nanoseconds = wakeups = 0
        for task in os.listdir(f"/proc/{self.daemon.pid}/task"):
            nanoseconds += int(self.read(f"task/{task}/schedstat").split()[0])
            wakeups += int(self.read(f"task/{task}/schedstat").split()[2])
        return nanoseconds / 1e9, wakeups

    # The control socket.

    def connect(self):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(f"{self.path}/run/mcpolicyd/control.sock")
        return peer


def call(peer, method, **parameters):
    peer.sendall(json.dumps({"method": f"io.mcpolicyd.{method}", "parameters": parameters}).encode() + b"\0")
    answer = b""
    while not answer.endswith(b"\0"):
        answer += peer.recv(1 << 20)
    return json.loads(answer[:-1])["parameters"]


def percentiles(seconds, unit=1e6):
    """p50, p99 and the largest, by default in microseconds."""
    ordered = sorted(seconds)
    pick = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * unit, 1)
    return {"p50": pick(0.5), "p99": pick(0.99), "max": pick(1)}
