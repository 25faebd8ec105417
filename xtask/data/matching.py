"""Tables for `lockstep eval match`: labelled pairs of products, taken apart into two tables of products and pairs of ids.

Usage: matching.py SRC DST. Writes per set NAME_left.csv, NAME_right.csv and NAME_{train,valid,test}.csv.
"""
import csv, gzip, os, sys

src, dst = sys.argv[1:3]
SETS = {
    "abt_buy": ("product_match_abt_buy/pairs", ("train", "valid", "test"),
                {"name": "title", "description": "description", "price": "price"}),
    "cameras": ("product_match_wdc/cameras", ("train_medium", "valid_medium", "test"), {"title": "title"}),
    "computers": ("product_match_wdc/computers", ("train_medium", "valid_medium", "test"), {"title": "title"}),
    "beer": ("product_match_beer/pairs", ("train", "valid", "test"),
             {"Beer_Name": "title", "Brew_Factory_Name": "brand", "Style": "style", "ABV": "abv"}),
    "itunes": ("product_match_itunes_amazon/pairs", ("train", "valid", "test"),
               {"Song_Name": "title", "Artist_Name": "brand", "Album_Name": "album", "Genre": "genre", "Price": "price",
                "CopyRight": "copyright", "Time": "time", "Released": "released"}),
}


def write(name, header, rows):
    with open(os.path.join(dst, name), "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def number(table, values):
    """Equal values are one product."""
    return table.setdefault(values, len(table) + 1)


for name, (folder, files, columns) in SETS.items():
    left, right = {}, {}
    for file, part in zip(files, ("train", "valid", "test")):
        pairs = []
        with gzip.open(os.path.join(src, folder, file + ".csv.gz"), "rt", newline="") as handle:
            for row in csv.DictReader(handle):
                sides = [
                    number(table, tuple(" ".join(row[f"{side}_{column}"].split()) for column in columns))
                    for side, table in (("left", left), ("right", right))
                ]
                pairs.append((*sides, row["label"]))
        write(f"{name}_{part}.csv", ["left", "right", "label"], pairs)
    for side, table in (("left", left), ("right", right)):
        write(f"{name}_{side}.csv", ["id", *columns.values()], [(n, *values) for values, n in table.items()])
