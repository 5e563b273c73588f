//! The advice for every way in which an exchange can fail.

use http::StatusCode;

use super::TokenRequest;
use super::verdict::ExchangeFailure;
use crate::error::{Defect, ErrorCode, ErrorKind, Symptom};

/// Returns what to do next, in a sentence or two.
pub(super) fn advice(
    failure: &ExchangeFailure,
    status: Option<StatusCode>,
    request: &TokenRequest,
) -> &'static str {
    let code = failure.code.as_ref();
    match Symptom::of(failure.kind, status, code) {
        Symptom::ProxyLogin => PROXY_LOGIN,
        Symptom::NetworkLogin => CAPTIVE_PORTAL,
        Symptom::UnknownClient => unknown_client(request),
        Symptom::OtherProtocol => OTHER_PROTOCOL,
        Symptom::TooLarge => TOO_LARGE,
        Symptom::Forbidden => FORBIDDEN,
        Symptom::PageInsteadOfToken => PAGE_INSTEAD_OF_TOKEN,
        Symptom::Of(ErrorKind::Denied) => denied(code, request),
        Symptom::Of(ErrorKind::WrongUrl) => wrong_url(request),
        Symptom::Of(ErrorKind::Throttled) => THROTTLED,
        Symptom::Of(ErrorKind::Unavailable) => UNAVAILABLE,
        Symptom::Of(ErrorKind::Redirected) => REDIRECTED,
        Symptom::Of(ErrorKind::Malformed(Defect::TokenCharacters)) => TOKEN_CHARACTERS,
        Symptom::Of(ErrorKind::Malformed(_)) => MALFORMED,
        Symptom::Of(ErrorKind::UnexpectedTokenType) => UNEXPECTED_TOKEN_TYPE,
        Symptom::Of(ErrorKind::NoLifetime) => NO_LIFETIME,
        Symptom::Of(ErrorKind::Expiring) => EXPIRING,
        Symptom::Of(ErrorKind::Transport(transport)) => transport.advice(),
    }
}

fn unknown_client(request: &TokenRequest) -> &'static str {
    if request.has_hashed_secret() {
        HASHED_SECRET
    } else if request.endpoint().is_edx() {
        UNKNOWN_AT_EDX
    } else {
        UNKNOWN_CLIENT
    }
}

fn denied(code: Option<&ErrorCode>, request: &TokenRequest) -> &'static str {
    match code {
        Some(ErrorCode::UnauthorizedClient) if request.endpoint().is_edx() => OTHER_GRANT_AT_EDX,
        Some(ErrorCode::UnauthorizedClient) => OTHER_GRANT,
        Some(ErrorCode::UnsupportedGrantType) => GRANT_TYPE_LOST,
        Some(ErrorCode::InvalidScope) => INVALID_SCOPE,
        Some(ErrorCode::InvalidRequest) => INVALID_REQUEST,
        Some(ErrorCode::InvalidGrant) => INVALID_GRANT,
        Some(_) => OTHER_CODE,
        None => UNKNOWN_LOGIN,
    }
}

fn wrong_url(request: &TokenRequest) -> &'static str {
    let uri = request.endpoint().uri();
    let first_label = uri.host().and_then(|host| host.split('.').next());
    match first_label.unwrap_or_default() {
        _ if request.endpoint().is_edx() => WRONG_PATH_AT_EDX,
        "studio" | "cms" | "discovery" => WRONG_SERVICE,
        _ if uri.path().contains("/oauth2/v1/") => EDX_PATH_ELSEWHERE,
        _ => WRONG_URL,
    }
}

const HASHED_SECRET: &str = "\
    Set a new client secret on the admin page and copy it before you save: this one is the hash \
    that the page shows afterwards.";

const UNKNOWN_AT_EDX: &str = "\
    Copy both the client ID and the client secret again, without quotes: edX replaces both when \
    the credentials are regenerated.";

const UNKNOWN_CLIENT: &str = "\
    Copy both the client ID and the client secret again, without quotes, from the application on \
    this site: client credentials are valid at one site only.";

const OTHER_GRANT_AT_EDX: &str = "\
    Set the application to the grant type \"Client credentials\" and the client type \
    \"Confidential\" on the page that shows its client ID and secret.";

const OTHER_GRANT: &str = "\
    Create an application with `./manage.py lms create_dot_application --grant-type \
    client-credentials NAME USER`: this one is registered for another grant type, and is probably \
    the SSO login client (SOCIAL_AUTH_.., `..-sso`).";

const GRANT_TYPE_LOST: &str = "\
    Look for a proxy or a firewall that changes the request body, or for another kind of token \
    endpoint: the server did not see the form that was sent.";

