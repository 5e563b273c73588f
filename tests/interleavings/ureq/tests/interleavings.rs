//! The blocking driver in every order that there is time for.

use blocking::TokenSource;

fn main() {
    scenarios::explore(scenarios::common::<TokenSource>());
}
