"""Exact optimum for the small cases of `lockstep eval rebalance`, by HiGHS (highspy; 1 thread).

    python bench/peers/rebalance.py FOLDER      # holds s01.csv, l01.csv and so on

The same value of stock as the mind's: concave in the stock, so one continuous variable in [0, 1] for each unit is exact; one
binary for each lane. Prints one line for each case: case, exact gain. Needs highspy, numpy and scipy; run by hand.
"""

import csv
import pathlib
import sys

import highspy
import numpy as np
from scipy import stats


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def marginals(row, most):
    mean, dispersion = float(row["mean"]), float(row["dispersion"])
    margin, salvage = float(row["margin"]), float(row["salvage"])
    units = np.arange(most)
    if mean <= 0:
        below = np.ones(most)
    elif dispersion <= 1.0:
        below = stats.poisson.cdf(units, mean)
    else:
        below = stats.nbinom.cdf(units, mean / (dispersion - 1), 1 / dispersion)
    return salvage + (margin - salvage) * (1 - below)


def solve(stock, lanes):
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 1)
    h.setOptionValue("mip_rel_gap", 1e-9)
    h.setOptionValue("time_limit", 600.0)
    binary = [h.addBinary() for _ in lanes]
    objective = sum(-float(lane["fixed"]) * b for lane, b in zip(lanes, binary))
    before = 0.0
    for item in sorted({row["item"] for row in stock}):
        shelves = {row["location"]: row for row in stock if row["item"] == item}
        total = sum(int(row["stock"]) for row in shelves.values())
        sent = {}
        for k, lane in enumerate(lanes):
            if lane["from"] in shelves and lane["to"] in shelves:
                most = int(shelves[lane["from"]]["stock"])
                sent[k] = h.addVariable(0, most)
                h.changeColIntegrality(sent[k].index, highspy.HighsVarType.kInteger)
                h.addConstr(sent[k] - most * binary[k] <= 0)
                objective = objective - float(lane["per_unit"]) * sent[k]
        for name, row in shelves.items():
            worth = marginals(row, total)
            held = int(row["stock"])
            before += float(worth[:held].sum())
            units = [h.addVariable(0, 1) for _ in range(total)]
            objective = objective + sum(float(w) * u for w, u in zip(worth, units))
            out = [sent[k] for k in sent if lanes[k]["from"] == name]
            into = [sent[k] for k in sent if lanes[k]["to"] == name]
            h.addConstr(sum(units) + sum(out) - sum(into) == held)
            if out:
                h.addConstr(sum(out) <= held)
    h.maximize(objective)
    return h.getInfo().objective_function_value - before


def main():
    folder = pathlib.Path(sys.argv[1])
    for path in sorted(folder.glob("s[0-9]*.csv")):
        lanes = table(folder / path.name.replace("s", "l", 1))
        print(path.stem, round(solve(table(path), lanes), 4), flush=True)


if __name__ == "__main__":
    main()
