//! A paginated list, item by item.

use std::io;
use std::io::Read;
use std::iter::FusedIterator;
use std::thread;

use edx_auth_driver::{
    ApiCall, ApiUrl, CallSettings, ItemStep, Items, Paginator, TransportFailure,
};
use http::{Response, StatusCode};
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

edx_auth_driver::pages_methods! {
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
    example of whole_pages
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
