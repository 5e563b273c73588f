//! Everything that a value can write to a log.

use std::error::Error;
use std::fmt::Debug;
use std::iter;

/// Returns both forms of `Debug`.
pub fn of_value(value: &(impl Debug + ?Sized)) -> Vec<String> {
    vec![format!("{value:?}"), format!("{value:#?}")]
}

/// Returns both forms of `Debug`, and `Display`, of the error and of all its sources.
pub fn of_error(error: &(dyn Error + 'static)) -> Vec<String> {
    let chain = iter::successors(Some(error), |error| (*error).source());
    let shown = chain.flat_map(|error| {
        let mut shown = of_value(error);
        shown.push(error.to_string());
        shown
    });
    shown.collect()
}
