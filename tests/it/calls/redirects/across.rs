//! Redirects between allowed origins, and from there to others.

use edx_auth_core::Verdict;
use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, Setup};
use edx_auth_tests::timeout::within_timeout;

use super::calls;

#[test]
fn the_token_follows_redirects_between_allowed_origins_and_other_headers_do_not() {
    for library in CLIENTS {
        within_timeout(move || {
            let [edx, discovery] = [(); 2].map(|()| MockEdx::start().unwrap());
            edx.on(
                "POST",
                "/api/",
                MockResponse::redirect(307, discovery.url().to_owned() + "/api/"),
            );
            discovery.on("POST", "/api/", MockResponse::json(200, "[]"));
            let client = (library.new_client)(Setup::of(&edx).and(discovery.url()));

            let call = Call::post(edx.url().to_owned() + "/api/")
                .header("Cookie", "sessionid=1")
                .header("Host", "lms.internal")
                .header("Proxy-Authorization", "Basic YTpi")
                .header("X-Request-ID", "42")
                .body("{}");
            let response = client.call(call).unwrap();

            assert_eq!(response.status, 200, "{}", library.name);
            let (here, there) = (calls(&edx).remove(0), calls(&discovery).remove(0));
            assert_eq!(
                here.header("host"),
                Some("lms.internal"),
                "{}",
                library.name
            );
            assert!(here.header("cookie").is_some(), "{}", library.name);
            assert_eq!(here.token(), there.token(), "{}", library.name);
            assert_eq!(there.header("x-request-id"), Some("42"), "{}", library.name);
            assert_eq!(there.header("cookie"), None, "{}", library.name);
            assert_eq!(
                there.header("proxy-authorization"),
                None,
                "{}",
                library.name
            );
            let host = discovery.address().to_string();
            assert_eq!(there.header("host"), Some(&*host), "{}", library.name);
            assert_eq!((there.method(), there.body()), ("POST", here.body()));
            assert_eq!(discovery.token_requests(), 0, "{}", library.name);
        });
    }
}

#[test]
fn a_redirect_chain_over_an_allowed_origin_does_not_leave_the_origins() {
    for library in CLIENTS {
        within_timeout(move || {
            let [edx, discovery, evil] = [(); 3].map(|()| MockEdx::start().unwrap());
            let at = |site: &MockEdx| site.url().to_owned() + "/api/";
            edx.on("GET", "/api/", MockResponse::redirect(302, at(&discovery)));
            discovery.on("GET", "/api/", MockResponse::redirect(302, at(&evil)));
            evil.on("GET", "/api/", MockResponse::redirect(302, at(&edx)));
            let client = (library.new_client)(Setup::of(&edx).and(discovery.url()));

            let response = client.call(Call::get(at(&edx))).unwrap();

            assert_eq!(response.status, 302, "{}", library.name);
            assert_eq!(
                response.verdict,
                Some(Verdict::Redirected),
                "{}",
                library.name
            );
            assert_eq!(response.headers["location"], at(&evil), "{}", library.name);
            assert_eq!(calls(&edx).len(), 1, "{}", library.name);
            assert_eq!(calls(&discovery).len(), 1, "{}", library.name);
            assert_eq!(evil.requests().len(), 0, "{}", library.name);
        });
    }
}

#[test]
fn a_redirect_out_and_back_never_carries_the_token() {
    for library in CLIENTS {
        within_timeout(move || {
            let [edx, evil] = [(); 2].map(|()| MockEdx::start().unwrap());
            edx.on(
                "GET",
                "/api/",
                MockResponse::redirect(302, evil.url().to_owned() + "/1"),
            );
            evil.on("GET", "/1", MockResponse::redirect(302, "/2"));
            evil.on("GET", "/2", MockResponse::redirect(302, edx.catalogs_url()));
            let client = (library.new_client)(Setup::of(&edx));

            let response = client
                .call(Call::get(edx.url().to_owned() + "/api/"))
                .unwrap();

            assert_eq!(response.status, 302, "{}", library.name);
            assert_eq!(calls(&edx).len(), 1, "{}", library.name);
            assert_eq!(evil.requests().len(), 0, "{}", library.name);
        });
    }
}
