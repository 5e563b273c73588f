//! What a source tells of itself: a span for each exchange, an event for each turn in a token's life.
//!
//! The target is `edx_auth` in both drivers, the names are OpenTelemetry's where it has one, and no
//! secret is ever among the values. Nothing is told of a call that finds a fresh token. Without the
//! feature `tracing`, `silence.rs` stands in for this file.

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use edx_auth_core::{
    Event, Invalidation, IssuedToken, LiveToken, RenewalError, RenewalReason, TokenRequest,
};
use tracing::field::{self, Empty};
use tracing::{Dispatch, Span, debug, debug_span, dispatcher, error, info, span, warn};

use crate::Error;

/// Who caused an exchange: whoever follows traces finds it from there.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    span: Option<span::Id>,
    listener: Dispatch,
}

/// Whether people know already that a source is refused for good: once is enough.
#[derive(Debug, Default)]
pub(crate) struct Told(AtomicBool);

impl Caller {
    /// Whoever runs this.
    pub(crate) fn current() -> Self {
        Self {
            span: Span::current().id(),
            listener: dispatcher::get_default(Clone::clone),
        }
    }

    /// Does the work where the caller's listener hears of it, on whatever thread.
    pub(crate) fn hears<T>(&self, work: impl FnOnce() -> T) -> T {
        dispatcher::with_default(&self.listener, work)
    }

    /// Runs one exchange in a span of its own.
    pub(crate) fn exchange(
        &self,
        request: &TokenRequest,
        run: impl FnOnce() -> Result<IssuedToken, RenewalError>,
    ) -> Result<IssuedToken, RenewalError> {
        let span = exchange(request);
        span.follows_from(self.span.clone());
        let result = span.in_scope(run);
        if let Err(RenewalError::Exchange(error)) = &result {
            span.record("error.type", field::debug(error.kind()));
            if let Some(status) = error.status() {
                span.record("http.response.status_code", status.as_u16());
            }
        }
        result
    }
}

/// Somebody was elected to get a token.
pub(crate) fn elected(reason: RenewalReason) {
    debug!(target: TARGET, { edx_auth.reason = ?reason }, "elected to get a token");
}

/// An attempt has ended.
pub(crate) fn settled(event: &Event, told: &Told) {
    match event {
        Event::Renewed {
            generation, reason, ..
        } => {
            told.0.store(false, Ordering::Relaxed);
            debug!(
                target: TARGET,
                { edx_auth.generation = %generation, edx_auth.reason = ?reason },
                "token renewed"
            );
        }
        Event::Failed { cause, pause, .. } if cause.is_retryable() => warn!(
            target: TARGET,
            { error.message = %cause, edx_auth.pause_ms = millis(*pause) },
            "no token, paused"
        ),
        Event::Failed { cause, pause, .. } => refused_for_good(cause, *pause, told),
        _ => {}
    }
}

/// An API has refused a token.
pub(crate) fn refused(token: &LiveToken, invalidation: Invalidation) {
    let generation = token.generation();
    match invalidation {
        Invalidation::WillRenew { wait } => warn!(
            target: TARGET,
            { edx_auth.generation = %generation, edx_auth.wait_ms = millis(wait) },
            "token refused, will be renewed"
        ),
        Invalidation::TooYoung { wait } => debug!(
            target: TARGET,
            { edx_auth.generation = %generation, edx_auth.wait_ms = millis(wait) },
            "token refused, too young to count"
        ),
        Invalidation::AlreadyReplaced => debug!(
            target: TARGET,
            { edx_auth.generation = %generation },
            "token refused, replaced already"
        ),
    }
}

/// The program has another pair.
pub(crate) fn rotated() {
    info!(target: TARGET, "credentials rotated");
}

/// A page of a list is not there yet, and is asked for again.
pub(crate) fn put_off(fault: &Error, wait: Duration) {
    // Without the URL, whose query may name people.
    let why: &dyn Display = match fault {
        Error::Transport { failure, .. } => failure,
        other => other,
    };
    warn!(
        target: TARGET,
        { error.message = %why, edx_auth.wait_ms = millis(wait) },
        "page put off"
    );
}

/// Said out loud the first time, and in a low voice until a token comes.
fn refused_for_good(cause: &RenewalError, pause: Duration, told: &Told) {
    let pause = millis(pause);
    if told.0.swap(true, Ordering::Relaxed) {
        debug!(target: TARGET, { edx_auth.pause_ms = pause }, "no token, still");
        return;
    }
    error!(
        target: TARGET,
        { error.message = %cause, edx_auth.advice = cause.advice(), edx_auth.pause_ms = pause },
        "no token, until somebody mends this"
    );
}

/// A token request, by the names of OpenTelemetry's HTTP spans.
fn exchange(request: &TokenRequest) -> Span {
    let url = request.endpoint().uri();
    debug_span!(
        target: TARGET,
        parent: None,
        "token exchange",
        otel.kind = "client",
        http.request.method = "POST",
        url.full = %url,
        server.address = url.host(),
        server.port = url.port_u16(),
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

const TARGET: &str = "edx_auth";
