//! A paginated list, from its first page to its end.

mod error;
mod items_path;
mod link;
mod page;
mod position;
mod report;

#[cfg(test)]
mod tests;

use crate::exchange::TransportRules;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::call::ApiCall;
use crate::jitter::Jitter;
use crate::resource::{ApiUrl, Origins, reference};
use crate::retry::Retries;
use crate::time::{Moment, Pause};
use crate::url::UrlError;

pub use error::PageError;
pub use items_path::ItemsPathError;
pub use position::{Position, PositionError};
pub use report::PagesReport;

use items_path::ItemsPath;
use page::{Next, Page};

/// Leads through the pages of a list, from `next` link to `next` link.
///
/// 1. Call [`poll`](Self::poll): make the [`ApiCall`] for the next page, wait, or stop.
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
/// let catalogs = "https://api.edx.org/catalog/v1/catalogs";
/// let mut pages = Paginator::new(catalogs, Origins::edx())?.query("limit=2")?;
/// let PageStep::Fetch(call) = pages.poll(now) else { panic!() };
/// assert_eq!(call.url().uri().query(), Some("limit=2"));
///
/// let page = br#"{"count": 3, "next": "https://api.edx.org/catalog/v1/catalogs?limit=2&page=2",
///     "previous": null, "results": ["a", "b"]}"#;
/// let items: Vec<String> = pages.on_response(&Response::new(page))?;
/// assert_eq!(items, ["a", "b"]);
/// let PageStep::Fetch(call) = pages.poll(now) else { panic!() };
/// assert_eq!(call.url().uri().query(), Some("limit=2&page=2"));
///
/// let page = br#"{"count": 3, "next": null, "previous": "..", "results": ["c"]}"#;
/// let items: Vec<String> = pages.on_response(&Response::new(page))?;
/// assert_eq!(items, ["c"]);
/// assert!(matches!(pages.poll(now), PageStep::End));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Paginator {
    place: Place,
    /// The URL that it started from, whose origin the headers are for.
    start: ApiUrl,
    origins: Origins,
    headers: HeaderMap,
    items: ItemsPath,
    unit: Unit,
    read: BTreeSet<String>,
    report: PagesReport,
    retry_timeout: Duration,
    /// Of the page that is being fetched.
    retries: Retries,
    /// How long it is not fetched again.
    pause: Pause,
}

/// Where a paginator is.
#[derive(Clone)]
enum Place {
    /// At the URL of the list, as the program gave it.
    List(ApiUrl),
    /// At the URL of a page, as the server gave it: its query is whole.
    Page(ApiUrl),
    /// Behind the last page.
    End,
}

/// What is read as one item.
#[derive(Clone, Copy)]
enum Unit {
    Item,
    Page,
}

/// What to do now for the next page of a list.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says what to do next"]
pub enum PageStep {
    /// Make this call for a page.
    Fetch(Box<ApiCall>),
    /// Wait this long, then poll again.
    Wait(Duration),
    /// The list is at its end.
    End,
}

impl Paginator {
    /// How many bytes of a page are read at most.
    pub const BODY_LIMIT: usize = TransportRules::CALL_BODY_LIMIT;

    /// Creates a paginator that starts at this URL: the URL of the list, or of a page to resume from.
    ///
    /// # Errors
    /// Returns an error if the token must not be sent to this URL.
    pub fn new(url: &str, origins: Origins) -> Result<Self, UrlError> {
        let url = origins.check(url)?;
        Ok(Self {
            place: Place::List(url.clone()),
            start: url,
            origins,
            headers: HeaderMap::new(),
            items: ItemsPath::RESULTS,
            unit: Unit::Item,
            read: BTreeSet::new(),
            report: PagesReport::default(),
            retry_timeout: RETRY_TIMEOUT,
            retries: Retries::within(RETRY_TIMEOUT),
            pause: Pause::default(),
        })
    }

