//! Documents that an account is told to make: once each, whatever is asked twice and whatever is lost on the way.

use connectors::Surface;
use model::Person;

use crate::desk::NOTE;
use crate::fixtures::SUPPLIER;
use crate::run::{Played, equal, everywhere, hold};
use crate::stage::{HOME, SECOND, Stage};

/// Two mugs, as the books tell them.
fn two_mugs() -> Vec<(String, String)> {
    vec![("MUG".to_owned(), "2".to_owned())]
}

#[test]
fn an_order_is_made_once_however_often_it_is_asked_for() {
    everywhere("order made", |stage| Box::pin(an_order_made(stage)));
}

async fn an_order_made(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeOrder)?;
    let before = stage.documents("order");
    stage.instruct("erp/1", stage.order(2).await?).await?;
    let id = stage.made().await?;
    stage.instruct("erp/1", stage.order(2).await?).await?;
    equal("the document of both", stage.made().await?, id.clone())?;
    let order = stage.only_new("order", &before, &id)?;
    equal("what is ordered", (order.lines, order.location), (two_mugs(), HOME.to_owned()))?;
    stage.in_step().await
}

#[test]
fn an_order_of_which_nobody_heard_whether_it_was_made_is_made_once() {
    everywhere("order unheard", |stage| Box::pin(an_order_unheard(stage)));
}

async fn an_order_unheard(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeOrder)?;
    let before = stage.documents("order");
    stage.instruct_unheard("erp/1", stage.order(2).await?).await?;
    let id = stage.made().await?;
    equal("what is ordered", stage.only_new("order", &before, &id)?.lines, two_mugs())?;
    stage.in_step().await
}

#[test]
fn money_is_given_back_once_and_the_goods_are_on_the_shelf_again() {
    everywhere("refund made", |stage| Box::pin(a_refund_made(stage)));
}

async fn a_refund_made(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeRefund)?;
    stage.sell("T1", "MUG", "3").await?;
    stage.lies("MUG", HOME, "17").await?;
    let before = stage.documents("refund");
    stage.instruct("erp/1", stage.refund("T1", 1_000).await?).await?;
    let id = stage.made().await?;
    stage.instruct("erp/1", stage.refund("T1", 1_000).await?).await?;
    equal("the document of both", stage.made().await?, id.clone())?;
    equal("the money", stage.only_new("refund", &before, &id)?.amount_minor, 1_000)?;
    stage.lies("MUG", HOME, "18").await
}

#[test]
fn money_of_which_nobody_heard_whether_it_was_given_back_is_given_back_once() {
    everywhere("refund unheard", |stage| Box::pin(a_refund_unheard(stage)));
}

async fn a_refund_unheard(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeRefund)?;
    stage.sell("T1", "MUG", "3").await?;
    stage.lies("MUG", HOME, "17").await?;
    let before = stage.documents("refund");
    stage.instruct_unheard("erp/1", stage.refund("T1", 1_000).await?).await?;
    let id = stage.made().await?;
    equal("the money", stage.only_new("refund", &before, &id)?.amount_minor, 1_000)?;
    stage.lies("MUG", HOME, "18").await
}

#[test]
fn more_money_than_was_paid_is_refused_in_words() {
    everywhere("refund refused", |stage| Box::pin(a_refund_refused(stage)));
}

async fn a_refund_refused(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeRefund)?;
    stage.sell("T1", "MUG", "3").await?;
    stage.lies("MUG", HOME, "17").await?;
    let before = stage.documents("refund");
    stage.instruct("erp/1", stage.refund("T1", 1_000_000).await?).await?;
    let words = stage.refused().await?;
    hold(words.len() > 15, || format!("refused in these words only: {words}"))?;
    equal("refunds", stage.documents("refund"), before)?;
    stage.lies("MUG", HOME, "17").await
}

fn guest(family_name: &str, phone: &str) -> Person {
    Person {
        given_name: "Ada".into(),
        family_name: family_name.into(),
        email: "ada@example.com".into(),
        phone: phone.into(),
        address: String::new(),
    }
}

#[test]
fn a_customer_is_made_once_and_changed() {
    everywhere("customer made", |stage| Box::pin(a_customer_made(stage)));
}

