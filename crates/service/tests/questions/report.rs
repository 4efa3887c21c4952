//! Does the board read the same numbers?

use crate::organisation::{SMALL, about, clocks_of, columns_of, frame, gap_of};
use metrics::{
    columns::Columns,
    ledger::{Filter, Ledger},
};
use service::{
    question::{clocks::clocks, gap::gap},
    report_model::{About, board_model},
};

#[test]
fn the_board_report_prints_the_numbers_of_the_pages() {
    let (gap, clocks) = (gap_of(&Filter::default()), clocks_of(&Filter::default()));
    let model = board_model(&gap, &clocks, &about());
    assert!(model.verdict.starts_with("The report says 95.6\u{202f}% on time."), "{}", model.verdict);
    let pair = model.pair.as_ref().unwrap();
    assert_eq!(pair.paper.share, gap.reported.value());
    assert_eq!(pair.practice.share, gap.on_time.value());
    assert!(pair.gap.ends_with("points apart."), "{}", pair.gap);
    assert_eq!((model.messages.len(), model.charts.len(), model.tables.len()), (3, 1, 2));
    assert_eq!(model.messages[0].head, "Half live longer than 192 days.");
    assert!(render::report::pdf(&model).expect("the model can be typeset").starts_with(b"%PDF-"));
}

/// A board reads one page. What could push it over is how much there is to say, and names nobody thought of.
#[test]
fn the_board_report_is_one_page_however_much_there_is_to_say() {
    let all = SMALL.ledger.items();
    let (wide, words) = ("W".repeat(400), "Verein zur Förderung ".repeat(40));
    for (size, team, name) in [
        (1, None, wide.as_str()),
        (15, Some("nobody of that name"), "Aldergate Mutual"),
        (120, Some("apps"), "Aldergate Mutual"),
        (120, None, "\u{202e}漢字🦀"),
        (all.len(), Some("apps"), words.as_str()),
    ] {
        let some = columns_of(&Ledger::new(all.iter().take(size).cloned().collect()));
        let filter = Filter { team: team.map(Into::into), ..Filter::default() };
        let (gap, clocks) = (gap(&some, &filter, &frame()), clocks(&some, &filter, &frame()));
        let model = board_model(&gap, &clocks, &About { organisation: name.to_owned(), ..about() });
        let pdf = render::report::pdf(&model).unwrap();
        assert_eq!(pages(&pdf), 1, "{size} items, {team:?}, {name}");
    }
}

/// What the root of the page tree counts.
fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let (_, count) = text.split_once("/Type/Pages/Count ").unwrap();
    count.split('/').next().unwrap().trim().parse().unwrap()
}

#[test]
fn the_hash_of_a_report_knows_its_figures_and_not_the_moment_of_freezing() {
    let (gap, clocks) = (gap_of(&Filter::default()), clocks_of(&Filter::default()));
    let model = board_model(&gap, &clocks, &about());
    let later = board_model(&gap, &clocks, &About { frozen_at: SMALL.view.as_of.plus(3_600), ..about() });
    assert_eq!((model.data_hash.len(), &model.data_hash, &model.report_id), (64, &later.data_hash, &later.report_id));
    let other = Filter { team: Some("apps".into()), ..Filter::default() };
    let other = board_model(&gap_of(&other), &clocks_of(&other), &about());
    assert_ne!(model.data_hash, other.data_hash);
}

#[test]
fn an_empty_organisation_has_a_report_that_says_what_is_missing() {
    let nobody = Columns::default();
    let model = board_model(
        &gap(&nobody, &Filter::default(), &frame()),
        &clocks(&nobody, &Filter::default(), &frame()),
        &about(),
    );
    assert!(model.pair.is_none() && model.messages.is_empty() && model.charts.is_empty());
    assert!(model.verdict.contains("nothing to report"), "{}", model.verdict);
    assert_eq!(model.missing.len(), 3, "{:?}", model.missing);
    assert!(render::report::pdf(&model).is_ok());
}
