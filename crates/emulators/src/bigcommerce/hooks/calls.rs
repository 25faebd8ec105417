//! `/v3/hooks`: webhooks are made, listed, changed and deleted by the app that owns them.
//!
//! Called by the routes.

use super::super::Store;
use super::super::wire::{Answer, Call, Page, Refused, Reply, path_id, text};
use super::{Hook, Hooks, scopes};
use crate::machine::{Millis, World};
use serde_json::{Map, Value, json};

/// Webhooks of one scope, each with a destination of its own.
const SAME_SCOPE_MAX: usize = 10;

impl Hooks {
    /// Makes a webhook; answers its index.
    ///
    /// # Errors
    /// 400 or 422, as the vendor answers them.
    pub(super) fn create(&mut self, form: &Value, now: Millis) -> Result<usize, Refused> {
        let scope = text(form, "scope").ok_or_else(|| Refused::field("scope", "is required"))?;
        let destination = text(form, "destination").ok_or_else(|| Refused::field("destination", "is required"))?;
        judge_scope(scope)?;
        judge_destination(destination)?;
        self.judge_room(scope, destination, None)?;
        self.made += 1;
        self.hooks.push(Hook {
            id: 20_000_000 + self.made,
            scope: scope.to_owned(),
            destination: destination.to_owned(),
            is_active: form["is_active"].as_bool().unwrap_or(true),
            deactivated: false,
            headers: read_headers(form)?.unwrap_or_default(),
            created_at: now,
            updated_at: now,
        });
        Ok(self.hooks.len() - 1)
    }

    fn change(&mut self, index: usize, form: &Value, now: Millis) -> Result<(), Refused> {
        let known = &self.hooks[index];
        let scope = text(form, "scope").unwrap_or(&known.scope).to_owned();
        let destination = text(form, "destination").unwrap_or(&known.destination).to_owned();
        judge_scope(&scope)?;
        judge_destination(&destination)?;
        self.judge_room(&scope, &destination, Some(index))?;
        let headers = read_headers(form)?;
        let hook = &mut self.hooks[index];
        (hook.scope, hook.destination) = (scope, destination);
        if let Some(headers) = headers {
            hook.headers = headers;
        }
        if let Some(is_active) = form["is_active"].as_bool() {
            hook.is_active = is_active;
            hook.deactivated &= !is_active;
        }
        hook.updated_at = now;
        Ok(())
    }

    fn judge_room(&self, scope: &str, destination: &str, except: Option<usize>) -> Result<(), Refused> {
        let others = self.hooks.iter().enumerate().filter(|(index, _)| Some(*index) != except);
        let same: Vec<&Hook> = others.map(|(_, hook)| hook).filter(|hook| hook.scope == scope).collect();
        if same.iter().any(|hook| hook.destination == destination) {
            return Err(Refused::field("destination", "a webhook of this scope and destination exists already"));
        }
        if same.len() >= SAME_SCOPE_MAX {
            return Err(Refused::field("scope", "the limit of 10 webhooks of this scope has been reached"));
        }
        Ok(())
    }

    fn find(&self, id: &str) -> Result<usize, Refused> {
        let id = path_id(id)?;
        self.hooks.iter().position(|hook| hook.id == id).ok_or_else(Refused::not_found)
    }

    /// A webhook as the API shows it.
    pub(super) fn render(&self, hook: &Hook) -> Value {
        json!({
            "id": hook.id,
            "client_id": self.client_id,
            "store_hash": self.store_hash,
            "scope": hook.scope,
            "destination": hook.destination,
            "headers": if hook.headers.is_empty() { Value::Null } else { Value::Object(hook.headers.clone()) },
            "is_active": hook.is_active,
            "created_at": hook.created_at.div_euclid(1_000),
            "updated_at": hook.updated_at.div_euclid(1_000),
        })
    }

