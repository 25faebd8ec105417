//! The catalogue: prices, titles, options, items that come, go and come again, taxes and currencies.

use connectors::{Deletions, Surface, connector};
use emulators::machine::Act;
use emulators::shell::{Fault, Faults};
use model::{Action, Currency, Fact, Fields, Level, Money};

use crate::run::{Broken, Played, equal, everywhere, everywhere_with, hold};
use crate::stage::{HOME, IT, Stage, count, put_item};

/// A GTIN with a right check digit.
const GTIN: &str = "4006381333931";

fn money(minor: i64, currency: &str) -> Money {
    Money { minor, currency: Currency::parse(currency).expect("an ISO 4217 code") }
}

fn pounds(minor: i64) -> Money {
    money(minor, "GBP")
}

#[test]
fn a_price_changed_in_the_leading_account_is_heard() {
    everywhere_with(
        "price heard",
        |retailer| retailer.accounts[IT].leads = Fields { price: true, ..Fields::NONE },
        |stage| Box::pin(a_price_heard(stage)),
    );
}

async fn a_price_heard(stage: &mut Stage) -> Played {
    equal("the price before", stage.item("MUG").await?.price, Some(pounds(1_000)))?;
    stage.act(&put_item("MUG", "Item MUG", 1_250))?;
    stage.world.pass(180_000).await;
    stage.in_step().await?;
    equal("the price after", stage.item("MUG").await?.price, Some(pounds(1_250)))?;
    stage.lies("MUG", HOME, "20").await
}

#[test]
fn a_price_is_written_to_an_account_that_follows() {
    everywhere_with(
        "price written",
        |retailer| retailer.accounts[IT].follows = Fields { price: true, ..Fields::NONE },
        |stage| Box::pin(a_price_written(stage)),
    );
}

async fn a_price_written(stage: &mut Stage) -> Played {
    stage.needs(Surface::WritePrice)?;
    let known = stage.item("MUG").await?;
    // Whether tax is in it is the account's affair; a price of the other kind could not be compared.
    let tax_inclusive = listed_with_tax(stage, known.item).await?;
    stage
        .command(Action::PutItem {
            sku: known.sku,
            title: known.title,
            barcodes: known.barcodes,
            unit: known.unit,
            components: Vec::new(),
            price: Some(pounds(1_395)),
            tax_inclusive,
        })
        .await?;
    stage.world.pass(180_000).await;
    stage.in_step().await?;
    let listed = stage.world.platforms[IT].books().listings;
    let price = listed.iter().find(|listing| listing.sku == "MUG").map(|listing| listing.price_minor);
    equal("the account's price", price, Some(1_395))
}

async fn listed_with_tax(stage: &Stage, item: model::ItemId) -> Result<bool, Broken> {
    let channel = stage.channel();
    let hub = stage.world.hub().map_err(|error| Broken::Wrong(error.to_string()))?;
    let listing = hub.read(move |state| state.listing(channel, item)).await;
    let listing = listing.map_err(|error| Broken::Wrong(error.to_string()))?;
    listing.map(|listing| listing.tax_inclusive).ok_or_else(|| Broken::Wrong("nothing is listed".into()))
}

#[test]
fn a_new_product_is_known_and_its_stock_too() {
    everywhere("product created", |stage| Box::pin(a_product_created(stage)));
}

async fn a_product_created(stage: &mut Stage) -> Played {
    stage.act(&put_item("JUG", "Item JUG", 2_000))?;
    stage.act_there(&put_item("JUG", "Item JUG", 2_000))?;
    stage.world.pass(5_000).await;
    stage.act(&count("JUG", HOME, "9"))?;
    stage.world.pass(180_000).await;
    stage.lies("JUG", HOME, "9").await?;
    stage.sell("T1", "JUG", "1").await?;
    stage.lies("JUG", HOME, "8").await
}

