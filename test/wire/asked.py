#!/usr/bin/python3
"""asked.py KEISOKU - an audit of what is asked for, on a capture made here: one device of two,
a pipe that Ctrl-C ends, a block list that is none, an answer that can not be written."""
import json, os, signal, struct, subprocess, sys, tempfile, time
sys.path.insert(0, os.path.join(os.environ.get("KS_SOURCE", "."), "test/live"))
sys.path.insert(0, os.path.join(os.environ.get("KS_SOURCE", "."), "test/fault"))
os.environ["KS_KEISOKU"] = keisoku = sys.argv[1]
from live_wire import talk
count = bad = 0


def check(what, fine, said=""):
    global count, bad
    count, bad = count + 1, bad + (not fine)
    print(f"{'ok' if fine else 'not ok'} {count} - {what}" + ("" if fine else f"\n# {str(said)[:600]}"))


def form(host, field):
    body = field.encode()
    return (f"POST /a HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def capture(path):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    frames = [*talk("192.168.10.23", "203.0.113.1", 80, form("one.example", "mail=one@one.example.jp"), answer),
              *talk("192.168.10.99", "203.0.113.2", 80, form("two.example", "mail=two@two.example.jp"), answer),
              *talk("198.51.100.7", "203.0.113.3", 80, form("three.example", "mail=three@three.example.jp"), answer)]
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for i, frame in enumerate(frames):
            f.write(struct.pack("<IIII", 1790000000 + i, 0, len(frame), len(frame)) + frame)
    return len(frames)


def audit(*words, **how):
    return subprocess.run([keisoku, "audit", *words], capture_output=True, text=True, timeout=60, **how)


def one_device(path):
    whole = json.loads(audit(path, "--json").stdout)
    check("who is no device is called by its address", any(
        f["words_en"].startswith("198.51.100.7 sends") for f in whole["findings"]) and not any(
        f["words_en"].startswith("keisoku") for f in whole["findings"]), whole["findings"])
    said = json.loads(audit(path, "--device", "192.168.10.23", "--json").stdout)
    text = json.dumps([said[k] for k in ("http", "personal", "findings", "destinations")])
    check("of one device only what it said", "one.example" in text and "two.example" not in text and
          "three.example" not in text, text)
    said = json.loads(audit(path, "--device", "192.168.10.77", "--json").stdout)
    check("of a device that is not there nothing", not any(said[k] for k in ("http", "personal", "findings",
          "devices")), said["findings"])
    with open(path + ".site", "w") as f:
        f.write("site s\ndevice till address=192.168.10.23\n")
    said = json.loads(audit(path, "--device", "192.168.10.23", "--site", path + ".site", "--json").stdout)
    check("with the site's name", [d["name"] for d in said["devices"]] == ["till"], said["devices"])


def interrupted(path, frames):
    """Whoever fills the pipe does not end: after Ctrl-C what was heard is told."""
    feed = subprocess.Popen(["sh", "-c", f"cat {path}; exec sleep 60"], stdout=subprocess.PIPE)
    run = subprocess.Popen([keisoku, "audit", "-", "--json"], stdin=feed.stdout, stdout=subprocess.PIPE)
    time.sleep(2)
    run.send_signal(signal.SIGINT)
    try:
        out, _ = run.communicate(timeout=30)
        said = json.loads(out)
        check("Ctrl-C ends the pipe, not the report", said["capture"]["frames"] == frames, said["capture"])
    except (subprocess.TimeoutExpired, ValueError) as e:
        run.kill()
        check("Ctrl-C ends the pipe, not the report", False, e)
    feed.kill()


def refused(path, folder):
    for name, content in (("empty", ""), ("words", "# nothing\n\n")):
        with open(f"{folder}/{name}", "w") as f:
            f.write(content)
        out = audit(path, "--list", f"{folder}/{name}", "--lang", "en")
        check(f"a list without entries ({name})", out.returncode == 3 and "block list" in out.stderr, out)
    with open(f"{folder}/good", "w") as f:
        f.write("evil.example\n")
    out = audit(path, "--list", f"{folder}/good", "--list", f"again={folder}/good")
    check("the same list twice is no mistake", out.returncode in (0, 1, 2), out)
    for form in ([], ["--json"]):
        with open("/dev/full", "w") as full:
            out = subprocess.run([keisoku, "audit", path, *form], stdout=full, stderr=subprocess.PIPE, text=True)
        check("an answer that can not be written is said", out.returncode == 4 and "No space" in out.stderr, out)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/a.pcap"
        frames = capture(path)
        one_device(path)
        interrupted(path, frames)
        refused(path, folder)
    print(f"1..{count}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
