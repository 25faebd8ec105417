//! The vendor's reference as a judge of requests and bodies, completed from the vendor's prose.

use std::process::Command;

use connectors::Request;
use serde_json::{Value, json};

/// Operations by path and method, and the schemas of things.
pub struct Contract {
    paths: Value,
    schemas: Value,
}

impl Contract {
    /// `None`, said aloud, when the reference is not there or cannot be read.
    pub fn load() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the reference is outside the repository")]
        let Ok(folder) = std::env::var("LOCKSTEP_REFERENCE") else {
            println!("skipped: LOCKSTEP_REFERENCE is not set");
            return None;
        };
        let path = format!("{folder}/specs/clover/clover-platform-rest-v3.derived.openapi.yml");
        let program = "import sys,json,yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout, default=str)";
        let Ok(read) = Command::new("python3").args(["-c", program, &path]).output() else {
            println!("skipped: there is no python3");
            return None;
        };
        let told = String::from_utf8_lossy(&read.stderr);
        if told.contains("No module named 'yaml'") {
            println!("skipped: python3 has no yaml");
            return None;
        }
        assert!(read.status.success(), "{path}: {told}");
        let mut file: Value = serde_json::from_slice(&read.stdout).expect("python writes JSON");
        let mut paths = file["paths"].take();
        add_from_prose(&mut paths);
        Some(Self { paths, schemas: file["components"]["schemas"].take() })
    }

    /// The operation a request is made to.
    pub fn operation(&self, request: &Request) -> &Value {
        let (path, method) = (request.http.uri().path(), request.http.method().as_str().to_lowercase());
        let parts = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
        let own = parts(path);
        let fits = |template: &str| {
            let template = parts(template);
            template.len() == own.len()
                && template.iter().zip(&own).all(|(part, own)| part == own || part.starts_with('{') && !own.is_empty())
        };
        let paths = self.paths.as_object().expect("operations by path");
        let found = paths.iter().filter(|(template, _)| fits(template)).map(|(_, found)| &found[&method]);
        let mut found = found.filter(|operation| operation.is_object());
        found.next().unwrap_or_else(|| panic!("there is no {method} {path}"))
    }

    pub fn accept(&self, request: &Request) {
        let operation = self.operation(request);
        for pair in request.http.uri().query().into_iter().flat_map(|query| query.split('&')) {
            let (name, value) = pair.split_once('=').expect("a parameter has a value");
            let value = unescaped(value);
            let known = operation["parameters"].as_array().into_iter().flatten();
            let known = known.into_iter().find(|known| known["name"] == name);
            let known = known.unwrap_or_else(|| panic!("{} has no parameter {name}", request.http.uri()));
            let listed = listed(known["description"].as_str().unwrap_or_default());
            match name {
                "filter" => {
                    let field = value.split(['=', '<', '>']).next().unwrap_or_default();
                    assert!(listed.iter().any(|known| known == field), "{field} is no filter of {listed:?}");
                }
                "expand" => value.split(',').for_each(|part| {
                    assert!(listed.iter().any(|known| known == part), "{part} is no part of {listed:?}");
                }),
                "limit" => assert!((1..=1_000).contains(&value.parse().unwrap_or(0)), "{value}"),
                "offset" => assert!(value.parse::<u64>().is_ok(), "{value}"),
                "orderBy" => assert!(listed.contains(&value), "{value}"),
                other => panic!("{other} is not checked"),
            }
        }
        self.accept_body(request, operation);
    }

    fn accept_body(&self, request: &Request, operation: &Value) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if request.http.body().is_empty() {
            assert!(schema.is_null(), "{} wants a body", request.http.uri());
            return;
        }
        let body = serde_json::from_slice(request.http.body()).expect("the body is JSON");
        assert!(schema.is_object(), "{} takes no body", request.http.uri());
        let faults = self.faults(schema, &body);
        assert!(faults.is_empty(), "{}: {faults:#?}", request.http.uri());
    }

    /// Faults of a value against a schema whose objects are closed, so that a misspelt field does not pass.
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut whole = json!({"allOf": [schema], "components": {"schemas": self.schemas}});
        close(&mut whole);
        let validator = jsonschema::validator_for(&whole).expect("the schemas are usable");
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
    }

    pub fn check(&self, schema: &str, value: &Value) {
        assert!(self.schemas.get(schema).is_some(), "there is no schema {schema}");
        let faults = self.faults(&json!({"$ref": format!("#/components/schemas/{schema}")}), value);
        assert!(faults.is_empty(), "{schema}: {faults:#?}");
    }
}

/// The names in the first pair of brackets that is followed by nothing but more prose: `Filter fields: [a, b]`.
pub fn listed(description: &str) -> Vec<String> {
    let names = description.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(names, _)| names);
    names.unwrap_or_default().split(',').map(|name| name.trim().to_owned()).collect()
}

fn unescaped(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let pair = [bytes.next().expect("two digits"), bytes.next().expect("two digits")];
            let pair = std::str::from_utf8(&pair).expect("digits");
            out.push(u8::from_str_radix(pair, 16).expect("hexadecimal"));
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).expect("text")
}

