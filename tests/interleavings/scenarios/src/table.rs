//! The table.

mod herds;

use machine::thread;

use crate::{Scenario, Source, site};

macro_rules! facts {
    ($source:ident: $($room:ident::$fact:ident,)+) => {
        vec![$(Scenario {
            fact: stringify!($fact),
            run: || {
                $room::$fact::<$source>();
                end::<$source>();
            },
        }),+]
    };
}

/// What holds for both drivers.
#[must_use]
pub fn common<S: Source>() -> Vec<Scenario> {
    facts![S:
        herds::cold_callers_share_one_exchange,
    ]
}

/// However it went: one at a time, and nothing is at work any more.
fn end<S: Source>() {
    thread::end();
    assert!(site::most_under_way() <= 1);
    let exchanges = S::exchanges();
    assert!(exchanges.contains("0 at work, 0 waiting"), "{exchanges}");
}
