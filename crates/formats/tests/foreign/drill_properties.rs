//! Whatever the cells of a drill's table hold, each row is a part of a drill or held, and the same file gives the same drill.

use crate::told::try_told;
use formats::foreign::Settings;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

/// Cells as they come, and cells that nearly fit.
fn cell() -> impl Strategy<Value = String> {
    let nearly = [
        "Detected",
        "NotDetected",
        "Blocked",
        "Yes",
        "No",
        "TBD",
        "P",
        "U",
        "2026-03-01T10:00:00Z",
        "2026-03-01",
        "30",
        "1772359200",
        "1e9",
        "-1",
        "99999999999999999999",
        "0000-00-00",
        "=cmd()",
    ];
    let nearly: Vec<_> = nearly.into_iter().map(str::to_owned).collect();
    prop_oneof![proptest::sample::select(nearly), Just(String::new()), "\\PC{0,12}".prop_map(|text| text)]
}

fn table(header: &str, rows: &[Vec<String>]) -> String {
    let columns = header.split(',').count();
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |row: &Vec<String>| row.iter().take(columns).map(quoted).collect::<Vec<_>>().join(",");
    format!("{header}\n{}\n", rows.iter().map(line).collect::<Vec<_>>().join("\n"))
}

const VECTR: &str = "AssessmentGroup,Campaign,Variant,MitreID,Outcome,Alert Triggered,Activity Logged,Start Time,Start Time Epoch,Stop Time,Detection Time";
const TEMPLATE: &str = "exercise,objective,rating,inject_time,observed_time,time_box_minutes,decision_maker,corrective_action,owner,due,closed";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_row_of_a_drill_counts_somewhere(rows in proptest::collection::vec(proptest::collection::vec(cell(), 11), 1..6)) {
        for (name, header, quiet) in [("vectr-csv", VECTR, "test case of a drill"), ("exercise-template", TEMPLATE, "objective of a drill")] {
            let text = table(header, &rows);
            let told = try_told(name, &Settings::default(), &text).unwrap();
            let quiet = told.no_event.get(quiet).copied().unwrap_or_default();
            let held = u64::try_from(told.held.len()).unwrap();
            prop_assert!(quiet + held >= rows.len() as u64, "{told:?}");
            let injects: usize = told.drills.iter().map(|drill| drill.injects.len() + drill.objectives.len()).sum();
            prop_assert!(u64::try_from(injects).unwrap() >= quiet, "{told:?}");
            let again = try_told(name, &Settings::default(), &text).unwrap();
            prop_assert_eq!((again.drills, again.canonical), (told.drills, told.canonical));
        }
    }
}