/// Closes every object with known fields. The file gives collections as arrays where the platform wraps them in
/// `elements` (<https://docs.clover.com/docs/expanding-fields>), and no field as nullable.
fn close(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let known = fields.get("properties").and_then(Value::as_object).is_some_and(|known| !known.is_empty());
            if known {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            if fields.get("type") == Some(&json!("array")) {
                let array = Value::Object(fields.clone());
                let wrapped = json!({"type": "object", "required": ["elements"], "properties": {"elements": array}});
                *value = json!({"anyOf": [array, wrapped]});
                return;
            }
            fields.remove("example");
            fields.values_mut().for_each(close);
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

/// What the file lacks.
fn add_from_prose(paths: &mut Value) {
    let parameter =
        |name: &str, listed: &str| json!({"name": name, "in": "query", "description": format!("[{listed}]")});
    let paging = [parameter("limit", ""), parameter("offset", ""), parameter("orderBy", "modifiedTime ASC")];
    // <https://docs.clover.com/docs/paginating-elements> and <https://docs.clover.com/docs/sorting-collections>.
    for list in ["orders", "customers"] {
        let known = &mut paths[format!("/v3/merchants/{{mId}}/{list}")]["get"]["parameters"];
        known.as_array_mut().expect("a list of parameters").extend(paging.clone());
    }
    let body =
        |schema: Value| json!({"requestBody": {"content": {"application/json": {"schema": schema}}}, "parameters": []});
    let text = || json!({"type": "string", "minLength": 1});
    let line = || json!({"type": "string"});
    let contact = |required: &[&str]| {
        let fields = json!({"emailAddress": line(), "primaryEmail": {"type": "boolean"}, "phoneNumber": line(),
            "address1": line(), "address2": line(), "address3": line(), "city": line(), "state": line(), "zip": line()});
        json!({"post": body(json!({"type": "object", "required": required, "properties": fields}))})
    };
    let more = [
        ("/v3/merchants/{mId}", json!({"get": {"parameters": []}})),
        // <https://docs.clover.com/dev/docs/querying-inventory>.
        ("/v3/merchants/{mId}/item_stocks", json!({"get": {"parameters": paging}})),
        (
            "/v3/merchants/{mId}/item_stocks/{itemId}",
            json!({
                "get": {"parameters": []},
                "post": body(json!({"type": "object", "required": ["quantity"], "properties": {"quantity": {"type": "number"}}})),
            }),
        ),
        // <https://docs.clover.com/docs/managing-items-item-groups>.
        ("/v3/merchants/{mId}/items/{itemId}", json!({"post": body(json!({"$ref": "#/components/schemas/Item"}))})),
        // <https://docs.clover.com/dev/docs/create-an-atomic-order>.
        (
            "/v3/merchants/{mId}/atomic_order/orders",
            json!({"post": body(json!({
                "type": "object", "required": ["orderCart"], "properties": {"orderCart": {
                    "type": "object", "required": ["lineItems"], "properties": {
                        "note": text(), "orderType": {"type": "object"}, "discounts": {"type": "array"},
                        "lineItems": {"type": "array", "items": {"type": "object", "properties": {
                            "item": {"type": "object", "required": ["id"], "properties": {"id": text()}},
                            "price": {"type": "integer"}, "unitQty": {"type": "integer", "minimum": 1}}}}}}},
            }))}),
        ),
        // <https://docs.clover.com/dev/reference/customerscreateemailaddressforcustomer> and its neighbours.
        ("/v3/merchants/{mId}/customers/{customerId}/email_addresses", contact(&["emailAddress"])),
        ("/v3/merchants/{mId}/customers/{customerId}/email_addresses/{contactId}", contact(&["emailAddress"])),
        ("/v3/merchants/{mId}/customers/{customerId}/phone_numbers", contact(&["phoneNumber"])),
        ("/v3/merchants/{mId}/customers/{customerId}/phone_numbers/{contactId}", contact(&["phoneNumber"])),
        ("/v3/merchants/{mId}/customers/{customerId}/addresses", contact(&["address1"])),
        ("/v3/merchants/{mId}/customers/{customerId}/addresses/{contactId}", contact(&["address1"])),
        // <https://docs.clover.com/docs/use-oauth>.
        (
            "/oauth/v2/token",
            json!({"post": body(json!({
                "type": "object", "required": ["client_id", "client_secret", "code"],
                "properties": {"client_id": text(), "client_secret": text(), "code": text()},
            }))}),
        ),
        (
            "/oauth/v2/refresh",
            json!({"post": body(json!({
                "type": "object", "required": ["client_id", "refresh_token"],
                "properties": {"client_id": text(), "refresh_token": text()},
            }))}),
        ),
    ];
    for (path, operations) in more {
        let known = paths.as_object_mut().expect("operations by path").entry(path).or_insert_with(|| json!({}));
        for (method, operation) in operations.as_object().expect("operations by method") {
            known[method] = operation.clone();
        }
    }
}
