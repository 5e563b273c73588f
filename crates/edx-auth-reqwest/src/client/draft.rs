//! A request as a program describes it, before anything is sent.

use std::fmt;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;

use crate::Error;

/// What every request has, whatever its body.
pub(super) struct Draft {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) timeout: Option<Duration>,
}

impl Draft {
    pub(super) fn new(method: Method, url: &str) -> Self {
        Self {
            method,
            url: url.to_owned(),
            headers: HeaderMap::new(),
            timeout: None,
        }
    }

    pub(super) fn header<N, V>(&mut self, name: N, value: V) -> Result<(), Error>
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        let name = HeaderName::try_from(name).map_err(|fault| Error::request(fault.into()))?;
        let value = HeaderValue::try_from(value).map_err(|fault| Error::request(fault.into()))?;
        self.headers.append(name, value);
        Ok(())
    }

    pub(super) fn query(&mut self, query: &impl Serialize) -> Result<(), Error> {
        let query = serde_urlencoded::to_string(query).map_err(Error::request)?;
        if query.is_empty() {
            return Ok(());
        }
        let joint = if self.url.contains('?') { '&' } else { '?' };
        self.url.push(joint);
        self.url.push_str(&query);
        Ok(())
    }

    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<Vec<u8>, Error> {
        let body = serde_json::to_vec(value).map_err(Error::request)?;
        self.default_header(CONTENT_TYPE, "application/json");
        Ok(body)
    }

    /// What edX's APIs have to be told, unless the program tells them something else.
    pub(super) fn with_manners(mut headers: HeaderMap) -> HeaderMap {
        default_header(&mut headers, ACCEPT, "application/json");
        default_header(&mut headers, ACCEPT_LANGUAGE, "en");
        headers
    }

    fn default_header(&mut self, name: HeaderName, value: &'static str) {
        default_header(&mut self.headers, name, value);
    }
}

/// Without its headers: a program may have put something secret there.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

fn default_header(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}
