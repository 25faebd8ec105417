//! The Admin API: one POST under one version, a token, a cost bucket, and GraphQL. Called by the machine for every
//! request; what an answer says is in `fields`, what a mutation does in `change`.

mod arguments;
mod bucket;
mod bulk;
mod change;
mod cost;
mod execute;
mod fields;
mod node;
mod page;
mod schema;
mod search;

use std::cell::Cell;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Operation};
use apollo_compiler::validation::Valid;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Map, Value, json};

use self::arguments::{Arguments, Variables, read};
use self::execute::Run;
use self::node::{Node, Out};
use super::Shopify;
use super::happened::Happened;
use super::hooks::{API_VERSION, uuid};
use crate::machine::World;

pub(super) use bucket::Bucket;
pub(super) use bulk::{Bulks, lines};
pub(super) use change::Keys;
pub(super) use cost::COST_MAX;
pub(super) use schema::Documents;
#[cfg(test)]
pub(super) use schema::served;

/// Answers one request.
pub(super) fn answer(shopify: &mut Shopify, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
    let path = request.uri().path();
    if let Some(file) = shopify.bulks.served(path) {
        // A result file is fetched by anybody who knows its address, as from the vendor's storage.
        return reply(StatusCode::OK, "application/jsonl", file.clone(), world);
    }
    if path.starts_with("/admin/oauth/") {
        return shopify.answer_oauth(request, world);
    }
    if path != format!("/admin/api/{API_VERSION}/graphql.json") {
        return failure(StatusCode::NOT_FOUND, "Not Found", world);
    }
    if request.method() != http::Method::POST {
        return failure(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", world);
    }
    let token = request.headers().get("x-shopify-access-token").map(|value| value.as_bytes());
    if !shopify.installed || !token.is_some_and(|token| shopify.tokens.opens(token, world.now)) {
        let text = "[API] Invalid API key or access token (unrecognized login or wrong password)";
        shopify.calls.errors += 1;
        return failure(StatusCode::UNAUTHORIZED, text, world);
    }
    let Ok(Value::Object(call)) = serde_json::from_slice::<Value>(request.body()) else {
        shopify.calls.errors += 1;
        return failure(StatusCode::BAD_REQUEST, "Required parameter missing or invalid", world);
    };
    let host = request.headers().get(http::header::HOST).and_then(|value| value.to_str().ok());
    let base_url = format!("http://{}", host.unwrap_or("localhost"));
    let body = graphql(shopify, &call, &base_url, world);
    reply(StatusCode::OK, "application/json; charset=utf-8", Bytes::from(body.to_string()), world)
}

/// The body that says 'too many requests'; with status 200, as the vendor has it.
pub(super) fn throttled_body(bucket: &Bucket, requested: i64) -> Value {
    json!({
        "errors": [{
            "message": "Throttled",
            "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"},
        }],
        "extensions": {"cost": cost_of(bucket, requested, None)},
    })
}

fn cost_of(bucket: &Bucket, requested: i64, actual: Option<i64>) -> Value {
    json!({
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": {
            "maximumAvailable": bucket.maximum,
            "currentlyAvailable": bucket.available(),
            "restoreRate": bucket.restore_rate,
        },
    })
}

fn graphql(shopify: &mut Shopify, call: &Map<String, Value>, base_url: &str, world: &mut World<'_>) -> Value {
    let text = call.get("query").and_then(Value::as_str).unwrap_or("");
    let checked = shopify.documents.check(text).and_then(|document| {
        let (name, variables) = pick(&document, call)?;
        Ok((document, name, variables))
    });
    let (document, name, variables) = match checked {
        Ok(checked) => checked,
        Err(errors) => {
            shopify.calls.errors += 1;
            return json!({ "errors": errors });
        }
    };
    let Ok(operation) = document.operations.get(name.as_deref()) else {
        return json!({ "errors": [{"message": "No operation"}] });
    };
    let requested = cost::requested(&document, operation, &variables);
    if requested > cost::COST_MAX {
        shopify.calls.errors += 1;
        return too_dear(requested);
    }
    if !shopify.bucket.take(requested, world.now) {
        shopify.calls.throttled += 1;
        return throttled_body(&shopify.bucket, requested);
    }
    let (mut body, objects) = if operation.is_mutation() {
        shopify.calls.writes += 1;
        (mutate(shopify, &document, operation, &variables, base_url, world), cost::MUTATION_COST)
    } else {
        shopify.calls.reads += 1;
        query(shopify, &document, operation, &variables)
    };
    if body.get("errors").is_some() {
        shopify.calls.errors += 1;
    }
    let actual = if operation.is_mutation() { requested } else { objects.min(requested) };
    shopify.bucket.give_back(requested - actual);
    body["extensions"] = json!({ "cost": cost_of(&shopify.bucket, requested, Some(actual)) });
    body
}

