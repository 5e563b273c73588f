//! An API request under construction.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{ApiCall, CallBody, Origins};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use serde::Serialize;

use crate::{CallSettings, Error};

/// An API request under construction. The first mistake is kept, and returned when the request becomes
/// a call.
///
/// The request builders of the adapters wrap it. `B` holds the bytes of a body that can be sent again; `O` is
/// a body that can be read only once.
///
/// ```
/// use edx_auth_driver::{CallSettings, Origins, RequestDraft};
/// use http::Method;
///
/// let url = "https://discovery.edx.org/api/v1/courses/?page_size=2";
/// let draft = RequestDraft::<Vec<u8>, std::fs::File>::new(Method::GET, url)
///     .query(&[("keyword", "rust & co")])
///     .header("x-request-id", "42");
/// let (call, _body) = draft.into_call(Origins::edx(), CallSettings::default())?;
/// assert_eq!(
///     call.url().to_string(),
///     "https://discovery.edx.org/api/v1/courses/?page_size=2&keyword=rust+%26+co",
/// );
/// # Ok::<(), edx_auth_driver::Error>(())
/// ```
#[must_use = "nothing happens until it becomes a call"]
pub struct RequestDraft<B, O> {
    method: Method,
    url: String,
    query: String,
    headers: HeaderMap,
    settings: CallSettings,
    /// The `Content-Type` to send if the headers have none.
    content_type: Option<&'static str>,
    body: Payload<B, O>,
    mistake: Option<Error>,
}

/// The body of an API call.
#[expect(
    clippy::exhaustive_enums,
    reason = "an adapter has to handle every arm"
)]
pub enum Payload<B, O> {
    /// Bytes in memory: they can be sent again. Empty bytes mean that there is no body.
    Bytes(B),
    /// A body that can be read only once.
    Once(O),
}

impl<B: AsRef<[u8]>, O> Payload<B, O> {
    /// Returns how often the body can be sent.
    pub fn kind(&self) -> CallBody {
        match self {
            Self::Bytes(bytes) if bytes.as_ref().is_empty() => CallBody::Empty,
            Self::Bytes(_) => CallBody::Repeatable,
            Self::Once(_) => CallBody::Once,
        }
    }
}

/// Shows how often the body can be sent, and not its bytes, which may hold personal data.
impl<B: AsRef<[u8]>, O> fmt::Debug for Payload<B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({:?})", self.kind())
    }
}

impl<B: From<Vec<u8>> + AsRef<[u8]>, O> RequestDraft<B, O> {
    /// Creates a request of this method to this URL, without a body.
    pub fn new(method: Method, url: &str) -> Self {
        Self {
            method,
            url: url.to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            settings: CallSettings::default(),
            content_type: None,
            body: Payload::Bytes(Vec::new().into()),
            mistake: None,
        }
    }

    /// Sets a body that can be sent again.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = Payload::Bytes(body.into().into());
        Self {
            body,
            content_type: None,
            ..self
        }
    }

    /// Sets a body that can be read only once.
    pub fn body_once(self, body: O) -> Self {
        Self {
            body: Payload::Once(body),
            content_type: None,
            ..self
        }
    }

    /// Sets a body of JSON, and says so by `Content-Type` unless a header does.
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        let json = serde_json::to_vec(value).map_err(Error::request);
        self.encoded("application/json", json)
    }

    /// Sets the body of an HTML form, and says so by `Content-Type` unless a header does: tuples, a
    /// map, or a struct.
    pub fn form(self, fields: &(impl Serialize + ?Sized)) -> Self {
        let form = form_encoded(fields);
        self.encoded("application/x-www-form-urlencoded", form)
    }

    fn encoded(
        mut self,
        content_type: &'static str,
        body: Result<impl Into<Vec<u8>>, Error>,
    ) -> Self {
        match self.check(body) {
            None => self,
            Some(body) => Self {
                content_type: Some(content_type),
                ..self.body(body)
            },
        }
    }

    /// Adds a header.
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        if let Some((name, value)) = self.check(header(name, value)) {
            self.headers.append(name, value);
        }
        self
    }

    /// Adds parameters to those that the URL has already: tuples, a map, or a struct.
    pub fn query(mut self, query: &(impl Serialize + ?Sized)) -> Self {
        let query = self.check(form_encoded(query)).unwrap_or_default();
        if !self.query.is_empty() && !query.is_empty() {
            self.query.push('&');
        }
        self.query += &query;
        self
    }

    /// Sets how long the whole call may take: the wait for the token, redirects, retries and the response.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Sets how long the call waits for its token.
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.settings.token_timeout = Some(timeout);
        self
    }

    /// Sets for how long the call is retried.
    pub fn retry_for(mut self, timeout: Duration) -> Self {
        self.settings.retry_for = Some(timeout);
        self
    }

    /// Returns the call and its body. `client` has the timeouts that the request does not set.
    ///
    /// # Errors
    /// Returns the first mistake in the request, or an error if the token must not be sent to its
    /// URL.
    pub fn into_call(
        self,
        origins: Origins,
        client: CallSettings,
    ) -> Result<(ApiCall, Payload<B, O>), Error> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        let mut headers = self.headers;
        if let Some(content_type) = self.content_type {
            let value = HeaderValue::from_static(content_type);
            headers.entry(CONTENT_TYPE).or_insert(value);
        }
        let call = ApiCall::new(self.method, &self.url, origins)?.query(&self.query)?;
        let call = call.headers(headers).body(self.body.kind());
        Ok((self.settings.apply(client, call), self.body))
    }

    fn check<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.mistake.get_or_insert(error);
                None
            }
        }
    }
}

/// Returns a header of an API call.
pub(crate) fn header<N, V>(name: N, value: V) -> Result<(HeaderName, HeaderValue), Error>
where
    HeaderName: TryFrom<N, Error: Into<http::Error>>,
    HeaderValue: TryFrom<V, Error: Into<http::Error>>,
{
    let name = HeaderName::try_from(name).map_err(|error| Error::request(error.into()))?;
    let value = HeaderValue::try_from(value).map_err(|error| Error::request(error.into()))?;
    Ok((name, value))
}

/// Returns fields as they stand in a form and in the query of a URL.
pub(crate) fn form_encoded(query: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    serde_urlencoded::to_string(query).map_err(Error::request)
}

/// Shows the method, and of the URL the scheme, the host and the path. A program may have put a secret
/// anywhere else: into the headers, the body, or the URL's user, password or query.
impl<B, O> fmt::Debug for RequestDraft<B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.url.parse::<Uri>() {
            Ok(url) => {
                let scheme = url.scheme_str().unwrap_or_default();
                let host = url.host().unwrap_or_default();
                write!(f, "{} {scheme}://{host}{}", self.method, url.path())
            }
            Err(_) => write!(f, "{} <invalid URL>", self.method),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_scheme_host_and_path_of_the_url() {
        for (url, shown) in [
            (
                "https://lms.example/api/?user=ada#x",
                "GET https://lms.example/api/",
            ),
            (
                "https://ada:s3cret@lms.example:8443/api/",
                "GET https://lms.example/api/",
            ),
            ("https://", "GET <invalid URL>"),
        ] {
            let draft = RequestDraft::<Vec<u8>, ()>::new(Method::GET, url);
            assert_eq!(format!("{draft:?}"), shown);
        }
    }
}
