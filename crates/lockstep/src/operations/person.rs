//! `lockstep person` and `lockstep erase`: what is kept of somebody, handed out or made unreadable for good.

use serde_json::{Value, json};

use super::Ask;
use crate::cli::Place;
use crate::exit::Outcome;
use eval::measure::Measure;

/// Everything that is kept of a person, as one JSON object on standard output: for access requests.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lockstep person -c lockstep.toml --channel web --customer 80020001 > person.json")]
pub(crate) struct PersonArgs {
    #[command(flatten)]
    place: Place,
    /// Channel.
    #[arg(long)]
    channel: String,
    /// The platform's id of the customer.
    #[arg(long)]
    customer: String,
}

/// Forgets a person: the keys of everything that names them are destroyed. The journal stays whole and verifies.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep erase -c lockstep.toml --channel web --customer 80020001 --reason 'asked by letter' --yes\n\nIt cannot be taken back. Backups keep the keys as they were, wrapped by the master key: restoring one destroys them again, and `lockstep keys rotate-master` makes them worthless once the old master key is gone."
)]
pub(crate) struct EraseArgs {
    #[command(flatten)]
    place: Place,
    /// Channel.
    #[arg(long)]
    channel: String,
    /// The platform's id of the customer.
    #[arg(long)]
    customer: String,
    /// Also the records of other channels that are linked to this one as the same person.
    #[arg(long)]
    linked: bool,
    /// Kept with the fact; no name.
    #[arg(long, default_value = "")]
    reason: String,
    /// Without it nothing is done.
    #[arg(long)]
    yes: bool,
}

impl PersonArgs {
    pub(crate) fn run(self) -> anyhow::Result<Outcome> {
        let config = self.place.load()?;
        let told = super::done(&config, Ask::Person { channel: self.channel, customer: self.customer })?;
        println!("{told:#}");
        Ok(Outcome::Well)
    }
}

impl EraseArgs {
    pub(crate) fn run(self) -> anyhow::Result<Outcome> {
        anyhow::ensure!(self.yes, "this destroys what names the person and cannot be taken back; add --yes to do it");
        let measure = Measure::start();
        let config = self.place.load()?;
        let Self { channel, customer, linked, reason, .. } = self;
        measure.print(super::done(&config, Ask::Erase { channel, customer, linked, reason })?);
        Ok(Outcome::Well)
    }
}

/// What is kept of somebody, for them to read.
pub(crate) fn told(left: &flow::Left) -> Value {
    let people = left.people.iter().map(|person| {
        json!({
            "given_name": person.given_name, "family_name": person.family_name, "email": person.email,
            "phone": person.phone, "address": person.address,
        })
    });
    let facts = left.facts.iter().map(|(seq, entry)| json!({ "seq": seq, "entry": entry }));
    let raw =
        left.raw.iter().map(|input| json!({ "headers": input.headers, "body": String::from_utf8_lossy(&input.body) }));
    json!({
        "known_as": people.collect::<Vec<_>>(),
        "orders": left.documents.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "facts": facts.collect::<Vec<_>>(),
        "messages": raw.collect::<Vec<_>>(),
    })
}
