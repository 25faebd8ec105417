//! What was found for a few words: items and orders.

use maud::html;

use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, empty};

/// Something that was found.
#[derive(Clone, Debug)]
pub(in super::super) struct Hit {
    /// Where it is.
    pub(in super::super) address: String,
    /// What it is called.
    pub(in super::super) name: String,
    /// SKU, channel or date.
    pub(in super::super) more: String,
}

/// What was found.
#[derive(Clone, Debug)]
pub(in super::super) struct SearchPage {
    /// What was looked for.
    pub(in super::super) text: String,
    /// Items.
    pub(in super::super) items: Vec<Hit>,
    /// Orders.
    pub(in super::super) orders: Vec<Hit>,
}

impl SearchPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        let mut frame = Frame::new("Search", Section::None, visitor);
        frame.query.clone_from(&self.text);
        let found = self.items.len() + self.orders.len();
        frame.page(html! {
            h1 { "Search" }
            @if self.text.is_empty() { (empty("Type a SKU, a part of a title, a barcode or an order’s number.")) }
            @else if found == 0 { (empty("Nothing fits. Try fewer letters, or a part of the title.")) }
            @for (head, hits) in [("Items", &self.items), ("Orders", &self.orders)] {
                @if !hits.is_empty() {
                    section aria-label=(head) {
                        h2 { (head) }
                        ul class="stream" { @for hit in hits {
                            li { a href=(hit.address) { (hit.name) } span class="sku" { (hit.more) } }
                        } }
                    }
                }
            }
        })
    }
}
