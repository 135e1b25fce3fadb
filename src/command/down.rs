//! `berth down`: ends what a killed `berth up` left behind.

use anyhow::{Result, bail};
use berth_engine::data_dir::DataDir;

use crate::cli::Down;
use crate::config::{self, LogFormat};
use crate::{local, telemetry};

/// Ends every host of the data directory's installation, and whatever runs on it. Works without a server; waiting tasks
/// stay for the next start, and running ones are found ended by it.
///
/// # Errors
/// If the directory is in use by a server, or something could not be ended.
pub(crate) async fn run(options: Down) -> Result<()> {
    telemetry::init(LogFormat::Text, telemetry::FOR_PEOPLE);
    let data_dir = options.data.map_or_else(config::default_data_dir, Ok)?;
    if !data_dir.join("installation").exists() {
        bail!("{} is no data directory of berth", data_dir.display());
    }
    let data = DataDir::open(&data_dir)?;
    local::down(data.path(), data.installation()).await
}
