//! The items of a paginated list, one after the other.

use std::fmt;
use std::time::Duration;
use std::vec;

use edx_auth_core::{
    ApiCall, ItemsPathError, Moment, Origins, PageStep, PagesReport, Paginator, Position,
    TokenError, UrlError,
};
use http::{HeaderName, HeaderValue, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::jitter;
use crate::draft::{form_encoded, header};
use crate::{Error, TokenSource};

/// The items of a paginated list, in order, from the first page to the end: for a client's iterator or
/// stream.
///
/// 1. Call [`next_step`](Self::next_step): return what it says, or make the call for a page.
/// 2. Report the page, or why there is none, to [`on_page`](Self::on_page). Failures that may pass are
///    retried.
///
/// After an error there are no more items.
///
/// ```
/// use edx_auth_driver::{AccessToken, Blocking, ItemStep, Items, Origins, TokenSource, TokenType};
///
/// # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
/// # let source = TokenSource::<Blocking>::fixed(token, Origins::edx());
/// let url = "https://api.edx.org/catalog/v1/catalogs";
/// let mut items = Items::<u8>::new(url, Origins::edx()).query(&[("limit", 100)]);
///
/// let ItemStep::Fetch(call) = items.next_step(source.now()) else { panic!() };
/// assert_eq!(call.url().uri().query(), Some("limit=100"));
/// let page = br#"{"next": null, "results": [7]}"#.to_vec();
/// items.on_page(Ok((http::Response::new(page), call.url().to_string())), &source);
///
/// assert!(matches!(items.next_step(source.now()), ItemStep::Return(Some(Ok(7)))));
/// assert!(matches!(items.next_step(source.now()), ItemStep::Return(None)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is fetched before an item is asked for"]
pub struct Items<T> {
    /// The items of the last page that were not returned yet.
    ready: vec::IntoIter<T>,
    /// Where the last page is.
    page: Option<Position>,
    /// The error to return after the items of the last page.
    error: Option<Error>,
    /// `None` if the token must not be sent to the list's URL.
    pages: Option<Paginator>,
    /// Whether an error has ended the list.
    is_broken: bool,
}

/// What an iterator or stream of items does now.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an adapter has to handle every arm"
)]
#[must_use = "it says what to do next"]
pub enum ItemStep<T> {
    /// Return this: an item, an error after which there are no more items, or the end of the list.
    Return(Option<Result<T, Error>>),
    /// Make this call for a page, and report it.
    Fetch(Box<ApiCall>),
    /// Wait this long, then ask again.
    Wait(Duration),
}

impl<T> Items<T> {
    /// Creates the items of the list at this URL. If the token must not be sent there, the first item
    /// is the error.
    pub fn new(url: &str, origins: Origins) -> Self {
        Self::of(Paginator::new(url, origins))
    }

    /// Creates the items from this [position](Self::position) on. A position is untrusted input: if the
    /// token must not be sent there, the first item is the error.
    pub fn from_position(position: &Position, origins: Origins) -> Self {
        Self::of(Paginator::from_position(position, origins))
    }

    fn of(pages: Result<Paginator, UrlError>) -> Self {
        let (pages, error) = match pages {
            Ok(pages) => (Some(pages), None),
            Err(error) => (None, Some(error.into())),
        };
        Self {
            ready: Vec::new().into_iter(),
            page: None,
            error,
            pages,
            is_broken: false,
        }
    }

