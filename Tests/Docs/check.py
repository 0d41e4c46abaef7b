#!/usr/bin/env python3
"""Whether what the documents tell people to type exists, and the files that they point to.

    Tests/Docs/check.py --mcpolicyctl PROGRAM

Every `mcpolicyctl …` in a fenced block or a code span is held against what the program says of itself: its
verbs, their options, and the values of options that have few.
"""

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys

REPO = pathlib.Path(__file__).resolve().parents[2]
PAGES = [*REPO.glob("*.md"), *REPO.glob("docs/*.md"), *REPO.glob("config/integrations/**/*.md")]
HISTORY = {"CHANGELOG.md"}


def code(text):
    """Lines of fenced blocks, and code spans outside of them, each with its line number."""
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            yield number, line
        else:
            for span in re.findall(r"`([^`]+)`", line):
                yield number, span


def calls(line):
    """The words after each `mcpolicyctl` of a line of shell, up to where the command ends."""
    for match in re.finditer(r"(?<![\w/.-])(?:\S*/)?mcpolicyctl (?=[a-z-])", line):
        lexer = shlex.shlex(line[match.end() :], posix=True, punctuation_chars="|;&<>()")
        lexer.whitespace_split = True
        words = []
        try:
            for word in lexer:
                if set(word) <= set("|;&<>()"):
                    break
                words.append(word)
        except ValueError:  # a quote that the text around it opened
            words = line[match.end() :].split()
        yield words


def complaints(words, tool):
    command = tool
    words = list(words)
    while words and command.get("subcommands"):
        by_name = {sub["commandName"]: sub for sub in command["subcommands"]}
        if words[0] in by_name:
            command = by_name[words.pop(0)]
        elif not words[0].startswith("-"):
            return [f"{command['commandName']} has no verb {words[0]}"]
        else:
            break
    options = {
        ("-" if name["kind"] == "short" else "--") + name["name"]: argument
        for argument in command.get("arguments", [])
        for name in argument.get("names") or []
    }
    if default := command.get("defaultSubcommand"):
        for sub in command["subcommands"]:
            if sub["commandName"] == default:
                options |= {"--" + n["name"]: a for a in sub.get("arguments", []) for n in a.get("names") or []}
    found = []
    for position, word in enumerate(words):
        option = re.match(r"--?[a-z][a-z-]*", word)
        if not option or not word.startswith("-"):
            continue
        if option.group() not in options:
            found.append(f"{command['commandName']} has no option {option.group()}")
            continue
        values = options[option.group()].get("allValues")
        following = words[position + 1] if position + 1 < len(words) else ""
        if values and following.islower() and following not in values:
            found.append(f"{option.group()} takes {', '.join(values)}, not {following}")
    return found


def missing_pages(page, text):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        if not (page.parent / target).exists():
            yield f"links to {target}, which isn't there"
    for name in re.findall(r"`([\w./-]+\.md)`", text):
        if not (page.parent / name).exists() and not (REPO / name).exists():
            yield f"names {name}, which isn't there"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mcpolicyctl", required=True)
    program = parser.parse_args().mcpolicyctl
    dumped = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, text=True)
    tool = json.loads(dumped.stdout)["command"]
    seen, failed = 0, 0
    for page in sorted(PAGES):
        text = page.read_text()
        found = list(missing_pages(page, text))
        for number, line in [] if page.name in HISTORY else code(text):
            for words in calls(line):
                seen += 1
                found += [f"line {number}: {complaint}" for complaint in complaints(words, tool)]
        for complaint in found:
            print(f"{page.relative_to(REPO)}: {complaint}", file=sys.stderr)
        failed += len(found)
    print(f"documents: {seen} commands in {len(PAGES)} pages, {failed} wrong")
    sys.exit(failed > 0 or seen < 50)


if __name__ == "__main__":
    main()
