//! One change of one product: its request, and what its reply says of the listings in it. Called by `listing`.

use model::Outcome;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::differs::Shown;
use crate::shopify::graph::UserError;
use crate::shopify::write::never;
use crate::shopify::{queries, reply, requests};
use crate::{Account, Effect, Reply, Request, Trouble, Unsendable};

/// A change of a product.
pub(super) enum Act {
    /// Fields of some of its variants: row of the batch and fields.
    Variants { product: String, rows: Vec<(usize, Map<String, Value>)> },
    /// Its title, which is the title of its only variant.
    Title { product: String, row: usize, title: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(alias = "productUpdate")]
    product_variants_bulk_update: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    user_errors: Vec<UserError>,
}

impl Act {
    /// Changes the first variant of a product that is named.
    pub(super) fn variants(shown: &Shown, row: usize, fields: Map<String, Value>) -> Self {
        Self::Variants { product: shown.product.id.whole().to_owned(), rows: vec![(row, fields)] }
    }

    /// Changes the title of a product.
    pub(super) fn title(shown: &Shown, row: usize, title: String) -> Self {
        Self::Title { product: shown.product.id.whole().to_owned(), row, title }
    }

    /// The rows of this act, if it changes variants of this product.
    pub(super) fn variants_of(&mut self, of: &str) -> Option<&mut Vec<(usize, Map<String, Value>)>> {
        match self {
            Self::Variants { product, rows } if product == of => Some(rows),
            Self::Variants { .. } | Self::Title { .. } => None,
        }
    }

    /// The request that carries it out.
    ///
    /// # Errors
    /// When the account's address or token is not usable.
    pub(super) fn request(&self, account: &Account) -> Result<Request, Unsendable> {
        let (query, variables) = match self {
            Self::Variants { product, rows } => {
                let variants: Vec<&Map<String, Value>> = rows.iter().map(|(_, fields)| fields).collect();
                (queries::VARIANTS_QUERY, json!({ "product": product, "variants": variants }))
            }
            Self::Title { product, title, .. } => {
                (queries::TITLE_QUERY, json!({ "product": { "id": product, "title": title } }))
            }
        };
        requests::graphql(query, &variables, account, queries::MUTATION_COST, Effect::Write)
    }

    /// Notes in `outcomes` what the reply says of the rows in it.
    ///
    /// # Errors
    /// When the whole request was refused or put off, or nobody knows.
    pub(super) fn hear(&self, reply: &Reply, outcomes: &mut [Outcome]) -> Result<(), Trouble> {
        let errors = reply::data::<Answer>(reply)?.product_variants_bulk_update.user_errors;
        match (self, errors.first()) {
            (_, None) => {}
            (Self::Title { row, .. }, Some(error)) => worsen(outcomes, *row, never(&error.message)),
            (Self::Variants { rows, .. }, Some(_)) => refused(rows, &errors, outcomes),
        }
        Ok(())
    }
}

/// Variants that are named will never be taken. The others may have been written or not: partial updates are asked for
/// and not promised, so they are looked at again.
fn refused(rows: &[(usize, Map<String, Value>)], errors: &[UserError], outcomes: &mut [Outcome]) {
    let unnamed = errors.iter().find(|error| place(error, rows.len()).is_none());
    for (row, _) in rows {
        worsen(outcomes, *row, unnamed.map_or(Outcome::Again, |error| never(&error.message)));
    }
    for error in errors {
        if let Some((row, _)) = place(error, rows.len()).and_then(|place| rows.get(place)) {
            worsen(outcomes, *row, never(&error.message));
        }
    }
}

/// The variant in a path such as `["variants", "3", "price"]`.
fn place(error: &UserError, rows: usize) -> Option<usize> {
    let path = error.field.as_deref()?;
    path.iter().find_map(|step| step.parse::<usize>().ok()).filter(|place| *place < rows)
}

/// A listing is as badly off as its worst part.
fn worsen(outcomes: &mut [Outcome], row: usize, outcome: Outcome) {
    if let Some(known) = outcomes.get_mut(row)
        && !matches!(known, Outcome::Never { .. })
    {
        *known = outcome;
    }
}
