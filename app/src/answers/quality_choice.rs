//! What does an address ask to be done with many lines, and what would that do?

use domain::id::{ImportId, QuarantineId};
use service::authorise::{Granted, Object, authorise, proof};
use service::error::ServiceError;
use service::ingest::mend::{Mend, SETTABLE, Where};
use service::ingest::{Chosen, Example, Fate, Foreseen, ManyAct};
use service::question::quality::{HeldFilter, Quality};

use super::asking::{Asking, told};
use super::quality::{kept, once};
use super::quality_lines::shown;
use crate::components::ChoiceView;
use crate::error::UiError;
use crate::filter::{Choice, Deed, FilterError, QualityQuery};
use crate::format;
use crate::pages::quality::{DecideView, ExampleView, ForeseenView};

/// The filter of an address, for a file of the same lines.
///
/// # Errors
/// The first part of the address that cannot be read.
pub fn held_filter_of(query: &str) -> Result<HeldFilter, FilterError> {
    QualityQuery::parse(query).map(|query| filter_of(&query))
}

/// The decision that an address asks for, over lines up to `up_to`; none where it asks for nothing.
///
/// # Errors
/// The first part of the address that cannot be read.
pub fn decision_of(query: &str, up_to: Option<QuarantineId>) -> Result<Option<(Chosen, ManyAct)>, FilterError> {
    let query = QualityQuery::parse(query)?;
    let chosen = if query.choice.is_whole {
        Chosen::Matching { filter: filter_of(&query), up_to }
    } else {
        Chosen::Lines(query.choice.lines.iter().map(|line| QuarantineId::from_row(*line)).collect())
    };
    Ok(query.choice.deed.map(|deed| (chosen, act_of(deed, &query.choice))))
}

pub(super) fn filter_of(query: &QualityQuery) -> HeldFilter {
    HeldFilter {
        reason: query.reason,
        source: query.source.clone(),
        import: query.import.map(ImportId::from_row),
        text: query.text.clone(),
    }
}

fn act_of(deed: Deed, choice: &Choice) -> ManyAct {
    match deed {
        Deed::Release => ManyAct::Release,
        Deed::Low => ManyAct::Mend(Mend::AsLow),
        Deed::Zone => ManyAct::Mend(Mend::Zone(choice.zone.clone())),
        Deed::Dismiss => ManyAct::Dismiss(choice.note.clone()),
        Deed::Set => ManyAct::Mend(Mend::Set {
            field: choice.field.clone(),
            value: choice.value.clone(),
            when: if choice.word.is_empty() { Where::Empty } else { Where::Holds(choice.word.clone()) },
        }),
    }
}

/// What the choice of the address would do, or why that cannot be said.
pub(super) async fn foreseen(asking: &Asking, query: &QualityQuery) -> Result<(Option<ForeseenView>, String), UiError> {
    let decision = decision_of(&query.print(), None).map_err(|error| UiError::BadFilter(error.to_string()))?;
    let Some((chosen, act)) = decision else { return Ok((None, String::new())) };
    let granted: Granted<proof::QuarantineWork> = match authorise(&asking.caller, Object::OwnOrg) {
        Ok(granted) => granted,
        Err(denied) => return Ok((None, denied.to_string())),
    };
    match asking.services.foresee_many(&granted, &chosen, &act).await {
        Ok(found) => Ok((Some(view(&found, &act, query)?), String::new())),
        Err(ServiceError::Refused(refusal)) => {
            let hint = refusal.hint.map_or_else(String::new, |hint| format!("; {hint}"));
            Ok((None, format!("{}{hint}.", format::visible(&refusal.detail))))
        }
        Err(ServiceError::NotAllowed(denied)) => Ok((None, denied.to_string())),
        Err(error) => Err(told(error)),
    }
}

