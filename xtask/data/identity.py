"""Person and place records with known duplicates, as the tables of `lockstep eval identity`.

Called by `cargo xtask data` as: identity.py SRC DST. Writes NAME.records.csv and NAME.truth.csv; a name ending in `_bare`
leaves out the birth date and the national id, which a retailer does not have.
"""

import csv
import gzip
import itertools
import sys
from pathlib import Path

COLUMNS = [
    "id", "source", "given_name", "family_name", "email", "phone", "street", "city", "postcode", "region",
    "birth_date", "loyalty_id",
]


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def line(text):
    """A field on one line: some scraped names hold line breaks."""
    return " ".join((text or "").split())


def write(dst, name, records, person, without=()):
    """`person` tells the records of one person by the same value."""
    columns = [column for column in COLUMNS if column not in without and any(r.get(column) for r in records)]
    with open(dst / f"{name}.records.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows([line(record.get(column)) for column in columns] for record in records)
    people = {}
    for record, who in zip(records, person):
        people.setdefault(who, []).append(record["id"])
    with open(dst / f"{name}.truth.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["id_a", "id_b"])
        for ids in people.values():
            table.writerows(itertools.combinations(ids, 2))


def febrl(src, dst):
    for number in (1, 2, 3):
        records = []
        for row in rows(src / f"identity_febrl/dataset{number}.csv.gz"):
            street = f"{row['street_number']} {row['address_1']} {row['address_2']}"
            records.append({
                "id": row["rec_id"], "given_name": row["given_name"], "family_name": row["surname"], "street": street,
                "city": row["suburb"], "postcode": row["postcode"], "region": row["state"],
                "birth_date": row["date_of_birth"], "loyalty_id": row["soc_sec_id"],
            })
        person = [record["id"].split("-")[1] for record in records]
        write(dst, f"febrl{number}", records, person)
        write(dst, f"febrl{number}_bare", records, person, {"birth_date", "loyalty_id"})


def historical(src, dst):
    found = list(rows(src / "identity_historical/persons.csv.gz"))
    person = [row["cluster"] for row in found]
    records = [{
        "id": row["unique_id"], "given_name": row["first_name"], "family_name": row["surname"], "city": row["birth_place"],
        "postcode": row["postcode_fake"], "birth_date": row["dob"],
    } for row in found]
    write(dst, "historical", records, person)
    write(dst, "historical_bare", records, person, {"birth_date"})
    one = [record | {"given_name": row["full_name"], "family_name": ""} for record, row in zip(records, found)]
    write(dst, "historical_one_name", one, person)


def fake(src, dst):
    found = list(rows(src / "identity_fake_1000/fake_1000.csv.gz"))
    records = [{
        "id": row["unique_id"], "given_name": row["first_name"], "family_name": row["surname"], "email": row["email"],
        "city": row["city"], "birth_date": row["dob"],
    } for row in found]
    write(dst, "fake_1000", records, [row["cluster"] for row in found])
    write(dst, "fake_1000_bare", records, [row["cluster"] for row in found], {"birth_date"})


def rldata(src, dst):
    for number in (500, 10000):
        found = list(rows(src / f"identity_rldata/RLdata{number}.csv.gz"))
        records = [{
            "id": row["rec_id"], "given_name": f"{row['fname_c1']} {row['fname_c2']}",
            "family_name": f"{row['lname_c1']} {row['lname_c2']}",
            "birth_date": f"{row['by']}-{int(row['bm']):02}-{int(row['bd']):02}",
        } for row in found]
        write(dst, f"rldata{number}", records, [row["entity_id"] for row in found])


def places(src, dst):
    found = list(rows(src / "identity_places/early_childhood_sites.csv.gz"))
    records = [{
        "id": row["id"], "source": row["source"], "family_name": row["site_name"], "street": row["address"],
        "postcode": row["zip"], "phone": row["phone"],
    } for row in found]
    write(dst, "places", records, [row["true_id"] for row in found])


def main():
    src, dst = map(Path, sys.argv[1:3])
    for family in (febrl, historical, fake, rldata, places):
        family(src, dst)


if __name__ == "__main__":
    main()
