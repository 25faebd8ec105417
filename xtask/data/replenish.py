"""Sales and costs for `lockstep eval replenish` and `lockstep eval rebalance`.

`python3 xtask/data/replenish.py SRC DST`: reads m5_two_stores and writes `sales.csv.gz` (the last 500 days of every fifth
item at both stores, in the documented form of sales) and `costs.csv`. The prices are real; margin, holding, lead times,
minimum and packs are set here by fixed rules, as no data set tells them.
"""

import csv
import gzip
import pathlib
import sys
import zlib

DAYS = 500


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def draw(text, options):
    """A fixed choice by the text's checksum."""
    return options[zlib.crc32(text.encode()) % len(options)]


def main():
    source, target = pathlib.Path(sys.argv[1]) / "m5_two_stores", pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    dates = [row["date"] for row in rows(source / "calendar.csv.gz")]
    items, kept = {}, []
    prices = {}
    for row in rows(source / "sell_prices.csv.gz"):
        prices[row["item_id"], row["store_id"]] = float(row["sell_price"])
    with gzip.open(target / "sales.csv.gz", "wt", encoding="utf-8", newline="", compresslevel=3) as file:
        out = csv.writer(file)
        out.writerow(["series", "item", "location", "category", "department", "date", "quantity"])
        for row in rows(source / "sales_d1_d1941.csv.gz"):
            place = items.setdefault(row["item_id"], len(items))
            if place % 5 != 0:
                continue
            kept.append((row["item_id"], row["store_id"], row["dept_id"]))
            for day in range(1941 - DAYS, 1941):
                head = [row["id"], row["item_id"], row["store_id"], row["cat_id"], row["dept_id"]]
                out.writerow(head + [dates[day], row[f"d_{day + 1}"]])
    with open(target / "costs.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        names = "item,location,unit_cost,margin,holding_per_day,lead_time_days,review_days,moq,pack"
        out.writerow(names.split(","))
        for item, store, department in kept:
            price = prices[item, store]
            margin = draw(department, [0.25, 0.30, 0.35, 0.40]) * price
            cost = price - margin
            # A quarter of the cost a year for money, space and loss.
            holding = 0.25 * cost / 365
            pack = draw(item, [1, 1, 1, 6, 12])
            least = pack * draw(item + "least", [1, 1, 1, 2])
            lead = draw(department + "lead", [2, 4, 7, 10])
            out.writerow([item, store, f"{cost:.3f}", f"{margin:.3f}", f"{holding:.6f}", lead, 7, least, pack])
    print(f"replenish: {len(kept)} series", file=sys.stderr)


if __name__ == "__main__":
    main()
