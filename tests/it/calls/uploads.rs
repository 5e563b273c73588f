//! Uploads whose body can be read only once: they are not replayed after a rejection, but the token is
//! renewed.

use edx_auth_core::Verdict;
use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, Client, Setup, age_tokens};
use edx_auth_tests::timeout::within_timeout;

#[test]
fn a_rejected_upload_renews_the_token_for_the_next_call() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            age_tokens(&edx);
            edx.on_authorized("POST", UPLOADS, MockResponse::json(201, "{}"));
            let client = (library.new_client)(Setup::of(&edx));
            client.authorize(&edx.catalogs_url()).unwrap();
            edx.rotate_signing_key();

            let rejected = upload(&*client, &edx);
            let taken = upload(&*client, &edx);

            assert_eq!(
                rejected,
                (401, Some(Verdict::TokenRejected)),
                "{}",
                library.name
            );
            assert_eq!(taken, (201, None), "{}", library.name);
            assert_eq!(uploads(&edx), 2, "{}", library.name);
            assert_eq!(edx.token_requests(), 2, "{}", library.name);
        });
    }
}

fn upload(client: &dyn Client, edx: &MockEdx) -> (u16, Option<Verdict>) {
    let url = format!("{}{UPLOADS}", edx.url());
    let response = client.call(Call::post(url).body_once(BODY)).unwrap();
    (response.status, response.verdict)
}

fn uploads(edx: &MockEdx) -> usize {
    let is_upload = Fingerprint::of(BODY);
    let requests = edx.requests();
    requests
        .iter()
        .filter(|sent| sent.body() == is_upload)
        .count()
}

const UPLOADS: &str = "/api/uploads/";
const BODY: &str = "name,title\nada,countess\n";
