//! The same chart as rows of words, for those who cannot or would rather not look at it.

/// A table made from the same points as the chart beside it. The first cell of a row is its heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableTwin {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl TableTwin {
    pub(crate) fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|&word| word.to_owned()).collect(), rows: Vec::new() }
    }

    pub(crate) fn push<const N: usize>(&mut self, row: [&str; N]) {
        self.rows.push(row.iter().map(|&word| word.to_owned()).collect());
    }
}
