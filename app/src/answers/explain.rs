//! The answer of the page that explains one number.

use metrics::catalogue::{EXAMPLE, entry};

use super::asking::{Asking, told};
use super::explained::About;
use super::{explained_clocks, explained_gap};
use crate::error::UiError;
use crate::pages::explain::ExplanationView;

/// Asks the service for the figure under this very filter, and writes what it rests on.
pub(crate) async fn load(metric: &str, query: &str) -> Result<ExplanationView, UiError> {
    let entry = entry(metric).ok_or(UiError::NotFound)?;
    let asking = Asking::of(query).await?;
    let gap = asking.services.gap(&asking.caller, &asking.ask).await.map_err(told)?;
    let explain = match explained_gap::explained(&asking, &gap, metric) {
        Some(explain) => explain,
        None => {
            let clocks = asking.services.clocks(&asking.caller, &asking.ask).await.map_err(told)?;
            explained_clocks::explained(&asking, &clocks, metric)
                // A figure of one item, or of the analysis alone, has a meaning and no value of a whole view.
                .or_else(|| asking.explained(metric, "", About::default()))
                .ok_or(UiError::NotFound)?
        }
    };
    Ok(ExplanationView {
        explain,
        unit: entry.unit.words().to_owned(),
        direction: entry.better.words().to_owned(),
        shown: entry.shown.to_owned(),
        example: entry.example.to_owned(),
        story: EXAMPLE.to_owned(),
        entry: format!("/api/v1/metrics/{metric}"),
    })
}
