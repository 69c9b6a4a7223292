//! The OpenAPI document: written by hand, like the contract; tests hold it and the routes together.

use super::decisions::json;
use axum::response::Response;

/// The document, OpenAPI 3.1.
#[must_use]
pub fn openapi() -> &'static str {
    include_str!("openapi.json")
}

/// Answers the document.
pub(super) async fn document() -> Response {
    json(openapi().as_bytes().to_vec())
}
