//! What must hold for every line that could ever arrive?
use domain::time::Timestamp;
use formats::{
    analysis,
    canonical::{Draft, Outcome, item_event, read_line},
    source::records,
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// Any JSON, small, with texts that need escapes and numbers that need care.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000_000_i32..1_000_000).prop_map(|number| json!(f64::from(number) / 4.0)),
        any::<String>().prop_map(Value::from),
        select(vec!["\u{1}", "é", "😀", "\"", "\\", "\u{7f}", "\u{2028}"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any::<String>(), inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A line with fields that are right, wrong or unknown.
fn any_line() -> impl Strategy<Value = Map<String, Value>> {
    let text = |words: Vec<&'static str>| select(words).prop_map(Value::from);
    let field = prop_oneof![
        (Just("item_id".to_owned()), text(vec!["a", "b", "", "x\u{202e}y", "e\u{301}"])),
        (Just("item_id".to_owned()), text(vec!["a", "b"])),
        (Just("event".to_owned()), text(vec!["detected", "closed", "merged", "severity_changed", "closd"])),
        (Just("event".to_owned()), text(vec!["detected", "closed"])),
        (
            Just("at".to_owned()),
            text(vec!["2026-03-01T10:00:00Z", "2026-03-01T10:00:00.5+02:00", "2026-03-01", "1970-01-01T00:00:00Z"])
        ),
        (Just("at".to_owned()), text(vec!["2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"])),
        (Just("severity".to_owned()), text(vec!["low", "urgent", "info"])),
        (Just("kind".to_owned()), text(vec!["vuln", "misconfig", "posture"])),
        (Just("id".to_owned()), text(vec!["1", "2"])),
        (select(vec!["extra", "team", "cve", "colour", "z", "confidence", "to"]).prop_map(str::to_owned), any_json()),
        (any::<String>(), any_json()),
    ];
    vec(field, 0..10).prop_map(|fields| fields.into_iter().collect())
}

fn event_of(line: &str) -> Option<Draft> {
    match read_line(line.as_bytes()) {
        Outcome::Event(draft) => Some(*draft),
        Outcome::Held(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_record_is_an_event_or_held(lines in vec(prop_oneof![
        any_line().prop_map(|line| Value::Object(line).to_string()),
        any::<String>().prop_map(|text| text.replace(['\n', '\r'], "")),
    ], 0..8)) {
        let file = lines.join("\n");
        let filled = lines.iter().filter(|line| !line.trim_ascii().is_empty()).count();
        let first = r#"{"item_id":"first","event":"seen","at":"2026-03-01T10:00:00Z"}"#;
        let mut found = records(format!("{first}\n{file}").as_bytes(), None).unwrap().map(Result::unwrap).collect::<Vec<_>>();
        let all = found.len();
        found.retain(|record| matches!(record.outcome, Outcome::Event(_)));
        let held = all - found.len();
        prop_assert_eq!(found.len() + held, filled + 1);
    }

    #[test]
    fn canonical_text_is_its_own_canonical_text(line in any_line()) {
        if let Some(draft) = event_of(&Value::Object(line).to_string()) {
            let again = event_of(&draft.canonical).unwrap();
            prop_assert_eq!(&again.canonical, &draft.canonical);
            prop_assert_eq!(again.key, draft.key);
            prop_assert!(again.unknown_fields.is_empty());
            let event = item_event(&draft.canonical, Timestamp::from_seconds(0)).unwrap();
            prop_assert_eq!((event.name, event.at), (draft.name, draft.fold_at()));
            prop_assert_eq!(event.to.as_deref(), draft.to.as_deref());
        }
    }

    #[test]
    fn the_order_and_spacing_of_fields_change_nothing(line in any_line()) {
        let backwards: Vec<String> = line.iter().rev()
            .map(|(key, value)| format!("{} :\t{}", Value::from(key.as_str()), serde_json::to_string_pretty(value).unwrap()))
            .collect();
        let backwards = format!("{{ {} }}", backwards.join(" ,\r\n"));
        prop_assert_eq!(event_of(&Value::Object(line).to_string()), event_of(&backwards));
    }

    #[test]
    fn nothing_that_was_said_is_lost(line in any_line()) {
        if let Some(draft) = event_of(&Value::Object(line.clone()).to_string()) {
            let canonical: Value = serde_json::from_str(&draft.canonical).unwrap();
            for name in &draft.unknown_fields {
                prop_assert_eq!(&canonical["extra"][name.as_ref()], &line[name.as_ref()]);
            }
            if let Some(team) = line.get("team").and_then(Value::as_str).filter(|team| !team.is_empty()) {
                prop_assert_eq!(canonical["team"].as_str(), Some(team));
            }
        }
    }

    #[test]
    fn two_readers_of_json_agree(text in "[\\[\\]{}:,\"\\\\a0-9eE.+\\-tfnu \\n]{0,24}") {
        // The other reader says of each text whether it is JSON; ours may refuse more, but only for a stated reason.
        let line = format!(r#"{{"item_id":"a","event":"seen","at":"2026-03-01T10:00:00Z","x":{text}}}"#);
        let theirs = serde_json::from_str::<Value>(&line).is_ok();
        let code = match read_line(line.as_bytes()) {
            Outcome::Event(_) => "",
            Outcome::Held(held) => held.faults[0].code,
        };
        // They refuse numbers beyond a double, which we keep digit by digit.
        let huge = text.contains(['e', 'E']);
        prop_assert!(theirs == (code != "json_syntax" && code != "invalid_utf8") || huge, "{}: {}", line, code);
    }

    #[test]
    fn an_analysis_depends_on_the_set_of_lines_only(
        (lines, shuffled) in vec(any_line(), 1..12).prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle())),
    ) {
        let as_of = Timestamp::parse("2026-03-02T00:00:00Z").unwrap();
        let text = |lines: Vec<Map<String, Value>>| lines.into_iter().map(|line| Value::Object(line).to_string()).collect::<Vec<_>>();
        let (one, other) = (analysis::read(text(lines), as_of, as_of), analysis::read(text(shuffled), as_of, as_of));
        prop_assert_eq!((one.events, one.flags, one.items), (other.events, other.flags, other.items));
    }
}
