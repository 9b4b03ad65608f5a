#!/usr/bin/python3
"""test/wire/full.py KEISOKU - a disk that is full while a report is written: no half is left,
an old file stays as it was, and what, why and what to do is said in both languages.  The
disk is a limit on the size of files; what is written in place (a device, rows that are
read while a pipe is heard) says that it ends early."""
import os
import resource
import subprocess
import sys
import tempfile
from tap import check, ended

HERE = os.path.dirname(os.path.abspath(__file__))
ROOM = {"none": 0, "some": 3000, "enough": 1 << 30}


def run(*words, room="enough", to=None, data=None):
    out = open(to, "wb") if to else None
    done = subprocess.run([sys.argv[1], *words], stdout=out or subprocess.PIPE, input=data,
                          stderr=subprocess.PIPE, timeout=120, preexec_fn=lambda: resource.setrlimit(
                              resource.RLIMIT_FSIZE, (ROOM[room], resource.RLIM_INFINITY)))
    if out:
        out.close()
    return done


def held(folder):
    return {name: open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)}


def into_files(capture, other):
    """Each kind of file, where nothing was and where something was."""
    ways = {"report.html": ["audit", capture, "--html"], "change.html": ["compare", capture, other, "--html"],
            "eve.json": ["audit", capture, "--eve"], "conn.log": ["audit", capture, "--zeek"]}
    for name, words in ways.items():
        for old in (None, b"what was there"):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, name)
                if old is not None:
                    with open(path, "wb") as f:
                        f.write(old)
                    os.chmod(path, 0o640)
                there = held(folder)
                words_to = words + [folder if name == "conn.log" else path]
                for room in ("none", "some"):
                    for lang, say in (("en", "make room"), ("ja", "空きを作る")):
                        out = run(*words_to, "--lang", lang, room=room)
                        said = out.stderr.decode()
                        check(f"{name}, {'old' if old else 'new'}, {room}: refused, and nothing else is left",
                              out.returncode == 4 and held(folder) == there, (out.returncode, said, list(held(folder))))
                        check(f"{name}: what, where, why, what to do, {lang}",
                              say in said and folder in said and "File too large" in said, said)
                out = run(*words_to)
                check(f"{name}: with room it is there, with its rights, and nothing beside it",
                      out.returncode < 3 and len(held(folder)[name]) > ROOM["some"] // 2 and
                      (old is None or os.stat(path).st_mode & 0o777 == 0o640) and
                      all("." in n and n.rsplit(".", 1)[1] in ("html", "json", "log") for n in held(folder)),
                      (out.returncode, out.stderr, {n: len(b) for n, b in held(folder).items()}))


def onto_stdout(capture, other):
    with tempfile.TemporaryDirectory() as folder:
        for words in (["audit", capture, "--json"], ["audit", capture], ["compare", capture, other, "--json"],
                      ["compare", capture, other]):
            out = run(*words, "--lang", "en", room="none", to=os.path.join(folder, "out"))
            check(" ".join(words[:1] + words[-1:])[-30:] + ": an answer that is not whole is told",
                  out.returncode == 4 and b"not whole; make room" in out.stderr, (out.returncode, out.stderr))


def in_place(capture):
    out = run("audit", capture, "--html", "/dev/full", "--lang", "en")
    check("a device that is full", out.returncode == 4 and b"No space left" in out.stderr and
          b"ends where that happened" in out.stderr, out.stderr)
    with tempfile.TemporaryDirectory() as folder:
        path, link = os.path.join(folder, "eve.json"), os.path.join(folder, "link.json")
        with open(capture, "rb") as f:
            data = f.read()
        out = run("audit", "-", "--eve", path, "--lang", "en", room="some", data=data)
        check("rows of a pipe are written where they are read, and said to end early", out.returncode == 4 and
              b"ends where that happened" in out.stderr and list(held(folder)) == ["eve.json"], out.stderr)
        os.symlink("eve.json", link)
        out = run("audit", capture, "--eve", link)
        check("a link stays one", out.returncode < 3 and os.path.islink(link) and
              os.path.getsize(path) > ROOM["some"], out.stderr)
    out = run("audit", capture, "--html", os.path.join(folder, "x.html"), "--lang", "en")
    check("a folder that is not there", out.returncode == 4 and b"No such file" in out.stderr and
          b"name another place" in out.stderr, out.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        before, after = os.path.join(folder, "before.pcap"), os.path.join(folder, "after.pcap")
        subprocess.run([os.path.join(HERE, "made.py"), before], check=True)
        subprocess.run([os.path.join(HERE, "made.py"), after, "after"], check=True)
        into_files(before, after)
        onto_stdout(before, after)
        in_place(before)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
