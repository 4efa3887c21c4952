//! A good export of a tool, spoiled in one way.

use serde::Deserialize;

/// What is done to a file. Whatever changes nothing is a mistake of the row that says so.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Spoil {
    /// So many bytes are missing at its end.
    CutOff(usize),
    /// A text in its last place becomes another.
    Replace(String, String),
    /// Cells stand between other signs.
    Delimiter(char),
    /// Its last row alone is cut otherwise.
    LastRow(char),
    /// A column is missing.
    WithoutColumn(String),
    /// A column more with that name.
    ColumnTwice(String),
    /// A record more, in lines.
    Append(String),
    /// The text in its last place becomes ten million letters.
    TenMillion(String),
    /// Two bytes a letter, without a mark.
    TwoBytes,
    /// Each `@` becomes half a letter.
    HalfLetter(String),
    /// Packed, with very many blanks.
    Bomb,
    /// A declaration of entities of entities, and one of them.
    Laughs,
}

impl Spoil {
    pub(crate) fn on(&self, good: &[u8]) -> Vec<u8> {
        let spoiled = self.spoil(good);
        assert_ne!(spoiled, good, "{self:?} changes nothing");
        spoiled
    }

    fn spoil(&self, good: &[u8]) -> Vec<u8> {
        let text = || str::from_utf8(good).unwrap().to_owned();
        match self {
            Self::CutOff(bytes) => good[..good.len() - bytes].to_vec(),
            Self::Replace(from, to) => last(&text(), from, to).into_bytes(),
            Self::Delimiter(sign) => text().replace(',', &sign.to_string()).into_bytes(),
            Self::LastRow(sign) => {
                let text = text();
                let (before, row) = text.trim_end().rsplit_once('\n').unwrap();
                format!("{before}\n{}\n", row.replace(',', &sign.to_string())).into_bytes()
            }
            Self::WithoutColumn(name) => {
                let text = text();
                let place = text.lines().next().unwrap().split(',').position(|column| column == name).unwrap();
                each_row(&text, |_, cells| drop(cells.remove(place)))
            }
            Self::ColumnTwice(name) => {
                each_row(&text(), |row, cells| cells.push(if row == 0 { name.clone() } else { "x".to_owned() }))
            }
            Self::Append(record) => [good, record.as_bytes()].concat(),
            Self::TenMillion(from) => last(&text(), from, &"x".repeat(10_000_000)).into_bytes(),
            Self::TwoBytes => text().encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::HalfLetter(from) => {
                let marked = last(&text(), from, "@@@");
                let place = marked.find("@@@").unwrap();
                [&marked.as_bytes()[..place], &[0xe9], &marked.as_bytes()[place + 3..]].concat()
            }
            Self::Bomb => zstd::encode_all([good, &vec![b' '; 64 << 20]].concat().as_slice(), 3).unwrap(),
            Self::Laughs => text()
                .replacen("<log", "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<log", 1)
                .replacen("case-1", "&b;", 1)
                .into_bytes(),
        }
    }
}

fn last(text: &str, from: &str, to: &str) -> String {
    let place = text.rfind(from).unwrap_or_else(|| panic!("no `{from}` in {text}"));
    format!("{}{to}{}", &text[..place], &text[place + from.len()..])
}

/// Each row with its cells changed; none of them holds a comma of its own.
fn each_row(text: &str, change: impl Fn(usize, &mut Vec<String>)) -> Vec<u8> {
    let row = |(place, line): (usize, &str)| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        change(place, &mut cells);
        format!("{}\n", cells.join(","))
    };
    text.lines().enumerate().map(row).collect::<String>().into_bytes()
}
