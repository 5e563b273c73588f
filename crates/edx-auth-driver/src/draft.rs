//! An API request under construction.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{ApiCall, CallBody, Origins};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;

use crate::Error;

/// An API request under construction, without its body. The first mistake is kept, and returned when
/// the request becomes a call.
///
/// For a client's request builder.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_driver::{CallBody, Origins, RequestDraft};
/// use http::Method;
///
/// let url = "https://discovery.edx.org/api/v1/courses/?page_size=2";
/// let draft = RequestDraft::new(Method::GET, url)
///     .query(&[("keyword", "rust & co")])
///     .header("x-request-id", "42");
/// let call = draft.into_call(CallBody::Empty, Origins::edx(), Duration::from_secs(10))?;
/// assert_eq!(
///     call.url().to_string(),
///     "https://discovery.edx.org/api/v1/courses/?page_size=2&keyword=rust+%26+co",
/// );
/// # Ok::<(), edx_auth_driver::Error>(())
/// ```
#[must_use = "nothing happens until it becomes a call"]
pub struct RequestDraft {
    method: Method,
    url: String,
    headers: HeaderMap,
    timeout: Option<Duration>,
    /// What the body is, unless a header says otherwise.
    content_type: Option<&'static str>,
    mistake: Option<Error>,
}

impl RequestDraft {
    /// Creates a request of this method to this URL.
    pub fn new(method: Method, url: &str) -> Self {
        Self {
            method,
            url: url.to_owned(),
            headers: HeaderMap::new(),
            timeout: None,
            content_type: None,
            mistake: None,
        }
    }

    /// Adds a header.
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        let name = HeaderName::try_from(name).map_err(Into::into);
        let value = HeaderValue::try_from(value).map_err(Into::into);
        let header = name.and_then(|name| Ok((name, value?)));
        if let Some((name, value)) = self.check(header.map_err(Error::request)) {
            self.headers.append(name, value);
        }
        self
    }

    /// Adds parameters to those that the URL has already: tuples, a map, or a struct.
    pub fn query(mut self, query: &(impl Serialize + ?Sized)) -> Self {
        let query = serde_urlencoded::to_string(query).map_err(Error::request);
        if let Some(query) = self.check(query).filter(|query| !query.is_empty()) {
            self.url.push_str(separator(&self.url));
            self.url.push_str(&query);
        }
        self
    }

    /// Encodes a body as JSON, and says so by `Content-Type` unless a header does.
    pub fn json(&mut self, value: &(impl Serialize + ?Sized)) -> Vec<u8> {
        self.content_type = Some("application/json");
        let json = serde_json::to_vec(value).map_err(Error::request);
        self.check(json).unwrap_or_default()
    }

    /// Sets how long the whole call may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Makes it a call with such a body.
    ///
    /// # Errors
    /// Returns the first mistake in the request, or an error if the token must not be sent to its
    /// URL.
    pub fn into_call(
        self,
        body: CallBody,
        origins: Origins,
        default_timeout: Duration,
    ) -> Result<ApiCall, Error> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        let mut headers = self.headers;
        if let Some(content_type) = self.content_type {
            let value = HeaderValue::from_static(content_type);
            headers.entry(CONTENT_TYPE).or_insert(value);
        }
        let call = ApiCall::new(self.method, &self.url, origins)?;
        let timeout = self.timeout.unwrap_or(default_timeout);
        Ok(call.headers(headers).body(body).timeout(timeout))
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

/// Returns what has to stand between a URL and more of its query.
fn separator(url: &str) -> &'static str {
    match url.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    }
}

/// Without its headers: a program may have put a secret there.
impl fmt::Debug for RequestDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}
