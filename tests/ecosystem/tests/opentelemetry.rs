//! The spans and metrics of a token request that fails and of one that brings a token.
#![allow(dead_code, reason = "the test calls all of the example but its main")]

#[path = "../examples/opentelemetry.rs"]
mod example;

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_ureq::{ClientCredentials, RenewalPolicy, TokenEndpoint, TokenRequest, TokenSource};
use opentelemetry::Value;
use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing_subscriber::util::SubscriberInitExt as _;

/// The only test of this program: the subscriber is the process's.
#[test]
fn token_requests_are_spans_and_metrics() {
    let (exported_spans, exported_metrics) = (
        InMemorySpanExporter::default(),
        InMemoryMetricExporter::default(),
    );
    let spans = SdkTracerProvider::builder()
        .with_simple_exporter(exported_spans.clone())
        .build();
    let metrics = SdkMeterProvider::builder()
        .with_periodic_exporter(exported_metrics.clone())
        .build();
    example::subscriber(&spans, &metrics).init();

    let site = MockEdx::start().unwrap();
    site.next_request(MockEdx::TOKEN_PATH, MockResponse::html(503, ""));
    call(&site);

    let (own, requests) = finished(&exported_spans);
    let statuses = requests
        .iter()
        .map(|span| attribute(span, "http.response.status_code"));
    assert_eq!(
        statuses.collect::<Vec<_>>(),
        [Value::I64(503), Value::I64(200)]
    );
    assert_eq!(requests[0].status, Status::error(""));
    assert_eq!(requests[1].status, Status::Unset);
    for span in &requests {
        assert_eq!(span.span_kind, SpanKind::Client);
        assert_eq!(span.parent_span_id, SpanId::INVALID);
        assert_eq!(attribute(span, "http.request.method"), "POST".into());
        assert_eq!(attribute(span, "server.address"), "127.0.0.1".into());
        assert_eq!(
            attribute(span, "server.port"),
            i64::from(site.address().port()).into()
        );
        // It leads to the call that caused the token request.
        assert_eq!(span.links[0].span_context, own.span_context);
    }
    let secret = site.client_secret();
    assert!(!format!("{requests:?}").contains(secret), "{requests:?}");

    metrics.force_flush().unwrap();
    let exported = exported_metrics.get_finished_metrics().unwrap();
    let expected = [
        ("edx_auth.backoff", 1),
        ("edx_auth.failures", 1),
        ("edx_auth.renewals", 1),
    ];
    assert_eq!(counts(&exported), expected.into());
}

/// Requests a token within a span of the program, and waits until both events are told.
fn call(site: &MockEdx) {
    let credentials = ClientCredentials::new(site.client_id(), site.client_secret()).unwrap();
    let request = TokenRequest::new(TokenEndpoint::open_edx(site.url()).unwrap(), credentials);
    let (tell, told) = mpsc::channel();
    let source = TokenSource::builder(request)
        .policy(RenewalPolicy::FOR_TESTS)
        .on_event(move |event| {
            example::measure(event);
            tell.send(()).unwrap();
        });
    let source = source.build().unwrap();
    tracing::info_span!("nightly sync").in_scope(|| source.token().unwrap());
    for _ in 0..2 {
        told.recv_timeout(TIMEOUT).unwrap();
    }
}

/// Returns the program's span, and those of the token requests in their order. Another thread ends them.
fn finished(exported: &InMemorySpanExporter) -> (SpanData, Vec<SpanData>) {
    let start = Instant::now();
    loop {
        let spans = exported.get_finished_spans().unwrap();
        if spans.len() == 3 {
            let (own, requests) = spans
                .into_iter()
                .partition(|span| span.name == "nightly sync");
            let [own]: [SpanData; 1] = Vec::try_into(own).unwrap();
            return (own, requests);
        }
        assert!(start.elapsed() < TIMEOUT, "{spans:?}");
        thread::sleep(Duration::from_millis(1));
    }
}

fn attribute(span: &SpanData, name: &str) -> Value {
    let attributes = &span.attributes;
    let found = attributes
        .iter()
        .find(|attribute| attribute.key.as_str() == name);
    found.unwrap().value.clone()
}

/// Returns how often each metric was measured.
fn counts(exported: &[ResourceMetrics]) -> BTreeMap<&str, u64> {
    let scopes = exported.iter().flat_map(ResourceMetrics::scope_metrics);
    let metrics = scopes.flat_map(ScopeMetrics::metrics);
    metrics
        .map(|metric| (metric.name(), count(metric)))
        .collect()
}

fn count(metric: &Metric) -> u64 {
    match metric.data() {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            sum.data_points().map(|point| point.value()).sum()
        }
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            histogram.data_points().map(|point| point.count()).sum()
        }
        other => panic!("{other:?}"),
    }
}

/// Far longer than the test takes, on a busy machine too.
const TIMEOUT: Duration = Duration::from_secs(120);
