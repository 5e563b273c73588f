//! The async driver in every order that there is time for.

use concurrent::TokenSource;

fn main() {
    scenarios::explore(scenarios::common::<TokenSource>());
}
