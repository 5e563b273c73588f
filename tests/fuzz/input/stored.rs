//! Stored tokens, as bytes.

use std::sync::LazyLock;
use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, Event, Jitter, Moment, RenewalPolicy, StoredToken, TokenAgent,
    TokenEndpoint, TokenRequest,
};

use crate::shown;

pub(crate) fn check(bytes: &[u8]) {
    let stored = match StoredToken::from_bytes(bytes) {
        Ok(stored) => stored,
        Err(error) => return shown::check(&error, error.advice()),
    };
    let written = stored.to_bytes();
    let read = StoredToken::from_bytes(&written).expect("what was written is read");
    assert_eq!(read.to_bytes(), written);
    assert_eq!(written.last(), Some(&b'\n'));
    assert!(format!("{stored:?}").contains(" <redacted>"));
    check_restored(&stored);
}

/// Checks that the token, at any age, is served for a year at most, or not at all.
fn check_restored(stored: &StoredToken) {
    for wall in [0, 1_700_000_000, u64::MAX / 1000].map(Duration::from_secs) {
        let mut agent = TokenAgent::new(REQUEST.clone(), RenewalPolicy::DEFAULT);
        let now = Moment {
            monotonic: Duration::ZERO,
            wall,
        };
        match agent.restore(stored.clone(), now, Jitter::FULL) {
            Event::Restored { usable_for, .. } => {
                assert!(usable_for <= YEAR && !usable_for.is_zero());
                let kept = agent.export(now).expect("a usable token");
                assert!(StoredToken::from_bytes(&kept.to_bytes()).is_ok());
            }
            Event::NotRestored => assert!(agent.export(now).is_none()),
            event => panic!("{event:?}"),
        }
    }
}

static REQUEST: LazyLock<TokenRequest> = LazyLock::new(|| {
    let credentials = ClientCredentials::new("acme-api", "s3cret").expect("valid credentials");
    TokenRequest::new(TokenEndpoint::edx(), credentials)
});

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
