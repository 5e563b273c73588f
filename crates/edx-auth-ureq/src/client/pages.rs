//! The items of a list, page by page.

use std::fmt;
use std::io::{self, Read};
use std::iter::FusedIterator;
use std::thread;
use std::time::{Duration, Instant};
use std::vec;

use edx_auth_core::{ApiUrl, PageWalk, TokenError, TransportFailure};
use http::{Response, StatusCode};
use serde::de::DeserializeOwned;
use ureq::{Body, ResponseExt as _};

use super::AuthorizedClient;
use crate::source::jitter;
use crate::{Error, trace};

/// The items of a list, in order, from page to page to the true end.
///
/// It ends without an error only where the API says that there is no next page. Trouble that
/// passes is waited out, throttling too, and tokens are renewed on the way; anything else is an
/// error that names the page to go on from: hand its URL to
/// [`pages`](super::AuthorizedClient::pages). After an error there is nothing more.
///
/// ```no_run
/// use edx_auth_ureq::{AuthorizedClient, Error};
///
/// let edx = AuthorizedClient::from_env()?;
/// let catalogs = edx.pages::<serde_json::Value>("https://api.edx.org/catalog/v1/catalogs");
/// match catalogs.collect::<Result<Vec<_>, _>>() {
///     Ok(all) => println!("all {} of them", all.len()),
///     Err(Error::Pagination { page, cause, .. }) => eprintln!("go on at {page}: {cause}"),
///     Err(error) => return Err(error),
/// }
/// # Ok::<(), Error>(())
/// ```
#[must_use = "nothing is fetched before it is asked for"]
pub struct Pages<T> {
    client: AuthorizedClient,
    /// The way ahead; none after an error.
    walk: Option<PageWalk>,
    /// Why there is no way at all.
    refused: Option<Error>,
    items: vec::IntoIter<T>,
}

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
        }
    }

    /// Sets for how long a page that fails with a transient error is retried. The default is two
    /// minutes. Discovery counts its rate limit by the hour, so a whole crawl may need more.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.walk = self.walk.map(|walk| walk.patience(timeout));
        self
    }

    /// Fetches the next page; `None` at the end of the list.
    fn turn(&mut self) -> Option<Result<(), Error>> {
        if let Some(refused) = self.refused.take() {
            return Some(Err(refused));
        }
        let walk = self.walk.as_mut()?;
        let page = walk.url()?.clone();
        match fetch(&self.client, walk) {
            Ok(items) => {
                self.items = items.into_iter();
                Some(Ok(()))
            }
            Err(fault) => {
                self.walk = None;
                Some(Err(fault.at(page)))
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
            if let Err(error) = self.turn()? {
                return Some(Err(error));
            }
        }
    }
}

impl<T: DeserializeOwned> FusedIterator for Pages<T> {}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("walk", &self.walk)
            .finish_non_exhaustive()
    }
}

/// The items of the page that the walk is at, once it is there.
fn fetch<T: DeserializeOwned>(
    client: &AuthorizedClient,
    walk: &mut PageWalk,
) -> Result<Vec<T>, Error> {
    let began = Instant::now();
    loop {
        let fault = match fetch_once(client, walk) {
            Ok(items) => return Ok(items),
            Err(fault) if fault.is_retryable() => fault,
            Err(fault) => return Err(fault),
        };
        let Some(wait) = walk.put_off(fault.retry_after(), began.elapsed(), jitter()) else {
            return Err(fault);
        };
        trace::put_off(&fault, wait);
        thread::sleep(wait);
    }
}

fn fetch_once<T: DeserializeOwned>(
    client: &AuthorizedClient,
    walk: &mut PageWalk,
) -> Result<Vec<T>, Error> {
    let Some(url) = walk.url() else {
        return Ok(Vec::new());
    };
    let reply = client.get(&url.to_string()).send()?;
    if let Some(no_token) = reply.extensions().get::<TokenError>() {
        return Err(no_token.clone().into());
    }
    let found_at = reply.get_uri().to_string();
    let (head, body) = reply.into_parts();
    let body = read(body, url, head.status)?;
    walk.found_at(&found_at);
    Ok(walk.answered(&Response::from_parts(head, body))?)
}

/// The whole body of a page.
fn read(body: Body, url: &ApiUrl, status: StatusCode) -> Result<Vec<u8>, Error> {
    let mut read = Vec::new();
    let mut body = body.into_reader().take(PageWalk::BODY_LIMIT as u64 + 1);
    let broken = |fault: io::Error| Error::transport(url, fault.into());
    body.read_to_end(&mut read).map_err(broken)?;
    if read.len() > PageWalk::BODY_LIMIT {
        return Err(Error::failed(url, TransportFailure::TooLarge { status }));
    }
    Ok(read)
}
