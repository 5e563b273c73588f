//! A paginated list, from its first page to its end.

mod error;
mod page;

#[cfg(test)]
mod tests;

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use http::header::LINK;
use http::{HeaderMap, Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::call::ApiCall;
use crate::jitter::Jitter;
use crate::lifecycle::WaitBudget;
use crate::resource::{ApiUrl, Origins, Verdict, reference};
use crate::time::Moment;
use crate::url::UrlError;

pub use error::PageError;

use page::{Next, Page};

/// Leads through the pages of a list, from `next` link to `next` link.
///
/// 1. Call [`poll`](Self::poll): fetch the page it names as an [`ApiCall`], wait, or stop.
/// 2. Report the response to [`on_response`](Self::on_response), which returns the items.
/// 3. If there is an error that [may pass](PageError::is_retryable), from the response or from the
///    call, ask [`retry`](Self::retry) whether the same page is fetched again.
///
/// A page counts as a whole, its link to the next one included: if it has an error, none of its
/// items is returned, so that a list started at the same URL goes on without a gap and without a
/// repetition.
///
/// ```
/// use edx_auth_core::{Moment, Origins, PageStep, Paginator};
/// use http::Response;
///
/// let now = Moment::default(); // from your clocks
/// let mut pages = Paginator::new("https://api.edx.org/catalog/v1/catalogs", Origins::edx())?;
///
/// let page = br#"{"count": 3, "next": "https://api.edx.org/catalog/v1/catalogs?page=2",
///     "previous": null, "results": ["a", "b"]}"#;
/// let items: Vec<String> = pages.on_response(&Response::new(page))?;
/// assert_eq!(items, ["a", "b"]);
/// let PageStep::Fetch(url) = pages.poll(now) else { panic!() };
/// assert_eq!(url.uri().query(), Some("page=2"));
///
/// let page = br#"{"count": 3, "next": null, "previous": "..", "results": ["c"]}"#;
/// let items: Vec<String> = pages.on_response(&Response::new(page))?;
/// assert_eq!(items, ["c"]);
/// assert_eq!(pages.poll(now), PageStep::End);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Paginator {
    url: Option<ApiUrl>,
    origins: Origins,
    read: BTreeSet<String>,
    retry_timeout: Duration,
    failures: u32,
    /// For the page that is being fetched, from its first request on.
    retries: Option<WaitBudget>,
    /// When it is fetched again, by the monotonic clock.
    retry_at: Duration,
}

/// What to do now for the next page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says what to do next"]
pub enum PageStep {
    /// Fetch this page.
    Fetch(ApiUrl),
    /// Wait this long, then poll again.
    Wait(Duration),
    /// The list is at its end.
    End,
}

impl Paginator {
    /// How many bytes of a page are read at most.
    pub const BODY_LIMIT: usize = 64 * 1024 * 1024;

    /// Creates a paginator that starts at this URL: the URL of the list, or of a page to resume from.
    ///
    /// # Errors
    /// Returns an error if the token must not be sent to this URL.
    pub fn new(url: &str, origins: Origins) -> Result<Self, UrlError> {
        Ok(Self {
            url: Some(origins.check(url)?),
            origins,
            read: BTreeSet::new(),
            retry_timeout: RETRY_TIMEOUT,
            failures: 0,
            retries: None,
            retry_at: Duration::ZERO,
        })
    }

    /// Sets for how long one page is retried, instead of two minutes.
    #[must_use]
    pub fn retry_timeout(self, timeout: Duration) -> Self {
        Self {
            retry_timeout: timeout,
            ..self
        }
    }

    /// Returns the page to fetch now; `None` at the end of the list.
    #[must_use]
    pub fn url(&self) -> Option<&ApiUrl> {
        self.url.as_ref()
    }

    /// Returns what to do now.
    pub fn poll(&mut self, now: Moment) -> PageStep {
        let Some(url) = &self.url else {
            return PageStep::End;
        };
        let wait = self.retry_at.saturating_sub(now.monotonic);
        if !wait.is_zero() {
            return PageStep::Wait(wait);
        }
        let timeout = self.retry_timeout;
        self.retries
            .get_or_insert_with(|| WaitBudget::new(timeout, now));
        PageStep::Fetch(url.clone())
    }

    /// Records that redirects led to this URL: links on the page are relative to it.
    pub fn redirected_to(&mut self, url: &str) {
        let Ok(found) = self.origins.check(url) else {
            return;
        };
        if self.url.as_ref().is_some_and(|asked| *asked != found) {
            self.leave_for(Some(found));
        }
    }

