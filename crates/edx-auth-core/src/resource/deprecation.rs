//! What an API announces about its end.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use http::{HeaderMap, Method};

use super::ApiUrl;
use crate::error::ServerText;
use crate::time::Moment;
use crate::token::AccessToken;

/// What an API announces about its end: since when it is deprecated
/// ([RFC 9745](https://www.rfc-editor.org/rfc/rfc9745)), and when it stops responding
/// ([RFC 8594](https://www.rfc-editor.org/rfc/rfc8594)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deprecation {
    /// The method of the call.
    pub method: Method,
    /// The host of the API.
    pub host: String,
    /// The path of the call, with `{}` for each part that is no lowercase word: numbers, UUIDs, course
    /// keys and most user names. A user name of lowercase letters alone is not told from a word.
    pub path: String,
    /// The `Deprecation` header, such as `@1798761600`, in seconds since the Unix epoch.
    pub since: Option<ServerText>,
    /// The `Sunset` header, such as `Fri, 31 Dec 2027 23:59:59 GMT`.
    pub sunset: Option<ServerText>,
}

impl Deprecation {
    /// Reads the headers of a response to a call with this token.
    pub(crate) fn of(
        method: &Method,
        url: &ApiUrl,
        headers: &HeaderMap,
        token: &AccessToken,
    ) -> Option<Box<Self>> {
        let text = |name| {
            let value = String::from_utf8_lossy(headers.get(name)?.as_bytes());
            Some(ServerText::of_call(&value, token.expose()))
        };
        let (since, sunset) = (text("deprecation"), text("sunset"));
        if since.is_none() && sunset.is_none() {
            return None;
        }
        let uri = url.uri();
        Some(Box::new(Self {
            method: method.clone(),
            host: uri.host().unwrap_or_default().to_owned(),
            path: template(uri.path()),
            since,
            sunset,
        }))
    }
}

/// The deprecations that the calls with one token source met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deprecations {
    /// What was told since then.
    told: BTreeSet<String>,
    began: Moment,
    /// How many responses announced one.
    pub(crate) count: u64,
}

impl Deprecations {
    /// Counts a deprecation. Reports whether to tell of it: once a day for each method and path, and of
    /// at most 256 of them.
    pub(crate) fn is_news(&mut self, deprecation: &Deprecation, now: Moment) -> bool {
        self.count += 1;
        if now.since(self.began) >= DAY {
            self.began = now;
            self.told.clear();
        }
        let Deprecation {
            method, host, path, ..
        } = deprecation;
        self.told.len() < MOST && self.told.insert(format!("{method} {host}{path}"))
    }
}

fn template(path: &str) -> String {
    let segments = path.split('/');
    let segments = segments.map(|segment| if is_word(segment) { segment } else { "{}" });
    let template = segments.collect::<Vec<_>>().join("/");
    template.chars().take(LONGEST).collect()
}

