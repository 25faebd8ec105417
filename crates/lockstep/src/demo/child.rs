//! The hub as a child process: started with a written configuration, started again when it dies.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::process::{Child, Command};

use super::platforms::Platforms;
use super::retailer::{LOCATIONS, Retailer, sells_from};
use crate::measure;

/// How long the hub may take to answer after a start.
const PATIENCE: Duration = Duration::from_secs(120);

/// The hub.
pub(super) struct Hub {
    child: Child,
    config: PathBuf,
    address: String,
    key: String,
    http: reqwest::Client,
    /// How often it was killed.
    pub kills: u32,
    /// Processor seconds of the lives before this one.
    cpu_before: f64,
}

impl Hub {
    /// Writes the configuration and starts the hub on its usual port or on a free one.
    ///
    /// # Errors
    /// When the configuration cannot be written or the process cannot be started.
    pub(super) async fn start(
        data: &Path,
        retailer: &Retailer,
        platforms: &Platforms,
        retry_scale: u32,
    ) -> anyhow::Result<Self> {
        crate::hub::private_folder(data)?;
        let port = free_port()?;
        let address = format!("http://127.0.0.1:{port}");
        let mut secret = [0; 24];
        crate::hub::random(&mut secret);
        let key = format!("lk_{}", crate::audit::hex(&secret));
        let config = data.join("lockstep.toml");
        std::fs::write(&config, configuration(data, port, &key, retailer, platforms, retry_scale)?)?;
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?;
        let child = spawn(&config)?;
        Ok(Self { child, config, address, key, http, kills: 0, cpu_before: 0.0 })
    }

    /// Where its pages are.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Starts it again when it has died. To be called now and then.
    ///
    /// # Errors
    /// When it cannot be started again.
    pub(super) fn keep_alive(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            eprintln!("  the hub has ended ({status}); it is started again with the same data");
            self.child = spawn(&self.config)?;
        }
        Ok(())
    }

    /// kill -9, then a new start.
    ///
    /// # Errors
    /// When it cannot be started again.
    pub(super) async fn kill(&mut self) -> anyhow::Result<()> {
        self.note_cpu();
        self.child.kill().await?;
        self.kills += 1;
        self.child = spawn(&self.config)?;
        Ok(())
    }

    fn note_cpu(&mut self) {
        if let Some(pid) = self.child.id() {
            self.cpu_before += measure::cpu_seconds(&pid.to_string());
        }
    }

    /// A call of the hub's API.
    ///
    /// # Errors
    /// When it does not answer with JSON.
    pub(super) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.address);
        let reply = self.http.get(&url).bearer_auth(&self.key).send().await.with_context(|| format!("GET {url}"))?;
        let (status, text) = (reply.status(), reply.text().await?);
        anyhow::ensure!(status.is_success(), "GET {url}: {status} {text}");
        serde_json::from_str(&text).with_context(|| format!("GET {url}"))
    }

    /// A mutating call of the hub's API.
    ///
    /// # Errors
    /// When it does not accept it.
    pub(super) async fn post(&self, path: &str) -> anyhow::Result<()> {
        let url = format!("{}{path}", self.address);
        let request = self.http.post(&url).bearer_auth(&self.key).header("content-type", "application/json").body("{}");
        let reply = request.send().await.with_context(|| format!("POST {url}"))?;
        let (status, text) = (reply.status(), reply.text().await?);
        anyhow::ensure!(status.is_success(), "POST {url}: {status} {text}");
        Ok(())
    }

    /// Waits until every channel has been read.
    ///
    /// # Errors
    /// When it takes longer than two minutes, or the hub ends: another one may have taken its port.
    pub(super) async fn until_ready(&mut self) -> anyhow::Result<()> {
        let mut last = String::new();
        for _ in 0..PATIENCE.as_millis() / 50 {
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!("the hub ended before it was ready ({status})");
            }
            match self.is_ready().await {
                Ok(()) => return Ok(()),
                Err(error) => last = format!("{error:#}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("the hub was not ready after {} s: {last}", PATIENCE.as_secs())
    }

    /// Whether it is this hub that is ready: another one on the same port knows nothing of the key.
    async fn is_ready(&self) -> anyhow::Result<()> {
        self.get("/readyz").await?;
        self.get("/v1/channels").await.map(drop)
    }

    /// The figures of `/metrics`, and what the process cost.
    ///
    /// # Errors
    /// When it does not answer.
    pub(super) async fn figures(&mut self) -> anyhow::Result<Figures> {
        let text =
            self.http.get(format!("{}/metrics", self.address)).bearer_auth(&self.key).send().await?.text().await?;
        let pid = self.child.id().map(|pid| pid.to_string()).unwrap_or_default();
        Ok(Figures {
            metrics: text,
            cpu_seconds: self.cpu_before + measure::cpu_seconds(&pid),
            peak_rss_mb: measure::peak_rss_mb(&pid),
            kills: self.kills,
        })
    }

    /// Its process, while it runs.
    pub(super) fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// SIGTERM, and waits until it has finished.
    ///
    /// # Errors
    /// When it does not end.
    pub(super) async fn end(&mut self) -> anyhow::Result<()> {
        if let Some(pid) = self.child.id() {
            let asked = Command::new("kill").args(["-TERM", &pid.to_string()]).status().await;
            if !asked.is_ok_and(|status| status.success()) {
                self.child.start_kill()?;
            }
        }
        match tokio::time::timeout(Duration::from_secs(60), self.child.wait()).await {
            Ok(ended) => ended.map(drop).context("wait for the hub"),
            Err(_) => {
                self.child.kill().await?;
                anyhow::bail!("the hub did not end within a minute of SIGTERM")
            }
        }
    }
}

/// What the hub says about itself.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    pub metrics: String,
    pub cpu_seconds: f64,
    pub peak_rss_mb: u64,
    pub kills: u32,
}

