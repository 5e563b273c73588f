//! The URLs among the arguments of curl.

use std::ffi::OsString;

use edx_auth_ureq::{Origins, UrlError};

/// Checks that the token may be sent to each URL. What has no scheme or another one is rejected by curl: see
/// the config of [`handover`](super::handover). A URL that is the value of an option counts too, since only
/// curl knows which words are values.
pub(super) fn check(arguments: &[OsString], origins: &Origins) -> Result<(), UrlError> {
    let words = arguments.iter().map(|argument| argument.to_string_lossy());
    for url in words.filter(|word| is_url(word)) {
        origins.check(&url)?;
    }
    Ok(())
}

/// Reports whether curl takes this for a URL of http or https: one slash is enough for it.
fn is_url(argument: &str) -> bool {
    let start = argument.trim_start().to_ascii_lowercase();
    start.starts_with("http:/") || start.starts_with("https:/")
}

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
            "-xhttp://proxy.example:3128",
            "https://api.edx.org/"
        ]));
        for url in [
            "https://evil.example/",
            "http://api.edx.org/",
            "HTTPS://evil.example/",
            "https:/evil.example/",
            "https:///evil.example/",
            "https://api.edx.org@evil.example/",
            "https://{api.edx.org,evil.example}/",
            " https://evil.example/",
        ] {
            assert!(!check(&["https://api.edx.org/", url]), "{url}");
        }
    }

    #[test]
    fn no_option_before_a_url_hides_it() {
        for before in [&["-o", "-d"][..], &["-d"], &["-x"]] {
            let url = ["https://evil.example/"];
            assert!(!check(&[before, &url].concat()), "{before:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_url_that_is_no_text_is_checked() {
        use std::os::unix::ffi::OsStringExt as _;

        let url = OsString::from_vec(b"https://evil.example/\xff".to_vec());

        assert!(super::check(&[url], &Origins::edx()).is_err());
    }
}
