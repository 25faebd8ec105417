//! What is kept, and how: the audit, backups, people who are forgotten, card numbers and secrets.

#[path = "support/folder.rs"]
mod folder;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "support/http.rs"]
mod http;
#[path = "support/run.rs"]
mod run;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "support/serve.rs"]
mod serve;

mod keep {
    mod audit;
    mod backups;
    mod cards;
    mod hub;
    mod people;
    mod secrets;
}
