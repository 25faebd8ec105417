"""Tables for `lockstep eval offers`, from published sessions, baskets, and experiments.

Usage: python3 offers.py SRC DST (what `cargo xtask data offers` runs). Splits are by time: what is tested is later than
everything that is learnt from. Times are seconds where the source has a clock, and the place in line where it has none.
"""

import csv
import gzip
import re
import sys
from pathlib import Path

# The share of sessions at the end of Diginetica that is tested.
LAST = 0.05
# First day that is tested.
RETAIL_FROM = "2011-10-12"
GROCER_FROM = "2017-11-20"


def rows(path, delimiter=","):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text, delimiter=delimiter)


def write(path, header, lines):
    with open(path, "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(header)
        count = 0
        for line in lines:
            table.writerow(line)
            count += 1
    print(f"  {path}: {count} rows", file=sys.stderr)


def clicks(path, delimiter="\t"):
    """One row per click, from one row per session; without a clock the session's number is its time."""
    for row in rows(path, delimiter):
        for item in row["items"].split():
            yield row["session"], item, row.get("epoch_s") or row["session"]


SESSION = ["session", "item", "time"]


def diginetica(source, target):
    whole = list(clicks(source / "sessions_diginetica/train.tsv.gz"))
    sessions = len({session for session, _, _ in whole})
    until = sessions - int(sessions * LAST)
    seen, first_tested = set(), None
    for place, (session, _, _) in enumerate(whole):
        if session not in seen and len(seen) == until:
            first_tested = place
            break
        seen.add(session)
    write(target / "diginetica_train.tsv", SESSION, whole[:first_tested])
    write(target / "diginetica_test.tsv", SESSION, whole[first_tested:])


def retailrocket(source, target):
    for part in ("train", "test"):
        # Test sessions are numbered anew.
        mark = "" if part == "train" else "test-"
        lines = ((mark + session, item, time) for session, item, time in clicks(source / f"sessions_retailrocket/{part}.tsv.gz"))
        write(target / f"retailrocket_{part}.tsv", SESSION, lines)


def plain(source, target, names):
    for name, file in names.items():
        lines = ((row["SessionId"], row["ItemId"], row["Time"]) for row in rows(source / file, "\t"))
        write(target / name, SESSION, lines)


def online_retail(source, target):
    """Sales of goods; a code that is rung up twice in an invoice is in the basket once, where it came first."""
    parts = {"train": [], "test": []}
    seen = set()
    for row in rows(source / "online_retail/transactions.csv.gz"):
        invoice, code = row["invoice_no"], row["stock_code"].strip().upper()
        goods = re.fullmatch(r"[0-9]{5}[A-Z]*", code)
        if not (invoice.isdigit() and goods and int(row["quantity"]) > 0) or (invoice, code) in seen:
            continue
        seen.add((invoice, code))
        part = "train" if row["invoice_date"] < RETAIL_FROM else "test"
        parts[part].append((invoice, code, row["invoice_date"]))
    for part, lines in parts.items():
        write(target / f"online_retail_{part}.tsv", SESSION, lines)


def complete_journey(source, target):
    parts = {"train": [], "test": []}
    for row in rows(source / "complete_journey/transactions.csv.gz"):
        if float(row["quantity"]) > 0:
            part = "train" if row["transaction_timestamp"] < GROCER_FROM else "test"
            parts[part].append((row["basket_id"], row["product_id"], row["transaction_timestamp"]))
    for part, lines in parts.items():
        lines.sort(key=lambda line: line[2])
        write(target / f"complete_journey_{part}.tsv", SESSION, lines)


def experiments(source, target):
    bandit = {"time": "timestamp", "action": "item_id", "position": "position", "reward": "click", "propensity": "propensity_score"}
    for name in ("random", "bts"):
        lines = (
            [row[column] for column in bandit.values()] + [row[f"user_feature_{k}"] for k in range(4)]
            for row in rows(source / f"bandit_open_bandit/men_{name}.csv.gz")
        )
        write(target / f"bandit_{name}.tsv", [*bandit, "f_user0", "f_user1", "f_user2", "f_user3"], lines)
    features = ["recency", "history", "mens", "womens", "newbie", "zip_code", "channel"]
    lines = (
        [row["row_id"], row["segment"], row["visit"], row["conversion"], row["spend"]] + [row[name] for name in features]
        for row in rows(source / "uplift_hillstrom/email_experiment.csv.gz")
    )
    write(target / "hillstrom.tsv", ["customer", "arm", "visit", "conversion", "spend"] + [f"f_{name}" for name in features], lines)


def main(source, target):
    diginetica(source, target)
    retailrocket(source, target)
    rsc15 = "sessions_rsc15_100k"
    plain(source, target, {"rsc15_train.tsv": f"{rsc15}/train_full.tsv.gz", "rsc15_test.tsv": f"{rsc15}/test.tsv.gz"})
    parts = ("train", "valid", "test")
    plain(source, target, {f"serenade_{part}.tsv": f"sessions_serenade_example/{part}.tsv.gz" for part in parts})
    online_retail(source, target)
    complete_journey(source, target)
    experiments(source, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
