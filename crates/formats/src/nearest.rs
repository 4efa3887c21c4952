//! Which known word did somebody probably mean?

/// Longer words are compared with nothing: a hint is not worth their square.
const WORD_MAX: usize = 40;

/// The known word within two slips of `given` (one slip for short words), the nearest first.
pub(crate) fn nearest(given: &str, known: &[&'static str]) -> Option<&'static str> {
    if given.is_empty() || given.len() > WORD_MAX {
        return None;
    }
    let given = given.to_lowercase().replace(['-', ' '], "_");
    let allowed = if given.chars().count() < 5 { 1 } else { 2 };
    known
        .iter()
        .map(|word| (slips(&given, word), *word))
        .filter(|(count, _)| *count <= allowed)
        .min()
        .map(|(_, word)| word)
}

/// The place of the name within two slips of `given` (one slip for short ones), the nearest first.
pub(crate) fn nearest_of(given: &str, known: impl Iterator<Item = String>) -> Option<usize> {
    if given.is_empty() || given.len() > WORD_MAX {
        return None;
    }
    let allowed = if given.chars().count() < 5 { 1 } else { 2 };
    let near = known.enumerate().filter(|(_, word)| word.len() <= WORD_MAX.saturating_mul(2));
    let near = near.map(|(place, word)| (slips(given, &word), place)).filter(|(count, _)| *count <= allowed);
    near.min().map(|(_, place)| place)
}

/// Levenshtein distance.
#[expect(clippy::arithmetic_side_effects, reason = "counts of letters of words that lie in memory")]
fn slips(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(line + 1);
        for ((above, beside), known) in row.iter().zip(row.iter().skip(1)).zip(&other) {
            let left = next.last().copied().unwrap_or_default();
            next.push((above + usize::from(letter != *known)).min(beside + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_finds_none() {
        let known = ["closed", "reopened", "verified"];
        assert_eq!(nearest("Closd", &known), Some("closed"));
        assert_eq!(nearest("re-opend", &known), Some("reopened"));
        assert_eq!(nearest("VERIFIED", &known), Some("verified"));
        assert_eq!(nearest("banana", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
