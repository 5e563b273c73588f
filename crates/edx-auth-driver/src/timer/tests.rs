#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::future::{pending, ready};
use std::task::Waker;

use super::*;
use crate::testing::{HangGuard, block_on};

#[test]
fn it_completes_outside_every_runtime() {
    let _guard = HangGuard::new();
    let timer = Timer::after(SHORT);

    block_on(timer).unwrap();
}

#[tokio::test(start_paused = true)]
async fn it_completes_in_real_time_under_a_paused_clock() {
    let _guard = HangGuard::new();
    let start = Instant::now();

    Timer::after(SHORT).await.unwrap();

    assert!(start.elapsed() >= SHORT);
}

#[test]
fn work_in_time_is_delivered() {
    let _guard = HangGuard::new();

    let result = block_on(Timer::after(LONG).limit(ready(42)));

    assert_eq!(result.unwrap(), Some(42));
}

#[test]
fn work_is_abandoned_at_its_deadline() {
    let _guard = HangGuard::new();

    let result = block_on(Timer::after(SHORT).limit(pending::<()>()));

    assert_eq!(result.unwrap(), None);
}

#[test]
fn finished_work_is_delivered_even_after_its_deadline() {
    let _guard = HangGuard::new();

    let result = block_on(Timer::after(Duration::ZERO).limit(ready(42)));

    assert_eq!(result.unwrap(), Some(42));
}

#[test]
fn it_knows_without_waiting_whether_its_time_has_passed() {
    assert!(Timer::after(Duration::ZERO).has_passed());
    assert!(!Timer::after(LONG).has_passed());
}

#[test]
fn the_longest_wait_is_no_error() {
    let mut timer = Timer::after(Duration::MAX);
    let mut context = Context::from_waker(Waker::noop());

    assert!(Pin::new(&mut timer).poll(&mut context).is_pending());
    assert!(!timer.has_passed());
}

const SHORT: Duration = Duration::from_millis(5);
const LONG: Duration = Duration::from_secs(60 * 60);