    /// Creates a paginator that goes on from a [position](Self::position) of the same list. A position
    /// contains the query, as a part of its URL. Set everything else again; the report starts from zero.
    ///
    /// # Errors
    /// Returns an error if the token must not be sent there.
    pub fn from_position(position: &Position, origins: Origins) -> Result<Self, UrlError> {
        let pages = Self::new(position.url(), origins)?;
        Ok(Self {
            place: Place::Page(pages.start.clone()),
            ..pages
        })
    }

    /// Adds parameters to the URL of the list: form-encoded, such as `page_size=100&org=edX`. The links
    /// between its pages contain them: once a page was read, and after a
    /// [position](Self::from_position), this changes nothing.
    ///
    /// # Errors
    /// Returns an error if they are not form-encoded.
    pub fn query(mut self, query: &str) -> Result<Self, UrlError> {
        if let Place::List(url) = &mut self.place {
            *url = url.with_query(query)?;
        }
        Ok(self)
    }

    /// Adds a header to the call of each page, as [`ApiCall::headers`] does. A position contains no
    /// headers. `Cookie`, `Host` and `Proxy-Authorization` go to the origin of the first page alone.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
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

    /// Returns each page as one item: its whole body, with what it has besides the items. It still has
    /// to be a page of a list, and the [report](Self::report) still counts the items on it.
    #[doc(alias = "envelope")]
    #[must_use]
    pub fn whole_pages(self) -> Self {
        Self {
            unit: Unit::Page,
            ..self
        }
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
        match &self.place {
            Place::List(url) | Place::Page(url) => Some(url),
            Place::End => None,
        }
    }

    /// Returns where the list goes on after the pages that were read; `None` at its end. Store it
    /// after the items of those pages: a program that ends in between then repeats a page, and leaves
    /// none out.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.url().map(Position::of)
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
        let Some(url) = self.url().cloned() else {
            return PageStep::End;
        };
        let wait = self.pause.left(now);
        if !wait.is_zero() {
            return PageStep::Wait(wait);
        }
        self.retries.record_try(now);
        PageStep::Fetch(Box::new(self.call(url)))
    }

    fn call(&self, url: ApiUrl) -> ApiCall {
        let call = ApiCall::of(Method::GET, self.start.clone(), self.origins.clone());
        let mut call = call.headers(self.headers.clone());
        call.go_to(url);
        call
    }

    /// Records that redirects led to this URL: links on the page are relative to it.
    pub fn redirected_to(&mut self, url: &str) {
        let Ok(found) = self.origins.check(url) else {
            return;
        };
        if self.url().is_some_and(|asked| *asked != found) {
            self.leave_for(Place::Page(found));
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
            let verdict = ApiCall::verdict(status, response.headers(), body);
            return Err(PageError::of_status(status, verdict));
        }
        if !is_whole(status) {
            return Err(PageError::NotAPage);
        }
        let link = link::next(response.headers());
        let page = match self.unit {
            Unit::Item => Page::read(body, &self.items, link),
            Unit::Page => Page::read_as_one(body, &self.items, link),
        }?;
        let next = self.follow(&page.next)?;
        self.leave_for(next);
        self.report.add_page(page.length, page.total);
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
        self.pause = Pause::new(wait, now);
        Some(wait)
    }

    fn follow(&self, next: &Next) -> Result<Place, PageError> {
        let (Next::Reference(reference), Some(base)) = (next, self.url()) else {
            return Ok(Place::End);
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
        Ok(Place::Page(next))
    }

    fn leave_for(&mut self, next: Place) {
        let left = self.url().map(ToString::to_string);
        self.read.extend(left);
        self.place = next;
    }
}

/// Omits the headers and the query: a program may have put a secret there.
impl fmt::Debug for Paginator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paginator")
            .field("url", &self.url())
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}

/// `206 Partial Content` and its like are not the page.
fn is_whole(status: StatusCode) -> bool {
    [StatusCode::OK, StatusCode::NON_AUTHORITATIVE_INFORMATION].contains(&status)
}

const RETRY_TIMEOUT: Duration = Duration::from_secs(2 * 60);
