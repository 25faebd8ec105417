//! Carries out a batch of levels: looks where it must, adjusts, and sorts out what was refused.
//!
//! A lowering goes out at once. A raise or a correction looks first and is done only where the store still shows what is
//! believed. When an earlier run may have reached the store, nothing is done and nothing guessed: a difference must not be
//! taken twice, the store keeps neither key nor record of it, and its number alone does not tell, because a sale may have
//! moved it by as much. The hub reads it between two polls of the orders and judges by both.

mod look;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use http::Method;
use model::{Level, Note, Outcome, WriteMode};
use serde_json::{Value, json};

use super::blame::{Element, named};
use super::plan::Plan;
use super::{Search, Unnamed};
use crate::bigcommerce::http_request::change;
use crate::bigcommerce::requests::stock;
use crate::bigcommerce::trouble::Refusal;
use crate::{Account, Batch, Reply, Request, Trouble, Unsendable};

/// What a look at the levels is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aim {
    /// Which rows still show what is believed.
    Compare,
    /// Whether a refused lowering was computed from a number that is not true any more.
    Explain,
    /// By which product some items are counted.
    Name,
}

/// One request.
#[derive(Clone, Debug)]
enum Task {
    Look {
        aim: Aim,
        rows: Vec<usize>,
        page: u64,
    },
    /// Differences.
    Adjust {
        rows: Vec<usize>,
    },
    /// Whole numbers, for items that were never stocked.
    Set {
        rows: Vec<usize>,
    },
}

/// The errand of a batch of levels.
pub(super) struct Errand<'a> {
    batch: &'a Batch,
    plan: &'a Plan,
    queue: VecDeque<Task>,
    outcomes: Vec<Option<Outcome>>,
    shown: BTreeMap<(u64, u64), Level>,
    products: BTreeMap<u64, u64>,
    by_product: BTreeSet<usize>,
    because: BTreeMap<usize, String>,
    unnamed: Unnamed,
    done: bool,
}

impl<'a> Errand<'a> {
    /// At its start.
    pub(super) fn new(batch: &'a Batch, plan: &'a Plan, first: bool) -> Self {
        let rows: Vec<usize> = (0..batch.rows.len()).collect();
        let start = match batch.mode {
            WriteMode::Lower => Task::Adjust { rows },
            WriteMode::Raise | WriteMode::Correct | WriteMode::List => Task::Look { aim: Aim::Compare, rows, page: 1 },
        };
        let unknown = (!first).then_some(Outcome::Unknown);
        let by_product = plan.items.iter().enumerate();
        let by_product: BTreeMap<usize, u64> =
            by_product.filter_map(|(row, item)| Some((row, item.product_id?))).collect();
        Self {
            batch,
            plan,
            queue: first.then_some(start).into_iter().collect(),
            outcomes: vec![unknown; batch.rows.len()],
            shown: BTreeMap::new(),
            products: by_product.iter().map(|(row, product)| (plan.items[*row].variant_id, *product)).collect(),
            by_product: by_product.into_keys().collect(),
            because: BTreeMap::new(),
            unnamed: Unnamed::default(),
            done: false,
        }
    }

    fn settle(&mut self, row: usize, outcome: Outcome) {
        self.outcomes[row] = Some(outcome);
    }

    fn never(&mut self, row: usize, because: &str) {
        self.settle(row, Outcome::Never { because: Note::new(because) });
    }

    /// Something to be done before what is in the queue already; nothing when it is about no row.
    fn then(&mut self, task: Task) {
        let (Task::Look { rows, .. } | Task::Adjust { rows } | Task::Set { rows }) = &task;
        if !rows.is_empty() {
            self.queue.push_front(task);
        }
    }

    fn element(&self, row: usize) -> Element {
        let variant = self.plan.items[row].variant_id;
        match self.products.get(&variant).filter(|_| self.by_product.contains(&row)) {
            Some(product) => Element { name: ("product_id", *product) },
            None => Element { name: ("variant_id", variant) },
        }
    }

    fn body(&self, rows: &[usize], quantity: impl Fn(usize) -> i64) -> Value {
        let items = rows.iter().map(|row| {
            let (name, id) = self.element(*row).name;
            json!({"location_id": self.plan.items[*row].location_id, name: id, "quantity": quantity(*row)})
        });
        json!({"reason": self.plan.reason, "items": items.collect::<Vec<_>>()})
    }

