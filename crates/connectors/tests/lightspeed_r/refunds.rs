//! Money that R-Series is told to give back for lines of a sale, whose goods are on hand again with it.

use connectors::Document;
use serde_json::{Value, json};

use crate::desk::body;
use crate::papers::{
    REFERENCE, call, composed, done, list, made, nothing, paid_by, refund, refused, registers, sent, sold,
};

/// Two units of one line, for 23.99.
fn two() -> Document {
    refund(2_399, &[("9001", "2")], true)
}

#[test]
fn the_sale_tells_how_it_was_paid_and_the_refund_pays_it_back_like_that() {
    let mut replies = vec![];
    let sale = "GET Sale.json?saleID=IN%2C%5B8101%5D&sort=saleID&archived=true\
                &load_relations=%5B%22SalePayments%22%5D&limit=100";
    assert_eq!(call(&sent(&two(), true, &replies)), sale);
    replies.push(sold());
    let kind = "GET PaymentType.json?paymentTypeID=IN%2C%5B6%5D&sort=paymentTypeID&archived=true&limit=100";
    assert_eq!(call(&sent(&two(), true, &replies)), kind);
    replies.push(paid_by("1"));
    let register = "GET Register.json?shopID=IN%2C%5B2%5D&sort=registerID&limit=100";
    assert_eq!(call(&sent(&two(), true, &replies)), register);
    replies.push(registers());
    let request = sent(&two(), true, &replies);
    assert_eq!((call(&request).as_str(), request.cost), ("POST Sale/8101/refund.json", 100));
    let expected = json!({"completed": "true", "shopID": "2", "registerID": "4", "employeeID": "2",
        "referenceNumber": REFERENCE, "referenceNumberSource": "Lockstep",
        "SaleLines": {"SaleLine": [{"parentSaleLineID": "9001", "unitQuantity": "-2"}]},
        "SalePayments": {"SalePayment": [{"amount": "-23.99", "paymentTypeID": "1"}]}});
    assert_eq!(body(&request), expected);
    replies.push(made("Sale", "saleID", "8300"));
    assert_eq!(done(&two(), true, &replies), "8300");
}

#[test]
fn a_payment_type_that_names_no_other_pays_back_itself() {
    let replies = [sold(), paid_by("0"), registers()];
    assert_eq!(body(&sent(&two(), true, &replies))["SalePayments"]["SalePayment"][0]["paymentTypeID"], "6");
}

/// A line that came back at this time.
fn back(sale: &str, units: &str, at: &str) -> Value {
    json!({"saleLineID": "9100", "saleID": sale, "parentSaleLineID": "9001", "unitQuantity": units, "createTime": at})
}

fn named(sale: &str, reference: &str, voided: &str) -> Value {
    json!({"saleID": sale, "referenceNumber": reference, "voided": voided})
}

#[test]
fn a_run_begun_anew_reads_what_came_back_of_these_lines_since() {
    let look = "GET SaleLine.json?parentSaleLineID=IN%2C%5B9001%5D&sort=saleLineID&limit=100";
    assert_eq!(call(&sent(&two(), false, &[])), look);
    let now = "2026-11-21T18:00:03+00:00";
    let lines = list("SaleLine", &[back("8298", "-2", "2026-11-21T16:59:59+00:00"), back("8300", "-2", now)]);
    let sales = "GET Sale.json?saleID=IN%2C%5B8300%5D&sort=saleID&archived=true&limit=100";
    assert_eq!(call(&sent(&two(), false, std::slice::from_ref(&lines))), sales, "what is older cannot be ours");
    let ours = |reference: &str| [lines.clone(), list("Sale", &[named("8300", reference, "false")])];
    assert_eq!(done(&two(), false, &ours(REFERENCE)), "8300");
    assert_eq!(done(&two(), false, &ours("")), "8300", "without any reference the same lines are ours");
    assert!(call(&sent(&two(), false, &ours("till-5"))).starts_with("GET Sale.json?saleID=IN%2C%5B8101%5D"));
}

#[test]
fn a_refund_of_other_quantities_and_one_that_was_voided_are_not_ours() {
    let now = "2026-11-21T18:00:03+00:00";
    let one = [list("SaleLine", &[back("8300", "-1", now)]), list("Sale", &[named("8300", "", "false")])];
    assert!(call(&sent(&two(), false, &one)).starts_with("GET Sale.json?saleID=IN%2C%5B8101%5D"));
    let voided = [list("SaleLine", &[back("8300", "-2", now)]), list("Sale", &[named("8300", "", "true")])];
    assert!(call(&sent(&two(), false, &voided)).starts_with("GET Sale.json?saleID=IN%2C%5B8101%5D"));
    assert!(call(&sent(&two(), false, &[nothing()])).starts_with("GET Sale.json?saleID=IN%2C%5B8101%5D"));
}

#[test]
fn what_cannot_be_given_back_is_refused_in_words() {
    assert_eq!(refused(&two(), true, &[nothing()]), "R-Series knows no sale 8101");
    let more = refund(4_051, &[("9001", "2")], true);
    assert!(refused(&more, true, &[sold()]).contains("no payment of the sale is of so much"));
    let unsendable = |document: &Document| composed(document).expect_err("it cannot be said").to_string();
    assert!(unsendable(&refund(2_399, &[("9001", "2")], false)).contains("without its goods"));
    assert!(unsendable(&refund(2_399, &[], true)).contains("lines of a sale"));
    let half = unsendable(&refund(2_399, &[("9001", "0.5")], true));
    assert_eq!(half, "row 0: the quantity is not a whole number above zero");
}
