//! Why a page cannot be shown, said in the same frame as the pages.

use axum::response::{IntoResponse, Response};
use flow::FlowError;
use http::StatusCode;
use maud::html;

use super::access::Visitor;
use super::html::Html;
use super::layout::{Frame, Section};
use crate::{ReadError, Scope};

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// No such thing.
    #[error("there is no {0} here; it may have another name, or have been taken away")]
    Missing(String),
    /// Not with this key.
    #[error("you may not see or do this; it would need the right “{}”", .0.name())]
    Forbidden(Scope),
    /// At a store that is not theirs.
    #[error(transparent)]
    Elsewhere(#[from] crate::doorkeeper::Elsewhere),
    /// Something for people, and this is none who signed in by name.
    #[error("this is for people who signed in by name and password")]
    NoAccount,
    /// The people and keys could not be read or written.
    #[error("read or write the people and keys")]
    Access(#[from] ::access::AccessError),
    /// The form is not from a page of ours, or from before a restart.
    #[error("this form is too old, or did not come from this site; go back, load the page again and repeat it")]
    Forged,
    /// The form could not be read.
    #[error("this form could not be read; go back and repeat it")]
    Form,
    /// The browser came by a name that is not ours.
    #[error("these pages answer only to names of this machine, such as localhost")]
    Host,
    /// The hub takes nothing.
    #[error("the hub has stopped or is busy; its tills and shops keep selling, and it catches up when it is back")]
    Stopped,
    /// The tables behind the page could not be read.
    #[error("read the tables behind this page")]
    Views(#[from] views::ViewsError),
    /// Something of ours is broken.
    #[error("something inside the hub did not work; its log says what")]
    Inside,
}

impl PageError {
    /// The status that says so to programs.
    fn status(&self) -> StatusCode {
        match self {
            Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::Forbidden(_) | Self::Elsewhere(_) | Self::NoAccount | Self::Forged => StatusCode::FORBIDDEN,
            Self::Form => StatusCode::BAD_REQUEST,
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            Self::Views(_) | Self::Access(_) | Self::Inside => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Missing(_) => "Not found",
            Self::Forbidden(_) | Self::Elsewhere(_) | Self::NoAccount => "Not allowed",
            Self::Forged | Self::Form => "Please repeat this",
            Self::Host => "Wrong address",
            Self::Stopped => "The hub is not taking anything",
            Self::Views(_) | Self::Access(_) | Self::Inside => "That did not work",
        }
    }

    /// The page.
    pub(super) fn render(&self) -> Html {
        let text = match self {
            // What the database says is for the log, not for the till.
            Self::Views(_) | Self::Access(_) => PageError::Inside.to_string(),
            other => other.to_string(),
        };
        let mut visitor = Visitor::nobody();
        // With navigation, since a link leads on from here; the links themselves are checked again.
        visitor.open = !matches!(self, Self::Host);
        Frame::new(self.title(), Section::None, &visitor).page(html! {
            section class="narrow" {
                h1 { (self.title()) }
                p class="problem" { (super::words::sentence(&text)) }
                p { a href="/" { "To the live page" } }
            }
        })
    }
}

impl From<FlowError> for PageError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Stopped | FlowError::Busy => Self::Stopped,
            FlowError::Refused(_) | FlowError::Store(_) => {
                tracing::warn!(%error, "a page could not be made");
                Self::Inside
            }
        }
    }
}

impl From<ReadError> for PageError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Flow(error) => error.into(),
            ReadError::Views(error) => Self::Views(error),
            ReadError::Thread => Self::Inside,
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if let Self::Views(error) = &self {
            tracing::warn!(%error, "the tables behind a page could not be read");
        }
        if let Self::Access(error) = &self {
            tracing::warn!(%error, "the people and keys could not be used");
        }
        let status = self.status();
        let mut response = self.render().with_status(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("5"));
        }
        response
    }
}
