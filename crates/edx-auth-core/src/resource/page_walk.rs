//! From page to page, to the true end of a list.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use http::header::LINK;
use http::{HeaderMap, Response, StatusCode};
use serde::de::DeserializeOwned;

use super::page::{Next, Page};
use super::{ApiCall, ApiUrl, Origins, PageError, Verdict, reference};
use crate::jitter::Jitter;
use crate::url::UrlError;

/// The way through the pages of a list, from `next` to `next`.
///
/// 1. Get [`url`](Self::url) as an [`ApiCall`]; without any, the list is at its end.
/// 2. Hand the reply to [`answered`](Self::answered): the items, or a [`PageError`].
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
            url: Some(origins.check(url)?),
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

    /// Says that the page was found at this URL: a redirect led there, and links on it are meant
    /// from there.
    pub fn found_at(&mut self, url: &str) {
        let Ok(found) = self.origins.check(url) else {
            return;
        };
        if self.url.as_ref().is_some_and(|asked| *asked != found) {
            self.leave_for(Some(found));
        }
    }

    /// The items of the page, in a reply of any status. The walk goes on to the next one.
    ///
    /// # Errors
    /// Where the reply is not the page that it should be. The walk stays where it is.
    pub fn answered<T: DeserializeOwned>(
        &mut self,
        reply: &Response<impl AsRef<[u8]>>,
    ) -> Result<Vec<T>, PageError> {
        let body = reply.body().as_ref();
        let status = reply.status();
        if !status.is_success() {
            let prefix = body.get(..ApiCall::PEEK).unwrap_or(body);
            let verdict = Verdict::of(status, reply.headers(), prefix);
            return Err(PageError::of_status(status, verdict));
        }
        if !is_whole(status) || leads_on_elsewhere(reply.headers()) {
            return Err(PageError::NotAPage);
        }
        let page = Page::read(body)?;
        let next = self.follow(&page.next)?;
        self.leave_for(next);
        self.setbacks = 0;
        Ok(page.items)
    }

    /// How long to wait before the same page is asked for again: ever longer, and no shorter than
    /// the server has asked for. `None` where that would take longer than the walk's patience, of
    /// which so much has elapsed since the page was asked for first.
    pub fn put_off(
        &mut self,
        asked: Option<Duration>,
        elapsed: Duration,
        jitter: Jitter,
    ) -> Option<Duration> {
        let doubled = FIRST_WAIT.saturating_mul(1 << self.setbacks.min(MOST_DOUBLINGS));
        let wait = doubled.max(asked.unwrap_or_default());
        let wait = wait.saturating_add(jitter.of(wait / 4));
        self.setbacks = self.setbacks.saturating_add(1);
        (elapsed.saturating_add(wait) <= self.patience).then_some(wait)
    }

    fn follow(&self, next: &Next) -> Result<Option<ApiUrl>, PageError> {
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
            .map_err(PageError::Next)?;
        if next == *base || self.read.contains(&next.to_string()) {
            return Err(PageError::Loop);
        }
        Ok(Some(next))
    }

    /// Sites behind a proxy that speaks TLS for them write `http:` into their links: the same host
    /// is asked by https, if it may be.
    fn permit(&self, url: &str) -> Result<ApiUrl, UrlError> {
        let permitted = self.origins.check(url);
        let in_plaintext = url.strip_prefix("http://").filter(|_| permitted.is_err());
        let encrypted = in_plaintext.map(|rest| self.origins.check(&format!("https://{rest}")));
        match encrypted {
            Some(Ok(encrypted)) => Ok(encrypted),
            _ => permitted,
        }
    }

    fn leave_for(&mut self, next: Option<ApiUrl>) {
        let read = core::mem::replace(&mut self.url, next);
        self.read.extend(read.map(|url| url.to_string()));
    }
}

/// `206 Partial Content` and its like are not what was asked for.
fn is_whole(status: StatusCode) -> bool {
    [StatusCode::OK, StatusCode::NON_AUTHORITATIVE_INFORMATION].contains(&status)
}

/// A list whose next page stands in a header
/// ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)) is of another kind, and not at its end.
fn leads_on_elsewhere(headers: &HeaderMap) -> bool {
    let links = headers
        .get_all(LINK)
        .iter()
        .filter_map(|link| link.to_str().ok());
    links
        .flat_map(|link| link.split([';', ',']))
        .any(|parameter| {
            let relation = parameter.trim().strip_prefix("rel=");
            relation.is_some_and(|relation| relation.trim_matches('"').eq_ignore_ascii_case("next"))
        })
}

const PATIENCE: Duration = Duration::from_secs(2 * 60);

const FIRST_WAIT: Duration = Duration::from_secs(1);

/// To half a minute, about.
const MOST_DOUBLINGS: u32 = 5;

#[cfg(test)]
mod tests;
