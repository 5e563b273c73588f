//! The rows that ask an endpoint: cold herds, a failing endpoint, calls, exchanges.

use std::sync::{Arc, Barrier, OnceLock};
use std::time::{Duration, Instant};

use edx_auth_benches::hot;
use edx_auth_core::{
    AccessToken, ClientCredentials, Origins, TokenEndpoint, TokenRequest, TokenType,
};
use edx_auth_race::allocations;
use edx_auth_race::endpoint::{self, Endpoint};
use edx_auth_race::figures::Figures;
use edx_auth_race::peers::{aws, azure, google, yup};
use edx_auth_race::rounds::{self, Contestant, race};
use http::header::AUTHORIZATION;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::OnceCell;

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("serve") {
        let mut number = || {
            arguments
                .next()
                .and_then(|text| text.parse().ok())
                .unwrap_or(0)
        };
        return endpoint::serve(u16::try_from(number()).expect("a status"), number());
    }
    // A client of reqwest's wants one, although all is plain http.
    let _first = rustls::crypto::ring::default_provider().install_default();
    let mut figures = Figures::default();
    exchanges(&mut figures);
    calls(&mut figures);
    failing(&mut figures);
    herd_of_tasks(&mut figures);
    herd_of_threads(&mut figures);
    credentials(&mut figures);
    figures.save("wire");
}

fn request(endpoint: &Endpoint) -> TokenRequest {
    let url = endpoint.url("/oauth2/access_token");
    let credentials = ClientCredentials::new("id", "secret").expect("a pair");
    TokenRequest::new(TokenEndpoint::open_edx(&url).expect("a URL"), credentials)
}

fn runtime(threads: usize) -> Runtime {
    let built = Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build();
    built.expect("a runtime")
}

/// One token, asked for by hand.
async fn by_hand(client: &reqwest::Client, url: &str) -> String {
    let form = "grant_type=client_credentials&client_id=id&client_secret=secret&token_type=jwt";
    let request = client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let reply = request
        .send()
        .await
        .expect("a reply")
        .bytes()
        .await
        .expect("a body");
    token_of(&reply)
}

fn by_hand_blocking(agent: &ureq::Agent, url: &str) -> String {
    let form = "grant_type=client_credentials&client_id=id&client_secret=secret&token_type=jwt";
    let request = agent
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let mut reply = request.send(form).expect("a reply");
    token_of(
        reply
            .body_mut()
            .read_to_string()
            .expect("a body")
            .as_bytes(),
    )
}

fn token_of(reply: &[u8]) -> String {
    let (header, _) = edx_auth_benches::parse::by_hand(reply);
    header.to_str().expect("text").to_owned()
}

fn plain_client(kept: usize) -> reqwest::Client {
    let built = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(kept)
        .build();
    built.expect("a client")
}

/// An agent with a deadline, as every program should have: over one, ureq looks each name up on a
/// thread that it starts for the purpose, whether a connection is kept or not.
fn patient_agent(kept: usize) -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .max_idle_connections(kept)
        .build()
        .new_agent()
}

fn plain_agent(kept: usize) -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_idle_connections(kept)
        .build()
        .new_agent()
}

/// Allocations of one exchange, over a connection of its own as ours has it.
fn exchanges(figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 0);
    let url = endpoint.url("/oauth2/access_token");
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (client, agent) = (plain_client(0), patient_agent(0));
    let reqwest = edx_auth_reqwest::TokenSource::new(request(&endpoint)).expect("a source");
    let ureq = edx_auth_ureq::TokenSource::new(request(&endpoint)).expect("a source");
    let mut note = |name: &str, count: f64| figures.note(format!("fetch/{name}/allocs"), count);

    note(
        "by hand reqwest",
        allocations::of(|| drop(runtime.block_on(by_hand(&client, &url)))),
    );
    note(
        "by hand ureq",
        allocations::of(|| drop(by_hand_blocking(&agent, &url))),
    );
    note(
        "edx-auth reqwest",
        allocations::of(|| {
            drop(runtime.block_on(reqwest.renew_now()).expect("a token"));
        }),
    );
    note(
        "edx-auth ureq",
        allocations::of(|| drop(ureq.renew_now().expect("a token"))),
    );
    note(
        "thread",
        allocations::of(|| {
            let named = std::thread::Builder::new().name(String::from("edx-auth-exchange"));
            named
                .spawn(|| ())
                .expect("a thread")
                .join()
                .expect("its end");
        }),
    );
    note(
        "runtime",
        allocations::of(|| {
            drop(
                Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime"),
            );
        }),
    );
}