async fn a_customer_made(stage: &mut Stage) -> Played {
    stage.needs(Surface::WriteCustomer)?;
    let before = stage.documents("customer");
    stage.keep_customer("erp/1", None, guest("Byron", "+441212345678")).await?;
    let id = stage.made().await?;
    stage.keep_customer("erp/1", None, guest("Byron", "+441212345678")).await?;
    equal("the record of both", stage.made().await?, id.clone())?;
    stage.only_new("customer", &before, &id)?;
    stage.keep_customer("erp/2", Some(&id), guest("Lovelace", "")).await?;
    equal("both have ended", stage.ends().await?.len(), 2)?;
    let record = stage.only_new("customer", &before, &id)?;
    let told = ["Lovelace", "ada@example.com", "1212345678"].iter().all(|word| record.reference.contains(word));
    hold(told, || format!("what is empty stays, the rest is changed: {record:?}"))
}

#[test]
fn a_customer_of_whom_nobody_heard_whether_they_were_kept_is_one_record() {
    everywhere("customer unheard", |stage| Box::pin(a_customer_unheard(stage)));
}

async fn a_customer_unheard(stage: &mut Stage) -> Played {
    stage.needs(Surface::WriteCustomer)?;
    let before = stage.documents("customer");
    let it = &stage.world.platforms[crate::stage::IT];
    it.lose_answers(2);
    stage.keep_customer("erp/1", None, guest("Byron", "")).await?;
    stage.world.pass(300_000).await;
    hold(it.answers_to_lose() < 2, || "no answer was lost".into())?;
    it.lose_answers(0);
    let id = stage.made().await?;
    stage.only_new("customer", &before, &id).map(drop)
}

#[test]
fn a_transfer_is_made_once_and_moves_nothing_yet() {
    everywhere("transfer made", |stage| Box::pin(a_transfer_made(stage)));
}

async fn a_transfer_made(stage: &mut Stage) -> Played {
    stage.needs(Surface::Transfer)?;
    let before = stage.documents("transfer");
    stage.instruct_unheard("erp/1", stage.transfer(SECOND, 2).await?).await?;
    let id = stage.made().await?;
    stage.instruct("erp/1", stage.transfer(SECOND, 2).await?).await?;
    equal("the document of both", stage.made().await?, id.clone())?;
    let transfer = stage.only_new("transfer", &before, &id)?;
    equal("what is to go", (transfer.lines, transfer.location), (two_mugs(), SECOND.to_owned()))?;
    hold(transfer.reference.contains(NOTE), || format!("the note is not in it: {}", transfer.reference))?;
    stage.lies("MUG", HOME, "20").await?;
    stage.lies("MUG", SECOND, "20").await
}

#[test]
fn a_purchase_order_is_made_once_and_nothing_has_arrived() {
    everywhere("purchase made", |stage| Box::pin(a_purchase_made(stage)));
}

async fn a_purchase_made(stage: &mut Stage) -> Played {
    stage.needs(Surface::PurchaseOrder)?;
    stage.know_the_supplier()?;
    let before = stage.documents("purchase");
    stage.instruct_unheard("erp/1", stage.purchase(SUPPLIER, 2).await?).await?;
    let id = stage.made().await?;
    stage.instruct("erp/1", stage.purchase(SUPPLIER, 2).await?).await?;
    equal("the document of both", stage.made().await?, id.clone())?;
    let purchase = stage.only_new("purchase", &before, &id)?;
    equal("what is ordered", (purchase.lines, purchase.location), (two_mugs(), HOME.to_owned()))?;
    stage.lies("MUG", HOME, "20").await
}

#[test]
fn goods_of_a_supplier_whom_nobody_knows_are_refused_in_words() {
    everywhere("purchase refused", |stage| Box::pin(a_purchase_refused(stage)));
}

async fn a_purchase_refused(stage: &mut Stage) -> Played {
    stage.needs(Surface::PurchaseOrder)?;
    let before = stage.documents("purchase");
    stage.instruct("erp/1", stage.purchase("Nobody & Co", 2).await?).await?;
    let words = stage.refused().await?;
    hold(words.contains("Nobody & Co"), || format!("the words do not name the supplier: {words}"))?;
    equal("purchase orders", stage.documents("purchase"), before)
}
