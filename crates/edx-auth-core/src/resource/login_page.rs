//! Recognizes the login pages that sites redirect to in place of a 401.

use super::ApiUrl;

/// Reports whether this is the URL of a login page: it says so in its path, or it names the page to
/// return to, as Django's `login_required` does (`/login?next=%2Fapi%2F`).
pub(crate) fn is_login_page(url: &ApiUrl) -> bool {
    let uri = url.uri();
    names_a_login(uri.path()) || has_way_back(uri.query().unwrap_or_default())
}

fn names_a_login(path: &str) -> bool {
    let path = path.to_ascii_lowercase() + "/";
    LOGINS.iter().any(|login| path.contains(login)) || path.starts_with(SINGLE_SIGN_ON)
}

/// Reports whether the query names the page to return to after the login.
fn has_way_back(query: &str) -> bool {
    let mut fields = form_urlencoded::parse(query.as_bytes());
    fields.any(|(name, value)| match &*name {
        // Any other `next` is something else, such as a cursor.
        "next" | "return_to" => value.starts_with('/') || value.starts_with("http"),
        // SAML has its own names, and opaque values.
        "RelayState" | "SAMLRequest" => true,
        _ => false,
    })
}

/// Parts of the paths of login pages: Django's and the LMS's, Studio's, those of common identity
/// providers, and the authorization endpoint, where OAuth begins a login in a browser.
const LOGINS: [&str; 7] = [
    "/login/",
    "/signin_redirect_to_lms/",
    "/signin/",
    "/sign-in/",
    "/sign_in/",
    "/oauth2/authorize/",
    "/oauth/authorize/",
];

/// The first part of a path: further on, as in `/api/sso/`, it may be an API about single sign-on.
const SINGLE_SIGN_ON: &str = "/sso/";

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;
    use crate::url::PlaintextHosts;

    #[test]
    fn a_login_page_is_known_by_its_path_or_by_the_way_back() {
        for (path, is_login) in [
            ("/login?next=%2Fapi%2Fx%2F", true),
            ("/login", true),
            ("/Login/", true),
            ("/accounts/login/?next=/api/", true),
            ("/login/edx-oauth2/?auth_entry=login", true),
            ("/signin_redirect_to_lms?next=/api/", true),
            ("/users/sign_in", true),
            ("/welcome/?next=https%3A%2F%2Flms.test%2Fapi%2F", true),
            ("/auth/login/tpa-saml/?auth_entry=login", true),
            ("/oauth2/authorize?client_id=studio", true),
            ("/oauth2/authorize/", true),
            ("/sso", true),
            ("/SSO/start", true),
            ("/welcome/?return_to=%2Fapi%2F", true),
            ("/idp/?SAMLRequest=fZJ", true),
            ("/idp/?RelayState=token-7", true),
            ("/api/list/?next=cD0y", false),
            ("/api/list/?return_to=cD0y", false),
            ("/api/sso/v1/", false),
            ("/auth/saml/v0/provider_config/", false),
            ("/oauth2/access_token", false),
            ("/api/authorize/", false),
            ("/api/assorted/", false),
            ("/api/list/?next=", false),
            ("/api/list/?page=/login", false),
            ("/api/user/v1/account/login_session/", false),
            ("/api/logins/", false),
            ("/", false),
        ] {
            let url = format!("https://lms.test{path}");
            let url = ApiUrl::new(&url, &PlaintextHosts::none()).unwrap();
            assert_eq!(is_login_page(&url), is_login, "{path}");
        }
    }
}
