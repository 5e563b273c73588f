//! Every permitted URL is inside the origins, and every URL clearly inside is permitted.

use proptest::prelude::*;
use proptest::sample::select;

use super::hostile;
use super::reference::{ALLOWED, is_inside, origins};

proptest! {
    #[test]
    fn no_url_outside_is_permitted(url in hostile::url()) {
        if let Ok(permitted) = origins().check(&url) {
            prop_assert!(is_inside(&url), "{url:?}");
            prop_assert!(is_inside(&permitted.to_string()), "{url:?} became {permitted}");
            prop_assert!(origins().permits(&permitted), "{url:?}");
        }
    }

    #[test]
    fn every_url_clearly_inside_is_permitted(url in plain()) {
        prop_assert!(is_inside(&url), "the reference finds {url} outside");

        let permitted = origins().check(&url);

        prop_assert!(permitted.is_ok(), "{url}: {permitted:?}");
    }

    #[test]
    fn an_error_names_the_origin_that_the_reference_finds(url in foreign()) {
        let rejected = origins().check(&url).unwrap_err();

        let seen = url::Url::parse(&url).unwrap().origin().ascii_serialization();
        prop_assert_eq!(rejected.to_string(), format!("the token is not for {seen}"));
    }
}

/// Generates a URL of an allowed origin: in any case, with or without its default port, with path and query.
fn plain() -> impl Strategy<Value = String> {
    let origin = (select(&ALLOWED[..]), any::<[bool; 3]>());
    let origin = origin.prop_map(|(origin, [upper, own_port, is_short])| {
        let origin = match origin {
            "https://api.edx.org" if own_port => "https://api.edx.org:443",
            "http://[::1]" if own_port => "http://[::1]:80",
            "https://[2001:db8::1]" if !is_short => "https://[2001:db8:0:0:0:0:0:1]",
            origin => origin,
        };
        if upper {
            origin.to_uppercase()
        } else {
            origin.to_owned()
        }
    });
    let path = "(/([a-zA-Z0-9._~!$&'()*+,;=:@-]|%[0-9A-F][0-9A-F]){0,8}){0,4}";
    let query = r"(\?([a-zA-Z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F][0-9A-F]){0,12})?";
    (origin, path, query).prop_map(|(origin, path, query)| format!("{origin}{path}{query}"))
}

/// Generates a URL of another origin.
fn foreign() -> impl Strategy<Value = String> {
    let host = "[a-z][a-z0-9]{0,8}(\\.[a-z]{2,5}){1,2}";
    (select(&["http", "https"][..]), host, 1..u16::MAX)
        .prop_map(|(scheme, host, port)| format!("{scheme}://{host}:{port}/api/"))
}
