//! A filter survives its way through an address, whatever stands in it.

use app::filter::{AgeBand, ClosedBy, Direction, Filter, Grouping, ItemSet, ItemState, Sort, SortColumn};
use domain::kind::Kind;
use domain::label::Label;
use domain::severity::Severity;
use domain::time::Timestamp;
use domain::view::Verification;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// A name as a feed could send it, without the blanks around it that no name keeps.
fn name() -> impl Strategy<Value = Option<String>> {
    option::of("\\PC{1,60}".prop_map(|text| text.trim().to_owned()).prop_filter("not blank", |text| !text.is_empty()))
}

fn moment() -> impl Strategy<Value = Option<Timestamp>> {
    // The years 1900 to 9999: what a calendar of four digits can write.
    option::of((-2_208_988_800_i64..253_402_300_799).prop_map(Timestamp::from_seconds))
}

fn sort() -> impl Strategy<Value = Sort> {
    let columns: Vec<SortColumn> = SortColumn::all().collect();
    (select(columns), select(vec![Direction::SmallestFirst, Direction::LargestFirst]))
        .prop_map(|(column, direction)| Sort { column, direction })
}

prop_compose! {
    fn any_filter()(
        (team, source, asset_class, text) in (name(), name(), name(), name()),
        (technique, playbook) in (name(), name()),
        (severity, kind, label) in (
            option::of(select(Severity::ALL.to_vec())),
            option::of(select(Kind::ALL.to_vec())),
            option::of(select(Label::ALL.to_vec())),
        ),
        (state, age, set, group) in (
            option::of(select(ItemState::all().collect::<Vec<_>>())),
            option::of(select(AgeBand::all().collect::<Vec<_>>())),
            option::of(select(ItemSet::all().collect::<Vec<_>>())),
            option::of(select(Grouping::all().collect::<Vec<_>>())),
        ),
        actor in option::of(select(ClosedBy::all().collect::<Vec<_>>())),
        (detected_from, detected_before) in (moment(), moment()),
        mode in select(vec![Verification::Strict, Verification::Lenient]),
        (as_of, known_at, observed_from) in (moment(), moment(), moment()),
        sort in sort(),
        page in 1_u32..1_000_000,
    ) -> Filter {
        Filter {
            team, severity, kind, source, asset_class, technique, playbook, actor, state, label, age, set,
            detected_from, detected_before, text, mode,
            as_of, known_at, observed_from, group, sort, page,
        }
    }
}

proptest! {
    #[test]
    fn a_printed_filter_is_read_as_the_same_filter(filter in any_filter()) {
        prop_assert_eq!(Filter::parse(&filter.print()), Ok(filter));
    }

    #[test]
    fn no_address_makes_reading_fall_over(query in "\\PC{0,300}") {
        if let Ok(filter) = Filter::parse(&query) {
            prop_assert_eq!(Filter::parse(&filter.print()), Ok(filter));
        }
    }
}
