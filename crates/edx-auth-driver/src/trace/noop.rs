//! Reports nothing: used instead of `spans` without the feature `tracing`.

use std::time::Duration;

use edx_auth_core::{ApiUrl, Deprecation, Event, Generation, Invalidation, RenewalReason};
use http::{StatusCode, Uri};

use crate::Error;

#[derive(Clone, Debug)]
pub(crate) struct TraceContext(());

#[derive(Debug, Default)]
pub(crate) struct ReportedOnce(());

pub(crate) struct ExchangeSpan(());

#[expect(clippy::unused_self, reason = "as with tracing")]
impl TraceContext {
    pub(crate) fn current() -> Self {
        Self(())
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }
}

#[expect(clippy::unused_self, reason = "as with tracing")]
impl ExchangeSpan {
    pub(crate) fn in_scope<T>(&self, send: impl FnOnce() -> T) -> T {
        send()
    }

    pub(crate) fn close(self, _status: Option<StatusCode>, _event: &Event, tell: impl FnOnce()) {
        tell();
    }
}

pub(crate) fn exchange(_url: &Uri, _reason: RenewalReason, _label: &str) -> ExchangeSpan {
    ExchangeSpan(())
}

pub(crate) fn event(_event: &Event, _label: &str, _once: &ReportedOnce) {}

pub(crate) fn rejected(
    _generation: Generation,
    _invalidation: Invalidation,
    _age: Option<Duration>,
    _api: Option<&ApiUrl>,
    _label: &str,
) {
}

pub(crate) fn credentials_announced(_label: &str) {}

pub(crate) fn deprecated(_deprecation: &Deprecation, _label: &str) {}

pub(crate) fn page_retried(_page: Option<&ApiUrl>, _error: &Error, _wait: Duration, _label: &str) {}
