"""Tables for `lockstep eval forecast` out of published data sets.

Usage: forecast.py SRC DST. Writes for each data set NAME: NAME.sales.csv.gz (history), NAME.actual.csv.gz (what came
after it), and where there are any NAME.calendar.csv, NAME.prices.csv.gz. A period without a row is a period without a
sale; the first and last period of the history always have a row.
"""

import csv
import datetime
import gzip
import io
import os
import re
import sys
from collections import defaultdict

HEAD = ["series", "item", "location", "category", "department", "date", "quantity"]
DAY = datetime.timedelta(days=1)


def table(path):
    return csv.reader(io.TextIOWrapper(gzip.open(path), "utf-8", errors="replace"))


def dicts(path):
    return csv.DictReader(io.TextIOWrapper(gzip.open(path), "utf-8", errors="replace"))


class Out:
    """A packed table; compression that is quick rather than small."""

    def __init__(self, path, head):
        self.file = io.TextIOWrapper(gzip.open(path, "wb", compresslevel=1), "utf-8", newline="")
        self.rows = csv.writer(self.file, lineterminator="\n")
        self.rows.writerow(head)

    def __call__(self, *row):
        self.rows.writerow(row)

    def close(self):
        self.file.close()


def split(dst, name, series, dates, horizon):
    """Writes history and what came. `series` gives (name, item, location, category, department, quantities)."""
    sales, actual = Out(f"{dst}/{name}.sales.csv.gz", HEAD), Out(f"{dst}/{name}.actual.csv.gz", HEAD)
    last = len(dates) - horizon - 1
    for number, (*names, quantities) in enumerate(series):
        for at, quantity in enumerate(quantities):
            edge = number == 0 and at in (0, last)
            if at <= last and (quantity or edge):
                sales(*names, dates[at], quantity)
            elif at > last:
                actual(*names, dates[at], quantity)
    sales.close()
    actual.close()


