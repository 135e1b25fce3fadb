//! Where the log goes: standard error, as JSON for programs or as text for people.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// What is logged if nothing is said: decisions, and a line for each call.
pub(crate) const EVERYTHING: &str = "info";

/// The same for those who sit in front of it: of calls only those that were refused because of who called.
pub(crate) const FOR_PEOPLE: &str = "info,berth::audit=warn";

/// Starts logging. `BERTH_LOG` says what, in the syntax of tracing's environment filter.
pub(crate) fn init(format: LogFormat, default: &str) {
    let filter = EnvFilter::try_from_env("BERTH_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Json => builder.json().flatten_event(true).init(),
        LogFormat::Text => builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
    }
}
