//! The command line as scripts: words in, transcript out. Numbers that depend on the machine are masked.

#[path = "support/blessed.rs"]
mod blessed;
#[path = "cli/mod.rs"]
mod cli;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/run.rs"]
mod run;
