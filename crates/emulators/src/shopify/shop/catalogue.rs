//! Locations, articles, customers, and stock that is changed by hand.

use super::{Movement, Shop};
use crate::machine::{ActCustomer, Millis};
use crate::shopify::happened::{Event, Happened};
use crate::shopify::ids::Kind;
use crate::shopify::records::{Article, Customer, Level, Location, Note};

/// What an article is made from.
#[derive(Clone, Copy, Debug)]
pub(in crate::shopify) struct ArticleForm<'a> {
    pub(in crate::shopify) sku: &'a str,
    pub(in crate::shopify) title: &'a str,
    pub(in crate::shopify) barcode: Option<&'a str>,
    pub(in crate::shopify) price_minor: i64,
    pub(in crate::shopify) tracked: bool,
}

impl Shop {
    /// Opens a location, or finds it when the name exists. Every tracked article is stocked there, at zero.
    pub(in crate::shopify) fn put_location(&mut self, name: &str, now: Millis, happened: &mut Happened) -> usize {
        if let Ok(known) = self.location_named(name) {
            return known;
        }
        let index = self.locations.len();
        let id = self.give(Kind::Location, [index, 0, 0]);
        self.locations.push(Location { id, name: name.to_owned(), created: now, updated: now });
        for article in self.articles.iter_mut().filter(|article| article.tracked && !article.deleted) {
            article.levels.push(fresh_level(now));
        }
        happened.note(Event::Location { location: index, topic: "LOCATIONS_CREATE" });
        index
    }

    /// Makes an article, or changes the one with the same SKU.
    pub(in crate::shopify) fn put_article(
        &mut self,
        form: &ArticleForm<'_>,
        force_new: bool,
        now: Millis,
        happened: &mut Happened,
    ) -> usize {
        match self.articles_by_sku.get(form.sku).copied() {
            Some(known) if !force_new && !form.sku.is_empty() => {
                self.change_article(known, form, now, happened);
                known
            }
            Some(_) | None => self.make_article(form, now, happened),
        }
    }

    fn change_article(&mut self, index: usize, form: &ArticleForm<'_>, now: Millis, happened: &mut Happened) {
        let locations = self.locations.len();
        let article = &mut self.articles[index];
        article.title = form.title.to_owned();
        article.barcode = form.barcode.map(str::to_owned);
        article.price_minor = form.price_minor;
        article.updated = now;
        if form.tracked != article.tracked {
            article.tracked = form.tracked;
            article.levels = if form.tracked { vec![fresh_level(now); locations] } else { Vec::new() };
            happened.note(Event::Item { article: index, topic: "INVENTORY_ITEMS_UPDATE" });
        }
        happened.note(Event::Product { article: index, topic: "PRODUCTS_UPDATE" });
    }

    fn make_article(&mut self, form: &ArticleForm<'_>, now: Millis, happened: &mut Happened) -> usize {
        let index = self.articles.len();
        let home = [index, 0, 0];
        let stocked = if form.tracked { self.locations.len() } else { 0 };
        let article = Article {
            product: self.give(Kind::Product, home),
            variant: self.give(Kind::ProductVariant, home),
            item: self.give(Kind::InventoryItem, home),
            sku: form.sku.to_owned(),
            title: form.title.to_owned(),
            barcode: form.barcode.map(str::to_owned),
            price_minor: form.price_minor,
            compare_at_minor: None,
            tracked: form.tracked,
            deleted: false,
            created: now,
            updated: now,
            levels: vec![fresh_level(now); stocked],
        };
        self.articles.push(article);
        self.articles_by_sku.entry(form.sku.to_owned()).or_insert(index);
        happened.note(Event::Product { article: index, topic: "PRODUCTS_CREATE" });
        happened.note(Event::Item { article: index, topic: "INVENTORY_ITEMS_CREATE" });
        index
    }

    /// Deletes an article with its levels. Orders keep their lines.
    pub(in crate::shopify) fn delete_article(
        &mut self,
        sku: &str,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        let index = self.article_with_sku(sku)?;
        let article = &mut self.articles[index];
        article.deleted = true;
        article.updated = now;
        article.levels.clear();
        self.articles_by_sku.remove(sku);
        let heir = self.articles.iter().position(|other| !other.deleted && other.sku == sku);
        if let Some(heir) = heir {
            self.articles_by_sku.insert(sku.to_owned(), heir);
        }
        happened.note(Event::Product { article: index, topic: "PRODUCTS_DELETE" });
        happened.note(Event::Item { article: index, topic: "INVENTORY_ITEMS_DELETE" });
        Ok(index)
    }

    /// Makes a customer, or changes the one with the same reference. Empty fields leave what is known.
    pub(in crate::shopify) fn put_customer(
        &mut self,
        form: &ActCustomer,
        now: Millis,
        happened: &mut Happened,
    ) -> usize {
        if let Some(known) = self.customers_by_reference.get(&form.reference).copied() {
            if self.customers[known].take_over(form) {
                self.customers[known].updated = now;
                happened.note(Event::Customer { customer: known, topic: "CUSTOMERS_UPDATE" });
            }
            return known;
        }
        let index = self.customers.len();
        let mut customer = Customer {
            id: self.give(Kind::Customer, [index, 0, 0]),
            given_name: String::new(),
            family_name: String::new(),
            email: String::new(),
            phone: String::new(),
            orders: 0,
            created: now,
            updated: now,
        };
        customer.take_over(form);
        self.customers.push(customer);
        self.customers_by_reference.insert(form.reference.clone(), index);
        happened.note(Event::Customer { customer: index, topic: "CUSTOMERS_CREATE" });
        index
    }

    /// The available quantity becomes this number.
    pub(in crate::shopify) fn count(
        &mut self,
        place: (usize, usize),
        quantity: i64,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<u64, String> {
        let level = self.level(place.0, place.1).ok_or("the item is not tracked")?;
        let by = Movement { available: quantity - level.available, committed: 0 };
        self.move_stock(place, by, now, happened);
        Ok(self.write_note("count", "", place, quantity, now))
    }

    /// The available quantity changes by this number.
    pub(in crate::shopify) fn adjust(
        &mut self,
        place: (usize, usize),
        delta: i64,
        reference: &str,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<u64, String> {
        self.level(place.0, place.1).ok_or("the item is not tracked")?;
        self.move_stock(place, Movement { available: delta, committed: 0 }, now, happened);
        Ok(self.write_note("adjust", reference, place, delta, now))
    }

    fn write_note(
        &mut self,
        kind: &'static str,
        reference: &str,
        (article, location): (usize, usize),
        quantity: i64,
        at: Millis,
    ) -> u64 {
        let document = self.give(Kind::InventoryAdjustmentGroup, [self.notes.len(), 0, 0]);
        let reference = if reference.is_empty() { format!("{kind}-{document}") } else { reference.to_owned() };
        self.notes.push(Note { kind, reference, document, article, location, quantity, at });
        document
    }
}

impl Customer {
    /// Takes over what the form says; answers whether anything changed.
    fn take_over(&mut self, form: &ActCustomer) -> bool {
        let mut changed = false;
        for (mine, theirs) in [
            (&mut self.given_name, &form.given_name),
            (&mut self.family_name, &form.family_name),
            (&mut self.email, &form.email),
            (&mut self.phone, &form.phone),
        ] {
            if !theirs.is_empty() && mine != theirs {
                mine.clone_from(theirs);
                changed = true;
            }
        }
        changed
    }
}

fn fresh_level(now: Millis) -> Level {
    Level { created: now, updated: now, ..Level::default() }
}
