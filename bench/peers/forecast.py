"""Peers of the forecasting mind on the same tables: statsforecast's SeasonalNaive, CrostonSBA, TSB, ADIDA, AutoETS.

Usage: forecast.py SALES ACTUAL [--prices P] [--step day|month|week|hour] [--horizon H] [--models a,b] [--last 400]

Needs: pip install numpy pandas statsforecast. One process, one thread; compiling is not counted. AutoETS sees the last
400 periods only (it takes hours on more). Prints one JSON object per model: the same figures as `lockstep eval
forecast`, from an arithmetic of its own, with CPU seconds and series per CPU second.
"""

import argparse
import json
import os
import resource
import time

for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["NIXTLA_NUMBA_CACHE"] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from statsforecast.models import ADIDA, TSB, AutoETS, CrostonSBA, SeasonalNaive  # noqa: E402

QUANTILES = np.array([0.005, 0.025, 0.165, 0.25, 0.5, 0.75, 0.835, 0.975, 0.995])
LEVELS = [99, 95, 67, 50]
KEYS = [[], ["location"], ["category"], ["department"], ["category", "location"], ["department", "location"], ["item"],
        ["series"]]
NAMES = ["total", "location", "category", "department", "category_location", "department_location", "item",
         "item_location"]


def period(dates, step):
    dates = pd.to_datetime(dates)
    if step == "month":
        return dates.dt.year * 12 + dates.dt.month
    unit = {"hour": 3600, "day": 86400, "week": 7 * 86400}[step]
    return (dates - pd.Timestamp("1970-01-05")).dt.total_seconds() // unit


def dense(path, step, names=None, first=None, last=None):
    table = pd.read_csv(path, dtype={c: str for c in ("series", "item", "location", "category", "department")})
    table["t"] = period(table.date, step).astype(int)
    first = int(table.t.min()) if first is None else first
    last = int(table.t.max()) if last is None else last
    meta = table.drop_duplicates("series").set_index("series") if names is None else names
    place = {name: at for at, name in enumerate(meta.index)}
    table = table[table.series.isin(place)]
    values = np.zeros((len(meta), last - first + 1))
    np.add.at(values, (table.series.map(place).to_numpy(), table.t.to_numpy() - first), table.quantity.to_numpy(float))
    return meta, values, first, last


def groups(meta, keys):
    frame = meta.reset_index()
    if not keys:
        return np.zeros(len(meta), int)
    return frame.groupby(keys, sort=False).ngroup().to_numpy()


def summed(values, group):
    out = np.zeros((group.max() + 1, values.shape[1]))
    np.add.at(out, group, values)
    return out


def scales(values):
    first = (values != 0).argmax(1)
    known = np.arange(1, values.shape[1])[None, :] > first[:, None]
    count = np.maximum(known.sum(1), 1)
    steps = np.diff(values, axis=1)
    return (steps**2 * known).sum(1) / count, (np.abs(steps) * known).sum(1) / count


def weights(meta, past, prices, step, first, last):
    if prices is None:
        return past[:, -28:].sum(1)
    table = pd.read_csv(prices, dtype={"item": str, "location": str})
    table["t"] = period(table.date, step).astype(int)
    place = {(row.item, row.location): at for at, row in enumerate(meta.itertuples())}
    table["at"] = [place.get(key, -1) for key in zip(table["item"], table["location"])]
    table = table[(table["at"] >= 0) & (table.t <= last)].sort_values("t")
    price = np.full((len(meta), last - first + 1), np.nan)
    price[table["at"].to_numpy(), np.maximum(table.t.to_numpy() - first, 0)] = table.price.to_numpy()
    price = pd.DataFrame(price).ffill(axis=1).to_numpy()
    return (past * np.nan_to_num(price))[:, -28:].sum(1)


def judge(meta, past, came, mean, quantiles, weight):
    score = {}
    for name, keys in zip(NAMES, KEYS):
        group = groups(meta, keys)
        scale, _ = scales(summed(past, group))
        error = ((summed(came, group) - summed(mean, group)) ** 2).mean(1)
        share = summed(weight[:, None], group)[:, 0]
        root = np.sqrt(np.divide(error, scale, out=np.zeros_like(error), where=scale > 0))
        score[name] = float((share * root).sum() / share.sum())
    out = {"rmsse_weighted": score["item_location"], "levels": score, "rmsse_weighted_mean": float(np.mean(list(score.values()))),
           "bias": float(mean.sum() / came.sum() - 1)}
    if quantiles is not None:
        off = came[:, :, None] - quantiles
        loss = np.maximum(QUANTILES * off, (QUANTILES - 1) * off).mean((1, 2))
        _, scale = scales(past)
        out["pinball_scaled"] = float((weight * np.divide(loss, scale, out=np.zeros_like(loss), where=scale > 0)).sum() / weight.sum())
        out["coverage95"] = float(((came >= quantiles[:, :, 1]) & (came <= quantiles[:, :, 7])).mean())
    return out


def main():
    args = argparse.ArgumentParser()
    args.add_argument("sales")
    args.add_argument("actual")
    args.add_argument("--prices")
    args.add_argument("--step", default="day")
    args.add_argument("--horizon", type=int, default=28)
    args.add_argument("--last", type=int, default=400)
    args.add_argument("--models", default="SeasonalNaive,CrostonSBA,TSB,ADIDA,AutoETS")
    args = args.parse_args()
    season = {"hour": 168, "day": 7, "week": 52, "month": 12}[args.step]
    meta, past, first, last = dense(args.sales, args.step)
    _, came, _, _ = dense(args.actual, args.step, meta, last + 1, last + args.horizon)
    weight = weights(meta, past, args.prices, args.step, first, last)
    begins = (past != 0).argmax(1)
    # ETS of hours takes seasons of a day; with 168 it does not end.
    models = {"SeasonalNaive": SeasonalNaive(season), "CrostonSBA": CrostonSBA(), "TSB": TSB(alpha_d=0.1, alpha_p=0.1),
              "ADIDA": ADIDA(), "AutoETS": AutoETS(season_length=min(season, 24))}
    for name in args.models.split(","):
        ranged = name in ("SeasonalNaive", "AutoETS")
        mean = np.zeros_like(came)
        quantiles = np.zeros(came.shape + (len(QUANTILES),)) if ranged else None
        model, failed, started = models[name], 0, None
        for at in [0, *range(len(meta))]:
            y = past[at, begins[at]:]
            y = y[-args.last:] if name == "AutoETS" else y
            y = np.concatenate([np.zeros(max(0, 2 * season + 1 - len(y))), y])
            try:
                told = model.forecast(y=y, h=args.horizon, level=LEVELS if ranged else None)
            except Exception:
                failed += 1
                told = {"mean": np.full(args.horizon, y[-28:].mean())}
            mean[at] = np.nan_to_num(told["mean"])
            if ranged:
                get = lambda key: np.nan_to_num(told.get(key, told["mean"]))
                columns = [get(f"lo-{v}") for v in LEVELS] + [get("mean")] + [get(f"hi-{v}") for v in reversed(LEVELS)]
                quantiles[at] = np.maximum(np.stack(columns, 1), 0)
            if started is None:
                started = time.process_time()
        cpu = time.process_time() - started
        figures = judge(meta, past, came, np.maximum(mean, 0), quantiles, weight)
        figures = {"model": name, **figures, "series": len(meta), "failed": failed, "cpu_seconds": round(cpu, 2),
                   "series_per_cpu_second": round(len(meta) / cpu, 1),
                   "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
        print(json.dumps(figures), flush=True)


main()
