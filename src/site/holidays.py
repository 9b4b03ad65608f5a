#!/usr/bin/env python3
"""holidays.py WORDS.c OUT.c - writes the table of national holidays as C, at build.

Laws and astronomy, and for China the extent that is announced beside the law: no network,
no package.  Lunar dates come from the new moons
and solar terms themselves (Meeus, Astronomical Algorithms, chapters 25 and 49), in the
time zone of the country.  doc/calendars.md says which years are sure.
"""
import math
import re
import sys
from datetime import date, timedelta

FIRST, LAST = 2016, 2045
DAY = timedelta(days=1)


# --- sun and moon -----------------------------------------------------------------
def jde_of(year):
    return 2451545.0 + (year - 2000) * 365.2425


def delta_t_days(jde):
    """Terrestrial minus universal time; good to some seconds until 2050."""
    t = (jde - 2451545.0) / 365.25
    return (62.92 + 0.32217 * t + 0.005589 * t * t if t > 5 else 63.86 + 0.3345 * t) / 86400


def sun_longitude(jde):
    """Apparent longitude of the sun in degrees, to about 0.003."""
    t = (jde - 2451545.0) / 36525
    r = math.radians
    m = r(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = ((1.914602 - 0.004817 * t) * math.sin(m) + (0.019993 - 0.000101 * t)
              * math.sin(2 * m) + 0.000289 * math.sin(3 * m))
    true = 280.46646 + 36000.76983 * t + 0.0003032 * t * t + centre
    return (true - 0.00569 - 0.00478 * math.sin(r(125.04 - 1934.136 * t))) % 360


def solar_term(degrees, near):
    """Instant (JDE) near `near` at which the sun stands at that longitude."""
    jde = near
    for _ in range(8):
        jde += ((degrees - sun_longitude(jde) + 180) % 360 - 180) * 365.2422 / 360
    return jde


def new_moon(k):
    """Instant (JDE) of new moon number k since 2000-01-06 (Meeus 49.1 with its terms)."""
    t = k / 1236.85
    r = math.radians
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    m = r(2.5534 + 29.10535670 * k - 0.0000014 * t * t)
    mm = r(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    f = r(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    o = r(124.7746 - 1.56375588 * k + 0.0020672 * t * t)
    s = math.sin
    jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    jde += (-0.40720 * s(mm) + 0.17241 * e * s(m) + 0.01608 * s(2 * mm) + 0.01039 * s(2 * f)
            + 0.00739 * e * s(mm - m) - 0.00514 * e * s(mm + m) + 0.00208 * e * e * s(2 * m)
            - 0.00111 * s(mm - 2 * f) - 0.00057 * s(mm + 2 * f) + 0.00056 * e * s(2 * mm + m)
            - 0.00042 * s(3 * mm) + 0.00042 * e * s(m + 2 * f) + 0.00038 * e * s(m - 2 * f)
            - 0.00024 * e * s(2 * mm - m) - 0.00017 * s(o) - 0.00007 * s(mm + 2 * m)
            + 0.00004 * s(2 * mm - 2 * f) + 0.00004 * s(3 * m) + 0.00003 * s(mm + m - 2 * f)
            + 0.00003 * s(2 * mm + 2 * f) - 0.00003 * s(mm + m + 2 * f)
            + 0.00003 * s(mm - m + 2 * f) - 0.00002 * s(mm - m - 2 * f)
            - 0.00002 * s(3 * mm + m) + 0.00002 * s(4 * mm))
    for c, a, b in ((325, 299.77, 0.107408), (165, 251.88, 0.016321), (164, 251.83, 26.651886),
                    (126, 349.42, 36.412478), (110, 84.66, 18.206239), (62, 141.74, 53.303771),
                    (60, 207.14, 2.453732), (56, 154.84, 7.306860), (47, 34.52, 27.261239),
                    (42, 207.19, 0.121824), (40, 291.34, 1.844379), (37, 161.72, 24.198154),
                    (35, 239.56, 25.513099), (23, 331.55, 3.592518)):
        jde += c * 1e-6 * s(r(a + b * k))
    return jde


def day_at(jde, hours):
    """The civil day in a zone of that many hours east of Greenwich."""
    return date.fromordinal(int(math.floor(jde - delta_t_days(jde) + hours / 24 + 0.5)) - 1721425)


class Lunar:
    """The lunisolar year of China (UTC+8) or Korea (UTC+9): first days of months."""

    def __init__(self, year, hours):
        solstices = [day_at(solar_term(270, jde_of(y) + 354), hours) for y in (year - 1, year)]
        k = round((jde_of(year) - 2451550.1) / 29.530588861) - 3
        moons = [day_at(new_moon(k + i), hours) for i in range(20)]
        eleven = [max(i for i, m in enumerate(moons) if m <= s) for s in solstices]
        leap_year = eleven[1] - eleven[0] == 13
        self.first = {}
        number, leap_done = 11, False
        for i in range(eleven[0], eleven[1] + 1):
            if i > eleven[0]:
                if leap_year and not leap_done and not self.has_term(moons[i], moons[i + 1], hours):
                    leap_done = True    # the leap month keeps the number of the one before
                    continue
                number = number % 12 + 1
            if number not in (11, 12) or i > eleven[0] + 3:
                self.first[number] = moons[i]

    @staticmethod
    def has_term(start, end, hours):
        """Does a principal term (a multiple of 30 degrees) fall in [start, end)?"""
        noon = start.toordinal() + 1721424.5 + 15
        middle = round(sun_longitude(noon) / 30) * 30
        return any(start <= day_at(solar_term(d % 360, noon), hours) < end
                   for d in (middle - 30, middle, middle + 30))

    def day(self, month, day):
        return self.first[month] + (day - 1) * DAY


# --- small helpers -----------------------------------------------------------------
def nth(year, month, weekday, n):
    """The nth weekday (0 Monday) of a month; -1: the last."""
    if n < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - DAY
        return last - ((last.weekday() - weekday) % 7) * DAY
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (n - 1)) * DAY


# --- Japan: Act on National Holidays (Act 178 of 1948) and its amendments ------------
def japan(year):
    d = {}
    spring = int(20.8431 + 0.242194 * (year - 1980) - (year - 1980) // 4)
    autumn = int(23.2488 + 0.242194 * (year - 1980) - (year - 1980) // 4)
    d[date(year, 1, 1)] = "New Year's Day"
    d[nth(year, 1, 0, 2)] = "Coming of Age Day"
    d[date(year, 2, 11)] = "National Foundation Day"
    d[date(year, 3, spring)] = "Vernal Equinox Day"
    d[date(year, 4, 29)] = "Showa Day"
    d[date(year, 5, 3)] = "Constitution Memorial Day"
    d[date(year, 5, 4)] = "Greenery Day"
    d[date(year, 5, 5)] = "Children's Day"
    d[nth(year, 9, 0, 3)] = "Respect for the Aged Day"
    d[date(year, 9, autumn)] = "Autumnal Equinox Day"
    d[date(year, 11, 3)] = "Culture Day"
    d[date(year, 11, 23)] = "Labor Thanksgiving Day"
    if year >= 2020:
        d[date(year, 2, 23)] = "Emperor's Birthday"
    elif year <= 2018:
        d[date(year, 12, 23)] = "Emperor's Birthday"
    # the Olympic summers moved three days
    marine, mountain, sports = {
        2020: (date(2020, 7, 23), date(2020, 8, 10), date(2020, 7, 24)),
        2021: (date(2021, 7, 22), date(2021, 8, 8), date(2021, 7, 23)),
    }.get(year, (nth(year, 7, 0, 3), date(year, 8, 11), nth(year, 10, 0, 2)))
    d[marine] = "Marine Day"
    d[mountain] = "Mountain Day"
    d[sports] = "Sports Day" if year >= 2020 else "Health and Sports Day"
    if year == 2019:
        d[date(2019, 5, 1)] = "Enthronement Day"
        d[date(2019, 10, 22)] = "Enthronement Ceremony Day"
    # article 3 (2): Sunday -> the next day that is no holiday
    for day in sorted(d):
        if day.weekday() == 6:
            other = day + DAY
            while other in d:
                other += DAY
            d[other] = "Substitute Holiday"
    # article 3 (3): a day between two holidays
    for day in sorted(d):
        middle = day + DAY
        if middle not in d and middle + DAY in d and d[day] != "Substitute Holiday" \
                and d[middle + DAY] != "Substitute Holiday":
            d[middle] = "Citizens' Holiday"
    return d


# --- China: State Council order 513 (2013) and 795 (2024) fix the statutory days.  The days
# off around them are announced each November by the General Office of the State Council;
# what is usual of it stands here as a rule with the years that differ, held against the
# announcements for 2020 to 2026.  Weekends worked in exchange follow no rule: they stand
# below as they were announced.
MAY = {2022: (date(2022, 4, 30), 5), 2023: (date(2023, 4, 29), 5), 2019: (date(2019, 5, 1), 4)}
# a single day and the weekend near it: three days, from so many before; Wednesday stays alone
JOINED = {0: (-2, 3), 1: (-2, 3), 2: (0, 1), 3: (0, 3), 4: (0, 3), 5: (0, 3), 6: (-1, 3)}


def china(year):
    moon = Lunar(year, 8)
    d = {}

    def off(day, days, name):
        for i in range(days):
            d.setdefault(day + i * DAY, name)

    def joined(day, name):
        before, days = JOINED[day.weekday()]
        off(day, 1, name)
        off(day + before * DAY, days, name)

    first, tomb = moon.day(1, 1), day_at(solar_term(15, jde_of(year) + 94), 8)
    autumn = moon.day(8, 15)
    # law: three days, four with the eve since 2025; off: seven from the eve, eight since then
    if year == 2024:
        off(first, 8, "Spring Festival")
    else:
        off(first - DAY, 8 if year >= 2025 else 7, "Spring Festival")
    # law: 1 May, since 2025 also the 2nd; off: five days since 2020
    off(*MAY.get(year, (date(year, 5, 1), 5 if year >= 2020 else 1)), "Labour Day")
    # law: 1 to 3 October; off: seven days since 2000, eight with Mid-Autumn among them
    near = date(year, 10, 1) - autumn
    if DAY <= near <= 2 * DAY:
        off(autumn, 8, "National Day")
    else:
        off(date(year, 10, 1), 8 if autumn.month == 10 and autumn.day <= 8 else 7, "National Day")
    joined(date(year, 1, 1), "New Year's Day")
    joined(tomb, "Tomb-Sweeping Day")
    joined(moon.day(5, 5), "Dragon Boat Festival")
    joined(autumn, "Mid-Autumn Festival") if autumn.month == 9 and near > 2 * DAY else \
        off(autumn, 1, "Mid-Autumn Festival")
    return {day: name for day, name in d.items() if day.year == year}


# --- Taiwan: Memorial Days and Holidays Act (2025) and the regulations before it ------
def taiwan(year):
    moon = Lunar(year, 8)
    first = moon.day(1, 1)
    days = [(date(year, 1, 1), "Founding Day"), (date(year, 2, 28), "Peace Memorial Day"),
            (date(year, 10, 10), "National Day"), (moon.day(5, 5), "Dragon Boat Festival"),
            (moon.day(8, 15), "Mid-Autumn Festival")]
    children = date(year, 4, 4)
    tomb = day_at(solar_term(15, jde_of(year) + 94), 8)
    if children == tomb:
        children += DAY if tomb.weekday() == 3 else -DAY
    days += [(children, "Children's Day"), (tomb, "Tomb-Sweeping Day")]
    if year >= 2025:
        days += [(date(year, 9, 28), "Teachers' Day"), (date(year, 10, 25), "Retrocession Day"),
                 (date(year, 12, 25), "Constitution Day")]
    if year >= 2026:
        days += [(date(year, 5, 1), "Labour Day")]
    eve = 2 if year >= 2026 else 1
    spring = [first + i * DAY for i in range(-eve, 3)]
    d = {day: "Spring Festival" for day in spring}
    for day, name in days:
        d.setdefault(day, name)
    # days of the Spring Festival on a weekend move behind it; others to Friday or Monday
    behind = spring[-1] + DAY
    for day in spring:
        if day.weekday() >= 5:
            while behind in d or behind.weekday() >= 5:
                behind += DAY
            d[behind] = "Substitute Holiday"
    for day, _ in days:
        if day in spring or day.weekday() < 5:
            continue
        step = -DAY if day.weekday() == 5 else DAY
        other = day + step
        while other in d or other.weekday() >= 5:
            other += step
        d[other] = "Substitute Holiday"
    return d


# --- Korea: regulation on holidays of public offices ---------------------------------
def korea(year):
    moon = Lunar(year, 9)
    d = {}
    moved = []          # (day, Saturdays count too)

    def put(day, name, since=None, saturday=False):
        clash = day in d
        d.setdefault(day, name)
        if since is not None and day >= since:
            weekend = day.weekday() == 6 or (saturday and day.weekday() == 5)
            if clash or weekend:
                moved.append(day)

    since_2014, since_2021, since_2023 = date(2014, 1, 1), date(2021, 8, 1), date(2023, 5, 1)
    put(date(year, 1, 1), "New Year's Day")
    put(date(year, 6, 6), "Memorial Day")
    if year >= 2026:
        put(date(year, 7, 17), "Constitution Day", date(2026, 1, 1), True)
    put(date(year, 3, 1), "Independence Movement Day", since_2021, True)
    put(date(year, 8, 15), "Liberation Day", since_2021, True)
    put(date(year, 10, 3), "Gaecheonjeol", since_2021, True)
    put(date(year, 10, 9), "Hangul Day", since_2021, True)
    put(date(year, 5, 5), "Children's Day", since_2014, True)
    put(moon.day(4, 8), "Buddha's Birthday", since_2023, True)
    put(date(year, 12, 25), "Christmas Day", since_2023, True)
    for i in range(-1, 2):
        put(moon.day(1, 1) + i * DAY, "Seollal", since_2014)
    for i in range(-1, 2):
        put(moon.day(8, 15) + i * DAY, "Chuseok", since_2014)
    for day in sorted(moved):
        other = day + DAY
        while other in d or other.weekday() == 6 or other.weekday() == 5:
            other += DAY
        d[other] = "Substitute Holiday"
    return d


# --- United States: 5 U.S.C. 6103 ----------------------------------------------------
def united_states(year):
    fixed = [(date(year, 1, 1), "New Year's Day"), (date(year, 7, 4), "Independence Day"),
             (date(year, 11, 11), "Veterans Day"), (date(year, 12, 25), "Christmas Day"),
             (date(year + 1, 1, 1), "New Year's Day")]
    if year >= 2021:
        fixed.append((date(year, 6, 19), "Juneteenth"))
    d = {nth(year, 1, 0, 3): "Martin Luther King Jr. Day", nth(year, 2, 0, 3): "Washington's Birthday",
         nth(year, 5, 0, -1): "Memorial Day", nth(year, 9, 0, 1): "Labor Day",
         nth(year, 10, 0, 2): "Columbus Day", nth(year, 11, 3, 4): "Thanksgiving Day"}
    for day, name in fixed:
        d[day] = name
        if day.weekday() == 5:
            d[day - DAY] = name
        elif day.weekday() == 6:
            d[day + DAY] = name
    return {day: name for day, name in d.items() if day.year == year}


# --- India: the three that hold everywhere; the others are announced by each state ----
def india(year):
    return {date(year, 1, 26): "Republic Day", date(year, 8, 15): "Independence Day",
            date(year, 10, 2): "Gandhi Jayanti"}


# --- days that are holidays to some, and weekends that are none: asked for silences only -----
# Offices of the Union (Department of Personnel and Training, "Holidays to be observed in
# Central Government Offices", each year): the fourteen that hold in all of India.  Good Friday
# and Christmas follow a rule; the others are announced, those by the sight of the moon once
# more shortly before: of 2026 they are left out.
INDIA_OFFICES = {
    2023: "0404 0422 0505 0629 0729 0928 1024 1112 1127",
    2024: "0411 0421 0523 0617 0717 0916 1012 1031 1115",
    2025: "0331 0410 0512 0607 0706 0905 1002 1020 1105",
    2026: "0331 0501 1020 1108 1124",
}
# Weekend days worked in exchange for days off (General Office of the State Council, notice on
# the arrangement of holidays, each November or so for the year to come; 1 February 2020 was
# taken back).  29 December 2018 is of the notice for 2019.
CHINA_WORKED = {
    2016: "0206 0214 0612 0918 1008 1009", 2017: "0122 0204 0401 0527 0930",
    2018: "0211 0224 0408 0428 0929 0930 1229", 2019: "0202 0203 0428 0505 0929 1012",
    2020: "0119 0426 0509 0628 0927 1010", 2021: "0207 0220 0425 0508 0918 0926 1009",
    2022: "0129 0130 0402 0424 0507 1008 1009", 2023: "0128 0129 0423 0506 0625 1007 1008",
    2024: "0204 0218 0407 0428 0511 0914 0929 1012", 2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}


def announced(table, year):
    return {date(year, int(d[:2]), int(d[2:])) for d in table.get(year, "").split()}


def easter(year):
    """Of the Gregorian calendar (Meeus, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    far = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * far) // 451
    n = h + far - 7 * m + 114
    return date(year, n // 31, n % 31 + 1)


def india_offices(year):
    return announced(INDIA_OFFICES, year) | {easter(year) - 2 * DAY, date(year, 12, 25)}


OTHERS = {"CN": ("OTHER_WORKED", lambda year: announced(CHINA_WORKED, year)),
          "IN": ("OTHER_OFFICES", india_offices)}


COUNTRIES = {"JP": japan, "CN": china, "KR": korea, "TW": taiwan, "US": united_states,
             "IN": india}


def others():
    """[(country, day since 1970, kind, day)]: what OTHERS say of days."""
    rows = []
    for number, country in enumerate(COUNTRIES):
        kind, days_of = OTHERS.get(country, ("", lambda year: ()))
        for year in range(FIRST, LAST + 1):
            for day in days_of(year):
                if kind == "OTHER_WORKED" and (day.weekday() < 5 or day in COUNTRIES[country](year)):
                    sys.exit(f"{country} {day}: worked in exchange, and no weekend, or a holiday")
                if day not in COUNTRIES[country](year):
                    rows.append((number, day.toordinal() - date(1970, 1, 1).toordinal(), kind, day))
    return sorted(rows)


def main():
    with open(sys.argv[1], encoding="utf-8") as words:
        names = re.findall(r'^\t"(.*)",$', words.read(), re.M)
    rows = []
    for number, country in enumerate(COUNTRIES):
        for year in range(FIRST, LAST + 1):
            for day, name in COUNTRIES[country](year).items():
                rows.append((number, day.toordinal() - date(1970, 1, 1).toordinal(),
                             names.index(name), day, country))
    rows.sort()
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        w = out.write
        w("/* Made by src/site/holidays.py at build: do not edit. */\n")
        w('#include "site/holidays.h"\n\nconst char *const holiday_countries[] = { ')
        w(", ".join(f'"{c}"' for c in COUNTRIES) + ", NULL };\n")
        w(f"const int32_t holiday_first_year = {FIRST}, holiday_last_year = {LAST};\n")
        w(f"const size_t holidays_n = {len(rows)};\nconst struct holiday holidays[] = {{\n")
        w("".join(f"\t{{ {c}, {n}, {d} }}, /* {country} {day} */\n"
                  for c, d, n, day, country in rows))
        rest = others()
        w(f"}};\nconst size_t holiday_others_n = {len(rest)};\nconst struct holiday_other holiday_others[] = {{\n")
        w("".join(f"\t{{ {c}, {kind}, {d} }}, /* {day} */\n" for c, d, kind, day in rest))
        w("};\n")


if __name__ == "__main__":
    main()
