//! Opening a journal: by replay of all of it, and from a snapshot.

use model::{
    Action, Actor, Command, Demand, Fact, Instant, ItemId, LocationId, LocationKind, LocationName, Note, Quantity,
    Receipt, Reserve, Sku, Title, Unit,
};
use serde_json::json;

use super::zipf::Dice;
use super::{Folder, RecoveryArgs};
use crate::audit::hex;
use crate::exit::Outcome;
use eval::measure::{Measure, round};

const ITEMS: u32 = 100_000;

pub(super) fn run(args: &RecoveryArgs) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let folder = Folder::of(args.data.as_ref());
    let hash = write(&folder.path, args.facts, args.seed)?;
    let timed = |what: &str| -> anyhow::Result<(f64, flow::Keeper, flow::Opened)> {
        eprintln!("opening {what}");
        let begun = measure.seconds();
        let (keeper, opened) = crate::hub::open_alone(&folder.path)?;
        Ok((measure.seconds() - begun, keeper, opened))
    };
    let (open_s_journal, mut keeper, opened) = timed("by replay")?;
    let same_after_replay = keeper.state().hash() == hash;
    let begun = measure.seconds();
    keeper.snapshot()?;
    let snapshot_s = measure.seconds() - begun;
    drop(keeper);
    let (open_s_snapshot, keeper, from_snapshot) = timed("from the snapshot")?;
    let same_after_snapshot = keeper.state().hash() == hash;
    measure.print(json!({
        "facts": opened.replayed,
        "facts_per_s": round(opened.replayed as f64 / open_s_journal),
        "open_s_journal": round(open_s_journal),
        "open_s_snapshot": round(open_s_snapshot),
        "snapshot_s": round(snapshot_s),
        "replayed_after_snapshot": from_snapshot.replayed,
        "same_state": same_after_replay && same_after_snapshot,
        "state_hash": hex(&hash),
    }));
    Ok(if same_after_replay && same_after_snapshot { Outcome::Well } else { Outcome::No })
}

/// Reservations and commitments over a hundred thousand items.
fn write(folder: &std::path::Path, facts: u64, seed: u64) -> anyhow::Result<[u8; 32]> {
    let (mut keeper, _) = crate::hub::open_alone(folder)?;
    let at = Instant(1_800_000_000_000);
    let command = |action| Command { at, by: Actor::System, action };
    let zone = Note::new("UTC");
    let place = Action::PutLocation { name: LocationName::new("L"), kind: LocationKind::Store, zone, home: None };
    keeper.decide(&[command(place)]);
    for number in 0..ITEMS {
        let put = Action::PutItem {
            sku: Sku::new(&format!("SKU-{number}")),
            title: Title::new("Benchmark item"),
            barcodes: Vec::new(),
            unit: Unit::Piece,
            components: Vec::new(),
            price: None,
            tax_inclusive: false,
        };
        let receipt = Receipt {
            item: ItemId(number),
            location: LocationId(0),
            quantity: Quantity::units(1_000_000),
            reference: Note::new(""),
        };
        keeper.decide(&[command(put), command(Action::Receive { key: None, receipt })]);
    }
    keeper.commit()?;
    let mut dice = Dice::new(seed);
    let progress = indicatif::ProgressBar::new(facts);
    while keeper.state().seq().0 < facts {
        let asks: Vec<Command> = (0..500)
            .map(|_| {
                let item = ItemId((dice.draw() % u64::from(ITEMS)) as u32);
                let lines = vec![Demand { item, location: LocationId(0), quantity: Quantity::units(1) }];
                let expires_at = at.plus_ms(900_000);
                command(Action::Reserve(Reserve { key: None, lines, expires_at, note: Note::new("") }))
            })
            .collect();
        let ends: Vec<Command> = keeper
            .decide(&asks)
            .iter()
            .flatten()
            .flatten()
            .filter_map(|fact| match fact {
                Fact::Reserved(reserved) => Some(command(Action::Commit { reservation: reserved.reservation })),
                _ => None,
            })
            .collect();
        keeper.decide(&ends);
        keeper.commit()?;
        progress.set_position(keeper.state().seq().0);
    }
    progress.finish_and_clear();
    Ok(keeper.state().hash())
}
