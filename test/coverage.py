#!/usr/bin/env python3
"""What gcovr counted, a line a folder, against the goals of test/coverage."""
import csv
import json
import os
import sys

GOALS = {"site": 100, "judge": 100, "plan": 100, "role": None, "cli": None}


def folders(build):
    """Branches there are and branches taken, of each folder of src/ with C in it."""
    found = {name: [0, 0] for name in os.listdir("src")
             if os.path.isdir(f"src/{name}") and any(f.endswith(".c") for f in os.listdir(f"src/{name}"))}
    with open(f"{build}/coverage.csv", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            parts = row["filename"].split("/")
            if len(parts) > 2 and parts[1] in found:
                found[parts[1]][0] += int(row["branch_total"])
                found[parts[1]][1] += int(row["branch_covered"])
    return found


def table(build):
    passed = failed = 0
    for name, (there, taken) in sorted(folders(build).items()):
        goal = GOALS.get(name, 90)
        # rounded down: 99.97 % is not 100 %
        percent = taken * 1000 // there / 10 if there else 0
        word = "no goal" if goal is None else "ok" if percent >= goal else f"BELOW {goal} %"
        passed += word == "ok"
        failed += word.startswith("BELOW")
        print(f"{name:8} {percent:5.1f} % of {there:5} branches  {word}")
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
