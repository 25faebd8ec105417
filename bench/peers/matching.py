"""Product pairs by rapidfuzz and LightGBM, on the tables of `lockstep eval match`, to be run beside it.

Usage: matching.py LEFT RIGHT TRAIN TEST   (needs numpy, rapidfuzz, scikit-learn, lightgbm)
Features: string similarities of titles and of all text, tf-idf cosines of words and of character pieces, prices apart. The
threshold is the best F1 of five-fold cross-validation inside TRAIN. One thread; prints one JSON line.
"""
import csv, json, math, re, resource, sys, time

import numpy as np
from lightgbm import LGBMClassifier
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import cross_val_predict

left_path, right_path, train_path, test_path = sys.argv[1:5]


def table(path):
    with open(path, newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def pairs(path):
    with open(path, newline="") as file:
        return [(row["left"], row["right"], int(row["label"])) for row in csv.DictReader(file)]


left, right = table(left_path), table(right_path)
text = lambda row: " ".join(value for key, value in row.items() if key not in ("id", "price")).lower()
title = lambda row: row["title"].lower()
started = time.process_time()
everything = [text(row) for row in [*left.values(), *right.values()]]
spaces = [TfidfVectorizer(sublinear_tf=True), TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)]
spaces = [(space.fit(everything), {}) for space in spaces]


def vector(space, known, words):
    if words not in known:
        known[words] = space.transform([words])
    return known[words]


def price(row):
    found = re.search(r"[\d,]+(\.\d+)?", row.get("price", "") or "")
    return float(found.group().replace(",", "") or 0) if found else 0.0


def features(pair):
    a, b = left[pair[0]], right[pair[1]]
    row = []
    for view in (title, text):
        x, y = view(a), view(b)
        row += [fuzz.ratio(x, y), fuzz.partial_ratio(x, y), fuzz.token_set_ratio(x, y), fuzz.token_sort_ratio(x, y),
                JaroWinkler.similarity(x, y)]
        row += [float(vector(*space, x).multiply(vector(*space, y)).sum()) for space in spaces]
    p, q = price(a), price(b)
    return row + [abs(math.log(p / q)) if p > 0 and q > 0 else np.nan]


train, test = pairs(train_path), pairs(test_path)
X, y = np.array([features(pair) for pair in train]), np.array([pair[2] for pair in train])
Z, z = np.array([features(pair) for pair in test]), np.array([pair[2] for pair in test])
model = lambda: LGBMClassifier(n_estimators=300, learning_rate=0.05, num_leaves=15, n_jobs=1, random_state=0, verbose=-1)
held = cross_val_predict(model(), X, y, cv=5, method="predict_proba")[:, 1]


def f1(truth, chosen):
    return 2 * (truth * chosen).sum() / max(1, truth.sum() + chosen.sum())


threshold = max(np.linspace(0.02, 0.98, 97), key=lambda cut: f1(y, held >= cut))
chosen = model().fit(X, y).predict_proba(Z)[:, 1] >= threshold
print(json.dumps({
    "peer": "rapidfuzz + lightgbm", "f1": round(float(f1(z, chosen)), 4),
    "precision": round(float((z * chosen).sum() / max(1, chosen.sum())), 4),
    "recall": round(float((z * chosen).sum() / max(1, z.sum())), 4),
    "cpu_seconds": round(time.process_time() - started, 2),
    "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}))
