//! A person connects an account of every platform at the pages of a running hub, and so does a program over the API: it
//! is read, nothing is written, a restart finds it again, and at last it is let write. Then once more in a real browser.

#[path = "connect/account.rs"]
mod account;
#[path = "connect/browser.rs"]
mod browser;
#[path = "../../server/tests/driver/mod.rs"]
#[expect(dead_code, reason = "the other pages' tests use more of it")]
mod driver;
#[path = "support/folder.rs"]
mod folder;
#[path = "connect/pages.rs"]
mod pages;
#[path = "connect/program.rs"]
mod program;
#[path = "support/serve.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod serve;
