//! The operations of CloudWatch Logs that carry what containers write, one file each.

mod create_log_group;
mod create_log_stream;
mod get_log_events;
mod put_log_events;

use berth_engine::store::log::LogError;
use berth_model::logs::ErrorShape;

use crate::ecs::error::Fault;

/// What the log store's refusal is on the wire.
fn refused(error: LogError) -> Fault {
    match error {
        LogError::AlreadyExists(_) => Fault::logs(ErrorShape::ResourceAlreadyExistsException, error.to_string()),
        LogError::NotFound(_) => Fault::logs(ErrorShape::ResourceNotFoundException, error.to_string()),
        LogError::Invalid(text) => Fault::logs(ErrorShape::InvalidParameterException, text),
        LogError::Io(error) => {
            tracing::error!(%error, "log store failed");
            Fault::logs(ErrorShape::ServiceUnavailableException, "The log store cannot be used at present.")
        }
    }
}
