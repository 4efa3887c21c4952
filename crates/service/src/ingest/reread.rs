//! How is a held line read again? As it was written: as a record of our own, or as one of a tool by what is said of its
//! source today. What is possible for a line is found out by reading it.

use super::{plan::SourcePlan, release::Release, send::refusal_of};
use crate::error::{Refusal, ServiceError};
use domain::{id::OrgId, quarantine::Reason, time::Timestamp};
use formats::{
    canonical::{Outcome, read_line},
    foreign::{Around, NotAgain, again},
    held::Held,
    mend::{Mend, Mended},
    written::Written,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{Conn, StoreError, held_forms::HeldForm, imports, quarantine::HeldLine, source_plans};

/// How lines are written, kept with those that are held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Form {
    /// As records of our own.
    Own(Written),
    /// As records of a tool, with what was said of their source by then.
    Tool {
        /// By what they were read.
        plan: SourcePlan,
        /// What they need of their file.
        around: Around,
    },
    /// As rows of a snapshot. What a row says of its own is read again; what the whole of it shows beside the snapshot
    /// before was written down as events of our own.
    Snapshot {
        /// By what they were read.
        plan: SourcePlan,
        /// What they need of their file.
        around: Around,
    },
    /// As rows of a table whose header was not kept.
    WithoutHeader,
}

impl Form {
    /// The form as it is kept.
    pub(crate) fn kept(&self) -> Result<Arc<HeldForm>, StoreError> {
        let text = serde_json::to_string(self).map_err(|_| StoreError::damaged("a form cannot be written"))?;
        Ok(Arc::new(HeldForm::new(text)))
    }

    /// Lines that were held before forms were kept: their import says by which plan they were read.
    async fn of_older(conn: &mut Conn<'_>, org: OrgId, held: &HeldLine) -> Result<Self, ServiceError> {
        let import = match held.import {
            Some(import) => imports::by_id(conn, org, import).await?,
            None => None,
        };
        let Some(plan) = import.map(|import| import.plan).filter(|plan| !plan.is_empty()) else {
            return Ok(Self::Own(Written::Line));
        };
        let plan = SourcePlan::from_json(&plan)?;
        Ok(match held.raw.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Self::Tool { plan, around: Around::Value },
            Some(b'<') => Self::Tool { plan, around: Around::Trace },
            _ => Self::WithoutHeader,
        })
    }
}

/// What may be done about one held line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deeds {
    /// Whether it would be released as it is, as far as the line itself shows.
    pub release: bool,
    /// Whether it is released with its severity as low.
    pub as_low: bool,
    /// Whether a mended copy may be released.
    pub edit: bool,
    /// Why it is not released as it is; empty where it is.
    pub why_not: String,
}

/// Reads one held line again.
pub(crate) struct Rereading {
    form: Form,
    /// How the files of its source are read today.
    current: Option<SourcePlan>,
}

impl Rereading {
    /// What is needed to read a line.
    pub(crate) async fn of(conn: &mut Conn<'_>, org: OrgId, held: &HeldLine) -> Result<Self, ServiceError> {
        let form = match &held.form {
            Some(text) => serde_json::from_str(text).map_err(|_| StoreError::damaged("how a held line was written"))?,
            None => Form::of_older(conn, org, held).await?,
        };
        let current = match &form {
            Form::Tool { .. } | Form::Snapshot { .. } => source_plans::current(conn, org, &held.source).await?,
            Form::Own(_) | Form::WithoutHeader => None,
        };
        let current = current.map(|stored| SourcePlan::from_json(&stored.plan)).transpose()?;
        Ok(Self { form, current })
    }

