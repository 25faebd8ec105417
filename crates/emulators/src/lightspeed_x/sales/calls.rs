//! The sale endpoints but returns and fulfilments.
//!
//! Called by `routes`.

use super::Sale;
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::paging::Page;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::World;

impl LightspeedX {
    /// `GET /sales`.
    pub(crate) fn list_sales(&self, call: &Call) -> Answer {
        Ok(Page::read(call)?.of(&self.sales.feed, |_| true, |index| self.render_sale(index)))
    }

    /// `GET /sales/{id}`.
    pub(crate) fn show_sale(&self, id: &str) -> Answer {
        Ok(Reply::data(self.render_sale(self.sale_named(id)?)))
    }

    /// `POST /sales`: a sale with a known id is changed, so that sending it twice makes one.
    pub(crate) fn create_sale(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let body = call.object()?;
        let id = wire::id(body, "id")?;
        if let Some(known) = id.and_then(|id| self.sales.find(id)) {
            return self.change_sale(known, call, world);
        }
        let (_, outlet) = self.read_head(body)?;
        if self.account.outlet_count() == 0 {
            return Err(Refused::against("there is no outlet to sell from"));
        }
        let outlet = outlet.unwrap_or(0);
        let mut sale = Sale::begin(outlet, String::new(), world);
        sale.id = id.unwrap_or(sale.id);
        self.lay_over(&mut sale, body, world)?;
        if sale.invoice.is_empty() {
            sale.invoice = self.account.next_invoice(sale.outlet);
        }
        let index = self.put_sale(sale, world);
        Ok(Reply::data(self.render_sale(index)))
    }

    /// `PUT /sales/{id}`.
    pub(crate) fn update_sale(&mut self, id: &str, call: &Call, world: &mut World<'_>) -> Answer {
        let index = self.sale_named(id)?;
        self.change_sale(index, call, world)
    }

    fn change_sale(&mut self, index: usize, call: &Call, world: &mut World<'_>) -> Answer {
        let mut sale = self.sales.get(index).clone();
        self.lay_over(&mut sale, call.object()?, world)?;
        self.put_sale(sale, world);
        Ok(Reply::data(self.render_sale(index)))
    }

    /// A sale by the id in an address.
    ///
    /// # Errors
    /// 404.
    pub(super) fn sale_named(&self, id: &str) -> Result<usize, Refused> {
        Id::parse(id).and_then(|id| self.sales.find(id)).ok_or_else(Refused::not_found)
    }
}
