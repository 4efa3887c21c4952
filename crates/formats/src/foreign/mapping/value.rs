//! What does a cell mean in the field of an event?

use super::{
    Scale,
    plan::{Fill, Plan, Supply, Target, is_opening},
};
use crate::{
    field::{Class, Field},
    foreign::{
        Decimal, Rule, Settings, Understood,
        clock::Clock,
        event::Event,
        number::Number,
        severity::{CRITICAL, HIGH, MEDIUM, Meant, WORDS},
        table::Row,
    },
};
use domain::{event_name::EventName, kind::Kind};
use std::{borrow::Cow, collections::BTreeMap};

/// Fills the fields of the events of one row.
pub(super) struct Filler<'a> {
    pub(super) plan: &'a Plan,
    pub(super) settings: &'a Settings,
    pub(super) clock: &'a Clock,
    pub(super) row: &'a Row<'a>,
}

/// What a person wrote about what a word means, or the word itself.
type Said<'a> = Option<Cow<'a, str>>;

impl<'a> Filler<'a> {
    /// Fills what stands in the mapping for that event: `own` is for it alone. What may change stands on the `carrier`, the
    /// sighting of the row, where there is one, and else on its opening.
    pub(super) fn fill(
        &self,
        mut event: Event,
        name: EventName,
        (own, carrier): (&'a [Fill], Option<EventName>),
        understood: &mut Understood,
    ) -> Event {
        let first = is_opening(name) || !self.plan.opens;
        let mut extra = BTreeMap::new();
        for fill in &self.plan.fields {
            match &fill.into {
                Target::Extra(member) if first => {
                    extra.extend(self.text(fill, None, understood).map(|text| (member, text)))
                }
                Target::Field(field) if self.belongs(*field, name, carrier) => {
                    event = self.put(event, name, *field, fill, understood);
                }
                Target::Extra(_) | Target::Field(_) => {}
            }
        }
        for fill in own {
            match &fill.into {
                Target::Extra(member) => extra.extend(self.text(fill, None, understood).map(|text| (member, text))),
                Target::Field(field) => event = self.put(event, name, *field, fill, understood),
            }
        }
        event.extra(extra.iter().map(|(member, text)| (member.as_str(), text.as_ref())))
    }

    /// Whether a field stands on the event of that name.
    fn belongs(&self, field: Field, name: EventName, carrier: Option<EventName>) -> bool {
        if !self.plan.opens || !describes_item(field) {
            return true;
        }
        match carrier {
            Some(carrier) if may_change(field) => name == carrier,
            Some(_) | None => is_opening(name),
        }
    }

    /// Whether the row is of less than low severity: then no event of it may bring its item to life.
    pub(super) fn is_below(&self) -> bool {
        let is_severity = |fill: &&Fill| fill.into == Target::Field(Field::Severity);
        let fill = self.plan.fields.iter().find(is_severity);
        let word = fill.and_then(|fill| self.text(fill, Some(Field::Severity), &mut Understood::default()));
        word.is_some_and(|word| self.severity(&word) == Meant::Below)
    }

    fn put(&self, event: Event, name: EventName, field: Field, fill: &Fill, understood: &mut Understood) -> Event {
        let Some(text) = self.text(fill, Some(field), understood) else { return event };
        match field.class() {
            Class::Severity => {
                let event = event.maybe(Field::Severity, self.severity(&text).as_word());
                event.text(Field::RawSeverity, self.raw(fill).as_deref().unwrap_or(&text))
            }
            Class::Kind => event.text(field, &self.kind(&text)),
            Class::List => event.list(field, &list(field, &text)),
            Class::Bool => match truth(&text) {
                Some(truth) => event.truth(field, truth),
                None => event.text(field, &text),
            },
            Class::Count => self.count(event, field, &text, understood),
            Class::Share => match self.decimal(&text) {
                Some(number) => event.number(field, number.plain()),
                None => event.text(field, &text),
            },
            Class::Time | Class::TimeOrDate => match self.clock.read(field.as_str(), &text) {
                Ok(moment) => event.text(field, &moment.end().to_string()),
                // Its check says what is wrong with it.
                Err(_) => event.text(field, &text),
            },
            Class::Word(_) => event.text(field, &text.to_lowercase()),
            Class::Text if field == Field::Ticket => event.text(field, ticket(&text, understood)),
            Class::Text if field == Field::To && name == EventName::SeverityChanged => {
                let event = event.text(Field::RawSeverity, &text);
                event.maybe(Field::To, self.severity(&text).as_word())
            }
            Class::Identifier | Class::Slug | Class::Event | Class::Text | Class::Reason | Class::Extra => {
                event.text(field, &text)
            }
        }
    }

    /// The text for a field, in the words of the mapping.
    fn text(&self, fill: &'a Fill, field: Option<Field>, understood: &mut Understood) -> Said<'a> {
        let words = field.and_then(|field| self.plan.values.get(&field));
        let meant = |text: &str| words.and_then(|words| words.get(&text.to_lowercase())).map(String::as_str);
        match &fill.from {
            Supply::Constant(text) => Some(Cow::Borrowed(text)),
            Supply::Template(template) => match template.render(self.row).ok().filter(|text| !text.is_empty()) {
                Some(text) => Some(meant(&text).map_or(Cow::Owned(text.clone()), Cow::Borrowed)),
                None => template.render_raw(self.row).and_then(|text| meant(&text)).map(Cow::Borrowed),
            },
            Supply::Cell(place) => {
                let place = (*place)?;
                // A word that usually says nothing may have a meaning: `None` is a severity of some tools.
                if let Some(said) = self.row.raw_cell(place).and_then(meant) {
                    return Some(Cow::Borrowed(said));
                }
                if self.row.is_null_word(place) {
                    understood.meet(Rule::NullWord, fill.column.as_deref().unwrap_or_default());
                }
                self.row.cell(place).map(Cow::Borrowed)
            }
        }
    }

    /// The word of the table itself, where it stands in one cell.
    fn raw(&self, fill: &Fill) -> Option<String> {
        match &fill.from {
            Supply::Cell(place) => self.row.raw_cell((*place)?).map(str::to_owned),
            Supply::Template(template) => template.render_raw(self.row),
            Supply::Constant(_) => None,
        }
    }

    fn severity(&self, word: &str) -> Meant {
        self.severity_told(word).taken(self.settings)
    }

    fn severity_told(&self, word: &str) -> Meant {
        if word == "below" {
            return Meant::Below;
        }
        let meant = Meant::on(WORDS, self.settings, word);
        let score = self.decimal(word).and_then(|number| number.real());
        match (meant, self.plan.scale, score) {
            (Meant::Unknown, Scale::Score, Some(score)) if (0.0..=10.0).contains(&score) => Meant::of_score(score),
            (Meant::Unknown, Scale::Rapid7, Some(score)) if (0.0..=10.0).contains(&score) => of_rapid7(score),
            (meant, _, _) => meant,
        }
    }

    fn kind(&self, text: &str) -> String {
        let plain = text.trim().to_lowercase().replace([' ', '-'], "_");
        if plain.parse::<Kind>().is_ok() { plain } else { text.to_owned() }
    }

    /// A number with a fraction, as the settings of the source write it.
    fn decimal(&self, text: &str) -> Option<Number> {
        Number::read(self.settings.decimal, "", text).ok()
    }

    /// A whole number: it has no fraction, so that any sign in it stands between thousands.
    fn count(&self, event: Event, field: Field, text: &str, understood: &mut Understood) -> Event {
        let ways = match self.settings.decimal {
            Some(decimal) => [Some(decimal), None],
            None => [Some(Decimal::Point), Some(Decimal::Comma)],
        };
        let read = |decimal| Number::read(Some(decimal), field.as_str(), text).ok();
        let found = ways.into_iter().flatten().filter_map(read).find(|number| number.whole().is_some());
        let Some((count, met)) = found.and_then(|number| Some((u64::try_from(number.whole()?).ok()?, number.met)))
        else {
            return event.text(field, text);
        };
        understood.meet_all(met, text);
        event.count(field, count)
    }
}

/// Whether a field says what the item is, not what somebody did to it.
const fn describes_item(field: Field) -> bool {
    matches!(
        field,
        Field::Asset
            | Field::AssetClass
            | Field::ChangeWindow
            | Field::Criticality
            | Field::Cve
            | Field::Dependency
            | Field::Drill
            | Field::Fingerprint
            | Field::Identity
            | Field::KevDue
            | Field::Kind
            | Field::Owner
            | Field::Patch
            | Field::RawSeverity
            | Field::ReportedDue
            | Field::Service
            | Field::Severity
            | Field::Team
            | Field::Technique
            | Field::Ticket
            | Field::Weakness
    )
}

/// Whether the tool may say something else of an item in its next export.
const fn may_change(field: Field) -> bool {
    matches!(
        field,
        Field::Criticality
            | Field::Owner
            | Field::RawSeverity
            | Field::ReportedDue
            | Field::Severity
            | Field::Team
            | Field::Ticket
    )
}

fn of_rapid7(score: f64) -> Meant {
    match score {
        score if score >= 8.0 => CRITICAL,
        score if score >= 4.0 => HIGH,
        score if score >= 1.0 => MEDIUM,
        _ => Meant::Below,
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Some(true),
        "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}

/// The items of a list, however they are separated; names of weaknesses and techniques hold no blanks.
fn list(field: Field, text: &str) -> Vec<String> {
    let blanks = matches!(field, Field::Cve | Field::Technique);
    let apart = |sign: char| matches!(sign, ';' | ',' | '|' | '\n' | '\r') || (blanks && sign.is_whitespace());
    let items = text.split(apart).map(|item| item.trim().trim_matches(['[', ']', '"', '\'']));
    items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// The key of a ticket; of addresses the last part of the first one.
fn ticket<'a>(text: &'a str, understood: &mut Understood) -> &'a str {
    if !text.contains("://") {
        return text;
    }
    understood.meet(Rule::TicketUrls, text);
    let addresses = text.split(|sign: char| matches!(sign, ',' | ';') || sign.is_whitespace());
    let first = addresses.map(|part| part.trim_matches(['[', ']', '"', '\''])).find(|part| part.contains("://"));
    let path = first.unwrap_or(text).split(['?', '#']).next().unwrap_or(text).trim_end_matches('/');
    path.rsplit('/').next().filter(|key| !key.is_empty()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_ticket_gives_its_key() {
        let mut understood = Understood::default();
        assert_eq!(ticket("SEC-12", &mut understood), "SEC-12");
        assert!(understood.met.is_empty());
        assert_eq!(ticket("https://jira.example/browse/SEC-12?x=1", &mut understood), "SEC-12");
        assert_eq!(ticket("[\"https://a.example/T-1/\", \"https://a.example/T-2\"]", &mut understood), "T-1");
        assert_eq!(understood.met.len(), 2);
    }

    #[test]
    fn lists_come_apart_at_the_signs_tools_use() {
        assert_eq!(list(Field::Cve, "CVE-2026-1, CVE-2026-2 CVE-2026-3"), ["CVE-2026-1", "CVE-2026-2", "CVE-2026-3"]);
        assert_eq!(list(Field::Dependency, "pay roll;web"), ["pay roll", "web"]);
    }
}
