//! Redirects from one allowed origin to another, and from there out of them.

use edx_auth_core::Verdict;
use edx_auth_testkit::{MockEdx, Reply};
use edx_auth_tests::clients::{CLIENTS, Call, Setup};
use edx_auth_tests::patience::within_patience;

use super::calls;

#[test]
fn the_token_follows_redirects_between_allowed_origins_and_other_headers_do_not() {
    for library in CLIENTS {
        within_patience(move || {
            let [edx, discovery] = [(); 2].map(|()| MockEdx::start().unwrap());
            edx.on(
                "POST",
                "/api/",
                Reply::redirect(307, discovery.url().to_owned() + "/api/"),
            );
            discovery.on("POST", "/api/", Reply::json(200, "[]"));
            let client = (library.new_client)(Setup::of(&edx).and(discovery.url()));

            let call = Call::post(edx.url().to_owned() + "/api/")
                .header("Cookie", "sessionid=1")
                .header("Host", "lms.internal")
                .header("Proxy-Authorization", "Basic YTpi")
                .header("X-Request-ID", "42")
                .body("{}");
            let answer = client.call(call).unwrap();

            assert_eq!(answer.status, 200, "{}", library.name);
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
        within_patience(move || {
            let [edx, discovery, evil] = [(); 3].map(|()| MockEdx::start().unwrap());
            let at = |site: &MockEdx| site.url().to_owned() + "/api/";
            edx.on("GET", "/api/", Reply::redirect(302, at(&discovery)));
            discovery.on("GET", "/api/", Reply::redirect(302, at(&evil)));
            evil.on("GET", "/api/", Reply::redirect(302, at(&edx)));
            let client = (library.new_client)(Setup::of(&edx).and(discovery.url()));

            let answer = client.call(Call::get(at(&edx))).unwrap();

            assert_eq!(answer.status, 302, "{}", library.name);
            assert_eq!(
                answer.verdict,
                Some(Verdict::Redirected),
                "{}",
                library.name
            );
            assert_eq!(answer.headers["location"], at(&evil), "{}", library.name);
            assert_eq!(calls(&edx).len(), 1, "{}", library.name);
            assert_eq!(calls(&discovery).len(), 1, "{}", library.name);
            assert_eq!(evil.requests().len(), 0, "{}", library.name);
        });
    }
}

#[test]
fn a_redirect_out_and_back_never_carries_the_token() {
    for library in CLIENTS {
        within_patience(move || {
            let [edx, evil] = [(); 2].map(|()| MockEdx::start().unwrap());
            edx.on(
                "GET",
                "/api/",
                Reply::redirect(302, evil.url().to_owned() + "/1"),
            );
            evil.on("GET", "/1", Reply::redirect(302, "/2"));
            evil.on("GET", "/2", Reply::redirect(302, edx.catalogs_url()));
            let client = (library.new_client)(Setup::of(&edx));

            let answer = client
                .call(Call::get(edx.url().to_owned() + "/api/"))
                .unwrap();

            assert_eq!(answer.status, 302, "{}", library.name);
            assert_eq!(calls(&edx).len(), 1, "{}", library.name);
            assert_eq!(evil.requests().len(), 0, "{}", library.name);
        });
    }
}
