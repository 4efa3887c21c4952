//! How is text of one byte a character read as UTF-8?

use crate::{
    text_encoding::TextEncoding,
    utf16::{NO_CHARACTER, hand_over},
};
use std::io::{self, BufRead, Read};

/// Decodes bytes as they come.
pub(crate) struct Narrow<R> {
    input: R,
    encoding: TextEncoding,
    ready: Vec<u8>,
    given: usize,
}

impl<R: BufRead> Narrow<R> {
    pub(crate) const fn new(input: R, encoding: TextEncoding) -> Self {
        Self { input, encoding, ready: Vec::new(), given: 0 }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let chunk = self.input.fill_buf()?;
        let count = chunk.len();
        for byte in chunk {
            match self.encoding.character(*byte) {
                Some(character) => self.ready.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                None => self.ready.push(NO_CHARACTER),
            }
        }
        self.input.consume(count);
        Ok(())
    }
}

impl<R: BufRead> Read for Narrow<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.decode_more()?;
        }
        Ok(hand_over(&self.ready, &mut self.given, out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_out_as_its_character_or_as_none() {
        let input = io::BufReader::with_capacity(2, &b"caf\xe9 \x80 \x81"[..]);
        let mut out = Vec::new();
        Narrow::new(input, TextEncoding::Windows1252).read_to_end(&mut out).unwrap();
        assert_eq!(out, [&b"caf\xc3\xa9 \xe2\x82\xac "[..], &[NO_CHARACTER]].concat());
    }
}
