//! What holds for both drivers.

mod clones;
mod faults;
mod herds;
mod leases;
mod pauses;
mod places;
mod refusals;
mod renewals;
mod rotations;

use machine::thread;

use crate::{Scenario, Source, site};

/// A table of facts about one driver, each a function that is told which; those that take long have
/// their share of the schedules only.
#[macro_export]
macro_rules! facts {
    ($source:ty: $($room:ident::$fact:ident $(::<$of:ty>)? $(/ $share:literal)?,)+) => {
        vec![$($crate::Scenario {
            fact: stringify!($fact),
            share: 1 $(* $share)?,
            run: || {
                $room::$fact $(::<$of>)?();
                $crate::end::<$source>();
            },
        }),+]
    };
}

#[must_use]
pub fn common<S: Source>() -> Vec<Scenario> {
    facts![S:
        herds::cold_callers_share_one_exchange::<S>,
        herds::refused_callers_share_one_cause::<S>,
        herds::a_caller_without_patience_leaves_an_exchange_for_the_others::<S>,
        pauses::a_site_in_trouble_is_asked_once_per_pause::<S>,
        pauses::a_pause_that_is_too_long_is_told_to_all::<S>,
        faults::an_exchange_that_panics_is_told_to_all::<S>,
        faults::a_thread_that_cannot_be_had_is_told_to_all::<S>,
        faults::neither_a_panic_nor_a_missing_thread_is_the_end::<S>,
        leases::a_reply_later_than_its_lease_leaves_nobody_stuck::<S>,
        leases::credentials_slower_than_a_lease_take_one_thread::<S>,
        leases::callers_leave_when_their_patience_is_over::<S>,
        refusals::a_token_refused_to_two_is_renewed_once::<S>,
        renewals::a_due_token_is_served_while_one_asks::<S>,
        renewals::nobody_waits_for_a_renewal::<S>,
        renewals::a_failed_renewal_fails_nobody::<S>,
        renewals::whoever_forces_a_renewal_gets_a_newer_token::<S>,
        rotations::a_newer_pair_has_the_last_word::<S>,
        rotations::of_two_changes_the_later_has_the_last_word::<S>,
        rotations::a_refused_pair_is_changed_before_anybody_hears_of_it::<S>,
        rotations::changed_credentials_end_what_the_old_ones_caused::<S>,
        places::every_job_has_its_turn::<S>,
        places::a_place_outlives_a_panic::<S>,
        places::threads_that_cannot_be_had_leave_no_place_taken::<S>,
        places::seventy_sources_all_get_their_token::<S> / 50,
        clones::a_source_that_nobody_has_any_more_is_gone::<S>,
    ]
}

/// However it went: never more at once than there is room for, and nothing is at work any more.
pub fn end<S: Source>() {
    thread::end();
    site::had_room();
    let exchanges = S::exchanges();
    assert!(exchanges.contains("0 at work, 0 waiting"), "{exchanges}");
}