    /// Returns the items of the page in a response of any status, and moves on to the next page.
    ///
    /// # Errors
    /// Returns an error if the response is not the page that it should be. The paginator stays where
    /// it is.
    pub fn on_response<T: DeserializeOwned>(
        &mut self,
        response: &Response<impl AsRef<[u8]>>,
    ) -> Result<Vec<T>, PageError> {
        let body = response.body().as_ref();
        let status = response.status();
        if !status.is_success() {
            let prefix = body.get(..ApiCall::PEEK).unwrap_or(body);
            let verdict = Verdict::of(status, response.headers(), prefix);
            return Err(PageError::of_status(status, verdict));
        }
        if !is_whole(status) || continues_by_header(response.headers()) {
            return Err(PageError::NotAPage);
        }
        let page = Page::read(body)?;
        let next = self.follow(&page.next)?;
        self.leave_for(next);
        (self.failures, self.retries) = (0, None);
        Ok(page.items)
    }

    /// Returns how long to wait before the same page is fetched again: ever longer, and no shorter
    /// than `retry_after`, which the server asked for. [`poll`](Self::poll) waits as long. `None` if
    /// the wait would outlast the [retry timeout](Self::retry_timeout): give up.
    ///
    /// Ask only after an error that may pass, of the [page](PageError::is_retryable) or of its
    /// [call](crate::CallError::is_retryable).
    pub fn retry(
        &mut self,
        retry_after: Option<Duration>,
        now: Moment,
        jitter: Jitter,
    ) -> Option<Duration> {
        let doubled = FIRST_WAIT.saturating_mul(1 << self.failures.min(MOST_DOUBLINGS));
        let wait = doubled.max(retry_after.unwrap_or_default());
        let wait = wait.saturating_add(jitter.of(wait / 4));
        let left = self.retries.map(|budget| budget.left(now));
        if wait > left.unwrap_or(self.retry_timeout) {
            return None;
        }
        self.failures = self.failures.saturating_add(1);
        self.retry_at = now.monotonic.saturating_add(wait);
        Some(wait)
    }

    fn follow(&self, next: &Next) -> Result<Option<ApiUrl>, PageError> {
        let (Next::Reference(reference), Some(base)) = (next, &self.url) else {
            return Ok(None);
        };
        // The number of a page is not a reference, although it could be read as one.
        let is_link = reference.contains(['/', '?']);
        let url = is_link.then(|| reference::resolve(reference, base));
        let next = url
            .flatten()
            .ok_or(UrlError::Malformed)
            .and_then(|url| self.check(&url))
            .map_err(PageError::Next)?;
        if next == *base || self.read.contains(&next.to_string()) {
            return Err(PageError::Loop);
        }
        Ok(Some(next))
    }

    /// Checks a link. Sites behind a TLS proxy write `http:` into their links: the same host is asked
    /// by https if the token may go there.
    fn check(&self, url: &str) -> Result<ApiUrl, UrlError> {
        let checked = self.origins.check(url);
        let in_plaintext = url.strip_prefix("http://").filter(|_| checked.is_err());
        let encrypted = in_plaintext.map(|rest| self.origins.check(&format!("https://{rest}")));
        match encrypted {
            Some(Ok(encrypted)) => Ok(encrypted),
            _ => checked,
        }
    }

    fn leave_for(&mut self, next: Option<ApiUrl>) {
        let read = core::mem::replace(&mut self.url, next);
        self.read.extend(read.map(|url| url.to_string()));
    }
}

/// `206 Partial Content` and its like are not the page.
fn is_whole(status: StatusCode) -> bool {
    [StatusCode::OK, StatusCode::NON_AUTHORITATIVE_INFORMATION].contains(&status)
}

/// A list whose next page is named by a header
/// ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)) is of another kind, and not at its end.
fn continues_by_header(headers: &HeaderMap) -> bool {
    let links = headers.get_all(LINK).iter();
    let links = links.filter_map(|link| link.to_str().ok());
    let mut parameters = links.flat_map(|link| link.split([';', ',']));
    parameters.any(|parameter| {
        let relation = parameter.trim().strip_prefix("rel=");
        relation.is_some_and(|relation| relation.trim_matches('"').eq_ignore_ascii_case("next"))
    })
}

const RETRY_TIMEOUT: Duration = Duration::from_secs(2 * 60);

const FIRST_WAIT: Duration = Duration::from_secs(1);

/// To about half a minute.
const MOST_DOUBLINGS: u32 = 5;
