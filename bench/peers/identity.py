"""Splink on the tables of `lockstep eval identity`, for a comparison on the same rows in the same session.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install 'splink==4.0.17' pandas
    /tmp/peers/bin/python bench/peers/identity.py target/eval/identity febrl3_bare historical

Prints one JSON object for each table: pairwise precision, recall and F1 of the clusters at match probability 0.99 (where
ours merges without asking) and at 0.9, recall of the blocking, seconds, CPU seconds and peak memory. One thread. The
comparisons are those that Splink's own guide recommends for such columns; blocking is by every column and pair of
columns that a person would try.
"""

import json
import logging
import os
import resource
import sys
import time
from collections import Counter

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def comparisons(columns):
    known = {
        "given_name": lambda: cl.NameComparison("given_name"),
        "family_name": lambda: cl.NameComparison("family_name"),
        "email": lambda: cl.EmailComparison("email"),
        "phone": lambda: cl.ExactMatch("phone"),
        "street": lambda: cl.JaroWinklerAtThresholds("street", [0.95, 0.88]),
        "city": lambda: cl.JaroWinklerAtThresholds("city", [0.92]).configure(term_frequency_adjustments=True),
        "postcode": lambda: cl.LevenshteinAtThresholds("postcode", [1, 2]),
        "region": lambda: cl.ExactMatch("region"),
        "birth_date": lambda: cl.DamerauLevenshteinAtThresholds("birth_date", [1, 2]),
        "loyalty_id": lambda: cl.DamerauLevenshteinAtThresholds("loyalty_id", [1]),
    }
    return [make() for column, make in known.items() if column in columns]


def blocks(columns):
    wanted = [
        ("given_name", "family_name"), ("family_name", "postcode"), ("given_name", "postcode"), ("family_name", "city"),
        ("given_name", "city"), ("street",), ("email",), ("phone",), ("loyalty_id",), ("birth_date", "given_name"),
        ("birth_date", "family_name"), ("birth_date", "city"), ("birth_date", "postcode"), ("postcode", "city"),
    ]
    return [rule for rule in wanted if all(column in columns for column in rule)]


def scores(clusters, truth):
    profile = dict(zip(clusters["id"], clusters["cluster_id"]))
    merged = sum(n * (n - 1) // 2 for n in Counter(profile.values()).values())
    right = sum(profile[a] == profile[b] for a, b in truth)
    return {"precision": right / merged if merged else 1.0, "recall": right / len(truth), "f1": 2 * right / (merged + len(truth))}


def run(folder, name):
    records = pd.read_csv(f"{folder}/{name}.records.csv", dtype=str, keep_default_na=False).replace("", None)
    pairs = pd.read_csv(f"{folder}/{name}.truth.csv", dtype=str)
    truth = {(min(a, b), max(a, b)) for a, b in zip(pairs["id_a"], pairs["id_b"])}
    started, cpu = time.time(), time.process_time()
    columns = [column for column in records.columns if records[column].notna().any()]
    for column in records.columns:
        records[column] = records[column].str.lower() if column != "id" else records[column]
    rules = blocks(columns)
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="id", comparisons=comparisons(columns),
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        # `source` is no second table here, only a column like any other.
        source_dataset_column_name="source_table",
    )
    database = DuckDBAPI()
    database._con.execute("SET threads = 1")
    linker = Linker(records, settings, db_api=database)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(*rules[0])], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (rules[0], rules[-1]):
        training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    answers = {}
    for threshold in (0.99, 0.9):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=threshold)
        answers[threshold] = scores(clusters.as_pandas_dataframe(), truth)
    seconds, cpu = time.time() - started, time.process_time() - cpu
    candidates = linker.inference.predict(threshold_match_probability=0.0).as_pandas_dataframe()[["id_l", "id_r"]]
    reached = {(min(a, b), max(a, b)) for a, b in zip(candidates["id_l"], candidates["id_r"])} & truth
    print(json.dumps({
        "table": name, "peer": "splink 4.0.17", "at_0.99": answers[0.99], "at_0.9": answers[0.9],
        "blocking_recall": len(reached) / len(truth), "candidate_pairs": len(candidates), "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2), "records_per_s": round(len(records) / seconds),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }), flush=True)


def main():
    logging.getLogger("splink").setLevel(logging.ERROR)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for name in sys.argv[2:]:
        run(sys.argv[1], name)


if __name__ == "__main__":
    main()
