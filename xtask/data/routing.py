"""Order-routing instances over real store locations.

`python3 xtask/data/routing.py SRC DST`: reads the chains of geo_stores and the ZIP centroids of geo_us_zip, writes
`r01.json` to `r24.json` (different shapes, one day each) and `large.json` (1,000 locations, for latency) in the format of
`lockstep eval routing`. Everything drawn comes from the instance's seed, so the files are the same every time.
"""

import csv
import gzip
import json
import math
import pathlib
import random
import sys

# name: chain, box (lat, lon) or None for the whole country, nodes, orders, skus, mean lines, mean quantity,
#       capacity over demand, stock over demand, share of nodes that carry a sku, penalty, money per km, clustered demand
SHAPES = [
    ("r01", "bestbuy", (32, 42, -125, -114), 40, 400, 120, 1.6, 1.2, 1.10, 1.5, 0.40, 40.0, 0.004, 0.0),
    ("r02", "bestbuy", None, 60, 400, 100, 1.6, 1.2, 1.30, 1.2, 0.30, 35.0, 0.002, 0.0),
    ("r03", "walmart", None, 100, 400, 200, 2.0, 1.1, 1.05, 2.0, 0.25, 30.0, 0.003, 0.0),
    ("r04", "walmart", (25, 37, -107, -88), 50, 500, 150, 2.5, 1.2, 1.20, 1.1, 0.35, 45.0, 0.005, 0.3),
    ("r05", "walmart", (36, 43, -92, -80), 30, 600, 80, 1.2, 1.1, 0.95, 2.0, 0.50, 25.0, 0.006, 0.0),
    ("r06", "bestbuy", (38, 46, -80, -69), 35, 500, 60, 1.4, 1.5, 2.50, 0.95, 0.40, 50.0, 0.008, 0.0),
    ("r07", "bestbuy", None, 25, 300, 50, 3.0, 1.2, 1.10, 1.3, 0.50, 30.0, 0.001, 0.0),
    ("r08", "walmart", None, 80, 300, 300, 3.5, 1.0, 1.50, 1.5, 0.20, 25.0, 0.002, 0.5),
    ("r09", "walmart", (30, 36, -91, -81), 20, 800, 100, 1.3, 1.1, 1.02, 1.2, 0.60, 60.0, 0.010, 0.0),
    ("r10", "bestbuy", None, 150, 300, 100, 1.5, 1.1, 1.15, 1.4, 0.15, 40.0, 0.004, 0.2),
    ("r11", "bestbuy", (32, 42, -125, -114), 30, 500, 40, 1.1, 1.0, 1.10, 1.05, 0.50, 80.0, 0.012, 0.5),
    ("r12", "walmart", None, 40, 400, 120, 4.0, 1.1, 1.20, 1.6, 0.40, 20.0, 0.003, 0.0),
    ("r13", "walmart", (25, 50, -100, -80), 60, 500, 200, 2.0, 2.0, 1.10, 1.2, 0.30, 30.0, 0.004, 0.0),
    ("r14", "bestbuy", (36, 43, -92, -80), 15, 400, 60, 2.2, 1.2, 1.00, 1.1, 0.60, 35.0, 0.007, 0.3),
    ("r15", "bestbuy", None, 50, 600, 30, 1.0, 1.0, 1.08, 1.3, 0.50, 45.0, 0.005, 0.0),
    ("r16", "walmart", None, 120, 250, 150, 2.5, 1.3, 3.00, 1.3, 0.20, 40.0, 0.003, 0.0),
    ("r17", "walmart", (32, 42, -125, -102), 25, 500, 90, 1.8, 1.2, 1.25, 3.0, 0.70, 30.0, 0.015, 0.0),
    ("r18", "bestbuy", (25, 36, -90, -75), 30, 450, 90, 1.8, 1.2, 0.85, 1.0, 0.50, 28.0, 0.006, 0.2),
    ("r19", "bestbuy", None, 70, 350, 70, 2.0, 1.1, 1.40, 0.90, 0.25, 55.0, 0.002, 0.0),
    ("r20", "walmart", (40, 49, -98, -82), 45, 450, 110, 1.5, 1.4, 1.12, 1.8, 0.45, 33.0, 0.009, 0.6),
    ("r21", "walmart", None, 30, 700, 60, 1.3, 1.2, 1.06, 1.15, 0.40, 70.0, 0.006, 0.4),
    ("r22", "bestbuy", (38, 46, -80, -69), 50, 400, 250, 3.0, 1.1, 1.18, 1.4, 0.30, 22.0, 0.004, 0.0),
    ("r23", "bestbuy", None, 20, 500, 100, 2.0, 1.2, 5.00, 1.02, 0.60, 40.0, 0.003, 0.0),
    ("r24", "walmart", (25, 37, -107, -93), 25, 600, 120, 1.7, 1.2, 1.15, 1.25, 0.50, 38.0, 0.010, 0.2),
    ("large", "walmart", None, 1000, 3000, 400, 2.2, 1.2, 1.20, 1.4, 0.25, 40.0, 0.004, 0.1),
]


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def places(path):
    """Distinct (lat, lon) within the contiguous states, in file order."""
    seen = {}
    for row in rows(path):
        try:
            at = (round(float(row["lat"]), 5), round(float(row["lon"]), 5))
        except ValueError:
            continue
        if 24.0 < at[0] < 50.0 and -125.0 < at[1] < -66.0:
            seen.setdefault(at, None)
    return list(seen)


