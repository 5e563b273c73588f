//! Facts that hold for every source under every schedule.

mod backoffs;
mod clones;
mod drops;
mod faults;
mod herds;
mod hosts;
mod lanes;
mod leases;
mod rejections;
mod renewals;
mod rotations;
mod saves;
mod wakers;

use machine::explore::Scenario;
use machine::thread;

use crate::site;

/// Lists the scenarios; the number behind a slow one divides its schedules: `/ 20` means a twentieth.
macro_rules! facts {
    ($($module:ident::$fact:ident $(/ $share:literal)?,)+) => {
        vec![$(Scenario {
            fact: stringify!($fact),
            share: 1 $(* $share)?,
            run: || {
                site::reset();
                $module::$fact();
                thread::join_all();
                site::check();
            },
        }),+]
    };
}

pub(crate) fn scenarios() -> Vec<Scenario> {
    facts![
        herds::cold_callers_share_one_token_request,
        herds::blocking_and_async_callers_share_one_token_request,
        herds::denied_callers_share_one_error,
        herds::a_caller_without_time_leaves_its_request_for_the_others,
        backoffs::a_failing_site_gets_one_request_per_backoff,
        backoffs::a_backoff_that_ends_between_two_polls_is_noticed,
        backoffs::a_backoff_beyond_the_timeout_is_reported_to_all,
        faults::a_panicking_transport_is_reported_to_all,
        faults::a_panicking_credentials_function_is_reported_to_all,
        faults::a_panic_in_the_second_credentials_call_reports_the_denial,
        faults::a_missing_thread_is_reported_to_all,
        faults::a_source_recovers_from_panics_and_missing_threads,
        leases::a_response_after_its_lease_leaves_no_caller_stuck,
        leases::credentials_slower_than_a_lease_take_one_thread,
        leases::credentials_that_come_after_the_lease_bring_a_token,
        leases::callers_leave_at_their_timeout,
        rejections::a_token_rejected_twice_is_renewed_once,
        renewals::a_due_token_is_served_during_its_renewal,
        renewals::no_caller_waits_for_a_renewal,
        renewals::a_failed_renewal_fails_no_caller,
        renewals::a_forced_renewal_returns_a_newer_token,
        renewals::a_restored_token_wakes_all_callers,
        rotations::newer_credentials_have_the_last_word,
        rotations::of_two_changes_the_later_has_the_last_word,
        rotations::rejected_credentials_are_replaced_before_a_caller_gets_the_error,
        rotations::changed_credentials_end_what_the_old_ones_caused,
        rotations::credentials_that_change_during_a_request_replace_it,
        rotations::a_change_that_no_caller_waits_for_is_applied,
        saves::a_program_that_ends_with_its_call_has_saved_the_token,
        lanes::every_job_runs_once,
        lanes::a_panicking_job_gives_its_place_back,
        lanes::jobs_without_a_thread_run_or_are_lost_once,
        lanes::a_sick_host_leaves_places_for_a_healthy_one,
        lanes::a_place_held_for_too_long_goes_to_another_job,
        hosts::a_hanging_host_stops_no_source_of_another / 20,
        hosts::a_queued_source_gets_the_place_of_one_that_hangs / 20,
        hosts::seventy_sources_of_one_host_all_get_their_token / 50,
        clones::a_dropped_source_finishes_its_work_and_is_freed,
        wakers::a_report_is_never_lost_between_two_polls,
        wakers::the_last_waker_of_a_caller_is_woken,
        wakers::a_panicking_waker_harms_no_other_caller,
        drops::callers_on_tasks_share_one_token_request,
        drops::a_caller_dropped_at_any_await_harms_no_other,
        drops::a_caller_dropped_during_a_backoff_harms_no_other,
        drops::a_caller_dropped_during_a_renewal_harms_no_other,
        drops::callers_that_are_all_dropped_leave_a_token,
        drops::a_caller_without_a_timer_harms_no_other,
    ]
}