const INVALID_SCOPE: &str = "\
    Request only scopes that the application has, or none to get its default scope.";

const INVALID_REQUEST: &str = "\
    Check that the URL is the token endpoint's, without a query, and that no proxy changes the \
    request.";

const INVALID_GRANT: &str = "\
    Check that the URL is the token endpoint's, and that the application is registered for the \
    client credentials grant: the server took the request for one of another grant.";

const OTHER_CODE: &str = "\
    Send the error code to the site's operator: it is none of those that RFC 6749 section 5.2 \
    defines.";

const UNKNOWN_LOGIN: &str = "\
    Check that the URL is the token endpoint's, and ask the site's operator whether something in \
    front of it requires its own login, such as HTTP Basic on a staging site: the response is not \
    an OAuth error.";

const PROXY_LOGIN: &str = "\
    Give the proxy's user and password in the proxy's URL: a proxy between this program and the \
    token endpoint requires its own login.";

const CAPTIVE_PORTAL: &str = "\
    Log in to this network, most often with a browser: the response is its login page (RFC 6585 \
    section 6), and the request did not leave the network.";

const OTHER_PROTOCOL: &str = "\
    Check the scheme and the port of the URL (plain http to a TLS port?), and whether the server \
    requires a client certificate: it sent a bad request and no OAuth error.";

const TOO_LARGE: &str = "\
    Request fewer scopes, or ask the operator of the server or of a proxy in front of it to accept \
    larger requests: this one was too large.";

const WRONG_PATH_AT_EDX: &str = "\
    Use https://api.edx.org/oauth2/v1/access_token, by POST and without a query.";

const WRONG_SERVICE: &str = "\
    Use the URL of the LMS: Studio and the discovery service accept tokens but issue none.";

const EDX_PATH_ELSEWHERE: &str = "\
    Use the URL of the LMS without a path: /oauth2/v1/ exists only at api.edx.org, and an LMS \
    issues tokens at /oauth2/access_token.";

const WRONG_URL: &str = "\
    Use the URL of the LMS, such as https://courses.example.org: no other service of a site \
    issues tokens, and the LMS does at /oauth2/access_token.";

const THROTTLED: &str = "\
    Wait before the next token request, and share one token: the site counts the token requests of \
    all programs behind your IP address together.";

const FORBIDDEN: &str = "\
    Wait before the next token request, since older Open edX sites limit requests in this way. If it \
    persists, ask the site's operator whether a firewall blocks this IP address or this program.";

const UNAVAILABLE: &str = "\
    Try again later. If it persists, check the site's status or contact its operator.";

const PAGE_INSTEAD_OF_TOKEN: &str = "\
    Try again later in case of maintenance, and check that the URL is the LMS's.";

const REDIRECTED: &str = "\
    Use the final URL, the one that does not redirect, most often with https:// or another host: \
    a redirect is never followed, because that would send the client secret along.";

const TOKEN_CHARACTERS: &str = "\
    Check that the URL is the LMS's: no Open edX site issues such a token.";

const MALFORMED: &str = "\
    Check that the URL is the token endpoint's, and that no proxy responds in its place.";

const UNEXPECTED_TOKEN_TYPE: &str = "\
    Check the URL, and that no proxy drops the field `token_type`: this site issued no JWT. Or allow \
    Bearer tokens with TokenRequest::allow_bearer; only the site's LMS accepts them.";

const NO_LIFETIME: &str = "\
    Ask the site's operator for a longer token lifetime (JWT_ACCESS_TOKEN_EXPIRE_SECONDS), and \
    whether this application is restricted: such applications get expired tokens.";

const EXPIRING: &str = "\
    Wait a second or two for the next token; if it persists, ask the site's operator for a longer \
    token lifetime: this token is valid for too short a time.";

#[cfg(test)]
mod tests {
    use alloc::format;

    use http::Response;

    use super::*;
    use crate::error::TransportFailure;
    use crate::exchange::{ClientCredentials, TokenEndpoint};

    const EDX: &str = "https://api.edx.org";
    const EDX_STAGE: &str = "https://api.stage.edx.org";
    const LMS: &str = "https://courses.example.org";

    fn request(site: &str, secret: &str) -> TokenRequest {
        let credentials = ClientCredentials::new("acme", secret).unwrap();
        TokenRequest::new(TokenEndpoint::open_edx(site).unwrap(), credentials)
    }

