//! The resource side: Django REST framework views behind edx-drf-extensions' `JwtAuthentication`.

use super::admission::{authenticate, negotiate};
use super::issuer::Issuer;
use super::page::Page;
use super::refusal::Refusal;
use super::reply::Reply;
use super::request::Request;

/// Where catalogs are listed.
pub(crate) const PATH: &str = "/api/v1/catalogs/";

/// Where nobody may go.
pub(crate) const STAFF_ONLY_PATH: &str = "/api/v1/staff-only/";

/// The list of catalogs, in pages, which the client finds below `root`.
pub(crate) fn list(request: &Request, issuer: &Issuer, root: &str) -> Reply {
    let page = match admit(request, issuer) {
        Ok(()) => Page::asked_by(request),
        Err(refusal) => return refusal.reply(ALLOWED),
    };
    match (request.method(), page) {
        ("GET" | "HEAD", Some(page)) => drf(200, page.json(&list_url(request, root))),
        ("GET" | "HEAD", None) => drf(404, r#"{"detail":"Invalid page."}"#),
        ("OPTIONS", _) => drf(200, METADATA),
        (method, _) => drf(
            405,
            format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#),
        ),
    }
}

/// A view that no token opens: clients act for a user who is not staff.
pub(crate) fn staff_only(request: &Request, issuer: &Issuer) -> Reply {
    let refusal = match admit(request, issuer) {
        Ok(()) => Refusal::Forbidden,
        Err(refusal) => refusal,
    };
    refusal.reply(ALLOWED)
}

fn admit(request: &Request, issuer: &Issuer) -> Result<(), Refusal> {
    negotiate(request)?;
    authenticate(request, issuer)
}

/// The list's own URL as the client knows it, by the host it asked for.
fn list_url(request: &Request, root: &str) -> String {
    match request.header("host") {
        Some(host) => format!("http://{host}{}", request.path()),
        None => format!("{root}{}", request.path()),
    }
}

fn drf(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply::json(status, body).header("Allow", ALLOWED)
}

const ALLOWED: &str = "GET, HEAD, OPTIONS";
const METADATA: &str = r#"{"name":"Catalogs","description":"","renders":["application/json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}"#;
