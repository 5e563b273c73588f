//! Tokens that a source has had for a while.

use std::time::Duration;

use edx_auth_core::{AccessToken, Jitter, StoredToken, TokenType};

use crate::TokenSource;

/// One that is neither young nor due.
pub(super) fn hold_fresh(source: &TokenSource) {
    hold(source, Duration::from_secs(10 * 60));
}

/// One that is due for renewal, and may be used for minutes.
pub(super) fn hold_due(source: &TokenSource) {
    hold(source, Duration::from_secs(55 * 60));
}

fn hold(source: &TokenSource, age: Duration) {
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    let now = source.shared.clock.now();
    let born = now.wall.saturating_sub(age);
    let stored = StoredToken::new(token, HOUR, born);
    let _adopted = source.shared.lock().adopt(stored, now, Jitter::NONE);
}

const HOUR: Duration = Duration::from_secs(60 * 60);
