"""Picks for `lockstep eval allocation`.

`python3 xtask/data/allocation.py SRC DST`: no published data set tells which picks failed, so `picks.csv` is simulated from a
fixed seed: 40 locations that differ in care, 6 categories that differ in loss, books that drift from the shelf as days pass
without a count or a sale. SRC is not read.
"""

import csv
import pathlib
import random
import sys


def main():
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    dice = random.Random(11)
    care = [dice.betavariate(2, 5) for _ in range(40)]
    loss = [0.2, 0.4, 0.6, 1.0, 1.5, 2.5]
    with open(target / "picks.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["time", "location", "category", "on_hand", "days", "found", "margin", "cancelled"])
        for time in range(60_000):
            location, category = dice.randrange(40), dice.randrange(6)
            on_hand = min(1 + int(dice.expovariate(0.35)), 30)
            days = int(dice.expovariate(0.08))
            # Each unit may have gone astray since somebody last looked.
            astray = min(0.9, 0.02 + 0.03 * loss[category] * (0.2 + 2.5 * care[location]) * days ** 0.7)
            found = any(dice.random() >= astray for _ in range(on_hand))
            margin = round(dice.lognormvariate(2.2, 0.6), 2)
            out.writerow([time, f"l{location}", f"c{category}", on_hand, days, int(found), margin, round(20 + margin, 2)])
    print("allocation: 60000 picks", file=sys.stderr)


if __name__ == "__main__":
    main()
