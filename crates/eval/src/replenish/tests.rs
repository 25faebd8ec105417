//! Tests of `eval replenish`: readers against garbage, figures against sums done by hand. Called by nobody else.

use super::*;
use proptest::prelude::*;

fn table(text: &str, needed: &[&str]) -> Option<Table> {
    Table::read(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), needed).ok()
}

fn steady(days: usize) -> String {
    let mut text = String::from("series,item,location,date,quantity\n");
    for day in 0..days {
        let date = jiff::civil::date(2024, 1, 1).checked_add(jiff::Span::new().days(day as i64)).expect("a date");
        text.push_str(&format!("a@1,a,1,{date},{}\n", 2 + day % 3));
    }
    text
}

const COSTS: &str = "item,location,unit_cost,margin,holding_per_day,lead_time_days,review_days,moq,pack\n\
    a,1,5,4,0.02,3,7,,\na,1,x,4,0.02,3,7,1,1\na,2,5,,0.02,999,7,1,1\n";

#[test]
fn rows_that_cannot_be_read_are_refused_and_the_rest_is_played() {
    let (mut bad_sales, mut bad_costs) = (Refused::default(), Refused::default());
    let text = steady(120) + "a@1,a,1,never,3\na@1,a,1,2024-01-05,many\n";
    let sales = reading::sales(table(&text, &reading::SALES).expect("columns"), &mut bad_sales);
    let costs = reading::costs(table(COSTS, &reading::COSTS).expect("columns"), &mut bad_costs);
    assert_eq!((bad_sales.count(), bad_costs.count(), costs.len()), (2, 2, 1));
    let (key, (terms, lead)) = &costs[0];
    let it = judge(terms, *lead, &sales.series[key], sales.first, 60);
    let least = it.foresight.expect("whole units");
    assert!(least > 0.0 && least <= it.agent.cost && least <= it.classic.cost, "{it:?}");
    assert!(it.agent.sold / it.agent.asked > 0.95);
}

proptest! {
    #[test]
    fn garbage_is_refused_and_harms_nothing(text in ".{0,300}", cut in 0..400_usize, put in ".{0,4}") {
        for (good, needed) in [(steady(20), &reading::SALES[..]), (COSTS.to_owned(), &reading::COSTS[..])] {
            let spoilt: String = good.chars().take(cut).chain(put.chars()).chain(good.chars().skip(cut + 1)).collect();
            for text in [text.as_str(), spoilt.as_str()] {
                if let Some(rows) = table(text, needed) {
                    let mut refused = Refused::default();
                    if needed.len() == reading::SALES.len() {
                        let sales = reading::sales(rows, &mut refused);
                        prop_assert!(sales.series.values().flatten().all(|day| day.0 >= 0.0));
                    } else {
                        let costs = reading::costs(rows, &mut refused);
                        prop_assert!(costs.iter().all(|(_, (terms, _))| terms.holding >= 0.0));
                    }
                }
            }
        }
    }
}
