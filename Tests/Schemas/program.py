"""What mcpolicyctl says of a document."""

import json
import pathlib
import subprocess
import sys
import tempfile

from documents import POLICY


class Program:
    def __init__(self, path: str) -> None:
        self.path = str(pathlib.Path(path).resolve())

    def __enter__(self) -> "Program":
        self.folder = tempfile.TemporaryDirectory()
        self.write("approved.json", {})
        self.write("policy.json", POLICY)
        return self

    def __exit__(self, *_) -> None:
        self.folder.cleanup()

    def write(self, name: str, document) -> None:
        pathlib.Path(self.folder.name, name).write_text(json.dumps(document))

    def check(self, policy: str, files: list[str]) -> subprocess.CompletedProcess:
        command = [self.path, "check", "--json", "--policy", policy, "--approved", "approved.json"]
        return subprocess.run(
            [*command, *files], cwd=self.folder.name, capture_output=True, text=True
        )

    def takes_policy(self, document) -> str | None:
        """None, or the parser's complaint."""
        self.write("tried.json", document)
        run = self.check("tried.json", ["approved.json"])
        if run.returncode == 0:
            return None
        if run.returncode != 2 or "tried.json:" not in run.stderr:
            sys.exit(f"check ended with {run.returncode}: {run.stderr}")
        return run.stderr.strip()

    def misshapen(self, documents: list) -> list[bool]:
        """Whether each isn't what clients read."""
        names = [f"servers-{index}.json" for index in range(len(documents))]
        for name, document in zip(names, documents):
            self.write(name, document)
        run = self.check("policy.json", names)
        if run.returncode not in (0, 1):
            sys.exit(f"check ended with {run.returncode}: {run.stderr}")
        return [
            any(finding["kind"] == "unreadable-config" for finding in file["findings"])
            for file in json.loads(run.stdout)["files"]
        ]
