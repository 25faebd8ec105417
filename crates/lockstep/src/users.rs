//! `lockstep users`: people who may come in. Works beside a running hub, which sees every change at once.

use access::Person;
use serde_json::{Value, json};
use server::given::{self, PersonGiven};

use crate::cli::Place;
use crate::exit::Outcome;

/// Author of what the command line changes.
pub(crate) const BY: &str = "command line";

/// People who may come in.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep users add ann --role admin\n  lockstep users add bob --role clerk --store \"Store 1\"\n  lockstep users list\n\nRoles: viewer, clerk, manager, ops, admin, auditor (docs/access.md)."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Adds somebody, and prints the password made for them; they replace it when they first sign in.
    #[command(
        after_help = "Example:\n  lockstep users add bob --role clerk --store \"Store 1\" --data /var/lib/lockstep"
    )]
    Add(Given),
    /// Everybody who may come in.
    #[command(after_help = "Example:\n  lockstep users list")]
    List(Everybody),
    /// Gives somebody other roles, stores and channels.
    #[command(after_help = "Example:\n  lockstep users roles bob --role manager --store \"Store 1\"")]
    Roles(Given),
    /// Makes a new password for somebody, and ends their sessions.
    #[command(after_help = "Example:\n  lockstep users passwd bob")]
    Passwd(One),
    /// Keeps somebody out, and ends their sessions.
    #[command(after_help = "Example:\n  lockstep users disable bob")]
    Disable(One),
    /// Lets somebody in again.
    #[command(after_help = "Example:\n  lockstep users enable bob")]
    Enable(One),
    /// Takes somebody's second factor away, for a lost telephone.
    #[command(name = "drop-factor", after_help = "Example:\n  lockstep users drop-factor bob")]
    DropFactor(One),
}

#[derive(Debug, clap::Args)]
struct Given {
    /// Name to sign in with.
    name: String,
    /// A role; may be given several times.
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
    /// A store they are for; may be given several times.
    #[arg(long = "store")]
    stores: Vec<String>,
    /// A channel whose orders they see; may be given several times. Without it all.
    #[arg(long = "channel")]
    channels: Vec<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct One {
    /// Name.
    name: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct Everybody {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let told = match &args.command {
        Command::Add(given) => {
            let (person, password) = staff(&given.place)?.add_person(&person_of(given)?, BY, now_ms())?;
            json!({ "name": person.name, "password": password })
        }
        Command::Roles(given) => out(&staff(&given.place)?.set_roles(&person_of(given)?, BY, now_ms())?),
        Command::List(all) => {
            let people = staff(&all.place)?.people()?;
            json!({ "users": people.iter().map(out).collect::<Vec<_>>() })
        }
        Command::Passwd(one) => {
            let password = staff(&one.place)?.reset_password(&one.name, BY, now_ms())?;
            json!({ "name": one.name, "password": password })
        }
        Command::Disable(one) => changed(one, |store| store.set_disabled(&one.name, true, BY, now_ms()))?,
        Command::Enable(one) => changed(one, |store| store.set_disabled(&one.name, false, BY, now_ms()))?,
        Command::DropFactor(one) => changed(one, |store| store.drop_second_factor(&one.name, BY, now_ms()))?,
    };
    println!("{told:#}");
    Ok(Outcome::Well)
}

fn changed(one: &One, change: impl FnOnce(&access::Store) -> Result<(), access::AccessError>) -> anyhow::Result<Value> {
    let store = staff(&one.place)?;
    change(&store)?;
    Ok(out(&store.person(&one.name)?))
}

fn person_of(given: &Given) -> anyhow::Result<access::NewPerson> {
    let Given { name, roles, stores, channels, .. } = given;
    let given =
        PersonGiven { name: name.clone(), roles: roles.clone(), stores: stores.clone(), channels: channels.clone() };
    Ok(given::person(&given)?)
}

pub(crate) fn staff(place: &Place) -> anyhow::Result<access::Store> {
    crate::hub::staff(&place.load()?)
}

/// The time, for what is noted.
pub(crate) fn now_ms() -> i64 {
    use flow::Clock;
    flow::SystemClock.now().0
}

fn out(person: &Person) -> Value {
    json!({
        "name": person.name,
        "roles": person.roles.iter().map(|role| role.name()).collect::<Vec<_>>(),
        "stores": person.stores,
        "channels": person.channels,
        "disabled": person.disabled,
        "second_factor": person.second_factor,
        "signed_in_at": person.signed_in_ms.map(|at_ms| model::Instant(at_ms).to_string()),
    })
}
