//! What the command reads, refuses and prints.

use proptest::prelude::*;

use super::*;
use crate::table::Table;

const PEOPLE: &str = "id,given_name,family_name,email,postcode\n\
    1,Ann,Smith,ann.smith@example.com,LS1 4AB\n\
    2,Anne,Smyth,Ann.Smith@example.com,ls14ab\n\
    3,Peter,Jones,p.jones@example.org,YO1 7HH\n\
    4,Maria,Lopez,NULL,\n";

fn figures_of(records: &str, truth: &str) -> Value {
    let people = records_of_bytes(records.as_bytes()).expect("has an id");
    let truth = judge::truth_of(Table::of_bytes(truth.as_bytes(), &["id_a", "id_b"]).expect("has both"), &people);
    let (mind, batch) = find(&people, &truth.pairs, 1);
    let judged = judge::judge(&mind, &people, &truth.pairs);
    figures(&people, &truth, &batch, &judged, lookups(&mind, &people, 2), 1)
}

#[test]
fn two_records_of_one_person_are_found_and_judged() {
    let figures = figures_of(PEOPLE, "id_a,id_b\n2,1\n1,2\n");
    assert_eq!((&figures["records"], &figures["truth_pairs"]), (&json!(4), &json!(1)));
    assert_eq!((&figures["precision"], &figures["recall"], &figures["f1"]), (&json!(1.0), &json!(1.0), &json!(1.0)));
    assert_eq!(figures["blocking_recall"], json!(1.0));
}

#[test]
fn rows_without_an_id_of_their_own_and_unknown_pairs_are_named() {
    let records = format!("{PEOPLE},Nobody,,,\n3,Twice,,,\n");
    let figures = figures_of(&records, "id_a,id_b\n1,2\n1,9\n3,3\n");
    assert_eq!((&figures["records"], &figures["refused_rows"]), (&json!(4), &json!(4)));
    let named: Vec<(&Value, &Value)> =
        figures["refused"].as_array().expect("a list").iter().map(|row| (&row["line"], &row["column"])).collect();
    let expected =
        [(json!(6), json!("id")), (json!(7), json!("id")), (json!(3), json!("id_b")), (json!(4), json!("id_b"))];
    assert_eq!(named, expected.iter().map(|(line, column)| (line, column)).collect::<Vec<_>>());
    assert!(records_of_bytes(b"name\nAnn\n").expect_err("refused").to_string().contains("id"));
}

#[test]
fn whole_names_are_taken_apart_when_they_are_peoples() {
    let names = |text: &str| -> Vec<(String, String, String)> {
        let people = records_of_bytes(text.as_bytes()).expect("has an id");
        people.records.into_iter().map(|one| (one.given_name, one.family_name, one.whole_name)).collect()
    };
    let own = str::to_owned;
    assert_eq!(
        names("id,given_name\n1,Ann Mary Smith\n2,\"Jones, Peter\"\n3,Cher\n4,Li Wei\n5,Jo Hu\n"),
        [
            (own("Ann Mary"), own("Smith"), own("")),
            (own("Peter"), own("Jones"), own("")),
            (own(""), own("Cher"), own("")),
            (own("Li"), own("Wei"), own("")),
            (own("Jo"), own("Hu"), own("")),
        ]
    );
    assert_eq!(names("id,family_name\n1,Happy Valley Day Care Center\n")[0].2, "Happy Valley Day Care Center");
}

#[test]
fn an_empty_table_and_one_record_are_judged_too() {
    for records in ["id,email\n", "id,email\n1,a@b.org\n"] {
        let figures = figures_of(records, "id_a,id_b\n");
        assert_eq!((&figures["precision"], &figures["f1"]), (&json!(1.0), &json!(0.0)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_are_too_odd(rows in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..12)) {
        let mut bytes = b"id,given_name,family_name,email,phone,street,city,postcode,birth_date\n".to_vec();
        for row in rows {
            bytes.extend(row);
            bytes.push(b'\n');
        }
        let people = records_of_bytes(&bytes).expect("the header is whole");
        let (mind, _) = find(&people, &Pairs::default(), 1);
        prop_assert_eq!(mind.len() as usize, people.records.len());
    }
}
