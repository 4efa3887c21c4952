//! Do the answers of a person about columns and words become the events they mean?

use formats::foreign::{
    Adapter, DateOrder, Settings,
    mapping::{Beyond, Choices, Condition, Mapping, Origin, Sample},
    preview::{Preview, preview},
};
use std::collections::BTreeMap;

fn columns(header: &str) -> Vec<String> {
    header.split(',').map(str::to_owned).collect()
}

/// Answers by the names of columns.
fn choices(header: &str, roles: &[(&str, &str)], statuses: &[(&str, &str)]) -> Choices {
    let columns = columns(header);
    let place = |name: &str| columns.iter().position(|column| column == name).unwrap();
    Choices {
        roles: roles.iter().map(|(name, role)| (place(name), (*role).to_owned())).collect(),
        statuses: statuses.iter().map(|(word, state)| ((*word).to_owned(), (*state).to_owned())).collect(),
        ..Choices::default()
    }
}

fn read(file: &str, choices: &Choices) -> Preview {
    let header = columns(file.lines().next().unwrap());
    let settings = Settings {
        mapping: Some(choices.mapping(&header)),
        zone: Some("Europe/Berlin".to_owned()),
        dates: Some(DateOrder::DayFirst),
        exported_at: Some("2026-05-01T00:00:00Z".to_owned()),
        ..Settings::default()
    };
    assert_eq!(settings.mapping.as_ref().map(|mapping| mapping.problems(Some(&header))), Some(Vec::new()));
    preview(file.as_bytes(), Adapter::named("csv").unwrap(), &settings, 1_000).unwrap()
}

/// The events of a row: name, beginning, end.
fn told(seen: &Preview, row: usize) -> Vec<(String, String, Option<String>)> {
    let events = seen.sample[row].events.iter();
    events.map(|event| (event.event.clone(), event.at.clone(), event.at_latest.clone())).collect()
}

const HEADER: &str = "Regel,Rechner,Stufe,Stand,Gefunden,Erledigt,Nachgeprüft";

const ROLES: [(&str, &str); 7] = [
    ("Regel", "weakness"),
    ("Rechner", "asset"),
    ("Stufe", "severity"),
    ("Stand", "status"),
    ("Gefunden", "detected"),
    ("Erledigt", "closed"),
    ("Nachgeprüft", "verified"),
];

#[test]
fn words_and_columns_say_when_it_ended() {
    let file = format!(
        "{HEADER}\n\
         R1,web-1,hoch,offen,03.01.2026 09:00,,\n\
         R2,web-1,hoch,zu,03.01.2026 09:00,05.01.2026 09:00,\n\
         R3,web-1,hoch,zu,03.01.2026 09:00,05.01.2026 09:00,07.01.2026 09:00\n\
         R4,web-1,hoch,weg,03.01.2026 09:00,05.01.2026 09:00,07.01.2026 09:00\n\
         R5,web-1,hoch,getragen,03.01.2026 09:00,,\n\
         R6,web-1,hoch,rätselhaft,03.01.2026 09:00,,\n"
    );
    let words = [("offen", "open"), ("zu", "closed"), ("weg", "verified"), ("getragen", "exception_granted")];
    let seen = read(&file, &choices(HEADER, &ROLES, &words));
    let names = |row| told(&seen, row).into_iter().map(|(name, _, _)| name).collect::<Vec<_>>();
    assert_eq!(names(0), ["detected"]);
    assert_eq!(names(1), ["detected", "closed"]);
    assert_eq!(
        names(2),
        ["detected", "closed", "verified"],
        "a dated verification counts where the status says closed"
    );
    assert_eq!(names(3), ["detected", "closed", "verified"]);
    // Nine in Berlin is eight in UTC in January.
    assert_eq!(told(&seen, 3)[2].1, "2026-01-07T08:00:00Z");
    // Nobody recorded the acceptance: it lies between the detection and the export.
    assert_eq!(
        told(&seen, 4)[1],
        ("exception_granted".to_owned(), "2026-01-03T08:00:00Z".to_owned(), Some("2026-05-01T00:00:00Z".to_owned()))
    );
    assert_eq!(names(5), ["detected"]);
    assert_eq!(seen.rules["status_unknown"].count, 1);
    assert_eq!(seen.sample[1].events[0].item, "R2@web-1");
}

