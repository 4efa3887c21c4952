//! Who asks, what for, and of which moment? Every answer begins here.

use domain::view::View;
use leptos::prelude::use_context;
use metrics::flow::age_bands::AgeBand as LedgerBand;
use metrics::ledger::{Actor, Filter as LedgerFilter, ItemSet as LedgerSet, ItemState as LedgerState};
use service::authorise::Caller;
use service::error::ServiceError;
use service::question::ask::Ask;
use service::services::Services;

use crate::error::UiError;
use crate::filter::{AgeBand, ClosedBy, Filter, FilterError, ItemSet, ItemState};
use crate::format;

/// A question with everything it takes to answer it.
pub(crate) struct Asking {
    pub(crate) services: Services,
    pub(crate) caller: Caller,
    pub(crate) filter: Filter,
    pub(crate) ask: Ask,
    pub(crate) view: View,
}

impl Asking {
    /// What the address says, asked by the reader of this request.
    pub(crate) async fn of(query: &str) -> Result<Self, UiError> {
        let (filter, mut ask) = read(query).map_err(|error| UiError::BadFilter(error.to_string()))?;
        let caller = use_context::<Caller>().ok_or(UiError::SignInFirst)?;
        let services = use_context::<Services>().ok_or(UiError::Unavailable)?;
        let view = services.view_of(caller.org, &ask).await.map_err(told)?;
        // Every part of the page speaks of this one moment, even if the minute changes while it is made.
        (ask.as_of, ask.known_at, ask.observed_from) =
            (Some(view.as_of), Some(view.known_at), Some(view.observed_from));
        Ok(Self { services, caller, filter, ask, view })
    }

    /// The address of the list of items behind a figure, under the filter and moment of this question.
    pub(crate) fn items(&self, narrow: impl FnOnce(&mut Filter)) -> String {
        let mut filter = Filter { page: 1, group: None, ..self.filter.clone() };
        narrow(&mut filter);
        filter.address("/items")
    }

    /// The list behind one set.
    pub(crate) fn set(&self, set: ItemSet) -> String {
        self.items(|filter| filter.set = Some(set))
    }
}

/// The view an address asks for: what a file of the page's list must hold too.
///
/// # Errors
/// The first part of the address that cannot be read.
pub fn ask_of(query: &str) -> Result<Ask, FilterError> {
    read(query).map(|(_, ask)| ask)
}

fn read(query: &str) -> Result<(Filter, Ask), FilterError> {
    let filter = Filter::parse(query)?;
    let ask = Ask {
        filter: ledger_filter(&filter),
        as_of: filter.as_of,
        known_at: filter.known_at,
        observed_from: filter.observed_from,
    };
    Ok((filter, ask))
}

/// The moment up to which knowledge counts, in words.
pub(crate) fn known_at(view: &View) -> String {
    if view.known_at == view.as_of { "the same moment".to_owned() } else { format::minute(view.known_at) }
}

/// What a reader may be told of a question that was not answered.
pub(crate) fn told(error: ServiceError) -> UiError {
    match error {
        ServiceError::NotFound => UiError::NotFound,
        ServiceError::NotAllowed(denied) => UiError::NotAllowed(denied.to_string()),
        ServiceError::Refused(refusal) => UiError::BadFilter(refusal.to_string()),
        ServiceError::Busy { retry_after_seconds } => UiError::Busy { retry_after_seconds },
        ServiceError::TookTooLong
        | ServiceError::OutcomeUnknown
        | ServiceError::StorageFull
        | ServiceError::StorageUnavailable(_) => UiError::Unavailable,
        ServiceError::Broken(fault) => {
            // Told to nobody but the log, where the request id stands beside it.
            tracing::error!(%fault, "a page could not be answered");
            UiError::Unavailable
        }
    }
}

fn ledger_filter(filter: &Filter) -> LedgerFilter {
    LedgerFilter {
        mode: filter.mode,
        team: filter.team.clone(),
        severity: filter.severity,
        kind: filter.kind,
        source: filter.source.clone(),
        asset_class: filter.asset_class.clone(),
        technique: filter.technique.clone(),
        playbook: filter.playbook.clone(),
        actor: filter.actor.map(|actor| match actor {
            ClosedBy::Human => Actor::Human,
            ClosedBy::Agent => Actor::Agent,
        }),
        state: filter.state.map(ledger_state),
        label: filter.label,
        age: filter.age.map(ledger_band),
        set: filter.set.map(ledger_set),
        text: filter.text.clone(),
        detected_from: filter.detected_from,
        detected_before: filter.detected_before,
        ..LedgerFilter::default()
    }
}

const fn ledger_state(state: ItemState) -> LedgerState {
    match state {
        ItemState::Open => LedgerState::Open,
        ItemState::ClosedUnverified => LedgerState::ClosedUnverified,
        ItemState::Ended => LedgerState::Ended,
    }
}

const fn ledger_band(band: AgeBand) -> LedgerBand {
    match band {
        AgeBand::Week => LedgerBand::Week,
        AgeBand::Month => LedgerBand::Month,
        AgeBand::Quarter => LedgerBand::Quarter,
        AgeBand::HalfYear => LedgerBand::HalfYear,
        AgeBand::Year => LedgerBand::Year,
        AgeBand::Longer => LedgerBand::Longer,
    }
}

const fn ledger_set(set: ItemSet) -> LedgerSet {
    match set {
        ItemSet::StillOpen => LedgerSet::StillOpen,
        ItemSet::Reported => LedgerSet::Reported,
        ItemSet::ReportedMet => LedgerSet::ReportedMet,
        ItemSet::ReportedLate => LedgerSet::ReportedLate,
        ItemSet::Due => LedgerSet::Due,
        ItemSet::Kept => LedgerSet::Kept,
        ItemSet::Broken => LedgerSet::Broken,
        ItemSet::Overdue => LedgerSet::Overdue,
        ItemSet::NeverTouched => LedgerSet::NeverTouched,
        ItemSet::Exempt => LedgerSet::Exempt,
        ItemSet::Paused => LedgerSet::Paused,
        ItemSet::Untracked => LedgerSet::Untracked,
        ItemSet::SeenAgain => LedgerSet::SeenAgain,
        ItemSet::Excluded => LedgerSet::Excluded,
        ItemSet::Exploited => LedgerSet::Exploited,
        ItemSet::ExploitedDue => LedgerSet::ExploitedDue,
        ItemSet::ExploitedMet => LedgerSet::ExploitedMet,
        ItemSet::Watched => LedgerSet::Watched,
        ItemSet::ClockRuns => LedgerSet::ClockRuns,
        ItemSet::ShownInTime => LedgerSet::ShownInTime,
        ItemSet::ShownLate => LedgerSet::ShownLate,
        ItemSet::OriginImputed => LedgerSet::OriginImputed,
        ItemSet::ToolJudged => LedgerSet::ToolJudged,
        ItemSet::ToolMet => LedgerSet::ToolMet,
        ItemSet::ToolBreached => LedgerSet::ToolBreached,
        ItemSet::ToolRunning => LedgerSet::ToolRunning,
    }
}
