//! What the retailer has besides goods, people and sales: outlets with their registers, taxes, payment types, the one
//! user, price books, brands and suppliers.
//!
//! Sales and acts look things up in [`Account`]; `calls` serves the lists. It does not know what is sold.

mod calls;

use super::feed::{Feed, Versions};
use super::ids::Id;
use super::settings::Settings;
use crate::machine::{Dice, Millis, World};

/// A shop or warehouse.
#[derive(Clone, Debug)]
pub struct Outlet {
    /// Its id.
    pub id: Id,
    /// Its name, unique here.
    pub name: String,
    /// IANA time zone.
    pub zone: String,
    version: u64,
    /// Its till.
    pub register: Register,
}

/// A till.
#[derive(Clone, Debug)]
pub struct Register {
    /// Its id.
    pub id: Id,
    name: String,
    /// The number of its last invoice.
    pub invoices: u64,
    version: u64,
}

/// A tax.
#[derive(Clone, Debug)]
pub struct Tax {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: &'static str,
    rate_id: Id,
    /// In hundred-thousandths.
    pub rate: i64,
    version: u64,
}

/// A way to pay.
#[derive(Clone, Debug)]
pub struct PaymentType {
    /// The retailer's own id of it.
    pub id: Id,
    /// The vendor's number of the kind.
    pub kind: u32,
    /// Its name.
    pub name: &'static str,
    version: u64,
}

/// A brand or supplier.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    deleted_at: Option<Millis>,
    version: u64,
}

/// A list of brands or suppliers in the order of their versions.
#[derive(Clone, Debug, Default)]
pub struct NamedList {
    all: Vec<Named>,
    feed: Feed,
}

/// All of it.
#[derive(Debug)]
pub struct Account {
    /// The retailer.
    pub retailer_id: Id,
    /// The one user, who rings up and counts everything.
    pub user_id: Id,
    /// The group that every customer is in.
    pub customer_group_id: Id,
    price_book_id: Id,
    user_version: u64,
    price_book_version: u64,
    /// The sales tax first, then 'no tax'.
    pub taxes: Vec<Tax>,
    /// Cash first.
    pub payment_types: Vec<PaymentType>,
    outlets: Vec<Outlet>,
    brands: NamedList,
    suppliers: NamedList,
}

impl Account {
    /// A retailer without outlets. Its own ids are the same in every run.
    pub fn new(settings: &Settings, versions: &mut Versions) -> Self {
        let dice = &mut Dice::new(0x5853_4552);
        let (retailer_id, user_id, group, book) = (Id::draw(dice), Id::draw(dice), Id::draw(dice), Id::draw(dice));
        let mut taxes = Vec::new();
        for (name, rate) in [("VAT", settings.tax_rate), ("No Tax", 0)] {
            taxes.push(Tax { id: Id::draw(dice), name, rate_id: Id::draw(dice), rate, version: versions.next(dice) });
        }
        let mut payment_types = Vec::new();
        for (kind, name) in [(1, "Cash"), (3, "Credit Card")] {
            payment_types.push(PaymentType { id: Id::draw(dice), kind, name, version: versions.next(dice) });
        }
        let mut suppliers = NamedList::default();
        for (index, name) in settings.suppliers.iter().enumerate() {
            let version = versions.next(dice);
            suppliers.all.push(Named { id: Id::draw(dice), name: name.clone(), deleted_at: None, version });
            suppliers.feed.file(index, 0, version);
        }
        Self {
            retailer_id,
            user_id,
            customer_group_id: group,
            price_book_id: book,
            user_version: versions.next(dice),
            price_book_version: versions.next(dice),
            taxes,
            payment_types,
            outlets: Vec::new(),
            brands: NamedList::default(),
            suppliers,
        }
    }

    /// Outlets in the order in which they were opened.
    pub fn outlets(&self) -> &[Outlet] {
        &self.outlets
    }

    /// How many outlets there are.
    pub fn outlet_count(&self) -> usize {
        self.outlets.len()
    }

    /// The outlet of this index.
    pub fn outlet(&self, index: usize) -> &Outlet {
        &self.outlets[index]
    }

    /// The next invoice number of an outlet's till.
    pub fn next_invoice(&mut self, outlet: usize) -> String {
        let register = &mut self.outlets[outlet].register;
        register.invoices += 1;
        format!("{}-{}", outlet + 1, register.invoices)
    }

    /// The outlet with this name.
    ///
    /// # Errors
    /// A sentence when there is none.
    pub fn named(&self, name: &str) -> Result<usize, String> {
        let found = self.outlets.iter().position(|outlet| outlet.name == name);
        found.ok_or_else(|| format!("there is no outlet {name}"))
    }

    /// The outlet with this id.
    pub fn outlet_of(&self, id: Id) -> Option<usize> {
        self.outlets.iter().position(|outlet| outlet.id == id)
    }

    /// The outlet where the register with this id stands.
    pub fn outlet_of_register(&self, id: Id) -> Option<usize> {
        self.outlets.iter().position(|outlet| outlet.register.id == id)
    }

    /// The tax with this id.
    pub fn tax_of(&self, id: Id) -> Option<usize> {
        self.taxes.iter().position(|tax| tax.id == id)
    }

    /// The payment type with this id.
    pub fn payment_type_of(&self, id: Id) -> Option<usize> {
        self.payment_types.iter().position(|kind| kind.id == id)
    }

    /// The brand with this id.
    pub fn brand_of(&self, id: Id) -> Option<&Named> {
        self.brands.all.iter().find(|brand| brand.id == id)
    }

    /// The supplier with this id.
    pub fn supplier_of(&self, id: Id) -> Option<&Named> {
        self.suppliers.all.iter().find(|supplier| supplier.id == id)
    }

    /// Opens an outlet with one register; the known one when the name is taken.
    pub fn open_outlet(&mut self, name: &str, zone: &str, versions: &mut Versions, world: &mut World<'_>) -> usize {
        if let Ok(known) = self.named(name) {
            return known;
        }
        let register = Register {
            id: Id::draw(world.dice),
            name: format!("{name} till"),
            invoices: 0,
            version: versions.next(world.dice),
        };
        self.outlets.push(Outlet {
            id: Id::draw(world.dice),
            name: name.to_owned(),
            zone: zone.to_owned(),
            version: versions.next(world.dice),
            register,
        });
        self.outlets.len() - 1
    }
}
