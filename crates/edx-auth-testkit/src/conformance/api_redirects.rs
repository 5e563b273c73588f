//! Redirects of API calls, which carry the token.

use http::header::{CONTENT_TYPE, COOKIE};
use http::{HeaderValue, Method};

use super::fixture::{
    API, api_requests, api_url, driver, get, kit_error, post, request, setup, site, token_response,
};
use super::redirects::STATUSES;
use super::result::{ItemResult, ensure, response_of};
use super::{Driver, Setup};
use crate::{Fingerprint, MockEdx, MockResponse};

/// [`Item::RedirectsInside`](super::Item::RedirectsInside).
pub(super) fn redirects_inside<D: Driver>() -> ItemResult {
    for case in REDIRECTS {
        case.check::<D>().map_err(|reason| {
            format!(
                "{reason} ({} {} inside the origins)",
                case.method, case.status
            )
        })?;
    }
    Ok(())
}

/// [`Item::RedirectsOutside`](super::Item::RedirectsOutside).
pub(super) fn redirects_outside<D: Driver>() -> ItemResult {
    let (edx, other) = (site()?, site()?);
    other.on("GET", API, MockResponse::json(200, "{}"));
    let driver = driver::<D>(&edx)?;
    for status in STATUSES {
        edx.next_request(API, MockResponse::redirect(status, api_url(&other)));
        let called = driver.call(get(&edx)?);
        ensure(other.requests().is_empty(), || {
            format!("followed a {status} out of the origins")
        })?;
        let seen = response_of(called)?.status().as_u16();
        ensure(seen == status, || {
            format!("returned a {seen} instead of a {status} that leads out of the origins")
        })?;
    }
    Ok(())
}

/// [`Item::RedirectHeaders`](super::Item::RedirectHeaders).
pub(super) fn redirect_headers<D: Driver>() -> ItemResult {
    let (edx, other) = (site()?, site()?);
    edx.next_request(API, MockResponse::redirect(303, "/there/"));
    edx.next_request("/there/", MockResponse::redirect(302, api_url(&other)));
    other.on("GET", API, MockResponse::json(200, "{}"));
    let mut call = post(&edx, BODY)?;
    for (name, value) in [(CONTENT_TYPE, "application/json"), (COOKIE, "own=1")] {
        let value = HeaderValue::from_static(value);
        call.headers_mut().insert(name, value);
    }

    response_of(D::start(setup_of_both(&edx, &other)?).call(call))?;

    for (server, name) in [(&edx, CONTENT_TYPE), (&other, COOKIE)] {
        let requests = server.requests();
        let followed = requests.iter().filter(|sent| sent.method() == "GET");
        let kept = followed.filter(|sent| sent.header(name.as_str()).is_some());
        ensure(kept.count() == 0, || {
            format!("followed a redirect with the caller's {name}")
        })?;
    }
    Ok(())
}

/// Returns the setup of a driver for the first site that may send its token to both.
fn setup_of_both(edx: &MockEdx, other: &MockEdx) -> ItemResult<Setup> {
    let mut setup = setup(edx)?;
    setup.origins = setup.origins.allow(other.url()).map_err(kit_error)?;
    Ok(setup)
}

/// A redirect, and the request that must follow it.
struct RedirectCase {
    status: u16,
    method: Method,
    /// The method and the body of the request that follows.
    followed_by: (&'static str, &'static str),
}

impl RedirectCase {
    fn check<D: Driver>(&self) -> ItemResult {
        let (edx, other) = (site()?, site()?);
        edx.next_request(MockEdx::TOKEN_PATH, token_response("of.the.way"));
        edx.next_request(API, MockResponse::redirect(self.status, "/there/"));
        edx.next_request(
            "/there/",
            MockResponse::redirect(self.status, api_url(&other)),
        );
        other.on(self.followed_by.0, API, MockResponse::json(200, "{}"));
        let setup = setup_of_both(&edx, &other)?;
        let body = if self.method == Method::POST {
            BODY
        } else {
            ""
        };

        let response =
            response_of(D::start(setup).call(request(self.method.clone(), &api_url(&edx), body)?))?;

        ensure(response.status() == 200, || {
            format!(
                "did not follow the redirect, but returned a {}",
                response.status()
            )
        })?;
        let (method, body) = self.followed_by;
        let came = api_requests(&other);
        let came = came
            .first()
            .ok_or_else(|| "sent no request to the target of the redirect".to_owned())?;
        ensure(
            came.method() == method && came.body() == Fingerprint::of(body),
            || {
                format!(
                    "followed the redirect as a {} with {} bytes",
                    came.method(),
                    came.body_len()
                )
            },
        )?;
        ensure(came.token() == Some(Fingerprint::of("of.the.way")), || {
            "followed the redirect without the token".to_owned()
        })
    }
}

const BODY: &str = r#"{"of": "the call"}"#;

const REDIRECTS: [RedirectCase; 4] = [
    RedirectCase {
        status: 302,
        method: Method::GET,
        followed_by: ("GET", ""),
    },
    RedirectCase {
        status: 308,
        method: Method::GET,
        followed_by: ("GET", ""),
    },
    RedirectCase {
        status: 307,
        method: Method::POST,
        followed_by: ("POST", BODY),
    },
    RedirectCase {
        status: 303,
        method: Method::POST,
        followed_by: ("GET", ""),
    },
];
