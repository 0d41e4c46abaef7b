#!/usr/bin/env python3
"""What mcpolicyd costs besides the restore itself: start, sweep, idling, memory, storms, its socket,
and what a reader gets to see. Prints a table, and JSON with --json. Root gives each home a user."""
import argparse
import contextlib
import json
import multiprocessing
import os
import subprocess
import tempfile
import time

from lab import FIRST_UID, Lab, call, percentiles
from watch import Watch

HERE = os.path.dirname(os.path.realpath(__file__))


def start(lab):
    figures = {"first_start_s": lab.start(), "approval_rolled_out_s": lab.approve()}
    lab.stop()
    drop_caches()
    figures["cold_start_s"] = lab.start()
    lab.stop()
    figures["warm_start_s"] = lab.start()
    return figures


def drop_caches():
    if os.geteuid() == 0:
        os.sync()
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("3")


def sweep(lab):
    peer = lab.connect()
    took = []
    for _ in range(5):
        began = time.perf_counter()
        call(peer, "Sweep")
        took.append(time.perf_counter() - began)
    return {"sweep_ms": percentiles(took, 1e3)}


def idle(lab, seconds=60):
    time.sleep(5)
    before = lab.used()
    time.sleep(seconds)
    after = lab.used()
    return {"cpu_ms": round((after[0] - before[0]) * 1e3, 3), "wakeups": after[1] - before[1], "seconds": seconds}


def holdings(lab):
    return {**lab.memory(), **lab.open_things()}


def restores(lab, count):
    """Tampering in one home after the other, so that none is a storm."""
    took = []
    for number in range(count):
        home = number % len(lab.homes)
        lab.tamper(home)
        seconds = lab.wait_restored(home)
        if seconds is None:
            raise SystemExit(f"{lab.target(home)} wasn't restored")
        took.append(seconds)
    return {"restores": count, "us": percentiles(took)}


def storm(lab, seconds=60):
    """One user renames over their target as fast as they can; another's target is tampered with."""
    over = multiprocessing.Event()
    attacker = multiprocessing.Process(target=rename_forever, args=(lab, 0, over))
    samples = multiprocessing.Array("q", 2)
    sampler = multiprocessing.Process(target=sample, args=(lab, 0, over, samples))
    before, began = lab.used(), time.perf_counter()
    attacker.start()
    sampler.start()
    took, lost = [], 0
    while time.perf_counter() - began < seconds:
        lab.tamper(7)
        one = lab.wait_restored(7)
        lost += one is None
        took += [] if one is None else [one]
        time.sleep(0.02)
    after, ended = lab.used(), time.perf_counter()
    over.set()
    attacker.join()
    sampler.join()
    return {"seconds": seconds, "cpu_percent_of_a_core": round((after[0] - before[0]) / (ended - began) * 100, 1),
            "other_user_us": percentiles(took), "lost": lost,
            "approved_percent": round(100 * samples[0] / max(samples[1], 1), 2)}


def rename_forever(lab, number, over):
    if os.geteuid() == 0:
        os.setgid(FIRST_UID + number)
        os.setuid(FIRST_UID + number)
    while not over.is_set():
        for _ in range(1000):
            try:
                lab.tamper(number)
            except OSError:
                pass


def sample(lab, number, over, samples):
    while not over.is_set():
        samples[0] += lab.is_approved(number)
        samples[1] += 1
        time.sleep(0.001)


def control(lab, count=1000):
    peer = lab.connect()
    took = []
    for _ in range(count):
        began = time.perf_counter()
        call(peer, "Status")
        took.append(time.perf_counter() - began)
    return {"status_us": percentiles(took), f"status_{count}_at_once_ms": round(at_once(lab, count) * 1e3, 1)}


def at_once(lab, count, connections=10):
    """Seconds until all are answered: as many in each of the connections that one user may have."""
    peers = [lab.connect() for _ in range(connections)]
    began = time.perf_counter()
    for peer in peers:
        peer.sendall(b'{"method":"io.mcpolicyd.Status"}\0' * (count // connections))
    for peer in peers:
        answers = 0
        while answers < count // connections:
            answers += peer.recv(1 << 16).count(b"\0")
    return time.perf_counter() - began


def exposure(lab, count, quiet):
    """How often a reader that is woken by inotify reads tampered bytes."""
    width = min(50, len(lab.homes))
    reader = Watch([os.path.dirname(lab.target(home)) for home in range(width)])
    tampered = reads = 0
    for _ in range(count // width):
        for home in range(width):
            lab.tamper(home)
            if not quiet:
                for index in reader.events(1):
                    reads += 1
                    tampered += holds_evil(lab, index)
        if quiet:
            while reader.events(0.1):
                pass
            reads += width
            tampered += sum(holds_evil(lab, home) for home in range(width))
        else:
            time.sleep(0.01)
            reader.events(0)
    reader.close()
    return {"tamperings": count // width * width, "reads": reads, "tampered_reads": tampered}


@contextlib.contextmanager
def floor():
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/floor"
        subprocess.run(["cc", "-O2", "-o", program, f"{HERE}/../rivals/floor.c", "-lcrypto"], check=True)
        yield program


def holds_evil(lab, number):
    try:
        return b"evil" in open(lab.target(number), "rb").read()
    except OSError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", default=f"{HERE}/../../.build/release")
    parser.add_argument("--config", default=f"{HERE}/../../config")
    parser.add_argument("--many", type=int, default=10_000, help="homes of the large host")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--json")
    options = parser.parse_args()
    scale = 10 if options.quick else 1

    figures = {}
    lab = Lab(options.programs, options.config, 200)
    try:
        figures["200 homes"] = start(lab)
        figures["after start"] = holdings(lab)
        figures["idle"] = idle(lab, 60 // scale)
        figures["socket"] = control(lab)
        figures["exposure, eager reader"] = exposure(lab, 10_000 // scale, quiet=False)
        figures["exposure, reader that waits for 100 ms of quiet"] = exposure(lab, 10_000 // scale, quiet=True)
        lab.stop()
        with floor() as program:
            lab.start_rival(program)
            figures["exposure beside the C floor, eager reader"] = exposure(lab, 10_000 // scale, quiet=False)
            figures["exposure beside the C floor, reader that waits"] = exposure(lab, 10_000 // scale, quiet=True)
            lab.stop_rival()
        lab.start()
        figures["restores"] = restores(lab, 100_000 // scale)
        figures["after restores"] = holdings(lab)
        figures["storm"] = storm(lab, 60 // scale)
        time.sleep(20)
        figures["after storm"] = holdings(lab)
        lab.stop()
    finally:
        lab.remove()
    lab = Lab(options.programs, options.config, options.many // scale)
    try:
        name = f"{options.many // scale} homes"
        figures[name] = start(lab) | holdings(lab) | sweep(lab)
        lab.stop()
    finally:
        lab.remove()
    for name, found in figures.items():
        print(f"{name}: {json.dumps(found)}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(figures, file, indent=2)


if __name__ == "__main__":
    main()
