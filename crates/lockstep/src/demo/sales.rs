//! Real sales from a file, turned into what happens at the outlets. The rules are those of the documentation
//! ('Replay of real sales'), so that two people get the same figures.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde_json::{Value, json};

use super::retailer::{LOCATIONS, Outlet, OutletKind, PLACES, outlets, unlinked_returns};
use eval::table::{Row, Table};

const COLUMNS: [&str; 8] =
    ["invoice_no", "stock_code", "description", "quantity", "invoice_date", "unit_price", "customer_id", "country"];

/// A line of a sale or return.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub sku: String,
    pub units: i64,
    pub price_minor: i64,
    /// For a return: line of the sale it is tied to.
    pub of_line: Option<usize>,
}

/// Something that happens at an outlet.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub reference: String,
    /// Index into the outlets.
    pub outlet: usize,
    /// Seconds on the file's clock.
    pub at: i64,
    pub customer: String,
    pub what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Sale(Vec<Line>),
    /// With the sale's reference when it is tied to one.
    Return(Option<String>, Vec<Line>),
    /// Units written off inside the platform.
    WriteOff(Line),
}

/// An item of the file.
#[derive(Clone, Debug)]
pub(super) struct PlanItem {
    pub sku: String,
    pub title: String,
    pub price_minor: i64,
    pub tracked: bool,
    /// Deepest running deficit per location, in units.
    pub needed: [i64; PLACES],
}

/// The whole file.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub rows_in: u64,
    pub refused: Vec<Value>,
    pub items: Vec<PlanItem>,
    pub events: Vec<Event>,
}

/// A row that was accepted.
struct Good {
    sku: String,
    title: String,
    units: i64,
    price_minor: i64,
}

/// Consecutive rows with one invoice number.
struct Document {
    invoice: String,
    at: i64,
    customer: String,
    rows: Vec<Good>,
}

/// Reads a file.
///
/// # Errors
/// When it cannot be opened or a column is missing.
pub(super) fn read(file: &Path, most: Option<u64>) -> anyhow::Result<Plan> {
    let mut planner = Planner { outlets: outlets(), ..Planner::default() };
    for row in Table::open(file, &COLUMNS)? {
        if most.is_some_and(|most| planner.plan.rows_in >= most) {
            break;
        }
        planner.plan.rows_in += 1;
        match row {
            Ok(row) => planner.row(&row),
            Err(bad) => planner.refuse(bad.line, &bad.reason),
        }
    }
    planner.close();
    Ok(planner.finish())
}

/// A sale that returns may be tied to.
struct Sold {
    event: usize,
    line: usize,
    left: i64,
}

#[derive(Default)]
struct Planner {
    plan: Plan,
    outlets: Vec<Outlet>,
    open: Option<Document>,
    items: HashMap<String, usize>,
    /// By customer and code, oldest first.
    sold: HashMap<(String, String), Vec<Sold>>,
    /// Running units by item and location, and their lowest.
    running: BTreeMap<(usize, usize), (i64, i64)>,
}

impl Planner {
    fn refuse(&mut self, line: u64, reason: &str) {
        self.plan.refused.push(json!({ "line": line, "reason": reason }));
    }

    fn row(&mut self, row: &Row) {
        let invoice = row.get("invoice_no").to_owned();
        match good(&invoice, row) {
            Err(reason) => self.refuse(row.line, &reason),
            Ok((_, good)) if good.units < 0 && !is_return(&invoice) && !has_stock(&good.sku) => {
                self.refuse(row.line, "a write-off of something that has no stock");
            }
            Ok((at, good)) => {
                if self.open.as_ref().is_none_or(|open| open.invoice != invoice) {
                    self.close();
                    let customer = row.get("customer_id").to_owned();
                    self.open = Some(Document { invoice, at, customer, rows: Vec::new() });
                }
                if let Some(open) = &mut self.open {
                    open.rows.push(good);
                }
            }
        }
    }

