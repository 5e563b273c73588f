//! Histories that once broke a law.

use core::time::Duration;
use std::vec::Vec;

use super::history::{Action, History, Outcome};
use super::world::World;
use crate::jitter::Jitter;

const fn seconds(seconds: u64) -> Action {
    Action::Pass(Duration::from_secs(seconds))
}

const fn provide(credentials: usize) -> Action {
    Action::Provide {
        credentials: Some(credentials),
        jitter: Jitter::NONE,
    }
}

const fn end(outcome: Outcome) -> Action {
    Action::End {
        outcome,
        jitter: Jitter::NONE,
    }
}

const ACQUIRE: Action = Action::Acquire {
    caller: 0,
    validity: Duration::ZERO,
};

const REJECT: Action = end(Outcome::InvalidClient);

const ISSUE: Action = end(Outcome::Issued { life: 3600 });

const LOSE: Action = Action::Lose {
    jitter: Jitter::NONE,
};

#[track_caller]
fn assert_keeps_every_law(is_provided: bool, actions: &[Action]) {
    let history = History {
        is_provided,
        actions: actions.to_vec(),
    };
    assert_eq!(World::live_through(&history), Vec::new());
}

#[test]
fn a_late_rejection_of_the_credentials_ends_the_attempt_that_would_repeat_it() {
    let late = [
        ACQUIRE,
        Action::Poll,
        seconds(25),
        ACQUIRE,
        REJECT,
        Action::Poll,
    ];

    assert_keeps_every_law(false, &late);
}

#[test]
fn a_lost_worker_ends_the_attempt_that_would_repeat_a_rejection() {
    let first = [ACQUIRE, Action::Poll, provide(0), Action::Poll, seconds(25)];
    let lost = [ACQUIRE, REJECT, Action::Poll, LOSE, Action::Poll];

    assert_keeps_every_law(true, &[&first[..], &lost[..]].concat());
}

#[test]
fn a_rejection_of_replaced_credentials_does_not_ask_the_program() {
    let first = [ACQUIRE, Action::Poll, provide(0), Action::Poll];
    let replaced = [Action::SetCredentials(1), REJECT];

    assert_keeps_every_law(true, &[&first[..], &replaced[..]].concat());
}

#[test]
fn a_second_report_of_a_rejection_changes_nothing() {
    // The world makes every report twice.
    let twice = [ACQUIRE, Action::Poll, provide(0), Action::Poll, REJECT];

    assert_keeps_every_law(true, &twice);
}

#[test]
fn rejected_credentials_do_not_take_the_place_of_newer_ones() {
    let first = [
        ACQUIRE,
        Action::Poll,
        provide(0),
        Action::Poll,
        REJECT,
        LOSE,
    ];
    let behind = [
        Action::SetCredentials(1),
        ACQUIRE,
        Action::Poll,
        provide(0),
        Action::Poll,
    ];

    assert_keeps_every_law(true, &[&first[..], &behind[..]].concat());
}

#[test]
fn new_credentials_are_used_after_the_attempt_that_asked_for_them_ended() {
    let first = [ACQUIRE, Action::Poll, provide(0), Action::Poll, seconds(26)];
    let late = [
        ACQUIRE,
        seconds(1),
        ISSUE,
        Action::Poll,
        seconds(25),
        provide(1),
    ];

    assert_keeps_every_law(true, &[&first[..], &late[..]].concat());
}