/// What authorizing a GET adds to the same GET with its header set beforehand.
fn calls(figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 0);
    let url = endpoint.url("/api");
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let token = || AccessToken::new(TokenType::Jwt, hot::token(1024).expose()).expect("a token");
    let origins = || Origins::of(request(&endpoint).endpoint());
    let (client, agent) = (plain_client(8), plain_agent(8));
    let patient = patient_agent(8);
    let source = edx_auth_reqwest::TokenSource::fixed(token(), origins());
    let reqwest = edx_auth_reqwest::AuthorizedClient::new(source).expect("a client");
    let source = edx_auth_ureq::TokenSource::fixed(token(), origins());
    let ureq = edx_auth_ureq::AuthorizedClient::new(source).expect("a client");
    let header = token().authorization().clone();
    let contestants: Vec<Contestant<'_>> = vec![
        (
            "edx-auth reqwest",
            Box::new(|| {
                let reply = runtime.block_on(async {
                    reqwest
                        .get(&url)
                        .send()
                        .await?
                        .bytes()
                        .await
                        .map_err(|_| unreachable!())
                });
                let _: edx_auth_reqwest::Error = match reply {
                    Ok(_) => return,
                    Err(fault) => fault,
                };
                panic!("no reply");
            }),
        ),
        (
            "preset reqwest",
            Box::new(|| {
                runtime.block_on(async {
                    // The manners of ours are set too: both send the same.
                    let get = client.get(&url).header(AUTHORIZATION, header.clone());
                    let get = get
                        .header("accept", "application/json")
                        .header("accept-language", "en");
                    get.send()
                        .await
                        .expect("a reply")
                        .bytes()
                        .await
                        .expect("a body");
                });
            }),
        ),
        (
            "edx-auth ureq",
            Box::new(|| {
                let mut reply = ureq.get(&url).send().expect("a reply");
                reply.body_mut().read_to_vec().expect("a body");
            }),
        ),
        (
            "preset ureq",
            Box::new(|| {
                let get = agent.get(&url).header(AUTHORIZATION, header.clone());
                let get = get
                    .header("accept", "application/json")
                    .header("accept-language", "en");
                get.call()
                    .expect("a reply")
                    .body_mut()
                    .read_to_vec()
                    .expect("a body");
            }),
        ),
        (
            "preset ureq with a deadline",
            Box::new(|| {
                let get = patient.get(&url).header(AUTHORIZATION, header.clone());
                let get = get
                    .header("accept", "application/json")
                    .header("accept-language", "en");
                get.call()
                    .expect("a reply")
                    .body_mut()
                    .read_to_vec()
                    .expect("a body");
            }),
        ),
    ];
    let mut contestants = contestants;
    for (name, call) in &mut contestants {
        figures.note(format!("get/{name}/allocs"), allocations::of(call));
    }
    for (name, time) in race(41, &mut contestants) {
        figures.note(format!("get/{name}/ns"), time);
    }
}

/// Fifty callers of an endpoint in trouble, each with three seconds.
fn failing(figures: &mut Figures) {
    const CALLERS: usize = 50;
    const PATIENCE: Duration = Duration::from_secs(3);
    let endpoint = Endpoint::start(503, 0);
    let ours = edx_auth_reqwest::TokenSource::new(request(&endpoint)).expect("a source");
    let call = move || {
        let ours = ours.clone();
        async move { drop(ours.token_within(PATIENCE).await) }
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

/// A peer's caller that goes when it has waited long enough.
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

/// Ten thousand tasks without a token, before an endpoint that takes 20 ms.
fn herd_of_tasks(figures: &mut Figures) {
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

/// The same with 256 threads; no blocking peer has a cache.
fn herd_of_threads(figures: &mut Figures) {
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

/// Many credentials in one process, all of them cold at once: what each holds when all have their
/// token, and how many threads the process ever has.
fn credentials(figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 0);
    let source = || edx_auth_ureq::TokenSource::new(request(&endpoint)).expect("a source");
    // Without patience: its exchange is under way, and nobody waits.
    let cold = |source: &edx_auth_ureq::TokenSource| drop(source.token_within(Duration::ZERO));
    let warm = |source: &edx_auth_ureq::TokenSource| drop(source.token().expect("a token"));
    many("edx-auth ureq", source, cold, warm, figures);

    let endpoint = Endpoint::start(200, 0);
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let source = || edx_auth_reqwest::TokenSource::new(request(&endpoint)).expect("a source");
    let cold = |source: &edx_auth_reqwest::TokenSource| {
        drop(runtime.block_on(source.token_within(Duration::ZERO)));
    };
    let warm = |source: &edx_auth_reqwest::TokenSource| {
        drop(runtime.block_on(source.token()).expect("a token"));
    };
    many("edx-auth reqwest", source, cold, warm, figures);
}

fn many<S>(
    name: &str,
    source: impl Fn() -> S,
    cold: impl Fn(&S),
    warm: impl Fn(&S),
    figures: &mut Figures,
) {
    // What is there once for all of them is nobody's.
    warm(&source());
    until_delivered();
    for count in [1, 10, 100, 1_000, 10_000] {
        let mut most = 0;
        let (_, held) = allocations::held_by(|| {
            let sources: Vec<_> = (0..count).map(|_| source()).collect();
            for source in &sources {
                cold(source);
                most = most.max(own_threads().count());
            }
            sources.iter().for_each(&warm);
            until_delivered();
            sources
        });
        figures.note(format!("credentials/{name} threads/{count}"), most as f64);
        let each = held / f64::from(count);
        figures.note(format!("credentials/{name} bytes/{count}"), each);
    }
}

/// Those who bring tokens hold something until they are gone.
fn until_delivered() {
    for _ in 0..1_000 {
        if !own_threads().any(|name| name.starts_with("edx-auth")) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The names of all threads of this process.
fn own_threads() -> impl Iterator<Item = String> {
    let tasks = std::fs::read_dir("/proc/self/task").expect("the threads");
    let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm"));
    // One that ends meanwhile has no name any more.
    tasks
        .flatten()
        .map(move |task| name(task).unwrap_or_default())
}

fn note_herd(row: &str, times: Vec<(&str, Vec<f64>, (usize, usize))>, figures: &mut Figures) {
    for (name, times, (requests, connections)) in times {
        figures.note(format!("{row}/{name}/ms"), rounds::median(times));
        figures.note(format!("{row}/{name}/requests"), requests as f64);
        figures.note(format!("{row}/{name}/connections"), connections as f64);
    }
}
