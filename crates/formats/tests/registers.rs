//! Rows of registers: what is taken, and what is held with its column.

use domain::register::{Register, RegisterRow};
use formats::{file_fault::FileFault, register::RegisterFile};
use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};

/// The rows, and `column reason: detail` of each held line.
type Told = (Vec<RegisterRow>, Vec<String>);

fn read(register: Register, text: &str) -> Result<Told, FileFault> {
    let mut file = RegisterFile::open(text.as_bytes(), register)?;
    let mut told = Told::default();
    while let Some(record) = file.next_record()? {
        match record.row {
            Ok(row) => told.0.push(row),
            Err(held) => told.1.extend(held.faults.iter().map(|fault| {
                let field = fault.field.as_deref().unwrap_or("-");
                format!("{} {field} {}: {}", record.place, fault.reason, fault.detail)
            })),
        }
    }
    Ok(told)
}

#[test]
fn a_table_of_people_is_read_whatever_its_delimiter_and_capitals() {
    let text = "\u{feff}ID;Name;Roles;Analyst;Joined On;Left-on;valid_from;valid_to;source;Shoe size\r\n\
                p1;Ada;lead; analyst ;2020-01-01;;2026-01-01;;HR;39\r\n\
                \r\n\
                p2;\"Bo; the second\";;no;;;2026-01-01;2026-06-30;;\r\n";
    let text = text.replace("lead; analyst ;", "\"lead; analyst\";yes;");
    let (rows, held) = read(Register::People, &text).unwrap();
    assert!(held.is_empty(), "{held:?}");
    assert_eq!(
        (rows[0].key.as_str(), rows[0].texts("roles"), rows[0].truth("analyst")),
        ("p1", &["lead".to_owned(), "analyst".to_owned()][..], Some(true))
    );
    assert_eq!(
        (rows[0].day("joined_on").map(|day| day.to_string()).as_deref(), rows[0].source.as_deref()),
        (Some("2020-01-01"), Some("HR"))
    );
    assert_eq!(
        (rows[1].text("name"), rows[1].truth("analyst"), rows[1].day("left_on")),
        (Some("Bo; the second"), Some(false), None)
    );
    let mut file = RegisterFile::open(text.as_bytes(), Register::People).unwrap();
    while file.next_record().unwrap().is_some() {}
    assert_eq!((file.ignored(), file.unknown_columns().collect::<Vec<_>>()), (1, vec!["Shoe size"]));
}

#[test]
fn every_fault_of_a_row_is_told_with_its_column() {
    let text = "id,automated,reviewed_on,name\np1,perhaps,01.02.2026,n\n,yes,,\np3,yes\np1,no,,\np1,no,,\n";
    let (rows, held) = read(Register::Playbooks, text).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        held,
        [
            "line 2 automated bad_value: `perhaps` in `automated`, expected `true` or `false`",
            "line 2 reviewed_on bad_value: `01.02.2026` in `reviewed_on`, expected a day since 1970 as in `2026-03-01`",
            "line 3 id missing_field: no `id`",
            "line 4 - bad_value: the row has 2 of 4 columns",
            "line 6 id bad_value: `p1` stands twice",
        ]
    );
}

#[test]
fn one_row_may_follow_another_in_time_and_not_end_before_it_begins() {
    let text = "id,metric,operator,limit,valid_from,valid_to\nt,m,>=,0.90,2026-01-01,2026-03-31\nt,m,>=,0.95,2026-04-01,\nu,m,>=,1,2026-04-01,2026-03-01\n";
    let (rows, held) = read(Register::Thresholds, text).unwrap();
    assert_eq!(rows.iter().map(|row| row.text("limit").unwrap()).collect::<Vec<_>>(), ["0.90", "0.95"]);
    assert_eq!(rows[1].number("limit"), Some(0.95));
    assert_eq!(held, ["line 4 valid_to ends_before_start: valid to 2026-03-01 and from 2026-04-01"]);
}

#[test]
fn lines_and_arrays_of_objects_are_read_as_tables_are() {
    let lines = r#"{"id":"a1","kind":"Agent","guardrails":[{"action":"isolate","scope":"shop","needs_approval":true}],"colour":"red"}
{"id":"a2","guardrails":"isolate|shop|yes;tell"}
{"id":3}
{"id":"a4","id":"a4"}
[]
"#;
    let (rows, held) = read(Register::AiRegister, lines).unwrap();
    assert_eq!(rows[0].guardrails("guardrails")[0], rows[1].guardrails("guardrails")[0]);
    assert_eq!((rows[0].text("kind"), rows[1].guardrails("guardrails").len()), (Some("agent"), 2));
    assert_eq!(held.len(), 3, "{held:?}");
    let array = r#"[{"date":"2026-03-01","tool":"EDR","in_scope":100,"licensed":80},{"date":"2026-03-01","tool":"EDR","in_scope":-1}]"#;
    let (rows, held) = read(Register::SensorCoverage, array).unwrap();
    assert_eq!((rows[0].key.as_str(), rows[0].count("licensed")), ("2026-03-01|EDR", Some(80)));
    assert_eq!(held, ["line 1 in_scope bad_value: `-1` in `in_scope`, expected a whole number from 0"]);
}