def m5(src, dst):
    """Daily units of two stores; 28 days are held back. Benefit days are flags, named by state."""
    folder = f"{src}/m5_two_stores"
    days = list(dicts(f"{folder}/calendar.csv.gz"))
    with open(f"{dst}/m5.calendar.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["date", "event", "flags"])
        for day in days:
            events = [day[key] for key in ("event_name_1", "event_name_2") if day[key]]
            flags = [key for key in ("snap_CA", "snap_TX", "snap_WI") if day[key] == "1"]
            if events or flags:
                out.writerow([day["date"], ";".join(events), " ".join(flags)])
    dates = [day["date"] for day in days][:1941]

    def series():
        rows = table(f"{folder}/sales_d1_d1941.csv.gz")
        next(rows)
        for name, item, department, category, store, _, *units in rows:
            yield name, item, store, category, department, [int(u) for u in units]

    split(dst, "m5", series(), dates, 28)
    first_day = {}
    for day in days:
        first_day.setdefault(day["wm_yr_wk"], day["date"])
    out = Out(f"{dst}/m5.prices.csv.gz", ["item", "location", "date", "price"])
    for store, item, week, price in list(table(f"{folder}/sell_prices.csv.gz"))[1:]:
        out(item, store, first_day[week], price)
    out.close()


def online_retail(src, dst):
    """Daily units of a web shop's goods; cancellations are taken off the day they were made on; 28 days held back."""
    units, first, last, names = defaultdict(lambda: defaultdict(int)), None, None, {}
    money = defaultdict(lambda: [0.0, 0.0])
    for row in dicts(f"{src}/online_retail/transactions.csv.gz"):
        code, quantity = row["stock_code"].strip().upper(), int(row["quantity"])
        # Services, bad debt and write-offs of stock are no demand.
        if not re.fullmatch(r"\d{5}[A-Z]*", code) or row["invoice_no"].startswith("A"):
            continue
        if quantity < 0 and not row["invoice_no"].startswith("C"):
            continue
        date = datetime.date.fromisoformat(row["invoice_date"][:10])
        first, last = min(first or date, date), max(last or date, date)
        units[code][date] += quantity
        if quantity > 0:
            sums = money[code, date]
            sums[0] += quantity * float(row["unit_price"])
            sums[1] += quantity
    dates = [first + DAY * at for at in range((last - first).days + 1)]

    def series():
        for code in sorted(units):
            # A range of goods shares the first digits of its codes.
            yield code, code, "web", "goods", code[:2], [max(units[code][date], 0) for date in dates]

    split(dst, "online_retail", series(), dates, 28)
    out = Out(f"{dst}/online_retail.prices.csv.gz", ["item", "location", "date", "price"])
    for (code, date), (amount, quantity) in sorted(money.items()):
        out(code, "web", date, round(amount / quantity, 2))
    out.close()


def complete_journey(src, dst):
    """Daily units of a grocer's product types in its twenty largest stores; 28 days held back."""
    folder = f"{src}/complete_journey"
    products = {row["product_id"]: row for row in dicts(f"{folder}/products.csv.gz")}
    stores, units = defaultdict(int), defaultdict(lambda: defaultdict(int))
    for row in dicts(f"{folder}/transactions.csv.gz"):
        product, quantity = products.get(row["product_id"]), int(row["quantity"])
        # Fuel and loose goods come in quantities that are no packs.
        if product is None or not 0 < quantity < 100 or product["department"] in ("FUEL", "MISCELLANEOUS"):
            continue
        date = datetime.date.fromisoformat(row["transaction_timestamp"][:10])
        key = (product["product_category"], row["store_id"], product["department"])
        units[key][date] += quantity
        stores[row["store_id"]] += 1
    kept = set(sorted(stores, key=lambda store: (-stores[store], store))[:20])
    dates = [datetime.date(2017, 1, 1) + DAY * at for at in range(338)]

    def series():
        for kind, store, department in sorted(units):
            if store in kept:
                days = units[kind, store, department]
                name = f"{department}/{kind}@{store}"
                yield name, f"{department}/{kind}", store, department, department, [days[date] for date in dates]

    split(dst, "complete_journey", series(), dates, 28)


def carparts(src, dst):
    """Monthly units of spare parts without missing months; six months held back."""
    rows = table(f"{src}/intermittent_carparts/carparts_m01_m39.csv.gz")
    next(rows)
    dates = [f"{1998 + month // 12}-{month % 12 + 1:02}-01" for month in range(39)]
    whole = [(row[0], [int(u) for u in row[1:]]) for row in rows if all(row[1:])]
    series = ((part, part, "depot", "parts", "parts", units) for part, units in whole)
    split(dst, "carparts", series, dates, 6)


def m4(src, dst):
    """Hourly and weekly series of any kind, each on its own; the last 48 hours and 13 weeks of each are held back."""
    hour = [datetime.datetime(2015, 1, 1) + datetime.timedelta(hours=at) for at in range(3_000)]
    week = [datetime.date(1970, 1, 5) + 7 * DAY * at for at in range(4_000)]
    hours = [moment.isoformat(timespec="minutes") for moment in hour]
    for name, file, horizon, dates in (("m4_hourly", "Hourly", 48, hours), ("m4_weekly", "Weekly", 13, week)):
        rows = table(f"{src}/m4/{file}-train.csv.gz")
        next(rows)
        values = [(row[0], [float(value) for value in row[1:] if value]) for row in rows]
        longest = max(len(row) for _, row in values)
        # Each is its own location: what it shares with the others is nothing. All end together.
        series = ((key, key, key, file, file, [0] * (longest - len(row)) + row) for key, row in values)
        split(dst, name, series, dates[:longest], horizon)


def main():
    src, dst = sys.argv[1:3]
    os.makedirs(dst, exist_ok=True)
    for make in (m5, online_retail, complete_journey, carparts, m4):
        print(make.__name__, file=sys.stderr)
        make(src, dst)


main()
