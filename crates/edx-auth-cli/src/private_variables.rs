//! The variables that no other program gets from this command.

use std::env;
use std::process::Command;

/// Removes every variable that may contain or name a secret from the environment of a program to be started.
pub(crate) fn remove_from(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if is_private(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
}

/// Reports whether a variable may contain or name a secret: all of Open edX may, so that no later name is
/// forgotten.
fn is_private(name: &str) -> bool {
    name.contains("EDX_") && !PUBLIC.contains(&name)
}

/// These have no secret.
const PUBLIC: [&str; 2] = ["EDX_API_URL", "EDX_TOKEN_URL"];

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn every_variable_with_a_secret_is_private() {
        for name in [
            "EDX_ACCESS_TOKEN",
            "EDX_ACCESS_TOKEN_FILE",
            "EDX_CLIENT_SECRET",
            "BACKEND_SERVICE_EDX_OAUTH2_SECRET",
            "SOCIAL_AUTH_EDX_OAUTH2_SECRET",
        ] {
            assert!(is_private(name), "{name}");
        }
        for name in ["PATH", "HOME", "EDX_TOKEN_URL"] {
            assert!(!is_private(name), "{name}");
        }
    }
}
