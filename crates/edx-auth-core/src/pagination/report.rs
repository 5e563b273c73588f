//! What was read of a list.

/// What was read of a list. Numbers that differ are no error: lists grow and shrink while they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PagesReport {
    /// How many items were returned.
    pub items: u64,
    /// How many pages were read.
    pub pages: u64,
    /// How many items the list has, as its first page says.
    pub first_total: Option<u64>,
    /// How many items the list has, as its last page says.
    pub last_total: Option<u64>,
    /// How often a page was fetched again.
    pub retries: u64,
}

impl PagesReport {
    pub(super) fn add_page(&mut self, items: usize, total: Option<u64>) {
        if self.pages == 0 {
            self.first_total = total;
        }
        self.last_total = total;
        self.pages += 1;
        self.items = self.items.saturating_add(items as u64);
    }
}
