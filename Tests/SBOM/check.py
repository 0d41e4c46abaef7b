"""The SBOM of built programs: valid by CycloneDX's own schema, the same each time, and complete.

    Tests/SBOM/run.sh BIN_DIR
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

REPO = pathlib.Path(__file__).resolve().parents[2]


def make(bin_dir, out):
    subprocess.run([REPO / "packaging/sbom.py", bin_dir, out], check=True)
    return out.read_text()


def complaints(text, again, bin_dir):
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        yield f"not valid: {error}"
    if text != again:
        yield "a second one differs"
    document = json.loads(text)
    names = {component["name"] for component in document["components"]}
    references = {component["bom-ref"] for component in document["components"]}
    references.add(document["metadata"]["component"]["bom-ref"])
    for edge in document["dependencies"]:
        for reference in {edge["ref"], *edge["dependsOn"]} - references:
            yield f"{reference} isn't among the components"

    # What Package.swift asks for, and what the programs are linked with, counted another way.
    for package in re.findall(r'\.package\(url: "[^"]*/([^"/]+)"', (REPO / "Package.swift").read_text()):
        if package not in names:
            yield f"{package} of Package.swift is missing"
    for library in ("libsystemd0", "libinotifytools0", "zlib1g", "libc6", "swift"):
        if library not in names:
            yield f"{library} is missing"
    readme = (REPO / "README.md").read_text()
    for name in ("swift-crypto", "swift-argument-parser", "libsystemd", "libinotifytools", "zlib"):
        if name not in readme:
            yield f"README.md gives no reason for {name}"

    # A program that was stripped shows nothing: then there must be none, not an empty one.
    with tempfile.TemporaryDirectory() as folder:
        for program in ("mcpolicyd", "mcpolicyctl"):
            subprocess.run(["strip", "-o", f"{folder}/{program}", bin_dir / program], check=True)
        refused = subprocess.run([REPO / "packaging/sbom.py", folder, f"{folder}/out"], capture_output=True, text=True)
        if refused.returncode == 0:
            yield "it is written for stripped programs, too"


def main():
    bin_dir = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        first = make(bin_dir, pathlib.Path(folder) / "first.json")
        second = make(bin_dir, pathlib.Path(folder) / "second.json")
    found = list(complaints(first, second, bin_dir))
    for complaint in found:
        print(f"sbom: {complaint}", file=sys.stderr)
    print(f"sbom: {len(json.loads(first)['components'])} components, {len(found)} complaints")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
