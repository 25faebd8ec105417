//! A socket in the data folder, by which commands reach the hub that runs on it: one line of JSON each way. Whoever may
//! write the folder may use it; nobody else can.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};

use super::{Ask, Tools};

fn path(data: &Path) -> PathBuf {
    data.join("control.sock")
}

/// What came of asking.
pub(crate) enum Asked {
    /// The hub did it.
    Answered(Value),
    /// No hub runs there.
    Nobody(Ask),
}

/// Asks the hub that runs on a folder.
///
/// # Errors
/// What the hub says went wrong, or that it went away.
pub(crate) fn ask(data: &Path, ask: Ask) -> anyhow::Result<Asked> {
    // A socket that nobody listens at was left by a hub that was killed.
    let Ok(mut stream) = UnixStream::connect(path(data)) else { return Ok(Asked::Nobody(ask)) };
    writeln!(stream, "{}", serde_json::to_string(&ask)?)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).context("hear from the hub that runs on this folder")?;
    anyhow::ensure!(!line.is_empty(), "the hub that runs on this folder stopped before it answered");
    let mut answer: Value = serde_json::from_str(&line)?;
    match answer.get("error").and_then(Value::as_str) {
        Some(error) => anyhow::bail!("{error}"),
        None => Ok(Asked::Answered(answer["done"].take())),
    }
}

/// Listens until the hub stops. A folder whose path is too long for a socket is told in the log.
pub(crate) async fn listen(tools: Tools) {
    let (path, tools) = (path(&tools.config.hub.data), Arc::new(tools));
    let _ = std::fs::remove_file(&path);
    let listener = match tokio::net::UnixListener::bind(&path) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%error, path = %path.display(), "commands cannot reach this hub while it runs");
            return;
        }
    };
    if let Err(error) = owner_only(&path) {
        tracing::warn!(%error, "the control socket cannot be protected; commands cannot reach this hub while it runs");
        return;
    }
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let tools = Arc::clone(&tools);
        tokio::spawn(async move {
            let (read, mut write) = stream.into_split();
            let mut line = String::new();
            if tokio::io::BufReader::new(read).read_line(&mut line).await.is_err() {
                return;
            }
            let answer = match serde_json::from_str::<Ask>(&line) {
                Ok(ask) => tools.carry_out(ask).await,
                Err(error) => Err(error.into()),
            };
            let answer = match answer {
                Ok(done) => json!({ "done": done }),
                Err(error) => json!({ "error": format!("{error:#}") }),
            };
            let _ = write.write_all(format!("{answer}\n").as_bytes()).await;
        });
    }
}

fn owner_only(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}
