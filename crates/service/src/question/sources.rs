//! Did everything that arrived get counted? What each source sent, what is held and why, and who is silent.

use crate::{
    authorise::{Caller, GrantedScope, Object, authorise, decide, proof},
    error::ServiceError,
    identity::permission::Permission,
    ingest::Rereading,
    question::{answer_cache::AnswerKey, ask::off_thread},
    services::Services,
    view_histories::EVERYTHING,
    view_ledger::read,
};
use domain::{
    id::{OrgId, QuarantineId},
    quarantine::Reason,
    time::Timestamp,
};
use metrics::ledger::Filter;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use store::{
    Conn, StoreError, accounts, batches,
    quarantine::{self, HeldState},
    source_ages,
};

pub use store::{batches::Counts, quarantine::HeldLine};

/// As many held lines as a page can show at once; the counts speak for all of them.
pub const HELD_SHOWN_MAX: u32 = 200;
/// Lines of one reason that are read again to find out whether they may go.
pub const READ_AGAIN_MAX: usize = 20;

/// Items each source first told of.
pub(crate) type ToldBySource = BTreeMap<String, u64>;

/// The answer of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// What every source has sent, added up.
    pub ledger: Counts,
    /// What each source has sent.
    pub sources: Vec<SourceSpoken>,
    /// Lines that wait for somebody, by reason, most first.
    pub held: Vec<HeldGroup>,
    /// Whether the caller may bring a file.
    pub may_import: bool,
    /// The first lines of each reason that would be released as they are, where the caller may release any.
    pub releasable: BTreeSet<QuarantineId>,
    /// The moment of the answer.
    pub now: Timestamp,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSpoken {
    /// The word it is known by.
    pub name: String,
    /// What it has sent.
    pub counts: Counts,
    /// When it was last heard, also where it told no news.
    pub last_sent: Timestamp,
    /// The last event it told of.
    pub last_event: Option<Timestamp>,
    /// Items it first told of.
    pub items: u64,
    /// Its lines that wait.
    pub held: u64,
}

/// Lines held for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldGroup {
    /// The reason.
    pub reason: Reason,
    /// How many wait.
    pub count: u64,
    /// Some of them, oldest first; none for readers who may not see raw lines.
    pub lines: Vec<HeldLine>,
}

/// Whose figures these are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// For display.
    pub name: String,
    /// Whether everything in it is fictional.
    pub is_sample: bool,
}

impl Services {
    /// Did everything that arrived get counted?
    ///
    /// # Errors
    /// Not allowed, or what the database said.
    pub async fn sources(&self, caller: &Caller) -> Result<Sources, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let may = |permission| decide(caller, permission, Object::OwnOrg).is_ok();
        let (may_import, may_release) = (may(Permission::ImportsWrite), may(Permission::QuarantineWork));
        // A held line stands on no timeline, so nobody can say whose team it would belong to.
        let may_see_lines = decide(caller, Permission::NamesRead, Object::OwnOrg) == Ok(GrantedScope::All);
        let told = self.told_by_source(granted.org()).await?;
        let last_events = self.last_events(granted.org(), &EVERYTHING).await?;
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        let sums = batches::sums(conn, granted.org()).await?;
        let lines =
            quarantine::page(conn, granted.org(), HeldState::Held, QuarantineId::from_row(0), HELD_SHOWN_MAX).await?;
        let by_reason = quarantine::by_reason(conn, granted.org()).await?;
        let held_of: BTreeMap<String, u64> = quarantine::by_source(conn, granted.org()).await?.into_iter().collect();
        let paces = source_ages::all(conn, granted.org()).await?.into_iter();
        let heard: BTreeMap<String, Timestamp> = paces.map(|pace| (pace.source, pace.heard_at)).collect();
        let sources: Vec<SourceSpoken> = sums
            .into_iter()
            .map(|sum| {
                let last_event = last_events.get(&sum.source).copied();
                let items = told.get(&sum.source).copied().unwrap_or_default();
                let held = held_of.get(&sum.source).copied().unwrap_or_default();
                let last_sent = heard.get(&sum.source).map_or(sum.last_at, |heard| sum.last_at.max(*heard));
                SourceSpoken { name: sum.source, counts: sum.counts, last_sent, last_event, items, held }
            })
            .collect();
        let ledger = sources.iter().fold(Counts::default(), |sum, source| sum.plus(source.counts));
        let shown = if may_see_lines { lines } else { Vec::new() };
        let held = groups(&by_reason, &shown);
        let releasable = if may_release { releasable(conn, granted.org(), &held).await? } else { BTreeSet::new() };
        Ok(Sources { ledger, sources, held, may_import, releasable, now: self.now() })
    }

    /// Whose figures a caller reads.
    ///
    /// # Errors
    /// What the database said.
    pub async fn organisation(&self, caller: &Caller) -> Result<Organisation, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let mut tx = self.store().snapshot().await?;
        let row = accounts::get(&mut tx.conn(), granted.org()).await?;
        let row = row.ok_or_else(|| StoreError::damaged("the organisation of a caller is not stored"))?;
        Ok(Organisation { name: row.name, is_sample: !row.watermark.is_empty() })
    }

    /// Items a source first told of; counted once as long as nothing is learnt.
    pub(super) async fn told_by_source(&self, org: OrgId) -> Result<Arc<ToldBySource>, ServiceError> {
        let present = self.present(org).await?;
        let services = self.clone();
        let count = move || {
            let present = read(&present);
            let key = AnswerKey { org, revision: present.revision(), filter: Filter::default(), moments: () };
            if let Some(known) = services.told_kept().find(&key) {
                return known;
            }
            let told = present.columns().told_by_source().into_iter();
            let told = told.map(|(source, items)| (source.to_owned(), items)).collect();
            let told: Arc<ToldBySource> = Arc::new(told);
            services.told_kept().keep(key, told.clone());
            told
        };
        off_thread(count).await
    }
}

/// Which of the first lines of each reason would be released as they are, found out by reading them again.
async fn releasable(
    conn: &mut Conn<'_>,
    org: OrgId,
    groups: &[HeldGroup],
) -> Result<BTreeSet<QuarantineId>, ServiceError> {
    let mut found = BTreeSet::new();
    for line in groups.iter().flat_map(|group| group.lines.iter().take(READ_AGAIN_MAX)) {
        if Rereading::of(conn, org, line).await?.deeds(line).release {
            found.insert(line.id);
        }
    }
    Ok(found)
}

fn groups(by_reason: &[(Reason, HeldState, u64)], lines: &[HeldLine]) -> Vec<HeldGroup> {
    let waiting = by_reason.iter().filter(|(_, state, _)| *state == HeldState::Held);
    let mut groups: Vec<HeldGroup> = waiting
        .map(|(reason, _, count)| HeldGroup {
            reason: *reason,
            count: *count,
            lines: lines.iter().filter(|line| line.reason == *reason).cloned().collect(),
        })
        .collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.count), group.reason));
    groups
}