    fn close(&mut self) {
        let Some(document) = self.open.take() else { return };
        let outlet = usize::try_from(model::stable_hash(&[document.invoice.as_bytes()]) % self.outlets.len() as u64)
            .unwrap_or(0);
        for row in &document.rows {
            self.item(row);
        }
        if is_return(&document.invoice) {
            self.returned(&document, outlet);
        } else {
            self.sale(&document, outlet);
        }
    }

    fn item(&mut self, row: &Good) -> usize {
        if let Some(known) = self.items.get(&row.sku) {
            return *known;
        }
        let item = PlanItem {
            sku: row.sku.clone(),
            title: if row.title.is_empty() { row.sku.clone() } else { row.title.clone() },
            price_minor: row.price_minor,
            tracked: has_stock(&row.sku),
            needed: [0; PLACES],
        };
        self.plan.items.push(item);
        self.items.insert(row.sku.clone(), self.plan.items.len() - 1);
        self.plan.items.len() - 1
    }

    fn sale(&mut self, document: &Document, outlet: usize) {
        let event = self.plan.events.len();
        let mut lines = Vec::new();
        let mut written_off = Vec::new();
        for row in &document.rows {
            let line =
                Line { sku: row.sku.clone(), units: row.units.abs(), price_minor: row.price_minor, of_line: None };
            if row.units < 0 {
                written_off.push(line);
                continue;
            }
            let key = (document.customer.clone(), row.sku.clone());
            self.sold.entry(key).or_default().push(Sold { event, line: lines.len(), left: row.units });
            lines.push(line);
        }
        for line in &lines {
            self.moved(&line.sku, outlet, -line.units);
        }
        if !lines.is_empty() {
            self.event(document, outlet, document.invoice.clone(), What::Sale(lines));
        }
        for (number, line) in written_off.into_iter().enumerate() {
            self.moved(&line.sku, outlet, -line.units);
            self.event(document, outlet, format!("{}/w{number}", document.invoice), What::WriteOff(line));
        }
    }

    fn returned(&mut self, document: &Document, outlet: usize) {
        // Tied lines by the sale they belong to, in the order of first mention; the rest at the end.
        let mut tied: Vec<(usize, Vec<Line>)> = Vec::new();
        let mut loose = Vec::new();
        for row in &document.rows {
            let mut units = row.units.abs();
            let key = (document.customer.clone(), row.sku.clone());
            let sales = self.sold.get_mut(&key).filter(|_| !document.customer.is_empty());
            for sold in sales.into_iter().flat_map(|sales| sales.iter_mut().rev()) {
                let taken = units.min(sold.left);
                if taken == 0 {
                    continue;
                }
                sold.left -= taken;
                units -= taken;
                let line =
                    Line { sku: row.sku.clone(), units: taken, price_minor: row.price_minor, of_line: Some(sold.line) };
                match tied.iter_mut().find(|(event, _)| *event == sold.event) {
                    Some((_, lines)) => lines.push(line),
                    None => tied.push((sold.event, vec![line])),
                }
                if units == 0 {
                    break;
                }
            }
            if units > 0 {
                loose.push(Line { sku: row.sku.clone(), units, price_minor: row.price_minor, of_line: None });
            }
        }
        for (part, (event, lines)) in tied.into_iter().enumerate() {
            let (of, at_outlet) = (self.plan.events[event].reference.clone(), self.plan.events[event].outlet);
            for line in &lines {
                self.moved(&line.sku, at_outlet, line.units);
            }
            self.event(document, at_outlet, format!("{}/{part}", document.invoice), What::Return(Some(of), lines));
        }
        if !loose.is_empty() {
            let at_outlet = self.unlinked(outlet);
            for line in &loose {
                self.moved(&line.sku, at_outlet, line.units);
            }
            self.event(document, at_outlet, format!("{}/u", document.invoice), What::Return(None, loose));
        }
    }

