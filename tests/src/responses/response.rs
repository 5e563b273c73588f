//! A recorded response: it can be replayed, and compared with another response.

use http::header::CONTENT_TYPE;

use super::body::Body;
use super::request::Field;

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

/// A recorded response.
#[derive(Clone, Copy, Debug)]
pub struct RecordedResponse {
    /// The status code.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The other headers that matter.
    pub headers: &'static [Field],
    /// The body, by its shape.
    pub body: Body,
}

impl RecordedResponse {
    pub(super) const fn json(status: u16, body: Body) -> Self {
        Self {
            status,
            content_type: JSON,
            headers: &[],
            body,
        }
    }

    pub(super) const fn html(status: u16, body: Body) -> Self {
        Self {
            status,
            content_type: HTML,
            headers: &[],
            body,
        }
    }

    pub(super) const fn headers(mut self, headers: &'static [Field]) -> Self {
        self.headers = headers;
        self
    }

    /// Returns the response as a server sends it, with sample tokens and URLs.
    pub fn render(&self) -> http::Response<Vec<u8>> {
        let mut response = http::Response::builder()
            .status(self.status)
            .header(CONTENT_TYPE, self.content_type);
        for (name, value) in self.headers {
            response = response.header(*name, *value);
        }
        response
            .body(self.body.render())
            .expect("a well-formed row")
    }

    /// Returns how `response`, from the site at `base`, differs from this one. Empty if it does not.
    pub fn differences(&self, response: &http::Response<Vec<u8>>, base: &str) -> Vec<String> {
        let status = response.status().as_u16();
        let status = (status != self.status).then(|| format!("status {status}"));
        let content_type = (CONTENT_TYPE.as_str(), self.content_type);
        let headers = std::iter::once(&content_type)
            .chain(self.headers)
            .filter_map(|header| difference(*header, response.headers()));
        let body = self.body.difference(response.body(), base);
        status.into_iter().chain(headers).chain(body).collect()
    }
}

fn difference((name, expected): Field, headers: &http::HeaderMap) -> Option<String> {
    let found = headers
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    (found.as_deref() != Some(expected)).then(|| format!("{name}: {found:?}, not {expected:?}"))
}
