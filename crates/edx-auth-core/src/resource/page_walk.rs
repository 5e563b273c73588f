//! From page to page, to the true end of a list.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use http::Response;
use serde::de::DeserializeOwned;

use super::page::{Next, Page};
use super::{ApiCall, ApiUrl, Origins, PageFault, judge, reference};
use crate::spread::Spread;
use crate::url::UrlError;

/// The way through the pages of a list, from `next` to `next`.
///
/// 1. Get [`url`](Self::url) as an [`ApiCall`]; without any, the list is at its end.
/// 2. Hand the reply to [`answered`](Self::answered): the items, or a [`PageFault`].
/// 3. Where the fault passes, or no reply came, ask [`put_off`](Self::put_off) how long to wait.
///
/// A page counts as a whole, its link to the next one included: where it has a fault, none of its
/// items is given, so that a walk from the same URL goes on without a gap and without a repetition.
///
/// ```
/// use edx_auth_core::{Origins, PageWalk};
/// use http::Response;
///
/// let mut walk = PageWalk::new("https://api.edx.org/catalog/v1/catalogs", Origins::edx())?;
///
/// let page = br#"{"count": 3, "next": "https://api.edx.org/catalog/v1/catalogs?page=2",
///     "previous": null, "results": ["a", "b"]}"#;
/// let items: Vec<String> = walk.answered(&Response::new(page))?;
/// assert_eq!(items, ["a", "b"]);
/// assert_eq!(walk.url().unwrap().uri().query(), Some("page=2"));
///
/// let page = br#"{"count": 3, "next": null, "previous": "..", "results": ["c"]}"#;
/// let items: Vec<String> = walk.answered(&Response::new(page))?;
/// assert_eq!(items, ["c"]);
/// assert!(walk.url().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PageWalk {
    url: Option<ApiUrl>,
    origins: Origins,
    read: BTreeSet<String>,
    setbacks: u32,
    patience: Duration,
}

impl PageWalk {
    /// How many bytes of a page are read at most.
    pub const BODY_LIMIT: usize = 64 * 1024 * 1024;

    /// A walk that begins at this URL: that of a list, or of a page to go on from.
    ///
    /// # Errors
    /// Where the token is not for this URL.
    pub fn new(url: &str, origins: Origins) -> Result<Self, UrlError> {
        Ok(Self {
            url: Some(origins.permit(url)?),
            origins,
            read: BTreeSet::new(),
            setbacks: 0,
            patience: PATIENCE,
        })
    }

    /// The same walk, which waits out trouble with one page for so long, instead of two minutes.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The page to get now; `None` at the end of the list.
    #[must_use]
    pub fn url(&self) -> Option<&ApiUrl> {
        self.url.as_ref()
    }

    /// The items of the page, in a reply of any status. The walk goes on to the next one.
    ///
    /// # Errors
    /// Where the reply is not the page that it should be. The walk stays where it is.
    pub fn answered<T: DeserializeOwned>(
        &mut self,
        reply: &Response<impl AsRef<[u8]>>,
    ) -> Result<Vec<T>, PageFault> {
        let body = reply.body().as_ref();
        let status = reply.status();
        if !status.is_success() {
            let prefix = body.get(..ApiCall::PEEK).unwrap_or(body);
            let verdict = judge(status, reply.headers(), prefix);
            return Err(PageFault::of_status(status, verdict));
        }
        let page = Page::read(body)?;
        let next = self.follow(&page.next)?;
        self.turn_to(next);
        Ok(page.items)
    }

    /// How long to wait before the same page is asked for again: ever longer, and no shorter than
    /// the server has asked for. `None` where that would take longer than the walk's patience, of
    /// which so much has elapsed since the page was asked for first.
    pub fn put_off(
        &mut self,
        asked: Option<Duration>,
        elapsed: Duration,
        spread: Spread,
    ) -> Option<Duration> {
        let doubled = FIRST_WAIT.saturating_mul(1 << self.setbacks.min(MOST_DOUBLINGS));
        let wait = doubled.max(asked.unwrap_or_default());
        let wait = wait.saturating_add(spread.of(wait / 4));
        self.setbacks = self.setbacks.saturating_add(1);
        (elapsed.saturating_add(wait) <= self.patience).then_some(wait)
    }

