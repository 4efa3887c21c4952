//! How is what is known of an item written down? As one line of JSON, in files and in the database alike.

use domain::{event_name::EventName, severity::Severity, time::Timestamp};
use formats::foreign::snapshot::{Sighting, Stand, State};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    collections::BTreeSet,
    fs::File,
    io::{self, BufRead, BufReader, Seek, Write},
};

const READ_BYTES: usize = 64 * 1024;

/// An item with what a snapshot says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) item: String,
    pub(super) said: Sighting,
}

/// By place, since names would be most of the bytes: item, state, first, last and end in seconds, severity, owner, status,
/// asset, what checks for it, part, the events its rows told as bits, and numbers of what they say without a date.
#[derive(Serialize, Deserialize)]
struct Line<'a>(
    Cow<'a, str>,
    u8,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<Severity>,
    Option<Cow<'a, str>>,
    Option<Cow<'a, str>>,
    Option<Cow<'a, str>>,
    Option<Cow<'a, str>>,
    Option<Cow<'a, str>>,
    u32,
    BTreeSet<u64>,
);

const STATES: [State; 3] = [State::Closed, State::Doubtful, State::Open];

/// Writes an item and what is said of it.
pub(super) fn write(out: &mut impl Write, item: &str, said: &Sighting) -> io::Result<()> {
    let text = |text: &'_ Option<String>| text.clone().map(Cow::Owned);
    let seconds = |moment: Option<Timestamp>| moment.map(Timestamp::seconds);
    let state = STATES.iter().position(|state| *state == said.state).unwrap_or_default();
    let line = Line(
        Cow::Borrowed(item),
        u8::try_from(state).unwrap_or_default(),
        seconds(said.first),
        seconds(said.last),
        seconds(said.ended),
        said.severity,
        text(&said.owner),
        text(&said.status),
        text(&said.asset),
        text(&said.weakness),
        text(&said.part),
        said.told.iter().fold(0, |bits, name| bits | bit(*name)),
        said.said.clone(),
    );
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

/// Writes what is known of an item.
pub(super) fn write_stand(out: &mut impl Write, item: &str, stand: &Stand) -> io::Result<()> {
    let moment = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
    let said = Sighting {
        state: if stand.open { State::Open } else { State::Closed },
        first: moment(stand.first),
        last: moment(stand.last),
        ended: moment(stand.ended),
        severity: stand.severity,
        owner: stand.owner.clone(),
        status: stand.status.clone(),
        asset: stand.asset.clone(),
        weakness: stand.weakness.clone(),
        part: stand.part.clone(),
        said: stand.said.clone(),
        told: BTreeSet::new(),
    };
    write(out, item, &said)
}

fn bit(name: EventName) -> u32 {
    1_u32.checked_shl(name.code().into()).unwrap_or_default()
}

fn read(bytes: &[u8]) -> io::Result<Entry> {
    let Line(item, state, first, last, ended, severity, owner, status, asset, weakness, part, told, numbers) =
        serde_json::from_slice(bytes)?;
    let moment = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a line of a snapshot cannot be read");
    let said = Sighting {
        state: STATES.get(usize::from(state)).copied().ok_or_else(damaged)?,
        first: moment(first),
        last: moment(last),
        ended: moment(ended),
        severity,
        owner: owner.map(Cow::into_owned),
        status: status.map(Cow::into_owned),
        asset: asset.map(Cow::into_owned),
        weakness: weakness.map(Cow::into_owned),
        part: part.map(Cow::into_owned),
        said: numbers,
        told: EventName::ALL.iter().copied().filter(|name| told & bit(*name) != 0).collect(),
    };
    Ok(Entry { item: item.into_owned(), said })
}

/// The lines of a file, from its beginning.
#[derive(Debug)]
pub(super) struct Lines {
    input: BufReader<File>,
    line: Vec<u8>,
}

impl Lines {
    /// Of a file that nobody else reads meanwhile: a copy of its handle shares the place in it.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let mut input = BufReader::with_capacity(READ_BYTES, file.try_clone()?);
        input.rewind()?;
        Ok(Self { input, line: Vec::new() })
    }

    pub(super) fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        self.line.clear();
        if self.input.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        read(&self.line).map(Some)
    }

    /// So many lines as they are; fewer at the end, and none behind it.
    pub(super) fn next_piece(&mut self, lines: usize) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        for _ in 0..lines {
            if self.input.read_until(b'\n', &mut piece)? == 0 {
                break;
            }
        }
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_as_it_was_written() {
        let at = |seconds| Some(Timestamp::from_seconds(seconds));
        let said = Sighting {
            state: State::Doubtful,
            first: at(1_772_359_200),
            last: None,
            ended: at(-1),
            severity: Some(Severity::High),
            owner: Some("a \"b\"\nc".to_owned()),
            status: None,
            asset: Some("ä@b".to_owned()),
            weakness: Some(String::new()),
            part: Some("eu".to_owned()),
            said: [7, u64::MAX].into(),
            told: [EventName::Detected, EventName::Merged].into(),
        };
        let mut bytes = Vec::new();
        write(&mut bytes, "7@\n\"x", &said).unwrap();
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1, "one line");
        assert_eq!(read(&bytes).unwrap(), Entry { item: "7@\n\"x".to_owned(), said: said.clone() });
        let stand = said.stand(None);
        let mut bytes = Vec::new();
        write_stand(&mut bytes, "7", &stand).unwrap();
        assert_eq!(read(&bytes).unwrap().said.stand(None), stand);
    }

    #[test]
    fn a_line_that_is_cut_or_of_another_kind_is_no_item() {
        let mut bytes = Vec::new();
        write(&mut bytes, "7@a", &Sighting::default()).unwrap();
        assert!(read(&bytes[..bytes.len() - 3]).is_err());
        assert!(read(b"[\"7@a\",9,null,null,null,null,null,null,null,null,null,0,[]]\n").is_err());
    }
}
