//! A paginated list, item by item.

use std::fmt;
use std::io;
use std::io::Read;
use std::iter::FusedIterator;
use std::thread;
use std::time::Duration;

use edx_auth_driver::{
    ApiCall, ApiUrl, CallSettings, ItemStep, Items, PagesReport, Paginator, Position,
    TransportFailure,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::{Body, ResponseExt as _};

use super::AuthorizedClient;
use super::call::Payload;
use crate::Error;
use crate::classify::transport_error;

/// The items of a paginated list, in order, from the first page to the end.
///
/// It ends without an error only if the API says that there is no next page. A page that fails for a while or
/// is throttled is retried for at most `retry_timeout`, and the thread waits meanwhile. Tokens are renewed.
/// After that time, and after any other failure, the list ends with an error that names the page to continue
/// from: pass its URL to [`pages`](super::AuthorizedClient::pages), and set no query again, since the URL
/// contains it.
///
/// ```no_run
/// use edx_auth_ureq::{AuthorizedClient, Error};
///
/// let edx = AuthorizedClient::from_env()?;
/// let catalogs = edx.pages::<serde_json::Value>("https://api.edx.org/catalog/v1/catalogs");
/// match catalogs.collect::<Result<Vec<_>, _>>() {
///     Ok(all) => println!("all {} of them", all.len()),
///     Err(Error::Pagination { page, cause, .. }) => eprintln!("go on at {page}: {}", cause.report()),
///     Err(error) => return Err(error),
/// }
/// # Ok::<(), Error>(())
/// ```
#[must_use = "nothing is fetched before an item is asked for"]
pub struct Pages<T> {
    client: AuthorizedClient,
    items: Items<T>,
}

impl<T: DeserializeOwned> Pages<T> {
    pub(super) fn new(client: AuthorizedClient, items: Items<T>) -> Self {
        Self { client, items }
    }

    /// Adds parameters to those that the URL of the list has already: names with values, a map, or a
    /// struct. The links between the pages contain them: once a page was read, and after
    /// [`pages_from`](super::AuthorizedClient::pages_from), this changes nothing. A mistake is the first
    /// item.
    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        let items = self.items.query(query);
        Self { items, ..self }
    }

    /// Adds a header to the request for each page. A position contains none: add them again after
    /// [`pages_from`](super::AuthorizedClient::pages_from). `Cookie`, `Host` and `Proxy-Authorization` go
    /// to the origin of the first page alone. A mistake is the first item.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        let items = self.items.header(name, value);
        Self { items, ..self }
    }

    /// Reads the items from this place in each page, instead of `results`: the names of the members that
    /// lead there, with dots between them. Studio's home page has its courses at `results.courses`, say.
    ///
    /// # Errors
    /// Returns [`Error::ItemsPath`] if the path has an empty name, a number, or more than eight names.
    pub fn items_at(self, path: &str) -> Result<Self, Error> {
        let items = self.items.items_at(path)?;
        Ok(Self { items, ..self })
    }

    /// Returns each page as one item: its whole body, with what it has besides the items. `T` is the type
    /// of a page, such as `serde_json::Value`. A response that is not a page of a list is an error.
    ///
    /// ```no_run
    /// use edx_auth_ureq::AuthorizedClient;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Page {
    ///     num_pages: u32,
    ///     results: Vec<serde_json::Value>,
    /// }
    ///
    /// let edx = AuthorizedClient::from_env()?;
    /// let pages = edx.pages::<Page>("https://discovery.edx.org/api/v1/courses/").whole_pages();
    /// for page in pages {
    ///     let page = page?;
    ///     println!("{} of the courses on {} pages", page.results.len(), page.num_pages);
    /// }
    /// # Ok::<(), edx_auth_ureq::Error>(())
    /// ```
    #[doc(alias = "envelope")]
    pub fn whole_pages(self) -> Self {
        let items = self.items.whole_pages();
        Self { items, ..self }
    }

    /// Sets for how long one page is retried, instead of two minutes. Discovery counts its rate limit by
    /// the hour, and a whole crawl may be worth a longer wait.
    pub fn retry_timeout(self, timeout: Duration) -> Self {
        let items = self.items.retry_timeout(timeout);
        Self { items, ..self }
    }

    /// Returns how many items the list has, if it says so. `None` before the first page; lists with
    /// cursors never say it, and the number may change from page to page.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.items.total()
    }

    /// Returns the position of the page with the next item; `None` at the end of the list. It changes when
    /// all items of a page have been returned: store it with them, and another process can go on from there
    /// with [`pages_from`](super::AuthorizedClient::pages_from).
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.items.position()
    }

    /// Returns what was read until now: items, pages, the list's own count on the first and on the last
    /// page, retries. A count that differs is no error: lists change while they are read.
    #[must_use]
    pub fn report(&self) -> PagesReport {
        self.items.report()
    }
}

impl<T: DeserializeOwned> Iterator for Pages<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.items.next_step(self.client.source.now()) {
                ItemStep::Return(item) => return item,
                ItemStep::Wait(wait) => thread::sleep(wait),
                ItemStep::Fetch(call) => {
                    let page = fetch(&self.client, *call);
                    self.items.on_page(page, &self.client.source);
                }
            }
        }
    }
}

impl<T: DeserializeOwned> FusedIterator for Pages<T> {}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.items).finish()
    }
}

fn fetch(client: &AuthorizedClient, call: ApiCall) -> Result<(Response<Vec<u8>>, String), Error> {
    let url = call.url().clone();
    let call = CallSettings::default().apply(client.settings, call);
    let response = client.run(call, Payload::Bytes(Vec::new()))?;
    let found = response.get_uri().to_string();
    let (head, body) = response.into_parts();
    let body = read(body, &url, head.status)?;
    Ok((Response::from_parts(head, body), found))
}

/// Reads the whole body of a page.
fn read(body: Body, url: &ApiUrl, status: StatusCode) -> Result<Vec<u8>, Error> {
    let mut read = Vec::new();
    let mut body = body.into_reader().take(Paginator::BODY_LIMIT as u64 + 1);
    let broken = |error: io::Error| Error::transport(url, transport_error(error.into()));
    body.read_to_end(&mut read).map_err(broken)?;
    if read.len() > Paginator::BODY_LIMIT {
        return Err(Error::transport(url, TransportFailure::TooLarge { status }));
    }
    Ok(read)
}
