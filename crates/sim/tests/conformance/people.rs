//! Customers: they come, change, become one, and are forgotten.

use std::collections::BTreeMap;

use emulators::machine::{Act, ActCustomer};
use model::{CustomerPut, Fact};

use crate::run::{Broken, Played, everywhere, hold};
use crate::stage::Stage;

fn guest(number: u32, family_name: &str) -> ActCustomer {
    ActCustomer {
        reference: format!("P{number}"),
        given_name: "Ada".into(),
        family_name: family_name.into(),
        email: format!("guest-{number}@example.com"),
        phone: String::new(),
    }
}

/// What the hub keeps of customers of the account, oldest first.
fn kept(stage: &Stage) -> Result<Vec<CustomerPut>, Broken> {
    let of_it = |fact| match fact {
        Fact::CustomerPut(put) if put.channel == stage.channel() => Some(put),
        _ => None,
    };
    Ok(stage.facts()?.into_iter().filter_map(of_it).collect())
}

/// Long enough for a delivery to be read back and for two polls, with what vendors show late.
async fn heard(stage: &Stage) -> Played {
    stage.world.pass(240_000).await;
    stage.settle().await
}

#[test]
fn a_customer_is_known_and_followed_through_changes() {
    everywhere("customer changed", |stage| Box::pin(a_customer_changed(stage)));
}

async fn a_customer_changed(stage: &mut Stage) -> Played {
    stage.act(&Act::PutCustomer { customer: guest(1, "Byron") })?;
    heard(stage).await?;
    let first = kept(stage)?;
    hold(first.iter().any(|put| put.person.is_some()), || format!("nobody is known: {first:?}"))?;
    stage.act(&Act::PutCustomer { customer: guest(1, "Lovelace") })?;
    heard(stage).await?;
    let then = kept(stage)?;
    let changed = then.len() > first.len() && then.iter().all(|put| put.customer == first[0].customer);
    hold(changed, || format!("the change was not heard: {then:?}"))
}

#[test]
fn a_customer_who_does_not_change_is_not_written_again() {
    everywhere("customer unchanged", |stage| Box::pin(a_customer_unchanged(stage)));
}

async fn a_customer_unchanged(stage: &mut Stage) -> Played {
    stage.act(&Act::PutCustomer { customer: guest(1, "Byron") })?;
    heard(stage).await?;
    let before = kept(stage)?;
    hold(!before.is_empty(), || "nobody is known".into())?;
    // Ten polls and more.
    stage.world.pass(900_000).await;
    stage.settle().await?;
    let after = kept(stage)?;
    hold(after.len() == before.len(), || format!("kept again: {after:?}"))
}

#[test]
fn two_customers_become_one() {
    everywhere("customers merged", |stage| Box::pin(customers_merged(stage)));
}

async fn customers_merged(stage: &mut Stage) -> Played {
    stage.act(&Act::PutCustomer { customer: guest(1, "Byron") })?;
    stage.act(&Act::PutCustomer { customer: guest(2, "Byron") })?;
    heard(stage).await?;
    stage.act(&Act::MergeCustomers { into: "P1".into(), from: "P2".into() })?;
    heard(stage).await?;
    let kept = kept(stage)?;
    // Some vendors keep one of the two records, others make a third.
    let last: BTreeMap<_, _> = kept.iter().map(|put| (&put.customer, put.person.is_some())).collect();
    let living = last.values().filter(|lives| **lives).count();
    hold(last.len() >= 2 && living == 1, || format!("one must be left: {kept:?}"))
}

#[test]
fn an_erased_customer_is_forgotten() {
    everywhere("customer erased", |stage| Box::pin(a_customer_erased(stage)));
}

async fn a_customer_erased(stage: &mut Stage) -> Played {
    stage.act(&Act::PutCustomer { customer: guest(1, "Byron") })?;
    heard(stage).await?;
    let before = kept(stage)?.len();
    stage.act(&Act::EraseCustomer { reference: "P1".into() })?;
    heard(stage).await?;
    let kept = kept(stage)?;
    let last = kept.last();
    hold(kept.len() > before && last.is_some_and(|put| put.person.is_none()), || {
        format!("the erasure was not heard: {kept:?}")
    })
}
