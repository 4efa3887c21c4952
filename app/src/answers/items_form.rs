//! What the form over the list offers, what it carries along, and what is on.

use domain::kind::Kind;
use domain::label::Label;
use domain::severity::Severity;
use render::chart::label_name;
use service::question::items::Choices;

use crate::components::{ChipView, ChoiceView, SelectView};
use crate::filter::{AgeBand, ClosedBy, Filter, ItemSet, ItemState};
use crate::format;

/// The closed choices; each knows what is chosen.
pub(crate) fn fields(filter: &Filter, choices: &Choices) -> Vec<SelectView> {
    let [figure, state, age, label, actor] = worded(filter);
    let [team, kind, source, class] = counted(filter, choices);
    let mut fields = vec![figure, team, severity(filter), kind, state, age, label, source, class, actor];
    fields.extend(tied(filter, choices));
    fields
}

/// What only some feeds tell; a field without anything to choose would be in the way.
fn tied(filter: &Filter, choices: &Choices) -> Vec<SelectView> {
    let field = |name: &str, label: &str, found: &[(String, u64)], chosen: &Option<String>| {
        let is_there = chosen.is_some() || found.iter().any(|(name, _)| !name.is_empty());
        is_there.then(|| select(name, label, "any", named(found), chosen.clone().unwrap_or_default()))
    };
    let technique = field("technique", "Technique", &choices.techniques, &filter.technique);
    let playbook = field("playbook", "Playbook", &choices.playbooks, &filter.playbook);
    technique.into_iter().chain(playbook).collect()
}

/// Names with their counts; the empty name has no way to be asked for.
fn named(names: &[(String, u64)]) -> Vec<(String, String)> {
    let named = names.iter().filter(|(name, _)| !name.is_empty());
    named.map(|(name, count)| (name.clone(), with_count(&format::visible(name), *count))).collect()
}

/// Choices that the product itself knows.
fn worded(filter: &Filter) -> [SelectView; 5] {
    let chosen = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let pair = |word: &str, shown: &str| (word.to_owned(), shown.to_owned());
    let sets = ItemSet::all().map(|set| pair(set.word(), set.shown())).collect();
    let states = ItemState::all().map(|state| pair(state.word(), state.shown())).collect();
    let ages = AgeBand::all().map(|band| pair(band.word(), band.shown())).collect();
    let labels = Label::ALL.iter().map(|label| pair(label.as_str(), label_name(*label))).collect();
    let actors = ClosedBy::all().map(|by| pair(by.word(), by.shown())).collect();
    [
        select("set", "Figure", "all items", sets, chosen(filter.set.map(ItemSet::word))),
        select("state", "State", "any", states, chosen(filter.state.map(ItemState::word))),
        select("age", "Open for", "any time", ages, chosen(filter.age.map(AgeBand::word))),
        select("label", "With seconds", "of any label", labels, chosen(filter.label.map(Label::as_str))),
        select("actor", "Closed by", "anybody", actors, chosen(filter.actor.map(ClosedBy::word))),
    ]
}

fn severity(filter: &Filter) -> SelectView {
    let all = Severity::ALL.iter().map(|one| (one.to_string(), one.to_string())).collect();
    select("severity", "Severity", "any", all, filter.severity.map_or_else(String::new, |one| one.to_string()))
}

/// Choices that the data brings, each with how many items it has.
fn counted(filter: &Filter, choices: &Choices) -> [SelectView; 4] {
    let kind = |(kind, count): &(Kind, u64)| (kind.to_string(), with_count(&kind.as_str().replace('_', " "), *count));
    let kinds = choices.kinds.iter().map(kind).collect();
    let chosen = |name: &Option<String>| name.clone().unwrap_or_default();
    let kind_chosen = filter.kind.map_or_else(String::new, |kind| kind.to_string());
    [
        select("team", "Team", "every team", named(&choices.teams), chosen(&filter.team)),
        select("kind", "Kind", "any", kinds, kind_chosen),
        select("source", "Source", "any", named(&choices.sources), chosen(&filter.source)),
        select("asset_class", "Asset class", "any", named(&choices.asset_classes), chosen(&filter.asset_class)),
    ]
}

fn with_count(words: &str, count: u64) -> String {
    format!("{words} ({})", format::count(count))
}

fn select(name: &str, label: &str, any: &str, choices: Vec<(String, String)>, chosen: String) -> SelectView {
    SelectView {
        name: name.to_owned(),
        label: label.to_owned(),
        any: any.to_owned(),
        choices: choices.into_iter().map(|(value, words)| ChoiceView { value, words }).collect(),
        chosen,
    }
}

/// Moment, mode and order: parts of the address that no field holds.
pub(crate) fn hidden(filter: &Filter) -> Vec<(String, String)> {
    let kept = Filter { sort: filter.sort, ..filter.moment_only() };
    let query = kept.print();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (crate::filter::decode(name), crate::filter::decode(value)))
        .collect()
}

/// What is on, each with the view without it.
pub(crate) fn chips(filter: &Filter) -> Vec<ChipView> {
    let mut chips = Vec::new();
    let mut put = |words: Option<String>, take_off: fn(&mut Filter)| {
        if let Some(words) = words {
            let mut without = filter.at_page(1);
            take_off(&mut without);
            chips.push(ChipView { words, without: without.address("/items") });
        }
    };
    put(filter.set.map(|set| set.shown().to_owned()), |filter| filter.set = None);
    put(filter.team.as_ref().map(|team| format!("team {}", format::visible(team))), |filter| filter.team = None);
    put(filter.severity.map(|one| format!("severity {one}")), |filter| filter.severity = None);
    put(filter.kind.map(|kind| format!("kind {}", kind.as_str().replace('_', " "))), |filter| filter.kind = None);
    put(filter.state.map(|state| state.shown().to_owned()), |filter| filter.state = None);
    put(filter.age.map(|band| format!("open for {}", band.shown())), |filter| filter.age = None);
    put(filter.label.map(|label| format!("with seconds {}", label_name(label))), |filter| filter.label = None);
    put(filter.source.as_ref().map(|source| format!("source {}", format::visible(source))), |filter| {
        filter.source = None
    });
    put(filter.asset_class.as_ref().map(|class| format!("class {}", format::visible(class))), |filter| {
        filter.asset_class = None
    });
    put(filter.technique.as_ref().map(|technique| format!("technique {}", format::visible(technique))), |filter| {
        filter.technique = None;
    });
    put(filter.playbook.as_ref().map(|playbook| format!("playbook {}", format::visible(playbook))), |filter| {
        filter.playbook = None;
    });
    put(filter.actor.map(|by| format!("closed by {}", by.shown())), |filter| filter.actor = None);
    let date = |moment: domain::time::Timestamp| format::date(moment);
    put(filter.detected_from.map(|from| format!("first seen from {}", date(from))), |filter| {
        filter.detected_from = None
    });
    put(filter.detected_before.map(|end| format!("first seen before {}", date(end))), |filter| {
        filter.detected_before = None
    });
    put(filter.text.as_ref().map(|text| format!("“{}”", format::visible(text))), |filter| filter.text = None);
    chips
}
