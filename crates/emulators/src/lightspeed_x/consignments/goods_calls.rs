//! The goods of a consignment: listed, added, changed, taken off.
//!
//! Called by `routes`. Which number a call changes depends on the kind and on where the consignment stands.

use super::{Consignment, Kind, Parcel, Status};
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::iso;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::feed::Feed;
use crate::lightspeed_x::paging::Page;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Map, Value, json};

impl LightspeedX {
    /// `GET /consignments/{id}/products`.
    pub(crate) fn list_consignment_products(&self, id: &str, call: &Call) -> Answer {
        let one = self.consignments.get(self.consignment_named(id)?);
        let mut feed = Feed::default();
        for (at, parcel) in one.goods.iter().enumerate() {
            feed.file(at, 0, parcel.version);
        }
        Ok(Page::read(call)?.of(&feed, |_| true, |at| self.render_parcel(&one.goods[at])))
    }

    /// `POST /consignments/{id}/products`.
    pub(crate) fn add_consignment_product(&mut self, id: &str, call: &Call, world: &mut World<'_>) -> Answer {
        let index = self.consignment_named(id)?;
        let mut changed = self.consignments.get(index).clone();
        call.needs(changed.kind.scope())?;
        let product = self.put_row(&mut changed, call.unwrapped()?, false, world)?;
        self.put_consignment(changed, world);
        self.show_parcel(index, product)
    }

    /// `POST /consignments/{id}/bulk`: counts of an order add up.
    pub(crate) fn bulk_consignment_products(&mut self, id: &str, call: &Call, world: &mut World<'_>) -> Answer {
        let index = self.consignment_named(id)?;
        let mut changed = self.consignments.get(index).clone();
        call.needs(changed.kind.scope())?;
        let rows = call.body.as_array().or(call.body["data"].as_array());
        let rows = rows.ok_or_else(|| Refused::unreadable("The request body is not a list"))?;
        let mut shown = Map::new();
        for row in rows {
            let row = row.as_object().ok_or_else(|| Refused::unreadable("A row must be an object"))?;
            if wire::decimal(row, "count")?.is_none() && wire::decimal(row, "received")?.is_none() {
                return Err(Refused::against("every row needs count or received"));
            }
            let product = self.put_row(&mut changed, row, true, world)?;
            let id = self.goods.get(product).id.to_string();
            shown.insert(id, json!({"count": row.get("count"), "received": row.get("received")}));
        }
        self.put_consignment(changed, world);
        Ok(Reply::data(Value::Object(shown)))
    }

    /// `PUT /consignments/{id}/products/{product_id}`.
    pub(crate) fn update_consignment_product(
        &mut self,
        id: &str,
        product: &str,
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        let index = self.consignment_named(id)?;
        let mut changed = self.consignments.get(index).clone();
        call.needs(changed.kind.scope())?;
        let product = self.product_named(product)?;
        if changed.goods.iter().all(|parcel| parcel.product != product) {
            return Err(Refused::not_found());
        }
        let mut row = call.unwrapped()?.clone();
        row.insert("product_id".into(), self.goods.get(product).id.json());
        self.put_row(&mut changed, &row, false, world)?;
        self.put_consignment(changed, world);
        self.show_parcel(index, product)
    }

    /// `DELETE /consignments/{id}/products/{product_id}`.
    pub(crate) fn delete_consignment_product(
        &mut self,
        id: &str,
        product: &str,
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        let mut changed = self.consignments.get(self.consignment_named(id)?).clone();
        call.needs(changed.kind.scope())?;
        let product = self.product_named(product)?;
        if changed.status.is_final() || changed.status == Status::Dispatched {
            return Err(Refused::against(format!("the consignment is {}", changed.status.name())));
        }
        let before = changed.goods.len();
        changed.goods.retain(|parcel| parcel.product != product);
        if changed.goods.len() == before {
            return Err(Refused::not_found());
        }
        self.put_consignment(changed, world);
        Ok(Reply::nothing())
    }

    /// Lays a row over the consignment; answers the index of its product.
    fn put_row(
        &self,
        changed: &mut Consignment,
        row: &Map<String, Value>,
        adds_up: bool,
        world: &World<'_>,
    ) -> Result<usize, Refused> {
        if changed.status.is_final() {
            return Err(Refused::against(format!("the consignment is {}", changed.status.name())));
        }
        let id = wire::id(row, "product_id")?.ok_or_else(|| Refused::against("product_id is required"))?;
        let product = self.goods.find(id).ok_or_else(|| Refused::against("product_id is unknown"))?;
        let (count, received) = (wire::decimal(row, "count")?, wire::decimal(row, "received")?);
        let cost = wire::decimal(row, "cost")?;
        let (kind, status) = (changed.kind, changed.status);
        let counted = count.filter(|_| kind == Kind::Stocktake || matches!(status, Status::Open | Status::Sent));
        let seen = received.filter(|_| match kind {
            Kind::Supplier => true,
            Kind::Outlet => matches!(status, Status::Sent | Status::Dispatched),
            Kind::Stocktake => matches!(status, Status::Counting | Status::Processed),
            Kind::Return => false,
        });
        let sums = adds_up && kind == Kind::Supplier;
        let parcel = changed.put(product, world);
        if let Some(counted) = counted {
            parcel.count = if sums { parcel.count + counted } else { counted };
        }
        if let Some(seen) = seen {
            let before = parcel.received.filter(|_| sums).unwrap_or_default();
            parcel.received = Some(before + seen);
        }
        parcel.cost = cost.or(parcel.cost);
        // Goods that were seen are being unpacked, whatever the order said before.
        if seen.is_some() && kind == Kind::Supplier {
            changed.status = Status::Dispatched;
        }
        Ok(product)
    }

    fn show_parcel(&self, index: usize, product: usize) -> Answer {
        let found = self.consignments.get(index).goods.iter().find(|parcel| parcel.product == product);
        found.map(|parcel| Reply::data(self.render_parcel(parcel))).ok_or_else(Refused::not_found)
    }

    fn render_parcel(&self, parcel: &Parcel) -> Value {
        let product = self.goods.get(parcel.product);
        let text = |value: Option<Decimal>| value.map_or(Value::Null, |value| Value::from(value.to_string()));
        json!({
            "product_id": product.id.json(),
            "product_sku": product.sku,
            "count": parcel.count.to_string(),
            "received": parcel.received.unwrap_or_default().to_string(),
            "cost": text(parcel.cost.or(Some(product.supply_price))),
            "is_included": true,
            "status": "SUCCESS",
            "created_at": iso(parcel.created_at),
            "updated_at": iso(parcel.updated_at),
            "deleted_at": null,
            "version": parcel.version,
        })
    }
}
