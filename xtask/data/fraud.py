"""Tables for `lockstep eval fraud`: the handbook's simulated card payments, and sign-up orders of a web shop.

Usage: fraud.py SRC DST. Writes
  train.csv.gz, test.csv.gz            all payments before 2018-08-08, and those of 2018-08-08 to 08-14
  week.csv.gz                          payments of the training week only (2018-07-25 to 07-31)
  earlier_N_{train,test}.csv.gz        the same cut N weeks earlier, for choosing settings
  orders_{train,test}.csv.gz           sign-up orders: the first two thirds of the time, and the rest
  bots_{train,test}.csv.gz             sign-up orders up to 2015-01-15, and of the rest of that January
"""
import csv, datetime, gzip, os, sys

src, dst = sys.argv[1:3]
COLUMNS = ["time", "transaction", "customer", "terminal", "amount", "label"]


def write(name, header, rows):
    with gzip.open(os.path.join(dst, name), "wt", newline="", compresslevel=1) as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def handbook():
    with gzip.open(os.path.join(src, "fraud_handbook", "transactions.csv.gz"), "rt", newline="") as file:
        rows = [
            (r["tx_datetime"], r["transaction_id"], r["customer_id"], r["terminal_id"], r["tx_amount"], r["tx_fraud"])
            for r in csv.DictReader(file)
        ]
    rows.sort(key=lambda row: row[0])

    def between(first, last):
        return [row for row in rows if first <= row[0][:10] < last]

    start = datetime.date(2018, 8, 8)
    for weeks in [0, 2, 3, 4, 5, 6]:
        test = start - datetime.timedelta(weeks=weeks)
        end = test + datetime.timedelta(days=7)
        prefix = f"earlier_{weeks}_" if weeks else ""
        write(prefix + "train.csv.gz", COLUMNS, between("", test.isoformat()))
        write(prefix + "test.csv.gz", COLUMNS, between(test.isoformat(), end.isoformat()))
    write("week.csv.gz", COLUMNS, between("2018-07-25", "2018-08-01"))


def orders():
    path = os.path.join(src, "fraud_ecommerce_partial", "orders.csv.gz")
    with gzip.open(path, "rt", newline="") as file:
        rows = [
            (r["purchase_time"], str(n), r["user_id"], r["source"], r["purchase_value"], r["class"], r["device_id"],
             r["signup_time"])
            for n, r in enumerate(csv.DictReader(file))
        ]
    rows.sort(key=lambda row: row[0])
    first = datetime.datetime.fromisoformat(rows[0][0])
    last = datetime.datetime.fromisoformat(rows[-1][0])
    cut = (first + (last - first) * 2 / 3).isoformat(sep=" ", timespec="minutes")
    header = COLUMNS + ["device", "since"]
    write("orders_train.csv.gz", header, [row for row in rows if row[0] < cut])
    write("orders_test.csv.gz", header, [row for row in rows if row[0] >= cut])
    write("bots_train.csv.gz", header, [row for row in rows if row[0] < "2015-01-16"])
    write("bots_test.csv.gz", header, [row for row in rows if "2015-01-16" <= row[0] < "2015-02-01"])


handbook()
orders()
