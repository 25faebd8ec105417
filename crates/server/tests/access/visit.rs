//! A browser of one person: signs in by the form, keeps its cookie, asks for pages and posts forms.

use access::{NewPerson, Role};
use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, header};
use tower::ServiceExt;

use crate::running::Running;

/// What every person of these tests types.
pub const PASSWORD: &str = "three blind mice";

/// A browser.
pub struct Visit {
    router: Router,
    cookie: String,
}

impl Visit {
    /// Somebody who has not signed in.
    pub fn stranger(running: &Running) -> Self {
        Self { router: server::router(running.hub.clone()), cookie: String::new() }
    }

    /// Somebody with roles, added and signed in.
    pub async fn of(running: &Running, name: &str, roles: &[Role]) -> Self {
        Self::at(
            running,
            NewPerson { name: name.into(), roles: roles.iter().copied().collect(), ..NewPerson::default() },
        )
        .await
    }

    /// Somebody added and signed in.
    pub async fn at(running: &Running, new: NewPerson) -> Self {
        let store = &running.hub.doorkeeper.store;
        store.add_person(&new, "test", running.now().0).expect("added");
        store.set_password(&new.name, PASSWORD, "test", running.now().0).expect("a password");
        let mut visit = Self::stranger(running);
        visit.sign_in(&new.name, PASSWORD, "").await;
        assert!(!visit.cookie.is_empty(), "{} was not let in", new.name);
        visit
    }

    /// Signs in by the form, and answers what came back.
    pub async fn sign_in(&mut self, name: &str, password: &str, number: &str) -> (u16, HeaderMap, String) {
        let form = form(&[("name", name), ("password", password), ("number", number)]);
        let (status, headers, text) = self.send("POST", "/sign-in", &form, &[]).await;
        if let Some(cookie) = headers.get(header::SET_COOKIE).filter(|_| status == 303) {
            self.cookie = cookie.to_str().expect("text").split(';').next().expect("a pair").to_owned();
        }
        (status, headers, text)
    }

    /// Asks for an address with a body as it is.
    pub async fn ask(&self, method: &str, address: &str, body: &str) -> (u16, String) {
        let (status, _, text) = self.send(method, address, body, &[]).await;
        (status, text)
    }

    /// Posts a form with the token of a page, and follows to the page that tells what it did.
    pub async fn post(&self, page: &str, address: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let (_, shown) = self.ask("GET", page, "").await;
        let token = shown.split_once("name=\"token\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        let mut fields = fields.to_vec();
        fields.push(("token", token.expect("a form with a token").0));
        let (status, headers, text) = self.send("POST", address, &form(&fields), &[]).await;
        match headers.get(header::LOCATION) {
            Some(to) => self.ask("GET", to.to_str().expect("text"), "").await,
            None => (status, text),
        }
    }

    /// Sends a request with further headers.
    pub async fn send(
        &self,
        method: &str,
        address: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> (u16, HeaderMap, String) {
        let mut request = Request::builder().method(method).uri(address).header(header::HOST, "localhost:8080");
        if !self.cookie.is_empty() {
            request = request.header(header::COOKIE, &self.cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        // A stream has no end: its head is enough.
        let endless = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = match endless {
            true => bytes::Bytes::new(),
            false => axum::body::to_bytes(body, 8 << 20).await.expect("a whole body"),
        };
        (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}
