//! API calls to a working site: who gets the token, and what the caller gets.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method};

use super::Driver;
use super::fixture::{API, api_requests, api_url, driver, get, request, setup, site};
use super::result::{ItemResult, ensure, response_of};
use crate::{Fingerprint, MockEdx, MockResponse};

/// [`Item::TokenAttached`](super::Item::TokenAttached).
pub(super) fn token_attached<D: Driver>() -> ItemResult {
    for scheme in ["JWT", "Bearer"] {
        let edx = site()?;
        let body = format!(
            r#"{{"access_token": "of.the.item", "expires_in": 3600, "token_type": "{scheme}"}}"#
        );
        edx.next_request(MockEdx::TOKEN_PATH, MockResponse::json(200, body));
        edx.on("GET", API, MockResponse::json(200, "{}"));
        let mut setup = setup(&edx)?;
        setup.request = setup.request.allow_bearer();

        let mut call = get(&edx)?;
        let own = HeaderValue::from_static("Basic b3duOm93bg==");
        call.headers_mut().insert(AUTHORIZATION, own);
        response_of(D::start(setup).call(call))?;

        let expected = format!("{scheme} {}", Fingerprint::of("of.the.item"));
        for sent in api_requests(&edx) {
            let sent: Vec<_> = sent.header_values("authorization").collect();
            ensure(sent == [&expected], || {
                format!("sent {sent:?} instead of {scheme:?} and the token")
            })?;
        }
    }
    Ok(())
}

/// [`Item::CallWithoutToken`](super::Item::CallWithoutToken).
pub(super) fn call_without_token<D: Driver>() -> ItemResult {
    let edx = site()?;
    let denial = MockResponse::json(401, r#"{"error": "invalid_client"}"#);
    edx.on("POST", MockEdx::TOKEN_PATH, denial);
    edx.on("GET", API, MockResponse::json(200, "{}"));

    let called = driver::<D>(&edx)?.call(get(&edx)?);

    ensure(called.is_err() && api_requests(&edx).is_empty(), || {
        "sent an API call without a token".to_owned()
    })
}

/// [`Item::OutsideOrigins`](super::Item::OutsideOrigins).
pub(super) fn outside_origins<D: Driver>() -> ItemResult {
    let (edx, other) = (site()?, site()?);
    other.on("GET", API, MockResponse::json(200, "{}"));
    let driver = driver::<D>(&edx)?;

    let called = driver.call(request(Method::GET, &api_url(&other), "")?);

    let requests = other.requests();
    let has_token = requests.iter().any(|sent| sent.token().is_some());
    ensure(!has_token, || {
        "sent the token to a server outside the origins".to_owned()
    })?;
    ensure(called.is_err() && requests.is_empty(), || {
        "sent a request to a server outside the origins".to_owned()
    })
}

/// [`Item::ApiResponses`](super::Item::ApiResponses).
pub(super) fn api_responses<D: Driver>() -> ItemResult {
    let edx = site()?;
    let driver = driver::<D>(&edx)?;
    let body = "Complete. ".repeat(3000);
    for status in [200, 201, 400, 403, 404, 429, 500, 503] {
        let response = MockResponse::html(status, body.as_str()).header("X-Item", "here");
        edx.next_request(API, response);
        let response = response_of(driver.call(get(&edx)?))?;
        let seen = response.status().as_u16();
        ensure(seen == status, || {
            format!("returned a {seen} instead of a {status}")
        })?;
        ensure(response.body().as_slice() == body.as_bytes(), || {
            let (seen, sent) = (response.body().len(), body.len());
            format!("returned {seen} of {sent} bytes of a {status}")
        })?;
        ensure(has_item_header(response.headers()), || {
            format!("lost the headers of a {status}")
        })?;
    }
    Ok(())
}

fn has_item_header(headers: &HeaderMap) -> bool {
    headers.get("x-item").is_some_and(|value| value == "here")
}
