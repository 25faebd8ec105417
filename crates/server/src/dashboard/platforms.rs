//! `/platforms`: what each platform can and cannot do, side by side, with the reason. Read from the dictionaries, so it
//! is never another thing than what the hub does.

use axum::Extension;
use flow::{Ability, Surface, connector};
use maud::{Markup, html};
use model::Platform;

use super::access::Visitor;
use super::error::PageError;
use super::html::Html;
use super::layout::{Frame, Section, badge};
use super::must;
use super::words::Tone;
use crate::Scope;

/// `GET /platforms`.
pub(super) async fn show(Extension(visitor): Extension<Visitor>) -> Result<Html, PageError> {
    must(&visitor, Scope::OperationsRead)?;
    Ok(render(&visitor))
}

/// The page.
pub(super) fn render(visitor: &Visitor) -> Html {
    Frame::new("Platforms", Section::Channels, visitor).page(html! {
        nav class="crumbs" aria-label="Where you are" { a href="/channels" { "Channels" } }
        h1 { "What each platform can do" }
        @if visitor.may(Scope::Admin) { p { a class="button" href="/connect" { "Connect an account" } } }
        p {
            (badge(Tone::Good, "Yes")) " it can, and the hub uses it. "
            (badge(Tone::Warn, "Not used")) " it can, and the hub does not use it. "
            (badge(Tone::Calm, "No")) " it cannot, and nobody can from outside. "
            "Press a word to see why."
        }
        table class="folds matrix" {
            caption class="hidden" { "Abilities of all platforms" }
            thead { tr { th scope="col" { "Ability" } @for platform in Platform::ALL { th scope="col" { (platform.title()) } } } }
            tbody { @for surface in surfaces() { tr {
                th scope="row" { (surface.words()) }
                @for platform in Platform::ALL { td data-label=(platform.title()) { (cell(ability(platform, surface))) } }
            } } }
        }
    })
}

/// Every ability that any dictionary speaks of, in their order.
fn surfaces() -> Vec<Surface> {
    let all = Platform::ALL.into_iter().flat_map(|platform| connector(platform).abilities().surfaces.iter());
    let all: std::collections::BTreeSet<Surface> = all.map(|(surface, _)| *surface).collect();
    all.into_iter().collect()
}

fn ability(platform: Platform, wanted: Surface) -> Option<Ability> {
    let mut surfaces = connector(platform).abilities().surfaces.iter();
    surfaces.find(|(surface, _)| *surface == wanted).map(|(_, ability)| *ability)
}

fn cell(ability: Option<Ability>) -> Markup {
    let with_reason = |tone: Tone, word: &str, why: &str| html! { details { summary { (badge(tone, word)) } (why) } };
    match ability {
        Some(Ability::Yes) => badge(Tone::Good, "Yes"),
        Some(Ability::No(why)) => with_reason(Tone::Calm, "No", why),
        Some(Ability::Unused(why)) => with_reason(Tone::Warn, "Not used", why),
        None => html! { span class="quiet" { "not looked into" } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ability_of_every_platform_has_its_own_cell_with_the_dictionarys_reason() {
        let page = render(&Visitor::at_this_machine("t".into()));
        let rows = page.as_str().matches("role=\"rowheader\"").count().max(page.as_str().matches("<tr>").count() - 1);
        assert_eq!(rows, surfaces().len());
        assert_eq!(page.as_str().matches("<td data-label").count(), surfaces().len() * Platform::ALL.len());
        for platform in Platform::ALL {
            for (surface, ability) in connector(platform).abilities().surfaces {
                assert!(surfaces().contains(surface));
                if let Ability::No(why) | Ability::Unused(why) = ability {
                    let why = html! { (why) }.into_string();
                    assert!(page.as_str().contains(&why), "{}: {why}", platform.name());
                }
            }
        }
    }
}
