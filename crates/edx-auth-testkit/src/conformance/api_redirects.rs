//! Redirects of API calls, which carry the token.

use http::Method;

use super::Driver;
use super::redirects::STATUSES;
use super::seen::{Seen, demand, reply_of};
use super::stage::{API, api_requests, api_url, driver, get, request, setup, site, token_reply};
use crate::{Fingerprint, MockEdx, Reply};

/// [`Item::RedirectsInside`](super::Item::RedirectsInside).
pub(super) fn redirects_inside<D: Driver>() -> Seen {
    for way in WAYS {
        way.leads_there::<D>()
            .map_err(|seen| format!("{seen} ({} {} inside the origins)", way.method, way.status))?;
    }
    Ok(())
}

/// [`Item::RedirectsOutside`](super::Item::RedirectsOutside).
pub(super) fn redirects_outside<D: Driver>() -> Seen {
    let (edx, other) = (site()?, site()?);
    other.on("GET", API, Reply::json(200, "{}"));
    let driver = driver::<D>(&edx)?;
    for status in STATUSES {
        edx.play_next(API, Reply::redirect(status, api_url(&other)));
        let called = driver.call(get(&edx)?);
        demand(other.requests().is_empty(), || {
            format!("followed a {status} out of the origins")
        })?;
        let seen = reply_of(called)?.status().as_u16();
        demand(seen == status, || {
            format!("made a {seen} of a {status} that leads out of the origins")
        })?;
    }
    Ok(())
}

/// A redirect that is followed, and with what.
struct Way {
    status: u16,
    method: Method,
    /// The method that goes on, and the body.
    goes_on: (&'static str, &'static str),
}

impl Way {
    fn leads_there<D: Driver>(&self) -> Seen {
        let (edx, other) = (site()?, site()?);
        edx.play_next(MockEdx::TOKEN_PATH, token_reply("of.the.way"));
        edx.play_next(API, Reply::redirect(self.status, "/there/"));
        edx.play_next("/there/", Reply::redirect(self.status, api_url(&other)));
        other.on(self.goes_on.0, API, Reply::json(200, "{}"));
        let mut setup = setup(&edx)?;
        let origins = setup.origins.allow(other.url());
        setup.origins = origins.map_err(super::stage::in_the_kit)?;
        let body = if self.method == Method::POST {
            BODY
        } else {
            ""
        };

        let reply =
            reply_of(D::start(setup).call(request(self.method.clone(), &api_url(&edx), body)?))?;

        demand(reply.status() == 200, || {
            format!("did not follow, but handed back the {}", reply.status())
        })?;
        let (method, body) = self.goes_on;
        let came = api_requests(&other);
        let came = came.first().ok_or_else(|| "went nowhere".to_owned())?;
        demand(
            came.method() == method && came.body() == Fingerprint::of(body),
            || {
                format!(
                    "went on as a {} with {} bytes",
                    came.method(),
                    came.body_len()
                )
            },
        )?;
        demand(came.token() == Some(Fingerprint::of("of.the.way")), || {
            "went on without the token".to_owned()
        })
    }
}

const BODY: &str = r#"{"of": "the call"}"#;

const WAYS: [Way; 4] = [
    Way {
        status: 302,
        method: Method::GET,
        goes_on: ("GET", ""),
    },
    Way {
        status: 308,
        method: Method::GET,
        goes_on: ("GET", ""),
    },
    Way {
        status: 307,
        method: Method::POST,
        goes_on: ("POST", BODY),
    },
    Way {
        status: 303,
        method: Method::POST,
        goes_on: ("GET", ""),
    },
];
