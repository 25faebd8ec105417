//! Locations, products and their variants.

use super::Shop;
use crate::machine::Millis;
use crate::shopify::happened::{Event, Happened};
use crate::shopify::ids::Kind;
use crate::shopify::records::{Article, Level, Location, Product};

/// What an article is made from.
#[derive(Clone, Copy, Debug)]
pub(in crate::shopify) struct ArticleForm<'a> {
    pub(in crate::shopify) sku: &'a str,
    pub(in crate::shopify) title: &'a str,
    /// The product that it is a variant of; without it, it is a product of its own.
    pub(in crate::shopify) product: Option<&'a str>,
    pub(in crate::shopify) option: Option<&'a str>,
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
    ///
    /// # Errors
    /// The SKU is a variant of another product that has more variants.
    pub(in crate::shopify) fn put_article(
        &mut self,
        form: &ArticleForm<'_>,
        force_new: bool,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<usize, String> {
        match self.articles_by_sku.get(form.sku).copied() {
            Some(known) if !force_new && !form.sku.is_empty() => {
                self.change_article(known, form, now, happened)?;
                Ok(known)
            }
            Some(_) | None => Ok(self.make_article(form, now, happened)),
        }
    }

    fn change_article(
        &mut self,
        index: usize,
        form: &ArticleForm<'_>,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<(), String> {
        let family = self.articles[index].family;
        let alone = self.products[family].articles.len() == 1;
        let title = form.product.unwrap_or(if alone { form.title } else { &self.products[family].title }).to_owned();
        if title != self.products[family].title {
            if !alone {
                let product = &self.products[family].title;
                return Err(format!("'{}' is a variant of '{product}', which has other variants", form.sku));
            }
            self.rename(family, &title);
        }
        let locations = self.locations.len();
        let article = &mut self.articles[index];
        article.barcode = form.barcode.map(str::to_owned);
        article.price_minor = form.price_minor;
        article.option = form.option.map(str::to_owned).or(article.option.take());
        article.updated = now;
        if form.tracked != article.tracked {
            article.tracked = form.tracked;
            article.levels = if form.tracked { vec![fresh_level(now); locations] } else { Vec::new() };
            happened.note(Event::Item { article: index, topic: "INVENTORY_ITEMS_UPDATE" });
        }
        self.products[family].updated = now;
        happened.note(Event::Product { product: family, topic: "PRODUCTS_UPDATE" });
        Ok(())
    }

    /// Gives a product, and so all its variants, another title.
    pub(in crate::shopify) fn rename(&mut self, family: usize, title: &str) {
        self.products[family].title = title.to_owned();
        for article in self.products[family].articles.clone() {
            self.articles[article].title = title.to_owned();
        }
    }

    fn make_article(&mut self, form: &ArticleForm<'_>, now: Millis, happened: &mut Happened) -> usize {
        let known = form.product.and_then(|name| self.products_by_name.get(name).copied());
        let living = known.filter(|family| self.is_listed(*family));
        let family = living.unwrap_or_else(|| self.make_product(form, now));
        let index = self.articles.len();
        let home = [index, 0, 0];
        let stocked = if form.tracked { self.locations.len() } else { 0 };
        // Variants of one product differ by an option; without one the title has to do.
        let option = form.option.or(form.product.map(|_| form.title)).map(str::to_owned);
        let article = Article {
            product: self.products[family].id,
            family,
            variant: self.give(Kind::ProductVariant, home),
            item: self.give(Kind::InventoryItem, home),
            sku: form.sku.to_owned(),
            title: self.products[family].title.clone(),
            option,
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
        self.products[family].articles.push(index);
        self.products[family].updated = now;
        let topic = if living.is_some() { "PRODUCTS_UPDATE" } else { "PRODUCTS_CREATE" };
        happened.note(Event::Product { product: family, topic });
        happened.note(Event::Item { article: index, topic: "INVENTORY_ITEMS_CREATE" });
        index
    }

    fn make_product(&mut self, form: &ArticleForm<'_>, now: Millis) -> usize {
        let family = self.products.len();
        let id = self.give(Kind::Product, [family, 0, 0]);
        let title = form.product.unwrap_or(form.title).to_owned();
        if form.product.is_some() {
            self.products_by_name.insert(title.clone(), family);
        }
        self.products.push(Product { id, title, articles: Vec::new(), created: now, updated: now });
        family
    }

    /// Whether a product has a variant that is not deleted.
    pub(in crate::shopify) fn is_listed(&self, family: usize) -> bool {
        self.products.get(family).is_some_and(|product| product.articles.iter().any(|one| !self.articles[*one].deleted))
    }

    /// Deletes an article with its levels, and its product with the last one. Orders keep their lines.
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
        let family = article.family;
        self.articles_by_sku.remove(sku);
        let heir = self.articles.iter().position(|other| !other.deleted && other.sku == sku);
        if let Some(heir) = heir {
            self.articles_by_sku.insert(sku.to_owned(), heir);
        }
        self.products[family].updated = now;
        let topic = if self.is_listed(family) { "PRODUCTS_UPDATE" } else { "PRODUCTS_DELETE" };
        happened.note(Event::Product { product: family, topic });
        happened.note(Event::Item { article: index, topic: "INVENTORY_ITEMS_DELETE" });
        Ok(index)
    }
}

fn fresh_level(now: Millis) -> Level {
    Level { created: now, updated: now, ..Level::default() }
}