#[test]
fn a_renamed_product_stays_the_same_item() {
    everywhere_with(
        "product renamed",
        |retailer| retailer.accounts[IT].leads = Fields { title: true, ..Fields::NONE },
        |stage| Box::pin(a_product_renamed(stage)),
    );
}

async fn a_product_renamed(stage: &mut Stage) -> Played {
    let before = stage.item("MUG").await?;
    stage.act(&put_item("MUG", "Large mug", 1_000))?;
    stage.world.pass(180_000).await;
    stage.in_step().await?;
    let after = stage.item("MUG").await?;
    equal("the item", after.item, before.item)?;
    equal("the title", after.title.as_str(), "Large mug")?;
    stage.sell("T1", "MUG", "1").await?;
    stage.lies("MUG", HOME, "19").await
}

#[test]
fn a_variant_whose_option_changes_stays_the_same_item() {
    everywhere("product re-optioned", |stage| Box::pin(re_optioned(stage)));
}

fn variant(sku: &str, option: &str) -> Act {
    let Act::PutItem { title, barcode, price_minor, tracked, force_new, .. } = put_item(sku, "Shirt", 1_500) else {
        unreachable!("an item is put by putting an item")
    };
    let (product, option) = (Some("Shirt".into()), Some(option.into()));
    Act::PutItem { sku: sku.into(), title, barcode, price_minor, tracked, force_new, product, option }
}

async fn re_optioned(stage: &mut Stage) -> Played {
    for (sku, option) in [("SHIRT-B", "Blue"), ("SHIRT-R", "Red")] {
        stage.act(&variant(sku, option))?;
        stage.act_there(&variant(sku, option))?;
        stage.world.pass(1_000).await;
        stage.act(&count(sku, HOME, "5"))?;
    }
    stage.world.pass(180_000).await;
    stage.in_step().await?;
    let before = stage.item("SHIRT-B").await?;
    stage.act(&variant("SHIRT-B", "Navy"))?;
    stage.world.pass(180_000).await;
    stage.sell("T1", "SHIRT-B", "2").await?;
    stage.lies("SHIRT-B", HOME, "3").await?;
    stage.lies("SHIRT-R", HOME, "5").await?;
    equal("the item", stage.item("SHIRT-B").await?.item, before.item)
}

#[test]
fn a_product_deleted_and_made_again_is_known_by_its_sku() {
    everywhere("recreated by SKU", |stage| Box::pin(recreated_by_sku(stage)));
}

async fn recreated_by_sku(stage: &mut Stage) -> Played {
    let before = stage.item("MUG").await?;
    stage.act(&Act::DeleteItem { sku: "MUG".into() })?;
    stage.world.pass(180_000).await;
    stage.act(&put_item("MUG", "Item MUG", 1_000))?;
    stage.world.pass(180_000).await;
    stage.act(&count("MUG", HOME, "5"))?;
    stage.world.pass(180_000).await;
    stage.sell("T1", "MUG", "1").await?;
    stage.lies("MUG", HOME, "4").await?;
    equal("the item", stage.item("MUG").await?.item, before.item)
}

#[test]
fn a_deletion_that_nobody_heard_of_is_found_by_the_next_reading_of_everything() {
    everywhere("deletion unheard", |stage| Box::pin(deletion_unheard(stage)));
}

async fn deletion_unheard(stage: &mut Stage) -> Played {
    // Elsewhere a poll of the catalogue tells of deleted items, or keeps them.
    if connector(stage.platform()).abilities().deletions == Deletions::Polled {
        return Ok(());
    }
    let before = stage.item("MUG").await?;
    stage.world.platforms[IT].set_faults(Faults::none().with(Fault::Drop, 1_000_000), 0);
    stage.act(&Act::DeleteItem { sku: "MUG".into() })?;
    stage.act(&put_item("MUG", "Item MUG", 1_000))?;
    stage.act(&count("MUG", HOME, "5"))?;
    stage.world.pass(180_000).await;
    stage.lies("MUG", HOME, "5").await?;
    stage.sell("T1", "MUG", "1").await?;
    stage.lies("MUG", HOME, "4").await?;
    equal("the item", stage.item("MUG").await?.item, before.item)
}

