//! Which rows stand for all of a file of unknown length? Every n-th, where n doubles whenever there are too many.

/// At most so many rows are kept, evenly spread.
pub(super) const ROWS_MAX: usize = 200;

/// Rows from all over a file.
pub(super) struct Spread<T> {
    rows: Vec<T>,
    offered: u64,
    doubled: u32,
}

impl<T> Default for Spread<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), offered: 0, doubled: 0 }
    }
}

impl<T> Spread<T> {
    /// Offers the next row, which is made only where it is its turn.
    pub(super) fn offer_with(&mut self, row: impl FnOnce() -> T) {
        let step = 1_u64.checked_shl(self.doubled).unwrap_or(u64::MAX);
        let is_due = self.offered.is_multiple_of(step);
        self.offered = self.offered.saturating_add(1);
        if !is_due {
            return;
        }
        self.rows.push(row());
        if self.rows.len() > ROWS_MAX {
            let mut place = 0_usize;
            self.rows.retain(|_| {
                place = place.saturating_add(1);
                !place.is_multiple_of(2)
            });
            self.doubled = self.doubled.saturating_add(1);
        }
    }

    /// The rows that were kept, in their order.
    pub(super) fn into_rows(self) -> Vec<T> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_from_all_over_are_evenly_spread() {
        let mut spread = Spread::default();
        for row in 0..10_000_u64 {
            spread.offer_with(|| row);
        }
        let rows = spread.into_rows();
        let step = rows[1] - rows[0];
        assert!(rows.len() > ROWS_MAX / 2 && rows.len() <= ROWS_MAX, "{}", rows.len());
        assert!(rows.windows(2).all(|pair| pair[1] - pair[0] == step), "{rows:?}");
        assert!(rows.last().unwrap() + step >= 10_000);
    }
}
