//! What the workflows of the repository must not do: run an action that can change afterwards.

use std::fs;
use std::path::Path;

#[test]
fn every_action_is_pinned_by_its_hash() {
    let uses: Vec<_> = workflows()
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "))
        .map(str::to_owned)
        .collect();

    assert!(uses.len() >= 4, "{uses:?}");
    for action in uses {
        let (_, version) = action.split_once('@').unwrap();
        let (hash, tag) = version.split_once(" # v").unwrap();
        assert!(
            hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{action}"
        );
        assert!(tag.split('.').count() == 3, "{action}");
    }
}

#[test]
fn no_workflow_has_a_right_that_its_job_does_not_name() {
    for text in workflows() {
        assert!(text.contains("\npermissions: {}\n"), "{text}");
    }
}

/// Returns the text of each workflow.
fn workflows() -> Vec<String> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut folders = above.map(|folder| folder.join(".github/workflows"));
    let files = fs::read_dir(folders.find(|folder| folder.is_dir()).unwrap()).unwrap();
    files
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}
