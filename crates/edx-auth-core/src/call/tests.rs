//! One API call from its first sending to the reply that its caller gets.

use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode};

use super::redirect::{self, Body, Origin, Redirect};
use super::{ApiUrl, Origins, Verdict, reference};
use crate::error::TransportFailure;
use crate::url::UrlError;

/// One API call: what to send where, and what to do about each reply.
///
/// 1. Send [`method`](Self::method) to [`url`](Self::url) with the token, following no redirect.
/// 2. Hand status, headers and, of an error, the first [`PEEK`](Self::PEEK) bytes of the body to
///    [`answered`](Self::answered), and do as the [`CallStep`] says. Put the bytes back.
/// 3. Where no reply came, ask whether the call [`survives`](Self::survives) that.
///
/// A call is replayed once at most, however often its token is refused, and only where its body can
/// be sent again. Redirects are followed inside the [`Origins`], ten at most; any other is the
/// reply.
///
/// ```
/// use edx_auth_core::{ApiCall, CallStep, Origins, Verdict};
/// use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
///
/// let url = "https://api.edx.org/catalog/v1/catalogs";
/// let mut call = ApiCall::new(Method::GET, url, Origins::edx())?;
///
/// let mut headers = HeaderMap::new();
/// headers.insert(header::LOCATION, HeaderValue::from_static("/catalog/v1/catalogs/"));
/// let step = call.answered(StatusCode::MOVED_PERMANENTLY, &headers, b"");
/// assert!(matches!(step, CallStep::Follow(_)));
/// assert_eq!(call.url().to_string(), "https://api.edx.org/catalog/v1/catalogs/");
///
/// let step = call.answered(StatusCode::OK, &HeaderMap::new(), b"");
/// assert_eq!(step, CallStep::Deliver(Verdict::Success));
/// # Ok::<(), edx_auth_core::UrlError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ApiCall {
    method: Method,
    url: ApiUrl,
    origins: Origins,
    body: Sending,
    replay: Chance,
    resending: Chance,
    redirects: u8,
}

/// What to do about a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says what becomes of the call"]
pub enum CallStep {
    /// Hand the reply to the caller. Where the verdict is
    /// [`TokenRejected`](Verdict::TokenRejected), tell the token's lifecycle first.
    Deliver(Verdict),
    /// The token was refused. Tell its lifecycle, and send the call again as the
    /// [`Invalidation`](crate::Invalidation) says; where that would take longer than the caller's
    /// timeout, hand it the reply.
    Replay,
    /// Send the call to its new [`url`](ApiCall::url), with what the redirect changes.
    Follow(Redirect),
}

/// How often the body can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    Repeatable,
    Once,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chance {
    Left,
    Used,
}

impl ApiCall {
    /// How many bytes of an error's body are looked at.
    pub const PEEK: usize = 8 * 1024;

    /// A call without a body, or with one that can be sent again.
    ///
    /// # Errors
    /// Where the token is not for this URL.
    pub fn new(method: Method, url: &str, origins: Origins) -> Result<Self, UrlError> {
        Ok(Self {
            method,
            url: origins.check(url)?,
            origins,
            body: Sending::Repeatable,
            replay: Chance::Left,
            resending: Chance::Left,
            redirects: 0,
        })
    }

    /// The same, with a body that can be sent only once.
    #[must_use]
    pub fn once(self) -> Self {
        Self {
            body: Sending::Once,
            ..self
        }
    }

    /// The method to send now.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL to send to now; the token is for it.
    #[must_use]
    pub fn url(&self) -> &ApiUrl {
        &self.url
    }

    /// What to do about a reply.
    pub fn answered(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        body_prefix: &[u8],
    ) -> CallStep {
        match Verdict::of(status, headers, body_prefix) {
            Verdict::TokenRejected if self.may_be_replayed() => {
                self.replay = Chance::Used;
                CallStep::Replay
            }
            Verdict::Redirected => match self.follow(status, headers) {
                Some(redirect) => CallStep::Follow(redirect),
                None => CallStep::Deliver(Verdict::Redirected),
            },
            verdict => CallStep::Deliver(verdict),
        }
    }

