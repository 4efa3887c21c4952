//! Has anything changed since the site was last built? Content decides, not the clock: a branch switched back and
//! forth costs nothing.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::inputs::Input;
use crate::site::Order;

/// A text that differs whenever the site could.
pub(crate) fn of(inputs: &[Input], order: &Order) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{:?} {:?}\n", order.kind, order.toolchain));
    for input in inputs {
        hash.update(format!("{} {}\n", input.path, input.bytes.len()));
        hash.update(&input.bytes);
    }
    hex(&hash.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail; the result exists only because the trait is shared with files.
        let written = write!(text, "{byte:02x}");
        debug_assert!(written.is_ok());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Kind;
    use crate::toolchain::Choice;

    fn input(path: &str, text: &str) -> Input {
        Input { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn order(kind: Kind) -> Order {
        Order { kind, toolchain: Choice::FirstThatWorks, out: None }
    }

    #[test]
    fn the_same_content_has_the_same_fingerprint() {
        let files = [input("a", "1"), input("b", "2")];
        assert_eq!(of(&files, &order(Kind::Dev)), of(&files, &order(Kind::Dev)));
    }

    #[test]
    fn content_name_and_kind_each_change_it() {
        let plain = of(&[input("a", "1")], &order(Kind::Dev));
        assert_ne!(plain, of(&[input("a", "2")], &order(Kind::Dev)));
        assert_ne!(plain, of(&[input("b", "1")], &order(Kind::Dev)));
        assert_ne!(plain, of(&[input("a", "1")], &order(Kind::Release)));
    }

    #[test]
    fn moving_a_byte_to_the_next_file_changes_it() {
        let one = of(&[input("a", "12"), input("b", "3")], &order(Kind::Dev));
        let other = of(&[input("a", "1"), input("b", "23")], &order(Kind::Dev));
        assert_ne!(one, other);
    }

    #[test]
    fn bytes_are_written_as_two_digits_each() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
    }
}
