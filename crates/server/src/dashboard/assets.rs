//! The style sheet, the script and the icon, compiled in. Their addresses carry a hash of their content, so that a
//! browser may keep them for ever and still gets new ones with a new program.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::html;

struct Asset {
    stem: &'static str,
    ending: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    fn name(&self) -> String {
        let hash = blake3::hash(self.bytes).to_hex();
        format!("{}-{}.{}", self.stem, &hash[..16], self.ending)
    }
}

const STYLE: Asset =
    Asset { stem: "style", ending: "css", kind: "text/css; charset=utf-8", bytes: include_bytes!("assets/style.css") };
const SCRIPT: Asset = Asset {
    stem: "live",
    ending: "js",
    kind: "text/javascript; charset=utf-8",
    bytes: include_bytes!("assets/live.js"),
};
const ICON: Asset =
    Asset { stem: "icon", ending: "svg", kind: "image/svg+xml", bytes: include_bytes!("assets/icon.svg") };

/// Addresses of the assets.
pub(super) struct Addresses {
    /// The style sheet.
    pub(super) style: String,
    /// The module.
    pub(super) script: String,
    /// The icon.
    pub(super) icon: String,
}

/// Worked out once.
pub(super) static ADDRESSES: LazyLock<Addresses> = LazyLock::new(|| Addresses {
    style: format!("/assets/{}", STYLE.name()),
    script: format!("/assets/{}", SCRIPT.name()),
    icon: format!("/assets/{}", ICON.name()),
});

/// `GET /assets/{name}`.
pub(super) async fn serve(Path(name): Path<String>) -> Response {
    let Some(asset) = [STYLE, SCRIPT, ICON].into_iter().find(|asset| asset.name() == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    html::guard(headers);
    response
}