fn view(found: &Foreseen, act: &ManyAct, query: &QualityQuery) -> Result<ForeseenView, UiError> {
    let sum = |count: u64, words: &str| (format::count(count), words.to_owned());
    let stay: u64 = found.kept.iter().map(|kept| kept.lines).sum();
    let moving = found.accepted + found.duplicate + found.dismissed;
    let is_dismissal = matches!(act, ManyAct::Dismiss(_));
    let sums = if is_dismissal {
        vec![sum(found.dismissed, "would be dismissed"), sum(stay, "would stay held")]
    } else {
        vec![
            sum(found.accepted, "would be accepted"),
            sum(found.duplicate, "are known already"),
            sum(stay, "would stay held"),
        ]
    };
    let verb = if is_dismissal { "Dismiss" } else { "Release" };
    let lines = format::counted(moving, "line", "lines");
    Ok(ForeseenView {
        title: format!("What would happen to {}.", format::counted(found.chosen, "line", "lines")),
        asked: format::capitalised(&format!("{}. Nothing has been changed yet.", format::visible(&act.in_words()))),
        sums,
        kept: kept(&found.kept),
        examples: found.examples.iter().map(example).collect(),
        hidden: vec![
            ("idempotency".to_owned(), once()?),
            ("choice".to_owned(), query.print()),
            ("up_to".to_owned(), found.up_to.get().to_string()),
        ],
        confirm: if moving == 0 { String::new() } else { format!("{verb} {lines}") },
        leave: format!("{}#lines", query.plain().address("/quality")),
    })
}

fn example(example: &Example) -> ExampleView {
    let fate = match &example.fate {
        Fate::Accepted => "would be accepted".to_owned(),
        Fate::Duplicate => "is known already".to_owned(),
        Fate::Dismissed => "would be dismissed".to_owned(),
        Fate::Kept(why) => format!("would stay held: {}", format::visible(why)),
    };
    ExampleView {
        line: format!("Held line {}", format::count(example.line.get().unsigned_abs())),
        fate,
        before: shown(&example.before),
        after: example.after.as_deref().map_or_else(String::new, shown),
    }
}

/// The form, as the address filled it.
pub(super) fn form(quality: &Quality, query: &QualityQuery) -> DecideView {
    let choice = query.choice.clone();
    let whole = match (quality.matching, query.is_narrowed()) {
        (1, _) => "The one that matches".to_owned(),
        (many, true) => format!("All {} that match", format::count(many)),
        (many, false) => format!("All {} held lines", format::count(many)),
    };
    let page = QualityQuery { pages_skipped: query.pages_skipped, ..query.plain() };
    let mut hidden = page.filter_parts();
    if query.pages_skipped > 0 {
        hidden.push(("page".to_owned(), query.pages_skipped.saturating_add(1).to_string()));
    }
    let field = |name: &&str| ChoiceView { value: (*name).to_owned(), words: (*name).to_owned() };
    DecideView {
        hidden,
        whole,
        is_whole: choice.is_whole,
        deed: choice.deed.map_or("", Deed::word).to_owned(),
        fields: SETTABLE.iter().map(field).collect(),
        field: if choice.field.is_empty() { "team".to_owned() } else { choice.field },
        value: choice.value,
        word: choice.word,
        zone: choice.zone,
        note: choice.note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_ticked_lines_or_for_all_that_match() {
        let (chosen, act) =
            decision_of("reason=future&do=dismiss&note=old&line-3=on&line-1=on", None).unwrap().unwrap();
        assert_eq!(chosen, Chosen::Lines(vec![QuarantineId::from_row(1), QuarantineId::from_row(3)]));
        assert_eq!(act, ManyAct::Dismiss("old".to_owned()));
        let up_to = Some(QuarantineId::from_row(9));
        let (chosen, act) =
            decision_of("q=x&do=set&field=team&value=Cloud&whole=on&line-3=on", up_to).unwrap().unwrap();
        let filter = HeldFilter { text: Some("x".to_owned()), ..HeldFilter::default() };
        assert_eq!(chosen, Chosen::Matching { filter, up_to });
        let set = Mend::Set { field: "team".to_owned(), value: "Cloud".to_owned(), when: Where::Empty };
        assert_eq!(act, ManyAct::Mend(set));
        assert_eq!(decision_of("reason=future&line-3=on", None), Ok(None));
    }
}
