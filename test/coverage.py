#!/usr/bin/env python3
"""What gcovr counted, a line a folder, against the goals of test/coverage."""
import csv
import json
import os
import sys

BY_UNIT = {"site": 100, "judge": 100, "plan": 100}
BY_ALL = 90


def branches(build, column):
    """Branches there are and branches taken, of each folder of src/ with C in it."""
    found = {name: [0, 0] for name in os.listdir("src")
             if os.path.isdir(f"src/{name}") and any(f.endswith(".c") for f in os.listdir(f"src/{name}"))}
    with open(f"{build}/coverage.{column}.csv", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            parts = row["filename"].split("/")
            if len(parts) > 2 and parts[1] in found:
                found[parts[1]][0] += int(row["branch_total"])
                found[parts[1]][1] += int(row["branch_covered"])
    return found


def percent(there, taken):
    return taken * 1000 // there / 10 if there else 0  # rounded down: 99.97 % is not 100 %


def table(build):
    unit, last = branches(build, "unit"), None
    if os.path.exists(f"{build}/coverage.all.csv"):
        last = branches(build, "all")
    passed = failed = 0
    print(f"{'':8}   unit{'    all' if last else ''}  branches")
    for name, (there, taken) in sorted(unit.items()):
        by_unit, by_all = percent(there, taken), percent(*last[name]) if last else None
        goal = BY_UNIT.get(name, BY_ALL)
        met = (by_unit if name in BY_UNIT else by_all) if last or name in BY_UNIT else None
        word = "" if met is None else "ok" if met >= goal else f"BELOW {goal} %"
        passed += word == "ok"
        failed += word.startswith("BELOW")
        print(f"{name:8} {by_unit:6.1f}{f' {by_all:6.1f}' if last else ''}  {there:8}  {word}".rstrip())
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def missing(build, paths):
    """Lines with branches not taken; # stands where the line itself was not run."""
    with open(f"{build}/coverage.json", encoding="utf-8") as counts:
        files = json.load(counts)["files"]
    for file in files:
        if not any(file["file"].startswith(path) for path in paths):
            continue
        with open(file["file"], encoding="utf-8") as source:
            text = source.read().split("\n")
        for line in file["lines"]:
            there = line["branches"]
            taken = sum(branch["count"] > 0 for branch in there)
            if taken < len(there) or (line["count"] == 0 and not line.get("gcovr/noncode")):
                print(f"{file['file']}:{line['line_number']}:{'' if line['count'] else '#'} "
                      f"{text[line['line_number'] - 1].strip()}  [{taken}/{len(there)}]")
    return True


build, *words = sys.argv[1:]
sys.exit(not (missing(build, words[1:]) if words[:1] == ["missing"] else table(build)))
