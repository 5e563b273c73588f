/// edx-platform's `^oauth2/access_token/?$`.
pub(crate) const LMS: &str = "/oauth2/access_token";

/// The way to it through the gateway of api.edx.org.
pub(crate) const GATEWAY: &str = "/oauth2/v1/access_token";

/// Whether tokens are issued there, with or without a trailing slash.
pub(crate) fn is_one(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    path == LMS || path == GATEWAY
}

#[cfg(test)]
mod tests {
    use super::is_one;

    #[test]
    fn the_endpoint_is_at_four_paths() {
        for (path, found) in [
            ("/oauth2/access_token", true),
            ("/oauth2/access_token/", true),
            ("/oauth2/v1/access_token", true),
            ("/oauth2/v1/access_token/", true),
            ("/oauth2/access_token//", false),
            ("/oauth2/v2/access_token", false),
            ("/access_token", false),
        ] {
            assert_eq!(is_one(path), found, "{path}");
        }
    }
}
