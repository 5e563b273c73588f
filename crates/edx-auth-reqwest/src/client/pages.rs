//! A paginated list, item by item.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use std::vec;

use edx_auth_driver::{ApiUrl, PageStep, Paginator, Timer, TokenError, TransportFailure};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use reqwest::Response;
use serde::de::DeserializeOwned;

use super::AuthorizedClient;
use crate::Error;
use crate::classify::transport_error;

/// The items of a paginated list, in order, from the first page to the end. Also a [`Stream`].
///
/// It ends without an error only if the API says that there is no next page. Failures that pass are
/// waited out, throttling too, and tokens are renewed on the way. Any other is an error that names
/// the page to go on from: pass its URL to [`pages`](super::AuthorizedClient::pages). After an error
/// there are no more items.
///
/// ```no_run
/// use edx_auth_reqwest::{AuthorizedClient, Error};
///
/// # async fn example() -> Result<(), Error> {
/// let edx = AuthorizedClient::from_env()?;
/// let mut catalogs = edx.pages::<serde_json::Value>("https://api.edx.org/catalog/v1/catalogs");
/// let mut all = Vec::new();
/// while let Some(catalog) = catalogs.next().await {
///     match catalog {
///         Ok(catalog) => all.push(catalog),
///         Err(Error::Pagination { page, cause, .. }) => eprintln!("go on at {page}: {cause}"),
///         Err(error) => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is fetched before an item is asked for"]
pub struct Pages<T> {
    client: AuthorizedClient,
    /// None after an error, and while a page is being fetched.
    paginator: Option<Paginator>,
    /// Why there are no pages at all.
    refused: Option<Error>,
    items: vec::IntoIter<T>,
    fetching: Option<PageFuture<T>>,
}

/// The next page on its way, with the paginator that leads on from it.
type PageFuture<T> = Pin<Box<dyn Future<Output = Fetched<T>> + Send>>;

/// The items of a page, `None` at the end of the list; and the paginator, unless it ended.
type Fetched<T> = (Option<Result<Vec<T>, Error>>, Option<Paginator>);

impl<T: DeserializeOwned> Pages<T> {
    pub(super) fn new(client: AuthorizedClient, url: &str) -> Self {
        let (paginator, refused) = match Paginator::new(url, client.source.origins().clone()) {
            Err(error) => (None, Some(error.into())),
            Ok(pages) => (Some(pages), None),
        };
        Self {
            client,
            paginator,
            refused,
            items: Vec::new().into_iter(),
            fetching: None,
        }
    }

    /// Sets for how long one page is retried, instead of two minutes. Discovery counts its rate limit by
    /// the hour, and a whole crawl may be worth a longer wait.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.paginator = self.paginator.map(|pages| pages.retry_timeout(timeout));
        self
    }
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    /// Returns the next item. Dropping it before it is done loses nothing: the next call continues.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Fetches the next page that there is; `None` at the end of the list.
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<T>, Error>>> {
        if let Some(refused) = self.refused.take() {
            return Poll::Ready(Some(Err(refused)));
        }
        if self.fetching.is_none() {
            let Some(pages) = self.paginator.take() else {
                return Poll::Ready(None);
            };
            let fetching = next_page(self.client.clone(), pages);
            self.fetching = Some(Box::pin(fetching));
        }
        let Some(fetching) = &mut self.fetching else {
            return Poll::Ready(None);
        };
        let (items, paginator) = ready!(fetching.as_mut().poll(context));
        (self.fetching, self.paginator) = (None, paginator);
        Poll::Ready(items)
    }
}

impl<T: DeserializeOwned + Send + 'static> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let pages = self.get_mut();
        loop {
            if let Some(item) = pages.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(pages.poll_page(context)) {
                Some(Ok(items)) => pages.items = items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> FusedStream for Pages<T> {
    fn is_terminated(&self) -> bool {
        let has_page = self
            .paginator
            .as_ref()
            .is_some_and(|pages| pages.url().is_some());
        !has_page
            && self.items.as_slice().is_empty()
            && self.fetching.is_none()
            && self.refused.is_none()
    }
}

/// Nothing in it is pinned in place: the page that is being fetched is in a box.
impl<T> Unpin for Pages<T> {}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("paginator", &self.paginator)
            .finish_non_exhaustive()
    }
}

async fn next_page<T: DeserializeOwned>(
    client: AuthorizedClient,
    mut pages: Paginator,
) -> Fetched<T> {
    loop {
        let url = match pages.poll(client.source.now()) {
            PageStep::Fetch(url) => url,
            PageStep::End => return (None, Some(pages)),
            PageStep::Wait(wait) => match Timer::after(wait).await {
                Ok(()) => continue,
                Err(error) => return (Some(Err(Error::setup(error))), None),
            },
        };
        match fetch(&client, &mut pages, &url).await {
            Ok(items) => return (Some(Ok(items)), Some(pages)),
            Err(error) if client.source.retry_page(&mut pages, &error).is_some() => {}
            Err(error) => return (Some(Err(error.at_page(url))), None),
        }
    }
}

async fn fetch<T: DeserializeOwned>(
    client: &AuthorizedClient,
    pages: &mut Paginator,
    url: &ApiUrl,
) -> Result<Vec<T>, Error> {
    let mut response = client.get(&url.to_string()).send().await?;
    if let Some(error) = response.extensions().get::<TokenError>() {
        return Err(error.clone().into());
    }
    pages.redirected_to(response.url().as_str());
    let mut page = http::Response::new(read(&mut response, url).await?);
    *page.status_mut() = response.status();
    *page.headers_mut() = std::mem::take(response.headers_mut());
    Ok(pages.on_response(&page)?)
}

/// Reads the whole body of a page.
async fn read(response: &mut Response, url: &ApiUrl) -> Result<Vec<u8>, Error> {
    let broken = |error| Error::transport(url, transport_error(error));
    let status = response.status();
    let mut read = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if chunk.len() > Paginator::BODY_LIMIT - read.len() {
            return Err(Error::transport(url, TransportFailure::TooLarge { status }));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}
