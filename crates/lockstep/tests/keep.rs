//! What is kept, and how: the audit, backups, people who are forgotten, card numbers and secrets.

#[path = "support/folder.rs"]
mod folder;
#[path = "support/http.rs"]
mod http;
#[path = "support/run.rs"]
mod run;
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
