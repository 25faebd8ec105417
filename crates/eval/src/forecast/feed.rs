//! Shows a table of sales to the mind, period by period, and asks it. Called by the command.

use std::collections::HashMap;

use agents::forecast::{Forecast, Learnt, Outlook, Sale, quantiles};
use model::{ItemId, LocationId};
use serde_json::{Value, json};

use super::judge::{Forecasts, Judge, QUANTILES};
use super::read::{Price, Row, Sales};
use crate::measure::{Measure, round};
use crate::progress;

/// Periods whose revenue says what a series weighs.
const WEIGHED: i32 = 28;

/// The mind being fed.
pub struct Feed<'a> {
    sales: &'a Sales,
    prices: &'a [Price],
    mind: Forecast,
    judge: Judge,
    /// Next row, share and price.
    next: (usize, usize, usize),
    until: i32,
    learns: bool,
    learnt: Learnt,
    price: Vec<f64>,
    fed_seconds: f64,
    learn_seconds: f64,
    ask_seconds: f64,
    quantile_seconds: f64,
    asked: u64,
    updates: u64,
}

impl<'a> Feed<'a> {
    /// Before the first period.
    pub fn new(sales: &'a Sales, events: &[(i32, String)], prices: &'a [Price], learns: bool) -> Self {
        let mut mind = Forecast::new(sales.periods.step());
        for (number, series) in sales.series.iter().enumerate() {
            mind.belongs(ItemId(number as u32), series.department);
        }
        events.iter().for_each(|(period, event)| mind.announce(*period, event));
        let until = sales.span.map_or(0, |(first, _)| first - 1);
        let price = vec![0.0; sales.series.len()];
        Self {
            sales,
            prices,
            mind,
            judge: Judge::new(sales),
            next: (0, 0, 0),
            until,
            learns,
            learnt: Learnt::default(),
            price,
            fed_seconds: 0.0,
            learn_seconds: 0.0,
            ask_seconds: 0.0,
            quantile_seconds: 0.0,
            asked: 0,
            updates: 0,
        }
    }

    fn location(&self, series: u32) -> LocationId {
        LocationId(self.sales.series[series as usize].location)
    }

    /// Feeds everything up to a period, then lets the mind learn.
    pub fn until(&mut self, until: i32) {
        let clock = Measure::start();
        let bar = progress::bar((until - self.until).max(0) as u64, "feeding");
        while self.until < until {
            let period = self.until + 1;
            self.period(period);
            self.mind.close(period);
            self.until = period;
            self.updates += self.mind.series() as u64;
            bar.inc(1);
        }
        bar.finish_and_clear();
        self.fed_seconds += clock.seconds();
        let clock = Measure::start();
        if self.learns {
            self.learnt = self.mind.learn();
        }
        self.learn_seconds += clock.seconds();
    }

    fn period(&mut self, period: i32) {
        let (rows, shares, prices) = (&self.sales.rows, &self.sales.shares, self.prices);
        while let Some(Price { series, price, .. }) = prices.get(self.next.2).filter(|price| price.period <= period) {
            self.mind.priced(ItemId(*series), self.location(*series), period, *price);
            self.price[*series as usize] = *price;
            self.next.2 += 1;
        }
        while let Some(Row { series, units, .. }) = rows.get(self.next.0).filter(|row| row.period <= period) {
            let location = self.location(*series);
            self.mind.sold(Sale { item: ItemId(*series), location, period, units: *units });
            self.judge.take(*series, period, *units);
            self.next.0 += 1;
        }
        while let Some(Row { series, units, .. }) = shares.get(self.next.1).filter(|row| row.period <= period) {
            self.mind.available(ItemId(*series), self.location(*series), period, *units);
            self.next.1 += 1;
        }
    }

    /// What the mind expects of each series; nothing of those that never sold.
    pub fn forecasts(&mut self, horizon: i32) -> Vec<Forecasts> {
        let clock = Measure::start();
        let mut mind = self.mind.clone();
        // Prices ahead are known to whoever plans them.
        for price in &self.prices[self.next.2..] {
            if price.period <= self.until + horizon {
                mind.priced(ItemId(price.series), self.location(price.series), price.period, price.price);
            }
        }
        let mut forecasts = vec![Forecasts::default(); self.sales.series.len()];
        let bar = progress::bar(forecasts.len() as u64, "forecasting");
        let locations = 0..self.sales.locations.list.len() as u32;
        let outlooks: Vec<Outlook> =
            locations.flat_map(|location| mind.outlooks(LocationId(location), horizon as usize)).collect();
        self.ask_seconds += clock.seconds();
        for outlook in outlooks {
            let told = &mut forecasts[outlook.item.0 as usize];
            told.quantiles = (0..outlook.means.len()).map(|at| quantiles(outlook.period(at), &QUANTILES)).collect();
            told.confidence = outlook.reasons.confidence.value();
            told.means = outlook.means;
            bar.inc(1);
        }
        bar.finish_and_clear();
        self.quantile_seconds += clock.seconds();
        self.asked += forecasts.len() as u64;
        forecasts
    }

