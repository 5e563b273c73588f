//! Recognizes the login pages that sites redirect to in place of a 401.

use super::ApiUrl;

/// Reports whether this is the URL of a login page: it says so in its path, or it names the page to
/// return to, as Django's `login_required` does (`/login?next=%2Fapi%2F`).
pub(crate) fn is_login_page(url: &ApiUrl) -> bool {
    let mut segments = url.uri().path().split('/');
    segments.any(is_login) || has_way_back(url.uri().query().unwrap_or_default())
}

fn is_login(segment: &str) -> bool {
    let known = LOGINS.iter();
    known
        .copied()
        .any(|login| segment.eq_ignore_ascii_case(login))
}

/// Reports whether the query has a `next` that is a path or a URL. Any other `next` is something else,
/// such as a cursor.
fn has_way_back(query: &str) -> bool {
    let mut fields = form_urlencoded::parse(query.as_bytes());
    fields.any(|(name, value)| {
        name == "next" && (value.starts_with('/') || value.starts_with("http"))
    })
}

/// Segments of the paths of login pages: Django's and the LMS's, Studio's, those of common identity
/// providers.
const LOGINS: [&str; 5] = [
    "login",
    "signin_redirect_to_lms",
    "signin",
    "sign-in",
    "sign_in",
];

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
            ("/api/list/?next=cD0y", false),
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
