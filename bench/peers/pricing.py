"""A peer of `lockstep eval pricing` on the same rows, origins and levels: a log-log regression with an effect for each
item, a price and a promotion slope for each category, in numpy (sales of nothing count as half a unit).

Usage: python3 pricing.py WEEKS.csv. Needs numpy. Prints one JSON object.
"""

import csv
import json
import sys
import time
from collections import defaultdict

import numpy as np

ORIGINS, AHEAD, HALF_LIFE, LEVEL, MOVED = [0.6, 0.68, 0.76, 0.84, 0.92], 4, 6.0, 26, 0.05


def slopes(rows):
    """Price and promotion slopes by category, items' means taken out, with a ridge of one."""
    groups = defaultdict(lambda: defaultdict(list))
    for item, week, units, price, category, promotion in rows:
        groups[category][item].append((np.log(max(units, 0.5)), np.log(price), promotion))
    told = {}
    for category, items in groups.items():
        centred = [np.array(values) - np.mean(values, axis=0) for values in items.values()]
        table = np.concatenate(centred)
        x = table[:, 1:]
        told[category] = np.linalg.solve(x.T @ x + np.eye(2), x.T @ table[:, 0] + np.array([-2.0, 0.0]))
    return told


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as text:
        rows = [
            (r["item"], int(r["week"]), float(r["units"]), float(r["price"]), r["category"], float(r["promotion"] or 0))
            for r in csv.DictReader(text)
        ]
    started = time.process_time()
    first, last = min(r[1] for r in rows), max(r[1] for r in rows)
    sums = {"all_rows": [0, 0.0, 0.0, 0.0], "rows_whose_price_moved": [0, 0.0, 0.0, 0.0]}
    for origin in sorted({first + int((last - first) * part) for part in ORIGINS}):
        told = slopes([r for r in rows if r[1] < origin])

        def shape(row):
            price, promotion = told.get(row[4], (-2.0, 0.0))
            return np.exp(price * np.log(row[3]) + promotion * row[5])

        recent = defaultdict(lambda: np.zeros(4))
        for row in rows:
            if origin - LEVEL <= row[1] < origin:
                weight = 2 ** (-(origin - row[1]) / HALF_LIFE)
                recent[row[0]] += weight * np.array([row[2], shape(row), 1.0, np.log(row[3])])
        for row in rows:
            if origin <= row[1] < origin + AHEAD and row[0] in recent and recent[row[0]][0] > 0:
                level = recent[row[0]]
                mean = max(level[0] / level[1] * shape(row), 0.01)
                units = row[2]
                deviance = 2 * ((units * np.log(units / mean) if units > 0 else 0.0) - (units - mean))
                kinds = ["all_rows"]
                if abs(np.log(row[3]) - level[3] / level[2]) > MOVED:
                    kinds.append("rows_whose_price_moved")
                for kind in kinds:
                    sums[kind] = [a + b for a, b in zip(sums[kind], [1, units, abs(units - mean), deviance])]
    figures = {
        kind: {"rows": s[0], "wape": round(s[2] / s[1], 3), "deviance_per_row": round(s[3] / s[0], 3)}
        for kind, s in sums.items()
    }
    figures["cpu_seconds"] = round(time.process_time() - started, 3)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
