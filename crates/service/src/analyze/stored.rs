//! What does the log say? The same analysis, over the stored items that pass a filter.

use super::{Analysis, ItemList, horizon, process::trace_of};
use crate::{
    authorise::{Caller, GrantedScope, Object, authorise, decide, proof},
    catalogue::Catalogue,
    error::{Refusal, ServiceError},
    identity::permission::Permission,
    question::{
        ask::{Ask, narrowed, off_thread},
        items::code_of,
    },
    services::Services,
    view_histories::{Histories, History},
};
use domain::{event_name::EventName, fold::fold, id::OrgId, quarantine::Reason, time::Timestamp, view::View};
use metrics::{
    decision::Waits,
    ledger::{Filter, Frame, Ledger, LedgerItem},
    process::{playbook::Playbook, trace::Trace},
};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use store::{
    StoreError, batches,
    quarantine::{self, HeldState},
};

/// What is asked for besides the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Horizon of the restricted mean in whole days; 365 where absent.
    pub tau_days: Option<i64>,
    /// Whether the items are printed one by one.
    pub items: ItemList,
}

/// What the caller may be told besides figures.
#[derive(Clone, Copy)]
struct Telling {
    items: ItemList,
    masks_items: bool,
    masks_actors: bool,
}

impl Services {
    /// What `wallclock analyze` prints for a file, for what is stored: over the items that pass the filter, in a view of
    /// any moment. Lines that became no event of an item are counted where nothing is narrowed.
    ///
    /// # Errors
    /// Not allowed, a bad window or horizon, or what the database said.
    pub async fn analysis(&self, caller: &Caller, ask: &Ask, wanted: Wanted) -> Result<Value, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let telling = telling(caller, wanted.items)?;
        let horizon_days = horizon(wanted.tau_days)
            .map_err(|error| Refusal::new("bad_parameter", error.to_string()).place("tau_days"))?;
        let view = self.view_of(granted.org(), ask).await?;
        let filter = Arc::new(narrowed(&granted, ask));
        let mut histories = self.histories_of(granted.org(), view).await?;
        let catalogue = Arc::new(Catalogue::known_at(&mut histories.conn(), granted.org(), view.known_at).await?);
        let mut gathered = Gathered::default();
        while let Some(page) = histories.next().await? {
            let (services, filter, catalogue) = (self.clone(), filter.clone(), catalogue.clone());
            let gather = move || gathered_of(page, &filter, &services.frame(view), &catalogue);
            gathered.add(off_thread(gather).await?);
        }
        if !is_narrowed(&filter) {
            gathered.flags = lines(&mut histories, granted.org()).await?;
        }
        let services = self.clone();
        off_thread(move || services.told(gathered, view, horizon_days, &filter, telling)).await
    }

    fn told(&self, gathered: Gathered, view: View, horizon_days: i64, filter: &Filter, telling: Telling) -> Value {
        let mut policy = (**self.policy()).clone();
        policy.headline = filter.mode;
        let mut analysis = Analysis {
            view,
            policy,
            calendar: self.calendar().clone(),
            playbook: Playbook::default(),
            horizon_days,
            ledger: Ledger::default(),
            waits: Waits::default(),
            traces: Vec::new(),
            events: gathered.events,
            flags: gathered.flags,
            items: telling.items,
        };
        if gathered.not_yet_known > 0 {
            analysis.flags.insert("not_yet_known", gathered.not_yet_known);
        }
        // The order in which a file's items are read, so that sums of fractions round alike.
        let mut kept = gathered.kept;
        kept.sort_by(|one, other| one.item.id.cmp(&other.item.id));
        let mut items = Vec::with_capacity(kept.len());
        for mut one in kept {
            if telling.masks_items {
                one.item.id = code_of(one.item.key).into();
            }
            analysis.waits.add(one.decisions, view.as_of);
            analysis.traces.push(one.trace);
            items.push(one.item);
        }
        analysis.ledger = Ledger::new(items);
        let mut answer = analysis.to_json();
        if let (true, Some(Value::Object(process))) = (telling.masks_actors, answer.get_mut("process")) {
            process.insert("handover_top".to_owned(), Value::Null);
        }
        if let (Some(teams), Value::Object(answer)) = (&filter.teams_allowed, &mut answer) {
            answer.insert("teams_allowed".to_owned(), json!(teams));
        }
        answer
    }
}

fn telling(caller: &Caller, items: ItemList) -> Result<Telling, ServiceError> {
    let masks_actors = decide(caller, Permission::NamesRead, Object::OwnOrg).is_err();
    let masks_items = items == ItemList::Printed
        && authorise::<proof::ItemsRead>(caller, Object::OwnOrg)?.scope() == &GrantedScope::Masked;
    Ok(Telling { items, masks_items, masks_actors })
}

/// An item that passed, with what figures need of its events.
struct Kept {
    item: LedgerItem,
    trace: Trace,
    decisions: Vec<(EventName, Timestamp)>,
}

