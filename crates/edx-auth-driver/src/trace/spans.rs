//! Reports to `tracing`.

use std::error::Error as StdError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use edx_auth_core::{
    ApiUrl, Deprecation, Event, Generation, Invalidation, RenewalError, RenewalReason, ServerText,
};
use http::{StatusCode, Uri};
use tracing::field::{self, Empty};
use tracing::{Dispatch, Span, Value, debug_span, dispatcher, span};

use crate::Error;
use crate::error::causes;
use crate::guarded::guarded;

const TARGET: &str = "edx_auth";

/// Emits an event that says which source it is about.
macro_rules! tell {
    ($level:ident, $label:ident, $message:literal $(, $($fields:tt)+)?) => {
        tracing::$level!(
            target: TARGET,
            { edx_auth.label = $label, $($($fields)+)? },
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
    /// ended. `tell` emits the event of that within the span.
    pub(crate) fn close(self, status: Option<StatusCode>, event: &Event, tell: impl FnOnce()) {
        self.in_scope(tell);
        guarded(|| {
            let mut status = status;
            if let Event::Failed {
                error: RenewalError::Exchange(error),
                ..
            } = event
            {
                status = status.or_else(|| error.status());
                self.record_error(field::debug(error.kind()));
            } else if let Some(status) = status.filter(|status| !status.is_success()) {
                // The program is asked for other credentials before this counts as a failure.
                self.record_error(status.as_str());
            }
            if let Some(status) = status {
                // OpenTelemetry's integers are signed: tracing-opentelemetry makes text of others.
                let status = i64::from(status.as_u16());
                self.0.record("http.response.status_code", status);
            }
        });
    }

    fn record_error(&self, kind: impl Value) {
        self.0.record("error.type", kind);
        self.0.record("otel.status_code", "error");
    }
}

impl Drop for ExchangeSpan {
    fn drop(&mut self) {
        let span = std::mem::replace(&mut self.0, Span::none());
        guarded(|| drop(span));
    }
}

/// Opens the span of a token request, with the field names of OpenTelemetry's HTTP spans.
pub(crate) fn exchange(url: &Uri, reason: RenewalReason, label: &str) -> ExchangeSpan {
    let span = || {
        debug_span!(
            target: TARGET,
            parent: None,
            "token request",
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = "POST",
            url.full = %url,
            server.address = url.host(),
            server.port = url.port_u16().map(i64::from),
            edx_auth.label = label,
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
pub(crate) fn event(event: &Event, label: &str, once: &ReportedOnce) {
    guarded(|| changed(event, label, once));
}

fn changed(event: &Event, label: &str, once: &ReportedOnce) {
    match event {
        Event::Renewed {
            generation, reason, ..
        } => {
            once.0.store(false, Ordering::Relaxed);
            tell!(
                debug,
                label,
                "token renewed",
                edx_auth.generation = %generation,
                edx_auth.reason = ?reason
            );
        }
        Event::CredentialsChanged => tell!(
            info,
            label,
            "client credentials changed; the next token is requested with the new ones"
        ),
        Event::StoreFailed { error } => tell!(
            warn,
            label,
            "the token store failed; tokens are requested without it until it works again",
            error.message = %error,
            error.cause = innermost(error.as_ref())
        ),
        Event::Failed { error, backoff, .. } if error.is_retryable() => tell!(
            warn,
            label,
            "token renewal failed; it is retried after the backoff",
            error.message = %error,
            error.cause = innermost(error),
            edx_auth.backoff_ms = millis(*backoff)
        ),
        Event::Failed { error, backoff, .. } => permanent(error, *backoff, label, once),
        _ => {}
    }
}

/// Reports an error that stays until it is fixed: at ERROR once, then at DEBUG until a token comes.
fn permanent(error: &RenewalError, backoff: Duration, label: &str, once: &ReportedOnce) {
    if once.0.swap(true, Ordering::Relaxed) {
        tell!(
            debug,
            label,
            "token renewal failed again; its cause is not fixed yet",
            error.message = %error,
            error.cause = innermost(error),
            edx_auth.backoff_ms = millis(backoff)
        );
    } else {
        tell!(
            error,
            label,
            "token renewal failed; retrying does not help until its cause is fixed",
            error.message = %error,
            error.cause = innermost(error),
            edx_auth.advice = error.advice(),
            edx_auth.backoff_ms = millis(backoff)
        );
    }
}

/// Reports that an API rejected a token, and how old that is, if it is young; which API, if that is known.
pub(crate) fn rejected(
    generation: Generation,
    invalidation: Invalidation,
    age: Option<Duration>,
    api: Option<&ApiUrl>,
    label: &str,
) {
    let api = api.and_then(|url| url.uri().host());
    match invalidation {
        Invalidation::WillRenew { wait } => tell!(
            warn,
            label,
            "an API rejected the token; it will be renewed",
            server.address = api,
            edx_auth.generation = %generation,
            edx_auth.wait_ms = millis(wait)
        ),
        Invalidation::TooYoung { wait } => tell!(
            warn,
            label,
            "an API rejected a token that was just issued; clocks may differ, so it is tried again",
            server.address = api,
            edx_auth.generation = %generation,
            edx_auth.age_ms = age.map(millis),
            edx_auth.wait_ms = millis(wait)
        ),
        Invalidation::AlreadyReplaced => tell!(
            debug,
            label,
            "an API rejected a token that was already replaced",
            server.address = api,
            edx_auth.generation = %generation
        ),
        Invalidation::Fixed => tell!(
            warn,
            label,
            "an API rejected the fixed token; it cannot be renewed",
            server.address = api
        ),
    }
}

/// Reports that the program announced other credentials.
pub(crate) fn credentials_announced(label: &str) {
    tell!(
        debug,
        label,
        "the program announced new client credentials; it is asked for them"
    );
}

/// Reports that an API announced its end. Its path is shown without what differs from call to call.
pub(crate) fn deprecated(deprecation: &Deprecation, label: &str) {
    tell!(
        warn,
        label,
        "an API is deprecated or will be removed; call its successor instead",
        server.address = deprecation.host,
        http.request.method = deprecation.method.as_str(),
        url.template = deprecation.path,
        edx_auth.deprecation = deprecation.since.as_ref().map(ServerText::as_str),
        edx_auth.sunset = deprecation.sunset.as_ref().map(ServerText::as_str)
    );
}

/// Reports that a page of a list is fetched again later.
pub(crate) fn page_retried(page: Option<&ApiUrl>, error: &Error, wait: Duration, label: &str) {
    // Without the rest of the URL, which may hold personal data.
    let message = match error {
        Error::Transport { failure, .. } => format!("the server {failure}"),
        error => error.to_string(),
    };
    tell!(
        warn,
        label,
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
