//! What the world says of the weaknesses of one item, in words.

use domain::enrichment::{EpssScore, KevEntry};
use service::question::item::ItemDetail;
use service::question::weaknesses::{WeaknessKnown, Weaknesses};

use crate::format;
use crate::pages::item::{WeaknessRow, WeaknessTable};

/// The public weaknesses of an item; nothing where its events name none.
pub(crate) fn table(detail: &ItemDetail) -> Option<WeaknessTable> {
    let known = &detail.weaknesses;
    if known.rows.is_empty() {
        return None;
    }
    Some(WeaknessTable {
        title: title(detail),
        caption: caption(known),
        rows: known.rows.iter().map(|row| weakness(row, known)).collect(),
    })
}

fn title(detail: &ItemDetail) -> String {
    let listed = detail.weaknesses.rows.iter().any(|row| row.kev.is_some());
    match detail.facts.kev_due {
        Some(due) if detail.weaknesses.due_by_event => {
            format!("Known to be exploited, due {}, as an event says.", format::date(due))
        }
        Some(due) => format!("Known to be exploited, due {}, as the catalogue says.", format::date(due)),
        None if listed => "In the catalogue of exploited weaknesses, without a deadline in this view.".to_owned(),
        None => "Not known to be exploited.".to_owned(),
    }
}

fn caption(known: &Weaknesses) -> String {
    let kev = known.catalogue_of.map_or_else(|| "no KEV catalogue".to_owned(), |day| format!("KEV catalogue of {day}"));
    let epss = known.scores_of.map_or_else(|| "no EPSS scores".to_owned(), |day| format!("EPSS scores of {day}"));
    let more = if known.more == 0 { String::new() } else { format!("; {} more are not shown", known.more) };
    format!("Its public weaknesses: {kev}, {epss}{more}")
}

fn weakness(row: &WeaknessKnown, known: &Weaknesses) -> WeaknessRow {
    WeaknessRow {
        cve: row.cve.clone(),
        kev: match (&row.kev, known.catalogue_of) {
            (Some(entry), _) => listed(entry),
            (None, Some(_)) => "not listed".to_owned(),
            (None, None) => "–".to_owned(),
        },
        epss: match (&row.epss, known.scores_of) {
            (Some(score), _) => scored(score),
            (None, Some(_)) => "no score".to_owned(),
            (None, None) => "–".to_owned(),
        },
    }
}

fn listed(entry: &KevEntry) -> String {
    let due = entry.due_on.map_or_else(String::new, |due| format!(", due {due}"));
    let ransomware = if entry.ransomware == Some(true) { ", used by extortionists" } else { "" };
    format!("listed {}{due}{ransomware}", entry.added_on)
}

fn scored(score: &EpssScore) -> String {
    format!("{}, above {} of all", format::share(score.score.share()), format::share(score.percentile.share()))
}
