//! Reports to `tracing`.

use std::error::Error as StdError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use edx_auth_core::{
    ApiUrl, Event, Generation, Invalidation, RenewalError, RenewalReason, TokenRequest,
};
use http::{StatusCode, Uri};
use tracing::field::{self, Empty};
use tracing::{Dispatch, Span, debug_span, dispatcher, span};

use crate::Error;
use crate::error::causes;
use crate::guarded::guarded;

const TARGET: &str = "edx_auth";

/// Emits an event that names its source by the endpoint and the client ID, which is no secret (RFC 6749
/// section 2.2). A source of a fixed token has no token request, and so neither of them.
macro_rules! tell {
    ($level:ident, $request:ident, $message:literal $(, $($fields:tt)+)?) => {
        tracing::$level!(
            target: TARGET,
            {
                edx_auth.endpoint = $request.map(|request| field::display(request.endpoint())),
                edx_auth.client_id = $request.map(|request| request.credentials().client_id()),
                $($($fields)+)?
            },
            $message
        )
    };
}

/// The span and the subscriber of the caller that caused a token request: traces lead from the one
/// to the other.
#[derive(Clone, Debug)]
pub(crate) struct TraceContext {
    span: Option<span::Id>,
    subscriber: Dispatch,
}

/// Whether a permanent failure was reported at ERROR already: once is enough until a token comes.
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
pub(crate) fn event(event: &Event, request: Option<&TokenRequest>, once: &ReportedOnce) {
    guarded(|| changed(event, request, once));
}

fn changed(event: &Event, request: Option<&TokenRequest>, once: &ReportedOnce) {
    match event {
        Event::Renewed {
            generation, reason, ..
        } => {
            once.0.store(false, Ordering::Relaxed);
            tell!(
                debug,
                request,
                "token renewed",
                edx_auth.generation = %generation,
                edx_auth.reason = ?reason
            );
        }
        Event::CredentialsChanged => tell!(
            info,
            request,
            "client credentials changed; the next token is requested with the new ones"
        ),
        Event::Failed { error, backoff, .. } if error.is_retryable() => tell!(
            warn,
            request,
            "token renewal failed; it is retried after the backoff",
            error.message = %error,
            error.cause = innermost(error),
            edx_auth.backoff_ms = millis(*backoff)
        ),
        Event::Failed { error, backoff, .. } => permanent(error, *backoff, request, once),
        _ => {}
    }
}

/// Reports an error that stays until it is fixed: at ERROR once, then at DEBUG until a token comes.
fn permanent(
    error: &RenewalError,
    backoff: Duration,
    request: Option<&TokenRequest>,
    once: &ReportedOnce,
) {
    if once.0.swap(true, Ordering::Relaxed) {
        tell!(
            debug,
            request,
            "token renewal failed again; its cause is not fixed yet",
            error.message = %error,
            error.cause = innermost(error),
            edx_auth.backoff_ms = millis(backoff)
        );
    } else {
        tell!(
            error,
            request,
            "token renewal failed; retrying does not help until its cause is fixed",
            error.message = %error,
            error.cause = innermost(error),
            edx_auth.advice = error.advice(),
            edx_auth.backoff_ms = millis(backoff)
        );
    }
}

/// Reports that an API rejected a token; which API, if that is known.
pub(crate) fn rejected(
    generation: Generation,
    invalidation: Invalidation,
    api: Option<&ApiUrl>,
    request: Option<&TokenRequest>,
) {
    let api = api.and_then(|url| url.uri().host());
    match invalidation {
        Invalidation::WillRenew { wait } => tell!(
            warn,
            request,
            "an API rejected the token; it will be renewed",
            server.address = api,
            edx_auth.generation = %generation,
            edx_auth.wait_ms = millis(wait)
        ),
        Invalidation::TooYoung { wait } => tell!(
            warn,
            request,
            "an API rejected a token that was just issued; clocks may differ, so it is tried again",
            server.address = api,
            edx_auth.generation = %generation,
            edx_auth.wait_ms = millis(wait)
        ),
        Invalidation::AlreadyReplaced => tell!(
            debug,
            request,
            "an API rejected a token that was already replaced",
            server.address = api,
            edx_auth.generation = %generation
        ),
        Invalidation::Fixed => tell!(
            warn,
            request,
            "an API rejected the fixed token; it cannot be renewed",
            server.address = api
        ),
    }
}

/// Reports that the program announced other credentials.
pub(crate) fn credentials_announced(request: Option<&TokenRequest>) {
    tell!(
        debug,
        request,
        "the program announced new client credentials; it is asked for them"
    );
}

/// Reports that a page of a list is fetched again later.
pub(crate) fn page_retried(
    page: Option<&ApiUrl>,
    error: &Error,
    wait: Duration,
    request: Option<&TokenRequest>,
) {
    // Of the page's URL, only the host is reported: the rest may hold personal data.
    let message = match error {
        Error::Transport { failure, .. } => format!("the server {failure}"),
        error => error.to_string(),
    };
    tell!(
        warn,
        request,
        "a page of a list could not be fetched; it is fetched again after the wait",
        server.address = page.and_then(|url| url.uri().host()),
        error.message = message,
        error.cause = innermost(error),
        edx_auth.wait_ms = millis(wait)
    );
}

/// Returns the message of the innermost cause, if there is any beneath the error itself.
fn innermost(error: &(dyn StdError + 'static)) -> Option<String> {
    causes(error).last().map(ToString::to_string)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