    /// Whether to send the call again, over a new connection, although no reply came: once, and
    /// only where it reads, since a server may close a connection that was kept for reuse at the
    /// very moment when it is used.
    #[must_use = "it says whether to send the call again"]
    pub fn survives(&mut self, failure: TransportFailure) -> bool {
        let is_safe = self.reads() && self.body == Sending::Repeatable;
        let survives =
            is_safe && self.resending == Chance::Left && failure == TransportFailure::MaybeSent;
        if survives {
            self.resending = Chance::Used;
        }
        survives
    }

    /// Whether it was replayed already. A call whose token is refused and that cannot be is worth a
    /// newer token before its caller tries again.
    #[must_use]
    pub fn was_replayed(&self) -> bool {
        self.replay == Chance::Used
    }

    fn may_be_replayed(&self) -> bool {
        self.replay == Chance::Left && self.body == Sending::Repeatable
    }

    fn reads(&self) -> bool {
        [Method::GET, Method::HEAD].contains(&self.method)
    }

    fn follow(&mut self, status: StatusCode, headers: &HeaderMap) -> Option<Redirect> {
        let method = redirect::method(status, &self.method)?;
        let url = self.location(headers)?;
        let redirect = Redirect {
            body: if method == self.method {
                Body::Kept
            } else {
                Body::Dropped
            },
            origin: self.origin_of(&url),
        };
        if self.redirects == MOST_REDIRECTS || !self.can_follow(redirect) {
            return None;
        }
        self.redirects += 1;
        self.method = method;
        self.url = url;
        if redirect.body == Body::Dropped {
            self.body = Sending::Repeatable;
        }
        Some(redirect)
    }

    fn location(&self, headers: &HeaderMap) -> Option<ApiUrl> {
        let location = headers.get(LOCATION)?.to_str().ok()?;
        let location = reference::resolve(location, &self.url)?;
        self.origins.check(&location).ok()
    }

    fn origin_of(&self, url: &ApiUrl) -> Origin {
        if url.is_same_origin(&self.url) {
            Origin::Same
        } else {
            Origin::Other
        }
    }

    fn can_follow(&self, redirect: Redirect) -> bool {
        self.body == Sending::Repeatable || redirect.body == Body::Dropped
    }
}

