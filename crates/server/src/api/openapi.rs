//! The document of the API: what the handlers say of themselves, and what holds for all of them.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::Door;
use super::access::{Access, ROUTES};
use super::problem::Problem;

/// What holds for every address.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lockstep",
        description = "One truth of stock between tills and web shops. Quantities are decimal text with up to five \
            places, money is minor units with a currency, times are RFC 3339. Changing calls take an \
            `Idempotency-Key`: the same key with the same request gets the same answer again.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem))
)]
pub(crate) struct Document;

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "health",
    responses((status = 200, description = "OpenAPI 3.1", body = String, content_type = "application/json")))]
pub(crate) async fn openapi(State(door): State<Arc<Door>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], door.document.clone()).into_response()
}

/// Adds to every operation the scope it needs, the header it takes and the problems it may answer, from the one table
/// of addresses, so that they cannot be forgotten in a single place.
pub(crate) fn complete(document: &utoipa::openapi::OpenApi, version: &str) -> String {
    // Only maps with text keys are in it.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["info"]["version"] = json!(version);
    document["components"]["securitySchemes"]["key"] = json!({
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `lk_…`. What it may do is listed with each address.",
    });
    for route in ROUTES {
        let operation = &mut document["paths"][route.path][route.method.to_ascii_lowercase()];
        if operation.is_object() {
            add(operation, route.method, route.access);
        }
    }
    document.to_string()
}

fn add(operation: &mut Value, method: &str, access: Access) {
    let mut problems = vec![("default", "Any other trouble")];
    if let Access::Needs(scope) = access {
        operation["security"] = json!([{ "key": [scope.name()] }]);
        operation["x-scope"] = json!(scope.name());
        problems.extend([
            ("400", "The request cannot be read"),
            ("401", "No key, or one that is not known"),
            ("403", "The key has not the scope, or a rule forbids it"),
            ("404", "It does not exist"),
            ("422", "A value makes no sense, or a name is not known"),
            ("429", "More calls in a minute than are allowed; see RateLimit and Retry-After"),
            ("503", "The hub is busy or has stopped"),
        ]);
        if method != "GET" {
            problems.extend([
                ("408", "The body took too long"),
                ("409", "The state of things, or the idempotency key, does not allow it"),
                ("413", "The body is too large"),
                ("415", "The body is not sent as JSON"),
            ]);
            let header = json!({
                "name": "Idempotency-Key",
                "in": "header",
                "required": false,
                "description": "Chosen by the caller; remembered for seven days.",
                "schema": { "type": "string", "maxLength": 128 },
            });
            match operation["parameters"].as_array_mut() {
                Some(parameters) => parameters.push(header),
                None => operation["parameters"] = json!([header]),
            }
        }
    } else {
        operation["security"] = json!([]);
    }
    for (status, description) in problems {
        let told = &mut operation["responses"][status];
        if told.is_null() {
            *told = json!({
                "description": description,
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            });
        }
    }
}
