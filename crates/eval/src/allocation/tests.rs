//! Tests of `eval allocation`: readers against garbage, figures against sums done by hand. Called by nobody else.

use super::*;
use proptest::prelude::*;

fn table(text: &str) -> Option<Table> {
    Table::read(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), &PICKS).ok()
}

const HEAD: &str = "time,location,category,on_hand,days,found,margin,cancelled\n";

#[test]
fn a_shelf_that_fails_is_no_longer_promised() {
    let mut text = HEAD.to_owned();
    for round in 0..400 {
        // One unit is found every other time, five always.
        text.push_str(&format!("{round},a,c,1,40,{},5,15\n", round % 2));
        text.push_str(&format!("{round},a,c,5,40,1,5,15\n"));
    }
    text.push_str("1,a,c,-1,40,1,5,15\n1,a,c,1,40,maybe,5,15\n");
    let mut refused = Refused::default();
    let picks = read(table(&text).expect("columns"), &mut refused);
    assert_eq!((picks.len(), refused.count()), (800, 2));
    let told = judge(&picks, 0.2);
    assert_eq!(told["cancelled_promises"], 0);
    assert_eq!(told["withheld_sales"], 160);
    assert_eq!(told["money"], 320.0 * 5.0);
    assert_eq!(told["fixed_buffers"][0]["money"], 320.0 * 5.0 + 160.0 * 5.0 - 160.0 * 15.0);
}

proptest! {
    #[test]
    fn garbage_is_refused_and_harms_nothing(text in ".{0,200}", cut in 0..90_usize, put in ".{0,4}") {
        let good = format!("{HEAD}1,a,c,1,40,1,5,15\n2,b,c,3,2,0,5,15\n");
        let spoilt: String = good.chars().take(cut).chain(put.chars()).chain(good.chars().skip(cut + 1)).collect();
        for text in [text, spoilt] {
            if let Some(rows) = table(&text) {
                let picks = read(rows, &mut Refused::default());
                prop_assert!(judge(&picks, 0.0)["calibration_error"].as_f64().is_some_and(|error| error <= 1.0));
            }
        }
    }
}