fn too_dear(requested: i64) -> Value {
    let most = cost::COST_MAX;
    json!({ "errors": [{
        "message": format!("Query cost is {requested}, which exceeds the single query max cost limit ({most})."),
        "extensions": {"code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": most},
    }]})
}

/// The operation that is meant, and its variables as the schema reads them.
fn pick(
    document: &Valid<ExecutableDocument>,
    call: &Map<String, Value>,
) -> Result<(Option<String>, Variables), Vec<Value>> {
    let wrong = |text: String| vec![json!({ "message": text })];
    let name = call.get("operationName").and_then(Value::as_str).map(str::to_owned);
    let operation = document.operations.get(name.as_deref()).map_err(|e| wrong(e.message().to_string()))?;
    let given = call.get("variables").filter(|given| !given.is_null()).cloned().unwrap_or(json!({}));
    let given: apollo_compiler::response::JsonMap =
        serde_json::from_value(given).map_err(|_| wrong("Variables are not an object".to_owned()))?;
    let read = apollo_compiler::request::coerce_variable_values(schema::served(), operation, &given)
        .map_err(|e| wrong(e.message().to_string()))?;
    match serde_json::to_value(read.into_inner()) {
        Ok(Value::Object(variables)) => Ok((name, variables)),
        Ok(_) | Err(_) => Err(wrong("Variables cannot be read".to_owned())),
    }
}

fn query(
    shopify: &Shopify,
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &Variables,
) -> (Value, i64) {
    let run = run(shopify, document, variables);
    let body = match run.object(&Node::Root, &[&operation.selection_set]) {
        Ok(data) => json!({ "data": data }),
        Err(error) => json!({ "data": null, "errors": [error] }),
    };
    (body, run.objects.get())
}

fn run<'a>(shopify: &'a Shopify, document: &'a ExecutableDocument, variables: &'a Variables) -> Run<'a> {
    Run {
        document,
        variables,
        shop: &shopify.shop,
        hooks: &shopify.hooks,
        bulks: &shopify.bulks,
        everything: false,
        objects: Cell::new(0),
    }
}

/// Does the mutations of an operation one after the other; each announces what it changed.
fn mutate(
    shopify: &mut Shopify,
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &Variables,
    base_url: &str,
    world: &mut World<'_>,
) -> Value {
    let mut data = Map::new();
    for field in operation.root_fields(document) {
        let key = field.response_key().to_string();
        let value = match mutate_one(shopify, field, variables, base_url, world) {
            Ok(payload) => {
                let run = run(shopify, document, variables);
                run.complete(Out::Node(payload), &[&field.selection_set])
            }
            Err(error) => Err(error),
        };
        match value {
            Ok(value) => data.insert(key, value),
            Err(error) => return json!({ "data": null, "errors": [error] }),
        };
    }
    json!({ "data": data })
}

fn mutate_one(
    shopify: &mut Shopify,
    field: &Field,
    variables: &Variables,
    base_url: &str,
    world: &mut World<'_>,
) -> Result<Node, Value> {
    if field.name == "__typename" {
        return Ok(Node::record("Mutation", Vec::new()));
    }
    let arguments = Arguments::of(field, variables);
    let key = field
        .directives
        .get("idempotent")
        .and_then(|directive| directive.specified_argument_by_name("key"))
        .and_then(|key| read(key, variables));
    shopify.count_rows(&field.name, rows_of(&arguments));
    let mut happened = Happened::default();
    let mut change = change::Change {
        shop: &mut shopify.shop,
        hooks: &mut shopify.hooks,
        bulks: &mut shopify.bulks,
        documents: &mut shopify.documents,
        happened: &mut happened,
        now: world.now,
        base_url,
    };
    let key = key.as_ref().and_then(Value::as_str);
    let payload = change::perform(&mut change, &mut shopify.keys, &field.name, key, &arguments)?;
    shopify.publish(happened, world);
    Ok(payload)
}

/// How many rows a mutation carries: the longest list in its input, or one.
fn rows_of(arguments: &Arguments) -> u64 {
    let lists = arguments.0.values().flat_map(|value| match value {
        Value::Object(input) => input.values().collect(),
        other => vec![other],
    });
    lists.filter_map(|value| Some(value.as_array()?.len() as u64)).max().unwrap_or(1)
}

fn failure(status: StatusCode, text: &str, world: &mut World<'_>) -> Response<Bytes> {
    let body = Bytes::from(json!({ "errors": text }).to_string());
    reply(status, "application/json; charset=utf-8", body, world)
}

fn reply(status: StatusCode, kind: &str, body: Bytes, world: &mut World<'_>) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header(http::header::CONTENT_TYPE, kind)
        .header("x-request-id", uuid(world.dice))
        .header("x-shopify-api-version", API_VERSION)
        .body(body)
        .expect("the status and the headers are well formed")
}