    /// The outlet itself, or the next one in order whose platform takes a return that is tied to no sale.
    fn unlinked(&self, outlet: usize) -> usize {
        let count = self.outlets.len();
        (0..count)
            .map(|step| (outlet + step) % count)
            .find(|o| unlinked_returns(self.outlets[*o].account))
            .unwrap_or(outlet)
    }

    fn event(&mut self, document: &Document, outlet: usize, reference: String, what: What) {
        self.plan.events.push(Event { reference, outlet, at: document.at, customer: document.customer.clone(), what });
    }

    fn moved(&mut self, sku: &str, outlet: usize, units: i64) {
        let Some(item) = self.items.get(sku).copied() else { return };
        let location = LOCATIONS.iter().position(|(name, _, _)| *name == self.outlets[outlet].location).unwrap_or(0);
        let (running, lowest) = self.running.entry((item, location)).or_default();
        *running += units;
        *lowest = (*lowest).min(*running);
    }

    fn finish(mut self) -> Plan {
        for ((item, location), (_, lowest)) in &self.running {
            if self.plan.items[*item].tracked {
                self.plan.items[*item].needed[*location] = -lowest;
            }
        }
        self.plan
    }
}

/// Five digits with optional letters: an item with stock. Anything else is postage, a fee or a voucher.
fn has_stock(sku: &str) -> bool {
    let digits = sku.bytes().take_while(u8::is_ascii_digit).count();
    digits == 5 && sku.bytes().skip(5).all(|byte| byte.is_ascii_alphabetic())
}

/// Cancellations carry a C.
fn is_return(invoice: &str) -> bool {
    invoice.starts_with(['C', 'c'])
}

fn good(invoice: &str, row: &Row) -> Result<(i64, Good), String> {
    if invoice.is_empty() {
        return Err("invoice_no is empty".into());
    }
    if invoice.starts_with(['A', 'a']) {
        return Err("an adjustment of debts (invoice A…), not goods".into());
    }
    let sku = row.get("stock_code").to_uppercase();
    if sku.is_empty() {
        return Err("stock_code is empty".into());
    }
    let quantity = row.get("quantity");
    let units: i64 = quantity.parse().map_err(|_| format!("quantity {quantity:?} is no whole number"))?;
    if units == 0 || units.abs() > 1_000_000_000 {
        return Err(format!("quantity {quantity} cannot be sold"));
    }
    if is_return(invoice) && units > 0 {
        return Err("a cancellation (invoice C…) with a quantity above zero".into());
    }
    let price = row.get("unit_price");
    let pence = model::Currency::parse("GBP").and_then(|pound| model::Money::parse(price, pound));
    let price_minor =
        pence.map(|money| money.minor).ok_or_else(|| format!("unit_price {price:?} is not exact in pence"))?;
    if price_minor < 0 {
        return Err(format!("unit_price {price} is below zero"));
    }
    let date = row.get("invoice_date");
    let at = date
        .replace(' ', "T")
        .parse::<jiff::civil::DateTime>()
        .map_err(|_| format!("invoice_date {date:?} is no time"))?;
    let at = jiff::tz::TimeZone::UTC.to_timestamp(at).map_err(|_| format!("invoice_date {date:?} is no time"))?;
    Ok((at.as_second(), Good { sku, title: row.get("description").to_owned(), units, price_minor }))
}

