//! Every kind of redirect to every kind of target, for calls that can be repeated and for those that
//! cannot.

use edx_auth_core::Verdict;
use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, HttpLibrary, Setup};
use edx_auth_tests::timeout::within_timeout;

use super::calls;

#[test]
fn each_redirect_is_followed_or_returned_as_the_matrix_says() {
    for library in CLIENTS {
        for status in [301, 302, 303, 307, 308] {
            for place in PLACES {
                for caller in [Caller::Get, Caller::Post, Caller::Upload] {
                    let case = format!("{} {status} {place:?} {caller:?}", library.name);

                    let outcome =
                        within_timeout(move || redirected(library, status, place, caller));

                    assert_eq!(outcome, expected(status, place, caller), "{case}");
                }
            }
        }
    }
}

/// The target of a redirect.
#[derive(Clone, Copy, Debug)]
enum Place {
    SameServer,
    SamePath,
    OtherPort,
    OtherName,
    OtherScheme,
    Nowhere,
    NoUrl,
}

/// The call that is redirected.
#[derive(Clone, Copy, Debug)]
enum Caller {
    Get,
    Post,
    Upload,
}

/// The outcome of the call.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// The redirect itself is the response.
    HandedBack,
    /// The target got this method, with this body if there was one.
    Followed(&'static str, Option<Fingerprint>),
}

fn expected(status: u16, place: Place, caller: Caller) -> Outcome {
    let is_inside = matches!(place, Place::SameServer | Place::SamePath);
    match (status, caller) {
        _ if !is_inside => Outcome::HandedBack,
        (_, Caller::Get) | (303, _) => Outcome::Followed("GET", None),
        (301 | 302, Caller::Post) | (_, Caller::Upload) => Outcome::HandedBack,
        (_, Caller::Post) => Outcome::Followed("POST", Some(Fingerprint::of(BODY))),
    }
}

fn redirected(library: HttpLibrary, status: u16, place: Place, caller: Caller) -> Outcome {
    let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
    for method in ["GET", "POST"] {
        edx.on(method, FROM, redirect(status, place, &edx, &other));
        edx.on(method, TO, MockResponse::json(200, "[]"));
        other.on(method, TO, MockResponse::json(200, "[]"));
    }
    let client = (library.new_client)(Setup::of(&edx));

    let response = client.call(caller.call(&edx)).unwrap();

    assert_eq!(other.requests().len(), 0);
    assert_eq!(edx.token_requests(), 1);
    let sent = calls(&edx);
    assert!(sent.iter().all(|sent| sent.token().is_some()));
    match sent.get(1) {
        None => {
            assert_eq!(
                (response.status, response.verdict),
                (status, Some(Verdict::Redirected))
            );
            assert_eq!(response.body, MOVED.as_bytes());
            Outcome::HandedBack
        }
        Some(sent) => {
            assert_eq!((response.status, sent.path()), (200, TO));
            let method = if sent.method() == "GET" {
                "GET"
            } else {
                "POST"
            };
            let body = (sent.body_len() > 0).then(|| sent.body());
            assert_eq!(body.is_some(), sent.header("content-type").is_some());
            Outcome::Followed(method, body)
        }
    }
}

fn redirect(status: u16, place: Place, edx: &MockEdx, other: &MockEdx) -> MockResponse {
    let response = MockResponse::html(status, MOVED);
    let there = edx.url().to_owned() + TO;
    match place {
        Place::SameServer => response.header("Location", there),
        Place::SamePath => response.header("Location", "../there/"),
        Place::OtherPort => response.header("Location", other.url().to_owned() + TO),
        Place::OtherName => response.header("Location", there.replace("127.0.0.1", "localhost")),
        Place::OtherScheme => response.header("Location", there.replace("http:", "https:")),
        Place::Nowhere => response,
        Place::NoUrl => response.header("Location", "http://[::1:nowhere"),
    }
}

impl Caller {
    fn call(self, edx: &MockEdx) -> Call {
        let url = edx.url().to_owned() + FROM;
        let post = Call::post(&*url).header("Content-Type", "text/csv");
        match self {
            Self::Get => Call::get(url),
            Self::Post => post.body(BODY),
            Self::Upload => post.body_once(BODY),
        }
    }
}

const PLACES: [Place; 7] = [
    Place::SameServer,
    Place::SamePath,
    Place::OtherPort,
    Place::OtherName,
    Place::OtherScheme,
    Place::Nowhere,
    Place::NoUrl,
];

const FROM: &str = "/here/";
const TO: &str = "/there/";
const MOVED: &str = "<h1>Moved</h1>";
const BODY: &str = "name\nada\n";
