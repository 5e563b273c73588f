//! A paginated list, from its first page to its end.

mod error;
mod items_path;
mod link;
mod page;
mod position;
mod report;

#[cfg(test)]
mod tests;

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use http::{Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::call::ApiCall;
use crate::jitter::Jitter;
use crate::resource::{ApiUrl, Origins, Verdict, reference};
use crate::retry::Retries;
use crate::time::Moment;
use crate::url::UrlError;

pub use error::PageError;
pub use items_path::ItemsPathError;
pub use position::{Position, PositionError};
pub use report::PagesReport;

use items_path::ItemsPath;
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
    items: ItemsPath,
    read: BTreeSet<String>,
    report: PagesReport,
    retry_timeout: Duration,
    /// Of the page that is being fetched.
    retries: Retries,
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
            items: ItemsPath::RESULTS,
            read: BTreeSet::new(),
            report: PagesReport::default(),
            retry_timeout: RETRY_TIMEOUT,
            retries: Retries::within(RETRY_TIMEOUT),
            retry_at: Duration::ZERO,
        })
    }

    /// Creates a paginator that goes on from a [position](Self::position) of the same list. What was
    /// set there, and its report, do not come along.
    ///
    /// # Errors
    /// Returns an error if the token must not be sent there.
    pub fn from_position(position: &Position, origins: Origins) -> Result<Self, UrlError> {
        Self::new(position.url(), origins)
    }

    /// Reads the items from this place in the body, instead of `results`: the names of the members
    /// that lead there, such as `results.courses`. `next` and `count` may be in any object on the way.
    ///
    /// # Errors
    /// Returns an error if the path has an empty name, a number, or more than eight names.
    pub fn items_at(self, path: &str) -> Result<Self, ItemsPathError> {
        Ok(Self {
            items: ItemsPath::new(path)?,
            ..self
        })
    }

    /// Sets for how long one page is retried, instead of two minutes.
    #[must_use]
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.retry_timeout = timeout;
        self.retries.set_timeout(timeout);
        self
    }

    /// Returns the page to fetch now; `None` at the end of the list.
    #[must_use]
    pub fn url(&self) -> Option<&ApiUrl> {
        self.url.as_ref()
    }

    /// Returns where the list goes on after the pages that were read; `None` at its end. Store it
    /// after the items of those pages: a program that ends in between then repeats a page, and leaves
    /// none out.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.url.as_ref().map(Position::of)
    }

    /// Returns how many items the list has, if its last page says so. Cursors and bare lists do not,
    /// and the number may change from page to page. A `count` that is no number of items is ignored.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.report.last_total
    }

    /// Returns what was read until now.
    #[must_use]
    pub fn report(&self) -> PagesReport {
        self.report
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
        self.retries.record_try(now);
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
        if !is_whole(status) {
            return Err(PageError::NotAPage);
        }
        let page = Page::read(body, &self.items, link::next(response.headers()))?;
        let next = self.follow(&page.next)?;
        self.leave_for(next);
        self.report.add_page(page.items.len(), page.total);
        self.retries = Retries::within(self.retry_timeout);
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
        let wait = self.retries.record_failure(retry_after, now, jitter)?;
        self.report.retries += 1;
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
            .and_then(|url| self.origins.check_target(&url))
            .map_err(PageError::Next)?;
        if next == *base || self.read.contains(&next.to_string()) {
            return Err(PageError::Loop);
        }
        Ok(Some(next))
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

const RETRY_TIMEOUT: Duration = Duration::from_secs(2 * 60);
