//! Business rules: where the till would ask before it goes on, as registered by the application.
//!
//! Called by `routes`. The rules are kept and listed; a pure machine opens no connection, so that no till asks them.

use super::LightspeedX;
use super::clock::iso;
use super::ids::Id;
use super::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

const EVENTS: [&str; 5] =
    ["sale.ready_for_payment", "sale.line_items.added", "sale.customer.changed", "sale.created", "sale.updated"];

/// All rules.
#[derive(Debug, Default)]
pub struct Workflows {
    remote: Vec<Remote>,
    rules: Vec<Rule>,
}

/// An address that is asked.
#[derive(Debug)]
struct Remote {
    id: Id,
    url: String,
    created_at: Millis,
}

/// When it is asked.
#[derive(Debug)]
struct Rule {
    id: Id,
    event: String,
    remote: Id,
    created_at: Millis,
}

impl LightspeedX {
    /// `/workflows/remote_rules` and `/workflows/rules`.
    pub(crate) fn route_workflows(
        &mut self,
        method: &str,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", ["remote_rules"]) => Ok(list(self.workflows.remote.iter().map(|one| self.render_remote(one)))),
            ("GET", ["rules"]) => Ok(list(self.workflows.rules.iter().map(render_rule))),
            ("POST", ["remote_rules"]) => self.create_remote(call, world),
            ("POST", ["rules"]) => self.create_rule(call, world),
            ("DELETE", ["remote_rules", id]) => {
                let at = position(self.workflows.remote.iter().map(|one| one.id), id)?;
                let gone = self.workflows.remote.remove(at);
                self.workflows.rules.retain(|rule| rule.remote != gone.id);
                Ok(Reply::nothing())
            }
            ("DELETE", ["rules", id]) => {
                let at = position(self.workflows.rules.iter().map(|one| one.id), id)?;
                self.workflows.rules.remove(at);
                Ok(Reply::nothing())
            }
            (_, ["remote_rules" | "rules"] | ["remote_rules" | "rules", _]) => Err(Refused::no_such_method()),
            _ => Err(Refused::not_found()),
        }
    }

    fn create_remote(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let url = wire::text(call.object()?, "url")?.filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| Refused::against("url is required"))?.to_owned();
        let one = Remote { id: Id::draw(world.dice), url, created_at: world.now };
        let shown = self.render_remote(&one);
        self.workflows.remote.push(one);
        Ok(Reply::data(shown))
    }

    fn create_rule(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let body = call.object()?;
        let event = wire::text(body, "event_type")?.filter(|event| EVENTS.contains(event));
        let event = event.ok_or_else(|| Refused::against("event_type is unknown"))?.to_owned();
        let remote = wire::id(body, "remote_rule_id")?.ok_or_else(|| Refused::against("remote_rule_id is required"))?;
        if self.workflows.remote.iter().all(|one| one.id != remote) {
            return Err(Refused::against("remote_rule_id is unknown"));
        }
        let rule = Rule { id: Id::draw(world.dice), event, remote, created_at: world.now };
        let shown = render_rule(&rule);
        self.workflows.rules.push(rule);
        Ok(Reply::data(shown))
    }

    fn render_remote(&self, one: &Remote) -> Value {
        json!({
            "id": one.id.to_string(),
            "url": one.url,
            "oauth_application_id": self.settings.client_id,
            "created_at": iso(one.created_at),
        })
    }
}

fn render_rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id.to_string(),
        "event_type": rule.event,
        "remote_rule_id": rule.remote.to_string(),
        "created_at": iso(rule.created_at),
    })
}

fn list(rows: impl Iterator<Item = Value>) -> Reply {
    Reply::ok(json!({"data": rows.collect::<Vec<_>>()}))
}

fn position(mut ids: impl Iterator<Item = Id>, wanted: &str) -> Result<usize, Refused> {
    let wanted = Id::parse(wanted);
    ids.position(|id| Some(id) == wanted).ok_or_else(Refused::not_found)
}
