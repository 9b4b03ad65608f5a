#!/usr/bin/env python3
"""The rules of src/site/holidays.py against Debian's python3-holidays, for the countries
that package knows (JP, US).  Where the two differ the reason stands here; anything else
fails.  SKIP (77) when the package is not there."""
import importlib.util
import os
import sys
from datetime import date

try:
    import holidays as package
    countries = {"JP": package.JP, "US": package.US}
except (ImportError, AttributeError):
    print("1..0 # SKIP python3-holidays is not installed")
    sys.exit(77)

path = os.path.join(os.environ["KS_SOURCE"], "src/site/holidays.py")
spec = importlib.util.spec_from_file_location("rules", path)
rules = importlib.util.module_from_spec(spec)
spec.loader.exec_module(rules)


def explained(country, day, ours):
    # the package (0.10) predates the move of three holidays for the summer of 2021,
    # gives the Emperor's Birthday no substitute, and predates Juneteenth
    if country == "JP":
        return day.year == 2021 or (ours and (day.month, day.day) == (2, 24))
    return ours and day.month == 6 and day.day in (18, 19, 20) and day.year >= 2021


bad = compared = 0
for country, theirs_of in countries.items():
    theirs = {d for d in theirs_of(years=range(rules.FIRST, rules.LAST + 1))
              if rules.FIRST <= d.year <= rules.LAST}
    ours = {d for y in range(rules.FIRST, rules.LAST + 1) for d in rules.COUNTRIES[country](y)}
    compared += len(ours)
    for day in sorted(ours ^ theirs):
        if not explained(country, day, day in ours):
            print(f"# {country} {day}: only {'ours' if day in ours else 'theirs'}")
            bad += 1

# lunar new year and mid-autumn as the observatories publish them
KNOWN = {8: {2016: (2, 8), 2020: (1, 25), 2023: (1, 22), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26),
             2030: (2, 3), 2033: (1, 31), 2034: (2, 19)},
         9: {2026: (2, 17), 2027: (2, 7), 2028: (1, 27)}}
for hours, years in KNOWN.items():
    for year, (month, day) in years.items():
        compared += 1
        if rules.Lunar(year, hours).day(1, 1) != date(year, month, day):
            print(f"# lunar new year {year} UTC+{hours}: {rules.Lunar(year, hours).day(1, 1)}")
            bad += 1
print(f"{'ok' if bad == 0 else 'not ok'} 1 - {compared} holidays compared\n1..1")
sys.exit(bad != 0)