    /// Adds parameters to those that the URL of the list has already: see [`Paginator::query`]. A
    /// mistake is the first item.
    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        self.set(|pages| Ok(pages.query(&form_encoded(query)?)?))
    }

    /// Adds a header to the call of each page: see [`Paginator::header`]. A mistake is the first item.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        self.set(|pages| {
            let (name, value) = header(name, value)?;
            Ok(pages.header(name, value))
        })
    }

    /// Reads the items from this place in the body: see [`Paginator::items_at`].
    ///
    /// # Errors
    /// Returns an error if the path is invalid.
    pub fn items_at(self, path: &str) -> Result<Self, ItemsPathError> {
        let pages = self.pages.map(|pages| pages.items_at(path)).transpose()?;
        Ok(Self { pages, ..self })
    }

    /// Returns each page as one item: see [`Paginator::whole_pages`].
    pub fn whole_pages(self) -> Self {
        self.set(|pages| Ok(pages.whole_pages()))
    }

    /// Sets for how long one page is retried, instead of two minutes.
    pub fn retry_timeout(self, timeout: Duration) -> Self {
        self.set(|pages| Ok(pages.retry_timeout(timeout)))
    }

    /// Changes a setting. The first mistake rejects the list.
    fn set(self, change: impl FnOnce(Paginator) -> Result<Paginator, Error>) -> Self {
        match self.pages.map(change) {
            Some(Err(mistake)) => Self {
                pages: None,
                error: Some(mistake),
                ..self
            },
            changed => Self {
                pages: changed.and_then(Result::ok),
                ..self
            },
        }
    }

    /// Returns what to do now.
    pub fn next_step(&mut self, now: Moment) -> ItemStep<T> {
        let ready = self.ready.next().map(Ok);
        if let Some(item) = ready.or_else(|| self.error.take().map(Err)) {
            return ItemStep::Return(Some(item));
        }
        match self.next_page().map(|pages| pages.poll(now)) {
            Some(PageStep::Fetch(call)) => ItemStep::Fetch(call),
            Some(PageStep::Wait(wait)) => ItemStep::Wait(wait),
            Some(PageStep::End) | None => ItemStep::Return(None),
        }
    }

    /// Returns the position of the page with the next item; `None` at the end of the list. It changes
    /// when all items of a page have been returned.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        if self.ready.as_slice().is_empty() {
            self.pages.as_ref()?.position()
        } else {
            self.page.clone()
        }
    }

    /// Returns how many items the list has, if it says so: see [`Paginator::total`].
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.pages.as_ref()?.total()
    }

    /// Returns how many items and pages were read until now.
    #[must_use]
    pub fn report(&self) -> PagesReport {
        let report = self.pages.as_ref().map(Paginator::report);
        report.unwrap_or_default()
    }

    /// Reports whether the end of the list was reached, or its error was returned.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        let next = self.pages.as_ref().filter(|_| !self.is_broken);
        let has_next = next.and_then(Paginator::url).is_some();
        self.ready.as_slice().is_empty() && self.error.is_none() && !has_next
    }

    fn next_page(&mut self) -> Option<&mut Paginator> {
        self.pages.as_mut().filter(|_| !self.is_broken)
    }
}

impl<T: DeserializeOwned> Items<T> {
    /// Takes the result of a [`Fetch`](ItemStep::Fetch): the whole response, of any status, with its URL
    /// after all redirects; or why there is no response.
    pub fn on_page<W, S>(
        &mut self,
        result: Result<(Response<Vec<u8>>, String), Error>,
        source: &TokenSource<W, S>,
    ) {
        let Some(pages) = self.next_page() else {
            return;
        };
        let (asked, page) = (pages.url().cloned(), pages.position());
        match result.and_then(|(response, url)| read(pages, &response, &url)) {
            Ok(items) => (self.ready, self.page) = (items.into_iter(), page),
            Err(error) if will_retry(pages, &error, source) => {}
            Err(error) => {
                self.is_broken = true;
                self.error = Some(match asked {
                    Some(page) => error.at_page(page),
                    None => error,
                });
            }
        }
    }
}

fn read<T: DeserializeOwned>(
    pages: &mut Paginator,
    response: &Response<Vec<u8>>,
    url: &str,
) -> Result<Vec<T>, Error> {
    if let Some(error) = response.extensions().get::<TokenError>() {
        return Err(error.clone().into());
    }
    pages.redirected_to(url);
    Ok(pages.on_response(response)?)
}

/// Reports whether the same page is fetched again after this error.
fn will_retry<W, S>(pages: &mut Paginator, error: &Error, source: &TokenSource<W, S>) -> bool {
    if !error.is_retryable() {
        return false;
    }
    let wait = pages.retry(error.retry_after(), source.now(), jitter());
    if let Some(wait) = wait {
        source.page_retried(pages.url(), error, wait);
    }
    wait.is_some()
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = self.pages.as_ref().and_then(Paginator::url);
        f.debug_struct("Items")
            .field("next", &next)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
