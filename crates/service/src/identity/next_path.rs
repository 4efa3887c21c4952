//! Where does a reader go after signing in? To an address of ours, or to the first page.

/// An address that is ours: one leading `/`, no backslash, nothing a browser could read as another host.
#[must_use]
pub fn safe_next(wanted: Option<&str>) -> String {
    let first_page = "/".to_owned();
    let Some(wanted) = wanted else { return first_page };
    let ours = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.len() <= NEXT_BYTES_MAX
        && !wanted.chars().any(|letter| letter == '\\' || letter.is_control())
        && wanted.is_ascii();
    if ours { wanted.to_owned() } else { first_page }
}

/// Longer addresses are no page of ours.
const NEXT_BYTES_MAX: usize = 2_048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_ours_are_followed() {
        assert_eq!(safe_next(Some("/items?team=Cloud&page=2")), "/items?team=Cloud&page=2");
        let foreign = [
            "",
            "items",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\nb",
            "/\tevil",
            "/é",
        ];
        for wanted in foreign {
            assert_eq!(safe_next(Some(wanted)), "/", "{wanted}");
        }
        assert_eq!(safe_next(Some(&format!("/{}", "a".repeat(3_000)))), "/");
        assert_eq!(safe_next(None), "/");
    }
}
