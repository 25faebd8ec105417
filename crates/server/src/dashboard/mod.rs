//! The dashboard door.

use std::sync::Arc;

use crate::Hub;

pub(crate) fn router(_hub: Arc<Hub>) -> axum::Router {
    axum::Router::new()
}
