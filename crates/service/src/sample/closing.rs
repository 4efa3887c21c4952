//! How does a round of work end, and does the end hold?

use super::{
    cast::{DESK, SCANNER, VERIFIER},
    life::Life,
    office::days,
    round::{Clock, Then, stand_still_until},
};
use domain::{event_name::EventName, time::Timestamp};

/// Where a patch is rolled out to many at once, the ticket is closed then: before the deadline, or after a wait on paper.
pub(super) fn window(life: &mut Life<'_>, clock: &mut Clock) -> Option<Timestamp> {
    let window = life.subject.window.filter(|window| *window > life.now.plus(7_200))?;
    if window > clock.at(life.severity, 970) {
        let wait = window.since(life.now) - 3_600;
        stand_still_until(life, clock, wait, ("change_window", "waiting for the roll-out"));
    }
    let minutes = life.dice.between(1, 55);
    (window <= clock.at(life.severity, 985)).then(|| window.plus(minutes * 60))
}

/// It was never one, or its asset is gone; both come up most often when the deadline is near.
pub(super) fn verdict(life: &mut Life<'_>, clock: &Clock) -> Option<Then> {
    if life.dice.chance(25) {
        return Some(gone_with_a_rebuild(life, clock));
    }
    let (name, code, words) = match life.dice.below(1_000) {
        0..=24 => (EventName::FalsePositive, "control", "component is present but not reachable"),
        25..=49 => (EventName::Decommissioned, "other", "retired with the platform"),
        _ => return None,
    };
    let share = if life.dice.chance(600) { life.dice.between(900, 985) } else { life.dice.between(200, 900) };
    let at = clock.at(life.severity, share).max(life.now);
    let said = life.at(name, at).by_person(life.person).because((code, words));
    life.tell(said);
    // Now and then the asset is seen again all the same.
    if life.dice.chance(80) {
        let wait = days(life.dice.between(4, 25));
        let said = life.later(EventName::Redetected, wait).by_system(SCANNER);
        life.tell(said);
        return Some(Then::Again(life.now));
    }
    Some(Then::Over)
}

/// A rebuild fixed it, and the scanner saw that while the ticket was still open.
fn gone_with_a_rebuild(life: &mut Life<'_>, clock: &Clock) -> Then {
    let at = clock.at(life.severity, life.dice.between(300, 900)).max(life.now);
    let said = life.at(EventName::Verified, at).by_system(VERIFIER);
    life.tell(said.text("method", "rescan"));
    Then::Over
}

pub(super) fn close(life: &mut Life<'_>, clock: &mut Clock) -> Then {
    let at = window(life, clock).unwrap_or_else(|| closing_time(life, clock));
    if life.dice.chance(330) {
        applied(life, at);
    }
    let closed = life.at(EventName::Closed, at).by_person(life.person);
    life.tell(closed);
    if life.dice.chance(6) {
        // An odd sequence, as every tool sends some.
        let odd = [EventName::Closed, EventName::Resumed, EventName::ExceptionExpired];
        let name = life.dice.pick(&odd, EventName::Closed);
        let said = life.later(name, 7_200).by_system(DESK);
        life.tell(said);
    }
    after_closing(life)
}

/// Most closures crowd under the deadline; few come after it.
pub(super) fn closing_time(life: &mut Life<'_>, clock: &Clock) -> Timestamp {
    let team = life.subject.team;
    let draw = life.dice.below(1_000);
    let share = if draw < team.late {
        life.dice.between(1_010, 1_600)
    } else if draw < team.late + team.bunches {
        life.dice.between(930, 985)
    } else {
        life.dice.between(250, 920)
    };
    clock.at(life.severity, share).max(life.now.plus(3_600))
}

/// The change itself; sometimes nobody wrote down when, and only the last scan before the close bounds it.
pub(super) fn applied(life: &mut Life<'_>, closed: Timestamp) {
    let at = closed.plus(-life.dice.hours(&[1, 4, 20])).max(life.now);
    let inferred = life.dice.chance(60);
    let mut said = life.at(EventName::FixApplied, at).by_person(life.person);
    if inferred {
        said = said.text("certainty", "inferred").text("at_latest", &closed.to_string());
    }
    if let Some(patch) = &life.subject.patch {
        said = said.text("patch", patch);
    }
    life.tell(said);
}

/// Checked, seen again, or never looked at.
pub(super) fn after_closing_by(life: &mut Life<'_>, seen_again: u64) -> Option<Timestamp> {
    if life.dice.chance(seen_again) {
        let wait = life.dice.hours(&[30, 120, 300, 620, 1_100, 2_400]);
        let name = life.dice.weighted(
            &[(EventName::Redetected, 70), (EventName::VerificationFailed, 20), (EventName::Reopened, 10)],
            EventName::Redetected,
        );
        let said = life.later(name, wait).by_system(SCANNER);
        life.tell(said);
        return Some(life.now);
    }
    if !life.dice.chance(life.subject.team.verified) {
        return None;
    }
    if life.dice.chance(30) {
        // Ticked off by the one who closed it, before anything could have looked.
        let said = life.later(EventName::Verified, 20).by_person(life.person).text("method", "attestation");
        life.tell(said);
        return None;
    }
    let wait = life.dice.hours(&[2, 60, 170, 330, 620, 1_100]);
    let said = life.later(EventName::Verified, wait).by_system(VERIFIER).text("method", "rescan");
    life.tell(said);
    // Some fixes do not hold: within a month it is the same spell going on, later a new one.
    if life.dice.chance(110) {
        let wait = days(life.dice.between(5, 60));
        let said = life.later(EventName::Redetected, wait).by_system(SCANNER);
        life.tell(said);
        return Some(life.now);
    }
    None
}

pub(super) fn after_closing(life: &mut Life<'_>) -> Then {
    let seen_again = life.subject.team.seen_again;
    after_closing_by(life, seen_again).map_or(Then::Over, Then::Again)
}
