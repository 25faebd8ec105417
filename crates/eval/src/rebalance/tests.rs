//! Tests of `eval rebalance`: readers against garbage, figures against sums done by hand. Called by nobody else.

use super::*;
use proptest::prelude::*;

fn table(text: &str, needed: &[&str]) -> Option<Table> {
    Table::read(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), needed).ok()
}

const STOCK: &str =
    "item,location,stock,mean,dispersion,margin,salvage\nx,a,9,0.5,1.2,10,1\nx,b,0,6,1.2,10,1\nx,b,-1,6,1.2,10,1\n";
const LANES: &str = "from,to,per_unit,fixed\na,b,0.5,2\na,b,much,2\n";

#[test]
fn transfers_are_judged_on_what_was_really_asked_for() {
    let (mut names, mut refused) = (Names::default(), Refused::default());
    let shelves = reading::stock(table(STOCK, &reading::STOCK).expect("columns"), &mut names, &mut refused);
    let lanes = reading::lanes(table(LANES, &reading::LANES).expect("columns"), &mut names, &mut refused);
    assert_eq!((shelves.len(), lanes.len(), refused.count()), (2, 1, 2));
    let limits = Limits { pack: 1, units_per_location: 4, currency: None };
    let proposals = rebalance(&shelves, &lanes, &limits);
    assert_eq!(csv(&proposals, &names), "from,to,item,units\na,b,x,4\n");
    let asked = table("item,location,quantity\nx,b,3\n", &reading::ACTUAL).expect("columns");
    let actual = reading::actual(asked, &mut names, &mut refused);
    let told = realised(&shelves, &proposals, &actual);
    // Three sold for 10 and one left for 1, instead of four left for 1; less 4 × 0.5 + 2.
    assert_eq!((told["gain"].as_f64(), told["sell_through"].as_f64()), (Some(23.0), Some(0.75)));
    assert_eq!((told["confidence"]["count"].as_f64(), told["confidence"]["came"].as_f64()), (Some(4.0), Some(0.75)));
}

proptest! {
    #[test]
    fn garbage_is_refused_and_harms_nothing(text in ".{0,200}", cut in 0..150_usize, put in ".{0,4}") {
        for (good, needed) in [(STOCK, &reading::STOCK[..]), (LANES, &reading::LANES[..])] {
            let spoilt: String = good.chars().take(cut).chain(put.chars()).chain(good.chars().skip(cut + 1)).collect();
            for text in [text.as_str(), spoilt.as_str()] {
                let (mut names, mut refused) = (Names::default(), Refused::default());
                if let Some(rows) = table(text, needed) {
                    if needed.len() == reading::STOCK.len() {
                        let shelves = reading::stock(rows, &mut names, &mut refused);
                        prop_assert!(shelves.iter().all(|shelf| shelf.salvage >= 0.0));
                    } else {
                        let lanes = reading::lanes(rows, &mut names, &mut refused);
                        prop_assert!(lanes.iter().all(|lane| lane.fixed >= 0.0 && lane.per_unit >= 0.0));
                    }
                }
            }
        }
    }
}
