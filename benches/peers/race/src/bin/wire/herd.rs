//! Cold herds: many callers before there is a token.

use std::sync::{Arc, Barrier, OnceLock};
use std::time::Instant;

use edx_auth_race::endpoint::Endpoint;
use edx_auth_race::figures::Figures;
use edx_auth_race::peers::{aws, azure, google, yup};
use edx_auth_race::rounds;
use tokio::sync::OnceCell;

use crate::by_hand::{by_hand, by_hand_blocking, plain_agent, plain_client};
use crate::{request, runtime};

/// Measures ten thousand tasks without a token, and an endpoint that responds after 20 ms.
pub(crate) fn herd_of_tasks(figures: &mut Figures) {
    const TASKS: usize = 10_000;
    let endpoint = Endpoint::start(200, 20);
    let url: Arc<str> = endpoint.url("/oauth2/access_token").into();
    let runtime = runtime(2);
    let mut times: Vec<(&str, Vec<f64>, (usize, usize))> = Vec::new();
    for round in 0..11 {
        let mut note = |name, time: f64| {
            let counts = endpoint.count();
            match times.iter_mut().find(|(known, ..)| *known == name) {
                Some((_, times, most)) => {
                    times.push(time);
                    *most = (most.0.max(counts.0), most.1.max(counts.1));
                }
                None => times.push((name, vec![time], counts)),
            }
        };
        let _before = endpoint.count();
        let source = edx_auth_reqwest::TokenSource::new(request(&endpoint)).expect("a source");
        note(
            "edx-auth",
            runtime.block_on(herd(TASKS, move || {
                let source = source.clone();
                async move { drop(source.token().await.expect("a token")) }
            })),
        );
        let (cell, client) = (Arc::new(OnceCell::new()), plain_client(1));
        let (url, asked) = (url.clone(), cell);
        note(
            "by hand",
            runtime.block_on(herd(TASKS, move || {
                let (cell, client, url) = (asked.clone(), client.clone(), url.clone());
                async move {
                    drop(
                        cell.get_or_init(|| async move { by_hand(&client, &url).await })
                            .await
                            .clone(),
                    )
                }
            })),
        );
        if round % 4 == 0 {
            let google = runtime.block_on(async { google::credentials(&endpoint.url("")) });
            note(
                "google-cloud-auth",
                runtime.block_on(herd(TASKS, move || {
                    let google = google.clone();
                    async move { drop(google::headers(&google).await.expect("headers")) }
                })),
            );
            let yup = Arc::new(runtime.block_on(yup::authenticator(&endpoint.url("/bearer"))));
            note(
                "yup-oauth2",
                runtime.block_on(herd(TASKS, move || {
                    let yup = Arc::clone(&yup);
                    async move { drop(yup.token(&["read"]).await) }
                })),
            );
            let azure = azure::credential(&endpoint.url("/bearer"));
            note(
                "azure_identity",
                runtime.block_on(herd(TASKS, move || {
                    let azure = azure.clone();
                    async move { drop(azure::token(&azure).await.expect("a token")) }
                })),
            );
            let aws = Arc::new(aws::cache(plain_client(1), &endpoint.url("/bearer")));
            note(
                "aws-smithy-runtime",
                runtime.block_on(herd(TASKS, move || {
                    let aws = Arc::clone(&aws);
                    async move { drop(aws::token(&aws).await.expect("a token")) }
                })),
            );
        }
    }
    note_herd("herd_tasks", times, figures);
}

async fn herd<F: Future<Output = ()> + Send + 'static>(tasks: usize, call: impl Fn() -> F) -> f64 {
    let start = Instant::now();
    let calls: Vec<_> = (0..tasks).map(|_| tokio::spawn(call())).collect();
    for call in calls {
        call.await.expect("a task");
    }
    start.elapsed().as_secs_f64() * 1000.0
}

/// Measures the same with 256 threads. There are no peers here: none that blocks has a cache.
pub(crate) fn herd_of_threads(figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 20);
    let url = endpoint.url("/oauth2/access_token");
    let mut times = vec![
        ("edx-auth", Vec::new(), (0, 0)),
        ("by hand", Vec::new(), (0, 0)),
    ];
    for _ in 0..11 {
        let _before = endpoint.count();
        let source = edx_auth_ureq::TokenSource::new(request(&endpoint)).expect("a source");
        let ours = threads(|| drop(source.token().expect("a token")));
        let counts = endpoint.count();
        let (cell, agent) = (OnceLock::new(), plain_agent(1));
        let by_hand = threads(|| drop(cell.get_or_init(|| by_hand_blocking(&agent, &url)).clone()));
        for ((time, counts), (_, times, most)) in [(ours, counts), (by_hand, endpoint.count())]
            .into_iter()
            .zip(&mut times)
        {
            times.push(time);
            *most = (most.0.max(counts.0), most.1.max(counts.1));
        }
    }
    note_herd("herd_threads", times, figures);
}

fn threads(call: impl Fn() + Sync) -> f64 {
    const THREADS: usize = 256;
    let gate = Barrier::new(THREADS + 1);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    gate.wait();
                    call();
                })
            })
            .collect();
        gate.wait();
        let start = Instant::now();
        running
            .into_iter()
            .for_each(|thread| thread.join().expect("a thread"));
        start.elapsed().as_secs_f64() * 1000.0
    })
}

fn note_herd(row: &str, times: Vec<(&str, Vec<f64>, (usize, usize))>, figures: &mut Figures) {
    for (name, times, (requests, connections)) in times {
        figures.note(format!("{row}/{name}/ms"), rounds::median(times));
        figures.note(format!("{row}/{name}/requests"), requests as f64);
        figures.note(format!("{row}/{name}/connections"), connections as f64);
    }
}
