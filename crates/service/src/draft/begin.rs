//! What is said of a draft before a person says anything? What was saved for its source, else what is usual.

use super::{
    Answers,
    heard::words_of,
    look::{Looker, sample_of},
    receive::propose_table,
    shelf::Draft,
};
use crate::{
    error::ServiceError,
    ingest::{SavedPlan, SourcePlan},
};
use formats::foreign::{
    DateOrder, Decimal, Repeated, Settings,
    mapping::{Choices, Role, Sample},
    vocabulary::Heard,
};
use std::fs::File;

impl Looker {
    /// Keeps a file as a draft, with what was saved for its source where that is of the same format.
    pub(super) fn keep(&self, file: &File, draft: Draft, saved: Option<SavedPlan>) -> Result<String, ServiceError> {
        let mut draft = draft;
        let saved = saved.filter(|saved| saved.plan.format == draft.answers.format);
        if let Some(saved) = &saved {
            draft.answers.version = saved.version;
            take_settings(&mut draft.answers, &saved.plan);
        }
        if let Some(encoding) = draft.said.text_encoding {
            encoding.as_str().clone_into(&mut draft.answers.encoding);
        }
        draft.take_said(saved.as_ref().map(|saved| saved.plan.settings.clone()).unwrap_or_default())?;
        let word = self.shelf.keep(file, draft.clone(), self.now)?;
        let heard = words_of(&self.shelf, &word, &draft.answers, file)?;
        let mut draft = self.shelf.find(&word, self.org, self.now)?;
        begin_table(&mut draft.answers, saved.as_ref().map(|saved| &saved.plan), file, &heard);
        self.shelf.save(&word, &draft)?;
        Ok(word)
    }

    /// What is usual for a format that a person chose just now: nothing said of another holds for it.
    pub(super) fn turn(draft: &mut Draft) {
        let answers = &mut draft.answers;
        let plain = Answers::default();
        (answers.statuses, answers.severities, answers.resolutions) =
            (plain.statuses, plain.severities, plain.resolutions);
        (answers.roles, answers.gone, answers.beyond) = (plain.roles, plain.gone, plain.beyond);
        (answers.kept, answers.version, answers.anew) = (plain.kept, plain.version, plain.anew);
        (answers.item_id, answers.fixed) = (plain.item_id, plain.fixed);
        (answers.filters, answers.null_words) = (plain.filters, plain.null_words);
        if draft.take_said(Settings::default()).is_err() {
            // It was said of another format; what is asked of this one is on the page.
            draft.answers.take_states(&Settings::default());
        }
    }
}

/// Answers from what was saved, and the rest of it as it is.
pub(super) fn take_settings(answers: &mut Answers, plan: &SourcePlan) {
    let mut rest = plan.settings.clone();
    let text = |word: Option<&str>| word.unwrap_or_default().to_owned();
    answers.zone = rest.zone.take().unwrap_or_default();
    answers.kind = rest.kind.take().unwrap_or_default();
    answers.encoding = text(rest.text_encoding.take().map(|encoding| encoding.as_str()));
    answers.repeated = text(rest.repeated.take().map(|repeated| match repeated {
        Repeated::First => "first",
        Repeated::Last => "last",
    }));
    answers.order = text(rest.dates.take().map(|order| match order {
        DateOrder::DayFirst => "day_first",
        DateOrder::MonthFirst => "month_first",
    }));
    answers.decimal = text(rest.decimal.take().map(|decimal| match decimal {
        Decimal::Point => "point",
        Decimal::Comma => "comma",
    }));
    answers.excel = std::mem::take(&mut rest.excel_dates);
    if answers.is_table() {
        answers.null_words = std::mem::take(&mut rest.null_words);
    } else {
        answers.statuses = std::mem::take(&mut rest.statuses);
        answers.severities = std::mem::take(&mut rest.severities);
        answers.resolutions = std::mem::take(&mut rest.jira.resolutions);
    }
    (rest.exported_at, rest.came_at, rest.mapping, rest.look_first) = (None, None, None, false);
    answers.kept = Some(Box::new(rest)).filter(|rest| **rest != Settings::default());
}

/// What the columns of a table mean: as it was saved, and as is usual for those nobody spoke of.
fn begin_table(answers: &mut Answers, saved: Option<&SourcePlan>, file: &File, heard: &Heard) {
    if !answers.is_table() {
        return;
    }
    let Ok(sample) = sample_of(file, &answers.settings(None), heard) else { return };
    match saved.and_then(|plan| plan.settings.mapping.as_ref()) {
        None => propose_table(answers, &sample),
        Some(mapping) => {
            let taken = mapping.taken(&sample.columns);
            (answers.beyond, answers.gone) = (taken.beyond, taken.gone);
            let mut choices = taken.choices;
            // A mapping that does not name what was left unused cannot tell what is new: then only what went is looked for.
            let may_be_new = !mapping.unused.is_empty() || !answers.gone.is_empty();
            if may_be_new {
                propose_fresh(&mut choices, &sample, &taken.fresh);
            }
            answers.take_more(&choices);
            answers.take(choices);
        }
    }
    propose_words(answers, &sample, heard);
}

/// Meanings of columns that are new, as far as no other column has them.
fn propose_fresh(choices: &mut Choices, sample: &Sample, fresh: &[usize]) {
    for (place, role) in Choices::proposed(sample).roles {
        let may_repeat = Role::named(&role).is_some_and(Role::may_repeat);
        let is_taken = !may_repeat && choices.roles.values().any(|known| *known == role);
        if fresh.contains(&place) && !is_taken {
            choices.roles.insert(place, role);
        }
    }
}

/// The usual meaning of words that were not spoken of, wherever in the file they stand.
pub(super) fn propose_words(answers: &mut Answers, sample: &Sample, heard: &Heard) {
    let mut choices = answers.choices();
    let words = |role: &str| {
        let place =
            choices.column(role, &sample.columns).and_then(|name| sample.columns.iter().position(|it| it == name));
        let list = place.and_then(|place| heard.lists.get(place));
        list.into_iter().flat_map(|list| &list.words).map(|word| word.key.clone()).collect::<Vec<String>>()
    };
    let (statuses, severities) = (words("status"), words("severity"));
    choices.propose_meanings(&statuses, &severities);
    answers.take(choices);
}
