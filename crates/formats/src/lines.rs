//! How is a stream cut into lines without ever holding more than one record of bounded length?

use crate::frame::{Frame, Place, RECORD_BYTES_MAX};
use std::io::{self, BufRead, Read};

/// Reads lines that end in LF or CRLF; the last may lack its end.
pub(crate) struct LineReader<R> {
    input: R,
    next: Place,
}

/// A line, and what stood after it.
pub(crate) struct Line {
    pub(crate) frame: Frame,
    pub(crate) ending: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Lf,
    CrLf,
    File,
}

impl<R: BufRead> LineReader<R> {
    pub(crate) const fn new(input: R) -> Self {
        Self { input, next: Place { line: 1, byte: 0 } }
    }

    /// The next line, or `None` at the end.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line>> {
        // Room for the longest record and its line end: one byte more than that shows that it is longer.
        const READ_MAX: u64 = RECORD_BYTES_MAX as u64 + 3;
        let mut raw = Vec::with_capacity(320);
        let read = self.input.by_ref().take(READ_MAX).read_until(b'\n', &mut raw)?;
        if read == 0 {
            return Ok(None);
        }
        let place = self.next;
        let mut length = read as u64;
        let mut ending = strip_end(&mut raw);
        let too_long = raw.len() > RECORD_BYTES_MAX;
        if too_long && ending == Ending::File {
            length = length.saturating_add(self.input.skip_until(b'\n')? as u64);
            ending = Ending::Lf;
        }
        self.next = place.after(1, length);
        let frame = if too_long { Frame::too_long(place, raw, length) } else { Frame::whole(place, raw) };
        Ok(Some(Line { frame, ending }))
    }
}

fn strip_end(raw: &mut Vec<u8>) -> Ending {
    if raw.pop_if(|byte| *byte == b'\n').is_none() {
        return Ending::File;
    }
    match raw.pop_if(|byte| *byte == b'\r') {
        Some(_) => Ending::CrLf,
        None => Ending::Lf,
    }
}

/// Whether a line holds nothing but blanks.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{FrameState, KEPT_BYTES_MAX};

    fn frames(input: &[u8]) -> Vec<Frame> {
        let mut reader = LineReader::new(io::BufReader::with_capacity(7, input));
        let mut frames = Vec::new();
        while let Some(line) = reader.next_line().unwrap() {
            frames.push(line.frame);
        }
        frames
    }

    #[test]
    fn lines_may_end_in_either_way_or_not_at_all() {
        let found: Vec<_> = frames(b"one\r\n\ntwo\nthree")
            .into_iter()
            .map(|frame| (frame.place.line, frame.place.byte, frame.raw))
            .collect();
        let expected = [(1, 0, "one"), (2, 5, ""), (3, 6, "two"), (4, 10, "three")];
        assert_eq!(found, expected.map(|(line, byte, raw)| (line, byte, raw.as_bytes().to_vec())));
    }

    #[test]
    fn a_longer_line_keeps_its_beginning_and_reading_goes_on_after_it() {
        for (length, state) in [
            (RECORD_BYTES_MAX, FrameState::Whole),
            (RECORD_BYTES_MAX + 1, FrameState::TooLong(RECORD_BYTES_MAX as u64 + 2)),
            (RECORD_BYTES_MAX + 2, FrameState::TooLong(RECORD_BYTES_MAX as u64 + 3)),
            (RECORD_BYTES_MAX + 3, FrameState::TooLong(RECORD_BYTES_MAX as u64 + 4)),
            (10 << 20, FrameState::TooLong((10 << 20) + 1)),
        ] {
            let mut input = vec![b'x'; length];
            input.extend(b"\nnext\n");
            let found = frames(&input);
            assert_eq!(found.len(), 2, "{length}");
            assert_eq!(found[0].state, state, "{length}");
            let kept = if state == FrameState::Whole { length } else { KEPT_BYTES_MAX };
            assert_eq!(found[0].raw.len(), kept, "{length}");
            assert_eq!((found[1].place.byte, found[1].raw.as_slice()), (length as u64 + 1, &b"next"[..]));
        }
    }
}
