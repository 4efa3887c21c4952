//! What did a plain form send? Text fields, each once.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;

use super::body;
use super::query::pairs;
use crate::problem::{Code, Problem};

/// The fields of `application/x-www-form-urlencoded`.
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The field, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Takes the field out, so that a secret is not copied.
    #[must_use]
    pub fn take(&mut self, name: &str) -> String {
        self.0.remove(name).unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Problem::new(Code::UnsupportedMediaType).hint("send `application/x-www-form-urlencoded`"));
        }
        let bytes = body::read(request.into_body()).await?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Problem::new(Code::InvalidUtf8))?;
        Ok(Self(pairs(text)?))
    }
}