    /// Judges forecasts made after an origin by later rows of the same table.
    pub fn judge(&self, origin: i32, forecasts: &[Forecasts], sales: &Sales, horizon: i32) -> Value {
        self.judge_by(origin, forecasts, &came(sales, sales, origin, horizon))
    }

    /// Judges forecasts made after an origin by what came of each series.
    pub fn judge_by(&self, origin: i32, forecasts: &[Forecasts], came: &[Vec<f64>]) -> Value {
        let padded: Vec<Forecasts> = forecasts
            .iter()
            .zip(came)
            .map(|(told, came)| if told.means.is_empty() { nothing(came.len()) } else { told.clone() })
            .collect();
        self.judge.judge(origin, &padded, came, &self.weights(origin))
    }

    /// Revenue of the last periods; units where no price is known anywhere.
    fn weights(&self, origin: i32) -> Vec<f64> {
        let mut weights = vec![0.0; self.sales.series.len()];
        let mut history: HashMap<u32, Vec<(i32, f64)>> = HashMap::new();
        for price in self.prices.iter().filter(|price| price.period > origin - WEIGHED && price.period <= origin) {
            history.entry(price.series).or_default().push((price.period, price.price));
        }
        let mut before = vec![0.0; weights.len()];
        let known = self.prices.iter().take_while(|price| price.period <= origin - WEIGHED);
        known.for_each(|price| before[price.series as usize] = price.price);
        let from = self.sales.rows.partition_point(|row| row.period <= origin - WEIGHED);
        for row in self.sales.rows[from..].iter().take_while(|row| row.period <= origin) {
            let changes = history.get(&row.series).map_or(&[][..], Vec::as_slice);
            let price = changes.iter().rev().find(|(since, _)| *since <= row.period).map(|(_, price)| *price);
            let price = if self.prices.is_empty() { 1.0 } else { price.unwrap_or(before[row.series as usize]) };
            weights[row.series as usize] += (row.units * price).max(0.0);
        }
        weights
    }

    /// What learning came to.
    pub fn learnt(&self) -> Value {
        let Learnt { rows, gain, used } = self.learnt;
        json!({ "rows": rows, "gain": round(gain), "used": used })
    }

    /// Series per second when one period has passed and all are asked anew: one update each, one forecast each.
    pub fn renewed_per_second(&self) -> f64 {
        let update = self.fed_seconds / self.updates.max(1) as f64;
        let ask = self.ask_seconds / self.asked.max(1) as f64;
        (1.0 / (update + ask).max(1e-12)).round()
    }

    /// Seconds of feeding, learning, asking.
    pub fn seconds(&self) -> Value {
        json!({
            "feed": round(self.fed_seconds),
            "learn": round(self.learn_seconds),
            "forecast": round(self.ask_seconds),
            "forecast_and_quantiles": round(self.quantile_seconds),
        })
    }

    /// Series and periods taken in, per second of feeding.
    pub fn updates_per_second(&self) -> f64 {
        (self.updates as f64 / self.fed_seconds.max(1e-9)).round()
    }
}

fn nothing(periods: usize) -> Forecasts {
    Forecasts { means: vec![0.0; periods], quantiles: vec![[0.0; QUANTILES.len()]; periods], confidence: 0.0 }
}

/// Units of each series of `sales` in the periods after an origin, from any table that names the same series.
pub fn came(sales: &Sales, table: &Sales, origin: i32, horizon: i32) -> Vec<Vec<f64>> {
    let mut came = vec![vec![0.0; horizon as usize]; sales.series.len()];
    let from = table.rows.partition_point(|row| row.period <= origin);
    for row in table.rows[from..].iter().take_while(|row| row.period <= origin + horizon) {
        let name = &table.names.list[row.series as usize];
        if let Some(series) = sales.names.find(name) {
            came[series as usize][(row.period - origin - 1) as usize] += row.units;
        }
    }
    came
}