/// Reports whether a segment is a word of the API, such as `course_runs` or `v1`.
fn is_word(segment: &str) -> bool {
    let is_of_version = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let is_of_word = |byte: u8| byte.is_ascii_lowercase() || b"-_".contains(&byte);
    let version = segment.strip_prefix('v').unwrap_or_default();
    let is_version = !version.is_empty() && version.bytes().all(is_of_version);
    is_version || segment.bytes().all(is_of_word)
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// More endpoints than any program calls.
const MOST: usize = 256;

const LONGEST: usize = 256;

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::token::TokenType;
    use crate::url::PlaintextHosts;

    fn deprecation(path: &str, headers: &[(&'static str, &'static str)]) -> Option<Deprecation> {
        let url = format!("https://lms.example{path}");
        let url = ApiUrl::new(&url, &PlaintextHosts::none()).unwrap();
        let headers = headers.iter().map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, HeaderValue::from_str(value).unwrap())
        });
        let token = AccessToken::new(TokenType::Bearer, "opaque-t0ken").unwrap();
        Deprecation::of(&Method::GET, &url, &headers.collect(), &token).map(|found| *found)
    }

    fn deprecated(path: &str) -> Deprecation {
        deprecation(path, &[("deprecation", "@1798761600")]).unwrap()
    }

    #[test]
    fn either_header_announces_an_end() {
        let sunset = "Fri, 31 Dec 2027 23:59:59 GMT";
        let texts = |headers: &[_]| {
            let found = deprecation("/", headers)?;
            let shown = |text: Option<ServerText>| text.map(|text| text.as_str().to_owned());
            Some((shown(found.since), shown(found.sunset)))
        };
        let owned = |text: &str| Some(text.to_owned());

        assert_eq!(texts(&[("retry-after", "1")]), None);
        assert_eq!(texts(&[("deprecation", "@1")]), Some((owned("@1"), None)));
        assert_eq!(texts(&[("sunset", sunset)]), Some((None, owned(sunset))));
        assert_eq!(
            texts(&[("sunset", sunset), ("deprecation", "true")]),
            Some((owned("true"), owned(sunset)))
        );
    }

    #[test]
    fn texts_are_cut_and_escaped_and_hide_a_token() {
        let long: &'static str = Box::leak("x".repeat(9000).into_boxed_str());
        for (value, shown) in [
            ("\u{e4}\u{202e}b", "\u{e4}\\u{202e}b"),
            ("a\tb", "a\\tb"),
            ("JWT eyJ0.e30.x", "[redacted]"),
            ("Bearer opaque-t0ken", "[redacted]"),
            (long, &(("x").repeat(255) + "\u{2026}")),
        ] {
            let found = deprecation("/", &[("sunset", value)]).unwrap();
            assert_eq!(found.sunset.unwrap().as_str(), shown);
        }
    }

    #[test]
    fn a_path_is_shown_without_numbers_keys_and_most_names() {
        for (path, expected) in [
            ("", "/"),
            ("/api/courses/v1/courses/", "/api/courses/v1/courses/"),
            (
                "/api/v0.5/course_runs/12/?user=ada",
                "/api/v0.5/course_runs/{}/",
            ),
            (
                "/enterprise/v2/enterprise-catalogs/9f1e1b2a-0c3d-4e5f-8a9b-0c1d2e3f4a5b/courses/edX+DemoX",
                "/enterprise/v2/enterprise-catalogs/{}/courses/{}",
            ),
            (
                "/api/enrollment/v1/enrollment/ada,course-v1:edX+DemoX+Demo_Course",
                "/api/enrollment/v1/enrollment/{}",
            ),
            ("/api/course-v1%3AedX%2BDemoX/v", "/api/{}/v"),
            ("/accounts/Ada/ada@example.org/ada42", "/accounts/{}/{}/{}"),
        ] {
            assert_eq!(deprecated(path).path, expected, "{path}");
        }
        let long = deprecated(&"/aaaaaaa".repeat(1000)).path;
        assert_eq!(long.len(), LONGEST);
    }

    #[test]
    fn an_endpoint_is_news_once_a_day() {
        let at = |seconds| Moment {
            monotonic: Duration::from_secs(seconds),
            wall: Duration::from_secs(1_000_000 + seconds),
        };
        let mut met = Deprecations::default();
        let mut post = deprecated("/api/7/");
        post.method = Method::POST;

        assert!(met.is_news(&deprecated("/api/7/"), at(0)));
        assert!(!met.is_news(&deprecated("/api/8/?page=2"), at(1)));
        assert!(met.is_news(&post, at(2)));
        assert!(met.is_news(&deprecated("/api/"), at(3)));
        assert!(!met.is_news(&deprecated("/api/9/"), at(86_399)));
        assert!(met.is_news(&deprecated("/api/9/"), at(86_400)));
        assert_eq!(met.count, 6);
    }

    #[test]
    fn no_more_than_256_endpoints_are_remembered() {
        let mut met = Deprecations::default();
        let now = Moment::default();
        let letters =
            |number: usize| format!("/{}/{}", "a".repeat(number / 30), "b".repeat(number % 30));

        let told = (0..600).filter(|number| met.is_news(&deprecated(&letters(*number)), now));

        assert_eq!(told.count(), MOST);
        assert_eq!((met.count, met.told.len()), (600, MOST));
    }
}
