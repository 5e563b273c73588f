//! A paginated list, item by item.

use std::fmt;
use std::io::{self, Read};
use std::iter::FusedIterator;
use std::time::Duration;
use std::{thread, vec};

use edx_auth_driver::{ApiUrl, PageStep, Paginator, TokenError, TransportFailure};
use http::{Response, StatusCode};
use serde::de::DeserializeOwned;
use ureq::{Body, ResponseExt as _};

use super::AuthorizedClient;
use crate::Error;
use crate::classify::transport_error;

/// The items of a paginated list, in order, from the first page to the end.
///
/// It ends without an error only if the API says that there is no next page. It blocks while it waits
/// out failures that pass, throttling too, and renews tokens on the way. Any other failure is an error
/// that names the page to go on from: pass its URL to [`pages`](super::AuthorizedClient::pages). After
/// an error there are no more items.
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
    /// None after an error.
    paginator: Option<Paginator>,
    /// Why there are no pages at all.
    refused: Option<Error>,
    items: vec::IntoIter<T>,
}

impl<T: DeserializeOwned> Pages<T> {
    pub(super) fn new(client: AuthorizedClient, url: &str) -> Self {
        let paginator = Paginator::new(url, client.source.origins().clone());
        let (paginator, refused) = match paginator {
            Ok(pages) => (Some(pages), None),
            Err(error) => (None, Some(error.into())),
        };
        Self {
            client,
            paginator,
            refused,
            items: Vec::new().into_iter(),
        }
    }

    /// Sets for how long one page is retried, instead of two minutes. Discovery's rate limit is
    /// counted by the hour: a whole crawl may be worth a longer wait.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.paginator = self.paginator.map(|pages| pages.retry_timeout(timeout));
        self
    }

    /// Fetches the next page that there is; `None` at the end of the list.
    fn next_page(&mut self) -> Option<Result<Vec<T>, Error>> {
        if let Some(refused) = self.refused.take() {
            return Some(Err(refused));
        }
        let (source, pages) = (&self.client.source, self.paginator.as_mut()?);
        loop {
            let url = match pages.poll(source.now()) {
                PageStep::End => return None,
                PageStep::Wait(wait) => {
                    thread::sleep(wait);
                    continue;
                }
                PageStep::Fetch(url) => url,
            };
            match fetch(&self.client, pages, &url) {
                Err(error) if source.retry_page(pages, &error).is_some() => {}
                Err(error) => {
                    self.paginator = None;
                    return Some(Err(error.at_page(url)));
                }
                items => return Some(items),
            }
        }
    }
}

impl<T: DeserializeOwned> Iterator for Pages<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            match self.next_page()? {
                Ok(items) => self.items = items.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<T: DeserializeOwned> FusedIterator for Pages<T> {}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.paginator).finish()
    }
}

fn fetch<T: DeserializeOwned>(
    client: &AuthorizedClient,
    pages: &mut Paginator,
    url: &ApiUrl,
) -> Result<Vec<T>, Error> {
    let response = client.get(&url.to_string()).send()?;
    if let Some(error) = response.extensions().get::<TokenError>() {
        return Err(error.clone().into());
    }
    pages.redirected_to(&response.get_uri().to_string());
    let (head, body) = response.into_parts();
    let body = read(body, url, head.status)?;
    Ok(pages.on_response(&Response::from_parts(head, body))?)
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
