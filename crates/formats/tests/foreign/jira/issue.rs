//! Issues to read, built of what a test wants to say.

use formats::foreign::Settings;

/// One issue of an export, and the same as webhooks tell it.
#[derive(Clone)]
pub(crate) struct Issue {
    number: u32,
    key: String,
    /// Fields as they are now.
    fields: Vec<(String, String)>,
    histories: Vec<History>,
}

#[derive(Clone)]
struct History {
    id: u32,
    at: String,
    author: String,
    items: String,
    /// Fields as they are after it, where a webhook would show them.
    fields: Vec<(String, String)>,
}

/// A status as a field of an issue.
pub(crate) fn status(id: &str, name: &str, category: &str) -> String {
    format!(r#"{{"id":"{id}","name":"{name}","statusCategory":{{"key":"{category}"}}}}"#)
}

/// One field in a change: name, from and to, each with id and text; `-` is nothing.
pub(crate) fn item(field: &str, from: (&str, &str), to: (&str, &str)) -> String {
    let word = |word: &str| if word == "-" { "null".to_owned() } else { format!("\"{word}\"") };
    let [from_id, from_text, to_id, to_text] = [from.0, from.1, to.0, to.1].map(word);
    format!(
        r#"{{"field":"{field}","fieldId":"{field}","from":{from_id},"fromString":{from_text},"to":{to_id},"toString":{to_text}}}"#
    )
}

/// A change of status between two of the statuses that these tests share.
pub(crate) fn moved(from: &str, to: &str) -> String {
    item("status", (id_of(from), from), (id_of(to), to))
}

/// Statuses by name: built-in ones, and some of a team's own.
fn id_of(name: &str) -> &'static str {
    match name {
        "Open" => "1",
        "In Progress" => "3",
        "Reopened" => "4",
        "Resolved" => "5",
        "Closed" => "6",
        "With vendor" => "10003",
        "Board" => "10004",
        "Verified" => "10005",
        "Refused" => "10006",
        "Accepted risk" => "10007",
        _ => "10099",
    }
}

/// What a person decided about these statuses.
pub(crate) fn decided() -> Settings {
    let words = [
        ("10003", "waiting:vendor"),
        ("10004", "approval"),
        ("10005", "check"),
        ("10006", "refused"),
        ("10007", "accepted"),
    ];
    let statuses = words.map(|(id, word)| (id.to_owned(), word.to_owned())).into();
    Settings { statuses, ..Settings::default() }
}

impl Issue {
    /// An issue that was created on 2 March 2026 at 9.
    pub(crate) fn new(number: u32) -> Self {
        let fields = [
            ("created", r#""2026-03-02T09:00:00.000+00:00""#.to_owned()),
            ("creator", r#"{"accountId":"u-ann","accountType":"atlassian","displayName":"Ann"}"#.to_owned()),
            ("issuetype", r#"{"id":"10010","name":"Task"}"#.to_owned()),
            ("priority", r#"{"id":"2","name":"High"}"#.to_owned()),
            ("status", status("1", "Open", "new")),
            ("resolution", "null".to_owned()),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value)).into();
        Self { number, key: format!("SEC-{number}"), fields, histories: Vec::new() }
    }

    pub(crate) fn with(mut self, field: &str, value: &str) -> Self {
        self.fields.retain(|(name, _)| name != field);
        self.fields.push((field.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, field: &str) -> Self {
        self.fields.retain(|(name, _)| name != field);
        self
    }

    /// A change at that hour of 3 March, by Bob; fields it leaves changed are set with [`Self::with`] before.
    pub(crate) fn then(self, hour: u32, items: &[String]) -> Self {
        self.then_by("u-bob", &format!("2026-03-03T{hour:02}:00:00.000+00:00"), items)
    }

    pub(crate) fn then_by(mut self, author: &str, at: &str, items: &[String]) -> Self {
        let id = self.number * 1_000 + u32::try_from(self.histories.len()).unwrap();
        let fields = self.fields.clone();
        let (at, author, items) = (at.to_owned(), author.to_owned(), items.join(","));
        self.histories.push(History { id, at, author, items, fields });
        self
    }

    /// The same under another key, as after a move.
    pub(crate) fn called(mut self, key: &str) -> Self {
        self.key = key.to_owned();
        self
    }

    /// As an export gives it, newest change first.
    pub(crate) fn json(&self) -> String {
        let histories: Vec<String> = self.histories.iter().rev().map(History::json).collect();
        let total = histories.len();
        self.with_changelog(&format!(r#","changelog":{{"total":{total},"histories":[{}]}}"#, histories.join(",")))
    }

    /// With a changelog as it is written, or without one.
    pub(crate) fn with_changelog(&self, changelog: &str) -> String {
        let (number, key) = (self.number, &self.key);
        format!(r#"{{"id":"{number}","key":"{key}"{changelog},"fields":{{{}}}}}"#, object(&self.fields))
    }

    /// The webhook of its creation; the fields are those that the first change found.
    pub(crate) fn created(&self) -> String {
        self.webhook("jira:issue_created", "2026-03-02T09:00:00.000+00:00", "", &self.fields)
    }

    /// The webhooks of its changes.
    pub(crate) fn webhooks(&self) -> Vec<String> {
        let webhook = |history: &History| {
            let user = format!(r#","user":{{"accountId":"{}"}}"#, history.author);
            let changelog = format!(r#"{user},"changelog":{{"id":"{}","items":[{}]}}"#, history.id, history.items);
            self.webhook("jira:issue_updated", &history.at, &changelog, &history.fields)
        };
        self.histories.iter().map(webhook).collect()
    }

    fn webhook(&self, name: &str, at: &str, rest: &str, fields: &[(String, String)]) -> String {
        let (number, key, fields) = (self.number, &self.key, object(fields));
        format!(
            r#"{{"webhookEvent":"{name}"{rest},"issue":{{"id":"{number}","key":"{key}","fields":{{{fields},"updated":"{at}"}}}}}}"#
        )
    }
}

impl History {
    fn json(&self) -> String {
        let Self { id, at, author, items, .. } = self;
        format!(
            r#"{{"id":"{id}","created":"{at}","author":{{"accountId":"{author}","accountType":"atlassian"}},"items":[{items}]}}"#
        )
    }
}

fn object(fields: &[(String, String)]) -> String {
    let members: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    members.join(",")
}
