//! The fields of a token request, in each of the ways in which clients send them.
//!
//! Used by the OAuth calls only.

use super::super::wire;
use bytes::Bytes;
use http::Request;
use std::collections::HashMap;

/// Reads JSON, `multipart/form-data` or `application/x-www-form-urlencoded`.
pub fn read(request: &Request<Bytes>) -> HashMap<String, String> {
    let kind =
        request.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let body = String::from_utf8_lossy(request.body());
    if let Some((_, boundary)) = kind.split_once("boundary=") {
        return parts(&body, boundary.split(';').next().unwrap_or_default().trim().trim_matches('"'));
    }
    match serde_json::from_str::<serde_json::Value>(&body) {
        Ok(serde_json::Value::Object(fields)) => {
            let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            fields.iter().map(|(name, value)| (name.clone(), text(value))).collect()
        }
        _ => wire::pairs(&body).into_iter().collect(),
    }
}

/// Fields of a multipart body; files and other headers are not looked at.
fn parts(body: &str, boundary: &str) -> HashMap<String, String> {
    let mut fields = HashMap::new();
    for part in body.split(&format!("--{boundary}")).skip(1) {
        let part = part.replace("\r\n", "\n");
        let Some((head, value)) = part.trim_start_matches('\n').split_once("\n\n") else { continue };
        let name = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(name) = name {
            fields.insert(name.to_owned(), value.strip_suffix('\n').unwrap_or(value).to_owned());
        }
    }
    fields
}
