//! Which platform, and where its account is.

use maud::{Markup, html};
use model::Platform;

use crate::connect::Hint;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::Fields;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, badge, hidden};
use crate::dashboard::words::{Tone, sentence};

/// A platform to choose.
#[derive(Clone, Debug)]
pub(in super::super) struct PlatformLine {
    /// In addresses.
    pub(in super::super) name: &'static str,
    /// For people.
    pub(in super::super) title: &'static str,
    /// Whether access can be asked for at its own page.
    pub(in super::super) ready: bool,
}

/// What is asked of the account.
#[derive(Clone, Debug)]
pub(in super::super) struct Form {
    /// Which platform.
    pub(in super::super) platform: Platform,
    /// What must be known.
    pub(in super::super) hint: Hint,
    /// Our locations: number, name, and whether its orders may come from there.
    pub(in super::super) locations: Vec<(u32, String, bool)>,
    /// Name, address, account and currency as typed in.
    pub(in super::super) typed: [String; 4],
    /// Why it was not taken.
    pub(in super::super) problem: Option<String>,
}

impl Form {
    /// With what was typed in so far.
    pub(super) fn filled(
        platform: Platform,
        hint: Hint,
        locations: Vec<(u32, String)>,
        fields: &Fields,
        problem: Option<String>,
    ) -> Self {
        let locations = locations.into_iter().map(|(number, name)| {
            let from = fields.get(&format!("from-{number}")) == "yes";
            (number, name, from)
        });
        let typed = ["name", "base_url", "account", "currency"].map(|name| fields.get(name).to_owned());
        Self { platform, locations: locations.collect(), typed, hint, problem }
    }

    /// The chosen locations, in their order.
    pub(in super::super) fn sells_from(&self) -> Vec<String> {
        self.locations.iter().filter(|(.., from)| *from).map(|(_, name, _)| name.clone()).collect()
    }
}

/// The page.
#[derive(Clone, Debug)]
pub(in super::super) struct ChoosePage {
    /// All platforms.
    pub(in super::super) platforms: Vec<PlatformLine>,
    /// The form, once one is chosen.
    pub(in super::super) form: Option<Form>,
}

impl ChoosePage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new("Connect an account", Section::Channels, visitor).page(html! {
            nav class="crumbs" aria-label="Where you are" {
                a href="/channels" { "Channels" }
                @if self.form.is_some() { " › " a href="/connect" { "Connect an account" } }
            }
            @match &self.form {
                None => { (self.platforms()) }
                Some(form) => { (form.render(visitor)) }
            }
        })
    }

    fn platforms(&self) -> Markup {
        html! {
            h1 { "Connect an account" }
            p { "The hub reads first. Nothing is changed over there until you let it, channel by channel." }
            ul class="cards" { @for line in &self.platforms { li {
                article class="card" {
                    header {
                        h2 { a href={ "/connect?platform=" (line.name) } { (line.title) } }
                        @if line.ready { (badge(Tone::Good, "Consent page")) } @else { (badge(Tone::Calm, "By token")) }
                    }
                    p class="quiet" {
                        @if line.ready { "You give access at its own page; a token of yours is taken too." }
                        @else { "A token is given by hand. To use its consent page, set the app first: the next page says how." }
                    }
                }
            } } }
            p { a href="/platforms" { "What each platform can do" } }
        }
    }
}

impl Form {
    fn render(&self, visitor: &Visitor) -> Markup {
        let [name, base_url, account, currency] = &self.typed;
        let base_url = if base_url.is_empty() { &self.hint.base_url } else { base_url };
        html! {
            h1 { "Connect " (self.platform.title()) }
            @if let Some(problem) = &self.problem { p class="problem" role="alert" { (problem) } }
            @if let Err(words) = &self.hint.app { p class="aside" { (words) } }
            form method="post" action="/connect" class="stack narrow" {
                (visitor.token_field())
                (hidden("platform", self.platform.name()))
                (text("name", "Name", name, "Letters, digits, - and _. It is part of the address for webhooks.", "web"))
                (text("base_url", "Address of its API", base_url, self.hint.base_words, ""))
                (text("account", "Account", account, self.hint.account_words, ""))
                (text("currency", "Currency", currency, "Of prices it sends without one; empty means the hub's.", "EUR"))
                @if !self.locations.is_empty() {
                    fieldset {
                        legend { "Its web orders may come from" }
                        p class="quiet" { "None, for an account that has only tills." }
                        @for (number, name, from) in &self.locations {
                            label class="check" { input type="checkbox" name={ "from-" (number) } value="yes" checked[*from]; " " (name) }
                        }
                    }
                }
                button type="submit" class="main" { "Go on" }
                p class="quiet" { "Access comes next. Until you say otherwise this account is only read." }
            }
        }
    }
}

fn text(name: &str, label: &str, value: &str, help: &str, example: &str) -> Markup {
    let needed = matches!(name, "name" | "base_url");
    html! {
        label for=(name) { (label) }
        input id=(name) name=(name) value=(value) placeholder=(example) required[needed] autocomplete="off" aria-describedby={ (name) "-help" };
        p class="quiet" id={ (name) "-help" } { (sentence(help)) }
    }
}
