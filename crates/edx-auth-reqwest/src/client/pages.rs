//! The items of a list, page by page.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use std::vec;

use edx_auth_core::{ApiUrl, PageWalk, TokenError, TransportFailure};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use reqwest::Response;
use serde::de::DeserializeOwned;

use super::AuthorizedClient;
use crate::Error;
use crate::alarm::Alarm;
use crate::source::jitter;
use crate::trace;

/// The items of a list, in order, from page to page to the true end.
///
/// It ends without an error only where the API says that there is no next page. Trouble that
/// passes is waited out, throttling too, and tokens are renewed on the way; anything else is an
/// error that names the page to go on from: hand its URL to
/// [`pages`](super::AuthorizedClient::pages). After an error there is nothing more.
///
/// It is a [`Stream`] too, for who has use for one.
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
#[must_use = "nothing is fetched before it is asked for"]
pub struct Pages<T> {
    client: AuthorizedClient,
    /// The way ahead; none after an error.
    walk: Option<PageWalk>,
    /// Why there is no way at all.
    refused: Option<Error>,
    items: vec::IntoIter<T>,
    /// The page that is being fetched.
    turning: Option<Turning<T>>,
}

type Turning<T> = Pin<Box<dyn Future<Output = Turned<T>> + Send>>;

/// A walk that has been at a page, and what it found there.
type Turned<T> = (PageWalk, Result<Vec<T>, Error>);

impl<T: DeserializeOwned> Pages<T> {
    pub(super) fn new(client: AuthorizedClient, url: &str) -> Self {
        let (walk, refused) = match PageWalk::new(url, client.source.origins().clone()) {
            Ok(walk) => (Some(walk), None),
            Err(fault) => (None, Some(fault.into())),
        };
        Self {
            client,
            walk,
            refused,
            items: Vec::new().into_iter(),
            turning: None,
        }
    }

    /// Sets for how long a page that fails with a transient error is retried. The default is two
    /// minutes. Discovery counts its rate limit by the hour, so a whole crawl may need more.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.walk = self.walk.map(|walk| walk.patience(timeout));
        self
    }
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    /// The next item. Where this is dropped before it is done nothing is lost: what was under way
    /// goes on with the next call.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Fetches the next page; `None` at the end of the list.
    fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<(), Error>>> {
        if let Some(refused) = self.refused.take() {
            return Poll::Ready(Some(Err(refused)));
        }
        let Some(turning) = self.turning() else {
            return Poll::Ready(None);
        };
        let (walk, fetched) = ready!(turning.as_mut().poll(context));
        self.turning = None;
        Poll::Ready(Some(self.turned(walk, fetched)))
    }

    fn turning(&mut self) -> Option<&mut Turning<T>> {
        if self.turning.is_none() {
            let walk = self.walk.take_if(|walk| walk.url().is_some())?;
            let turning = turn(self.client.clone(), walk);
            self.turning = Some(Box::pin(turning));
        }
        self.turning.as_mut()
    }

    fn turned(&mut self, walk: PageWalk, fetched: Result<Vec<T>, Error>) -> Result<(), Error> {
        self.items = fetched?.into_iter();
        self.walk = Some(walk);
        Ok(())
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
            match ready!(pages.poll_turn(context)) {
                Some(Ok(())) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> FusedStream for Pages<T> {
    fn is_terminated(&self) -> bool {
        let lies_ahead = self.walk.as_ref().is_some_and(|walk| walk.url().is_some());
        !lies_ahead
            && self.items.as_slice().is_empty()
            && self.turning.is_none()
            && self.refused.is_none()
    }
}

/// Nothing in it is pinned in place: what is being fetched stands in a box.
impl<T> Unpin for Pages<T> {}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("walk", &self.walk)
            .finish_non_exhaustive()
    }
}

async fn turn<T: DeserializeOwned>(client: AuthorizedClient, mut walk: PageWalk) -> Turned<T> {
    let Some(page) = walk.url().cloned() else {
        return (walk, Ok(Vec::new()));
    };
    let items = fetch(&client, &mut walk).await;
    (walk, items.map_err(|fault| fault.at(page)))
}

/// The items of the page that the walk is at, once it is there.
async fn fetch<T: DeserializeOwned>(
    client: &AuthorizedClient,
    walk: &mut PageWalk,
) -> Result<Vec<T>, Error> {
    let began = Instant::now();
    loop {
        let fault = match fetch_once(client, walk).await {
            Ok(items) => return Ok(items),
            Err(fault) if fault.is_retryable() => fault,
            Err(fault) => return Err(fault),
        };
        let Some(wait) = walk.put_off(fault.retry_after(), began.elapsed(), jitter()) else {
            return Err(fault);
        };
        trace::put_off(&fault, wait);
        let slept = Alarm::after(wait).await;
        slept.map_err(|fault| Error::setup(fault.into()))?;
    }
}

async fn fetch_once<T: DeserializeOwned>(
    client: &AuthorizedClient,
    walk: &mut PageWalk,
) -> Result<Vec<T>, Error> {
    let Some(url) = walk.url() else {
        return Ok(Vec::new());
    };
    let mut reply = client.get(&url.to_string()).send().await?;
    if let Some(no_token) = reply.extensions().get::<TokenError>() {
        return Err(no_token.clone().into());
    }
    let body = read(&mut reply, url).await?;
    walk.found_at(reply.url().as_str());
    let mut page = http::Response::new(body);
    *page.status_mut() = reply.status();
    *page.headers_mut() = std::mem::take(reply.headers_mut());
    Ok(walk.answered(&page)?)
}

/// The whole body of a page.
async fn read(reply: &mut Response, url: &ApiUrl) -> Result<Vec<u8>, Error> {
    let status = reply.status();
    let mut read = Vec::new();
    while let Some(chunk) = reply
        .chunk()
        .await
        .map_err(|fault| Error::transport(url, fault))?
    {
        if chunk.len() > PageWalk::BODY_LIMIT - read.len() {
            return Err(Error::failed(url, TransportFailure::TooLarge { status }));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}
