//! The web service: its routes and its stop, and outages of the token endpoint under load.

#[path = "../../examples/web_service.rs"]
mod example;
mod outages;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use edx_auth_reqwest::reqwest::Client;
use edx_auth_reqwest::{RenewalPolicy, TokenSource};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower::ServiceExt as _;

use super::{COURSES, TIMEOUT, request_at};

#[tokio::test(flavor = "multi_thread")]
async fn a_search_returns_what_edx_has() {
    let (site, router) = start();
    site.on_authorized("GET", COURSES, MockResponse::json(200, "[7]"));

    let response = get(&router, "/courses?keyword=rust%20%26%20co").await;

    assert_eq!(
        (response.status().as_u16(), text(response).await),
        (200, "[7]".into())
    );
    let searched = site
        .requests()
        .into_iter()
        .find(|sent| sent.path() == COURSES);
    assert_eq!(searched.unwrap().query(), Some("keyword=rust+%26+co"));
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_learn_whether_another_try_is_worth_it_and_when() {
    let (site, router) = start();
    for (of_edx, told, wait) in [
        (MockResponse::throttled(40), 503, Some("40")),
        (MockResponse::json(404, "{}"), 502, None),
        (MockResponse::redirect(302, "/login"), 502, None),
    ] {
        site.next_request(COURSES, of_edx);
        let response = get(&router, "/courses?keyword=rust").await;
        let after = response.headers().get("retry-after");
        assert_eq!(response.status().as_u16(), told);
        assert_eq!(after.map(|value| value.to_str().unwrap()), wait);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_a_success_while_edx_is_down() {
    let (site, router) = start();
    site.on("POST", MockEdx::TOKEN_PATH, MockResponse::html(503, ""));
    get(&router, "/courses?keyword=rust").await;

    let response = get(&router, "/health").await;

    assert_eq!(response.status(), 200);
    let health: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(health["ready"], false);
    assert!(health["advice"].is_string(), "{health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_service_responds_to_the_requests_that_it_has_begun() {
    let (site, router) = start();
    let slow = Behavior::until_released(MockResponse::json(200, "[7]"));
    let slow = site.next_request(COURSES, slow);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "http://{}/courses?keyword=rust",
        listener.local_addr().unwrap()
    );
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let server = tokio::spawn(example::serve(listener, router, stopped));
    let client = Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let called = tokio::spawn(client.get(url).send());

    // The token request, and the search.
    let arrived = tokio::task::spawn_blocking(move || (site.wait_for_requests(2, TIMEOUT), site));
    let (has_arrived, _site) = arrived.await.unwrap();
    assert!(has_arrived);
    stop.send(()).unwrap();
    slow.release();

    assert_eq!(called.await.unwrap().unwrap().text().await.unwrap(), "[7]");
    let ended = tokio::time::timeout(TIMEOUT, server).await;
    ended.expect("the service ends").unwrap().unwrap();
}

/// The guide shows these functions of the example.
#[test]
fn the_guide_for_web_services_agrees_with_the_example() {
    let guide = include_str!("../../../../crates/edx-auth-reqwest/WEB_SERVICES.md");
    let example = include_str!("../../examples/web_service.rs");
    for name in ["fn client(", "fn on_change("] {
        let (_, function) = example.split_once(name).unwrap();
        let (function, _) = function.split_once("\n}\n").unwrap();

        assert!(guide.contains(function), "{function}");
    }
    assert!(guide.contains("tests/services/examples/web_service.rs"));
}

/// Starts a site and the service as it is.
fn start() -> (MockEdx, Router) {
    let site = MockEdx::start().unwrap();
    let source = TokenSource::builder(request_at(&site)).policy(RenewalPolicy::FOR_TESTS);
    let client = example::client(source.build().unwrap()).unwrap();
    let courses = format!("{}{COURSES}", site.url());
    (site, example::router(client, courses))
}

async fn get(router: &Router, path: &str) -> Response<Body> {
    let request = Request::get(path).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}