    /// What a line says when it is released so, with the bytes that say it.
    pub(crate) fn released(&self, held: &HeldLine, release: &Release) -> Result<(Vec<u8>, Vec<Outcome>), Refusal> {
        if !matches!(release, Release::Edited(_)) && (held.raw.len() as u64) < held.raw_bytes {
            let hint = "send the whole line again, or release an edited copy";
            return Err(Refusal::new("not_whole", "only the beginning of this line was kept").hint(hint));
        }
        let raw = match release {
            Release::Edited(copy) if is_ours(copy) => return Ok((copy.clone(), vec![read_line(copy)])),
            Release::Edited(copy) => copy.clone(),
            Release::AsIs => held.raw.clone(),
            Release::AsLow if held.reason != Reason::BelowScope => {
                return Err(Refusal::new("not_below_scope", "only a line held as `below_scope` is released as low"));
            }
            Release::AsLow => match &self.form {
                Form::Own(written) => {
                    let copy = as_low(&line_of(written, &held.raw)?)?;
                    return Ok((copy.clone(), vec![read_line(&copy)]));
                }
                Form::Tool { .. } | Form::Snapshot { .. } | Form::WithoutHeader => held.raw.clone(),
            },
        };
        let outcomes = self.read(&raw, release)?;
        Ok((raw, outcomes))
    }

    /// How a line is released once it is mended.
    pub(crate) fn mended(&self, held: &HeldLine, mend: &Mend) -> Result<Release, Refusal> {
        if (held.raw.len() as u64) < held.raw_bytes {
            return Err(Refusal::new("not_whole", "only the beginning of this line was kept"));
        }
        let untouched = || Refusal::new("not_touched", "there is nothing of the kind to mend in this line");
        let line = match (&self.form, mend) {
            (Form::Own(written), _) => line_of(written, &held.raw)?,
            (Form::WithoutHeader, _) => return Err(header_unknown()),
            (_, Mend::AsLow) if held.reason == Reason::BelowScope => return Ok(Release::AsLow),
            (_, Mend::AsLow) => return Err(untouched()),
            (Form::Tool { .. } | Form::Snapshot { .. }, _) => {
                let refusal = Refusal::new("not_ours", "a record of another tool is not mended word by word");
                return Err(refusal.hint("change the settings of its source, then release it as it is"));
            }
        };
        match mend.apply(&line) {
            Mended::Changed(copy) => Ok(Release::Edited(copy)),
            Mended::Untouched => Err(untouched()),
            Mended::Not(fault) => Err(Refusal::new(fault.reason.as_str(), fault.detail)),
        }
    }

    /// What may be done about a line, found out by reading it.
    pub(crate) fn deeds(&self, held: &HeldLine) -> Deeds {
        let reads = |release: &Release| -> Result<(), Refusal> {
            let (_, outcomes) = self.released(held, release)?;
            first_held(&outcomes).map_or(Ok(()), |held| Err(refused(held)))
        };
        let as_is = if held.reason == Reason::EventConflict {
            // What it says is understood; another event counts under its id.
            Err(Refusal::new("event_conflict", "another event with this id counts"))
        } else {
            reads(&Release::AsIs)
        };
        Deeds {
            release: as_is.is_ok(),
            as_low: reads(&Release::AsLow).is_ok(),
            edit: !held.raw.is_empty(),
            why_not: as_is.err().map(|why| why.detail).unwrap_or_default(),
        }
    }

    /// Whether these are events of what a whole snapshot showed by the moment that a person said: of our own clock.
    pub(crate) fn is_our_time(&self, raw: &[u8], outcomes: &[Outcome]) -> bool {
        let Form::Snapshot { plan, .. } = &self.form else { return false };
        let said = plan.settings.exported_at.as_deref().and_then(|said| Timestamp::parse(said).ok());
        let is_by_then = |outcome: &Outcome| match outcome {
            Outcome::Event(draft) => Some(draft.at_latest.unwrap_or(draft.at)) == said,
            Outcome::Held(_) => false,
        };
        is_ours(raw) && outcomes.iter().all(is_by_then)
    }