/// As browsers and most HTTP clients have it, about.
const MOST_REDIRECTS: u8 = 10;

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use http::HeaderValue;
    use http::header::{CONTENT_TYPE, COOKIE};

    use super::*;

    const URL: &str = "https://api.edx.org/catalog/v1/catalogs";

    fn call(method: Method) -> ApiCall {
        ApiCall::new(method, URL, Origins::edx()).unwrap()
    }

    fn redirected(call: &mut ApiCall, status: u16, location: &str) -> CallStep {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_str(location).unwrap());
        call.answered(StatusCode::from_u16(status).unwrap(), &headers, b"")
    }

    fn refused(call: &mut ApiCall) -> CallStep {
        call.answered(StatusCode::UNAUTHORIZED, &HeaderMap::new(), b"")
    }

    #[test]
    fn a_refused_token_is_replayed_once() {
        let mut call = call(Method::POST);

        assert_eq!(refused(&mut call), CallStep::Replay);
        assert_eq!(
            refused(&mut call),
            CallStep::Deliver(Verdict::TokenRejected)
        );
    }

    #[test]
    fn what_can_be_sent_once_is_not_sent_twice() {
        let mut call = call(Method::POST).once();

        assert_eq!(
            refused(&mut call),
            CallStep::Deliver(Verdict::TokenRejected)
        );
        for status in [301, 302, 307, 308] {
            let step = redirected(&mut call, status, "/elsewhere");
            assert_eq!(step, CallStep::Deliver(Verdict::Redirected), "{status}");
        }
        assert!(matches!(
            redirected(&mut call, 303, "/done"),
            CallStep::Follow(_)
        ));
        assert_eq!(refused(&mut call), CallStep::Replay);
    }

    #[test]
    fn each_redirect_goes_on_by_its_own_method() {
        use Method as M;
        for (status, method, goes_on) in [
            (301, M::GET, Some((M::GET, true))),
            (301, M::HEAD, Some((M::HEAD, true))),
            (301, M::POST, None),
            (302, M::PATCH, None),
            (303, M::GET, Some((M::GET, true))),
            (303, M::HEAD, Some((M::HEAD, true))),
            (303, M::POST, Some((M::GET, false))),
            (307, M::POST, Some((M::POST, true))),
            (308, M::DELETE, Some((M::DELETE, true))),
            (300, M::GET, None),
            (304, M::GET, None),
            (305, M::GET, None),
        ] {
            let mut call = call(method.clone());
            let step = redirected(&mut call, status, "/there?page=2");
            let went_on = match step {
                CallStep::Follow(redirect) => Some((call.method().clone(), redirect.keeps_body())),
                _ => None,
            };
            assert_eq!(went_on, goes_on, "{status} {method}");
        }
    }

    #[test]
    fn a_redirect_out_of_the_origins_is_the_reply() {
        for location in [
            "http://api.edx.org/catalog/v1/catalogs/",
            "https://api.edx.org:8443/",
            "https://api.edx.org.evil.example/",
            "https://api.edx.org@evil.example/",
            "https://evil.example/",
            "//evil.example/",
            "\\\\evil.example/",
            "https:evil.example",
            "ftp://api.edx.org/",
            "https://api.edx.org./",
            "https://[::1/",
        ] {
            let mut call = call(Method::GET);
            let step = redirected(&mut call, 302, location);
            assert_eq!(step, CallStep::Deliver(Verdict::Redirected), "{location}");
            assert_eq!(call.url().to_string(), URL, "{location}");
        }
        let nowhere = call(Method::GET).answered(StatusCode::FOUND, &HeaderMap::new(), b"");
        assert_eq!(nowhere, CallStep::Deliver(Verdict::Redirected));
    }

    #[test]
    fn ten_redirects_are_followed_and_no_more() {
        let mut call = call(Method::GET);

        for _ in 0..10 {
            assert!(matches!(
                redirected(&mut call, 302, "?again"),
                CallStep::Follow(_)
            ));
        }
        assert_eq!(
            redirected(&mut call, 302, "?again"),
            CallStep::Deliver(Verdict::Redirected)
        );
    }

    #[test]
    fn a_reading_call_survives_one_broken_connection() {
        for (method, survives) in [
            (Method::GET, true),
            (Method::HEAD, true),
            (Method::POST, false),
            (Method::DELETE, false),
        ] {
            let mut call = call(method.clone());
            assert!(!call.survives(TransportFailure::NotSent), "{method}");
            assert!(!call.survives(TransportFailure::TimedOut), "{method}");
            assert_eq!(
                call.survives(TransportFailure::MaybeSent),
                survives,
                "{method}"
            );
            assert!(!call.survives(TransportFailure::MaybeSent), "{method}");
        }
    }

    #[test]
    fn headers_of_a_dropped_body_and_of_another_server_stay_behind() {
        let followed = |status, location| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(COOKIE, HeaderValue::from_static("session=1"));
            let CallStep::Follow(redirect) = redirected(&mut call(Method::POST), status, location)
            else {
                panic!("it is followed")
            };
            redirect.adapt(&mut headers);
            (
                headers.contains_key(CONTENT_TYPE),
                headers.contains_key(COOKIE),
            )
        };

        assert_eq!(followed(307, "/there"), (true, true));
        assert_eq!(followed(303, "/there"), (false, true));
        assert_eq!(followed(307, "https://discovery.edx.org/"), (true, false));
    }

    #[test]
    fn a_call_knows_whether_it_was_replayed() {
        let mut call = call(Method::GET);

        assert!(!call.was_replayed());
        assert_eq!(refused(&mut call), CallStep::Replay);
        assert!(call.was_replayed());
    }

    #[test]
    fn of_an_error_eight_kib_are_looked_at() {
        assert_eq!(ApiCall::PEEK, 8_192);
    }
}
