//! The table, by what its rows are about.

mod outages;
mod pairs;
mod refusals;
mod renewals;
mod replies;
mod requests;
mod verdicts;

use super::row::Row;

pub(super) fn table() -> Vec<Row> {
    let parts = [
        requests::rows(),
        renewals::rows(),
        refusals::rows(),
        verdicts::rows(),
        outages::rows(),
        replies::rows(),
        pairs::rows(),
    ];
    parts.into_iter().flatten().collect()
}
