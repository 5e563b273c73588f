//! Every client ID and client secret arrives unchanged, in the form and through HTTP Basic. Python and
//! an independent decoder read them.

use std::collections::HashMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use edx_auth_core::{ClientCredentials, CredentialsError, TokenEndpoint, TokenRequest};
use http::header::AUTHORIZATION;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

#[test]
fn python_reads_every_recorded_value_back() {
    let recorded = recorded();
    let read_by_python = python_readings(&recorded);

    for value in texts(&recorded["values"], "value") {
        let Some(request) = request(value, value) else {
            continue;
        };
        for encoded in [by_form(&request), by_basic(&request)].as_flattened() {
            assert_eq!(read_by_python.get(encoded.as_str()), Some(&value));
        }
    }
}

#[test]
fn a_recorded_value_is_rejected_only_if_it_is_damaged() {
    let recorded = recorded();

    for value in texts(&recorded["values"], "value") {
        assert_eq!(request(value, "s").is_none(), is_damaged(value));
        assert_eq!(request("i", value).is_none(), is_damaged(value));
    }
}

#[test]
fn python_encodes_the_same_except_for_two_characters() {
    let recorded = recorded();
    let values = texts(&recorded["values"], "value");

    for (value, python) in values.zip(texts(&recorded["values"], "encoded")) {
        let whatwg = python.replace('~', "%7E").replace("%2A", "*");
        if let Some(request) = request(value, value) {
            assert_eq!(by_form(&request), [whatwg.as_str(), &whatwg]);
            assert_eq!(by_basic(&request), [whatwg.as_str(), &whatwg]);
        }
    }
}

#[test]
fn recorded_credentials_are_sent_as_the_recorded_form() {
    let recorded = recorded();
    let forms = recorded["forms"].as_array().unwrap();
    let mut sent = 0;

    for case in forms {
        let [id, secret] = [1, 2].map(|field| case["fields"][field][1].as_str().unwrap());
        if let Some(request) = request(id, secret) {
            let form = case["form"].as_str().unwrap();
            assert_eq!(body(&request), format!("{form}&token_type=jwt"));
            sent += 1;
        }
    }

    assert!(sent > 50, "only {sent} credentials could be sent");
}

proptest! {
    #[test]
    fn any_client_credentials_arrive(id in credential(), secret in credential()) {
        let request = request(&id, &secret).expect("valid credentials");

        for sent in [by_form(&request), by_basic(&request)] {
            prop_assert_eq!(decode(&sent[0]), id.as_bytes());
            prop_assert_eq!(decode(&sent[1]), secret.as_bytes());
        }
    }

    #[test]
    fn no_character_of_the_credentials_can_end_its_field(id in credential(), secret in credential()) {
        let request = request(&id, &secret).expect("valid credentials");

        for [id_sent, secret_sent] in [by_form(&request), by_basic(&request)] {
            prop_assert!(is_harmless(&id_sent) && is_harmless(&secret_sent));
            prop_assert_eq!(count(&id_sent, '+'), count(&id, ' '));
            prop_assert_eq!(count(&secret_sent, '+'), count(&secret, ' '));
        }
    }
}

/// Generates Unicode text that is not damaged.
fn credential() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        3 => any::<char>(),
        2 => (b' '..=b'~').prop_map(char::from),
        2 => select(vec!['&', '=', '+', '%', ' ', ':', ';', '~', '*', '\u{a0}', '\u{2028}']),
    ];
    let text = proptest::collection::vec(character, 1..24).prop_map(String::from_iter);
    text.prop_map(|text| {
        let kept = text.replace(is_damage, "");
        match kept.trim() {
            "" => "x".to_owned(),
            kept => kept.to_owned(),
        }
    })
}

fn request(id: &str, secret: &str) -> Option<TokenRequest> {
    let credentials = ClientCredentials::new(id, secret).ok()?;
    Some(TokenRequest::new(TokenEndpoint::edx(), credentials))
}

/// Returns whether a value is empty, has white space around it, or has a control or an invisible character.
fn is_damaged(value: &str) -> bool {
    value.is_empty() || value.chars().any(is_damage) || value.trim() != value
}

/// Returns whether this is a control character, or one of Unicode's category Cf.
fn is_damage(character: char) -> bool {
    let alone = ClientCredentials::new(character, "s").map(drop);
    let is_format = matches!(alone, Err(CredentialsError::InvisibleCharacter(..)));
    character.is_control() || is_format
}

fn body(request: &TokenRequest) -> String {
    let (request, _) = request.begin();
    String::from_utf8(request.body().as_ref().to_vec()).unwrap()
}

/// Returns ID and secret as the form carries them.
fn by_form(request: &TokenRequest) -> [String; 2] {
    let body = body(request);
    ["client_id", "client_secret"].map(|name| {
        let mut fields = body.split('&').filter_map(|field| field.split_once('='));
        let (_, value) = fields.find(|(found, _)| *found == name).unwrap();
        value.to_owned()
    })
}

/// Returns ID and secret as HTTP Basic carries them.
fn by_basic(request: &TokenRequest) -> [String; 2] {
    let (request, _) = request.clone().basic_auth().begin();
    let header = request.headers()[AUTHORIZATION].to_str().unwrap();
    let encoded = header.strip_prefix("Basic ").unwrap();
    let credentials = String::from_utf8(BASE64_STANDARD.decode(encoded).unwrap()).unwrap();
    let (id, secret) = credentials.split_once(':').unwrap();
    [id.to_owned(), secret.to_owned()]
}

/// Returns the bytes of a form's value: `+` is a space, `%` and two digits are a byte, and all other
/// bytes are themselves.
fn decode(encoded: &str) -> Vec<u8> {
    let mut bytes = encoded.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => 16 * digit(bytes.next()) + digit(bytes.next()),
            byte => byte,
        });
    }
    decoded
}

fn digit(byte: Option<u8>) -> u8 {
    let digit = char::from(byte.expect("two digits after each %")).to_digit(16);
    u8::try_from(digit.expect("a hexadecimal digit")).unwrap()
}

fn is_harmless(encoded: &str) -> bool {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"*-._%+".contains(&byte);
    encoded.bytes().all(harmless)
}

fn count(text: &str, wanted: char) -> usize {
    text.chars().filter(|found| *found == wanted).count()
}

fn recorded() -> Value {
    serde_json::from_str(include_str!("../vectors/form_encoding.json")).unwrap()
}

fn texts<'a>(cases: &'a Value, name: &'a str) -> impl Iterator<Item = &'a str> {
    let cases = cases.as_array().unwrap().iter();
    cases.map(move |case| case[name].as_str().unwrap())
}

/// Returns what Python reads for each value in a recorded form.
fn python_readings(recorded: &Value) -> HashMap<&str, &str> {
    let forms = recorded["forms"].as_array().unwrap();
    let readings = forms.iter().flat_map(|case| {
        let encoded = case["form"].as_str().unwrap().split('&');
        let decoded = case["fields"].as_array().unwrap();
        encoded.zip(decoded).map(|(field, read)| {
            let (_, value) = field.split_once('=').unwrap();
            (value, read[1].as_str().unwrap())
        })
    });
    readings.collect()
}
