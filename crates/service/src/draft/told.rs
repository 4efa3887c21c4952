//! What does a saved plan say, in words?

use super::{Answers, begin::take_settings, carried::carried};
use crate::ingest::SourcePlan;
use formats::foreign::{
    Adapter, Settings,
    mapping::{LEVELS, Role, STATES},
    vocabulary::{KeptIn, lists},
};
use std::collections::BTreeMap;

/// What a plan says: what it is about, and what it says of that. What answers about columns and words do not say stands at
/// the end as it is written.
#[must_use]
pub fn plan_in_words(plan: &SourcePlan) -> Vec<(String, String)> {
    let mut answers = Answers { format: plan.format.clone(), ..Answers::default() };
    take_settings(&mut answers, plan);
    answers.take_states(&plan.settings);
    let title = Adapter::named(&plan.format).map_or(plan.format.as_str(), |adapter| adapter.title);
    let mut said = vec![("Format".to_owned(), title.to_owned())];
    let plain = [
        ("Time zone", answers.zone.as_str()),
        ("Order of dates", &answers.order),
        ("Decimal sign", &answers.decimal),
        ("Hour that came twice", &answers.repeated),
        ("Text", &answers.encoding),
        ("Kind", &answers.kind),
        ("Each file of it is", states(&answers.states)),
        ("Part a row belongs to", &answers.scope),
    ];
    let plain = plain.into_iter().filter(|(_, value)| !value.is_empty());
    said.extend(plain.map(|(name, value)| (name.to_owned(), value.replace("_first", "s first"))));
    if answers.excel {
        said.push(("Numbers where times should be".to_owned(), "days as Excel counts them".to_owned()));
    }
    if let Some(mapping) = &plan.settings.mapping {
        let columns = mapping.named_columns();
        let taken = mapping.taken(&columns);
        let role = |(place, role): (&usize, &String)| {
            let name = columns.get(*place)?;
            Some((format!("Column {name}"), Role::named(role)?.title.to_owned()))
        };
        said.extend(taken.choices.roles.iter().filter_map(role));
        answers.beyond = taken.beyond;
        answers.take_more(&taken.choices);
        answers.take(taken.choices);
    }
    said.extend(more(&answers));
    words(&answers, &plan.settings, &mut said);
    said.extend(carried(&answers, &[]).into_iter().map(|line| ("Also".to_owned(), line)));
    said
}

/// What few tables need said.
fn more(answers: &Answers) -> Vec<(String, String)> {
    let mut said = Vec::new();
    if !answers.item_id.is_empty() {
        said.push(("Id of an item".to_owned(), answers.item_id.clone()));
    }
    let title = |role: &str| Role::named(role).map_or_else(|| role.to_owned(), |role| role.title.to_owned());
    said.extend(
        answers.fixed.iter().map(|fixed| (format!("{} in every row", title(&fixed.role)), fixed.value.clone())),
    );
    said.extend(answers.filters.iter().map(|filter| ("Rows that count".to_owned(), filter.in_words())));
    if !answers.null_words.is_empty() {
        said.push(("Words for nothing".to_owned(), answers.null_words.join(", ")));
    }
    said
}

fn states(word: &str) -> &str {
    match word {
        "part" => "a list of what stands, which may leave things out",
        "complete" => "the complete list of what stands",
        _ => "",
    }
}

/// What the words of the source mean.
fn words(answers: &Answers, settings: &Settings, said: &mut Vec<(String, String)>) {
    let titles: BTreeMap<(KeptIn, String), String> = if answers.is_table() {
        let states = STATES.iter().map(|(word, title)| ((KeptIn::Statuses, (*word).to_owned()), (*title).to_owned()));
        let levels = LEVELS.iter().map(|(word, title)| ((KeptIn::Severities, (*word).to_owned()), (*title).to_owned()));
        states.chain(levels).collect()
    } else {
        let lists = lists(&answers.format, settings).into_iter();
        lists
            .flat_map(|list| list.choices.into_iter().map(move |(word, title)| ((list.kept_in, word), title)))
            .collect()
    };
    for (kept_in, words) in [
        (KeptIn::Statuses, &answers.statuses),
        (KeptIn::Severities, &answers.severities),
        (KeptIn::Resolutions, &answers.resolutions),
    ] {
        for (word, meant) in words.iter().filter(|(_, meant)| !meant.is_empty()) {
            let title = titles.get(&(kept_in, meant.clone())).unwrap_or(meant);
            let name = match kept_in {
                KeptIn::Statuses => "Status",
                KeptIn::Severities => "Severity",
                KeptIn::Resolutions => "Resolution",
            };
            said.push((format!("{name} {word}"), title.clone()));
        }
    }
}