#[test]
fn a_product_made_again_under_another_sku_is_known_by_its_barcode() {
    everywhere("recreated by barcode", |stage| Box::pin(recreated_by_barcode(stage)));
}

fn with_barcode(sku: &str) -> Act {
    let Act::PutItem { title, price_minor, tracked, force_new, product, option, .. } =
        put_item(sku, "Item with a barcode", 1_000)
    else {
        unreachable!("an item is put by putting an item")
    };
    Act::PutItem {
        sku: sku.into(),
        title,
        barcode: Some(GTIN.into()),
        price_minor,
        tracked,
        force_new,
        product,
        option,
    }
}

async fn recreated_by_barcode(stage: &mut Stage) -> Played {
    stage.act(&with_barcode("BOWL"))?;
    stage.world.pass(5_000).await;
    stage.act(&count("BOWL", HOME, "6"))?;
    stage.world.pass(180_000).await;
    stage.settle().await?;
    let before = stage.item("BOWL").await?;
    stage.act(&Act::DeleteItem { sku: "BOWL".into() })?;
    stage.world.pass(180_000).await;
    stage.act(&with_barcode("BOWL-2026"))?;
    stage.world.pass(5_000).await;
    stage.act(&count("BOWL-2026", HOME, "4"))?;
    stage.world.pass(180_000).await;
    stage.sell("T1", "BOWL-2026", "1").await?;
    stage.world.pass(180_000).await;
    let on_hand = stage.world.hub().map_err(|error| Broken::Wrong(error.to_string()))?;
    let item = before.item;
    let lies = on_hand
        .read(move |state| state.positions().get(item, model::LocationId(0)).on_hand())
        .await
        .map_err(|error| Broken::Wrong(error.to_string()))?;
    equal("on hand of what has the barcode", lies, Level::units(3))
}

#[test]
fn a_price_with_tax_inside_is_kept_as_one() {
    everywhere_with(
        "tax-inclusive price",
        |retailer| {
            retailer.accounts[IT].leads = Fields { price: true, ..Fields::NONE };
            retailer.accounts[IT].tax_inclusive = true;
        },
        |stage| Box::pin(tax_inside(stage)),
    );
}

async fn tax_inside(stage: &mut Stage) -> Played {
    let known = stage.item("MUG").await?;
    equal("price and tax", (known.price, known.tax_inclusive), (Some(pounds(1_000)), true))?;
    stage.sell("T1", "MUG", "2").await?;
    stage.lies("MUG", HOME, "18").await?;
    let (total, inclusive) = first_order(stage)?;
    equal("total and tax of the order", (total, inclusive), (pounds(2_000), true))
}

fn first_order(stage: &Stage) -> Result<(Money, bool), Broken> {
    let orders = stage.facts()?.into_iter().filter_map(|fact| match fact {
        Fact::OrderPut(put) if put.channel == stage.channel() => Some((put.total, put.tax_inclusive)),
        _ => None,
    });
    orders.last().ok_or_else(|| Broken::Wrong("no order was heard of".into()))
}

#[test]
fn an_account_in_another_currency_keeps_it() {
    everywhere_with(
        "second currency",
        |retailer| {
            retailer.accounts[IT].currency = "EUR";
            retailer.accounts[IT].leads = Fields { price: true, ..Fields::NONE };
        },
        |stage| Box::pin(second_currency(stage)),
    );
}

async fn second_currency(stage: &mut Stage) -> Played {
    stage.sell("T1", "MUG", "2").await?;
    stage.lies("MUG", HOME, "18").await?;
    let euros = money(2_000, "EUR");
    equal("the order's total", first_order(stage)?.0, euros)?;
    let price = stage.item("MUG").await?.price;
    hold(price.is_some_and(|price| price.currency == euros.currency), || format!("the leading price is {price:?}"))
}
