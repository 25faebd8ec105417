//! The subscription endpoints.
//!
//! Called by `routes`. The same type and address can be subscribed once.

use super::{Subscription, known_topic};
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Value, json};

impl LightspeedX {
    /// `GET /webhooks`. Subscriptions have no version.
    pub(crate) fn list_webhooks(&self) -> Reply {
        let data: Vec<Value> = self.hooks.subscriptions.iter().map(|one| self.hooks.render(one)).collect();
        Reply::ok(json!({ "data": data }))
    }

    /// `POST /webhooks`.
    pub(crate) fn create_webhook(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let (url, topic, active) = read_webhook(call)?;
        if self.hooks.subscriptions.iter().any(|one| one.url == url && one.topic == topic) {
            return Err(Refused::conflict("A webhook with this type and url already exists"));
        }
        let one = Subscription { id: Id::draw(world.dice), url, active, topic };
        let shown = self.hooks.render(&one);
        self.hooks.subscriptions.push(one);
        Ok(Reply::created(shown))
    }

    /// `GET /webhooks/{id}`.
    pub(crate) fn show_webhook(&self, id: &str) -> Answer {
        let at = self.webhook_named(id)?;
        Ok(Reply::data(self.hooks.render(&self.hooks.subscriptions[at])))
    }

    /// `PUT /webhooks/{id}`.
    pub(crate) fn update_webhook(&mut self, id: &str, call: &Call) -> Answer {
        let at = self.webhook_named(id)?;
        let (url, topic, active) = read_webhook(call)?;
        let others = self.hooks.subscriptions.iter().enumerate().filter(|(index, _)| *index != at);
        if others.into_iter().any(|(_, one)| one.url == url && one.topic == topic) {
            return Err(Refused::conflict("A webhook with this type and url already exists"));
        }
        let one = &mut self.hooks.subscriptions[at];
        (one.url, one.topic, one.active) = (url, topic, active);
        Ok(Reply::data(self.hooks.render(&self.hooks.subscriptions[at])))
    }

    /// `DELETE /webhooks/{id}`.
    pub(crate) fn delete_webhook(&mut self, id: &str) -> Answer {
        let at = self.webhook_named(id)?;
        self.hooks.subscriptions.remove(at);
        Ok(Reply::nothing())
    }

    fn webhook_named(&self, id: &str) -> Result<usize, Refused> {
        let found = Id::parse(id).and_then(|id| self.hooks.subscriptions.iter().position(|one| one.id == id));
        found.ok_or_else(Refused::not_found)
    }
}

fn read_webhook(call: &Call) -> Result<(String, &'static str, bool), Refused> {
    let body = call.object()?;
    let url = wire::text(body, "url")?.filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    let url = url.ok_or_else(|| Refused::against("url is required"))?;
    let topic = wire::text(body, "type")?.and_then(known_topic).ok_or_else(|| Refused::against("type is unknown"))?;
    let active = wire::truth(body, "active")?.ok_or_else(|| Refused::against("active is required"))?;
    Ok((url.to_owned(), topic, active))
}
