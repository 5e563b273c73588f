//! No `Location` takes a call and its token out of the origins.

use edx_auth_core::{AccessToken, ApiCall, CallStep, Moment, TokenAgent, TokenType, Verdict};
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use proptest::sample::select;

use super::hostile;
use super::reference::{is_inside, origins};

proptest! {
    #[test]
    fn no_redirect_leads_out_of_the_origins(
        start in select(&STARTS[..]),
        status in select(&[301_u16, 302, 303, 307, 308][..]),
        method in select(&[Method::GET, Method::POST][..]),
        locations in prop::collection::vec(hostile::location(), 1..4),
    ) {
        let mut call = ApiCall::new(method, start, origins()).unwrap();

        for location in locations {
            let before = call.url().to_string();
            let step = redirected(&mut call, status, &location);

            let url = call.url().to_string();
            prop_assert!(is_inside(&url), "{location:?} led from {before} to {url}");
            match step {
                CallStep::Send(_) => {}
                CallStep::Deliver { verdict: Verdict::Redirected, .. } => {
                    prop_assert_eq!(before, url, "{:?}", location);
                    return Ok(());
                }
                step => prop_assert!(false, "{location:?}: {step:?}"),
            }
        }
    }

    #[test]
    fn a_redirect_inside_leads_where_the_reference_says(
        path in "/?([a-z0-9._~-]{1,6}/){0,4}[a-z0-9]{0,4}",
        query in r"(\?([a-z0-9=&+]|%2[0-9A-F]){0,9})?",
    ) {
        let location = path + &query;
        let mut call = ApiCall::new(Method::GET, STARTS[0], origins()).unwrap();

        let _step = redirected(&mut call, 302, &location);

        let reference = url::Url::parse(STARTS[0]).unwrap().join(&location).unwrap();
        prop_assert_eq!(call.url().to_string(), reference.to_string());
    }
}

/// Sends the call, if it was not sent yet, and responds with this redirect.
fn redirected(call: &mut ApiCall, status: u16, location: &str) -> CallStep {
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    let (mut agent, now) = (TokenAgent::fixed(token), Moment::default());
    let _sent = call.poll(&mut agent, now);
    let mut headers = HeaderMap::new();
    if let Ok(location) = HeaderValue::from_bytes(location.as_bytes()) {
        headers.insert(LOCATION, location);
    }
    call.on_response(StatusCode::from_u16(status).unwrap(), &headers, b"");
    call.poll(&mut agent, now)
}

const STARTS: [&str; 4] = [
    "https://api.edx.org/catalog/v1/catalogs?page=2",
    "https://discovery.edx.org:8443/",
    "http://127.0.0.1:8001/a/b/",
    "http://[::1]/a",
];
