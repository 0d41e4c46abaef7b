#!/usr/bin/env python3
"""Writes what the two programs are made of, as CycloneDX JSON.

    packaging/sbom.py BIN_DIR OUT

Told is what is in the built programs, not what a manifest asks for: Swift packages by their symbols, shared
libraries by the program's own list. So the programs must not be stripped yet. The same programs, built on
the same packages, give the same bytes: no clock and no chance is in it.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid

REPO = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = {"mcpolicyd": "GPL-3.0-only", "mcpolicyctl": "MIT"}  # as conveyed: LICENSE says why
SWIFT_LICENSE = "Apache-2.0 WITH Swift-exception"

# Swift packages: what shows that a program holds it, license, and what it is for.
PACKAGES = {
    "swift-crypto": (r"^\$s6Crypto", "Apache-2.0", "SHA-256, signatures; holds BoringSSL"),
    "swift-argument-parser": (r"^\$s14ArgumentParser", SWIFT_LICENSE, "the command line of mcpolicyctl"),
    "swift-asn1": (r"^\$s9SwiftASN1", "Apache-2.0", "comes with swift-crypto"),
}
# What the toolchain links into a static program.
RUNTIME = {
    "swift": (r"^swift_", "the Swift standard library and runtime"),
    "swift-foundation": (r"^\$s20FoundationEssentials", "FoundationEssentials, which swift-crypto uses"),
    "swift-corelibs-libdispatch": (r"^_?dispatch_", "comes with the Swift runtime"),
}
# Debian's shared libraries.
LIBRARIES = {
    "libinotifytools0": ("GPL-1.0-or-later", "the inotify queue and its limits"),
    "libsystemd0": ("LGPL-2.1-or-later", "the journal; readiness and watchdog messages"),
    "zlib1g": ("Zlib", "the ledger's files of earlier days"),
    "libc6": ("LGPL-2.1-or-later", "the C library"),
    "libstdc++6": ("GPL-3.0-or-later WITH GCC-exception-3.1", "the Swift runtime is written in C++"),
    "libgcc-s1": ("GPL-3.0-or-later WITH GCC-exception-3.1", "comes with libstdc++6"),
}


def output(*command):
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def component(name, version, purl, license, why, **more):
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "description": why,
        "licenses": [{"expression": license}],
        "purl": purl,
        **more,
    }


def symbols(program):
    return [line.split()[-1] for line in output("nm", program).splitlines() if line]


def holds(names, pattern):
    pattern = re.compile(pattern)
    return any(pattern.match(name) for name in names)


def swift_parts(names, pins, toolchain):
    """The Swift packages and the parts of the toolchain that are in a program with these symbols."""
    for pin in pins:
        if pin["identity"] not in PACKAGES:
            sys.exit(f"sbom: {pin['identity']} isn't known here: say what it is for")
        pattern, license, why = PACKAGES[pin["identity"]]
        if holds(names, pattern):
            state, place = pin["state"], pin["location"].removesuffix(".git")
            purl = f"pkg:swift/{place.removeprefix('https://')}@{state['version']}"
            source = {"type": "vcs", "url": place, "comment": f"commit {state['revision']}"}
            yield component(
                pin["identity"], state["version"], purl, license, why, externalReferences=[source]
            )
    for name, (pattern, why) in RUNTIME.items():
        if holds(names, pattern):
            purl = f"pkg:github/swiftlang/{name}@swift-{toolchain}-RELEASE"
            yield component(name, toolchain, purl, SWIFT_LICENSE, why)


def owner(path):
    """The Debian package of a file. Where /lib is a link, dpkg knows it by either name."""
    for name in (path, os.path.realpath(path), os.path.realpath(path).removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    sys.exit(f"sbom: no package has {path}")


def shared_libraries(program, distribution):
    needed = set(re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "--dynamic", program)))
    # The loader stands without an arrow, and is libc's.
    places = dict(re.findall(r"^\s*(\S+) => (/\S+)", output("ldd", program), re.MULTILINE))
    for package in sorted({owner(places[name]) for name in needed if name in places}):
        if package not in LIBRARIES:
            sys.exit(f"sbom: {package} isn't known here: say what it is for")
        license, why = LIBRARIES[package]
        shown = output("dpkg-query", "--show", "--showformat=${Version} ${Architecture}\n", package)
        version, architecture = shown.splitlines()[0].split()
        encoded = version.replace("+", "%2B").replace(":", "%3A")
        name = package.replace("+", "%2B")
        purl = f"pkg:deb/debian/{name}@{encoded}?arch={architecture}&distro={distribution}"
        yield component(package, version, purl, license, why)


def main():
    bin_dir, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    release = pathlib.Path("/etc/os-release").read_text()
    release = dict(re.findall(r"^(\w+)=\"?([^\"\n]*)", release, re.MULTILINE))
    distribution = f"{release['ID']}-{release['VERSION_ID']}"
    pins = json.loads((REPO / "Package.resolved").read_text())["pins"]
    toolchain = re.search(r"Swift version (\S+)", output("swift", "--version")).group(1)
    version = output(bin_dir / "mcpolicyd", "--version").split()[1]

    parts, edges = {}, []
    for name, license in PROGRAMS.items():
        names = symbols(bin_dir / name)
        if not holds(names, r"^\$s6Crypto"):
            sys.exit(f"sbom: {bin_dir / name} has no symbols: take the program before it is stripped")
        own = [*swift_parts(names, pins, toolchain), *shared_libraries(bin_dir / name, distribution)]
        purl = f"pkg:generic/mcpolicyd/{name}@{version}"
        program = component(name, version, purl, license, "a program of this package")
        program["type"] = "application"
        parts.update({part["bom-ref"]: part for part in [program, *own]})
        edges.append({"ref": program["bom-ref"], "dependsOn": sorted(part["bom-ref"] for part in own)})

    whole = component(
        "mcpolicyd",
        version,
        f"pkg:generic/mcpolicyd@{version}",
        "MIT AND GPL-3.0-only",
        "keeps MCP configurations equal to what was approved",
    )
    whole["type"] = "application"
    edges.append({"ref": whole["bom-ref"], "dependsOn": sorted(edge["ref"] for edge in edges)})
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"lifecycles": [{"phase": "build"}], "component": whole},
        "components": sorted(parts.values(), key=lambda part: part["bom-ref"]),
        "dependencies": sorted(edges, key=lambda edge: edge["ref"]),
    }
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    document["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, digest).urn
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(document, indent=2) + "\n")
    out.chmod(0o644)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.splitlines()[2].strip())
    main()
