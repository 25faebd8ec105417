//! Hostile input over real HTTP, correctly signed: it is set aside or refused with a reason, the hub lives on, and no
//! number changes.

#[path = "support/folder.rs"]
mod folder;
#[path = "hostile/mod.rs"]
mod hostile;
#[path = "support/http.rs"]
mod http;
#[path = "support/serve.rs"]
mod serve;
