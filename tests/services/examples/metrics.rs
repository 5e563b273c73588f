//! Counters of a token for OpenTelemetry, by way of `tracing`: the layer of `tracing-opentelemetry` makes a
//! counter of each field named `monotonic_counter.*`, and spans of the library's spans, whose fields have the
//! names of OpenTelemetry.
//!
//! ```text
//! cargo run -p edx-auth-services --example metrics
//! ```
//!
//! It reads the `EDX_*` variables, requests a token and prints what is counted. With those layers, the program is
//! `tests/ecosystem/examples/opentelemetry.rs`.

use edx_auth_ureq::{Error, Event, TokenSource};

fn main() -> Result<(), Error> {
    // In your program: `.with(tracing_opentelemetry::MetricsLayer::new(provider))` on a registry.
    tracing_subscriber::fmt().init();
    let source = TokenSource::builder_from_env()?.on_event(count).build()?;
    source.token()?;
    std::thread::sleep(std::time::Duration::from_millis(100)); // events are told by another thread
    Ok(())
}

/// Counts what happens to a token. `health()` has the same numbers, for systems that ask for them.
pub(crate) fn count(event: &Event) {
    match event {
        Event::Renewed { .. } => tracing::info!(monotonic_counter.edx_auth.renewals = 1_u64),
        Event::Failed { .. } => tracing::info!(monotonic_counter.edx_auth.failures = 1_u64),
        Event::Rejected { .. } => tracing::info!(monotonic_counter.edx_auth.rejections = 1_u64),
        _ => {}
    }
}