#[test]
fn an_envelope_carries_a_row_of_its_register() {
    let envelope = |kind: &str, subject: &str| {
        format!(
            r#"{{"specversion":"1.0","type":"{kind}","subject":"{subject}","data":{{"id":"T1059","priority":true}}}}"#
        )
    };
    let text = [
        envelope("wallclock.register.v1", "techniques"),
        envelope("wallclock.event.v1", "techniques"),
        envelope("wallclock.register.v1", "people"),
    ];
    let (rows, held) = read(Register::Techniques, &text.join("\n")).unwrap();
    assert_eq!((rows.len(), rows[0].truth("priority")), (1, Some(true)));
    assert!(held[0].contains("type unknown_type") && held[1].contains("subject bad_value"), "{held:?}");
}

#[test]
fn what_only_one_of_two_columns_may_say_is_checked() {
    let text = "playbook,step,event,action\np,1,detected,\np,2,,call\np,3,,\np,4,a,b\n";
    let (rows, held) = read(Register::PlaybookSteps, text).unwrap();
    assert_eq!(rows.len(), 2);
    assert!(
        held[0].starts_with("line 4 event missing_field") && held[1].starts_with("line 5 event bad_value"),
        "{held:?}"
    );
}

#[test]
fn what_a_spreadsheet_made_of_a_cell_is_named() {
    let text = "id,planned_on\n1.23E+5,2026-01-01\n'=cmd(),45292\n\"a\u{200b}b\",\n";
    let (rows, held) = read(Register::Tools, text).unwrap();
    assert!(rows.is_empty(), "{rows:?}");
    assert_eq!(held.len(), 3, "{held:?}");
    let guarded = read(Register::Tools, "id,owner\nt,'=cmd()\n").unwrap().0;
    assert_eq!(guarded[0].text("owner"), Some("=cmd()"));
}

#[test]
fn a_moment_without_an_offset_is_held() {
    let (_, held) =
        read(Register::DecisionsLog, "id,at\nd,2026-03-01 10:00\ne,soon\nf,2026-03-01T10:00:00Z\n").unwrap();
    assert!(held[0].contains("at naive_time") && held[1].contains("at bad_value"), "{held:?}");
}

#[test]
fn a_file_that_cannot_be_this_register_says_so() {
    let code = |text: &str| read(Register::Certificates, text).unwrap_err().code();
    assert_eq!(code(""), "empty_file");
    assert_eq!(code("   \n"), "no_rows");
    assert_eq!(code("person,name\n"), "no_rows");
    assert_eq!(code("person,title\nada,x\n"), "missing_header");
    assert_eq!(code("person,name,Name\nada,x,y\n"), "duplicate_header");
    assert_eq!(code("[{\"person\":\"a\",\"name\":\"b\"},"), "json_syntax");
}

#[test]
fn every_register_is_read_with_nothing_but_its_key() {
    for register in Register::ALL {
        let is_day = |column: &domain::register::Column| column.holds == domain::register::Type::Day;
        let sample = |column: &&domain::register::Column| if is_day(column) { "2026-03-01" } else { "x" };
        let mut needed: Vec<&domain::register::Column> =
            register.own_columns().iter().filter(|column| column.need == domain::register::Need::Key).collect();
        let either = [domain::register::Need::Either, domain::register::Need::EitherKey];
        needed.extend(register.own_columns().iter().find(|column| either.contains(&column.need)));
        let names: Vec<&str> = needed.iter().map(|column| column.name).collect();
        let cells: Vec<&str> = needed.iter().map(sample).collect();
        let (rows, held) = read(*register, &format!("{},\n{},\n", names.join(","), cells.join(","))).unwrap();
        assert_eq!((rows.len(), held.len()), (1, 0), "{register}: {held:?}");
        assert_eq!(RegisterRow::of_json(*register, &rows[0].to_json()).as_ref(), Ok(&rows[0]), "{register}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the cells hold, each row is a row or a held line, and a row comes back as it was written.
    #[test]
    fn each_line_is_a_row_or_held(cells in proptest::collection::vec(any::<[String; 3]>(), 1..8)) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines: Vec<String> = cells.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",")).collect();
        let text = format!("id,cost,renewals\n{}\n", lines.join("\n"));
        let mut file = RegisterFile::open(text.as_bytes(), Register::Initiatives).unwrap();
        let mut count = 0_usize;
        while let Some(record) = file.next_record().unwrap() {
            count += 1;
            if let Ok(row) = record.row {
                prop_assert_eq!(RegisterRow::of_json(Register::Initiatives, &row.to_json()).unwrap(), row);
            }
        }
        prop_assert_eq!(count, cells.len());
    }
}

/// The page for those who fill the tables lists every column there is.
#[test]
fn the_page_of_registers_names_every_column() {
    let page = include_str!("../../../docs/formats/registers.md");
    for register in Register::ALL {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{register}` |"))).unwrap_or_default();
        for column in register.own_columns() {
            assert!(row.contains(&format!("`{}`", column.name)), "{register}: {}", column.name);
        }
    }
}
