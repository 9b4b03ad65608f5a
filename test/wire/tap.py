"""What the tests of this folder say: a line of TAP for each check, counted."""
count = bad = 0


def check(what, fine, said=""):
    """One check; `said` is what the program told, shown when it fails."""
    global count, bad
    count, bad = count + 1, bad + (not fine)
    print(f"{'ok' if fine else 'not ok'} {count} - {what}")
    if not fine and said != "":
        print("# " + str(said)[:900].replace("\n", "\n# "))


def ended():
    """The plan, and the exit code."""
    print(f"1..{count}")
    return 1 if bad else 0