    fn read(&self, raw: &[u8], release: &Release) -> Result<Vec<Outcome>, Refusal> {
        let (plan, around) = match &self.form {
            Form::Own(written) => return Ok(vec![written.read(raw).map_err(|fault| refusal_of(&fault))?]),
            Form::Snapshot { .. } if is_ours(raw) => return Ok(vec![read_line(raw)]),
            Form::Tool { plan, around } | Form::Snapshot { plan, around } => (plan, around),
            Form::WithoutHeader => return Err(header_unknown()),
        };
        if raw.is_empty() {
            return Err(needs_its_file());
        }
        let (adapter, mut settings) = self.plan_for(plan, around, raw).checked()?;
        settings.below_as_low = *release == Release::AsLow;
        // When a file was exported is said of that file alone, as is when it came.
        settings.exported_at = plan.settings.exported_at.clone().or(settings.exported_at);
        settings.came_at.clone_from(&plan.settings.came_at);
        let understood = again(adapter, &settings, around, raw).map_err(|why| match why {
            NotAgain::NeedsItsFile => needs_its_file(),
            NotAgain::File(fault) => refusal_of(&fault),
        })?;
        if !understood.drills.is_empty() || !understood.enriched.is_empty() {
            return Err(needs_its_file());
        }
        if understood.outcomes.is_empty() {
            let detail = "read again, this record is no news of a lifecycle";
            return Err(Refusal::new("no_event", detail).hint("dismiss the line"));
        }
        Ok(understood.outcomes)
    }

    /// What is said of the source today counts; where that is of another kind of file, what was said by then.
    fn plan_for<'a>(&'a self, then: &'a SourcePlan, around: &Around, raw: &[u8]) -> &'a SourcePlan {
        let fits = |plan: &&SourcePlan| {
            plan.format == then.format
                || matches!(around, Around::Row { .. })
                    && plan.checked().is_ok_and(|(adapter, settings)| around.looks_like(adapter, &settings, raw))
        };
        self.current.as_ref().filter(fits).unwrap_or(then)
    }
}

/// The first thing that is still held of what a record says.
pub(crate) fn first_held(outcomes: &[Outcome]) -> Option<&Held> {
    outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Held(held) => Some(held),
        Outcome::Event(_) => None,
    })
}

/// What stands in the way of a line that is read again.
pub(crate) fn refused(still: &Held) -> Refusal {
    let first = still.faults.first();
    let detail = first.map_or_else(|| still.reason.to_string(), |fault| fault.detail.clone());
    let refusal = Refusal::new(still.reason.as_str(), detail);
    match first.and_then(|fault| fault.hint.clone()) {
        Some(hint) => refusal.hint(hint),
        None => refusal,
    }
}

fn header_unknown() -> Refusal {
    let refusal = Refusal::new("header_unknown", "the header this row stood under was not kept");
    refusal.hint("import the file again, or release an edited copy")
}

fn needs_its_file() -> Refusal {
    let refusal = Refusal::new("needs_its_file", "what this record says follows from the rest of its file");
    refusal.hint("import the file again: the line is settled when it becomes events there")
}

/// Whether a copy is meant as an event of our own, whatever it is a copy of.
fn is_ours(copy: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(copy).ok();
    value.is_some_and(|value| value.get("item_id").is_some() && value.get("event").is_some())
}

fn line_of(written: &Written, raw: &[u8]) -> Result<Vec<u8>, Refusal> {
    written.as_line(raw).map_err(|fault| refusal_of(&fault))?.map_err(|held| refused(&held))
}

/// The same line with the severity low.
fn as_low(line: &[u8]) -> Result<Vec<u8>, Refusal> {
    match Mend::AsLow.apply(line) {
        Mended::Changed(copy) => Ok(copy),
        Mended::Untouched => Err(Refusal::new("not_below_scope", "the severity of this line is not below low")),
        Mended::Not(fault) => Err(Refusal::new(fault.reason.as_str(), fault.detail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_snapshot_showed_by_a_moment_that_was_said_is_of_our_own_clock() {
        let rereading = |settings: &str| {
            let plan = SourcePlan::from_json(&format!(r#"{{"format":"tenable-json","settings":{settings}}}"#)).unwrap();
            Rereading { form: Form::Snapshot { plan, around: Around::Value }, current: None }
        };
        let line = |at: &str| format!(r#"{{"item_id":"x","event":"verified","at":"{at}"}}"#).into_bytes();
        let is_ours = |settings: &str, at: &str| rereading(settings).is_our_time(&line(at), &[read_line(&line(at))]);
        let said = r#"{"exported_at":"2026-03-09T00:00:00Z"}"#;
        assert!(is_ours(said, "2026-03-09T00:00:00Z"));
        assert!(!is_ours(said, "2026-03-08T00:00:00Z"), "a row said so");
        assert!(!is_ours("{}", "2026-03-09T00:00:00Z"), "the file said so");
    }
}
