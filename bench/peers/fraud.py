"""The Fraud Detection Handbook's baselines, on the tables of `lockstep eval fraud`, to be run beside it.

Usage: fraud.py TRAIN TEST   (TRAIN holds all payments before the test; needs pandas, scikit-learn, xgboost)
Features, protocol and metrics as in the book (Le Borgne et al.): 7 days of training, 7 days of delay, 7 days of test, known
cards left out. Fits with one thread; prints one JSON line per model.
"""
import json, resource, sys, time

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

DELAY = 7
data = pd.concat([pd.read_csv(path, dtype={"customer": str, "terminal": str}) for path in sys.argv[1:3]])
data["time"] = pd.to_datetime(data["time"])
data = data.sort_values("time", kind="stable").reset_index(drop=True)
data["day"] = (data["time"] - pd.Timestamp("1970-01-01")).dt.days
test_from = (pd.read_csv(sys.argv[2], usecols=["time"])["time"].pipe(pd.to_datetime).min() - pd.Timestamp("1970-01-01")).days
# Windows reach back 37 days at most.
data = data[data["day"] >= test_from - 14 - 38].reset_index(drop=True)
data["weekend"] = (data["time"].dt.weekday >= 5).astype(int)
data["night"] = (data["time"].dt.hour <= 6).astype(int)
features = ["amount", "weekend", "night"]


def windows(key, value, days, shift=0):
    """Count and sum over (t - shift - days, t - shift] per key, aligned with the rows."""
    count, total = np.zeros(len(data)), np.zeros(len(data))
    stamps = data["time"].values.astype("datetime64[s]").astype(np.int64)
    for _, rows in data.groupby(key, sort=False).indices.items():
        t, v = stamps[rows], data[value].values[rows].astype(float)
        sums = np.concatenate([[0.0], np.cumsum(v)])
        high = np.searchsorted(t, t - shift * 86400, side="right")
        low = np.searchsorted(t, t - (shift + days) * 86400, side="right")
        count[rows], total[rows] = high - low, sums[high] - sums[low]
    return count, total


for days in (1, 7, 30):
    count, total = windows("customer", "amount", days)
    data[f"c_n{days}"], data[f"c_mean{days}"] = count, total / np.maximum(count, 1)
    count, frauds = windows("terminal", "label", days, DELAY)
    data[f"t_n{days}"], data[f"t_risk{days}"] = count, frauds / np.maximum(count, 1)
    features += [f"c_n{days}", f"c_mean{days}", f"t_n{days}", f"t_risk{days}"]

train = data[(data["day"] >= test_from - 14) & (data["day"] < test_from - 7)]
known, parts = set(train.loc[train["label"] == 1, "customer"]), []
for n in range(7):
    day = data[(data["day"] == test_from - 7 + n - 1) & (data["label"] == 1)]
    known |= set(day["customer"])
    today = data[data["day"] == test_from + n]
    parts.append(today[~today["customer"].isin(known)])
test = pd.concat(parts)


def card_precision(scores, top=100):
    found, shares = set(), []
    frame = test[["day", "customer", "label"]].assign(score=scores)
    for _, day in frame.groupby("day"):
        day = day[~day["customer"].isin(found)].groupby("customer")[["score", "label"]].max()
        best = day.sort_values("score", ascending=False, kind="stable").head(top)
        caught = set(best.index[best["label"] == 1])
        shares.append(len(caught) / top)
        found |= caught
    return float(np.mean(shares))


models = {
    "logistic regression": LogisticRegression(max_iter=1000),
    "tree of depth 2": DecisionTreeClassifier(max_depth=2, random_state=0),
    "random forest": RandomForestClassifier(random_state=0, n_jobs=1),
    "xgboost": XGBClassifier(random_state=0, n_jobs=1),
}
for name, model in models.items():
    started = time.process_time()
    fitted = make_pipeline(StandardScaler(), model).fit(train[features], train["label"])
    fit_s = time.process_time() - started
    scores = fitted.predict_proba(test[features])[:, 1]
    one = test[features].head(1)
    times = []
    for _ in range(50):
        begun = time.perf_counter()
        fitted.predict_proba(one)
        times.append((time.perf_counter() - begun) * 1e6)
    print(json.dumps({
        "peer": name, "auc": round(roc_auc_score(test["label"], scores), 4),
        "average_precision": round(average_precision_score(test["label"], scores), 4),
        "card_precision_100": round(card_precision(scores), 4), "judged": len(test),
        "judged_frauds": int(test["label"].sum()), "fit_cpu_s": round(fit_s, 2),
        "one_row_us_p50": round(float(np.median(times)), 1),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }), flush=True)
