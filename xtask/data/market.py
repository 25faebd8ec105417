"""Tables for `lockstep eval pricing`, `returns` and `merchandising`, from published sales.

Usage: python3 market.py SRC DST (what `cargo xtask data market` runs). pyarrow is needed for the grocer's promotions;
without it that column stays empty.
"""

import csv
import gzip
import re
import sys
from collections import defaultdict
from pathlib import Path

# A grocer's item is priced when it sold in so many weeks, and so many units.
WEEKS_MIN = 30
UNITS_MIN = 200
# Fuel and loose goods are sold in thousandths.
QUANTITY_MAX = 100
# Codes of goods; all others are services.
GOODS = re.compile(r"^\d{5}[A-Z]*$")
# Days of M5 that are ranked.
M5_DAYS = 730


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def write(path, header, lines):
    with open(path, "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(header)
        count = 0
        for line in lines:
            table.writerow(line)
            count += 1
    print(f"  {path}: {count} rows", file=sys.stderr)


def promoted(source, products):
    """By item and week, the part of the stores in which it was on display or in the mailer."""
    try:
        import pyarrow
        import pyarrow.compute as compute
        import pyarrow.parquet as parquet
    except ImportError:
        print("  no pyarrow: promotion stays empty", file=sys.stderr)
        return {}
    table = parquet.read_table(source / "complete_journey/promotions.parquet")
    table = table.filter(compute.is_in(table["product_id"], value_set=pyarrow.array(sorted(products))))
    shown = compute.or_(compute.not_equal(table["display_location"], "0"), compute.not_equal(table["mailer_location"], "0"))
    table = table.append_column("shown", compute.cast(shown, "float64"))
    means = table.group_by(["product_id", "week"]).aggregate([("shown", "sum")])
    stores = len(compute.unique(table["store_id"]))
    columns = (means["product_id"].to_pylist(), means["week"].to_pylist(), means["shown_sum"].to_pylist())
    return {(product, week): min(1.0, total / stores) for product, week, total in zip(*columns)}


def grocer_weeks(source):
    """Items by week over all stores; the price of a week without a sale is the last one paid."""
    units, taken = defaultdict(float), defaultdict(float)
    for row in rows(source / "complete_journey/transactions.csv.gz"):
        quantity, value = int(row["quantity"]), float(row["sales_value"])
        if 0 < quantity <= QUANTITY_MAX and value > 0:
            key = int(row["product_id"]), int(row["week"])
            units[key] += quantity
            taken[key] += value + float(row["coupon_match_disc"])
    weeks = defaultdict(dict)
    for (product, week), sold in units.items():
        weeks[product][week] = (sold, taken[product, week] / sold)
    kept = {
        product: sold
        for product, sold in weeks.items()
        if len(sold) >= WEEKS_MIN and sum(count for count, _ in sold.values()) >= UNITS_MIN
    }
    category = {int(row["product_id"]): row["product_category"] for row in rows(source / "complete_journey/products.csv.gz")}
    promotion = promoted(source, kept)
    for product, sold in sorted(kept.items()):
        price = None
        for week in range(min(sold), max(sold) + 1):
            count, price = sold.get(week, (0, price))
            yield product, week, count, f"{price:.4f}", category.get(product, ""), f"{promotion.get((product, week), 0):.3f}"


def retail_lines(source):
    """Lines sold; a cancellation takes back the newest earlier line of its customer and code with units left."""
    lines, open_lines = [], defaultdict(list)
    for row in rows(source / "online_retail/transactions.csv.gz"):
        code, quantity = row["stock_code"].strip().upper(), int(row["quantity"])
        if not GOODS.match(code):
            continue
        key = row["customer_id"], code
        if row["invoice_no"].startswith("C"):
            left = -quantity
            while left > 0 and open_lines[key]:
                line = open_lines[key][-1]
                back = min(left, line[4] - line[5])
                line[5] += back
                left -= back
                if line[5] == line[4]:
                    open_lines[key].pop()
        elif quantity > 0 and float(row["unit_price"]) > 0:
            line = [row["invoice_no"], row["customer_id"], code, row["invoice_date"][:10], quantity, 0, ""]
            lines.append(line)
            if row["customer_id"]:
                open_lines[key].append(line)
    # Only customers that are known can bring back.
    return [line for line in lines if line[1]]


def retail_days(source):
    for row in rows(source / "online_retail/transactions.csv.gz"):
        code, quantity, price = row["stock_code"].strip().upper(), int(row["quantity"]), float(row["unit_price"])
        if GOODS.match(code) and quantity > 0 and price > 0:
            yield code, row["invoice_date"][:10], quantity, "", f"{quantity * price:.2f}"


def m5_days(source):
    dates = [(row["date"], row["wm_yr_wk"]) for row in rows(source / "m5_two_stores/calendar.csv.gz")]
    price = {}
    for row in rows(source / "m5_two_stores/sell_prices.csv.gz"):
        price[row["store_id"], row["item_id"], row["wm_yr_wk"]] = float(row["sell_price"])
    for row in rows(source / "m5_two_stores/sales_d1_d1941.csv.gz"):
        for number in range(1941 - M5_DAYS, 1941):
            sold = int(row[f"d_{number + 1}"])
            if sold:
                date, week = dates[number]
                value = sold * price.get((row["store_id"], row["item_id"], week), 0.0)
                yield row["item_id"], date, sold, row["dept_id"], f"{value:.2f}"


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    write(target / "pricing_grocer.csv", ["item", "week", "units", "price", "category", "promotion"], grocer_weeks(source))
    lines = ["order", "customer", "item", "date", "quantity", "returned", "category"]
    write(target / "returns_retail.csv", lines, retail_lines(source))
    days = ["item", "date", "quantity", "category", "value"]
    write(target / "merchandising_retail.csv", days, retail_days(source))
    write(target / "merchandising_m5.csv", days, m5_days(source))


if __name__ == "__main__":
    main()