    fn follow(&self, next: &Next) -> Result<Option<ApiUrl>, PageFault> {
        let (Next::Reference(reference), Some(base)) = (next, &self.url) else {
            return Ok(None);
        };
        // The number of a page is no reference, although it could be read as one.
        let is_link = reference.contains(['/', '?']);
        let url = is_link.then(|| reference::resolve(reference, base));
        let next = url
            .flatten()
            .ok_or(UrlError::Malformed)
            .and_then(|url| self.permit(&url))
            .map_err(PageFault::Next)?;
        if next == *base || self.read.contains(&next.to_string()) {
            return Err(PageFault::Loop);
        }
        Ok(Some(next))
    }

    /// Sites behind a proxy that speaks TLS for them write `http:` into their links: the same host
    /// is asked by https, if it may be.
    fn permit(&self, url: &str) -> Result<ApiUrl, UrlError> {
        let permitted = self.origins.permit(url);
        let in_plaintext = url.strip_prefix("http://").filter(|_| permitted.is_err());
        let encrypted = in_plaintext.map(|rest| self.origins.permit(&format!("https://{rest}")));
        match encrypted {
            Some(Ok(encrypted)) => Ok(encrypted),
            _ => permitted,
        }
    }

    fn turn_to(&mut self, next: Option<ApiUrl>) {
        let read = core::mem::replace(&mut self.url, next);
        self.read.extend(read.map(|url| url.to_string()));
        self.setbacks = 0;
    }
}

const PATIENCE: Duration = Duration::from_secs(2 * 60);

const FIRST_WAIT: Duration = Duration::from_secs(1);

/// To half a minute, about.
const MOST_DOUBLINGS: u32 = 5;

#[cfg(test)]
mod tests {
    use alloc::vec;

    use serde_json::Value;

    use super::*;

    const LIST: &str = "https://lms.example/api/list/";

    fn walk() -> PageWalk {
        let origins = Origins::none().and("https://lms.example").unwrap();
        PageWalk::new(LIST, origins).unwrap()
    }

    fn reply(status: u16, body: &str) -> Response<&[u8]> {
        Response::builder()
            .status(status)
            .body(body.as_bytes())
            .unwrap()
    }

