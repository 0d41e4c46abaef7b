#!/usr/bin/env python3
"""How fast mcpolicyd undoes each kind of tampering, beside other ways to do it, in one run.

Each candidate first shows which kinds it undoes at all; those are then timed, the candidates taking
turns, so that what else goes on falls on all of them. Prints a table, and writes JSON with --json.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
BENCH = f"{HERE}/.build/release/tamper-bench"
KINDS = """overwrite append truncate rename-over unlink rename-away chmod chown symlink directory fifo
hard-link kiro-renamed kiro-removed kiro-symlink settings-renamed central-changed new-home""".split()
RIVALS = {
    "C floor": "floor",
    "shell + cmp": "shell.sh",
    "shell + validator": "shell-validator.sh",
    "incron": "incron.sh",
    "Python watchdog": "watchdog-daemon.py",
}


def build_floor(folder):
    floor = f"{folder}/floor"
    subprocess.run(["cc", "-O2", "-o", floor, f"{HERE}/rivals/floor.c", "-lcrypto"], check=True)
    return floor


def run(rival, kinds, rounds, options, timeout, seed, homes=None):
    """The report of one run of tamper-bench."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [BENCH, "--daemon", options.daemon, "--config", f"{HERE}/../config", "--json", out.name,
                   "--homes", str(homes or options.homes), "--rounds", str(rounds), "--kinds", ",".join(kinds),
                   "--timeout", str(timeout), "--spacing", str(options.spacing), "--seed", str(seed)]
        if rival:
            command += ["--rival", rival]
        done = subprocess.run(command, capture_output=True, text=True)
        try:
            return json.load(open(out.name))
        except ValueError:
            sys.exit(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")


def undone(rival, options):
    """The kinds that it undoes within a second, each time of three."""
    report = [run(rival, [kind], 3, options, 1000, 1) for kind in KINDS]
    return [kind for kind, one in zip(KINDS, report)
            if one["overall"]["missed"] == 0 and not one["wrong_later"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--daemon", default=f"{HERE}/../.build/release/mcpolicyd")
    parser.add_argument("--homes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1000, help="of each candidate, in all runs together")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--spacing", type=int, default=500, help="ms between two tamperings of one target")
    parser.add_argument("--only", help="candidates, by a part of their name, comma-separated")
    parser.add_argument("--sizes", default="1,200,2000,10000", help="hosts with so many homes, all kinds that the floor undoes")
    parser.add_argument("--json")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        candidates = {"mcpolicyd": None}
        floor = build_floor(folder)
        for name, program in RIVALS.items():
            if options.only and not any(part in name for part in options.only.split(",")):
                continue
            candidates[name] = floor if program == "floor" else f"{HERE}/rivals/{program}"
        kinds = {name: undone(rival, options) for name, rival in candidates.items()}
        reports = {name: [] for name in candidates}
        for turn in range(options.runs):
            for name, rival in candidates.items():
                if kinds[name]:
                    reports[name].append(run(rival, kinds[name], options.rounds // options.runs, options, 5000, turn))
        both = kinds.get("C floor") or undone(floor, options)
        grown = {homes: growth(floor, both, int(homes), options) for homes in options.sizes.split(",") if homes}
    figures = {name: merged(reports[name], kinds[name]) for name in candidates}
    print(json.dumps(reports["mcpolicyd"][0]["machine"]))
    print(table(figures))
    print(summary(figures))
    for homes, found in grown.items():
        print(f"{homes} homes: " + ", ".join(f"{name} {row['p50_us']:.0f} / {row['p99_us']:.0f}" for name, row in found.items()))
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"homes": options.homes, "machine": reports["mcpolicyd"][0]["machine"], "figures": figures,
                       "by_homes": grown},
                      file, indent=2)


def growth(floor, kinds, homes, options):
    """How it grows with the homes: the same kinds for mcpolicyd and the floor, in turns."""
    rounds = 60 if homes == 1 else 300
    found = {}
    for name, rival in (("mcpolicyd", None), ("C floor", floor)):
        reports = [run(rival, kinds, rounds, options, 5000, turn, homes) for turn in range(options.runs)]
        found[name] = {key: statistics.median(report["overall"][key] for report in reports)
                       for key in ("p50_us", "p99_us", "missed")}
    return found


def merged(reports, kinds):
    """By kind: the median of the runs' p50 and p99, the spread of p50, and the misses."""
    rows = {}
    for kind in kinds:
        found = [row for report in reports for row in report["kinds"] if row["kind"] == kind]
        timed = [row for row in found if row["p50_us"] is not None]
        if not timed:
            continue
        p50 = [row["p50_us"] for row in timed]
        rows[kind] = {
            "rounds": sum(row["rounds"] for row in found), "missed": sum(row["missed"] for row in found),
            "p50_us": statistics.median(p50), "p50_spread_us": [min(p50), max(p50)],
            "p99_us": statistics.median(row["p99_us"] for row in timed),
        }
    return rows


def table(figures):
    names = list(figures)
    lines = ["".join(["p50 / p99 in µs".ljust(18)] + [name.rjust(20) for name in names])]
    for kind in KINDS:
        cells = []
        for name in names:
            row = figures[name].get(kind)
            cells.append((f"{row['p50_us']:.0f} / {row['p99_us']:.0f}" if row else "not undone").rjust(20))
        lines.append(kind.ljust(18) + "".join(cells))
    return "\n".join(lines)


def summary(figures):
    ours = figures["mcpolicyd"]
    lines = []
    for name, rows in figures.items():
        both = [kind for kind in rows if kind in ours]
        if name == "mcpolicyd" or not both:
            continue
        ratios = {kind: ours[kind]["p50_us"] / rows[kind]["p50_us"] for kind in both}
        mean = math.exp(statistics.fmean(map(math.log, ratios.values())))
        worst = max(ratios, key=ratios.get)
        lines.append(f"mcpolicyd / {name}: geometric mean of p50 {mean:.3f} over {len(both)} kinds, "
                     f"worst {ratios[worst]:.2f} ({worst}); it undoes {len(rows)} of {len(KINDS)} kinds")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
