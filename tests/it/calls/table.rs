//! All rows of the table, by subject.

mod bodies;
mod deadlines;
mod origins;
mod permissions;
mod replays;
mod requests;
mod stale;
mod statuses;
mod unseen;

use super::row::Row;

pub(super) fn table() -> Vec<Row> {
    let parts = [
        requests::rows(),
        stale::rows(),
        permissions::rows(),
        unseen::rows(),
        replays::rows(),
        statuses::rows(),
        bodies::rows(),
        deadlines::rows(),
        origins::rows(),
    ];
    parts.into_iter().flatten().collect()
}
