//! What every call passes before an endpoint sees it: token, limits, scopes, query, body.
//!
//! Called by the machine. It does not know what an endpoint does.

use super::LightspeedR;
use super::cost::{self, Priced};
use super::counters;
use super::limits::{Cost, Held};
use super::oauth;
use super::query::Query;
use super::resources::{self, Resource};
use super::routes::Call;
use super::wire::{self, Refused};
use crate::machine::{Millis, World};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response};
use serde_json::{Value, json};

const BASE: &str = "/API/V3/";

/// An account is not a resource with rows; it is read by every token.
const ACCOUNT: Resource = Resource::plain("Account", "accountID", &[]);

impl LightspeedR {
    /// Answers one call, whatever host it has in reality.
    pub(crate) fn answer(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        self.tokens.hear(world.now);
        let path = request.uri().path().trim_end_matches('/');
        if path.starts_with("/auth/oauth/") || path == "/revoke" {
            let answered = self.answer_oauth(path, request, world.now);
            return answered.unwrap_or_else(|refused| wire::respond(refused.status, &refused.body()));
        }
        let body = read_body(request);
        let reads = request.method() == Method::GET;
        let segments = segments(path);
        let resource = segments.as_deref().and_then(resource_of);
        let response = self.answer_api(request, segments.as_deref(), resource, &body, world.now);
        let name = resource.map_or("", |resource| resource.name);
        let carried = body.as_ref().unwrap_or(&Value::Null);
        counters::note(&mut self.calls, reads, name, carried, response.status().as_u16());
        response
    }

    fn answer_api(
        &mut self,
        request: &Request<Bytes>,
        segments: Option<&[&str]>,
        resource: Option<&'static Resource>,
        body: &Result<Value, Refused>,
        now: Millis,
    ) -> Response<Bytes> {
        let token = oauth::bearer(request).unwrap_or_default();
        let scope = match self.tokens.judge(token, now) {
            Ok(scope) => scope.to_owned(),
            Err(hint) => return wire::respond(401, &Refused::oauth(401, "access_denied", hint).body()),
        };
        let query = Query::read(request.uri().query().unwrap_or_default(), resource.unwrap_or(&ACCOUNT));
        let cost = price(request, segments, resource, &query, body);
        if let Err(held) = self.limits.take(cost, now) {
            return self.held(held, cost);
        }
        let answered = self.judge(request, segments, resource, (&query, body, &scope), now);
        let response = match answered {
            Ok(answer) => wire::respond(200, &answer),
            Err(refused) => wire::respond(refused.status, &refused.body()),
        };
        self.with_limits(response, cost)
    }

    fn judge(
        &mut self,
        request: &Request<Bytes>,
        segments: Option<&[&str]>,
        resource: Option<&'static Resource>,
        (query, body, scope): (&Result<Query, Refused>, &Result<Value, Refused>, &str),
        now: Millis,
    ) -> Result<Value, Refused> {
        let lost = || Refused::not_found("The requested resource could not be found.");
        let segments = segments.ok_or_else(lost)?;
        judge_format(request)?;
        if segments.get(1).is_some_and(|account| *account != self.settings.account_id) {
            return Err(Refused::forbidden("The access token does not give access to this account."));
        }
        let writes = request.method() != Method::GET;
        if let Some(resource) = resource
            && !oauth::grants(scope, resource, writes)
        {
            return Err(Refused::forbidden(format!("The access token lacks the scopes for {}.", resource.name)));
        }
        let query = query.as_ref().map_err(Clone::clone)?;
        let body = body.as_ref().map_err(Clone::clone)?;
        let address = format!("{}{}", self.settings.api_base, request.uri().path());
        let call = Call { method: request.method().as_str(), query, body, address: &address, now };
        match segments {
            ["Account"] | ["Account", _] => self.account(&call, segments.len() == 1),
            ["Account", _, rest @ ..] => self.route(rest, &call),
            _ => Err(lost()),
        }
    }

