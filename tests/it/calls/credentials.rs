//! Two programs in one process with different credentials, and clients that are revoked or regenerated.

use std::sync::{Arc, Mutex};

use edx_auth_core::{ClientCredentials, Verdict};
use edx_auth_testkit::{Fingerprint, MockEdx, ReceivedRequest};
use edx_auth_tests::clients::{CLIENTS, Call, HttpLibrary, Setup, age_tokens};
use edx_auth_tests::timeout::within_timeout;

#[test]
fn two_clients_never_mix_their_tokens() {
    for library in CLIENTS {
        let calls = within_timeout(move || calls_in_turn(library));

        let [ada, bob] = calls;
        assert_ne!(ada[0], bob[0], "{}", library.name);
        assert!(ada.iter().all(|token| *token == ada[0]), "{}", library.name);
        assert!(bob.iter().all(|token| *token == bob[0]), "{}", library.name);
    }
}

#[test]
fn a_client_that_is_revoked_while_its_token_is_cached_is_rejected_and_told_why() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            age_tokens(&edx);
            let client = (library.new_client)(Setup::of(&edx));
            let call = || client.call(Call::get(edx.catalogs_url())).unwrap();
            assert_eq!(call().status, 200, "{}", library.name);

            edx.revoke(edx.client_id());

            let rejected = call();
            assert_eq!(rejected.status, 401, "{}", library.name);
            assert_eq!(rejected.verdict, Some(Verdict::TokenRejected));
            let error = client.health().error.unwrap();
            assert!(error.to_string().contains("invalid_client"), "{error}");
            assert_eq!(edx.token_requests(), 2, "{}", library.name);
        });
    }
}

#[test]
fn a_regenerated_secret_is_used_from_the_next_token_request_on() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            age_tokens(&edx);
            let current = Arc::new(Mutex::new(edx.client_secret().to_owned()));
            let (id, secret) = (edx.client_id().to_owned(), Arc::clone(&current));
            let provide = move || {
                ClientCredentials::new(id.as_str(), secret.lock().unwrap().as_str()).unwrap()
            };
            let client = (library.new_client)(Setup {
                credentials: Some(Arc::new(provide)),
                ..Setup::of(&edx)
            });
            let status = || client.call(Call::get(edx.catalogs_url())).unwrap().status;
            assert_eq!(status(), 200, "{}", library.name);

            edx.set_secret(edx.client_id(), "regenerated");
            "regenerated".clone_into(&mut current.lock().unwrap());
            assert_eq!((status(), edx.token_requests()), (200, 1));

            edx.rotate_signing_key();
            assert_eq!((status(), edx.token_requests()), (200, 2));
            assert_eq!(client.health().failures, 0, "{}", library.name);
        });
    }
}

/// Returns the tokens of ten calls of each of two clients to one site, alternating.
fn calls_in_turn(library: HttpLibrary) -> [Vec<Option<Fingerprint>>; 2] {
    let edx = MockEdx::builder().client("ada", "a").client("bob", "b");
    let edx = edx.start().unwrap();
    let [ada, bob] = [("ada", "a"), ("bob", "b")].map(|(id, secret)| {
        let client = (library.new_client)(Setup::new(&edx.token_url(), id, secret));
        let attached = client.authorize(&edx.catalogs_url()).unwrap();
        (client, attached)
    });
    assert_ne!(ada.1, bob.1, "{}", library.name);

    for _turn in 0..10 {
        for (who, client) in [("ada", &ada.0), ("bob", &bob.0)] {
            let url = format!("{}?who={who}", edx.catalogs_url());
            assert_eq!(client.call(Call::get(url)).unwrap().status, 200);
        }
    }

    assert_eq!(edx.token_requests(), 2);
    ["who=ada", "who=bob"].map(|who| {
        let requests = edx.requests();
        let theirs = requests.iter().filter(|sent| sent.query() == Some(who));
        theirs.map(ReceivedRequest::token).collect()
    })
}
