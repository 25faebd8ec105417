//! Mappings from a file, on a real data folder.

use std::path::PathBuf;

use engine::State;
use model::{Basis, ChannelId, ChannelName, ExternalItem, Fields, LocationName, Quantity, Sku, Title, Unit};

use super::*;

/// A data folder of its own, removed with the test.
struct Shop(PathBuf);

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Shop {
    /// One channel, four items, and one of them mapped.
    fn open(name: &str) -> (Self, Keeper) {
        let folder = std::env::temp_dir().join(format!("lockstep-import-{}-{name}", std::process::id()));
        let (mut keeper, _) = crate::hub::open_alone(&folder).expect("a new folder opens");
        let item = |sku: &str| Action::PutItem {
            sku: Sku::new(sku),
            title: Title::new(sku),
            barcodes: Vec::new(),
            unit: Unit::Piece,
            components: Vec::new(),
            price: None,
            tax_inclusive: true,
        };
        let channel = Action::PutChannel {
            name: ChannelName::new("web"),
            platform: model::Platform::ALL[0],
            basis: Basis::OnHand,
            sells_from: Vec::new(),
            buffer: Quantity::ZERO,
            whole_units: true,
            never_below_zero: false,
            writes: false,
            leads: Fields::NONE,
            follows: Fields::NONE,
            hold: model::Hold::default(),
        };
        let map = Action::MapItem { channel: ChannelId(0), external: "old".into(), item: Some(model::ItemId(0)) };
        let actions = [channel, item("MUG"), item("CUP"), item("=TIN"), item("JAR"), map];
        let at = SystemClock.now();
        let commands: Vec<Command> =
            actions.into_iter().map(|action| Command { at, by: Actor::Operator, action }).collect();
        assert!(keeper.decide(&commands).iter().all(Result::is_ok));
        keeper.commit().expect("durable");
        (Self(folder), keeper)
    }

    fn import(&self, keeper: &mut Keeper, rows: &str, apply: bool) -> Done {
        let file = self.0.join("mappings.csv");
        std::fs::write(&file, rows).expect("written");
        let table = Table::open(&file, &["channel"]).expect("a table");
        let kind = mappings::kind(&table).expect("columns that are known");
        import(keeper, table, Box::new(mappings::reader(kind)), &indicatif::ProgressBar::hidden(), apply).expect("read")
    }
}

fn mapped(state: &State, external: &str) -> Option<String> {
    let item = state.catalogue().mapped_item(ChannelId(0), &ExternalItem::new(external))?;
    state.catalogue().item(item).map(|item| item.sku.to_string())
}

const ROWS: &str = "channel,external,sku,title,status\n\
    web,a,MUG,Mug,mapped\n\
    web,old,,Mug,mapped\n\
    web,b,GHOST,,\n\
    moon,c,CUP,,\n\
    web,,CUP,,\n\
    web,a,CUP,,\n\
    web,d,MUG,,\n\
    web,4.1E+13,CUP,,\n\
    web,e,'=TIN,,\n";

#[test]
fn a_dry_run_tells_what_would_happen_and_changes_nothing() {
    let (shop, mut keeper) = Shop::open("dry");
    let before = keeper.state().seq();
    let done = shop.import(&mut keeper, ROWS, false);
    assert_eq!((done.rows_in, done.rows_applied), (9, 3));
    assert_eq!(keeper.state().seq(), before);
    let refused: Vec<(u64, &str)> = done
        .refused
        .iter()
        .map(|row| (row["line"].as_u64().expect("a line"), row["field"].as_str().expect("a field")))
        .collect();
    let expected = [(4, "sku"), (5, "channel"), (6, "external"), (7, "external"), (8, "sku"), (9, "external")];
    assert_eq!(refused, expected, "{:#?}", done.refused);
    assert!(done.refused[4]["reason"].as_str().is_some_and(|reason| reason.contains("line 2")), "{:#?}", done.refused);
}

#[test]
fn applied_rows_map_and_take_away_and_a_second_run_changes_nothing_more() {
    let (shop, mut keeper) = Shop::open("apply");
    let done = shop.import(&mut keeper, ROWS, true);
    assert_eq!(done.rows_applied, 3);
    let state = keeper.state();
    assert_eq!(mapped(state, "a").as_deref(), Some("MUG"));
    assert_eq!(mapped(state, "old"), None);
    assert_eq!(mapped(state, "e").as_deref(), Some("=TIN"), "the apostrophe of our own table is no part of the SKU");
    let seq = state.seq();
    shop.import(&mut keeper, ROWS, true);
    assert_eq!(keeper.state().seq(), seq);
}

#[test]
fn two_ids_can_swap_their_items_in_one_file() {
    let (shop, mut keeper) = Shop::open("swap");
    shop.import(&mut keeper, "channel,external,sku\nweb,a,CUP\nweb,b,JAR\n", true);
    shop.import(&mut keeper, "channel,external,sku\nweb,a,JAR\nweb,b,CUP\n", true);
    assert_eq!(
        (mapped(keeper.state(), "a").as_deref(), mapped(keeper.state(), "b").as_deref()),
        (Some("JAR"), Some("CUP"))
    );
}

#[test]
fn locations_and_customers_come_in_by_their_own_columns() {
    let (shop, mut keeper) = Shop::open("kinds");
    let at = SystemClock.now();
    let customer = |key: &str| {
        Action::CustomerSeen(model::CustomerSeen {
            channel: ChannelId(0),
            customer: key.into(),
            version: 1,
            updated_at: at,
            person: None,
        })
    };
    let place = Action::PutLocation {
        name: LocationName::new("Fair"),
        kind: model::LocationKind::Store,
        zone: model::Note::new("UTC"),
        home: None,
    };
    let commands = [place, customer("c-1"), customer("c-2"), customer("c-3")];
    let commands: Vec<Command> = commands.map(|action| Command { at, by: Actor::Operator, action }).into();
    assert!(keeper.decide(&commands).iter().all(Result::is_ok));
    let done = shop.import(&mut keeper, "channel,external,location\nweb,pop-up,Fair\nweb,x,Moon\nweb,y,Fair\n", true);
    assert_eq!((done.rows_applied, done.refused.len()), (1, 2), "{:#?}", done.refused);
    let place = keeper.state().catalogue().mapped_location(ChannelId(0), &"pop-up".into());
    assert_eq!(place, Some(model::LocationId(0)));
    let rows = "channel,customer,other_channel,other_customer,same\nweb,c-1,web,c-2,yes\nweb,c-1,web,c-3,no\n\
                web,c-2,web,c-9,yes\nweb,c-2,web,c-3,perhaps\n";
    let done = shop.import(&mut keeper, rows, true);
    assert_eq!((done.rows_applied, done.refused.len()), (2, 2), "{:#?}", done.refused);
    let at = |key: &str| model::CustomerAt { channel: ChannelId(0), customer: key.into() };
    assert!(keeper.state().links().are_one(&at("c-2"), &at("c-1")));
    let question = model::MappingQuestion::same_customer(at("c-3"), at("c-1"));
    assert!(keeper.state().is_dismissed(&question));
}