def inside(box, at):
    return box is None or (box[0] <= at[0] <= box[1] and box[2] <= at[1] <= box[3])


def poisson(dice, mean):
    """Knuth; means here are small."""
    limit, k, product = math.exp(-mean), 0, dice.random()
    while product > limit:
        k, product = k + 1, product * dice.random()
    return k


def instance(shape, seed, stores, towns):
    name, chain, box, n, o, skus, lines, quantity, tight, scarce, carried, penalty, per_km, clustered = shape
    dice = random.Random(seed)
    nodes = dice.sample([at for at in stores[chain] if inside(box, at)], n)
    towns = [at for at in towns if inside(box, at)]
    hot = dice.sample(towns, 5)
    popular = [1.0 / (k + 2) ** 0.8 for k in range(skus)]

    orders, wanted = [], [0] * skus
    times = sorted(dice.randrange(6 * 3600, 18 * 3600) for _ in range(o))
    for k, time in enumerate(times):
        at = dice.choice(hot) if dice.random() < clustered else dice.choice(towns)
        count = min(1 + poisson(dice, lines - 1.0), 8, skus)
        chosen = {}
        while len(chosen) < count:
            sku = dice.choices(range(skus), popular)[0]
            chosen.setdefault(sku, 1 + poisson(dice, quantity - 1.0))
        for sku, units in chosen.items():
            wanted[sku] += units
        orders.append({
            "id": f"o{k + 1}",
            "time": time,
            "lat": round(at[0] + dice.uniform(-0.05, 0.05), 5),
            "lon": round(at[1] + dice.uniform(-0.05, 0.05), 5),
            "lines": [{"sku": f"s{sku + 1}", "qty": units} for sku, units in sorted(chosen.items())],
        })

    units = sum(wanted)
    size = [dice.lognormvariate(0.0, 0.6) for _ in range(n)]
    # Stock follows the popularity that a buyer could know, not the orders of the day.
    expected = [units * share / sum(popular) for share in popular]
    stock = []
    for sku in range(skus):
        carriers = [k for k in range(n) if dice.random() < carried] or [dice.randrange(n)]
        whole = sum(size[k] for k in carriers)
        for k in carriers:
            held = poisson(dice, min(expected[sku] * scarce * size[k] / whole, 500.0))
            if held > 0:
                stock.append({"node": f"n{k + 1}", "sku": f"s{sku + 1}", "qty": held})
    capacity = [max(1, round(units * tight * part / sum(size))) for part in (s * dice.uniform(0.5, 1.5) for s in size)]
    return {
        "nodes": [
            {
                "id": f"n{k + 1}",
                "lat": at[0],
                "lon": at[1],
                "capacity": capacity[k],
                "ship_fixed": round(dice.uniform(4.0, 8.0), 2),
                "per_km": round(per_km * dice.uniform(0.8, 1.2), 5),
                "pick": round(dice.uniform(0.4, 1.6), 2),
            }
            for k, at in enumerate(nodes)
        ],
        "stock": stock,
        "orders": orders,
        "unfilled_penalty": penalty,
    }


def main():
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    stores = {
        "bestbuy": places(source / "geo_stores/bestbuy_2016.csv.gz"),
        "walmart": places(source / "geo_stores/walmart_1962_2006.csv.gz"),
    }
    towns = places(source / "geo_us_zip/us_zip_centroids.csv.gz")
    for seed, shape in enumerate(SHAPES, start=1):
        with open(target / f"{shape[0]}.json", "w", encoding="utf-8") as file:
            json.dump(instance(shape, seed, stores, towns), file)
    print(f"routing: {len(SHAPES)} instances", file=sys.stderr)


if __name__ == "__main__":
    main()