#[test]
fn without_words_for_an_end_the_dates_alone_tell() {
    let file = format!("{HEADER}\nR1,web-1,hoch,offen,03.01.2026,05.01.2026,\nR2,web-1,hoch,offen,03.01.2026,,\n");
    let roles: Vec<(&str, &str)> = ROLES.iter().copied().filter(|(_, role)| *role != "status").collect();
    let seen = read(&file, &choices(HEADER, &roles, &[]));
    assert_eq!((told(&seen, 0).len(), told(&seen, 1).len()), (2, 1));
    let mapping = choices(HEADER, &roles, &[]).mapping(&columns(HEADER));
    assert!(!mapping.needs_export(), "nothing of it lies before the export");
}

#[test]
fn a_state_without_a_date_lies_before_the_export() {
    let header = "Regel,Rechner,Stand,Gefunden,Wartet seit";
    let roles = [
        ("Regel", "weakness"),
        ("Rechner", "asset"),
        ("Stand", "status"),
        ("Gefunden", "detected"),
        ("Wartet seit", "paused"),
    ];
    let words = [("wartet", "paused"), ("zu", "closed"), ("nie", "false_positive")];
    let file = format!(
        "{header}\nR1,a,wartet,03.01.2026,04.01.2026\nR2,a,wartet,03.01.2026,\nR3,a,zu,03.01.2026,\nR4,a,nie,03.01.2026,\n"
    );
    let answers = choices(header, &roles, &words);
    assert!(answers.mapping(&columns(header)).needs_export());
    let seen = read(&file, &answers);
    let last = |row: usize| told(&seen, row).pop().unwrap();
    assert_eq!(last(0).0, "paused");
    assert_eq!(last(0).1, "2026-01-03T23:00:00Z", "its own date where there is one, and only once");
    assert_eq!(told(&seen, 0).len(), 2);
    for (row, name) in [(1, "paused"), (2, "closed"), (3, "false_positive")] {
        assert_eq!((last(row).0.as_str(), last(row).2.as_deref()), (name, Some("2026-05-01T00:00:00Z")));
    }
}

#[test]
fn severity_words_and_kept_columns_go_where_they_were_sent() {
    let header = "Regel,Rechner,Stufe,Gefunden,Raum";
    let roles = [
        ("Regel", "weakness"),
        ("Rechner", "asset"),
        ("Stufe", "severity"),
        ("Gefunden", "detected"),
        ("Raum", "kept"),
    ];
    let mut answers = choices(header, &roles, &[]);
    answers.severities = BTreeMap::from([
        ("sehr hoch".to_owned(), "critical".to_owned()),
        ("nichtig".to_owned(), "below".to_owned()),
        ("egal".to_owned(), String::new()),
    ]);
    let file = format!("{header}\nR1,a,sehr hoch,03.01.2026,3.14\nR2,a,nichtig,03.01.2026,\nR3,a,egal,03.01.2026,\n");
    let seen = read(&file, &answers);
    let first = &seen.sample[0].events[0].canonical;
    assert!(first.contains("\"severity\":\"critical\"") && first.contains("\"extra\":{\"Raum\":\"3.14\"}"), "{first}");
    assert_eq!(seen.held["below_scope"], 1);
    assert!(seen.sample[2].events[0].canonical.contains("\"raw_severity\":\"egal\""));
}

