//! One caller's place among those who wait.

use std::time::Duration;

use tokio::sync::Notify;

use super::hang_guard::HangGuard;
use super::policies::PATIENCE;
use crate::alarm::Waiter;

#[tokio::test]
async fn what_settles_before_the_waiting_begins_is_heard() {
    let _guard = HangGuard::new();
    let settled = Notify::new();

    let waiter = Waiter::at(&settled);
    settled.notify_waiters();

    waiter.wait(PATIENCE).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn where_nothing_settles_real_time_ends_the_waiting() {
    let _guard = HangGuard::new();
    let settled = Notify::new();

    let waiter = Waiter::at(&settled);

    waiter.wait(Duration::from_millis(5)).await.unwrap();
}
