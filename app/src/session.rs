//! Who reads, and what stands around every page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{ChangeView, Theme};
use crate::error::UiError;

/// What the frame of a page says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameView {
    pub organisation: String,
    /// Whether these are the numbers of the sample organisation.
    pub is_sample: bool,
    /// Name and role of the reader; empty when nobody is signed in.
    pub person: String,
    pub theme: Theme,
    /// Window, mode, as-of and known-at in words.
    pub view: Vec<(String, String)>,
    /// How old the youngest or the stalest feed is, and the page that says more; none where nothing was sent.
    pub feeds: Option<(String, String)>,
    /// What the form that changes the view starts from; none where there is no view to change.
    pub change: Option<ChangeView>,
    /// The moment and mode of the view as a query, carried along by the navigation.
    pub moment: String,
    /// Organisation, moments, counts, versions.
    pub colophon: Vec<String>,
}

/// The frame for the reader of this request.
#[server(prefix = "/sfn", endpoint = "frame")]
pub async fn frame(query: String) -> Result<FrameView, UiError> {
    crate::answers::frame::load(&query).await
}
