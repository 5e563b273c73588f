//! Token requests as spans of OpenTelemetry, and metrics of what happens to the token.
//!
//! ```text
//! cargo run --manifest-path tests/ecosystem/Cargo.toml --example opentelemetry
//! ```
//!
//! It reads the `EDX_*` variables, requests a token, and prints its span and its metrics. A service has the
//! exporters of `opentelemetry-otlp` instead.

use std::error::Error;
use std::time::Duration;

use edx_auth_ureq::{Event, TokenSource};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Level, Subscriber};
use tracing_opentelemetry::MetricsLayer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let spans = SdkTracerProvider::builder()
        .with_simple_exporter(opentelemetry_stdout::SpanExporter::default())
        .build();
    let metrics = SdkMeterProvider::builder()
        .with_periodic_exporter(opentelemetry_stdout::MetricExporter::default())
        .build();
    subscriber(&spans, &metrics).init();

    let source = TokenSource::builder_from_env()?.on_event(measure).build()?;
    source.token()?;

    std::thread::sleep(Duration::from_millis(100)); // events are told by another thread
    metrics.shutdown()?;
    spans.shutdown()?;
    Ok(())
}

/// Creates a subscriber that makes spans of the program's spans and of the library's token requests, and metrics
/// of the fields of [`measure`].
pub(crate) fn subscriber(
    spans: &SdkTracerProvider,
    metrics: &SdkMeterProvider,
) -> impl Subscriber + Send + Sync {
    let levels = Targets::new()
        .with_default(Level::INFO)
        .with_target("edx_auth", Level::DEBUG); // the level of its spans
    let spans = tracing_opentelemetry::layer().with_tracer(spans.tracer("my-service"));
    tracing_subscriber::registry()
        .with(spans.with_filter(levels))
        .with(MetricsLayer::new(metrics.clone()))
}

/// Counts what happens to a token. The name of a field says which kind of metric it is.
pub(crate) fn measure(event: &Event) {
    match event {
        Event::Renewed { reason, .. } => tracing::info!(
            monotonic_counter.edx_auth.renewals = 1_u64,
            edx_auth.reason = ?reason
        ),
        Event::Failed { backoff, .. } => tracing::info!(
            monotonic_counter.edx_auth.failures = 1_u64,
            histogram.edx_auth.backoff = backoff.as_secs_f64()
        ),
        Event::Rejected { .. } => tracing::info!(monotonic_counter.edx_auth.rejections = 1_u64),
        _ => {}
    }
}
