//! Prints what a token endpoint sees when 200 processes behind one address start within five seconds: with a
//! store and without. The processes are real token agents in virtual time.
//!
//! ```text
//! cargo run --release -p edx-auth-redis --example fleet
//! ```

#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]

mod simulation;

use edx_auth_driver::{ClientCredentials, CredentialsError, TokenEndpoint, TokenRequest};

fn main() -> Result<(), CredentialsError> {
    let credentials = ClientCredentials::new("acme-api", "s3cret")?;
    let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
    println!("{}", simulation::table(&request));
    print!("{}", simulation::table_of_delays(&request));
    Ok(())
}
