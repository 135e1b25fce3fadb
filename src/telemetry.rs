//! Where the log goes: standard error, as JSON for programs or as text for people.

use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::config::LogFormat;

/// What is logged if nothing is said: decisions, and a line for each call.
pub(crate) const EVERYTHING: &str = "info";

/// The same for those who sit in front of it: of calls only those that were refused because of who called.
pub(crate) const FOR_PEOPLE: &str = "info,berth::audit=warn";

/// Starts logging. `BERTH_LOG` says what, in the syntax of tracing's environment filter.
pub(crate) fn init(format: LogFormat, default: &str) {
    let filter = EnvFilter::try_from_env("BERTH_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines.with_target(false).with_ansi(std::io::stderr().is_terminal()).boxed(),
    };
    registry().with(filter).with(lines.with_filter(filter_fn(is_discreet))).init();
}

/// True for what may be logged whatever `BERTH_LOG` asks for. Other people's crates print what goes over the wire, with
/// the secrets in it, at their lower levels.
fn is_discreet(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("berth") || *metadata.level() <= Level::INFO
}