    fn page(walk: &mut PageWalk, next: &str) -> Result<Vec<u32>, PageFault> {
        let body = format!(r#"{{"count":9,"next":{next},"previous":null,"results":[1,2]}}"#);
        walk.answered(&reply(200, &body))
    }

    fn url(walk: &PageWalk) -> Option<String> {
        walk.url().map(ToString::to_string)
    }

    #[test]
    fn the_end_is_where_there_is_no_next_page() {
        for next in [
            "null",
            r#""""#,
            r#"" ""#,
            r#""null""#,
            r#""None""#,
            r#""undefined""#,
        ] {
            let mut walk = walk();
            assert_eq!(page(&mut walk, next), Ok(vec![1, 2]), "{next}");
            assert_eq!(url(&walk), None, "{next}");
        }
    }

    #[test]
    fn the_next_page_is_wherever_the_link_leads_inside_the_origins() {
        for (next, expected) in [
            (
                "https://lms.example/api/list/?page=2",
                "https://lms.example/api/list/?page=2",
            ),
            (
                "http://lms.example/api/list/?page=2",
                "https://lms.example/api/list/?page=2",
            ),
            ("HTTPS://LMS.example:443/x", "https://LMS.example:443/x"),
            ("?page=2", "https://lms.example/api/list/?page=2"),
            ("/api/list/?page=2", "https://lms.example/api/list/?page=2"),
            ("//lms.example/x", "https://lms.example/x"),
            ("?page=2#top", "https://lms.example/api/list/?page=2"),
        ] {
            let mut walk = walk();
            assert_eq!(
                page(&mut walk, &format!("{next:?}")),
                Ok(vec![1, 2]),
                "{next}"
            );
            assert_eq!(url(&walk).as_deref(), Some(expected), "{next}");
        }
    }

    #[test]
    fn a_link_that_leads_elsewhere_is_no_end() {
        for next in [
            "https://evil.example/api/list/?page=2",
            "http://lms.example:8000/?page=2",
            "http://lms:8000/?page=2",
            "//evil.example/",
            "https://lms.example@evil.example/",
            "2",
            "http://[broken",
            "https://lms.example/a b",
        ] {
            let mut walk = walk();
            let fault = page(&mut walk, &format!("{next:?}")).unwrap_err();
            let stays = url(&walk).as_deref() == Some(LIST);
            assert!(
                matches!(fault, PageFault::Next(_)) && stays,
                "{next}: {fault:?}"
            );
        }
    }

    #[test]
    fn a_list_that_leads_back_is_no_end() {
        let mut walk = walk();
        assert!(page(&mut walk, r#""?page=2""#).is_ok());
        assert!(page(&mut walk, r#""?page=3""#).is_ok());

        for next in [r#""?page=3""#, r#""?page=2""#, r#""/api/list/""#] {
            assert_eq!(page(&mut walk, next), Err(PageFault::Loop), "{next}");
        }
        assert!(page(&mut walk, "null").is_ok());
    }

    #[test]
    fn every_shape_of_a_list() {
        for (body, expected) in [
            ("[1, 2]", Some((2, None))),
            (" []", Some((0, None))),
            (r#"{"next": null, "results": []}"#, Some((0, None))),
            (
                r#"{"pagination": {"next": "?page=2"}, "results": [1]}"#,
                Some((1, Some("?page=2"))),
            ),
            (
                r#"{"pagination": {"next": null}, "results": [1]}"#,
                Some((1, None)),
            ),
            (r#"{"results": [1]}"#, None),
            (r#"{"next": null}"#, None),
            (r#"{"next": 2, "results": [1]}"#, None),
            (r#"{"next": false, "results": [1]}"#, None),
            (r#"{"detail": "x"}"#, None),
            ("<html>", None),
            ("", None),
            (r#"{"next": null, "results": [1"#, None),
            (r#"{"next": null, "results": [1]} x"#, None),
        ] {
            let mut walk = walk();
            let items: Result<Vec<Value>, _> = walk.answered(&reply(200, body));
            let seen = items.ok().map(|items| (items.len(), url(&walk)));
            let next = |query| format!("{LIST}{query}");
            assert_eq!(
                seen,
                expected.map(|(items, query)| (items, query.map(next))),
                "{body}"
            );
        }
    }

    #[test]
    fn a_refusal_is_no_page_and_only_trouble_passes() {
        for (status, passes) in [
            (429, true),
            (503, true),
            (500, true),
            (408, true),
            (401, false),
            (403, false),
            (404, false),
            (302, false),
        ] {
            let fault = walk().answered::<Value>(&reply(status, "[]")).unwrap_err();
            assert_eq!(fault.is_retryable(), passes, "{status}");
        }
    }

    #[test]
    fn waits_grow_and_keep_to_what_the_server_asks() {
        let mut walk = walk();
        let seconds = Duration::from_secs;
        let mut wait = |asked| walk.put_off(asked, Duration::ZERO, Spread::NONE);

        assert_eq!(wait(None), Some(seconds(1)));
        assert_eq!(wait(None), Some(seconds(2)));
        assert_eq!(wait(Some(seconds(60))), Some(seconds(60)));
        assert_eq!(wait(Some(seconds(121))), None);
        assert_eq!(wait(None), Some(seconds(16)));
        assert_eq!(wait(None), Some(seconds(32)));
        assert_eq!(wait(None), Some(seconds(32)));
    }

    #[test]
    fn a_walk_may_have_a_patience_of_its_own() {
        let hour = Duration::from_secs(60 * 60);

        assert_eq!(
            walk().put_off(Some(hour), Duration::ZERO, Spread::NONE),
            None
        );
        let mut patient = walk().patience(hour);
        assert_eq!(
            patient.put_off(Some(hour), Duration::ZERO, Spread::NONE),
            Some(hour)
        );
    }

    #[test]
    fn patience_ends_with_what_has_elapsed() {
        let wait = |elapsed| walk().put_off(None, Duration::from_millis(elapsed), Spread::FULL);

        assert_eq!(wait(118_750), Some(Duration::from_millis(1250)));
        assert_eq!(wait(118_751), None);
    }

    #[test]
    fn a_page_that_came_forgets_the_trouble_before_it() {
        let mut walk = walk();
        let first = walk.put_off(None, Duration::ZERO, Spread::NONE);
        let _second = walk.put_off(None, Duration::ZERO, Spread::NONE);

        assert!(page(&mut walk, r#""?page=2""#).is_ok());

        assert_eq!(walk.put_off(None, Duration::ZERO, Spread::NONE), first);
    }
}