#[test]
fn the_item_is_named_by_its_id_else_by_the_pair_else_by_the_number() {
    let header = "Id,Regel,Rechner,Port,Nummer";
    let item = |roles: &[(&str, &str)]| choices(header, roles, &[]).mapping(&columns(header)).item;
    let pair = [("Regel", "weakness"), ("Rechner", "asset"), ("Port", "part"), ("Nummer", "record")];
    assert_eq!(item(&pair), "{Regel}@{Rechner}[:{Port}]");
    assert_eq!(item(&[&pair[..], &[("Id", "item")]].concat()), "{Id}");
    assert_eq!(item(&[("Nummer", "record"), ("Regel", "weakness")]), "{Nummer}");
    assert_eq!(item(&[("Regel", "weakness")]), "");
}

#[test]
fn a_proposal_read_back_as_answers_makes_the_same_of_the_file() {
    let file = "Finding ID;Plugin;Host;Port;Severity;State;First seen;Last seen;Fixed on;Due date;Team\n\
                F-1;p1;web-01;443;High;Open;2026-03-01T10:00:00Z;2026-03-05T10:00:00Z;;2026-04-01T10:00:00Z;web\n\
                F-2;p2;web-02;;Low;Fixed;2026-03-01T10:00:00Z;2026-03-05T10:00:00Z;2026-03-09T10:00:00Z;;web\n\
                F-3;p2;web-03;;Medium;Fixed;2026-03-02T10:00:00Z;2026-03-05T10:00:00Z;2026-03-09T10:00:00Z;;web\n";
    let sample = Sample::read(file.as_bytes(), &Settings::default(), 100).unwrap();
    let answers = Choices::proposed(&sample);
    let role = |name: &str| {
        let place = sample.columns.iter().position(|column| column == name).unwrap();
        answers.roles.get(&place).map(String::as_str)
    };
    for (column, meant) in [
        ("Finding ID", "record"),
        ("Plugin", "weakness"),
        ("Host", "asset"),
        ("Port", "part"),
        ("Severity", "severity"),
        ("State", "status"),
        ("First seen", "detected"),
        ("Last seen", "seen"),
        ("Fixed on", "closed"),
        ("Due date", "due"),
        ("Team", "team"),
    ] {
        assert_eq!(role(column), Some(meant), "{column}");
    }
    let events = |mapping: Mapping| {
        let settings = Settings { mapping: Some(mapping), ..Settings::default() };
        preview(file.as_bytes(), Adapter::named("csv").unwrap(), &settings, 100).unwrap()
    };
    let proposed = formats::foreign::mapping::propose(&sample.columns, &sample.rows);
    assert_eq!(events(answers.mapping(&sample.columns)), events(proposed));
}

#[test]
fn a_saved_mapping_goes_back_to_the_answers_it_was_made_of() {
    let answers = Choices {
        severities: [("hoch".to_owned(), "high".to_owned())].into(),
        ..choices(
            HEADER,
            &ROLES,
            &[("offen", "open"), ("zu", "closed"), ("weg", "verified"), ("nie", "false_positive"), ("ruht", "paused")],
        )
    };
    let mapping = answers.mapping(&columns(HEADER));
    let taken = mapping.taken(&columns(HEADER));
    assert_eq!((taken.choices, taken.beyond), (answers, Beyond::Nothing));
    assert_eq!((taken.gone, taken.fresh), (Vec::new(), Vec::new()));
}

#[test]
fn columns_that_moved_keep_their_meaning_and_those_that_went_and_came_are_told() {
    let answers = choices(HEADER, &ROLES, &[("zu", "closed")]);
    let mut mapping = answers.mapping(&columns(HEADER));
    mapping.unused.push("Notiz".to_owned());
    let table = columns("Notiz,Stand,Rechner,Regel,Gefunden,Nachgeprüft,Erledigt,Schwere");
    let taken = mapping.taken(&table);
    assert_eq!(taken.gone, ["Stufe"]);
    assert_eq!(taken.fresh, [7], "a column that was seen and left unused is not new");
    assert_eq!(taken.choices.column("closed", &table), Some("Erledigt"));
    assert_eq!(taken.choices.column("severity", &table), None);
    assert_eq!(taken.beyond, Beyond::Nothing);
}

