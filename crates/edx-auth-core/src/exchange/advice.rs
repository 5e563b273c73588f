//! What a person can do about it: one sentence for every way an exchange can fail.

use http::StatusCode;

use super::TokenRequest;
use super::verdict::Fault;
use crate::error::{Defect, ErrorCode, ErrorKind};

/// One sentence, in the words of whoever meets this for the first time.
pub(super) fn advice(
    fault: &Fault,
    status: Option<StatusCode>,
    request: &TokenRequest,
) -> &'static str {
    match fault.kind {
        ErrorKind::Refused => refused(fault.code.as_ref(), request),
        ErrorKind::WrongUrl => wrong_url(request),
        ErrorKind::Throttled => THROTTLED,
        ErrorKind::Unavailable if status == Some(StatusCode::OK) => PAGE_INSTEAD_OF_TOKEN,
        ErrorKind::Unavailable => UNAVAILABLE,
        ErrorKind::Redirected => REDIRECTED,
        ErrorKind::Malformed(Defect::TokenCharacters) => TOKEN_CHARACTERS,
        ErrorKind::Malformed(_) => MALFORMED,
        ErrorKind::UnexpectedTokenType => UNEXPECTED_TOKEN_TYPE,
        ErrorKind::NoLifetime => NO_LIFETIME,
        ErrorKind::Transport(failure) => failure.advice(),
    }
}

fn refused(code: Option<&ErrorCode>, request: &TokenRequest) -> &'static str {
    match code {
        Some(ErrorCode::InvalidClient) if request.has_hashed_secret() => HASHED_SECRET,
        Some(ErrorCode::InvalidClient) if request.endpoint().is_edx() => UNKNOWN_AT_EDX,
        Some(ErrorCode::InvalidClient) => UNKNOWN_PAIR,
        Some(ErrorCode::UnauthorizedClient) if request.endpoint().is_edx() => OTHER_GRANT_AT_EDX,
        Some(ErrorCode::UnauthorizedClient) => OTHER_GRANT,
        Some(ErrorCode::UnsupportedGrantType) => GRANT_NOT_SEEN,
        Some(ErrorCode::InvalidScope) => INVALID_SCOPE,
        Some(ErrorCode::InvalidRequest) => INVALID_REQUEST,
        Some(_) => OTHER_REFUSAL,
        None => NO_VERDICT,
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
    This secret is the hash that the admin page shows after saving, not the secret itself: \
    set a new secret there and copy it before you save.";

const UNKNOWN_AT_EDX: &str = "\
    Copy id and secret anew, both of them and without quotes: they are regenerated together, and \
    the old pair dies at once.";

const UNKNOWN_PAIR: &str = "\
    Copy id and secret anew, both of them and without quotes, from the application on this very \
    site: each pair belongs to one site.";

const OTHER_GRANT_AT_EDX: &str = "\
    Set the application to the grant type \"Client credentials\" and the client type \
    \"Confidential\" where its id and secret are shown.";

const OTHER_GRANT: &str = "\
    This application is for another grant, most often the login pair (SOCIAL_AUTH_.., `..-sso`): \
    make one with `./manage.py lms create_dot_application --grant-type client-credentials NAME USER`.";

const GRANT_NOT_SEEN: &str = "\
    The server did not see the form that was sent: look for a proxy or a firewall that changes \
    the body, or a token endpoint of another kind.";

const INVALID_SCOPE: &str = "\
    Ask for no scope to get the application's default, or only for scopes that the application \
    was given.";

const INVALID_REQUEST: &str = "\
    Check that the URL is the token endpoint's alone, without a query, and that nothing between \
    changes the request.";

const OTHER_REFUSAL: &str = "\
    Show the server's own words to whoever runs the site: they are not among those that the \
    OAuth standard explains.";

const NO_VERDICT: &str = "\
    Something before the token endpoint asks for a login of its own, such as a password gate of \
    a test site: ask whoever runs the site for a way around it.";

const WRONG_PATH_AT_EDX: &str = "\
    Ask edX at https://api.edx.org/oauth2/v1/access_token, by POST and without a query.";

const WRONG_SERVICE: &str = "\
    Give the URL of the LMS: Studio and discovery take tokens and issue none.";

const EDX_PATH_ELSEWHERE: &str = "\
    Give the URL of the LMS alone: the path /oauth2/v1/ exists only at api.edx.org, and an LMS \
    issues tokens at /oauth2/access_token.";

const WRONG_URL: &str = "\
    Give the URL of the LMS, such as https://courses.example.org: it issues tokens at \
    /oauth2/access_token, and no other service of a site does.";

const THROTTLED: &str = "\
    Wait a minute, and ask for one token instead of many: the site counts token requests of all \
    programs behind your address together; where it stays so, a firewall may refuse you.";

const UNAVAILABLE: &str = "\
    Try again in a minute; if it stays so, look at the site's status or ask whoever runs it.";

const PAGE_INSTEAD_OF_TOKEN: &str = "\
    A web page came where a token should be: try again in a minute in case of maintenance, and \
    check the URL, which has to be the LMS's.";

const REDIRECTED: &str = "\
    Give the URL that answers by itself, most often with https:// or another host: a redirect is \
    never followed, for it would carry the secret along.";

const TOKEN_CHARACTERS: &str = "\
    Check that the URL is the LMS's: no Open edX issues such a token.";

const MALFORMED: &str = "\
    Check that the URL is the token endpoint's and that no proxy answers in its place.";

const UNEXPECTED_TOKEN_TYPE: &str = "\
    This site issued no JWT: check the URL (a proxy may drop the field `token_type`), or allow \
    Bearer tokens, which only its LMS takes.";

const NO_LIFETIME: &str = "\
    Ask whoever runs the site for a longer token life (JWT_ACCESS_TOKEN_EXPIRE_SECONDS), or \
    whether this application is a restricted one.";