    /// `GET /Account.json` and `/Account/{id}.json`
    fn account(&self, call: &Call<'_>, listed: bool) -> Result<Value, Refused> {
        if call.method != "GET" {
            return Err(Refused::no_such_method());
        }
        let (id, name) = (&self.settings.account_id, &self.settings.account_name);
        if listed {
            let link = json!({"@attributes": {"href": format!("/API/V3/Account/{id}")}});
            let account = json!({"accountID": id, "name": name, "link": link});
            return Ok(json!({"@attributes": {"count": "1"}, "Account": account}));
        }
        let code = self.settings.currency.as_str();
        Ok(json!({
            "@attributes": {"systemCustomerID": id},
            "status": "customer",
            "name": name,
            "employeeCount": "1",
            "employeeLimit": "30",
            "uniqueSubscriptionIdentifier": "EMULATED",
            "defaultCurrency": {"code": code, "symbol": code},
            "purchasingCurrencies": {"purchasingCurrency": [{"code": code, "symbol": code, "rate": "1"}]},
        }))
    }

    /// The answer to a call that a limiter held back.
    pub(crate) fn held(&self, held: Held, cost: Cost) -> Response<Bytes> {
        let (message, kind, wait_s) = match held {
            Held::Bucket { wait_s } => ("Rate limit exceeded.", "api-leaky-bucket", wait_s),
            Held::Burst => ("Burst rate limit exceeded.", "api-burst-limiter", 1),
        };
        let response = wire::respond(429, &Refused::too_many(message).body());
        let mut response = self.with_limits(response, cost);
        put(&mut response, "x-ls-api-ratelimit-type", kind);
        put(&mut response, "retry-after", &wait_s.to_string());
        response
    }

    fn with_limits(&self, mut response: Response<Bytes>, cost: Cost) -> Response<Bytes> {
        put(&mut response, "x-ls-acct-id", &self.settings.account_id);
        put(&mut response, "x-ls-oauth-client-id", &self.settings.client_id);
        put(&mut response, "x-ls-api-bucket-level", &self.limits.bucket_level());
        put(&mut response, "x-ls-api-burst-level", &self.limits.burst_level());
        put(&mut response, "x-ls-api-drip-rate", &self.limits.drip_rate());
        put(&mut response, "x-ls-api-request-cost", &cost.to_string());
        response
    }
}

fn put(response: &mut Response<Bytes>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Words of the path after the version, without the ending.
fn segments(path: &str) -> Option<Vec<&str>> {
    let rest = path.strip_prefix(BASE)?;
    Some(rest.strip_suffix(".json").unwrap_or(rest).split('/').collect())
}

/// What a path is about.
fn resource_of(segments: &[&str]) -> Option<&'static Resource> {
    match segments.get(2..)? {
        ["Inventory", "Transfer", _, "TransferItems" | "AddItems" | "UpdateItems" | "DeleteItems", ..] => {
            Some(&resources::TRANSFER_ITEM)
        }
        ["Inventory", "Transfer", ..] => Some(&resources::TRANSFER),
        ["Sale", _, "SaleLine", ..] => Some(&resources::SALE_LINE),
        ["Order", _, "Shipment", ..] => Some(&resources::ORDER_SHIPMENT),
        // These two have no path of their own.
        ["Transfer" | "OrderShipment", ..] | [] => None,
        [name, ..] => resources::named(name),
    }
}

/// Answers are JSON where the path or the client says so; the vendor's XML is not spoken here.
fn judge_format(request: &Request<Bytes>) -> Result<(), Refused> {
    let accepts =
        request.headers().get(http::header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if request.uri().path().ends_with(".json") || accepts.contains("json") {
        return Ok(());
    }
    Err(Refused::malformed("Paths must end in .json; XML is not spoken by this emulator."))
}

/// The JSON object of the body; an empty one where there is none.
fn read_body(request: &Request<Bytes>) -> Result<Value, Refused> {
    if request.body().is_empty() || matches!(*request.method(), Method::GET | Method::DELETE) {
        return Ok(json!({}));
    }
    match serde_json::from_slice(request.body()) {
        Ok(body @ Value::Object(_)) => Ok(body),
        _ => Err(Refused::malformed("The request body is not a JSON object.")),
    }
}

/// What a call costs; an ill-formed one costs as much as the plainest.
fn price(
    request: &Request<Bytes>,
    segments: Option<&[&str]>,
    resource: Option<&'static Resource>,
    query: &Result<Query, Refused>,
    body: &Result<Value, Refused>,
) -> Cost {
    let (Some(resource), Some(segments), Ok(query), Ok(body)) = (resource, segments, query, body) else {
        return Cost(100);
    };
    let action = segments.last().copied().unwrap_or_default();
    let lists = action.parse::<u64>().is_err();
    cost::of(&Priced { resource, writes: request.method() != Method::GET, lists, action, query, body })
}
