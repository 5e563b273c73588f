//! A failing endpoint, and fifty callers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use edx_auth_race::endpoint::Endpoint;
use edx_auth_race::figures::Figures;
use edx_auth_race::peers::{aws, azure, google, yup};

use crate::by_hand::plain_client;
use crate::{request, runtime};

/// Measures fifty callers of a failing endpoint. Ours wait for three seconds each.
pub(crate) fn failing(figures: &mut Figures) {
    const CALLERS: usize = 50;
    const TIMEOUT: Duration = Duration::from_secs(3);
    let endpoint = Endpoint::start(503, 0);
    let ours = edx_auth_reqwest::TokenSource::new(request(&endpoint)).expect("a source");
    let call = move || {
        let ours = ours.clone();
        async move { drop(ours.token_within(TIMEOUT).await) }
    };
    note_failing(
        "edx-auth",
        &endpoint,
        figures,
        runtime(2).block_on(slowest(CALLERS, call)),
    );
    let runtime = runtime(2);
    let _inside = runtime.enter();
    let mut note = |name, slowest| note_failing(name, &endpoint, figures, slowest);
    let google = google::credentials(&endpoint.url(""));
    let call = move || {
        let google = google.clone();
        stopped(async move { drop(google::headers(&google).await) })
    };
    note(
        "google-cloud-auth",
        runtime.block_on(slowest(CALLERS, call)),
    );
    let yup = Arc::new(runtime.block_on(yup::authenticator(&endpoint.url("/bearer"))));
    let call = move || {
        let yup = Arc::clone(&yup);
        stopped(async move { drop(yup.token(&["read"]).await) })
    };
    note("yup-oauth2", runtime.block_on(slowest(CALLERS, call)));
    let azure = azure::credential(&endpoint.url("/bearer"));
    let call = move || {
        let azure = azure.clone();
        stopped(async move { drop(azure::token(&azure).await) })
    };
    note("azure_identity", runtime.block_on(slowest(CALLERS, call)));
    let aws = Arc::new(aws::cache(plain_client(8), &endpoint.url("/bearer")));
    let call = move || {
        let aws = Arc::clone(&aws);
        stopped(async move { drop(aws::token(&aws).await) })
    };
    note(
        "aws-smithy-runtime",
        runtime.block_on(slowest(CALLERS, call)),
    );
}

/// Stops a peer's caller after twelve seconds.
async fn stopped(call: impl Future<Output = ()>) {
    let _in_time = tokio::time::timeout(Duration::from_secs(12), call).await;
}

fn note_failing(name: &str, endpoint: &Endpoint, figures: &mut Figures, slowest: f64) {
    figures.note(
        format!("failing/{name}/requests"),
        endpoint.count().0 as f64,
    );
    figures.note(format!("failing/{name}/s"), slowest);
}

async fn slowest<F: Future<Output = ()> + Send + 'static>(
    callers: usize,
    call: impl Fn() -> F,
) -> f64 {
    let calls: Vec<_> = (0..callers)
        .map(|_| {
            let call = call();
            tokio::spawn(async move {
                let start = Instant::now();
                call.await;
                start.elapsed().as_secs_f64()
            })
        })
        .collect();
    let mut slowest: f64 = 0.0;
    for call in calls {
        slowest = slowest.max(call.await.expect("a caller"));
    }
    slowest
}
