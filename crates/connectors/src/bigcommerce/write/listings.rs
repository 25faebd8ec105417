//! Carries out a batch of listings: prices and barcodes of variants, titles of products. Every value is whole, so doing
//! it twice does no harm, and an earlier run need not be looked up.
//!
//! <https://developer.bigcommerce.com/docs/rest-catalog/product-variants#update-variants-batch> (at most 50),
//! <https://developer.bigcommerce.com/docs/rest-catalog/products#update-products-batch> (at most 10).

use std::collections::{BTreeSet, VecDeque};

use http::Method;
use model::{Note, Outcome};
use serde_json::{Map, Value, json};

use super::blame::{Element, named};
use super::plan::{Entry, Plan};
use super::{Search, Unnamed};
use crate::bigcommerce::http_request::change;
use crate::bigcommerce::trouble::Refusal;
use crate::{Account, Batch, Reply, Request, Trouble, Unsendable};

/// Most products in one call.
const PRODUCTS_MAX: usize = 10;

/// One request.
#[derive(Clone, Debug)]
enum Task {
    /// Prices and barcodes.
    Variants(Vec<usize>),
    /// Titles.
    Products(Vec<usize>),
}

impl Task {
    fn rows(&self) -> &[usize] {
        let (Self::Variants(rows) | Self::Products(rows)) = self;
        rows
    }

    /// The same for other rows.
    fn of(&self, rows: Vec<usize>) -> Self {
        match self {
            Self::Variants(_) => Self::Variants(rows),
            Self::Products(_) => Self::Products(rows),
        }
    }
}

/// The errand of a batch of listings.
pub(super) struct Errand<'a> {
    plan: &'a Plan,
    queue: VecDeque<Task>,
    outcomes: Vec<Option<Outcome>>,
    unnamed: Unnamed,
    done: bool,
}

impl<'a> Errand<'a> {
    /// At its start: what cannot be done is settled already. Titles go first: they are what may be refused.
    pub(super) fn new(batch: &Batch, plan: &'a Plan, account: &Account) -> Self {
        let mut outcomes = vec![None; batch.listings.len()];
        let (mut titles, mut variants) = (Vec::new(), Vec::new());
        for (row, entry) in plan.listings.iter().enumerate() {
            if let Some(because) = never(entry, account) {
                outcomes[row] = Some(Outcome::Never { because });
                continue;
            }
            if entry.title.is_some() {
                titles.push(row);
            }
            if entry.price.is_some() || entry.upc.is_some() {
                variants.push(row);
            }
        }
        let mut queue: VecDeque<Task> = titles.chunks(PRODUCTS_MAX).map(|rows| Task::Products(rows.to_vec())).collect();
        if !variants.is_empty() {
            queue.push_back(Task::Variants(variants));
        }
        Self { plan, queue, outcomes, unnamed: Unnamed::default(), done: false }
    }

    fn element(&self, task: &Task, row: usize) -> Element {
        let entry = &self.plan.listings[row];
        match (task, &entry.title) {
            (Task::Products(_), Some((product, _))) => Element { name: ("product_id", *product) },
            (Task::Products(_) | Task::Variants(_), _) => Element { name: ("variant_id", entry.variant_id) },
        }
    }

    fn open(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().copied().filter(|row| self.outcomes[*row].is_none()).collect()
    }

    /// One bad entry refuses all: those that are named are told, the others go on without them.
    fn sort_out(&mut self, task: &Task, refusal: &Refusal) {
        let rows = task.rows();
        let elements: Vec<Element> = rows.iter().map(|row| self.element(task, *row)).collect();
        let mut faults = named(refusal, &elements);
        if faults.is_empty() && rows.len() > 1 {
            match self.unnamed.search(rows.to_vec()) {
                Search::Halves(halves) => {
                    halves.into_iter().rev().for_each(|half| self.queue.push_front(task.of(half)))
                }
                Search::GivenUp => {
                    let outcome = Unnamed::outcome(self.done, refusal);
                    rows.iter().for_each(|row| self.outcomes[*row] = Some(outcome.clone()));
                }
            }
            return;
        }
        if faults.is_empty() {
            faults.insert(0, refusal.reason());
        }
        for (place, text) in &faults {
            self.outcomes[rows[*place]] = Some(Outcome::Never { because: Note::new(text) });
        }
        self.queue.push_front(task.of(self.open(rows)));
    }

    /// The next task that is still about something.
    fn next(&self) -> Option<Task> {
        let open = self.queue.iter().map(|task| task.of(self.open(task.rows())));
        open.into_iter().find(|task| !task.rows().is_empty())
    }

    fn take(&mut self) -> Option<Task> {
        let next = self.next();
        while let Some(task) = self.queue.pop_front() {
            if !self.open(task.rows()).is_empty() {
                break;
            }
        }
        next
    }
}

fn never(entry: &Entry, account: &Account) -> Option<Note> {
    if let Some(because) = &entry.never {
        return Some(Note::new(because));
    }
    let foreign = entry.currency.as_deref().filter(|code| *code != account.currency.code())?;
    Some(Note::new(&format!("the store's prices are in {}, not in {foreign}", account.currency.code())))
}

fn variant(entry: &Entry) -> Value {
    let mut fields = Map::from_iter([("id".to_owned(), json!(entry.variant_id))]);
    if let Some(price) = &entry.price {
        fields.insert("price".to_owned(), Value::Number(price.clone()));
    }
    if let Some(upc) = &entry.upc {
        fields.insert("upc".to_owned(), json!(upc));
    }
    Value::Object(fields)
}

impl super::Errand for Errand<'_> {
    fn want(&self, account: &Account) -> Result<Option<Request>, Unsendable> {
        let Some(task) = self.next() else { return Ok(None) };
        let entries = task.rows().iter().map(|row| &self.plan.listings[*row]);
        let request = match task {
            Task::Variants(_) => {
                change(account, Method::PUT, "/v3/catalog/variants", &entries.map(variant).collect::<Vec<_>>())
            }
            Task::Products(_) => {
                let titles = entries.filter_map(|entry| entry.title.as_ref());
                let bodies: Vec<Value> = titles.map(|(id, name)| json!({"id": id, "name": name})).collect();
                change(account, Method::PUT, "/v3/catalog/products", &bodies)
            }
        };
        request.map(Some)
    }

    /// Whatever else is said beside the status, the values are taken.
    fn answered(&mut self, _reply: &Reply) -> Result<(), Trouble> {
        self.done |= self.take().is_some();
        Ok(())
    }

    fn refused(&mut self, refusal: &Refusal) {
        let Some(task) = self.take() else { return };
        self.sort_out(&task, refusal);
    }

    fn has_done(&self) -> bool {
        self.done
    }

    /// What was not refused is done, once nothing is in the queue; a listing of which nothing differed is so from the
    /// start.
    fn outcomes(self, rest: Outcome) -> Vec<Outcome> {
        let waiting: BTreeSet<usize> = self.queue.iter().flat_map(Task::rows).copied().collect();
        let outcome = |(row, settled): (usize, Option<Outcome>)| match settled {
            Some(outcome) => outcome,
            None if waiting.contains(&row) => rest.clone(),
            None => Outcome::Done { after: None },
        };
        self.outcomes.into_iter().enumerate().map(outcome).collect()
    }
}