    fn render_admin(&self, hook: &Hook) -> Value {
        let mut shown = self.render(hook);
        shown["status"] = json!(match (hook.is_active, hook.deactivated) {
            (true, _) => "active",
            (false, true) => "deactivated",
            (false, false) => "inactive",
        });
        shown
    }
}

impl Store {
    /// `hooks`, and what is below it.
    pub(in super::super) fn route_hooks(
        &mut self,
        method: &str,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", []) => self.list_hooks(call),
            ("POST", []) => {
                let index = self.hooks.create(&call.body, world.now)?;
                Ok(Reply::data(self.hooks.render(&self.hooks.hooks[index])))
            }
            ("GET", ["admin"]) => self.list_hooks_admin(call),
            ("PUT", ["admin"]) => {
                let emails = call.body["emails"].as_array().ok_or_else(|| Refused::bad("Input is invalid."))?;
                self.hooks.emails.clone_from(emails);
                Ok(Reply::empty())
            }
            ("GET", [id]) => Ok(Reply::data(self.hooks.render(&self.hooks.hooks[self.hooks.find(id)?]))),
            ("PUT", [id]) => {
                let index = self.hooks.find(id)?;
                self.hooks.change(index, &call.body, world.now)?;
                Ok(Reply::data(self.hooks.render(&self.hooks.hooks[index])))
            }
            ("DELETE", [id]) => {
                let gone = self.hooks.find(id)?;
                let gone = self.hooks.hooks.remove(gone);
                Ok(Reply::data(self.hooks.render(&gone)))
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn list_hooks(&self, call: &Call) -> Answer {
        let page = Page::read(&call.query, 250)?;
        let wanted = |name: &str, value: &str| call.query.get(name).is_none_or(|asked| asked == value);
        let found: Vec<&Hook> = self
            .hooks
            .hooks
            .iter()
            .filter(|hook| wanted("scope", &hook.scope) && wanted("destination", &hook.destination))
            .filter(|hook| call.query.get("is_active").is_none_or(|asked| asked == hook.is_active.to_string()))
            .collect();
        let data = page.cut(&found).into_iter().map(|hook| self.hooks.render(hook)).collect();
        Ok(page.reply(data, found.len(), &call.query))
    }

    fn list_hooks_admin(&self, call: &Call) -> Answer {
        let page = Page::read(&call.query, 250)?;
        let all: Vec<Value> = self.hooks.hooks.iter().map(|hook| self.hooks.render_admin(hook)).collect();
        let mut reply = page.reply(page.cut(&all), all.len(), &call.query);
        if let Some(body) = &mut reply.body {
            let listed = body["data"].take();
            body["data"] = json!({"emails": self.hooks.emails, "hooks_list": listed, "blocked_domains": []});
        }
        Ok(reply)
    }
}

fn judge_scope(scope: &str) -> Result<(), Refused> {
    if scopes::is_known(scope) { Ok(()) } else { Err(Refused::field("scope", "is not a known scope")) }
}

/// https on port 443. Loopback is let off, since a hub under test has neither a name nor a certificate.
fn judge_destination(destination: &str) -> Result<(), Refused> {
    let refuse = |why: &str| Err(Refused::field("destination", why));
    let uri: http::Uri = match destination.parse() {
        Ok(uri) => uri,
        Err(_) => return refuse("must be a URL"),
    };
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some("127.0.0.1" | "localhost" | "[::1]")) => Ok(()),
        (Some("https"), Some(_)) if uri.port_u16().is_none_or(|port| port == 443) => Ok(()),
        (Some("https"), Some(_)) => refuse("must be served on port 443"),
        _ => refuse("must be an https URL"),
    }
}

/// The hook's own headers: text by name. `None` when the form does not speak of them.
fn read_headers(form: &Value) -> Result<Option<Map<String, Value>>, Refused> {
    match form.get("headers") {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(Map::new())),
        Some(Value::Object(headers)) if headers.values().all(Value::is_string) => Ok(Some(headers.clone())),
        Some(_) => Err(Refused::field("headers", "must be an object of strings")),
    }
}
