"""Tables for `lockstep eval attribution`, from published journeys and weeks of spending.

Usage: python3 attribution.py SRC DST (what `cargo xtask data attribution` runs).
"""

import csv
import gzip
import sys
from pathlib import Path


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def write(path, header, lines):
    with open(path, "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(header)
        count = 0
        for line in lines:
            table.writerow(line)
            count += 1
    print(f"  {path}: {count} rows", file=sys.stderr)


def paths(source):
    for row in rows(source / "attribution_paths/path_data.csv.gz"):
        yield row["path"], row["total_conversions"], row["total_conversion_value"], row["total_null"]


PATHS = ["path", "conversions", "value", "nulls"]
WEEKS = ["week", "name", "kind", "value"]


def million(source):
    """The same journeys one by one until there are a million rows, for the clock."""
    whole = list(paths(source))
    for number in range(1_000_000):
        path, sales, value, without = whole[number % len(whole)]
        yield path, sales, value, without


def robyn(source):
    for row in rows(source / "mmm_weekly/robyn_dt_simulated_weekly.csv.gz"):
        week = row["DATE"]
        yield week, "revenue", "outcome", row["revenue"]
        for channel in ("tv_S", "ooh_S", "print_S", "facebook_S", "search_S"):
            yield week, channel, "spend", row[channel]
        for control in ("competitor_sales_B", "newsletter"):
            yield week, control, "control", row[control]
        for event in ("event1", "event2"):
            yield week, event, "control", 1 if row["events"] == event else 0


def meridian(source):
    """All regions added up, so that there is one outcome a week."""
    spends = [f"Channel{number}_spend" for number in range(5)]
    controls = ["competitor_sales_control", "sentiment_score_control", "Promo", "Organic_channel0_impression"]
    weeks = {}
    for row in rows(source / "mmm_weekly/meridian_geo_all_channels.csv.gz"):
        week = weeks.setdefault(row["time"], {})
        value = float(row["conversions"]) * float(row["revenue_per_conversion"])
        week["revenue", "outcome"] = week.get(("revenue", "outcome"), 0.0) + value
        for name in spends:
            week[name, "spend"] = week.get((name, "spend"), 0.0) + float(row[name])
        for name in controls:
            week[name, "control"] = week.get((name, "control"), 0.0) + float(row[name])
    for week, values in sorted(weeks.items()):
        for (name, kind), value in values.items():
            yield week, name, kind, value


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    write(target / "paths.csv", PATHS, paths(source))
    write(target / "paths_million.csv", PATHS, million(source))
    write(target / "weeks_robyn.csv", WEEKS, robyn(source))
    write(target / "weeks_meridian.csv", WEEKS, meridian(source))


if __name__ == "__main__":
    main()
