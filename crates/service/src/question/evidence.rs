//! What did the fold and the guards notice about the items? Flags with their items, and six guards with their shares.

use crate::{
    authorise::{Caller, Object, authorise, proof},
    error::ServiceError,
    question::{
        answer_cache::AnswerKey,
        ask::{Ask, narrowed, off_thread},
    },
    services::Services,
};
use domain::{fact::ItemFacts, flag::Flag, view::View};
use metrics::{
    guard::{
        false_positives::{above_limit, chart},
        late_detection::late_detection,
        scanning::{retired_seen_again, seen_of_late},
        verification::{own_work, too_fast},
    },
    real::count_of,
    share::Share,
};
use std::{collections::BTreeMap, sync::Arc};

/// What was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// All items that were looked at.
    pub items: u64,
    /// Flags that were raised.
    pub flags: Vec<Flagged>,
    /// The six guards, by their ids in the catalogue of figures.
    pub guards: Vec<(&'static str, Share)>,
}

/// A flag of the fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flagged {
    /// Which.
    pub flag: Flag,
    /// Items it was raised on.
    pub items: u64,
    /// How often.
    pub times: u64,
}

impl Evidence {
    /// What these items show.
    #[must_use]
    pub fn of(items: &[&ItemFacts], view: &View) -> Self {
        let mut raised: BTreeMap<Flag, (u64, u64)> = BTreeMap::new();
        for (flag, times) in items.iter().flat_map(|facts| facts.flags.iter()) {
            let (on, all) = raised.entry(flag).or_default();
            *on += 1;
            *all += u64::from(times);
        }
        let flags = raised.into_iter().map(|(flag, (items, times))| Flagged { flag, items, times }).collect();
        Self { items: count_of(items.len()), flags, guards: guards(items, view) }
    }
}

fn guards(items: &[&ItemFacts], view: &View) -> Vec<(&'static str, Share)> {
    let months = chart(items, view);
    let unusual = Share::new(above_limit(&months), count_of(months.len())).unwrap_or_default();
    vec![
        ("guard_g1", seen_of_late(items, view.as_of)),
        ("guard_g2", own_work(items.iter().copied()).own),
        ("guard_g3", unusual),
        ("guard_g4", retired_seen_again(items)),
        ("guard_g5", too_fast(items.iter().copied())),
        ("guard_g6", late_detection(items).late),
    ]
}

impl Services {
    /// What the fold and the guards noticed about the items of a view.
    ///
    /// # Errors
    /// Not allowed, a bad window, or what the database said.
    pub async fn evidence(&self, caller: &Caller, ask: &Ask) -> Result<Arc<Evidence>, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let (org, view) = (granted.org(), self.view_of(granted.org(), ask).await?);
        let filter = narrowed(&granted, &Ask::default());
        let revision = self.present_moment(org).await?.revision;
        let key = AnswerKey { org, revision, filter, moments: view };
        if let Some(known) = self.evidence_kept().find(&key) {
            return Ok(known);
        }
        let (ledger, services) = (self.ledger_of(org, view).await?, self.clone());
        let filter = key.filter.clone();
        let look = move || {
            let chosen = ledger.select(&filter, &services.frame(view));
            let facts: Vec<&ItemFacts> = chosen.iter().map(|item| &item.facts).collect();
            Evidence::of(&facts, &view)
        };
        let found = Arc::new(off_thread(look).await?);
        self.evidence_kept().keep(key, found.clone());
        Ok(found)
    }
}
