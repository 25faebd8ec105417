//! One's own account, and the secret for an authenticator. Only shows them.

use access::{PASSWORD_MIN, Person};
use maud::html;

use super::HERE;
use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section};
use crate::dashboard::staff::button;

/// One's own account.
#[derive(Clone, Debug)]
pub(in super::super) struct AccountPage {
    /// Who.
    pub(in super::super) person: Person,
    /// Browsers that are signed in.
    pub(in super::super) sessions: u32,
    /// Recovery codes left.
    pub(in super::super) codes: u32,
}

impl AccountPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let act = |act: &str| format!("{HERE}/{act}");
        Frame::new("Account", Section::None, visitor).noticing(notice).page(html! {
            section class="narrow" {
                h1 { (self.person.name) }
                @if self.person.must_change {
                    p class="problem" role="alert" { "Your password was made for you. Replace it by one that only you know, then go on." }
                }
                h2 { "Password" }
                form method="post" action=(act("password")) class="stack" {
                    (visitor.token_field())
                    label for="old" { "Present password" }
                    input id="old" name="old" type="password" autocomplete="current-password" required;
                    label for="new" { "New password, at least " (PASSWORD_MIN) " characters" }
                    input id="new" name="new" type="password" autocomplete="new-password" minlength=(PASSWORD_MIN) required;
                    label for="again" { "Once more" }
                    input id="again" name="again" type="password" autocomplete="new-password" required;
                    button type="submit" class="main" { "Change it" }
                }
                h2 { "Second factor" }
                @if self.person.second_factor {
                    p { "A number of your authenticator is asked for. " (self.codes) " recovery codes are left." }
                    (button(visitor, &act("offer"), "Set up another authenticator"))
                } @else {
                    p { "A number that your telephone makes is asked for besides the password." }
                    (button(visitor, &act("offer"), "Set one up"))
                }
                h2 { "Sessions" }
                p { "You are signed in with " (self.sessions) @if self.sessions == 1 { " browser." } @else { " browsers." } }
                (button(visitor, &act("sign-out-everywhere"), "Sign out everywhere"))
            }
        })
    }
}

/// A secret for an authenticator, until a number of it was given.
pub(in super::super) struct OfferedPage {
    /// As people type it.
    pub(in super::super) secret: String,
    /// As an app opens it.
    pub(in super::super) address: String,
}

impl OfferedPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new("Second factor", Section::None, visitor).page(html! {
            section class="narrow" {
                h1 { "Second factor" }
                p { "Put this secret into an authenticator, such as the one of your telephone. On the telephone itself " a href=(self.address) { "this link" } " does it." }
                p { code { (self.secret) } }
                form method="post" action={ (HERE) "/confirm" } class="stack" {
                    (visitor.token_field())
                    label for="number" { "The number that it shows now" }
                    input id="number" name="number" inputmode="numeric" autocomplete="one-time-code" required;
                    button type="submit" class="main" { "From now on ask for it" }
                }
            }
        })
    }
}
