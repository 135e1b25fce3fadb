//! The operations, one file each: read the request, hand it to the engine or ask the store, write the answer.
//!
//! Operations that change something go through the engine and answer after its commit. Describe and List go to the
//! store and see what is committed. To add one: its file here, its arm in [`crate::ecs`], its table in
//! [`crate::member`].

mod account_setting;
mod attribute;
mod cluster_options;
mod create_capacity_provider;
mod create_cluster;
mod delete_account_setting;
mod delete_attributes;
mod delete_capacity_provider;
mod delete_cluster;
mod delete_task_definitions;
mod deregister_container_instance;
mod deregister_task_definition;
mod describe_capacity_providers;
mod describe_clusters;
mod describe_container_instances;
mod describe_task_definition;
mod describe_tasks;
mod discover_poll_endpoint;
mod get_task_protection;
mod limit;
mod list_account_settings;
mod list_attributes;
mod list_clusters;
mod list_container_instances;
mod list_tags_for_resource;
mod list_task_definition_families;
mod list_task_definitions;
mod list_tasks;
pub(crate) mod logs;
mod named_host;
mod named_task;
mod put_account_setting;
mod put_account_setting_default;
mod put_attributes;
mod put_cluster_capacity_providers;
mod register_container_instance;
mod register_task_definition;
mod run_task;
mod start_task;
mod stop_task;
mod submit_attachment_state_changes;
mod submit_container_state_change;
mod submit_task_state_change;
mod tag_resource;
mod untag_resource;
mod update_capacity_provider;
mod update_cluster;
mod update_cluster_settings;
mod update_container_instances_state;
mod update_task_protection;

use axum::http::uri::Authority;
use berth_model::check::Validate;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use register_container_instance::Registration;

use crate::auth::Caller;
use crate::ecs::error::Fault;
use crate::edge::Edge;

/// What a request says beside its body.
#[derive(Debug)]
pub(crate) struct Call {
    /// Where the client thinks it is.
    pub(crate) authority: Option<Authority>,
    /// Whether it came over TLS, so that agents are sent there too.
    pub(crate) is_tls: bool,
    /// Who calls. What the role allows was looked at before.
    pub(crate) caller: Caller,
}

/// The request of an operation, and how it is answered.
pub(crate) trait Operate: DeserializeOwned + Serialize + Validate + Send + 'static {
    /// The answer.
    type Answer: Serialize + Send;

    /// The operation's name, as in [`crate::member::TABLES`].
    const NAME: &'static str;

    /// Answers a request that is decoded and checked.
    fn operate(self, edge: &Edge, call: &Call) -> impl Future<Output = Result<Self::Answer, Fault>> + Send;

    /// What is answered to a request that sets members which Berth cannot honour; `text` names them.
    fn cannot_honour(text: String) -> Fault {
        Fault::invalid(text)
    }
}
