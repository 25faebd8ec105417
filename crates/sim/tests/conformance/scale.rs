//! Many of something: pages must be turned.

use connectors::Surface;
use emulators::machine::Act;
use model::Fact;

use crate::fixtures::SURFACES;
use crate::run::{Played, everywhere, everywhere_with, hold};
use crate::stage::{HOME, IT, Stage, count, till_sale};

/// Variants of one product.
const VARIANTS: usize = 51;

#[test]
fn the_last_of_a_thousand_and_one_locations_is_as_good_as_the_first() {
    everywhere_with(
        "1,001 locations",
        // Home and Second are the last two.
        |retailer| retailer.accounts[IT].strange_locations = 999,
        |stage| Box::pin(many_locations(stage)),
    );
}

async fn many_locations(stage: &mut Stage) -> Played {
    stage.needs(Surface::Locations)?;
    stage.act(&count("MUG", HOME, "7"))?;
    stage.lies("MUG", HOME, "7").await?;
    if sim::habits(stage.platform()).tills {
        stage.act(&till_sale("T1", "MUG", "2"))?;
        stage.lies("MUG", HOME, "5").await?;
    }
    Ok(())
}

#[test]
fn the_last_of_fifty_one_variants_is_as_good_as_the_first() {
    everywhere("51 variants", |stage| Box::pin(many_variants(stage)));
}

async fn many_variants(stage: &mut Stage) -> Played {
    for number in 0..VARIANTS {
        let variant = Act::PutItem {
            sku: format!("V-{number}"),
            title: format!("Poster {number}"),
            barcode: None,
            price_minor: 500,
            tracked: true,
            force_new: false,
            product: Some("Poster".into()),
            option: Some(format!("Motif {number}")),
        };
        stage.act(&variant)?;
        stage.act_there(&variant)?;
    }
    stage.world.pass(180_000).await;
    for number in 0..VARIANTS {
        stage.act(&count(&format!("V-{number}"), HOME, "5"))?;
    }
    stage.world.pass(240_000).await;
    stage.sell("T1", "V-50", "2").await?;
    stage.lies("V-50", HOME, "3").await?;
    stage.lies("V-0", HOME, "5").await?;
    let facts = stage.facts()?;
    let is_one = |fact: &&Fact| matches!(fact, Fact::ItemPut(put) if put.sku.as_str().starts_with("V-"));
    let known = facts.iter().filter(is_one).count();
    hold(known >= VARIANTS, || format!("{known} of {VARIANTS} variants are known"))
}

#[test]
fn the_capability_matrix_says_something_of_every_surface() {
    everywhere("complete matrix", |stage| Box::pin(complete_matrix(stage)));
}

async fn complete_matrix(stage: &mut Stage) -> Played {
    let listed = connectors::connector(stage.platform()).abilities().surfaces;
    let missing: Vec<Surface> =
        SURFACES.into_iter().filter(|surface| !listed.iter().any(|(row, _)| row == surface)).collect();
    hold(missing.is_empty(), || format!("no row for {missing:?}"))
}
