//! Reads tables of products and of pairs. Called by `lockstep eval match` and by a fuzzer.

use std::collections::BTreeMap;
use std::path::Path;

use agents::catalogue::{Product, first_number};
use model::Gtin;
use serde_json::{Value, json};

use crate::table::Table;

/// Columns a table of products must have.
pub const PRODUCT_COLUMNS: [&str; 2] = ["id", "title"];
/// Columns a table of pairs must have.
pub const PAIR_COLUMNS: [&str; 3] = ["left", "right", "label"];
/// Columns that hold a trade item number.
const GTIN_COLUMNS: [&str; 6] = ["gtin", "barcode", "ean", "upc", "gtin13", "gtin14"];
/// Columns that have a meaning of their own.
const OWN_COLUMNS: [&str; 5] = ["id", "title", "brand", "description", "price"];
/// Refused rows that are named; the rest is only counted.
const NAMED: usize = 20;

/// Rows that could not be used.
#[derive(Debug, Default)]
pub struct Refused {
    /// How many.
    pub rows: u64,
    /// The first of them: file, line, column, reason.
    pub named: Vec<Value>,
}

impl Refused {
    fn add(&mut self, path: &Path, line: u64, column: &str, reason: &str) {
        self.rows += 1;
        if self.named.len() < NAMED {
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
            self.named.push(json!({ "file": file, "line": line, "column": column, "reason": reason }));
        }
    }
}

/// A table of products, in its order.
#[derive(Debug, Default)]
pub struct Products {
    /// Number of a product by its id.
    pub numbers: BTreeMap<String, u32>,
    /// The products.
    pub products: Vec<Product>,
}

/// A pair and whether it is the same product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Number in the left table.
    pub left: u32,
    /// Number in the right table.
    pub right: u32,
    /// The label.
    pub same: bool,
}

/// The header of a table: column names in order, lower case.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn header(path: &Path) -> anyhow::Result<Vec<String>> {
    let table = Table::open(path, &PRODUCT_COLUMNS)?;
    Ok(table.names())
}

/// Further columns: in both headers, with no meaning of their own; in the order of names.
pub fn further(left: &[String], right: &[String]) -> Vec<String> {
    let own = |name: &String| OWN_COLUMNS.contains(&name.as_str()) || GTIN_COLUMNS.contains(&name.as_str());
    let mut both: Vec<String> = left.iter().filter(|name| right.contains(name) && !own(name)).cloned().collect();
    both.sort_unstable();
    both.dedup();
    // Wide tables repeat themselves; each field costs two features.
    both.truncate(16);
    both
}

/// One product from the fields of a row, by column name. Any text will do.
pub fn product<'a>(field: impl Fn(&str) -> &'a str, further: &[String]) -> Product {
    let price = field("price");
    Product {
        title: field("title").to_owned(),
        brand: field("brand").to_owned(),
        description: field("description").to_owned(),
        price: first_number(price),
        gtin: GTIN_COLUMNS.iter().find_map(|column| Gtin::parse(field(column))),
        further: further.iter().map(|column| field(column).to_owned()).collect(),
    }
}

/// Reads a table of products.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn products(path: &Path, further: &[String], refused: &mut Refused) -> anyhow::Result<Products> {
    Ok(products_of(Table::open(path, &PRODUCT_COLUMNS)?, path, further, refused))
}

/// The products of a table with the columns [`PRODUCT_COLUMNS`]; refusals name the file.
pub fn products_of(table: Table, path: &Path, further: &[String], refused: &mut Refused) -> Products {
    let mut all = Products::default();
    for row in table {
        match row {
            Err(bad) => refused.add(path, bad.line, "", &bad.reason),
            Ok(row) if row.get("id").is_empty() => refused.add(path, row.line, "id", "is empty"),
            Ok(row) if all.numbers.contains_key(row.get("id")) => {
                refused.add(path, row.line, "id", "stands in the table twice");
            }
            Ok(row) => {
                all.numbers.insert(row.get("id").to_owned(), all.products.len() as u32);
                all.products.push(product(|column| row.get(column), further));
            }
        }
    }
    all
}

/// One pair from the fields of a row.
///
/// # Errors
/// The column at fault, and why, in a person's words.
pub fn told<'a>(
    field: impl Fn(&str) -> &'a str,
    left: &Products,
    right: &Products,
) -> Result<Told, (&'static str, String)> {
    let shown = |text: &str| text.chars().take(40).collect::<String>();
    let find = |column: &'static str, products: &Products| {
        let id = field(column);
        let unknown = || (column, format!("{} is not in the table of products", shown(id)));
        products.numbers.get(id).copied().ok_or_else(unknown)
    };
    let (left, right) = (find("left", left)?, find("right", right)?);
    let same = match field("label").to_ascii_lowercase().as_str() {
        "1" | "1.0" | "true" | "match" | "yes" => true,
        "0" | "0.0" | "false" | "no" => false,
        other => return Err(("label", format!("{} is neither 0 nor 1", shown(other)))),
    };
    Ok(Told { left, right, same })
}

/// Reads a table of pairs.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn pairs(path: &Path, left: &Products, right: &Products, refused: &mut Refused) -> anyhow::Result<Vec<Told>> {
    Ok(pairs_of(Table::open(path, &PAIR_COLUMNS)?, path, (left, right), refused))
}

/// The pairs of a table with the columns [`PAIR_COLUMNS`], between products of the left and of the right; refusals name
/// the file.
pub fn pairs_of(table: Table, path: &Path, (left, right): (&Products, &Products), refused: &mut Refused) -> Vec<Told> {
    let mut all = Vec::new();
    for row in table {
        match row {
            Err(bad) => refused.add(path, bad.line, "", &bad.reason),
            Ok(row) => match told(|column| row.get(column), left, right) {
                Ok(pair) => all.push(pair),
                Err((column, reason)) => refused.add(path, row.line, column, &reason),
            },
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(ids: &[&str]) -> Products {
        let numbers = ids.iter().enumerate().map(|(place, id)| ((*id).to_owned(), place as u32)).collect();
        Products { numbers, products: vec![Product::default(); ids.len()] }
    }

    #[test]
    fn the_column_at_fault_is_named() {
        let (left, right) = (table(&["a"]), table(&["b"]));
        let read = |fields: [&str; 3]| {
            let field =
                |column: &str| PAIR_COLUMNS.iter().position(|known| *known == column).map_or("", |at| fields[at]);
            told(field, &left, &right).map_err(|(column, _)| column)
        };
        assert_eq!(read(["a", "b", "1"]), Ok(Told { left: 0, right: 0, same: true }));
        assert_eq!(
            (read(["x", "b", "1"]), read(["a", "a", "1"]), read(["a", "b", "?"])),
            (Err("left"), Err("right"), Err("label"))
        );
    }

    #[test]
    fn further_columns_are_those_of_both_tables() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let both = further(
            &names(&["id", "title", "style", "abv", "ean"]),
            &names(&["abv", "title", "id", "ean", "style", "x"]),
        );
        assert_eq!(both, ["abv", "style"]);
    }

    proptest! {
        #[test]
        fn no_text_is_a_trouble(title in "\\PC{0,30}", price in "[$0-9.,eE -]{0,12}", code in "[0-9 -]{0,16}") {
            let field = |column: &str| match column {
                "title" => title.as_str(),
                "price" => price.as_str(),
                "ean" => code.as_str(),
                _ => "",
            };
            let read = product(field, &["style".to_owned()]);
            prop_assert!(read.price.is_none_or(f64::is_finite));
            prop_assert_eq!(read.further.len(), 1);
        }
    }
}
