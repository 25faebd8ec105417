//! A browser, driven over the WebDriver protocol: just enough for the pages.

#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine;
use serde_json::{Value, json};

/// The driver's process; ends with its owner.
pub(crate) struct Driver {
    child: Child,
    address: String,
}

impl Driver {
    /// Starts the driver on a free port; `None` when it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let mut command = Command::new("chromedriver");
        command.args(["--port=0", "--allowed-ips=127.0.0.1"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        let lines = BufReader::new(child.stdout.take()?).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        Some(Self { child, address: format!("http://127.0.0.1:{}", port.expect("the driver says its port")) })
    }

    /// A window of this size; a narrow one is a phone.
    pub(crate) async fn window(&self, width: u32, height: u32) -> Window {
        let mut options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--no-proxy-server", format!("--window-size={width},{height}"),
        ] });
        if width < 600 {
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0 } });
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 30_000 },
        } } });
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut window = Window { client, address: format!("{}/session", self.address) };
        let session = window.call("", wanted).await;
        window.address = format!("{}/{}", window.address, session["sessionId"].as_str().expect("a session"));
        window
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser window.
pub(crate) struct Window {
    client: reqwest::Client,
    address: String,
}

impl Window {
    async fn call(&self, what: &str, body: Value) -> Value {
        let address = format!("{}{what}", self.address);
        let reply = self.client.post(&address).body(body.to_string()).send().await.expect("the driver answers");
        let text = reply.text().await.expect("a whole answer");
        let mut answer: Value = serde_json::from_str(&text).expect("JSON");
        assert!(answer["value"]["error"].is_null(), "{what}: {text}");
        answer["value"].take()
    }

    /// Opens an address and waits until it is there.
    pub(crate) async fn open(&self, address: &str) {
        self.call("/url", json!({ "url": address })).await;
    }

    /// What a script returns.
    pub(crate) async fn script(&self, script: &str) -> Value {
        self.call("/execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Waits until the page says this, or fails after the script's time is over.
    pub(crate) async fn sees(&self, words: &str) {
        let script = "const [words, done] = arguments; const look = () => document.body.innerText.includes(words); \
            if (look()) return done(true); \
            new MutationObserver((_, observer) => { if (look()) { observer.disconnect(); done(true); } }) \
            .observe(document.body, { childList: true, subtree: true, characterData: true });";
        self.call("/execute/async", json!({ "script": script, "args": [words] })).await;
    }

    /// Waits until what the selector names is there and presses it, or fails after the script's time is over.
    pub(crate) async fn press(&self, selector: &str) {
        let script = "const [selector, done] = arguments; const press = () => { \
            const found = document.querySelector(selector); if (found) { found.click(); done(true); } return found; }; \
            if (press()) return; \
            new MutationObserver((_, observer) => { if (press()) observer.disconnect(); }) \
            .observe(document.body, { childList: true, subtree: true });";
        self.call("/execute/async", json!({ "script": script, "args": [selector] })).await;
    }

    /// What went wrong on the page: errors of scripts, of loading, of the content policy.
    pub(crate) async fn errors(&self) -> Vec<String> {
        let log = self.call("/se/log", json!({ "type": "browser" })).await;
        let severe = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].to_string()).collect()
    }

    /// Dark or light, whatever the machine prefers.
    pub(crate) async fn scheme(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call(
            "/goog/cdp/execute",
            json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } }),
        )
        .await;
    }

    /// A picture of the whole page.
    pub(crate) async fn picture(&self, file: &Path) {
        let params = json!({ "format": "png", "captureBeyondViewport": true });
        let picture =
            self.call("/goog/cdp/execute", json!({ "cmd": "Page.captureScreenshot", "params": params })).await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture["data"].as_str().expect("data"));
        std::fs::write(file, bytes.expect("base64")).expect("the picture is kept");
    }

    /// Ends the window.
    pub(crate) async fn close(self) {
        self.client.delete(&self.address).send().await.expect("the driver answers");
    }
}
