use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_ureq::{
    AuthorizedClient, ClientCredentials, TokenEndpoint, TokenRequest, TokenSource,
};

#[test]
fn courses_are_read() -> Result<(), Box<dyn std::error::Error>> {
    let edx = MockEdx::start()?;
    let page = MockResponse::json(200, r#"{"next": null, "results": [7]}"#);
    edx.on_authorized("GET", "/api/v1/courses/", page);

    // Built as in your program, with the URL and the client credentials of the mock:
    let credentials = ClientCredentials::new(edx.client_id(), edx.client_secret())?;
    let request = TokenRequest::new(TokenEndpoint::open_edx(edx.url())?, credentials);
    let client = AuthorizedClient::new(TokenSource::new(request)?)?;

    let url = format!("{}/api/v1/courses/", edx.url());
    let courses: Vec<u32> = client.pages(&url).collect::<Result<_, _>>()?;

    assert_eq!(courses, [7]);
    assert_eq!(edx.token_requests(), 1);
    Ok(())
}
