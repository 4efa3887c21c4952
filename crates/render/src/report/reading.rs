//! What do the pages say when they are read? For tests only: the laid out text, page by page.

use typst::layout::{Frame, FrameItem};

use super::export::typeset;
use super::model::Model;

/// The words of each page in the order they were laid out.
pub(super) fn pages_of(model: &Model) -> Vec<String> {
    let document = typeset(model).unwrap();
    document
        .pages()
        .iter()
        .map(|page| {
            let mut words = String::new();
            read(&page.frame, &mut words);
            words
        })
        .collect()
}

fn read(frame: &Frame, words: &mut String) {
    for (_, item) in frame.items() {
        if let FrameItem::Group(group) = item {
            read(&group.frame, words);
        }
        if let FrameItem::Text(text) = item {
            words.push_str(&text.text);
            words.push(' ');
        }
    }
}
