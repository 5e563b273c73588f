//! Credentials, a scope and a client name: they are sent unchanged, or cause an error.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use edx_auth_core::{
    ClientCredentials, ClientName, ClientNameError, CredentialsError, Scope, TokenEndpoint,
    TokenRequest,
};
use http::header::AUTHORIZATION;

use crate::shown;

pub(crate) fn check(id: &str, secret: &str, scope: &str) {
    check_client_name(id);
    let scope = check_scope(scope);
    let is_sound = [id, secret].iter().all(|text| is_sound(text));
    let credentials = match ClientCredentials::new(id, secret) {
        Ok(credentials) => credentials,
        Err(error) => {
            match error {
                CredentialsError::InvisibleCharacter(_, character) => {
                    assert!([id, secret].iter().any(|text| text.contains(character)));
                    assert!(is_escaped(character), "{character:?}");
                }
                _ => assert!(!is_sound),
            }
            return shown::check(&error, error.advice());
        }
    };
    assert!(is_sound && credentials.client_id() == id);
    assert!(
        ![id, secret]
            .iter()
            .any(|text| text.contains(BYTE_ORDER_MARK))
    );
    let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
    let request = match &scope {
        Some(scope) => request.scope(scope.clone()),
        None => request,
    };
    check_form(&request, (id, secret), scope.as_ref());
    check_basic(&request.basic_auth(), (id, secret));
}

fn is_sound(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(char::is_control)
}

/// Reports whether Rust shows this character as an escape, as it does with every invisible one.
fn is_escaped(character: char) -> bool {
    character.escape_debug().len() > 1
}

fn check_scope(names: &str) -> Option<Scope> {
    let is_name = |c: char| ('!'..='~').contains(&c) && c != '"' && c != '\\';
    let mut given = names.split(' ').filter(|name| !name.is_empty()).peekable();
    let is_scope = given.peek().is_some() && given.clone().all(|name| name.chars().all(is_name));
    match Scope::new(names) {
        Ok(scope) => {
            assert!(is_scope && scope.iter().eq(given), "{names:?}");
            assert_eq!(Scope::new(scope.as_str()).as_ref(), Ok(&scope));
            Some(scope)
        }
        Err(error) => {
            assert!(!is_scope, "{names:?}");
            shown::check(&error, error.advice());
            None
        }
    }
}

/// Checks that an independent decoder reads the expected fields, each once and unchanged.
fn check_form(request: &TokenRequest, (id, secret): (&str, &str), scope: Option<&Scope>) {
    let (sent, _) = request.begin();
    let fields: Vec<_> = form_urlencoded::parse(sent.body().as_ref()).collect();
    let mut expected = vec![
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("token_type", "jwt"),
    ];
    expected.extend(scope.map(|scope| ("scope", scope.as_str())));
    let is_one = |((a, b), (x, y)): (&(_, _), &(&str, &str))| a == x && b == y;
    assert_eq!(fields.len(), expected.len());
    assert!(fields.iter().zip(&expected).all(is_one), "{fields:?}");
    assert!(!sent.headers().contains_key(AUTHORIZATION));
}

fn check_basic(request: &TokenRequest, (id, secret): (&str, &str)) {
    let (sent, _) = request.begin();
    let value = &sent.headers()[AUTHORIZATION];
    let encoded = value.to_str().expect("ASCII").strip_prefix("Basic ");
    let decoded = BASE64_STANDARD
        .decode(encoded.expect("Basic"))
        .expect("base64");
    let decoded = String::from_utf8(decoded).expect("ASCII");
    let (id_sent, secret_sent) = decoded.split_once(':').expect("an ID and a secret");
    assert_eq!([of_form(id_sent), of_form(secret_sent)], [id, secret]);
    assert!(value.is_sensitive());
    let mut names = form_urlencoded::parse(sent.body().as_ref());
    assert!(names.all(|(name, _)| !name.starts_with("client_")));
}

fn of_form(text: &str) -> String {
    let field = format!("x={text}");
    let mut fields = form_urlencoded::parse(field.as_bytes());
    let (_, value) = fields.next().expect("a field");
    assert!(fields.next().is_none(), "{text:?} ends its field");
    value.into_owned()
}

fn check_client_name(name: &str) {
    match ClientName::new(name) {
        Ok(client) => {
            let sent = client.user_agent("lib/1");
            assert_eq!(sent, format!("lib/1 {}", name.trim_matches(' ')));
            assert!(sent.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            assert!(!sent.to_lowercase().contains("edx/org.edx.mobile"));
        }
        Err(error) => {
            let is_plain =
                !name.trim().is_empty() && name.bytes().all(|b| (b' '..=b'~').contains(&b));
            assert!(!is_plain || error == ClientNameError::MobileApp);
            shown::check(&error, error.advice());
        }
    }
}

/// The most frequent invisible character: editors put it at the beginning of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';
