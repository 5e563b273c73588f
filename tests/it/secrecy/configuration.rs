//! Configuration from the environment, valid or not, is printed without the secret.

use edx_auth_core::{EnvConfig, EnvConfigError};
use edx_auth_tests::debug_output;

use super::canary::{ID, SECRET, assert_absent};

const CLIENT_ID: &str = "EDX_CLIENT_ID";
const CLIENT_SECRET: &str = "EDX_CLIENT_SECRET";
const SECRET_FILE: &str = "EDX_CLIENT_SECRET_FILE";
const TOKEN_URL: &str = "EDX_TOKEN_URL";

#[test]
fn a_valid_environment_shows_no_secret() {
    let environment = read(&[(CLIENT_ID, ID), (CLIENT_SECRET, SECRET)], "").unwrap();

    assert_absent(&debug_output::of_value(&environment), "EnvConfig");
}

#[test]
fn damaged_credentials_show_no_secret() {
    let [id, secret] = [(CLIENT_ID, ID), (CLIENT_SECRET, SECRET)];
    let file = (SECRET_FILE, "/file");
    let lines = &format!("{SECRET}\n{SECRET}\n");
    for (case, variables, content) in [
        ("a line break", [id, (CLIENT_SECRET, lines)], ""),
        (
            "in the id's place",
            [(CLIENT_ID, lines), (CLIENT_SECRET, ID)],
            "",
        ),
        ("in the path's place", [id, (SECRET_FILE, SECRET)], ""),
        ("without an id", [(CLIENT_ID, ""), secret], ""),
        ("a file of two lines", [id, file], lines),
        ("a file beside it", [file, secret], SECRET),
    ] {
        let error = read(&variables, content).unwrap_err();

        assert_absent(&debug_output::of_error(&error), case);
        assert_absent(&[error.advice().to_owned()], case);
    }
}

#[test]
fn a_secret_in_the_url_is_not_shown() {
    let credentials = [(CLIENT_ID, ID), (CLIENT_SECRET, SECRET)];
    for template in [
        "SECRET",
        "https:SECRET",
        "https://id:SECRET@lms.example",
        "http://id:SECRET@lms.example",
        "https://lms.example/?client_secret=SECRET",
        "https://lms.example/#SECRET",
    ] {
        let url = template.replace("SECRET", SECRET);

        let error = read(&[&credentials[..], &[(TOKEN_URL, &url)]].concat(), "").unwrap_err();

        assert_absent(&debug_output::of_error(&error), template);
    }
}

#[test]
fn a_secret_that_is_not_text_is_not_shown() {
    let broken = [SECRET.as_bytes(), b"\xFF", SECRET.as_bytes()].concat();
    let variable = |name: &str| match name {
        CLIENT_ID => Some(ID.into()),
        CLIENT_SECRET => Some(broken.clone()),
        _ => None,
    };

    let error = EnvConfig::read(variable, |path| std::fs::read(path)).unwrap_err();

    assert_absent(&debug_output::of_error(&error), "not Unicode");
}

/// Reads these variables, with `content` in `/file`.
fn read(variables: &[(&str, &str)], content: &str) -> Result<EnvConfig, EnvConfigError> {
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_bytes().to_vec())
    };
    EnvConfig::read(variable, |path| match path {
        "/file" => Ok(content.as_bytes().to_vec()),
        other => std::fs::read(other),
    })
}
