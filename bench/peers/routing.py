"""Clairvoyant bound and peers for `lockstep eval routing`.

    python bench/peers/routing.py [--limit 600] [--peers-only] INSTANCE.json…

For each instance: HiGHS (highspy; 1 thread) on the whole day at once, at most `--limit` seconds, and its dual bound written
into the file as `bound` (a valid lower bound even when the limit was reached). Beside it two rules in the order of time that
retailers use: `nearest` (fill each line from the nearest locations that have it) and `cheapest` (repeatedly the shipment with
the lowest cost for each covered unit). Needs highspy and numpy; run by hand.
"""

import argparse
import json
import math
import sys
import time

import numpy as np

RADIUS_KM = 6371.0


def km(a, b):
    la, lb = math.radians(a["lat"]), math.radians(b["lat"])
    h = math.sin((lb - la) / 2) ** 2
    h += math.cos(la) * math.cos(lb) * math.sin(math.radians(b["lon"] - a["lon"]) / 2) ** 2
    return 2 * RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def carriers(data):
    held = {}
    for row in data["stock"]:
        held.setdefault(row["sku"], {})
        held[row["sku"]][row["node"]] = held[row["sku"]].get(row["node"], 0) + row["qty"]
    return held


def bound(data, limit):
    import highspy

    nodes = {n["id"]: n for n in data["nodes"]}
    held, penalty = carriers(data), data["unfilled_penalty"]
    cost, upper, integer = [], [], []
    starts, index, value, lower_row, upper_row = [0], [], [], [], []

    def variable(c, u, whole):
        cost.append(c)
        upper.append(u)
        integer.append(whole)
        return len(cost) - 1

    def row(entries, low, high):
        for v, a in entries:
            index.append(v)
            value.append(a)
        starts.append(len(index))
        lower_row.append(low)
        upper_row.append(high)

    inf = highspy.kHighsInf
    by_node, by_stock = {}, {}
    for order in data["orders"]:
        ships = {}
        for line in order["lines"]:
            filled = []
            for node, has in held.get(line["sku"], {}).items():
                most = min(line["qty"], has)
                if most <= 0 or nodes[node]["capacity"] <= 0:
                    continue
                if node not in ships:
                    n = nodes[node]
                    ships[node] = variable(n["ship_fixed"] + n["per_km"] * km(n, order), 1, True)
                x = variable(nodes[node]["pick"], most, False)
                row([(x, 1.0), (ships[node], -float(most))], -inf, 0.0)
                filled.append((x, 1.0))
                by_node.setdefault(node, []).append((x, 1.0))
                by_stock.setdefault((node, line["sku"]), []).append((x, 1.0))
            y = variable(penalty, line["qty"], False)
            row(filled + [(y, 1.0)], line["qty"], inf)
    for node, entries in by_node.items():
        row(entries, -inf, nodes[node]["capacity"])
    for (node, sku), entries in by_stock.items():
        row(entries, -inf, held[sku][node])

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(lower_row)
    lp.col_cost_ = np.array(cost)
    lp.col_lower_ = np.zeros(len(cost))
    lp.col_upper_ = np.array(upper, dtype=float)
    lp.row_lower_ = np.array(lower_row, dtype=float)
    lp.row_upper_ = np.array(upper_row, dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(starts)
    lp.a_matrix_.index_ = np.array(index)
    lp.a_matrix_.value_ = np.array(value)
    lp.integrality_ = [highspy.HighsVarType.kInteger if i else highspy.HighsVarType.kContinuous for i in integer]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", float(limit))
    # A bound within a twentieth of a per cent of the optimum is as good as the optimum here.
    solver.setOptionValue("mip_rel_gap", 5e-4)
    solver.passModel(lp)
    solver.run()
    info = solver.getInfo()
    return info.mip_dual_bound, info.objective_function_value


def rule(data, cheapest):
    nodes = {n["id"]: n for n in data["nodes"]}
    held = carriers(data)
    left = {n["id"]: n["capacity"] for n in data["nodes"]}
    penalty, total = data["unfilled_penalty"], 0.0
    for order in sorted(data["orders"], key=lambda o: (o["time"], o["id"])):
        want = {}
        for line in order["lines"]:
            want[line["sku"]] = want.get(line["sku"], 0) + line["qty"]
        way = {i: n["ship_fixed"] + n["per_km"] * km(n, order) for i, n in nodes.items()}
        near = {i: km(n, order) for i, n in nodes.items()}
        while any(want.values()):
            best = None
            for i, n in nodes.items():
                take, room = {}, left[i]
                for sku, units in want.items():
                    got = min(units, held.get(sku, {}).get(i, 0), room)
                    if got > 0:
                        take[sku] = got
                        room -= got
                units = sum(take.values())
                if units == 0:
                    continue
                price = way[i] + n["pick"] * units
                score = price / units if cheapest else near[i]
                if price < penalty * units and (best is None or score < best[0]):
                    best = (score, i, take, price)
            if best is None:
                break
            _, i, take, price = best
            total += price
            for sku, units in take.items():
                want[sku] -= units
                held[sku][i] -= units
                left[i] -= units
        total += penalty * sum(want.values())
    return total


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--limit", type=float, default=600)
    arguments.add_argument("--peers-only", action="store_true")
    arguments.add_argument("files", nargs="+")
    args = arguments.parse_args()
    for path in args.files:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        started = time.process_time()
        if not args.peers_only:
            low, found = bound(data, args.limit)
            data["bound"] = low
            with open(path, "w", encoding="utf-8") as file:
                json.dump(data, file)
            print(f"{path} bound {low:.2f} found {found:.2f} cpu {time.process_time() - started:.0f}", end=" ")
        low = data.get("bound")
        for name, cheapest in (("nearest", False), ("cheapest", True)):
            got = rule(data, cheapest)
            print(f"{name} {got:.2f}" + (f" ({100 * (got / low - 1):+.2f} %)" if low else ""), end=" ")
        print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
