use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A limit of requests per minute and address, counted as django-ratelimit does: in fixed windows,
/// and including blocked requests.
#[derive(Debug)]
pub(crate) struct RateLimit {
    per_minute: u32,
    windows: Mutex<HashMap<IpAddr, Window>>,
}

impl RateLimit {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            windows: Mutex::default(),
        }
    }

    /// Counts a request. Returns whether it is within the limit.
    pub(crate) fn admits(&self, address: IpAddr, now: Instant) -> bool {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows
            .entry(address)
            .or_insert_with(|| Window::starting(now));
        if window.has_ended(now) {
            *window = Window::starting(now);
        }
        window.requests = window.requests.saturating_add(1);
        window.requests <= self.per_minute
    }
}

/// The requests of one address in its current minute.
#[derive(Debug)]
struct Window {
    began: Instant,
    requests: u32,
}

impl Window {
    fn starting(now: Instant) -> Self {
        Self {
            began: now,
            requests: 0,
        }
    }

    fn has_ended(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.began) >= MINUTE
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::{Duration, Instant, IpAddr, MINUTE, RateLimit};

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

    #[test]
    fn a_limit_admits_its_number_and_no_more() {
        let limit = RateLimit::new(2);
        let now = Instant::now();

        let admitted: Vec<_> = (0..4).map(|_| limit.admits(HERE, now)).collect();

        assert_eq!(admitted, [true, true, false, false]);
    }

    #[test]
    fn the_count_restarts_a_minute_after_the_first_request() {
        let limit = RateLimit::new(1);
        let first = Instant::now();

        assert!(limit.admits(HERE, first));
        assert!(!limit.admits(HERE, first + Duration::from_millis(59_999)));
        assert!(limit.admits(HERE, first + MINUTE));
    }

    #[test]
    fn addresses_are_counted_apart() {
        let limit = RateLimit::new(1);
        let now = Instant::now();

        assert!(limit.admits(HERE, now));
        assert!(limit.admits(THERE, now));
    }

    #[test]
    fn a_limit_of_zero_admits_no_request() {
        assert!(!RateLimit::new(0).admits(HERE, Instant::now()));
    }
}
