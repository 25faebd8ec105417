//! Goods that come back, with or without their sale, alone or against others.
//!
//! Called by the acts. A returned product is always put back on the shelf by the platform; one that should not be is
//! written off again by a stock adjustment.

use super::sales::Document;
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::sales::{Line, Sale, State};
use crate::lightspeed_x::stock::adjustments::{Reason, Wanted};
use crate::machine::{ActLine, World};
use serde_json::Value;

/// Goods handed in.
#[derive(Debug)]
pub struct HandedIn<'a> {
    /// The tester's name of the document.
    pub reference: &'a str,
    /// Outlet.
    pub location: &'a str,
    /// What comes back.
    pub lines: &'a [ActLine],
    /// Whether it goes back on the shelf.
    pub restock: bool,
}

/// So many units of a line of the first sale.
type Part = (usize, Decimal);

impl LightspeedX {
    /// A return at the till.
    pub(super) fn take_back(
        &mut self,
        handed_in: &HandedIn<'_>,
        of: Option<&str>,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(handed_in.reference)?;
        let outlet = self.account.named(handed_in.location)?;
        let goods = self.read_goods(handed_in.lines)?;
        let first = of.map(|of| self.returnable(of)).transpose()?;
        let parts = first.map(|first| self.parts(first, &goods, handed_in.lines)).transpose()?;
        let mut sale = self.begin_back(handed_in.reference, first, outlet, world);
        match first.zip(parts) {
            Some((first, parts)) => self.bring_back(&mut sale, first, &parts, world),
            None => {
                sale.lines = self.lines_sold(&goods, handed_in.lines, world);
                sale.lines.iter_mut().for_each(|line| line.quantity = -line.quantity);
            }
        }
        let told = self.close_back(sale, handed_in.reference, first, world);
        if !handed_in.restock {
            self.write_off(&goods, outlet, handed_in.reference, world);
        }
        Ok(told)
    }

    /// Goods come back and others leave, in one sale.
    pub(super) fn exchange(
        &mut self,
        handed_in: &HandedIn<'_>,
        of: &str,
        out: &[ActLine],
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        self.new_document(handed_in.reference)?;
        let outlet = self.account.named(handed_in.location)?;
        let (back, leaving) = (self.read_goods(handed_in.lines)?, self.read_goods(out)?);
        let first = self.returnable(of)?;
        let parts = self.parts(first, &back, handed_in.lines)?;
        let mut sale = self.begin_back(handed_in.reference, Some(first), outlet, world);
        self.bring_back(&mut sale, first, &parts, world);
        sale.lines.extend(self.lines_sold(&leaving, out, world));
        Ok(self.close_back(sale, handed_in.reference, Some(first), world))
    }

    fn returnable(&self, reference: &str) -> Result<usize, String> {
        let index = self.document(reference)?;
        if self.sales.get(index).state == State::Closed {
            Ok(index)
        } else {
            Err(format!("{reference} is not finished"))
        }
    }

    /// Which lines of the first sale come back: the named one, or the first ones of that product with units left.
    fn parts(&self, first: usize, goods: &[(usize, Decimal)], typed: &[ActLine]) -> Result<Vec<Part>, String> {
        let mut open = self.open_lines(first);
        let mut parts = Vec::new();
        for ((product, quantity), typed) in goods.iter().zip(typed) {
            let mut wanted = *quantity;
            for (at, left) in &mut open {
                let same = self.sales.get(first).lines[*at].product as usize == *product;
                let named = typed.of_line.is_none_or(|of_line| of_line == *at);
                let part = if same && named { (*left).min(wanted) } else { Decimal::ZERO };
                if part.is_positive() {
                    *left = *left - part;
                    wanted = wanted - part;
                    parts.push((*at, part));
                }
            }
            if wanted.is_positive() {
                return Err(format!("more of {} comes back than was sold", typed.sku));
            }
        }
        Ok(parts)
    }

    fn begin_back(&mut self, reference: &str, first: Option<usize>, outlet: usize, world: &mut World<'_>) -> Sale {
        let document = Document { reference, lines: &[], customer: None };
        let mut sale = self.begin_sale(&document, outlet, world);
        sale.customer = first.and_then(|first| self.sales.get(first).customer);
        sale.return_for = first.map(|first| first as u32);
        sale
    }

    fn bring_back(&mut self, sale: &mut Sale, first: usize, parts: &[Part], world: &mut World<'_>) {
        for (at, quantity) in parts {
            let line: Line = self.line_back(first, *at, *quantity, world);
            sale.lines.push(line);
            self.sales.note_returned(first, *at, *quantity);
        }
    }

    fn close_back(&mut self, mut sale: Sale, reference: &str, first: Option<usize>, world: &mut World<'_>) -> Value {
        self.pay(&mut sale, 0, world);
        sale.state = State::Closed;
        let told = self.file_sale(sale, "sale", reference, world);
        if let (Some(first), Ok(back)) = (first, self.document(reference)) {
            self.link_return(first, back, world);
        }
        told
    }

    fn write_off(&mut self, goods: &[(usize, Decimal)], outlet: usize, reference: &str, world: &mut World<'_>) {
        for (product, quantity) in goods {
            if self.record_at(*product, outlet).is_some() {
                let wanted =
                    Wanted { product: *product, outlet, quantity: -*quantity, reason: Reason::Damage, custom: None };
                self.adjust_and_log(wanted, reference, world);
            }
        }
    }
}
