//! Facts that rot and no lint knows: which crate may use which, what the documents name, where I/O may happen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Each crate, and the crates of this workspace it may use. One way only: what is not here is refused.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("berth-model", &[]),
    ("berth-scheduler", &["berth-model"]),
    ("berth-provisioner", &["berth-model", "berth-scheduler"]),
    ("berth-engine", &["berth-model", "berth-scheduler", "berth-provisioner"]),
    ("berth-api", &["berth-model", "berth-scheduler", "berth-engine"]),
    ("berth-agent", &["berth-model"]),
    ("berth", &["berth-model", "berth-scheduler", "berth-provisioner", "berth-engine", "berth-api", "berth-agent"]),
];

#[test]
fn crates_depend_in_one_direction() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let mut used: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let uses = used.entry(package["name"].as_str().expect("name")).or_default();
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let name = dependency["name"].as_str().expect("name");
            // The simulation and the tests may use what the crate itself may not.
            if name.starts_with("berth") && dependency["kind"].is_null() {
                uses.insert(name);
            }
        }
    }
    let known: BTreeSet<&str> = DIRECTIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(used.keys().copied().collect::<BTreeSet<_>>(), known, "a crate came or went: say what it may use");
    for (name, allowed) in DIRECTIONS {
        for dependency in &used[name] {
            assert!(allowed.contains(dependency), "{name} may not use {dependency}");
        }
    }
}

#[test]
fn documents_name_paths_that_exist() {
    let mut checked = 0;
    for document in ["README.md", "ARCHITECTURE.md", "docs/adding-an-operation.md"] {
        let text = std::fs::read_to_string(root().join(document)).expect("the document is there");
        for path in text.split('`').skip(1).step_by(2).filter(|code| is_path(code)) {
            assert!(root().join(path).exists(), "{document} names `{path}`, which is not there");
            checked += 1;
        }
    }
    assert!(checked > 20, "only {checked} paths found: has the way documents name paths changed?");
}

/// True for code spans that name something in this tree: a first part that is one of ours, and nothing but path
/// characters.
fn is_path(code: &str) -> bool {
    let first = code.split('/').next().unwrap_or_default();
    let ours =
        ["src", "model", "scheduler", "provisioner", "engine", "api", "agent", "tests", "docs", "scripts", "benches"];
    code.contains('/')
        && ours.contains(&first)
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
}

/// Files that decide, and so may neither ask the world nor tell it anything.
const PURE: &[&str] = &[
    "model/src",
    "scheduler/src",
    "provisioner/src/plan.rs",
    "engine/src/turn.rs",
    "engine/src/session.rs",
    "engine/src/payload.rs",
    "engine/src/filter",
    "agent/src/session",
    "agent/src/reconcile.rs",
];

#[test]
fn what_decides_does_no_input_or_output() {
    let banned = [
        "std::fs",
        "std::net",
        "std::env",
        "std::thread",
        "std::process",
        "Instant::now",
        "SystemTime::now",
        "tokio::",
        "tracing::",
        "HashMap",
        "HashSet",
        "uuid::",
    ];
    let mut files = Vec::new();
    for path in PURE {
        collect(&root().join(path), &mut files);
    }
    assert!(files.len() > 20, "only {} files found", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for word in banned {
                assert!(!line.contains(word), "{}:{}: {word} in a file that only decides", file.display(), number + 1);
            }
        }
    }
}

fn collect(path: &Path, files: &mut Vec<std::path::PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("readable") {
            collect(&entry.expect("readable").path(), files);
        }
        return;
    }
    assert!(path.exists(), "{} is not there", path.display());
    if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
        files.push(path.to_owned());
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
