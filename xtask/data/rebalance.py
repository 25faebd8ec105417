"""Tables for `lockstep eval rebalance`.

`python3 xtask/data/rebalance.py SRC DST`: writes twenty small cases over real store locations (`s01.csv` with `l01.csv` and
so on; small enough for an exact solution) and one horizon of 28 days over both stores of m5_two_stores (`m5_stock.csv`,
`m5_lanes.csv`, `m5_actual.csv`). Demand of the latter is the mean of the 56 days before; stock is set to what a four-week
cover with its usual errors leaves, drawn from a fixed seed. Margins and lane costs are set here, as no data set tells them.
"""

import csv
import gzip
import math
import pathlib
import random
import sys


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write(path, head, lines):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerows(lines)


STOCK = ["item", "location", "stock", "mean", "dispersion", "margin", "salvage"]
LANES = ["from", "to", "per_unit", "fixed"]


def km(a, b):
    la, lb = math.radians(a[0]), math.radians(b[0])
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(h)))


def small(case, stores, target):
    dice = random.Random(case)
    home = dice.choice(stores)
    near = sorted(stores, key=lambda at: km(home, at))[:40]
    places = dice.sample(near, 3 + case % 4)
    stock = []
    for item in range(3 + case % 6):
        margin = round(dice.uniform(4, 25), 2)
        for k in range(len(places)):
            mean = round(dice.lognormvariate(0.9, 0.9), 3)
            held = max(0, round(mean * dice.uniform(0.0, 2.2)))
            stock.append([f"i{item}", f"p{k}", held, mean, round(dice.uniform(1.0, 2.5), 2), margin, round(0.3 * margin, 2)])
    lanes = []
    for a, one in enumerate(places):
        for b, other in enumerate(places):
            if a != b:
                lanes.append([f"p{a}", f"p{b}", round(0.2 + 0.004 * km(one, other), 2), round(dice.uniform(1, 9), 2)])
    write(target / f"s{case:02}.csv", STOCK, stock)
    write(target / f"l{case:02}.csv", LANES, lanes)


def m5(source, target):
    prices = {}
    for row in rows(source / "sell_prices.csv.gz"):
        prices[row["item_id"], row["store_id"]] = float(row["sell_price"])
    dice = random.Random(5)
    stock, actual = [], []
    for row in rows(source / "sales_d1_d1941.csv.gz"):
        item, store = row["item_id"], row["store_id"]
        days = [int(row[f"d_{day}"]) for day in range(1941 - 84 + 1, 1942)]
        past, coming = days[:56], days[56:]
        mean = sum(past) / 56
        spread = sum((units - mean) ** 2 for units in past) / 55
        dispersion = max(1.02, spread / mean) if mean > 0 else 1.5
        held = max(0, round(28 * mean * dice.lognormvariate(-0.1, 0.5)))
        price = prices[item, store]
        stock.append([item, store, held, round(28 * mean, 3), round(dispersion * 1.4, 3), round(0.3 * price, 2), round(0.05 * price, 2)])
        actual.append([item, store, sum(coming)])
    write(target / "m5_stock.csv", STOCK, stock)
    write(target / "m5_actual.csv", ["item", "location", "quantity"], actual)
    write(target / "m5_lanes.csv", LANES, [["CA_1", "TX_2", 0.15, 60.0], ["TX_2", "CA_1", 0.15, 60.0]])


def main():
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    stores = []
    for row in rows(source / "geo_stores/bestbuy_2016.csv.gz"):
        if row["lat"] and row["lon"]:
            stores.append((float(row["lat"]), float(row["lon"])))
    for case in range(1, 21):
        small(case, stores, target)
    m5(source / "m5_two_stores", target)
    print("rebalance: 20 small cases and one horizon", file=sys.stderr)


if __name__ == "__main__":
    main()
