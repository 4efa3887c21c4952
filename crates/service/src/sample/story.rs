//! What happens to an item of the sample, from the first sighting to its end or to today?

use super::{
    cast::{DESK, SCANNER},
    dice::Dice,
    life::Life,
    office::days,
    round::{Clock, Then, round},
    subject::Subject,
};
use domain::{event_name::EventName, severity::Severity, time::Timestamp};

/// An item goes round at most this often.
const ROUNDS_MAX: u32 = 5;

/// Tells the whole story of one item.
pub(super) fn tell(seed: u64, number: u64, items: u32, as_of: Timestamp) -> Vec<String> {
    let subject = Subject::new(seed, number, items, as_of);
    let mut life = Life::new(&subject, Dice::of(seed, "life", number), as_of);
    found(&mut life);
    if life.dice.chance(60) {
        watched(&mut life);
    } else {
        ticketed(&mut life);
        if life.dice.chance(subject.team.ignored) {
            watched(&mut life);
        } else {
            worked(&mut life);
        }
    }
    life.into_lines()
}

/// The first sighting. A few items have none: somebody opened a ticket, and that is all the feed knows.
fn found(life: &mut Life<'_>) {
    let subject = life.subject;
    if life.dice.chance(35) {
        return;
    }
    let derived = life.dice.chance(25);
    let origin = if derived { Timestamp::start_of_day(subject.origin.day()) } else { subject.origin };
    let mut said = life.at(EventName::Detected, origin);
    if derived {
        let latest = origin.plus(days(1) - 1).to_string();
        said = said.text("certainty", "derived").text("at_latest", &latest);
    }
    said = said.by_system(SCANNER);
    for (field, text) in [
        ("kind", subject.kind.as_str()),
        ("severity", subject.severity.as_str()),
        ("team", subject.team.name),
        ("asset", &subject.asset),
        ("asset_class", subject.asset_class),
        ("weakness", &subject.weakness),
        ("service", subject.team.service),
    ] {
        said = said.text(field, text);
    }
    if let Some(patch) = &subject.patch {
        said = said.text("patch", patch);
    }
    if subject.is_cve {
        said = said.json("cve", &format!("[\"{}\"]", subject.weakness));
        let urgent = matches!(subject.severity, Severity::Critical | Severity::High);
        if urgent && life.dice.chance(90) {
            let due = Timestamp::start_of_day(origin.day() + life.dice.pick(&[15, 22, 22], 22)).plus(-1).to_string();
            said = said.text("kev_due", &due);
        }
    }
    life.tell(said);
}

/// Nobody does anything; the scanner keeps seeing it.
fn watched(life: &mut Life<'_>) {
    let sightings = life.dice.between(1, 3);
    for _ in 0..sightings {
        let wait = days(28) + life.dice.hours(&[0, 24, 96]);
        let said = life.later(EventName::Seen, wait).by_system(SCANNER);
        life.tell(said);
        if life.is_told() {
            return;
        }
    }
}

fn ticketed(life: &mut Life<'_>) {
    let subject = life.subject;
    let mut lag = life.dice.hours(subject.team.ticket_lag);
    if subject.severity == Severity::Critical {
        lag /= 3;
    }
    let ticket = format!("SEC-{}", 10_000 + subject.number);
    let said = life.later(EventName::Ticketed, lag).by_system(DESK).text("ticket", &ticket);
    // Where nothing was detected, the ticket is the first to say what it is about.
    let said = said.text("team", subject.team.name).text("severity", subject.severity.as_str());
    life.tell(said.text("kind", subject.kind.as_str()).text("asset_class", subject.asset_class));
}

/// Somebody takes it up: rounds of work until it is gone, or given up, or today.
fn worked(life: &mut Life<'_>) {
    let ticketed = life.now;
    if life.dice.chance(280) {
        let said = life.in_office(EventName::Triaged, 3_600).by_person(life.subject.team.owner);
        life.tell(said);
    }
    let said = life.in_office(EventName::Assigned, 1_200).by_person(life.subject.team.owner);
    let said = said.text("to", life.person);
    life.tell(said);
    if life.severity != Severity::Critical && life.dice.chance(90) {
        let next = life.dice.pick(life.subject.team.people, life.person);
        let wait = life.dice.hours(&[1, 20, 70]);
        let said = life.in_office(EventName::Reassigned, wait).by_person(life.person).text("to", next);
        life.person = next;
        life.tell(said);
    }
    let mut clock = Clock::started(ticketed);
    for _ in 0..ROUNDS_MAX {
        match round(life, &mut clock) {
            Then::Over => return,
            Then::Again(at) => clock = Clock::started(at),
        }
        if life.is_told() {
            return;
        }
    }
}
