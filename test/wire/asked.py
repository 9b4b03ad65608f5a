#!/usr/bin/python3
"""asked.py KEISOKU - an audit of what is asked for, on a capture made here: one device of two,
a pipe that Ctrl-C ends, a block list that is none, an answer that can not be written."""
import json, os, re, signal, struct, subprocess, sys, tempfile, time
sys.path.insert(0, os.path.join(os.environ.get("KS_SOURCE", "."), "test/live"))
sys.path.insert(0, os.path.join(os.environ.get("KS_SOURCE", "."), "test/fault"))
os.environ["KS_KEISOKU"] = keisoku = sys.argv[1]
from live_wire import talk
from tap import check, ended


def form(host, field):
    body = field.encode()
    return (f"POST /a HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def capture(path, most=None):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    frames = [*talk("192.168.10.23", "203.0.113.1", 80, form("one.example", "mail=one@one.example.jp"), answer),
              *talk("192.168.10.99", "203.0.113.2", 80, form("two.example", "mail=two@two.example.jp"), answer),
              *talk("198.51.100.7", "203.0.113.3", 80, form("three.example", "mail=three@three.example.jp"), answer)]
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for i, frame in enumerate(frames[:most]):
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
    alone = path + ".alone"  # only what the first of the three said
    capture(alone, len([*talk("192.168.10.23", "203.0.113.1", 80, b"a", b"b")]))
    truth = json.loads(audit(alone, "--json").stdout)
    check("flows, hosts and requests are of the device", all(said[k] == truth[k] for k in ("flows", "hosts")) and
          said["flows"]["tcp"] == 1 and whole["flows"]["tcp"] > 1, (said["flows"], truth["flows"], whole["flows"]))
    check("traffic over time too", picture(path, "--device", "192.168.10.23") == picture(alone) != picture(path))


def picture(path, *words):
    audit(path, *words, "--html", path + ".html", "--lang", "en", "--tz", "UTC")
    with open(path + ".html") as f:
        return re.search(r"Traffic over time.*?</svg>", f.read(), re.S).group()


def not_there(path):
    for words, asked, near in ((["10.9.9.9"], "10.9.9.9", "192.168.10.23"), (["192.168.10.32"], "192.168.10.32", "192.168.10.23"),
                               (["02:00:00:00:00:09"], "02:00:00:00:00:09", "")):
        run = audit(path, "--device", *words, "--lang", "en", "--html", path + ".none")
        check(f"{asked} is not there: no report, and no all-clear", run.returncode == 3 and run.stdout == "" and
              f"no device {asked} is in {path}" in run.stderr and near in run.stderr and
              not os.path.exists(path + ".none"), run)
    run = audit(path, "--device", "192.168.10.77", "--lang", "ja")
    check("said in Japanese", "いません" in run.stderr, run)
    run = audit(path, "--device", "192.168.10.77", "--device", "192.168.10.23", "--json")
    check("one of two is there: its report, and that the other is not", run.returncode in (2, 3) and
          [d["address"] for d in json.loads(run.stdout)["devices"]] == ["192.168.10.23"] and
          "192.168.10.77" in run.stderr, run)
    run = subprocess.run([keisoku, "compare", path, path + ".alone", "--device", "192.168.10.99", "--lang", "en"],
                         capture_output=True, text=True, timeout=60)
    check("nor compared with where it is not", run.returncode == 3 and run.stdout == "" and
          f"no device 192.168.10.99 is in {path}.alone" in run.stderr and run.stderr.count("no device") == 1, run)
    run = subprocess.run([keisoku, "compare", path, path + ".alone", "--device", "192.168.10.23", "--json"],
                         capture_output=True, text=True, timeout=60)
    said = json.loads(run.stdout)
    check("what others do is no change of it", run.returncode == 0 and
          all(said[k]["change"] == 0 for k in ("bytes", "frames", "flows")), said["bytes"])


def gap(path):
    """A day and a half without anybody: told with its dates."""
    frames = [f for n in range(60) for f in talk("192.168.10.23", "203.0.113.1", 80, b"a", b"b")]
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for i, frame in enumerate(frames):
            at = 1790000000 + i * 60 + (130000 if i > len(frames) // 2 else 0)
            f.write(struct.pack("<IIII", at, 0, len(frame), len(frame)) + frame)
    gaps = json.loads(audit(path, "--json").stdout)["capture"]["gaps"]
    said = " ".join(audit(path, "--lang", "en", "--tz", "UTC").stdout.split())
    check("a gap is told by its dates", len(gaps) == 1 and "nobody at all spoke from 2" in said and "stretch" not in said,
          (gaps, said[:300]))


def no_folder(path):
    run = audit(path, "--zeek", path + ".nowhere", "--lang", "en")
    check("--zeek into no folder: what to do", run.returncode == 3 and "mkdir -p" in run.stderr, run)
    run = audit(path, "--zeek", path, "--lang", "en")
    check("--zeek into a file", run.returncode == 3 and "name a folder" in run.stderr, run)


def named(path):
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
        not_there(path)
        named(path)
        gap(folder + "/gap.pcap")
        no_folder(path)
        interrupted(path, frames)
        refused(path, folder)
    sys.exit(ended())


if __name__ == "__main__":
    main()
