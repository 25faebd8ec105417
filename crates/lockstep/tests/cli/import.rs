//! Import: a dry run first, every refused row with its line, and a second run that changes nothing.

use std::io::Write;

use super::transcript::{compare, one, play};
use crate::folder::Folder;

const ITEMS: &str = "sku,title,barcode,price,currency,tax_inclusive,unit,components\n\
    MUG,Mug,4006381333931,9.95,EUR,true,piece,\n\
    ,No SKU,,1,EUR,,,\n\
    LAMP,Lamp,,1.234,EUR,,,\n\
    SET,Set of mugs,,,,,,MUG*2 + GHOST*1\n\
    BOX,Box of mugs,,18,EUR,no,,MUG*2\n\
    TIN,Tin,,,,maybe,,\n\
    ROD,Rod,,,,,yard,\n\
    CUP,Cup,,3,EU,,,\n\
    TEA,Tea,,-1,EUR,,,\n";
const STOCK: &str = "sku,location,quantity,counted_at\n\
    MUG,Store,12,\n\
    GHOST,Store,1,\n\
    MUG,Moon,1,\n\
    MUG,Store,many,\n\
    MUG,Store,-1,\n\
    MUG,Store,1,yesterday\n\
    MUG,Store,1,2020-01-02T03:04:05Z\n";

fn shop(name: &str) -> Folder {
    let folder = Folder::of(name);
    let config = "[hub]\ndata = \"data\"\n[[location]]\nname = \"Store\"\n";
    std::fs::write(folder.path().join("lockstep.toml"), config).expect("write");
    std::fs::write(folder.path().join("items.csv"), ITEMS).expect("write");
    std::fs::write(folder.path().join("stock.csv"), STOCK).expect("write");
    folder
}

#[test]
fn a_dry_run_lists_every_refused_row_and_apply_carries_the_rest_out() {
    let folder = shop("import");
    let script = "import items items.csv -c lockstep.toml
                  import items items.csv -c lockstep.toml --apply
                  import stock stock.csv -c lockstep.toml
                  import stock stock.csv -c lockstep.toml --apply
                  audit verify -c lockstep.toml";
    compare("import", &play(&folder, script));
}

#[test]
fn a_dry_run_changes_nothing() {
    let folder = shop("dry");
    one(&folder, "import items items.csv -c lockstep.toml");
    let audit = one(&folder, "audit verify -c lockstep.toml").json();
    assert_eq!((audit["facts"].as_u64(), audit["valid"].as_bool()), (Some(0), Some(true)), "{audit}");
}

#[test]
fn the_same_items_applied_twice_change_nothing() {
    let folder = shop("twice");
    let apply = "import items items.csv -c lockstep.toml --apply";
    let first = one(&folder, apply).json();
    let before = one(&folder, "audit verify -c lockstep.toml").json();
    let second = one(&folder, apply).json();
    let after = one(&folder, "audit verify -c lockstep.toml").json();
    assert_eq!(first["rows_applied"], second["rows_applied"]);
    assert!(before["facts"].as_u64() > Some(0), "{before}");
    for field in ["facts", "chain", "state_hash", "valid"] {
        assert_eq!(before[field], after[field], "{field}");
    }
}

#[test]
fn a_packed_file_a_tab_separated_one_and_a_byte_order_mark_are_read_like_a_plain_one() {
    let folder = shop("packed");
    let plain = one(&folder, "import items items.csv -c lockstep.toml").json();
    let packed = std::fs::File::create(folder.path().join("items.csv.gz")).expect("create");
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::default());
    packed.write_all(ITEMS.as_bytes()).and_then(|()| packed.finish().map(drop)).expect("pack");
    std::fs::write(folder.path().join("items.tsv"), ITEMS.replace(',', "\t")).expect("write");
    std::fs::write(folder.path().join("marked.csv"), format!("\u{feff}{ITEMS}")).expect("write");
    for file in ["items.csv.gz", "items.tsv", "marked.csv"] {
        let read = one(&folder, &format!("import items {file} -c lockstep.toml")).json();
        for field in ["rows_in", "rows_applied", "refused"] {
            assert_eq!(plain[field], read[field], "{file}: {field}");
        }
    }
}

#[test]
fn a_missing_column_and_a_missing_file_are_named() {
    let folder = shop("missing");
    std::fs::write(folder.path().join("short.csv"), "sku,name\nA,B\n").expect("write");
    std::fs::write(folder.path().join("empty.csv"), "").expect("write");
    std::fs::write(folder.path().join("no.csv.gz"), "this is no gzip file").expect("write");
    let script = "import items short.csv -c lockstep.toml
                  import stock items.csv -c lockstep.toml
                  import items empty.csv -c lockstep.toml
                  import items no.csv.gz -c lockstep.toml
                  import items none.csv -c lockstep.toml";
    compare("import_missing", &play(&folder, script));
}
