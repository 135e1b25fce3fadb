//! Why an agent ends.

use std::io;

/// Why an agent ended although nobody asked it to.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "told from others by its module, as everywhere in Berth")]
pub enum Error {
    /// The server will not have this agent: it must not be started again as it is.
    #[error("the server refused to register this host: {0}")]
    Refused(String),
    /// The data directory belongs to a host of another cluster, or another host.
    #[error("{0}")]
    Misconfigured(String),
    /// The data directory cannot be used.
    #[error("the data directory cannot be used")]
    Data(#[source] io::Error),
    /// Containers could not be removed.
    #[error("the runtime cannot be used")]
    Runtime(#[source] crate::runtime::Error),
}

impl Error {
    /// True if starting the agent again cannot help.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Misconfigured(_))
    }

    /// The exit code for a program that ends with this: 5 if it must not be started again, else 1, as the ECS agent's.
    pub fn exit_code(&self) -> u8 {
        if self.is_permanent() { 5 } else { 1 }
    }
}

/// An error with its causes, for the log.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
