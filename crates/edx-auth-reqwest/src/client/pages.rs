//! A paginated list, item by item.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use edx_auth_driver::{
    ApiCall, ApiUrl, CallSettings, ItemStep, Items, Paginator, Timer, TransportFailure,
};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use http::StatusCode;
use http_body::Body as _;
use reqwest::Body;
use serde::de::DeserializeOwned;

use super::AuthorizedClient;
use crate::Error;
use crate::classify::transport_error;
use crate::convert::Payload;

/// The items of a paginated list, in order, from the first page to the end. Also a [`Stream`].
///
/// It ends without an error only if the API says that there is no next page. A page that fails for a while or
/// is throttled is retried for at most `retry_timeout`. Tokens are renewed. After that time, and after any
/// other failure, the list ends with an error that names the page to continue from: pass its URL to
/// [`pages`](super::AuthorizedClient::pages), and set no query again, since the URL contains it.
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
///         Err(Error::Pagination { page, cause, .. }) => eprintln!("go on at {page}: {}", cause.report()),
///         Err(error) => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is fetched before an item is asked for"]
pub struct Pages<T> {
    client: AuthorizedClient,
    items: Items<T>,
    underway: Option<Underway>,
}

/// A page on its way, or a wait, which brings none.
type Underway = Pin<Box<dyn Future<Output = Option<Result<Page, Error>>> + Send>>;

/// A response and the URL that it came from.
type Page = (http::Response<Vec<u8>>, String);

impl<T: DeserializeOwned> Pages<T> {
    pub(super) fn new(client: AuthorizedClient, items: Items<T>) -> Self {
        Self {
            client,
            items,
            underway: None,
        }
    }

    /// Returns the next item. Dropping this before it is done loses nothing: the next call goes on.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: DeserializeOwned> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let pages = &mut *self;
        loop {
            if let Some(underway) = &mut pages.underway {
                let page = ready!(underway.as_mut().poll(context));
                pages.underway = None;
                if let Some(page) = page {
                    pages.items.on_page(page, &pages.client.source);
                }
            }
            pages.underway = Some(match pages.items.next_step(pages.client.source.now()) {
                ItemStep::Return(item) => return Poll::Ready(item),
                ItemStep::Wait(wait) => Box::pin(waited(wait)),
                ItemStep::Fetch(call) => Box::pin(fetched(pages.client.clone(), *call)),
            });
        }
    }
}

impl<T: DeserializeOwned> FusedStream for Pages<T> {
    fn is_terminated(&self) -> bool {
        self.items.has_ended()
    }
}

/// Nothing in it is pinned in place: what is underway is in a box.
impl<T> Unpin for Pages<T> {}

edx_auth_driver::pages_methods! {
    /// ```no_run
    /// use edx_auth_reqwest::AuthorizedClient;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Page {
    ///     num_pages: u32,
    ///     results: Vec<serde_json::Value>,
    /// }
    ///
    /// # async fn example() -> Result<(), edx_auth_reqwest::Error> {
    /// let edx = AuthorizedClient::from_env()?;
    /// let url = "https://discovery.edx.org/api/v1/courses/";
    /// let mut pages = edx.pages::<Page>(url).whole_pages();
    /// while let Some(page) = pages.next().await {
    ///     let page = page?;
    ///     println!("{} of the courses on {} pages", page.results.len(), page.num_pages);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    example of whole_pages
}

async fn waited(wait: Duration) -> Option<Result<Page, Error>> {
    let error = Timer::after(wait).await.err()?;
    Some(Err(Error::setup(error)))
}

async fn fetched(client: AuthorizedClient, call: ApiCall) -> Option<Result<Page, Error>> {
    Some(fetch(&client, call).await)
}

async fn fetch(client: &AuthorizedClient, call: ApiCall) -> Result<Page, Error> {
    let url = call.url().clone();
    let call = CallSettings::default().apply(client.settings, call);
    let response = client.run(call, Payload::Bytes(Bytes::new())).await?;
    let found = response.url().to_string();
    let (head, body) = http::Response::<Body>::from(response).into_parts();
    let body = read(body, &url, head.status).await?;
    Ok((http::Response::from_parts(head, body), found))
}

/// Reads the whole body of a page.
async fn read(mut body: Body, url: &ApiUrl, status: StatusCode) -> Result<Vec<u8>, Error> {
    let mut read = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| Error::transport(url, transport_error(error)))?;
        let piece = frame.into_data().unwrap_or_default();
        if piece.len() > Paginator::BODY_LIMIT - read.len() {
            return Err(Error::transport(url, TransportFailure::TooLarge { status }));
        }
        read.extend_from_slice(&piece);
    }
    Ok(read)
}
