"""Peers of `lockstep eval offers` on the same rows: VMIS-kNN, EASE, item neighbours, popularity. Needs numpy.

python3 bench/peers/offers.py --train A --test B --mode session|cart [--only vmis,ease,itemknn,popular]

The protocol is that of the command: every position from the second is asked for, given those before it; in a cart what
is in it already is not offered. Settings are those of the papers. EASE's penalty is 200, over items in five baskets.
"""

import argparse
import json
import math
import resource
import time
from collections import Counter, defaultdict
from datetime import datetime

import numpy as np


def seconds(text):
    try:
        return float(text)
    except ValueError:
        return datetime.fromisoformat(text).timestamp()


def sessions(path):
    with open(path, encoding="utf-8") as rows:
        header = rows.readline().rstrip("\n").split("\t")
        at = [header.index(name) for name in ("session", "item", "time")]
        events = []
        for row in rows:
            fields = row.rstrip("\n").split("\t")
            events.append((seconds(fields[at[2]]), fields[at[0]], fields[at[1]]))
    events.sort(key=lambda event: event[0])
    lists, last = defaultdict(list), {}
    for place, (_, session, item) in enumerate(events):
        lists[session].append(item)
        last[session] = place
    return [lists[session] for session in sorted(lists, key=last.get)]


class Vmis:
    """Kersbergen et al. 2022, with the last ten different items of the session."""

    def __init__(self, train, newest=1000, most=100):
        self.train, self.newest, self.most = train, newest, most
        self.holders = defaultdict(list)
        for place, items in enumerate(train):
            for item in dict.fromkeys(items):
                self.holders[item].append(place)

    def scores(self, cart):
        like, shared = defaultdict(float), {}
        latest = list(dict.fromkeys(reversed(cart)))[:10]
        for item in latest:
            at = len(cart) - 1 - cart[::-1].index(item)
            for place in self.holders.get(item, [])[-self.newest :]:
                like[place] += (at + 1) / len(cart)
                shared.setdefault(place, at)
        best = sorted(like, key=lambda place: (-like[place], -place))[: self.most]
        scores = defaultdict(float)
        for place in best:
            late = max(0.1, 1 - 0.1 * (len(cart) - 1 - shared[place]))
            for item in set(self.train[place]):
                scores[item] += like[place] * late * math.log(len(self.train) / len(self.holders[item]))
        return scores


class Ease:
    """Steck 2019: one item-to-item matrix in closed form."""

    def __init__(self, train, penalty=200.0, least=5):
        counts = Counter(item for items in train for item in set(items))
        self.items = sorted(item for item, count in counts.items() if count >= least)
        self.place = {item: place for place, item in enumerate(self.items)}
        gram = np.zeros((len(self.items), len(self.items)))
        for items in train:
            there = np.array(sorted({self.place[item] for item in items if item in self.place}), dtype=int)
            gram[np.ix_(there, there)] += 1
        inverse = np.linalg.inv(gram + penalty * np.eye(len(gram)))
        self.weights = -inverse / np.diag(inverse)
        np.fill_diagonal(self.weights, 0)

    def scores(self, cart):
        there = [self.place[item] for item in set(cart) if item in self.place]
        if not there:
            return {}
        sums = self.weights[there].sum(axis=0)
        best = np.argpartition(-sums, min(len(cart) + 40, len(sums) - 1))[: len(cart) + 40]
        return {self.items[place]: sums[place] for place in best}


class ItemKnn:
    """Asymmetric cosine: together / ((count of one + 50) * count of the other ^ 0.35)."""

    def __init__(self, train):
        self.counts, self.together = Counter(), defaultdict(Counter)
        for items in train:
            items = sorted(set(items))
            self.counts.update(items)
            for one in items:
                self.together[one].update(items)
        for one, others in self.together.items():
            del others[one]

    def scores(self, cart):
        scores = defaultdict(float)
        for one in set(cart):
            for other, count in self.together.get(one, {}).items():
                scores[other] += count / ((self.counts[one] + 50) * self.counts[other] ** 0.35)
        return scores


class Popular:
    def __init__(self, train):
        counts = Counter(item for items in train for item in items)
        self.best = dict(counts.most_common(500))

    def scores(self, cart):
        return self.best


def judge(model, test, cart_mode, every):
    hits = reciprocal = asked = number = 0
    for items in test:
        for cut in range(1, len(items)):
            number += 1
            if number % every:
                continue
            cart, wanted = items[:cut], items[cut]
            asked += 1
            scores = model.scores(cart)
            if cart_mode and wanted in cart or wanted not in scores:
                continue
            barred = set(cart) if cart_mode else set()
            mine = scores[wanted]
            above = sum(1 for item, score in scores.items() if score > mine and item not in barred)
            if above < 20:
                hits += 1
                reciprocal += 1 / (above + 1)
    return {"hr20": round(hits / asked, 5), "mrr20": round(reciprocal / asked, 5), "predictions": asked}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--mode", choices=["session", "cart"], default="session")
    parser.add_argument("--only", default="vmis,ease,itemknn,popular")
    parser.add_argument("--every", type=int, default=1, help="ask only every so many-th question")
    args = parser.parse_args()
    train, test = sessions(args.train), sessions(args.test)
    peers = {"vmis": Vmis, "ease": Ease, "itemknn": ItemKnn, "popular": Popular}
    for name in args.only.split(","):
        started, clock = time.process_time(), time.time()
        model = peers[name](train)
        learnt = time.process_time()
        result = judge(model, test, args.mode == "cart", args.every)
        spent = time.process_time()
        result |= {
            "peer": name,
            "learn_cpu_seconds": round(learnt - started, 2),
            "ask_cpu_us": round((spent - learnt) / result["predictions"] * 1e6, 1),
            "seconds": round(time.time() - clock, 2),
            "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
