//! What must not compile. Each example that fails to compile is followed by one that differs only in
//! the line at fault and compiles; a nightly compiler also checks the error code.
//!
//! Secrets have no `==`: its timing would reveal them byte by byte.
//! ```compile_fail,E0369
//! # use edx_auth_core::ClientCredentials;
//! # let credentials = ClientCredentials::new("acme", "s3cret")?;
//! assert!(credentials == credentials.clone());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```
//! # use edx_auth_core::ClientCredentials;
//! # let credentials = ClientCredentials::new("acme", "s3cret")?;
//! assert!(credentials.is_same_pair(&credentials.clone()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! Tokens have no `==` either.
//! ```compile_fail,E0369
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! assert!(token == token.clone());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! A token is not printed by accident.
//! ```compile_fail,E0277
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! println!("{token}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```compile_fail,E0599
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! let text: String = token.to_string();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! println!("{token:?}");
//! let text: String = token.expose().to_string();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! Client credentials, tokens, and what contains them cannot be serialized.
//! ```compile_fail,E0277
//! # use edx_auth_core::ClientCredentials;
//! # let credentials = ClientCredentials::new("acme", "s3cret")?;
//! serde_json::to_string(&credentials)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```compile_fail,E0277
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! serde_json::to_string(&token)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```
//! # use edx_auth_core::ClientCredentials;
//! # let credentials = ClientCredentials::new("acme", "s3cret")?;
//! serde_json::to_string(credentials.client_id())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! The client secret cannot be read back.
//! ```compile_fail,E0624
//! # use edx_auth_core::ClientCredentials;
//! # let credentials = ClientCredentials::new("acme", "s3cret")?;
//! let secret: &str = credentials.client_secret();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```
//! # use edx_auth_core::ClientCredentials;
//! # let credentials = ClientCredentials::new("acme", "s3cret")?;
//! let id: &str = credentials.client_id();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
