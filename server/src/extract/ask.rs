//! Which view is asked for? The same names as in the address of a page.

use app::answers::ask_of as ask_of_page;
use app::filter::encode;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::time::Timestamp;
use domain::view::Verification;
use metrics::ledger::{Actor, Filter, ItemState};
use service::question::ask::Ask;

use super::query::{Parameters, shown};
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// Names that narrow a view.
pub const VIEW_NAMES: [&str; 19] = [
    "team",
    "severity",
    "kind",
    "source",
    "asset_class",
    "technique",
    "playbook",
    "actor",
    "state",
    "set",
    "label",
    "age",
    "q",
    "detected_from",
    "detected_before",
    "mode",
    "as_of",
    "known_at",
    "observed_from",
];
/// Those of them that say how to look, and narrow nothing.
pub const MOMENT_NAMES: [&str; 4] = ["mode", "as_of", "known_at", "observed_from"];

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
    let lists = lists(parameters)?;
    let text = |name| parameters.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let filter = Filter {
        mode: mode(parameters)?,
        team: text("team"),
        severity: parameters.read("severity", "critical, high, medium or low")?,
        kind: parameters.read("kind", "a kind of item")?,
        source: text("source"),
        asset_class: text("asset_class"),
        technique: text("technique"),
        playbook: text("playbook"),
        actor: actor(parameters)?,
        state: state(parameters)?,
        set: lists.set,
        label: lists.label,
        age: lists.age,
        text: lists.text,
        detected_from: moment(parameters, "detected_from")?,
        detected_before: moment(parameters, "detected_before")?,
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

/// What lists behind figures are asked by goes by the words of a page's address, and is read where those are.
fn lists(parameters: &Parameters) -> Result<Filter, Problem> {
    let mut lists = Filter::default();
    for name in ["set", "label", "age", "q"] {
        let Some(value) = parameters.get(name) else { continue };
        let read = ask_of_page(&format!("{name}={}", encode(value)));
        let one = read.map_err(|error| Problem::new(Code::BadParameter).detail(error.to_string()).at(name))?.filter;
        lists = Filter {
            set: lists.set.or(one.set),
            label: lists.label.or(one.label),
            age: lists.age.or(one.age),
            text: lists.text.or(one.text),
            ..lists
        };
    }
    Ok(lists)
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

fn actor(parameters: &Parameters) -> Result<Option<Actor>, Problem> {
    match parameters.get("actor") {
        None | Some("") => Ok(None),
        Some("human") => Ok(Some(Actor::Human)),
        Some("agent") => Ok(Some(Actor::Agent)),
        Some(other) => Err(bad("actor", other, "human or agent")),
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
