//! What an operator does with a data folder: back it up, restore it, change its master key, hand out or forget what is kept
//! of a person, export the audit.
//!
//! Each is a subcommand. Where a hub is running on the folder it is asked to do it ([`control`]); otherwise the command
//! opens the folder itself. Both carry out the same [`Ask`].

mod backup;
pub(crate) mod control;
pub(crate) mod keys;
pub(crate) mod person;
pub(crate) mod restore;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use flow::{Clock, Flow, Whom};
use model::{Actor, ChannelName, CustomerAt, CustomerKey, Note};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use views::ViewsReader;

pub(crate) use backup::Args as BackupArgs;

use crate::config::Config;
use crate::witness::Witness;

/// What is asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(crate) enum Ask {
    /// Back the folder up.
    Backup { to: PathBuf },
    /// Hand out what is kept of a person.
    Person { channel: String, customer: String },
    /// Forget a person.
    Erase { channel: String, customer: String, linked: bool, reason: String },
    /// Wrap the keys anew under this key (64 hexadecimal digits), or under a new one of the hub's own.
    RotateMaster { key: Option<String> },
    /// Sign a checkpoint now.
    Checkpoint,
    /// Write the audit from one fact to another into a file.
    Export { from: String, to: Option<String>, csv: bool, file: PathBuf },
}

/// What it is done with.
pub(crate) struct Tools {
    pub flow: Flow,
    pub views: ViewsReader,
    pub config: Config,
    pub clock: Arc<dyn Clock>,
}

impl Tools {
    /// Does what is asked and says what was done.
    ///
    /// # Errors
    /// Why it could not be done.
    pub(crate) async fn carry_out(&self, ask: Ask) -> anyhow::Result<Value> {
        let data = &self.config.hub.data;
        match ask {
            Ask::Backup { to } => backup::backup(&self.flow, data, &to, self.clock.now()).await,
            Ask::Person { channel, customer } => {
                let at = self.at(&channel, &customer).await?;
                let whom = Whom::Customer { channel: at.channel, customer: at.customer, documents: Vec::new() };
                Ok(person::told(&flow::left(&self.flow, &whom).await?))
            }
            Ask::Erase { channel, customer, linked, reason } => {
                let at = self.at(&channel, &customer).await?;
                self.erase(at, linked, &Note::new(&reason)).await
            }
            Ask::RotateMaster { key } => keys::rotate(&self.flow, &self.config.hub, key).await,
            Ask::Checkpoint => {
                let witness = Witness::new(&self.flow, data, &self.config.audit, &self.clock);
                Ok(json!({ "checkpoint": witness.make().await? }))
            }
            Ask::Export { from, to, csv, file } => {
                let format = if csv { server::audit::Format::Csv } else { server::audit::Format::Jsonl };
                let out = std::fs::File::create(&file).with_context(|| format!("make {}", file.display()))?;
                let mut out = std::io::BufWriter::new(out);
                let now = self.clock.now();
                let stretch = server::audit::stretch(&self.flow, &self.views, &from, to.as_deref())?;
                let done = server::audit::export(&self.flow, &self.views, stretch, format, now, &mut out).await?;
                out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
                Ok(json!({ "file": file, "from": done.from, "to": done.to, "facts": done.facts, "chain": done.chain }))
            }
        }
    }

    async fn at(&self, channel: &str, customer: &str) -> anyhow::Result<CustomerAt> {
        let name = ChannelName::new(channel);
        let found = self.flow.read(move |state| state.catalogue().channel_named(&name).map(|put| put.channel)).await?;
        let known = found.with_context(|| format!("there is no channel {channel:?}"))?;
        Ok(CustomerAt { channel: known, customer: CustomerKey::new(customer) })
    }

    async fn erase(&self, at: CustomerAt, linked: bool, reason: &Note) -> anyhow::Result<Value> {
        let records = if linked {
            let of = at.clone();
            self.flow.read(move |state| state.links().person(&of).into_iter().collect::<Vec<_>>()).await?
        } else {
            vec![at]
        };
        let mut keys = 0;
        for at in &records {
            let (channel, customer) = (at.channel, at.customer.clone());
            let whom = Whom::Customer { channel, customer, documents: Vec::new() };
            keys += flow::erase(&self.flow, &whom, reason.clone(), Actor::Operator, self.clock.now()).await?;
        }
        let audit = &self.config.audit.folder;
        if !audit.as_os_str().is_empty() {
            let list = journal::ERASURES;
            merge_erasures(&self.config.hub.data.join(list), &audit.join(list))?;
        }
        Ok(json!({ "records": records.len(), "keys_destroyed": keys }))
    }
}

/// Adds what stands in one list of erasures to another.
///
/// # Errors
/// When it cannot be read or written.
pub(crate) fn merge_erasures(from: &Path, into: &Path) -> anyhow::Result<()> {
    let read = |path: &Path| match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("read {}", path.display())),
    };
    let (new, old) = (read(from)?, read(into)?);
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (old, mut all) = (lines(&old), lines(&new));
    all.extend(old.iter().cloned());
    if all == old {
        return Ok(());
    }
    let text: String = all.iter().map(|line| format!("{line}\n")).collect();
    crate::vault::write(into, &text)
}

/// Asks the hub that runs on the folder, or opens the folder where none does.
///
/// # Errors
/// Why it could not be done.
pub(crate) fn done(config: &Config, ask: Ask) -> anyhow::Result<Value> {
    let ask = match control::ask(&config.hub.data, ask)? {
        control::Asked::Answered(value) => return Ok(value),
        control::Asked::Nobody(ask) => ask,
    };
    anyhow::ensure!(config.hub.data.is_dir(), "there is no data folder {}", config.hub.data.display());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (flow, views) = crate::hub::at_rest(config)?;
        let clock: Arc<dyn Clock> = Arc::new(flow::SystemClock);
        let tools = Tools { flow, views, config: config.clone(), clock };
        let done = tools.carry_out(ask).await;
        tools.flow.stop().await;
        done
    })
}
