"""Peers of `lockstep eval attribution` on the same journeys: a dense solution in numpy, and the package ChannelAttribution.

Usage: python3 attribution.py PATHS.csv CREDIT.csv, where CREDIT.csv is what `lockstep eval attribution --out` wrote.
Needs numpy and pandas; ChannelAttribution (PyPI) where it is there. Prints one JSON object.
"""

import csv
import json
import sys
import time

import numpy as np


def journeys(path):
    with open(path, encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            yield row["path"].split(" > "), float(row["conversions"]), float(row["nulls"])


def dense(path):
    """Removal effects from a dense matrix: start 0, channels from 1, then bought and gone."""
    whole = list(journeys(path))
    names = {}
    for touches, _, _ in whole:
        for name in touches:
            names.setdefault(name, len(names) + 1)
    size = len(names) + 1
    counts = np.zeros((size, size + 2))
    for touches, sales, nulls in whole:
        at = 0
        for name in touches:
            counts[at, names[name]] += sales + nulls
            at = names[name]
        counts[at, size] += sales
        counts[at, size + 1] += nulls
    chances = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)

    def bought(removed=None):
        q, r = chances[:, :size].copy(), chances[:, size].copy()
        if removed is not None:
            q[removed, :] = 0.0
            r[removed] = 0.0
        return np.linalg.solve(np.eye(size) - q, r)[0]

    total = bought()
    effects = np.array([1 - bought(number) / total for number in names.values()])
    sales = sum(sold for _, sold, _ in whole)
    return dict(zip(names, effects / effects.sum() * sales))


def main():
    with open(sys.argv[2], encoding="utf-8", newline="") as text:
        ours = {row["channel"]: float(row["markov"]) for row in csv.DictReader(text)}
    started = time.process_time()
    theirs = dense(sys.argv[1])
    result = {
        "dense_cpu_seconds": round(time.process_time() - started, 3),
        "largest_difference_of_share": max(abs(ours[name] - credit) for name, credit in theirs.items()) / sum(theirs.values()),
    }
    try:
        import ChannelAttribution
        import pandas

        table = pandas.read_csv(sys.argv[1])
        started = time.process_time()
        told = ChannelAttribution.markov_model(table, "path", "conversions", var_null="nulls", order=1)
        result["package_cpu_seconds"] = round(time.process_time() - started, 3)
        told = dict(zip(told.iloc[:, 0], told.iloc[:, 1]))
        result["package_largest_difference_of_share"] = max(abs(ours[name] - told[name]) for name in ours) / sum(told.values())
    except Exception as error:  # the package may be missing or changed
        result["package"] = str(error)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