fn condition(json: &str) -> Condition {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_template_fixed_values_and_a_row_filter_are_answers_and_come_back_as_such() {
    let file = format!(
        "{HEADER}\n\
         R1,web-1,hoch,offen,03.01.2026 09:00,,\n\
         R2,lab-1,hoch,offen,03.01.2026 09:00,,\n\
         R3,,hoch,offen,03.01.2026 09:00,,\n"
    );
    let table = columns(HEADER);
    let answers = Choices {
        item_id: "{Regel}/{Rechner}".to_owned(),
        constants: [("team".to_owned(), "web".to_owned()), ("asset".to_owned(), "never".to_owned())].into(),
        rows: vec![condition(r#"{"column": "Rechner", "not_in": ["LAB-1"]}"#)],
        ..choices(HEADER, &ROLES, &[("offen", "open")])
    };
    let seen = read(&file, &answers);
    assert_eq!((seen.rows, seen.items), (3, 1));
    assert_eq!(seen.no_event["left out by the row filter"], 2, "an empty cell says nothing");
    let event = &seen.sample[0].events[0];
    assert_eq!(event.item, "R1/web-1");
    let mapping = answers.mapping(&table);
    assert_eq!(mapping.fields["team"], Origin::Constant("web".to_owned()));
    assert_eq!(mapping.fields["asset"], Origin::Column("Rechner".to_owned()), "what a column says is not fixed");
    let taken = mapping.taken(&table);
    assert_eq!(taken.beyond, Beyond::Nothing);
    assert_eq!(taken.choices.mapping(&table), mapping);
    assert_eq!((&taken.choices.item_id, &taken.choices.rows), (&answers.item_id, &answers.rows));
    assert_eq!(taken.choices.constants, [("team".to_owned(), "web".to_owned())].into());
}

#[test]
fn a_fixed_asset_names_the_item_beside_its_weakness() {
    let answers = Choices {
        constants: [("asset".to_owned(), "web[1]".to_owned())].into(),
        ..choices("Regel,Gefunden", &[("Regel", "weakness"), ("Gefunden", "detected")], &[])
    };
    let seen = read("Regel,Gefunden\nR1,03.01.2026 09:00\n", &answers);
    assert_eq!(seen.sample[0].events[0].item, "R1@web[1]");
    let table = columns("Regel,Gefunden");
    assert_eq!(answers.mapping(&table).taken(&table).choices, answers);
}

#[test]
fn what_no_answer_says_goes_along_and_is_not_lost() {
    let table = columns(HEADER);
    let answers = choices(HEADER, &ROLES, &[("zu", "closed")]);
    let mut mapping = answers.mapping(&table);
    mapping.rows = vec![
        condition(r#"{"column": "Stufe", "not_in": ["egal"]}"#),
        condition(r#"{"column": "Stand", "starts_with": ["z"]}"#),
        condition(r#"{"column": "Stand", "in": ["zu"], "filled": true}"#),
    ];
    mapping.fields.insert("team".to_owned(), Origin::Template("{Stufe} web".to_owned()));
    mapping.fields.insert("kind".to_owned(), Origin::Constant("vulnerability".to_owned()));
    let taken = mapping.taken(&table);
    assert_eq!(taken.choices, Choices { rows: vec![mapping.rows[0].clone()], ..answers });
    assert_eq!(taken.beyond.with(taken.choices.mapping(&table)), mapping);
    // Events that no answer makes: then nothing is taken apart.
    mapping.events.first_mut().unwrap().fields.insert("actor".to_owned(), Origin::Constant("scanner".to_owned()));
    let whole = mapping.taken(&table);
    assert_eq!(whole.beyond, Beyond::Whole(Box::new(mapping.clone())));
    assert_eq!(whole.beyond.with(Mapping::default()), mapping);
}
