//! The documents' curl commands, at the mock of edX.

use std::process::Command;

use edx_auth_testkit::MockEdx;

use super::commands;

#[test]
fn the_curl_commands_of_the_documents_do_what_is_said_there() {
    let edx = MockEdx::builder().gateway().start().unwrap();
    edx.list("/catalog/v1/catalogs", ["7"]);
    let mut outputs = Vec::new();
    let mut token = String::new();
    for command in commands::for_curl() {
        let output = run(&edx, &command, &token);
        if let Ok(response) = serde_json::from_str::<serde_json::Value>(&output) {
            let issued = response["access_token"].as_str().unwrap_or_default();
            token = [issued, &token].concat();
        }
        outputs.push((command, output));
    }

    let of = |start: &str| {
        let mut outputs = outputs
            .iter()
            .filter(|(command, _)| command.starts_with(start));
        let (_, output) = outputs.next().unwrap_or_else(|| panic!("{start}"));
        output.as_str()
    };
    assert!(
        of("curl -X POST").contains("\"access_token\""),
        "{outputs:?}"
    );
    assert!(
        of("curl -H \"Authorization: JWT $TOKEN\"").contains("results"),
        "{outputs:?}"
    );
    let status = of("curl -sS -o /dev/null").trim();
    assert!(status.starts_with('4') && status != "407", "{outputs:?}");
    assert_eq!(outputs.len(), 3, "{outputs:?}");
}

/// Runs a command as it is, but at the mock instead of edX, and without a proxy.
fn run(edx: &MockEdx, command: &str, token: &str) -> String {
    let command = command.replace("https://api.edx.org", edx.url());
    let output = Command::new("sh")
        .args(["-c", &command])
        .envs([
            ("ID", edx.client_id()),
            ("SECRET", edx.client_secret()),
            ("TOKEN", token),
        ])
        .env("NO_PROXY", "*")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}
