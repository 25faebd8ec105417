"""A made-up customer file of any size, to measure `lockstep eval identity` where no public file is large enough.

    python3 bench/identity_million.py 1000000 target/eval/identity/million

writes PREFIX.records.csv and PREFIX.truth.csv. Names follow Zipf's law, towns have postcodes of their own, one record in
ten is a second record of somebody earlier with one to three errors, one household in eight has two people. The same
number gives the same file.
"""

import bisect
import csv
import itertools
import random
import sys

SYLLABLES = ["ba", "ro", "len", "ka", "mi", "ster", "to", "ven", "ra", "li", "no", "dor", "sa", "wen", "ty", "gar", "fi", "hol", "pe", "ju"]


def words(dice, count, least, most):
    made = {}
    while len(made) < count:
        made["".join(dice.choice(SYLLABLES) for _ in range(dice.randint(least, most)))] = None
    return list(made)


class Zipf:
    def __init__(self, things, power):
        self.things = things
        self.sums = list(itertools.accumulate(1.0 / (rank + 1) ** power for rank in range(len(things))))

    def draw(self, dice):
        return self.things[bisect.bisect(self.sums, dice.random() * self.sums[-1])]


def mistyped(dice, text):
    if len(text) < 3:
        return text
    at = dice.randrange(1, len(text) - 1)
    return dice.choice([
        text[:at] + text[at + 1:], text[:at] + text[at + 1] + text[at] + text[at + 2:],
        text[:at] + dice.choice("abcdefghijklmnopqrstuvwxyz") + text[at:],
    ])


def again(dice, person):
    """A second record of a person: errors, a missing field, another e-mail address."""
    person = dict(person)
    for _ in range(dice.randint(1, 3)):
        field = dice.choice(["given_name", "family_name", "street", "city", "email", "phone", "postcode"])
        person[field] = "" if dice.random() < 0.4 else mistyped(dice, person[field])
    return person


def main():
    count, prefix = int(sys.argv[1]), sys.argv[2]
    dice = random.Random(1)
    given, family = Zipf(words(dice, 2_000, 2, 3), 0.9), Zipf(words(dice, 60_000, 2, 4), 0.8)
    streets = Zipf(words(dice, 8_000, 2, 4), 0.5)
    towns = [(name, [f"{dice.randrange(10_000, 99_999)}" for _ in range(dice.randint(1, 12))]) for name in words(dice, 3_000, 2, 4)]
    town = Zipf(towns, 0.7)
    people, owners, truth = [], [], []
    for number in range(count):
        chance = dice.random()
        if people and chance < 0.1:
            first = dice.randrange(len(people))
            people.append(again(dice, people[first]))
            owners.append(owners[first])
            truth.append((owners[first], number))
            continue
        if people and chance < 0.2:
            person = dict(people[dice.randrange(len(people))], given_name=given.draw(dice))
        else:
            name, codes = town.draw(dice)
            person = {"family_name": family.draw(dice), "street": f"{dice.randint(1, 250)} {streets.draw(dice)} street",
                      "city": name, "postcode": dice.choice(codes), "given_name": given.draw(dice),
                      "phone": f"0{dice.randrange(10**8, 10**9)}"}
        person["email"] = f"{person['given_name']}.{person['family_name']}{dice.randrange(100)}@mail{dice.randrange(30)}.example"
        people.append(person)
        owners.append(number)
    columns = ["given_name", "family_name", "email", "phone", "street", "city", "postcode"]
    with open(f"{prefix}.records.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["id", *columns])
        table.writerows([number, *(person[column] for column in columns)] for number, person in enumerate(people))
    groups = {}
    for owner, number in truth:
        groups.setdefault(owner, [owner]).append(number)
    with open(f"{prefix}.truth.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["id_a", "id_b"])
        for members in groups.values():
            table.writerows(itertools.combinations(members, 2))


if __name__ == "__main__":
    main()
