//! An API behind edX's `JwtAuthentication`, with valid and invalid tokens of every kind.

use super::Row;
use super::body::{Body, Page};
use super::request::{Authorization, Content, Field, Request};
use super::response::RecordedResponse;
use super::tokens::Token;

/// Requests for a list of catalogs, and the responses.
#[rustfmt::skip] // read as a table
pub const PROTECTED: &[Row] = &[
    not_provided("no header", get()),
    Row::new("JWT header", get_as(Token::Issued), catalogs(FIRST_PAGE)),
    not_provided("Bearer header with the JWT",
        get_with(Authorization::Token("Bearer ", Token::Issued))),
    Row::new("jwt (lower case) header",
        get_with(Authorization::Token("jwt ", Token::Issued)), catalogs(FIRST_PAGE)),
    invalid("garbage token", get_with(Authorization::Literal("JWT garbage"))),
    invalid("garbage with dots", get_with(Authorization::Literal("JWT gar.ba.ge"))),
    not_provided("JWT and no token", get_with(Authorization::Literal("JWT"))),
    not_provided("JWT, two spaces", get_with(Authorization::Token("JWT  ", Token::Issued))),
    invalid("opaque token as JWT", get_as(Token::Opaque)),
    not_provided("opaque token as Bearer",
        get_with(Authorization::Token("Bearer ", Token::Opaque))),
    invalid("tampered signature", get_as(Token::TamperedSignature)),
    invalid("tampered claims", get_as(Token::TamperedClaims)),
    invalid("right key, wrong issuer", get_as(Token::WrongIssuer)),
    invalid("right key, exp 1 s ago", get_as(Token::JustExpired)),
    invalid("right key, no exp", get_as(Token::WithoutExpiry)),
    invalid("right key, version 9.0.0", get_as(Token::UnknownVersion)),
    invalid("alg none", get_as(Token::Unsigned)),
    invalid("expired token (lifetime 1 s, used after 3 s)", get_as(Token::ShortLived)),
    Row::new("page 2",
        get_as(Token::Issued).to("/api/v1/catalogs/?page=2&page_size=2"),
        catalogs(SECOND_PAGE_OF_TWO)),
    Row::new("page too far",
        get_as(Token::Issued).to("/api/v1/catalogs/?page=99"),
        detail(404, r#"{"detail":"Invalid page."}"#)),
    Row::new("POST to the list",
        post_to(CATALOGS), detail(405, r#"{"detail":"Method \"POST\" not allowed."}"#)),
    Row::new("GET without trailing slash",
        get_as(Token::Issued).to(CATALOGS_WITHOUT_SLASH), SLASH_ADDED),
    Row::new("POST without trailing slash", post_to(CATALOGS_WITHOUT_SLASH), SLASH_ADDED),
    Row::new("Accept: text/html",
        get_as(Token::Issued).headers(&[("accept", "text/html")]), NOT_ACCEPTABLE),
    Row::new("Accept: application/xml",
        get_as(Token::Issued).headers(&[("accept", "application/xml")]), NOT_ACCEPTABLE),
];

pub(super) const fn detail(status: u16, text: &'static str) -> RecordedResponse {
    RecordedResponse::json(status, Body::Exactly(text))
}

const fn unauthorized(text: &'static str) -> RecordedResponse {
    detail(401, text).headers(CHALLENGE)
}

const fn catalogs(page: Page) -> RecordedResponse {
    RecordedResponse::json(200, Body::Catalogs(page))
}

const fn get() -> Request {
    Request::new("GET", CATALOGS)
}

const fn get_with(authorization: Authorization) -> Request {
    get().authorization(authorization)
}

pub(super) const fn get_as(token: Token) -> Request {
    get_with(Authorization::Token("JWT ", token))
}

const fn post_to(target: &'static str) -> Request {
    Request::new("POST", target)
        .authorization(Authorization::Token("JWT ", Token::Issued))
        .content(Content::Json(&[("name", "Another catalog")]))
}

/// Returns a row with the response to an invalid token.
const fn invalid(case: &'static str, request: Request) -> Row {
    Row::new(case, request, INVALID_TOKEN)
}

/// Returns a row with the response to a request in which the API recognizes no token.
const fn not_provided(case: &'static str, request: Request) -> Row {
    Row::new(case, request, NOT_PROVIDED)
}

const CATALOGS: &str = "/api/v1/catalogs/";
const CATALOGS_WITHOUT_SLASH: &str = "/api/v1/catalogs";

pub(super) const CHALLENGE: &[Field] = &[("www-authenticate", r#"JWT realm="api""#)];
const NOT_PROVIDED: RecordedResponse =
    unauthorized(r#"{"detail":"Authentication credentials were not provided."}"#);
const INVALID_TOKEN: RecordedResponse = unauthorized(r#"{"detail":"Invalid token."}"#);
const NOT_ACCEPTABLE: RecordedResponse = detail(
    406,
    r#"{"detail":"Could not satisfy the request Accept header."}"#,
);
const SLASH_ADDED: RecordedResponse = RecordedResponse::html(301, Body::Empty)
    .headers(&[("location", CATALOGS), ("connection", "close")]);

const FIRST_PAGE: Page = Page {
    next: Some("/api/v1/catalogs/?page=2"),
    previous: None,
    size: 10,
    number: 1,
};
const SECOND_PAGE_OF_TWO: Page = Page {
    next: Some("/api/v1/catalogs/?page=3&page_size=2"),
    previous: Some("/api/v1/catalogs/?page_size=2"),
    size: 2,
    number: 2,
};
