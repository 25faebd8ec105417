//! Facts and refusals in one line each, with names instead of numbers. What is zero or absent is left out.

use model::{
    ChannelId, Fact, ItemId, Level, LocationId, Moved, OrderId, Oversold, Quantity, Refusal, ReservationId, Returned,
    TransferPut, WritesSettled,
};

use super::hub::Hub;

impl Hub {
    /// What followed from a command.
    pub fn tell(&self, answer: &Result<Vec<Fact>, Refusal>) -> String {
        match answer {
            Ok(facts) if facts.is_empty() => "nothing".to_owned(),
            Ok(facts) => facts.iter().map(|fact| self.line(fact)).collect::<Vec<_>>().join("\n"),
            Err(refusal) => format!("refused: {refusal}"),
        }
    }

    fn line(&self, fact: &Fact) -> String {
        match fact {
            Fact::Moved(moved) => self.moved(moved),
            Fact::Returned(back) => self.returned(back),
            Fact::Oversold(oversold) => self.oversold(oversold),
            Fact::OrderPut(put) => format!("{} {} v{} {:?}", put.order, put.document, put.version, put.state),
            Fact::Reserved(reserved) => {
                let lines = reserved.lines.iter().map(|l| format!("{} {}", self.place(l.item, l.location), l.quantity));
                format!("{} holds {}", reserved.reservation, lines.collect::<Vec<_>>().join(", "))
            }
            Fact::Extended { reservation, expires_at } => format!("{reservation} until {expires_at}"),
            Fact::Committed { reservation } => format!("{reservation} left"),
            Fact::Released { reservation, .. } => format!("{reservation} given back"),
            Fact::Expired { reservation } => format!("{reservation} lapsed"),
            Fact::Shorted(s) => {
                format!(
                    "{} is short of {} {}",
                    loser(s.order, s.reservation),
                    self.place(s.item, s.location),
                    s.missing
                )
            }
            Fact::Counted(c) => {
                format!("counted {} {}, expected {}", self.place(c.item, c.location), c.counted, c.expected)
            }
            Fact::LevelRead(read) => {
                format!("{} shows {} {}", self.channel(read.channel), self.place(read.item, read.location), read.level)
            }
            Fact::ItemMapped { channel, external, item, .. } => {
                format!("{} {external} is {}", self.channel(*channel), item.map_or("nothing", |item| self.item(item)))
            }
            Fact::Listed { channel, item, listing } => {
                let listed =
                    listing.as_ref().map_or("nobody knows what".to_owned(), |listing| listing.title.to_string());
                format!("{} lists {} as {listed}", self.channel(*channel), self.item(*item))
            }
            Fact::Noticed { channel, about } => format!("fetch from {}: {about:?}", self.channel(*channel)),
            Fact::NoticeDone { channel, about } => format!("fetched from {}: {about:?}", self.channel(*channel)),
            Fact::Quarantined(put) => format!("{} {}: {}", put.id, put.kind, put.reason),
            Fact::QuarantineClosed { id, reason } => format!("{id} closed: {reason}"),
            Fact::TransferPut(put) => self.transfer(put),
            Fact::WritesIntended(batch) => {
                let writes =
                    batch.writes.iter().map(|w| format!("{} {}→{}", self.place(w.item, w.location), w.from, w.to));
                let writes = writes.collect::<Vec<_>>().join(", ");
                format!("{} {:?} to {}: {writes}", batch.id, batch.mode, self.channel(batch.channel))
            }
            Fact::WritesSettled(settled) => told(settled),
            Fact::KeyUsed { key, .. } => format!("key {key} used"),
            // The rest is configuration, which no test here reads line by line.
            other => format!("{other:?}"),
        }
    }

    fn moved(&self, moved: &Moved) -> String {
        let mut text = format!("{:?} {}", moved.cause, self.place(moved.item, moved.location));
        let changes = [
            ("on hand", moved.on_hand),
            ("reserved", moved.reserved),
            ("in transit", moved.in_transit),
            ("unsellable", moved.unsellable),
        ];
        for (what, change) in changes.into_iter().filter(|(_, change)| !change.is_zero()) {
            text += &format!(", {what} {}{change}", if change.is_loss() { "" } else { "+" });
        }
        if let Some((channel, change)) = moved.shown {
            text += &format!(" ({} {}{change})", self.channel(channel), if change.is_loss() { "" } else { "+" });
        }
        text
    }

    fn returned(&self, back: &Returned) -> String {
        let item = back.item.map_or("something", |item| self.item(item));
        let to = back.restocked.map_or("no shelf", |location| self.location(location));
        format!("{} {item} {} back to {to} by {}", back.order, back.quantity, back.document)
    }

    fn oversold(&self, oversold: &Oversold) -> String {
        let shown = oversold.shown.map_or("nothing".to_owned(), |level: Level| level.to_string());
        let who = oversold.channel.map_or("hand", |channel| self.channel(channel));
        let place = self.place(oversold.item, oversold.location);
        format!("oversold {place} {} by {who}, {:?} (it showed {shown})", oversold.units, oversold.by)
    }

    fn transfer(&self, put: &TransferPut) -> String {
        let open = |(item, quantity): &(ItemId, Quantity)| format!(" {} {quantity}", self.item(*item));
        let open: String = put.open.iter().map(open).collect();
        format!("{} {}→{} {:?}{open}", put.transfer, self.location(put.from), self.location(put.to), put.state)
    }

    fn place(&self, item: ItemId, location: LocationId) -> String {
        format!("{}@{}", self.item(item), self.location(location))
    }

    fn item(&self, item: ItemId) -> &str {
        self.state.catalogue().item(item).map_or("?", |item| item.sku.as_str())
    }

    fn location(&self, location: LocationId) -> &str {
        self.state.catalogue().location(location).map_or("?", |location| location.name.as_str())
    }

    fn channel(&self, channel: ChannelId) -> &str {
        self.state.catalogue().channel(channel).map_or("?", |channel| channel.name.as_str())
    }
}

fn told(settled: &WritesSettled) -> String {
    format!("{} {:?}", settled.id, settled.outcomes)
}

fn loser(order: Option<OrderId>, reservation: Option<ReservationId>) -> String {
    let order = order.map(|order| order.to_string());
    order.or(reservation.map(|reservation| reservation.to_string())).unwrap_or_else(|| "nobody".to_owned())
}
