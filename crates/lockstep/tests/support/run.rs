//! The program as a person runs it: words in, exit code and both outputs out.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The one object on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }
}

/// Runs the program in a folder. What the caller's environment says of configuration and data is left out.
pub fn run(folder: &Path, words: &[&str]) -> Ran {
    let done = Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(words)
        .current_dir(folder)
        .env_remove("LOCKSTEP_CONFIG")
        .env_remove("LOCKSTEP_DATA")
        .env_remove("LOCKSTEP_LOG")
        .env_remove("LOCKSTEP_WEBHOOK_SECRET")
        .stdin(Stdio::null())
        .output()
        .expect("the program can be started");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program speaks UTF-8");
    Ran { code: done.status.code(), out: text(&done.stdout), err: text(&done.stderr) }
}