    fn advice_for(request: &TokenRequest, status: u16, body: &str) -> &'static str {
        let response = Response::builder().status(status);
        let (_, exchange) = request.begin();
        let error = exchange.finish(response.body(body.as_bytes()).unwrap());
        error.unwrap_err().advice()
    }

    #[test]
    fn the_advice_on_a_denial_depends_on_code_site_and_secret() {
        for (code, site, secret, advice) in [
            ("invalid_client", EDX, "s3cret", UNKNOWN_AT_EDX),
            ("invalid_client", EDX_STAGE, "s3cret", UNKNOWN_AT_EDX),
            ("invalid_client", LMS, "s3cret", UNKNOWN_CLIENT),
            ("invalid_client", LMS, "pbkdf2_sha256$1$a$b=", HASHED_SECRET),
            ("invalid_client", EDX, "argon2$argon2id$v=19", HASHED_SECRET),
            ("unauthorized_client", EDX, "s3cret", OTHER_GRANT_AT_EDX),
            ("unauthorized_client", LMS, "s3cret", OTHER_GRANT),
            ("unsupported_grant_type", LMS, "s3cret", GRANT_TYPE_LOST),
            ("invalid_scope", LMS, "s3cret", INVALID_SCOPE),
            ("invalid_request", LMS, "s3cret", INVALID_REQUEST),
            ("invalid_grant", LMS, "s3cret", INVALID_GRANT),
            ("account_frozen", LMS, "s3cret", OTHER_CODE),
        ] {
            let body = format!(r#"{{"error": "{code}"}}"#);
            let given = advice_for(&request(site, secret), 401, &body);
            assert_eq!(given, advice, "{code} {site} {secret}");
        }
    }

    #[test]
    fn the_advice_on_a_wrong_url_depends_on_the_url() {
        for (site, advice) in [
            (EDX, WRONG_PATH_AT_EDX),
            ("https://studio.example.org", WRONG_SERVICE),
            ("https://cms.example.org", WRONG_SERVICE),
            ("https://discovery.example.org/oauth2/v1", WRONG_SERVICE),
            ("https://example.org/oauth2/v1", EDX_PATH_ELSEWHERE),
            (LMS, WRONG_URL),
        ] {
            let given = advice_for(&request(site, "s3cret"), 404, "");
            assert_eq!(given, advice, "{site}");
        }
    }

    #[test]
    fn the_advice_on_any_other_response_depends_on_its_kind() {
        let opaque = r#"{"access_token": "x", "token_type": "Bearer", "expires_in": 9}"#;
        let broken = r#"{"access_token": "x y", "token_type": "JWT", "expires_in": 9}"#;
        let expired = r#"{"access_token": "x", "token_type": "JWT", "expires_in": -1}"#;
        let dying = r#"{"access_token": "x", "token_type": "JWT", "expires_in": 1}"#;
        let busy = r#"{"error": "temporarily_unavailable"}"#;
        let bad_request = "<title>400 The plain HTTP request was sent to HTTPS port</title>\
            <h1>400 Bad Request</h1>";
        for (status, body, advice) in [
            (200, "<html>", PAGE_INSTEAD_OF_TOKEN),
            (201, "<html>", PAGE_INSTEAD_OF_TOKEN),
            (200, busy, UNAVAILABLE),
            (503, "<html>", UNAVAILABLE),
            (400, "<html>", UNAVAILABLE),
            (400, bad_request, OTHER_PROTOCOL),
            (
                400,
                "Client sent an HTTP request to an HTTPS server.\n",
                OTHER_PROTOCOL,
            ),
            (
                400,
                r#"{"detail":"There was an error parsing the body"}"#,
                OTHER_PROTOCOL,
            ),
            (
                400,
                r#"{"message":"No required SSL certificate was sent"}"#,
                OTHER_PROTOCOL,
            ),
            (426, "", OTHER_PROTOCOL),
            (413, "<html>", TOO_LARGE),
            (414, "<html>", TOO_LARGE),
            (431, "<html>", TOO_LARGE),
            (407, "<html>", PROXY_LOGIN),
            (511, "<html>", CAPTIVE_PORTAL),
            (429, "<html>", THROTTLED),
            (403, "<html>", FORBIDDEN),
            (401, "<html>", UNKNOWN_LOGIN),
            (401, "", UNKNOWN_LOGIN),
            (302, "<html>", REDIRECTED),
            (200, "{}", MALFORMED),
            (200, opaque, UNEXPECTED_TOKEN_TYPE),
            (200, broken, TOKEN_CHARACTERS),
            (200, expired, NO_LIFETIME),
            (200, dying, EXPIRING),
        ] {
            let given = advice_for(&request(LMS, "s3cret"), status, body);
            assert_eq!(given, advice, "{status} {body}");
        }
    }

    #[test]
    fn the_advice_on_a_broken_transport_depends_on_its_failure() {
        let (_, exchange) = request(LMS, "s3cret").begin();
        let failure = TransportFailure::NotSent;

        assert_eq!(exchange.fail(failure).advice(), failure.advice());
    }
}
