//! The GPUs of this machine, by the ids under which NVIDIA's driver and Docker know them.

use std::fs;
use std::path::Path;

/// Where NVIDIA's driver describes each GPU in a directory of its own.
const DRIVER: &str = "/proc/driver/nvidia/gpus";

/// The ids of the GPUs that the driver names; none without a driver.
pub(crate) fn find() -> Vec<String> {
    find_below(Path::new(DRIVER))
}

fn find_below(directory: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let described = entries.filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("information")).ok());
    let mut ids: Vec<String> = described.filter_map(|text| id(&text)).collect();
    // The order of a directory is any; the same GPUs are to be registered the same way each time.
    ids.sort_unstable();
    ids
}

/// The id in a GPU's description. While the driver has yet to look at a GPU it writes question marks.
fn id(description: &str) -> Option<String> {
    let lines = description.lines().filter_map(|line| line.split_once(':'));
    let id = lines.map(|(name, value)| (name.trim(), value.trim())).find(|(name, _)| *name == "GPU UUID")?.1;
    (id.starts_with("GPU-") && !id.contains('?')).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(id: &str) -> String {
        format!("Model: \t\t Tesla T4\nIRQ:   \t\t 10\nGPU UUID: \t {id}\nBus Location: \t 0000:00:1e.0\n")
    }

    #[test]
    fn gpus_are_those_of_the_driver() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(find_below(&directory.path().join("none")), Vec::<String>::new());
        for (bus, text) in [
            ("0000:00:1f.0", description("GPU-b")),
            ("0000:00:1e.0", description("GPU-a")),
            ("0000:00:1d.0", description("GPU-????????-????-????-????-????????????")),
            ("0000:00:1c.0", "Model: Tesla T4\n".to_owned()),
        ] {
            fs::create_dir(directory.path().join(bus)).unwrap();
            fs::write(directory.path().join(bus).join("information"), text).unwrap();
        }
        fs::create_dir(directory.path().join("empty")).unwrap();
        assert_eq!(find_below(directory.path()), ["GPU-a", "GPU-b"]);
    }
}
