//! Reports to `tracing`.

use std::error::Error as StdError;
use std::fmt::Display;
use std::iter::successors;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use edx_auth_core::{Event, Generation, Invalidation, RenewalError, RenewalReason};
use http::{StatusCode, Uri};
use tracing::field::{self, Empty};
use tracing::{Dispatch, Span, debug, debug_span, dispatcher, error, info, span, warn};

use crate::Error;
use crate::guarded::guarded;

/// The span and the subscriber of the caller that caused a token request: traces lead from the one
/// to the other.
#[derive(Clone, Debug)]
pub(crate) struct TraceContext {
    span: Option<span::Id>,
    subscriber: Dispatch,
}

/// Whether a permanent denial was reported at ERROR already: once is enough until a token comes.
#[derive(Debug, Default)]
pub(crate) struct ReportedOnce(AtomicBool);

/// The span of one token request.
pub(crate) struct ExchangeSpan(Span);

std::thread_local! {
    /// The span of the caller on whose behalf this thread works.
    static CAUSE: std::cell::RefCell<Option<span::Id>> = const { std::cell::RefCell::new(None) };
}

impl TraceContext {
    /// Returns the context of this thread.
    pub(crate) fn current() -> Self {
        let current = guarded(|| Span::current().id()).flatten();
        let subscriber = guarded(|| dispatcher::get_default(Clone::clone));
        Self {
            span: current.or_else(|| CAUSE.with_borrow(Clone::clone)),
            subscriber: subscriber.unwrap_or_else(Dispatch::none),
        }
    }

    /// Runs work whose events go to the caller's subscriber, on any thread.
    pub(crate) fn with<T>(&self, work: impl FnOnce() -> T) -> T {
        let outer = CAUSE.replace(self.span.clone());
        let result = dispatcher::with_default(&self.subscriber, work);
        CAUSE.set(outer);
        result
    }
}

impl ExchangeSpan {
    /// Sends within the span. `send` must not panic.
    pub(crate) fn in_scope<T>(&self, send: impl FnOnce() -> T) -> T {
        let entered = guarded(|| self.0.enter());
        let result = send();
        guarded(|| drop(entered));
        result
    }

    /// Closes the span with the status of the response, if one arrived, and with how the token request
    /// ended.
    pub(crate) fn close(self, status: Option<StatusCode>, event: &Event) {
        guarded(|| {
            let mut status = status;
            if let Event::Failed {
                error: RenewalError::Exchange(error),
                ..
            } = event
            {
                status = status.or_else(|| error.status());
                self.0.record("error.type", field::debug(error.kind()));
            } else if let Some(status) = status.filter(|status| !status.is_success()) {
                // The program is asked for other credentials before this counts as a failure.
                self.0.record("error.type", status.as_str());
            }
            if let Some(status) = status {
                self.0.record("http.response.status_code", status.as_u16());
            }
        });
    }
}

impl Drop for ExchangeSpan {
    fn drop(&mut self) {
        let span = std::mem::replace(&mut self.0, Span::none());
        guarded(|| drop(span));
    }
}

/// Opens the span of a token request, with the field names of OpenTelemetry's HTTP spans.
pub(crate) fn exchange(url: &Uri, reason: RenewalReason) -> ExchangeSpan {
    let span = || {
        debug_span!(
            target: TARGET,
            parent: None,
            "token request",
            otel.kind = "client",
            http.request.method = "POST",
            url.full = %url,
            server.address = url.host(),
            server.port = url.port_u16(),
            edx_auth.reason = ?reason,
            http.response.status_code = Empty,
            error.type = Empty,
        )
    };
    let span = ExchangeSpan(guarded(span).unwrap_or_else(Span::none));
    guarded(|| span.0.follows_from(CAUSE.with_borrow(Clone::clone)));
    span
}

/// Reports what the end of a piece of work changed.
pub(crate) fn event(event: &Event, once: &ReportedOnce) {
    guarded(|| changed(event, once));
}

fn changed(event: &Event, once: &ReportedOnce) {
    match event {
        Event::Renewed {
            generation, reason, ..
        } => {
            once.0.store(false, Ordering::Relaxed);
            debug!(
                target: TARGET,
                { edx_auth.generation = %generation, edx_auth.reason = ?reason },
                "token renewed"
            );
        }
        Event::CredentialsChanged => info!(target: TARGET, "client credentials changed"),
        Event::Failed { error, backoff, .. } if error.is_retryable() => warn!(
            target: TARGET,
            {
                error.message = %error,
                error.cause = innermost(error),
                edx_auth.backoff_ms = millis(*backoff)
            },
            "token renewal failed"
        ),
        Event::Failed { error, backoff, .. } => denied(error, *backoff, once),
        _ => {}
    }
}

/// Reports that an API rejected a token.
pub(crate) fn rejected(generation: Generation, invalidation: Invalidation) {
    match invalidation {
        Invalidation::WillRenew { wait } => warn!(
            target: TARGET,
            { edx_auth.generation = %generation, edx_auth.wait_ms = millis(wait) },
            "an API rejected the token, which will be renewed"
        ),
        Invalidation::TooYoung { wait } => warn!(
            target: TARGET,
            { edx_auth.generation = %generation, edx_auth.wait_ms = millis(wait) },
            "an API rejected a token that was just issued; it will be tried again after the grace for clock skew"
        ),
        Invalidation::AlreadyReplaced => debug!(
            target: TARGET,
            { edx_auth.generation = %generation },
            "an API rejected a token that was replaced already"
        ),
        Invalidation::Fixed => warn!(target: TARGET, "an API rejected the fixed token"),
    }
}

/// Reports that the program announced other credentials.
pub(crate) fn credentials_announced() {
    debug!(target: TARGET, "client credentials may have changed");
}

/// Reports that a page of a list is fetched again later.
pub(crate) fn page_retried(error: &Error, wait: Duration) {
    // Without the URL, whose query may hold personal data.
    let message: &dyn Display = match error {
        Error::Transport { error, .. } => error,
        error => error,
    };
    warn!(
        target: TARGET,
        {
            error.message = %message,
            error.cause = innermost(error),
            edx_auth.wait_ms = millis(wait)
        },
        "a page of a list will be fetched again"
    );
}

/// Reports a permanent denial: at ERROR once, then at DEBUG until a token comes.
fn denied(error: &RenewalError, backoff: Duration, once: &ReportedOnce) {
    let backoff = millis(backoff);
    if once.0.swap(true, Ordering::Relaxed) {
        debug!(target: TARGET, { edx_auth.backoff_ms = backoff }, "token request denied again");
        return;
    }
    error!(
        target: TARGET,
        {
            error.message = %error,
            error.cause = innermost(error),
            edx_auth.advice = error.advice(),
            edx_auth.backoff_ms = backoff
        },
        "token request denied"
    );
}

/// Returns the message of the innermost cause, if there is any beneath the error itself.
fn innermost(error: &(dyn StdError + 'static)) -> Option<String> {
    let causes = successors(error.source(), |cause| (*cause).source());
    causes.last().map(ToString::to_string)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

const TARGET: &str = "edx_auth";