fn spawn(config: &Path) -> anyhow::Result<Child> {
    let own = std::env::current_exe().context("find this program")?;
    Command::new(own)
        .args(["serve", "--config"])
        .arg(config)
        .args(["--log", "error"])
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("start the hub")
}

/// 8080, or a free port when it is taken.
fn free_port() -> anyhow::Result<u16> {
    let usual = std::net::TcpListener::bind(("127.0.0.1", 8080));
    let listener = match usual {
        Ok(listener) => listener,
        Err(_) => std::net::TcpListener::bind(("127.0.0.1", 0))?,
    };
    Ok(listener.local_addr()?.port())
}

fn configuration(
    data: &Path,
    port: u16,
    key: &str,
    retailer: &Retailer,
    platforms: &Platforms,
    retry_scale: u32,
) -> anyhow::Result<String> {
    let scale = f64::from(retry_scale.max(1));
    let mut text = String::new();
    writeln!(text, "[hub]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"")?;
    writeln!(text, "data = {:?}\ncurrency = {:?}", data.display().to_string(), retailer.currency)?;
    // Poll intervals scale like the vendors' retries, but never below the demo's five seconds.
    writeln!(
        text,
        "[pace]\npoll_s = {}\nbackfill_days = 0\noverlap_ms = {}",
        (60.0 / scale).max(5.0),
        (120_000.0 / scale).max(2_000.0)
    )?;
    for platform in &platforms.all {
        let (name, keys, addr) = (platform.account.name(), &platform.keys, platform.running.addr);
        writeln!(text, "[[channel]]\nname = {name:?}\nplatform = {name:?}\nbase_url = \"http://{addr}\"")?;
        writeln!(
            text,
            "prices_include_tax = true\naccount = {:?}\nsells_from = {:?}",
            keys.account,
            sells_from(platform.account)
        )?;
        let secrets = [
            ("token", &keys.access_token),
            ("refresh_token", &keys.refresh_token),
            ("client_id", &keys.client_id),
            ("client_secret", &keys.client_secret),
            ("application_token", &keys.application_token),
            ("webhook_secret", &keys.webhook_secret),
        ];
        for (key, value) in secrets.into_iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(text, "{key} = {value:?}")?;
        }
    }
    for (name, kind, home) in LOCATIONS {
        writeln!(
            text,
            "[[location]]\nname = {name:?}\nkind = {kind:?}\nzone = \"Europe/London\"\nhome = {:?}",
            home.name()
        )?;
    }
    let scopes: Vec<&str> = server::Scope::ALL.iter().map(|scope| scope.name()).collect();
    writeln!(text, "[[api_key]]\nname = \"demo\"\nkey = {key:?}\nscopes = {scopes:?}")?;
    Ok(text)
}
