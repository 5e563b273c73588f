//! Two programs in one process with different credentials.

use edx_auth_testkit::{Fingerprint, MockEdx, ReceivedRequest};
use edx_auth_tests::clients::{CLIENTS, Call, HttpLibrary, Setup};
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
