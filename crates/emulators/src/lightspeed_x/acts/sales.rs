//! Sales at tills and in eCom.
//!
//! Called by the acts.

use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::books::Entry;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::sales::{Fulfilment, Line, Payment, Sale, State};
use crate::machine::{ActCustomer, ActLine, Millis, World};
use serde_json::{Value, json};

/// What is sold to whom, in a shop's own words.
#[derive(Debug)]
pub struct Document<'a> {
    /// The tester's name.
    pub reference: &'a str,
    /// What is sold.
    pub lines: &'a [ActLine],
    /// Who buys.
    pub customer: Option<&'a ActCustomer>,
}

/// Indexes of the payment types.
const CASH: u8 = 0;
const CARD: u8 = 1;

impl LightspeedX {
    /// A till sale; the goods leave at once, whatever the count says.
    pub(super) fn ring_up(
        &mut self,
        document: &Document<'_>,
        location: &str,
        offline_ms: Millis,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(document.reference)?;
        let outlet = self.account.named(location)?;
        let goods = self.read_goods(document.lines)?;
        let mut sale = self.begin_sale(document, outlet, world);
        sale.date = world.now.saturating_sub(offline_ms.max(0));
        sale.lines = self.lines_sold(&goods, document.lines, world);
        self.pay(&mut sale, CASH, world);
        sale.state = State::Closed;
        Ok(self.file_sale(sale, "sale", document.reference, world))
    }

    /// An order of the web shop: paid, and waiting at one outlet to be shipped or fetched.
    pub(super) fn place_web_order(
        &mut self,
        document: &Document<'_>,
        force: bool,
        pickup: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(document.reference)?;
        let goods = self.read_goods(document.lines)?;
        let offered = self.offering_outlets(pickup)?;
        let holding = offered.iter().copied().find(|outlet| self.holds(*outlet, &goods));
        let outlet = holding.or(offered.first().copied().filter(|_| force));
        let outlet = outlet.ok_or("no outlet that the shop sells from shows enough stock")?;
        let mut sale = self.begin_sale(document, outlet, world);
        sale.source = "ECOMMERCE".into();
        sale.fulfilment = Some(if pickup.is_some() { Fulfilment::Pickup } else { Fulfilment::Dispatch });
        sale.lines = self.lines_sold(&goods, document.lines, world);
        self.pay(&mut sale, CARD, world);
        sale.state = State::Pending;
        Ok(self.file_sale(sale, "web_order", document.reference, world))
    }

    /// A waiting order leaves.
    pub(super) fn hand_over(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.document(reference)?;
        self.hand_over_sale(index, world)?;
        Ok(self.told(index))
    }

    /// A waiting order is called off.
    pub(super) fn call_off(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.document(reference)?;
        if self.sales.get(index).state != State::Pending {
            return Err(format!("{reference} does not wait to be handed over"));
        }
        Ok(self.undo(index, reference, world))
    }

    /// A finished sale is voided: its payments are taken back and its goods are on the shelf again.
    pub(super) fn void(&mut self, reference: &str, world: &mut World<'_>) -> Result<Value, String> {
        let index = self.document(reference)?;
        let sale = self.sales.get(index);
        if sale.state != State::Closed {
            return Err(format!("{reference} is not a finished sale"));
        }
        if sale.returns.iter().any(|back| self.sales.get(*back as usize).state == State::Closed) {
            return Err(format!("goods of {reference} have come back"));
        }
        if sale.return_for.is_some() {
            return Err(format!("{reference} is a return and cannot be voided"));
        }
        Ok(self.undo(index, reference, world))
    }

    fn undo(&mut self, index: usize, reference: &str, world: &mut World<'_>) -> Value {
        let voided = Sale { state: State::Voided, ..self.sales.get(index).clone() };
        self.put_sale(voided, world);
        self.log.push(Entry::Cancel { reference: reference.to_owned(), sale: index, at: world.now });
        self.told(index)
    }

    /// A parked sale without lines, with its invoice number and its customer.
    pub(super) fn begin_sale(&mut self, document: &Document<'_>, outlet: usize, world: &mut World<'_>) -> Sale {
        let customer = document.customer.map(|typed| self.put_customer(typed, world) as u32);
        let invoice = self.account.next_invoice(outlet);
        let source_id = document.reference.to_owned();
        Sale { customer, source_id, ..Sale::begin(outlet, invoice, world) }
    }

    /// Lines that leave, at the prices that were typed.
    pub(super) fn lines_sold(&self, goods: &[(usize, Decimal)], typed: &[ActLine], world: &mut World<'_>) -> Vec<Line> {
        let line = |((product, quantity), typed): (&(usize, Decimal), &ActLine)| {
            let apart = self.money.apart(self.money.of_minor(typed.unit_price_minor));
            Line {
                id: Id::draw(world.dice),
                product: *product as u32,
                quantity: *quantity,
                price: apart.price,
                discount: Decimal::ZERO,
                tax: 0,
                tax_amount: apart.tax,
                is_return: false,
                returned: Decimal::ZERO,
            }
        };
        goods.iter().zip(typed).map(line).collect()
    }

    /// Pays a sale, or gives the money back, to the cent.
    pub(super) fn pay(&self, sale: &mut Sale, kind: u8, world: &mut World<'_>) {
        let amount = self.money.cents(sale.price() + sale.tax());
        sale.payments.push(Payment { id: Id::draw(world.dice), kind, amount, date: sale.date });
    }

    /// Enters a finished sale under the tester's name and writes it into the books.
    pub(super) fn file_sale(
        &mut self,
        sale: Sale,
        kind: &'static str,
        reference: &str,
        world: &mut World<'_>,
    ) -> Value {
        let index = self.put_sale(sale, world);
        self.documents.insert(reference.to_owned(), index);
        self.log.push(Entry::Sale { kind, reference: reference.to_owned(), sale: index });
        self.told(index)
    }

    pub(super) fn told(&self, index: usize) -> Value {
        let sale = self.sales.get(index);
        json!({"sale_id": sale.id.to_string(), "invoice_number": sale.invoice, "version": sale.version})
    }

    /// Outlets that an order may be taken from: the one where it is fetched, or those that the shop sells from.
    fn offering_outlets(&self, pickup: Option<&str>) -> Result<Vec<usize>, String> {
        if let Some(name) = pickup {
            return Ok(vec![self.account.named(name)?]);
        }
        if self.settings.sells_from.is_empty() {
            return Ok((0..self.account.outlet_count()).collect());
        }
        Ok(self.settings.sells_from.iter().filter_map(|name| self.account.named(name).ok()).collect())
    }

    /// Whether an outlet shows enough of everything that is not promised yet. What is not counted is always there.
    fn holds(&self, outlet: usize, goods: &[(usize, Decimal)]) -> bool {
        goods.iter().all(|(product, _)| {
            let wanted: Decimal =
                goods.iter().filter(|(other, _)| other == product).map(|(_, quantity)| *quantity).sum();
            self.record_at(*product, outlet).is_none_or(|record| {
                let record = self.stock.get(record);
                record.level - record.promised >= wanted
            })
        })
    }
}