/// Whether an outlet is the web shop.
pub(super) fn is_web(outlet: &Outlet) -> bool {
    outlet.kind == OutletKind::Web
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "invoice_no,stock_code,description,quantity,invoice_date,unit_price,customer_id,country\n";

    fn plan(rows: &str) -> Plan {
        let file = std::env::temp_dir().join(format!(
            "lockstep-sales-{}-{}.csv",
            std::process::id(),
            model::stable_hash(&[rows.as_bytes()])
        ));
        std::fs::write(&file, format!("{HEADER}{rows}")).expect("write");
        let plan = read(&file, None).expect("readable");
        std::fs::remove_file(&file).expect("remove");
        plan
    }

    #[test]
    fn rows_of_one_invoice_are_one_document_and_a_repeated_line_is_a_real_line() {
        let plan = plan(
            "1, 22423a ,Cake stand,2,2011-01-04 10:00:00,12.75,7,UK\n1,22423A,Cake stand,2,2011-01-04 10:00:00,12.75,7,UK\n\
             2,22423A,,1,2011-01-04 10:05:00,12.75,,UK\n",
        );
        assert_eq!(plan.events.len(), 2);
        let What::Sale(lines) = &plan.events[0].what else { panic!("a sale") };
        assert_eq!(
            lines.iter().map(|l| (l.sku.as_str(), l.units, l.price_minor)).collect::<Vec<_>>(),
            [("22423A", 2, 1275), ("22423A", 2, 1275)]
        );
        assert_eq!(plan.items.len(), 1);
    }

    #[test]
    fn what_is_no_sale_is_refused_with_its_line_and_reason() {
        let plan = plan(
            "A1,B,Adjust bad debt,1,2011-01-04 10:00:00,-11062.06,,UK\n1,22423,x,0,2011-01-04 10:00:00,1,,UK\n\
             1,,x,1,2011-01-04 10:00:00,1,,UK\n1,22423,x,1,2011-01-04 10:00:00,0.001,,UK\n1,22423,x,1,yesterday,1,,UK\n\
             1,22423,x,many,2011-01-04 10:00:00,1,,UK\n1,22423,x,1,2011-01-04 10:00:00,0,,UK\n",
        );
        assert_eq!(plan.rows_in, 7);
        let lines: Vec<u64> = plan.refused.iter().filter_map(|r| r["line"].as_u64()).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
        assert_eq!(plan.events.len(), 1, "price 0 without a customer is accepted");
    }

    #[test]
    fn a_return_is_tied_to_the_newest_earlier_sale_with_units_left() {
        let plan = plan(
            "1,22423,x,3,2011-01-04 10:00:00,1,7,UK\n2,22423,x,2,2011-01-04 11:00:00,1,7,UK\n\
             C3,22423,x,-4,2011-01-04 12:00:00,1,7,UK\nC4,22423,x,-5,2011-01-04 13:00:00,1,7,UK\n",
        );
        let returns: Vec<(Option<String>, i64)> = plan
            .events
            .iter()
            .filter_map(|event| match &event.what {
                What::Return(of, lines) => Some((of.clone(), lines.iter().map(|l| l.units).sum())),
                _ => None,
            })
            .collect();
        let tied = |of: &str, units| (Some(of.to_owned()), units);
        assert_eq!(returns, [tied("2", 2), tied("1", 2), tied("1", 1), (None, 4)]);
        let loose = plan.events.last().expect("the unlinked return");
        assert!(unlinked_returns(outlets()[loose.outlet].account));
        assert_eq!(plan.events[2].outlet, plan.events[1].outlet, "at the sale's own outlet");
    }

    #[test]
    fn opening_stock_just_covers_the_deepest_running_deficit() {
        let plan = plan(
            "1,22423,x,3,2011-01-04 10:00:00,1,7,UK\nC2,22423,x,-2,2011-01-04 11:00:00,1,7,UK\n\
             1b,POST,Postage,1,2011-01-04 11:00:00,18,7,UK\n1,22423,x,1,2011-01-04 12:00:00,1,7,UK\n\
             9,85099,y,-6,2011-01-04 12:00:00,0,,UK\n",
        );
        let of = |sku: &str| plan.items.iter().find(|item| item.sku == sku).expect("item");
        assert_eq!(of("22423").needed.iter().sum::<i64>(), 3, "3 left, 2 came back, 1 left at the same outlet");
        assert!(!of("POST").tracked);
        assert_eq!(of("POST").needed, [0; PLACES]);
        assert_eq!(of("85099").needed.iter().sum::<i64>(), 6, "written off");
    }
}
