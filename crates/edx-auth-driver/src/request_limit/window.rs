//! The token requests to one host, and those that wait in line.

use std::collections::VecDeque;
use std::time::Duration;

/// When the last requests were sent, and when those that wait may come again.
#[derive(Debug, Default)]
pub(super) struct Window {
    sent: VecDeque<Duration>,
    /// One that does not come in its turn, such as a source that was dropped, is forgotten then.
    turns: Vec<Duration>,
}

impl Window {
    /// Counts a request that is sent now, unless this many were sent within such a time.
    ///
    /// # Errors
    /// Returns how long to wait instead. Requests that come after this one are told to wait longer, so that not
    /// all of them come again at once. None is told to wait more than [`ROUNDS`] such times: by then, many of
    /// those before it may have given up.
    pub(super) fn take(
        &mut self,
        most: usize,
        per: Duration,
        now: Duration,
    ) -> Result<(), Duration> {
        self.forget(per, now);
        if self.sent.len() < most {
            self.sent.push_back(now);
            return Ok(());
        }
        let before = self.turns.len();
        let rounds = u32::try_from(before / most + 1).unwrap_or(u32::MAX);
        let sent = self.sent.get(before % most).copied().unwrap_or(now);
        let turn = sent.saturating_add(per.saturating_mul(rounds.min(ROUNDS)));
        self.turns.push(turn);
        Err(turn.saturating_sub(now))
    }

    /// Reports whether nothing is left to remember.
    pub(super) fn is_idle(&mut self, per: Duration, now: Duration) -> bool {
        self.forget(per, now);
        self.sent.is_empty()
    }

    fn forget(&mut self, per: Duration, now: Duration) {
        let is_past = |sent: &Duration| now.saturating_sub(*sent) >= per;
        while self.sent.front().is_some_and(is_past) {
            self.sent.pop_front();
        }
        self.turns.retain(|turn| *turn > now);
    }
}

/// Five minutes, where the limit is for a minute.
const ROUNDS: u32 = 5;

#[cfg(test)]
#[allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_has_more_requests_than_the_limit() {
        let (mut window, mut sent) = (Window::default(), Vec::new());
        let mut now = Duration::ZERO;
        for _ in 0..5_000 {
            now += Duration::from_millis(fastrand::u64(0..3_000));
            if window.take(20, MINUTE, now).is_ok() {
                sent.push(now);
            }
        }

        assert!(sent.windows(21).all(|run| run[20] >= run[0] + MINUTE));
        // It is hardly stricter than that.
        assert!(sent.len() > 18 * usize::try_from(now.as_secs() / 60).unwrap());
    }

    #[test]
    fn those_that_wait_come_in_their_turn() {
        let mut window = Window::default();
        for second in 0..3 {
            window.take(3, MINUTE, seconds(second)).unwrap();
        }

        let wait = |_| window.take(3, MINUTE, seconds(10)).unwrap_err();
        let waits: Vec<Duration> = (0..7).map(wait).collect();

        assert_eq!(waits, [50, 51, 52, 110, 111, 112, 170].map(seconds));
    }

    #[test]
    fn those_that_do_not_come_in_their_turn_delay_no_other_for_long() {
        let mut window = Window::default();
        window.take(1, MINUTE, Duration::ZERO).unwrap();
        for _ in 0..50 {
            window.take(1, MINUTE, Duration::ZERO).unwrap_err();
        }

        let wait = window.take(1, MINUTE, seconds(1)).unwrap_err();
        assert_eq!(wait, seconds(299));

        window.take(1, MINUTE, seconds(300)).unwrap();
        let wait = window.take(1, MINUTE, seconds(301)).unwrap_err();
        assert_eq!(wait, seconds(59));
    }

    #[test]
    fn those_that_come_in_their_turn_are_all_served() {
        let mut window = Window::default();
        let mut next: Vec<Duration> = vec![Duration::ZERO; 1_000];
        let mut last = Duration::ZERO;
        while let Some(at) = next.iter().enumerate().min_by_key(|(_, at)| **at) {
            let (id, now) = (at.0, *at.1);
            last = now;
            match window.take(60, MINUTE, now) {
                Ok(()) => drop(next.swap_remove(id)),
                Err(wait) => next[id] = now + wait,
            }
        }

        assert_eq!(last, MINUTE * (1_000 / 60));
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const MINUTE: Duration = Duration::from_secs(60);
}
