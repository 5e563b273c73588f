//! One token by oauth2 over ureq.

use oauth2::basic::BasicClient;
use oauth2::{AuthType, ClientId, ClientSecret, TokenResponse as _, TokenUrl};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("a URL")?;
    let client = BasicClient::new(ClientId::new("id".into()))
        .set_client_secret(ClientSecret::new("secret".into()))
        .set_token_uri(TokenUrl::new(url)?)
        .set_auth_type(AuthType::RequestBody);
    let agent = oauth2::ureq::builder().redirects(0).build();
    let token = client.exchange_client_credentials().request(&agent)?;
    println!("{}", token.access_token().secret().len());
    Ok(())
}
