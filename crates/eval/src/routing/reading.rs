//! Reads an instance of `lockstep eval routing` from JSON text. Called by the command and by fuzzers; decides nothing.

use std::collections::HashMap;

use agents::routing::{Line, Network, Place, Terms, UNIT, Wanted};
use model::{Instant, ItemId, LocationId};
use serde_json::Value;

use crate::refused::Refused;

/// A day of orders over a network.
#[derive(Debug)]
pub struct Instance {
    /// Locations with their stock; location ids count the nodes that were read.
    pub network: Network,
    /// Names of the locations by id.
    pub nodes: Vec<String>,
    /// Names of the items by id.
    pub skus: Vec<String>,
    /// Orders in the order of time, then of the file: name, time, order.
    pub orders: Vec<(String, Instant, Wanted)>,
    /// A lower bound that somebody knows of the day's cost.
    pub bound: Option<f64>,
}

/// Most units of anything: far above every store, far below overflow.
const UNITS_MAX: f64 = 1e9;

impl Instance {
    /// Reads JSON text. Elements that cannot be read are refused, the rest goes on.
    ///
    /// # Errors
    /// When the text is no JSON object, or `nodes`, `stock`, `orders` or `unfilled_penalty` is missing.
    pub fn read(text: &str, refused: &mut Refused) -> anyhow::Result<Self> {
        let all: Value = serde_json::from_str(text)?;
        let missing = |name| anyhow::anyhow!("{name} is missing");
        let list = |name: &'static str| all.get(name).and_then(Value::as_array).ok_or_else(|| missing(name));
        let penalty = all.get("unfilled_penalty").and_then(Value::as_f64);
        let penalty = penalty.filter(|it| it.is_finite() && *it >= 0.0).ok_or_else(|| missing("unfilled_penalty"))?;
        let mut reader = Reader { network: Network::default(), nodes: Names::default(), skus: Names::default() };
        for (at, value) in (1..).zip(list("nodes")?) {
            refused.take(at, reader.node(value));
        }
        for (at, value) in (1..).zip(list("stock")?) {
            refused.take(at, reader.stock(value));
        }
        let mut orders = Vec::new();
        for (at, value) in (1..).zip(list("orders")?) {
            orders.extend(refused.take(at, reader.order(value, penalty)));
        }
        // Equal times keep the order of the file.
        orders.sort_by_key(|(_, time, _)| *time);
        let bound = all.get("bound").and_then(Value::as_f64).filter(|bound| bound.is_finite());
        let Reader { network, nodes, skus } = reader;
        Ok(Self { network, nodes: nodes.names, skus: skus.names, orders, bound })
    }
}

#[derive(Default)]
struct Names {
    names: Vec<String>,
    known: HashMap<String, u32>,
}

impl Names {
    fn get(&mut self, name: String) -> u32 {
        let next = self.names.len() as u32;
        *self.known.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            next
        })
    }
}

struct Reader {
    network: Network,
    nodes: Names,
    skus: Names,
}

/// The field and what is wrong with it.
type Flaw = (&'static str, String);

impl Reader {
    fn node(&mut self, value: &Value) -> Result<(), Flaw> {
        let name = name(value, "id")?;
        if self.nodes.known.contains_key(&name) {
            return Err(("id", format!("node {name} is there twice")));
        }
        let terms = Terms {
            at: place(value)?,
            // Without a capacity it is taken to be without limit.
            capacity: value
                .get("capacity")
                .filter(|it| !it.is_null())
                .map_or(Ok(parts_of(UNITS_MAX)), |_| parts(value, "capacity"))?,
            ship_fixed: amount(value, "ship_fixed")?,
            per_km: amount(value, "per_km")?,
            pick: amount(value, "pick")?,
            closes_at: None,
        };
        self.network.put(LocationId(self.nodes.get(name)), terms);
        Ok(())
    }

    fn stock(&mut self, value: &Value) -> Result<(), Flaw> {
        let node = name(value, "node")?;
        let location = self.nodes.known.get(&node).copied().ok_or(("node", format!("there is no node {node}")))?;
        let (sku, parts) = (name(value, "sku")?, parts(value, "qty")?);
        self.network.change(ItemId(self.skus.get(sku)), LocationId(location), parts);
        Ok(())
    }

    fn order(&mut self, value: &Value, penalty: f64) -> Result<(String, Instant, Wanted), Flaw> {
        let (name, time, to) = (name(value, "id")?, time(value)?, place(value)?);
        let lines = value.get("lines").and_then(Value::as_array).ok_or(("lines", "is missing".to_owned()))?;
        let mut read = Vec::with_capacity(lines.len());
        for line in lines {
            let parts = parts(line, "qty")?;
            let item = ItemId(self.skus.get(self::name(line, "sku")?));
            read.push(Line { item, parts, whole: parts % UNIT == 0 });
        }
        Ok((name, time, Wanted { penalty, ..Wanted::plain(to, read) }))
    }
}

fn name(value: &Value, field: &'static str) -> Result<String, Flaw> {
    match value.get(field) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => Err((field, "is no name".to_owned())),
    }
}

fn number(value: &Value, field: &'static str) -> Result<f64, Flaw> {
    let read = match value.get(field) {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    read.filter(|number: &f64| number.is_finite()).ok_or((field, "is no number".to_owned()))
}

fn amount(value: &Value, field: &'static str) -> Result<f64, Flaw> {
    let number = number(value, field)?;
    if number < 0.0 { Err((field, "is below zero".to_owned())) } else { Ok(number) }
}

fn parts(value: &Value, field: &'static str) -> Result<i64, Flaw> {
    let number = amount(value, field)?;
    if number > UNITS_MAX { Err((field, "is too large".to_owned())) } else { Ok(parts_of(number)) }
}

fn parts_of(units: f64) -> i64 {
    (units * UNIT as f64).round() as i64
}

fn place(value: &Value) -> Result<Place, Flaw> {
    let (lat, lon) = (number(value, "lat")?, number(value, "lon")?);
    Place::degrees(lat, lon).ok_or(("lat", format!("{lat} {lon} is no place on the globe")))
}

/// A number in any unit, or an RFC 3339 time.
fn time(value: &Value) -> Result<Instant, Flaw> {
    if let Some(Value::String(text)) = value.get("time")
        && let Some(at) = moment(text)
    {
        return Ok(at);
    }
    let number = number(value, "time")?;
    Ok(Instant((number * 1_000.0).clamp(-9e15, 9e15).round() as i64))
}

/// RFC 3339 with or without an offset, or `HH:MM[:SS]`.
fn moment(text: &str) -> Option<Instant> {
    let text = text.trim();
    if let Ok(at) = Instant::parse(text) {
        return Some(at);
    }
    let civil: Option<jiff::civil::DateTime> = text.parse().ok();
    let civil = civil.or_else(|| {
        let time: jiff::civil::Time = text.parse().ok()?;
        Some(jiff::civil::date(1970, 1, 1).to_datetime(time))
    })?;
    let epoch = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
    Some(Instant(i64::try_from(civil.duration_since(epoch).as_millis()).ok()?))
}