    /// One bad item refuses all: those that are named are judged, the others go on without them.
    fn sort_out(&mut self, rows: Vec<usize>, setting: bool, refusal: &Refusal) {
        let elements: Vec<Element> = rows.iter().map(|row| self.element(*row)).collect();
        let mut faults = named(refusal, &elements);
        if faults.is_empty() && rows.len() > 1 {
            return self.narrow(rows, setting, refusal);
        }
        if faults.is_empty() {
            faults.insert(0, refusal.reason());
        }
        let others = (0..rows.len()).filter(|place| !faults.contains_key(place)).map(|place| rows[place]).collect();
        self.then(if setting { Task::Set { rows: others } } else { Task::Adjust { rows: others } });
        self.judge(faults.into_iter().map(|(place, text)| (rows[place], text)).collect(), setting);
    }

    fn narrow(&mut self, rows: Vec<usize>, setting: bool, refusal: &Refusal) {
        match self.unnamed.search(rows.clone()) {
            Search::Halves(halves) => {
                let tasks = halves.into_iter().rev();
                tasks.for_each(|rows| self.then(if setting { Task::Set { rows } } else { Task::Adjust { rows } }));
            }
            Search::GivenUp => {
                let outcome = Unnamed::outcome(self.done, refusal);
                rows.into_iter().for_each(|row| self.settle(row, outcome.clone()));
            }
        }
    }

    fn judge(&mut self, faults: Vec<(usize, String)>, setting: bool) {
        let (mut unnamed, mut unstocked, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for (row, text) in faults {
            let never_stocked = text.contains("absolute adjustment") && self.batch.rows[row].from == Level::ZERO;
            if !setting && text.contains("tracked by product") && !self.by_product.contains(&row) {
                unnamed.push(row);
            } else if !setting && never_stocked && self.plan.items[row].target > 0 {
                unstocked.push(row);
            } else if self.batch.mode == WriteMode::Lower || text.contains("insufficient stock") {
                refused.push(row);
            } else {
                self.never(row, &text);
            }
            self.because.insert(row, text);
        }
        self.then(Task::Look { aim: Aim::Explain, rows: refused, page: 1 });
        // Never stocked there, so nothing can have been sold from it: a whole number overwrites nothing.
        self.then(Task::Set { rows: unstocked });
        self.then(Task::Look { aim: Aim::Name, rows: unnamed, page: 1 });
    }
}

impl super::Errand for Errand<'_> {
    fn want(&self, account: &Account) -> Result<Option<Request>, Unsendable> {
        let request = match self.queue.front() {
            None => return Ok(None),
            Some(Task::Look { rows, page, .. }) => {
                let ids: BTreeSet<u64> = rows.iter().map(|row| self.plan.items[*row].variant_id).collect();
                let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
                stock(account, "variant_id", &ids.iter().map(String::as_str).collect::<Vec<_>>(), *page)
            }
            Some(Task::Adjust { rows }) => {
                let body = self.body(rows, |row| self.plan.items[row].quantity);
                change(account, Method::POST, "/v3/inventory/adjustments/relative", &body)
            }
            Some(Task::Set { rows }) => {
                let body = self.body(rows, |row| self.plan.items[row].target);
                change(account, Method::PUT, "/v3/inventory/adjustments/absolute", &body)
            }
        };
        request.map(Some)
    }

    fn answered(&mut self, reply: &Reply) -> Result<(), Trouble> {
        match self.queue.pop_front() {
            None => Ok(()),
            Some(Task::Look { aim, rows, page }) => {
                let looked = self.looked(aim, rows, page, reply);
                looked.map_err(|error| Trouble::Garbled { reason: error.to_string() })
            }
            // Taken, and applied in a moment: what the level is then is not told.
            Some(Task::Adjust { rows } | Task::Set { rows }) => {
                rows.into_iter().for_each(|row| self.settle(row, Outcome::Done { after: None }));
                self.done = true;
                Ok(())
            }
        }
    }

    fn refused(&mut self, refusal: &Refusal) {
        match self.queue.pop_front() {
            None => {}
            // Nothing of these was done.
            Some(Task::Look { rows, .. }) => {
                rows.into_iter().for_each(|row| self.never(row, &refusal.reason()));
            }
            // Somebody changes the same items at this moment.
            Some(Task::Adjust { rows } | Task::Set { rows }) if refusal.status == 409 => {
                rows.into_iter().for_each(|row| self.settle(row, Outcome::Again));
            }
            Some(Task::Adjust { rows }) => self.sort_out(rows, false, refusal),
            Some(Task::Set { rows }) => self.sort_out(rows, true, refusal),
        }
    }

    fn has_done(&self) -> bool {
        self.done
    }

    fn outcomes(self, rest: Outcome) -> Vec<Outcome> {
        self.outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(|| rest.clone())).collect()
    }
}
