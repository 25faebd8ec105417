//! The stock in which a run ends: what two runs may be compared by, and what the platforms' own books leave.
//!
//! Called for the report. A shop that sells from several places takes the goods of an order from where it shows enough
//! at that moment, so *where* they leave depends on how far the hub's writes had got; *how many* leave does not. So two
//! runs are compared item by item over all places, and every place of a run with that run's own books.
//! It knows nothing of how the hub came to its numbers.

use std::collections::BTreeMap;

use emulators::machine::{BookLine, Books};
use engine::State;
use model::Level;

use super::retailer::{LOCATIONS, Retailer};

/// Units by SKU and location name, in hundred-thousandths.
pub(super) type Stock = BTreeMap<(String, String), i64>;

/// What the hub says lies where.
pub(super) fn on_hand(state: &State) -> Stock {
    let catalogue = state.catalogue();
    (0..state.positions().len() as u32)
        .map(|row| state.positions().row(row))
        .filter_map(|position| {
            let sku = catalogue.item(position.item)?.sku.to_string();
            let place = catalogue.location(position.location)?.name.to_string();
            Some(((sku, place), position.on_hand().parts()))
        })
        .collect()
}

/// What must lie where after a replay: the opening stock, less what the platforms' books say has left there, and with
/// what they say came back or was corrected there. Only for runs in which everything that was ordered is handed over
/// and nobody counts.
pub(super) fn by_the_books<'b>(retailer: &Retailer, books: impl IntoIterator<Item = &'b Books>) -> Stock {
    let mut stock = Stock::new();
    for item in retailer.items.iter().filter(|item| item.tracked) {
        for (units, (place, _, _)) in item.opening.iter().zip(LOCATIONS) {
            let parts = Level::from_units(*units).map_or(0, Level::parts);
            stock.insert((item.sku.clone(), place.to_owned()), parts);
        }
    }
    for line in books.into_iter().flat_map(|books| &books.lines) {
        // A line of a service, or of a return that names no place because a correction beside it does.
        let Some(place) = stock.get_mut(&(line.sku.clone(), line.location.clone())) else { continue };
        *place = place.saturating_add(change(line));
    }
    stock
}

/// What a line of the books did to the shelf.
fn change(line: &BookLine) -> i64 {
    let parts = Level::parse(&line.quantity).map_or(0, Level::parts);
    match line.kind.as_str() {
        "sale" | "web_order" => -parts,
        "return" | "adjust" => parts,
        // The opening is a count on every platform; a cancelled line stands for nothing already.
        _ => 0,
    }
}

/// Where what the hub says is not what the books leave, in words.
pub(super) fn misplaced(on_hand: &Stock, books: &Stock) -> Vec<String> {
    let places: std::collections::BTreeSet<_> = on_hand.keys().chain(books.keys()).collect();
    let at = |stock: &Stock, place| Level::from_parts(stock.get(place).copied().unwrap_or(0));
    places
        .into_iter()
        .map(|place| (place, at(on_hand, place), at(books, place)))
        .filter(|(_, hub, books)| hub != books)
        .map(|((sku, place), hub, books)| format!("{sku} at {place}: the hub has {hub}, the books leave {books}"))
        .collect()
}

/// Over SKU and units of every item, all places together: the same for two runs that end in the same stock, whatever
/// the order in which things were heard.
pub(super) fn hash(stock: &Stock) -> [u8; 32] {
    let mut items: BTreeMap<&str, i64> = BTreeMap::new();
    for ((sku, _), parts) in stock {
        let item = items.entry(sku).or_default();
        *item = item.saturating_add(*parts);
    }
    let mut hasher = blake3::Hasher::new();
    for (sku, parts) in items {
        hasher.update(format!("{sku}\t{}\n", Level::from_parts(parts)).as_bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::retailer::{Item, PLACES};
    use super::*;

    fn stock(rows: &[(&str, i64)]) -> Stock {
        let row = |(place, units): &(&str, i64)| (("MUG".to_owned(), (*place).to_owned()), units * 100_000);
        rows.iter().map(row).collect()
    }

    fn line(kind: &str, location: &str, quantity: &str) -> BookLine {
        BookLine {
            kind: kind.into(),
            reference: "1".into(),
            document: "1".into(),
            line: "1".into(),
            sku: "MUG".into(),
            location: location.into(),
            quantity: quantity.into(),
            at: 0,
        }
    }

    /// One mug with 8 in the distribution centre, 22 in store 1, none elsewhere.
    fn mugs() -> Retailer {
        let mut opening = [0; PLACES];
        (opening[0], opening[1]) = (8, 22);
        let item = |sku: &str, tracked| Item { sku: sku.into(), title: sku.into(), price_minor: 100, tracked, opening };
        Retailer { currency: "GBP", outlets: Vec::new(), items: vec![item("MUG", true), item("POST", false)] }
    }

    #[test]
    fn an_order_that_the_shop_took_from_another_place_ends_in_the_same_stock_of_the_item() {
        let (from_dc, from_store) = (stock(&[("DC", 4), ("Store 1", 22)]), stock(&[("DC", 8), ("Store 1", 18)]));
        assert_eq!(hash(&from_dc), hash(&from_store));
        let one_less = stock(&[("DC", 4), ("Store 1", 21)]);
        assert_ne!(hash(&from_dc), hash(&one_less));
    }

    #[test]
    fn the_books_leave_at_each_place_what_was_there_less_what_left_and_what_came_back() {
        let shop =
            Books { lines: vec![line("web_order", "Store 1", "4"), line("count", "DC", "8")], ..Books::default() };
        let store = Books {
            lines: vec![line("sale", "DC", "3"), line("return", "", "1"), line("adjust", "DC", "1")],
            ..Books::default()
        };
        let left = by_the_books(&mugs(), [&shop, &store]);
        let some = |place: &str| left.get(&("MUG".to_owned(), place.to_owned())).copied();
        assert_eq!((some("DC"), some("Store 1"), some("Store 2")), (Some(600_000), Some(1_800_000), Some(0)));
        assert_eq!(left.len(), PLACES, "a service lies nowhere");
    }

    #[test]
    fn a_unit_at_the_wrong_place_is_found_though_the_item_has_as_many() {
        let books = stock(&[("DC", 4), ("Store 1", 22)]);
        assert_eq!(misplaced(&books, &books), Vec::<String>::new());
        assert_eq!(
            misplaced(&stock(&[("DC", 5), ("Store 1", 21)]), &books),
            ["MUG at DC: the hub has 5, the books leave 4", "MUG at Store 1: the hub has 21, the books leave 22"]
        );
        assert_eq!(misplaced(&stock(&[("DC", 4)]), &books), ["MUG at Store 1: the hub has 0, the books leave 22"]);
    }
}
