//! What a layer passes on, and what it cannot know.

use edx_auth_reqwest::{
    AuthorizationMiddleware, Error, Problem, TransportFailure, UrlError, Verdict,
};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use http::Method;
use reqwest::redirect::Policy;

use super::over_middleware::client;
use super::{API, Layered, OverMiddleware, OverTower, Site, request};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[test]
fn a_rejection_by_a_403_is_read_from_the_body() {
    fn check<L: Layered>() {
        let site = Site::start();
        site.edx.on("GET", API, MockResponse::json(200, "[7]"));
        let rejection = MockResponse::json(403, r#"{"detail": "Invalid token."}"#);
        site.edx.next_request(API, rejection);

        let response = site.get(&site.client::<L>()).unwrap();

        assert_eq!(
            (response.status().as_u16(), &response.body()[..]),
            (200, &b"[7]"[..])
        );
        assert_eq!(site.edx.token_requests(), 2);
    }
    check::<OverTower>();
    check::<OverMiddleware>();
}

#[test]
fn a_call_with_a_stream_is_sent_once() {
    fn check<L: Layered>() {
        let site = Site::start();
        site.edx.next_request(API, MockResponse::invalid_token());
        let client = site.client::<L>();
        let request = request(Method::POST, &site.url(), "{}");

        let response = site.runtime.block_on(client.call_once(request)).unwrap();

        assert_eq!(response.status(), 401);
        assert_eq!(site.tokens().len(), 1);
    }
    check::<OverTower>();
    check::<OverMiddleware>();
}

#[test]
fn a_response_that_is_no_success_carries_what_it_means() {
    fn check<L: Layered>() {
        let site = Site::start();
        let detail = MockResponse::json(404, r#"{"detail": "No such catalog."}"#);
        site.edx.next_request(API, detail);

        let response = site.get(&site.client::<L>()).unwrap();

        let problem = response.extensions().get::<Problem>().unwrap();
        assert_eq!(problem.detail(), Some("No such catalog."));
        assert_eq!(response.extensions().get(), Some(&Verdict::NotFound));
    }
    check::<OverTower>();
    check::<OverMiddleware>();
}

#[test]
fn an_error_of_the_client_is_returned_unchanged_and_nothing_is_sent_again() {
    fn check<L: Layered>(is_the_clients: fn(&BoxError) -> bool) {
        let site = Site::start();
        site.edx.next_request(API, Behavior::close());

        let error = site.get(&site.client::<L>()).unwrap_err();

        assert!(is_the_clients(&error), "{error:?}");
        assert_eq!(site.tokens().len(), 1);
    }
    check::<OverTower>(|error| error.is::<hyper_util::client::legacy::Error>());
    check::<OverMiddleware>(|error| {
        let error = error.downcast_ref::<reqwest_middleware::Error>();
        error.is_some_and(reqwest_middleware::Error::is_request)
    });
}

#[test]
fn an_error_of_a_layer_is_the_error_of_this_crate() {
    let elsewhere = "https://evil.example/";
    let site = Site::start();

    let tower = site.client::<OverTower>();
    let call = tower.call(request(Method::GET, elsewhere, ""));
    let of_tower = site.runtime.block_on(call).unwrap_err();
    let middleware = site.client::<OverMiddleware>();
    let call = middleware.call(request(Method::GET, elsewhere, ""));
    let of_middleware = site.runtime.block_on(call).unwrap_err();

    assert!(is_outside(of_tower.downcast_ref()));
    assert!(is_outside(in_middleware(&of_middleware)));
    assert_eq!(site.edx.requests().len(), 0);
}

#[test]
fn a_redirect_that_the_client_followed_is_an_error() {
    let (site, other) = (Site::start(), MockEdx::start().unwrap());
    let away = MockResponse::redirect(302, format!("{}{API}", other.url()));
    site.edx.next_request(API, away);
    let edx = AuthorizationMiddleware::new(site.source.clone());
    let follows = OverMiddleware::over(client(Policy::default()), edx, 0);

    let error = site.get(&follows).unwrap_err();

    let error = in_middleware(&error).unwrap();
    assert!(matches!(
        error,
        Error::Transport {
            failure: TransportFailure::Redirected,
            ..
        }
    ));
}

fn in_middleware(error: &BoxError) -> Option<&Error> {
    match error.downcast_ref()? {
        reqwest_middleware::Error::Middleware(error) => error.downcast_ref(),
        reqwest_middleware::Error::Reqwest(_) => None,
    }
}

fn is_outside(error: Option<&Error>) -> bool {
    matches!(error, Some(Error::Url(UrlError::OtherOrigin { .. })))
}
