//! Which view is asked for? The same names as in the address of a page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::time::Timestamp;
use domain::view::Verification;
use metrics::ledger::{Filter, ItemState};
use service::question::ask::Ask;

use super::query::{Parameters, shown};
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// Names that narrow a view.
pub const VIEW_NAMES: [&str; 10] =
    ["team", "severity", "kind", "source", "asset_class", "state", "mode", "as_of", "known_at", "observed_from"];

/// A view, with the parameters it was read from.
pub struct Asked {
    pub ask: Ask,
    pub parameters: Parameters,
}

impl FromRequestParts<ServerState> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        let parameters = Parameters::from_request_parts(parts, state).await?;
        let ask = ask_of(&parameters, state.clock.now())?;
        Ok(Self { ask, parameters })
    }
}

/// Reads the view.
///
/// # Errors
/// 422 with the parameter and what was expected.
pub fn ask_of(parameters: &Parameters, now: Timestamp) -> Result<Ask, Problem> {
    let text = |name| parameters.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let filter = Filter {
        mode: mode(parameters)?,
        team: text("team"),
        severity: parameters.read("severity", "critical, high, medium or low")?,
        kind: parameters.read("kind", "a kind of item")?,
        source: text("source"),
        asset_class: text("asset_class"),
        state: state(parameters)?,
        ..Filter::default()
    };
    let ask = Ask {
        filter,
        as_of: moment(parameters, "as_of")?,
        known_at: moment(parameters, "known_at")?,
        observed_from: moment(parameters, "observed_from")?,
    };
    match ask.as_of {
        Some(as_of) if as_of > now => Err(Problem::new(Code::BadParameter)
            .detail(format!("as_of `{as_of}` lies in the future"))
            .hint("leave it out for the present")
            .at("as_of")),
        Some(_) | None => Ok(ask),
    }
}

fn moment(parameters: &Parameters, name: &'static str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = parameters.get(name) else {
        return Ok(None);
    };
    Timestamp::parse(text)
        .map(Some)
        .map_err(|error| Problem::new(Code::BadParameter).detail(shown_error(&error.0)).at(name))
}

fn shown_error(text: &str) -> String {
    format!("`{}` is not a time, expected RFC 3339 with an offset, as in 2026-03-01T10:00:00Z", shown(text))
}

fn mode(parameters: &Parameters) -> Result<Verification, Problem> {
    match parameters.get("mode") {
        None | Some("strict") => Ok(Verification::Strict),
        Some("lenient") => Ok(Verification::Lenient),
        Some(other) => Err(bad("mode", other, "strict or lenient")),
    }
}

fn state(parameters: &Parameters) -> Result<Option<ItemState>, Problem> {
    match parameters.get("state") {
        None | Some("") => Ok(None),
        Some("open") => Ok(Some(ItemState::Open)),
        Some("closed_unverified") => Ok(Some(ItemState::ClosedUnverified)),
        Some("ended") => Ok(Some(ItemState::Ended)),
        Some(other) => Err(bad("state", other, "open, closed_unverified or ended")),
    }
}

fn bad(name: &'static str, text: &str, expected: &str) -> Problem {
    Problem::new(Code::BadParameter).detail(format!("`{}` is not {expected}", shown(text))).at(name)
}

/// The word of a state in every interface.
#[must_use]
pub const fn state_word(state: ItemState) -> &'static str {
    match state {
        ItemState::Open => "open",
        ItemState::ClosedUnverified => "closed_unverified",
        ItemState::Ended => "ended",
    }
}