/// What has been read so far.
#[derive(Default)]
struct Gathered {
    kept: Vec<Kept>,
    events: u64,
    not_yet_known: u64,
    flags: BTreeMap<&'static str, u64>,
}

impl Gathered {
    fn add(&mut self, other: Self) {
        self.kept.extend(other.kept);
        self.events += other.events;
        self.not_yet_known += other.not_yet_known;
    }
}

/// Folds items on all cores and keeps those that pass; their events alone count where something is narrowed.
fn gathered_of(histories: Vec<History>, filter: &Filter, frame: &Frame<'_>, catalogue: &Catalogue) -> Gathered {
    let counts_all = !is_narrowed(filter);
    let judge = |history: History| {
        let (events, not_yet_known) = (metrics::real::count_of(history.events.len()), history.not_yet_known);
        let kept = kept_of(history, frame, catalogue).filter(|kept| filter.keeps(&kept.item, frame));
        let counts = counts_all || kept.is_some();
        let (events, not_yet_known) = if counts { (events, not_yet_known) } else { (0, 0) };
        Gathered { kept: Vec::from_iter(kept), events, not_yet_known, ..Gathered::default() }
    };
    histories.into_par_iter().map(judge).reduce(Gathered::default, |mut one, other| {
        one.add(other);
        one
    })
}

fn kept_of(history: History, frame: &Frame<'_>, catalogue: &Catalogue) -> Option<Kept> {
    let History { key, id, source, mut events, .. } = history;
    events.retain(|event| event.name != EventName::Merged);
    events.sort_by(domain::event::ItemEvent::order);
    let trace = trace_of(&events);
    let is_decision = |name: EventName| matches!(name, EventName::Escalated | EventName::Authorised);
    let decisions = events.iter().filter(|event| is_decision(event.name)).map(|event| (event.name, event.at)).collect();
    let mut facts = fold(events, frame.policy, frame.calendar)?;
    catalogue.join(&mut facts, frame.view.as_of);
    Some(Kept { item: LedgerItem { key: Some(key), id, source: Some(source), facts }, trace, decisions })
}

/// Whether anything but the mode decides which items count.
fn is_narrowed(filter: &Filter) -> bool {
    *filter != Filter { mode: filter.mode, ..Filter::default() }
}

/// Lines that arrived and became no event of an item, by what became of them.
async fn lines(histories: &mut Histories, org: OrgId) -> Result<BTreeMap<&'static str, u64>, StoreError> {
    let mut flags = BTreeMap::new();
    let sums = batches::sums(&mut histories.conn(), org).await?;
    flags.insert("duplicate_dropped", sums.iter().map(|sum| sum.counts.duplicate).sum());
    for (reason, state, count) in quarantine::by_reason(&mut histories.conn(), org).await? {
        if state != HeldState::Released {
            *flags.entry(flag_of(reason)).or_default() += count;
        }
    }
    Ok(flags)
}

/// The word under which the analysis of a file counts such a line; reasons it does not know go by their own.
const fn flag_of(reason: Reason) -> &'static str {
    match reason {
        Reason::Unreadable | Reason::RecordTooLong => "quarantined_bad_line",
        Reason::NaiveTime | Reason::DateAmbiguous | Reason::DstGap | Reason::TimeRange | Reason::ReportZone => {
            "quarantined_bad_time"
        }
        Reason::UnknownEvent | Reason::UnknownType => "quarantined_unknown_event",
        Reason::Future => "quarantined_future",
        Reason::EventConflict => "duplicate_dropped",
        Reason::BadIdentifier => "quarantined_bad_identifier",
        Reason::MissingField => "quarantined_missing_field",
        Reason::BadValue => "quarantined_bad_value",
        Reason::EndsBeforeStart => "quarantined_ends_before_start",
        Reason::BelowScope => "quarantined_below_scope",
        Reason::NotPermitted => "quarantined_not_permitted",
        Reason::IllegalMerge => "quarantined_illegal_merge",
        Reason::ChangelogTruncated => "quarantined_changelog_truncated",
        Reason::DisplayValues => "quarantined_display_values",
        Reason::NoTimestamp => "quarantined_no_timestamp",
        Reason::UnmatchedState => "quarantined_unmatched_state",
        Reason::NoResource => "quarantined_no_resource",
        Reason::MassAbsence => "quarantined_mass_absence",
        Reason::InternalFold => "quarantined_internal_fold",
        Reason::OutcomeContradicts => "quarantined_outcome_contradicts",
        Reason::DetectionImplausible => "quarantined_detection_implausible",
        Reason::ObservedBeforeInject => "quarantined_observed_before_inject",
        Reason::DecidedBeforeAsked => "quarantined_decided_before_asked",
        Reason::DueBeforeAdded => "quarantined_due_before_added",
        Reason::EpssWithoutDate => "quarantined_epss_without_date",
        Reason::DeviceVulnerabilityWithoutDates => "quarantined_device_vulnerability_without_dates",
    }
}
