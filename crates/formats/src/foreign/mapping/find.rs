//! Which column of a table is meant by a name? The equal one, else the one that differs in case, blanks and signs alone.

use crate::nearest::nearest_of;

/// The letters and digits of a name, in lower case.
pub(in crate::foreign) fn plain(name: &str) -> String {
    name.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The place of the column of that name.
pub(super) fn place_of(name: &str, columns: &[String]) -> Option<usize> {
    let equal = columns.iter().position(|column| column == name);
    equal.or_else(|| {
        let wanted = plain(name);
        columns.iter().position(|column| !wanted.is_empty() && plain(column) == wanted)
    })
}

/// The column that is probably meant by a name the table does not have.
pub(in crate::foreign) fn nearest_column<'a>(name: &str, columns: &'a [String]) -> Option<&'a str> {
    let wanted = plain(name);
    let near = nearest_of(&wanted, columns.iter().map(|column| plain(column)));
    let holds = |column: &&String| {
        let column = plain(column);
        wanted.len() >= 4 && column.len() >= 4 && (column.contains(&wanted) || wanted.contains(&column))
    };
    near.and_then(|place| columns.get(place)).or_else(|| columns.iter().find(holds)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_by_its_letters_and_a_near_one_is_offered() {
        let columns = ["Plugin ID", "First Found", "host_name", ""].map(str::to_owned);
        assert_eq!(place_of("First Found", &columns), Some(1));
        assert_eq!(place_of("first_found", &columns), Some(1));
        assert_eq!(place_of("Host Name", &columns), Some(2));
        assert_eq!(place_of("", &columns), Some(3));
        assert_eq!(place_of("--", &columns), None);
        assert_eq!(nearest_column("Plugn ID", &columns), Some("Plugin ID"));
        assert_eq!(nearest_column("Host", &columns), Some("host_name"));
        assert_eq!(nearest_column("Severity", &columns), None);
    }
}
