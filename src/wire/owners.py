#!/usr/bin/env python3
"""owners.py OUT.c [FOLDER] - who got which MAC prefix from IEEE, as a C table at build.

Reads oui.csv (24 bits), mam.csv (28) and oui36.csv (36) of Debian's package ieee-data;
without the package the table is empty.  The date is that of the files.
"""
import csv
import datetime
import os
import sys


def c_text(text):
    out = "".join(c if 32 <= ord(c) < 127 and c not in '"\\?' else
                  "".join(f"\\{b:03o}" for b in c.encode()) for c in text)
    return '"' + out + '\\0"'


def rows_of(folder):
    for name, bits in (("oui.csv", 24), ("mam.csv", 28), ("oui36.csv", 36)):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                owner = " ".join(row["Organization Name"].split())
                if owner and owner.lower() != "ieee registration authority":
                    yield int(row["Assignment"], 16) << (48 - bits), bits, owner


def main():
    folder = sys.argv[2] if len(sys.argv) > 2 else "/usr/share/ieee-data"
    rows = sorted({(prefix, bits): owner for prefix, bits, owner in rows_of(folder)}.items())
    date = ""
    if rows:
        at = os.stat(os.path.join(folder, "oui.csv")).st_mtime
        date = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%d")
    pool, offsets = [], {}
    used = 0
    for _, owner in rows:
        if owner not in offsets:
            offsets[owner] = used
            used += len(owner.encode()) + 1
            pool.append(owner)
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write('/* made by owners.py at build */\n#pragma GCC diagnostic ignored "-Woverlength-strings"\n#include "wire/owner.h"\n')
        out.write("const struct mac_owner_row mac_owner_rows[] = {\n")
        for (prefix, bits), owner in rows:
            out.write(f"\t{{ 0x{prefix:012x}, {bits}, {offsets[owner]} }},\n")
        out.write("\t{ 0, 0, 0 },\n};\n")
        out.write(f"const unsigned mac_owner_rows_n = {len(rows)};\n")
        out.write("const char mac_owner_names[] =\n")
        out.write("".join(f"\t{c_text(owner)}\n" for owner in pool) or '\t""')
        out.write(f';\nconst char mac_owner_date[] = "{date}";\n')


if __name__ == "__main__":
    main()
