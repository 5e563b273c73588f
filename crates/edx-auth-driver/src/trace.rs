//! What a source reports to `tracing`: a span for each token request, an event for each change.
//!
//! The target is `edx_auth`, the fields are OpenTelemetry's where it has one, and no secret is ever
//! among the values. Every event says what happened, to which source and why. Nothing is reported for a
//! call that finds a fresh token.
//!
//! A subscriber that panics on a thread of this crate harms no caller: its panics end here.

#[cfg(not(feature = "tracing"))]
mod noop;
#[cfg(feature = "tracing")]
mod spans;

#[cfg(not(feature = "tracing"))]
pub(crate) use noop::{
    ReportedOnce, TraceContext, credentials_announced, deprecated, event, exchange, page_retried,
    rejected,
};
#[cfg(feature = "tracing")]
pub(crate) use spans::{
    ReportedOnce, TraceContext, credentials_announced, deprecated, event, exchange, page_retried,
    rejected,
};
