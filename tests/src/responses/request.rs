//! A recorded request, short enough for a table.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};

use crate::openedx::TestClient;

use super::tokens::{Token, Tokens};

/// The name and the value of a form field or a header, unencoded.
pub type Field = (&'static str, &'static str);

/// A recorded request.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The method, as on the wire.
    pub method: &'static str,
    /// Path and query.
    pub target: &'static str,
    /// The `Authorization` header.
    pub authorization: Authorization,
    /// All other headers, except those of the body.
    pub headers: &'static [Field],
    /// The body and its `Content-Type`.
    pub content: Content,
}

/// The `Authorization` header.
#[derive(Clone, Copy, Debug)]
pub enum Authorization {
    /// No header.
    Absent,
    /// Exactly this text.
    Literal(&'static str),
    /// HTTP Basic with form-encoded credentials, as RFC 6749 section 2.3.1 requires.
    Basic(TestClient),
    /// HTTP Basic with unencoded credentials, as many clients send them.
    BasicUnencoded(TestClient),
    /// A prefix, then the token.
    Token(&'static str, Token),
}

/// The body and its `Content-Type`.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// No body.
    Nothing,
    /// A form with the `Content-Type` of a form.
    Form(&'static [Field]),
    /// A form with another `Content-Type`.
    FormLabelled(&'static str, &'static [Field]),
    /// A form with one more field of this length.
    FormPadded(&'static [Field], usize),
    /// This body with the `Content-Type` of a form.
    Raw(&'static str),
    /// The fields as a JSON object.
    Json(&'static [Field]),
    /// The fields as `multipart/form-data`.
    Multipart(&'static [Field]),
}

impl Request {
    pub(super) const fn new(method: &'static str, target: &'static str) -> Self {
        Self {
            method,
            target,
            authorization: Authorization::Absent,
            headers: &[],
            content: Content::Nothing,
        }
    }

    pub(super) const fn to(mut self, target: &'static str) -> Self {
        self.target = target;
        self
    }

    pub(super) const fn authorization(mut self, authorization: Authorization) -> Self {
        self.authorization = authorization;
        self
    }

    pub(super) const fn headers(mut self, headers: &'static [Field]) -> Self {
        self.headers = headers;
        self
    }

    pub(super) const fn content(mut self, content: Content) -> Self {
        self.content = content;
        self
    }

    /// Returns the request as it is sent, with `tokens` for the tokens in it.
    pub fn render(&self, tokens: &Tokens) -> http::Request<Vec<u8>> {
        let mut request = http::Request::builder()
            .method(self.method)
            .uri(self.target);
        if let Some(value) = self.authorization.render(tokens) {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(kind) = self.content.kind() {
            request = request.header(CONTENT_TYPE, kind);
        }
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        request
            .body(self.content.render())
            .expect("a well-formed row")
    }
}

impl Authorization {
    fn render(&self, tokens: &Tokens) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Literal(value) => Some((*value).to_owned()),
            Self::Basic(client) => Some(basic(&encode(client.id), &encode(client.secret))),
            Self::BasicUnencoded(client) => Some(basic(client.id, client.secret)),
            Self::Token(prefix, token) => Some(format!("{prefix}{}", tokens.get(*token))),
        }
    }
}

impl Content {
    fn kind(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Form(_) | Self::FormPadded(..) | Self::Raw(_) => Some(FORM.to_owned()),
            Self::FormLabelled(label, _) => Some((*label).to_owned()),
            Self::Json(_) => Some("application/json".to_owned()),
            Self::Multipart(_) => Some(format!("multipart/form-data; boundary={BOUNDARY}")),
        }
    }

    fn render(&self) -> Vec<u8> {
        let text = match self {
            Self::Nothing => String::new(),
            Self::Form(fields) | Self::FormLabelled(_, fields) => form(fields),
            Self::FormPadded(fields, length) => form(fields) + "&padding=" + &"x".repeat(*length),
            Self::Raw(text) => (*text).to_owned(),
            Self::Json(fields) => json(fields),
            Self::Multipart(fields) => multipart(fields),
        };
        text.into_bytes()
    }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

fn encode(part: &str) -> String {
    form_urlencoded::byte_serialize(part.as_bytes()).collect()
}

fn form(fields: &[Field]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn json(fields: &[Field]) -> String {
    let object = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).into()));
    serde_json::Value::Object(object.collect()).to_string()
}

fn multipart(fields: &[Field]) -> String {
    let part = |(name, value): &Field| {
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    fields.iter().map(part).collect::<String>() + &format!("--{BOUNDARY}--\r\n")
}

const FORM: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "the-boundary-between-the-parts";
