#!/usr/bin/python3
"""A daemon on Python's watchdog that runs the validator in its own process."""
import os
import signal
import sys
import time

from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

from validator import is_approved

root = sys.argv[1]
approved = f"{root}/etc/mcpolicyd/mcp.json"
content = open(approved, "rb").read()


def restore(path):
    try:
        status = os.lstat(path)
        if (status.st_uid, status.st_mode) == (os.geteuid(), 0o100444) and is_approved(approved, path):
            return
    except OSError:
        pass
    try:
        with open(path + ".new", "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o444)
        os.replace(path + ".new", path)
    except OSError:
        pass


class Handler(FileSystemEventHandler):
    def on_any_event(self, event):
        if event.event_type in ("opened", "closed_no_write"):
            return
        for path in (event.src_path, getattr(event, "dest_path", "")):
            if path.endswith("/mcp.json"):
                restore(path)


observer = Observer()
observer.schedule(Handler(), f"{root}/home", recursive=True)
observer.schedule(Handler(), f"{root}/etc/kiro")
observer.start()
print("ready", flush=True)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
while True:
    time.sleep(3600)
