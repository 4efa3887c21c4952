//! The hatchings of the labels of a second, once a page.

use super::classes::style_sheet_for_print;

/// The `<pattern>` elements that `fill="url(#lab-R)"` names; a page holds them once, in any hidden `<svg>`.
///
/// Ids belong to the whole document, so a chart does not carry its own copy.
#[must_use]
pub const fn pattern_definitions() -> &'static str {
    concat!(
        r#"<defs>"#,
        r#"<pattern id="lab-R" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
        r#"<rect class="pat-bg-paper" width="6" height="6"/><path class="pat-paper" d="M0 0V6" stroke-width="3"/></pattern>"#,
        r#"<pattern id="lab-N" width="6" height="6" patternUnits="userSpaceOnUse">"#,
        r#"<rect class="pat-bg-paper" width="6" height="6"/><circle class="pat-dot-paper" cx="2" cy="2" r="1.1"/></pattern>"#,
        r#"<pattern id="lab-P" width="5" height="5" patternUnits="userSpaceOnUse">"#,
        r#"<rect class="pat-bg-soft" width="5" height="5"/><path class="pat-practice" d="M0 1.5H5" stroke-width="1"/></pattern>"#,
        r#"<pattern id="lab-E" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
        r#"<rect class="pat-bg-soft" width="8" height="8"/><path class="pat-practice" d="M0 4H8M4 0V8" stroke-width=".8"/></pattern>"#,
        r#"<pattern id="lab-V" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
        r#"<rect class="pat-bg-ground" width="9" height="9"/><path class="pat-practice" d="M0 0V9" stroke-width="2"/></pattern>"#,
        r#"<pattern id="lab-X" width="6" height="6" patternUnits="userSpaceOnUse">"#,
        r#"<rect class="pat-bg-soft" width="6" height="6"/><circle class="pat-dot-practice" cx="3" cy="3" r="1.2"/></pattern>"#,
        r#"</defs>"#
    )
}

/// `markup` with the light palette and the hatchings inside, for a reader without style sheets.
#[must_use]
pub fn for_print(markup: &str) -> String {
    match markup.split_once('>') {
        Some((opening, rest)) => {
            format!("{opening}><style>{}</style>{}{rest}", style_sheet_for_print(), pattern_definitions())
        }
        None => markup.to_owned(),
    }
}
