//! A response, as the vectors write it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use edx_auth_tests::responses::{RecordedResponse, Row};
use serde::{Deserialize, Serialize};

/// A response. Its body is text, or base64 if it is not UTF-8.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Response {
    status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

impl Response {
    pub(super) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let (body, body_base64) = match String::from_utf8(body.into()) {
            Ok(text) => (Some(text).filter(|text| !text.is_empty()), None),
            Err(error) => (None, Some(BASE64_STANDARD.encode(error.as_bytes()))),
        };
        Self {
            status,
            headers: Vec::new(),
            body,
            body_base64,
        }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Returns the response as it arrives.
    pub(super) fn render(&self) -> http::Response<Vec<u8>> {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        let of_base64 = || Some(BASE64_STANDARD.decode(self.body_base64.as_ref()?).unwrap());
        let body = self.body.clone().map(String::into_bytes).or_else(of_base64);
        response.body(body.unwrap_or_default()).unwrap()
    }
}

impl From<http::Response<Vec<u8>>> for Response {
    fn from(response: http::Response<Vec<u8>>) -> Self {
        let (head, body) = response.into_parts();
        let mut response = Self::new(head.status.as_u16(), body);
        for (name, value) in &head.headers {
            response = response.header(name.as_str(), value.to_str().unwrap());
        }
        response
    }
}

impl From<&RecordedResponse> for Response {
    fn from(recorded: &RecordedResponse) -> Self {
        recorded.render().into()
    }
}

/// Returns every response of these rows, each with the name of its row and, from the second on, its number
/// there.
pub(super) fn responses(
    table: &'static str,
    rows: impl IntoIterator<Item = &'static Row>,
) -> impl Iterator<Item = (String, &'static RecordedResponse)> {
    rows.into_iter().flat_map(move |row| {
        row.responses().zip(1..).map(move |(response, number)| {
            let number = if number == 1 {
                String::new()
            } else {
                format!(" ({number})")
            };
            (format!("{table}: {}{number}", row.case), response)
        })
    })
}
