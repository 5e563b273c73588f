//! The URLs among the arguments of curl.

use std::ffi::OsString;

use edx_auth_ureq::{Origins, UrlError};

/// Checks that the token may be sent to each URL. curl takes what has no scheme for https: see the config
/// of [`handover`](super::handover).
pub(super) fn check(arguments: &[OsString], origins: &Origins) -> Result<(), UrlError> {
    let mut option = "";
    for argument in arguments {
        let argument = argument.to_str().unwrap_or_default();
        let url = argument.strip_prefix("--url=").unwrap_or(argument);
        if is_url(url) && !OF_OTHERS.contains(&option) {
            origins.check(url)?;
        }
        option = argument;
    }
    Ok(())
}

fn is_url(argument: &str) -> bool {
    let scheme = argument.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Options whose URL gets no header of the request.
const OF_OTHERS: [&str; 8] = [
    "-x",
    "--proxy",
    "--preproxy",
    "-e",
    "--referer",
    "-d",
    "--data",
    "--doh-url",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str]) -> bool {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        super::check(&arguments, &Origins::edx()).is_ok()
    }

    #[test]
    fn a_url_at_another_origin_is_rejected() {
        assert!(check(&["-s", "https://api.edx.org/catalog/v1/catalogs"]));
        assert!(check(&[
            "-x",
            "http://proxy.example:3128",
            "https://api.edx.org/"
        ]));
        for url in [
            "https://evil.example/",
            "http://api.edx.org/",
            "HTTPS://evil.example/",
            "--url=https://evil.example/",
            "ftp://api.edx.org/",
        ] {
            assert!(!check(&["https://api.edx.org/", url]), "{url}");
        }
    }
}
