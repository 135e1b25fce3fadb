//! Amazon Resource Names: building the ones Berth hands out, and reading the ones clients send.
//!
//! Most members of the ECS API take a short name or a whole ARN; the `*Ref` parsers accept both. The partition, the region
//! and the account inside an ARN must be those of the installation: an id of another account is never taken for ours.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{ClusterName, DefinitionId, Family, HostId, InvalidId, ProviderName, TaskId};

/// The partition of every ARN.
const PARTITION: &str = "aws";

/// What every ARN of one installation has in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArnScope {
    /// For example `us-east-1`.
    pub region: String,
    /// Twelve digits.
    pub account: String,
}

impl Default for ArnScope {
    fn default() -> Self {
        Self { region: "us-east-1".to_owned(), account: "123456789012".to_owned() }
    }
}

/// A uuid as text.
pub fn uuid(id: u128) -> String {
    let hex = format!("{id:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

impl ArnScope {
    /// The account itself: whoever is not known as a user of it.
    pub fn root(&self) -> String {
        format!("arn:{PARTITION}:iam::{}:root", self.account)
    }

    fn arn(&self, rest: std::fmt::Arguments<'_>) -> String {
        format!("arn:{PARTITION}:ecs:{}:{}:{rest}", self.region, self.account)
    }

    /// `cluster/NAME`
    pub fn cluster(&self, cluster: &ClusterName) -> String {
        self.arn(format_args!("cluster/{cluster}"))
    }

    /// `task/CLUSTER/ID`
    pub fn task(&self, cluster: &ClusterName, task: TaskId) -> String {
        self.arn(format_args!("task/{cluster}/{task}"))
    }

    /// `container-instance/CLUSTER/ID`
    pub fn container_instance(&self, cluster: &ClusterName, host: HostId) -> String {
        self.arn(format_args!("container-instance/{cluster}/{host}"))
    }

    /// `task-definition/FAMILY:REVISION`
    pub fn task_definition(&self, definition: &DefinitionId) -> String {
        self.arn(format_args!("task-definition/{definition}"))
    }

    /// `container/CLUSTER/TASK/UUID`
    pub fn container(&self, cluster: &ClusterName, task: TaskId, container: u128) -> String {
        self.arn(format_args!("container/{cluster}/{task}/{}", uuid(container)))
    }

    /// `log-group:NAME`, of CloudWatch Logs
    pub fn log_group(&self, name: &str) -> String {
        format!("arn:aws:logs:{}:{}:log-group:{name}", self.region, self.account)
    }

    /// `capacity-provider/NAME`
    pub fn capacity_provider(&self, provider: &ProviderName) -> String {
        self.arn(format_args!("capacity-provider/{provider}"))
    }

    /// The part of `text` behind `kind/` if it is an ARN of that kind and of this installation; `text` itself if it is
    /// no ARN at all.
    fn rest<'a>(&self, text: &'a str, kind: &str, expected: &'static str) -> Result<Part<'a>, InvalidId> {
        let Some(arn) = text.strip_prefix("arn:") else {
            return Ok(Part::Short(text));
        };
        let wrong = || InvalidId::new(text, expected);
        let mut fields = arn.splitn(5, ':');
        let mut field = || fields.next().ok_or_else(wrong);
        let (partition, service, region, account, rest) = (field()?, field()?, field()?, field()?, field()?);
        if partition != PARTITION || service != "ecs" || region != self.region || account != self.account {
            return Err(wrong());
        }
        rest.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')).map(Part::Arn).ok_or_else(wrong)
    }

    /// Reads a cluster's name or ARN.
    ///
    /// # Errors
    /// If it is neither, or an ARN of another kind, region or account.
    pub fn parse_cluster(&self, text: &str) -> Result<ClusterName, InvalidId> {
        self.rest(text, "cluster", "a cluster name or ARN of this region and account")?.text().parse()
    }

    /// Reads a capacity provider's name or ARN.
    ///
    /// # Errors
    /// If it is neither, or an ARN of another kind, region or account.
    pub fn parse_capacity_provider(&self, text: &str) -> Result<ProviderName, InvalidId> {
        let expected = "a capacity provider name or ARN of this region and account";
        self.rest(text, "capacity-provider", expected)?.text().parse()
    }

    /// Reads a task's id or ARN (with or without its cluster).
    ///
    /// # Errors
    /// If it is neither, or an ARN of another kind, region or account.
    pub fn parse_task(&self, text: &str) -> Result<Scoped<TaskId>, InvalidId> {
        self.scoped(text, "task", "a task id or ARN of this region and account")
    }

    /// Reads a container instance's id or ARN (with or without its cluster).
    ///
    /// # Errors
    /// If it is neither, or an ARN of another kind, region or account.
    pub fn parse_container_instance(&self, text: &str) -> Result<Scoped<HostId>, InvalidId> {
        self.scoped(text, "container-instance", "a container instance id or ARN of this region and account")
    }

    /// Reads `family`, `family:revision` or a task definition's ARN (with or without its revision).
    ///
    /// # Errors
    /// If it is neither, or an ARN of another kind, region or account.
    pub fn parse_task_definition(&self, text: &str) -> Result<DefinitionRef, InvalidId> {
        const EXPECTED: &str = "a task definition (family, family:revision or ARN of this region and account)";
        let part = self.rest(text, "task-definition", EXPECTED)?;
        let wrong = || InvalidId::new(text, EXPECTED);
        let Some((family, revision)) = part.text().rsplit_once(':') else {
            return part.text().parse().map(DefinitionRef::Latest).or(Err(wrong()));
        };
        let family = family.parse().or(Err(wrong()))?;
        let revision = revision.parse().or(Err(wrong()))?;
        Ok(DefinitionRef::Exact(DefinitionId { family, revision }))
    }

    /// Reads the ARN of something that can have tags.
    ///
    /// # Errors
    /// If it is no such ARN, or one of another region or account.
    pub fn parse_resource(&self, text: &str) -> Result<Resource, InvalidId> {
        const EXPECTED: &str = "the ARN of a resource of this region and account";
        let wrong = || InvalidId::new(text, EXPECTED);
        let rest = text.strip_prefix("arn:").and_then(|arn| arn.splitn(5, ':').nth(4)).ok_or_else(wrong)?;
        match rest.split_once('/').ok_or_else(wrong)?.0 {
            "cluster" => self.parse_cluster(text).map(Resource::Cluster),
            "task-definition" => match self.parse_task_definition(text)? {
                DefinitionRef::Exact(definition) => Ok(Resource::TaskDefinition(definition)),
                DefinitionRef::Latest(_) => Err(wrong()),
            },
            "task" => self.parse_task(text).map(Resource::Task),
            "container-instance" => self.parse_container_instance(text).map(Resource::ContainerInstance),
            "capacity-provider" => self.parse_capacity_provider(text).map(Resource::CapacityProvider),
            kind @ ("service" | "task-set" | "service-deployment" | "service-revision" | "daemon" | "gateway") => {
                self.rest(text, kind, EXPECTED).map(|_| Resource::NotOffered)
            }
            _ => Err(wrong()),
        }
    }

    fn scoped<T: FromStr>(&self, text: &str, kind: &str, expected: &'static str) -> Result<Scoped<T>, InvalidId> {
        let wrong = || InvalidId::new(text, expected);
        let part = self.rest(text, kind, expected)?;
        let (cluster, id) = match (&part, part.text().split_once('/')) {
            (Part::Arn(_), Some((cluster, id))) => (Some(cluster.parse().or(Err(wrong()))?), id),
            (_, None) => (None, part.text()),
            (Part::Short(_), Some(_)) => return Err(wrong()),
        };
        Ok(Scoped { cluster, id: id.parse().or(Err(wrong()))? })
    }
}

enum Part<'a> {
    Short(&'a str),
    Arn(&'a str),
}

impl<'a> Part<'a> {
    fn text(&self) -> &'a str {
        match self {
            Self::Short(text) | Self::Arn(text) => text,
        }
    }
}

/// An id, and the cluster its ARN named, if it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoped<T> {
    /// The cluster named in the ARN; `None` for a bare id or an old-style ARN.
    pub cluster: Option<ClusterName>,
    /// The id.
    pub id: T,
}

/// Something that can have tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A cluster.
    Cluster(ClusterName),
    /// A revision of a task definition.
    TaskDefinition(DefinitionId),
    /// A task.
    Task(Scoped<TaskId>),
    /// A host.
    ContainerInstance(Scoped<HostId>),
    /// A capacity provider.
    CapacityProvider(ProviderName),
    /// Something of ECS that Berth does not offer, so there is none.
    NotOffered,
}

/// How a client named a task definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefinitionRef {
    /// The newest ACTIVE revision of this family.
    Latest(Family),
    /// Exactly this revision.
    Exact(DefinitionId),
}

impl std::fmt::Display for DefinitionRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Latest(family) => write!(f, "{family}"),
            Self::Exact(definition) => write!(f, "{definition}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_it_builds_it_reads() {
        let scope = ArnScope::default();
        let cluster: ClusterName = "demo".parse().unwrap();
        let task = TaskId(7);
        let arn = scope.task(&cluster, task);
        assert_eq!(arn, "arn:aws:ecs:us-east-1:123456789012:task/demo/00000000000000000000000000000007");
        assert_eq!(scope.parse_task(&arn), Ok(Scoped { cluster: Some(cluster.clone()), id: task }));
        assert_eq!(scope.parse_cluster(&scope.cluster(&cluster)), Ok(cluster.clone()));
        let host = HostId(9);
        assert_eq!(
            scope.parse_container_instance(&scope.container_instance(&cluster, host)),
            Ok(Scoped { cluster: Some(cluster), id: host })
        );
        let definition = DefinitionId { family: "web".parse().unwrap(), revision: 3 };
        assert_eq!(
            scope.parse_task_definition(&scope.task_definition(&definition)),
            Ok(DefinitionRef::Exact(definition))
        );
    }

    #[test]
    fn short_forms_are_read_too() {
        let scope = ArnScope::default();
        for latest in ["web", "arn:aws:ecs:us-east-1:123456789012:task-definition/web"] {
            assert_eq!(scope.parse_task_definition(latest), Ok(DefinitionRef::Latest("web".parse().unwrap())));
        }
        let old = "arn:aws:ecs:us-east-1:123456789012:task/00000000-0000-0000-0000-000000000007";
        assert_eq!(scope.parse_task(old), Ok(Scoped { cluster: None, id: TaskId(7) }));
    }

    #[test]
    fn what_can_have_tags_is_told_by_its_arn() {
        let scope = ArnScope::default();
        let arn = |rest: &str| format!("arn:aws:ecs:us-east-1:123456789012:{rest}");
        let definition = DefinitionId { family: "web".parse().unwrap(), revision: 3 };
        let task = Scoped { cluster: Some("c".parse().unwrap()), id: TaskId(7) };
        for (rest, resource) in [
            ("cluster/c", Resource::Cluster("c".parse().unwrap())),
            ("task-definition/web:3", Resource::TaskDefinition(definition)),
            ("task/c/00000000000000000000000000000007", Resource::Task(task)),
            ("capacity-provider/p", Resource::CapacityProvider("p".parse().unwrap())),
            ("service/c/web", Resource::NotOffered),
        ] {
            assert_eq!(scope.parse_resource(&arn(rest)), Ok(resource), "{rest}");
        }
        for bad in ["cluster", "cluster/", "task-definition/web", "queue/x", "task/c/x", ""] {
            assert!(scope.parse_resource(&arn(bad)).is_err(), "{bad}");
        }
        for bad in [
            "",
            "web:3",
            "arn:",
            "arn:::::",
            "arn:aws:ecs:us-east-1:999999999999:service/c/web",
            "arn:aws-cn:ecs:us-east-1:123456789012:cluster/c",
            "arn:aws-us-gov:ecs:us-east-1:123456789012:service/c/web",
        ] {
            assert!(scope.parse_resource(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn strangers_are_refused() {
        let scope = ArnScope::default();
        for bad in [
            "arn:aws:ecs:eu-west-1:123456789012:task/demo/00000000000000000000000000000007",
            "arn:aws:ecs:us-east-1:999999999999:task/demo/00000000000000000000000000000007",
            "arn:aws:ecs:us-east-1:123456789012:cluster/demo",
            "arn:aws:s3:us-east-1:123456789012:task/demo/00000000000000000000000000000007",
            "arn:aws-cn:ecs:us-east-1:123456789012:task/demo/00000000000000000000000000000007",
            "arn::ecs:us-east-1:123456789012:task/demo/00000000000000000000000000000007",
            "demo/00000000000000000000000000000007",
            "arn:",
            "",
        ] {
            assert!(scope.parse_task(bad).is_err(), "{bad}");
        }
        for bad in ["web:", "web:x", "web:-1", ":1", "a b", "arn:aws:ecs:us-east-1:999999999999:task-definition/web"] {
            assert!(scope.parse_task_definition(bad).is_err(), "{bad}");
        }
    }

    /// Texts that look like ARNs and names, and some that do not.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-zA-Z0-9_-]{0,12}",
            "[0-9a-f]{32}",
            ".{0,8}",
            prop::sample::select(vec!["ecs", "us-east-1", "123456789012", "task", "cluster", "web:3", "a/b", "/", ":"])
                .prop_map(str::to_owned),
        ];
        let arn = prop::collection::vec(piece.clone(), 0..7).prop_map(|pieces| format!("arn:aws:{}", pieces.join(":")));
        let ours = prop::collection::vec(piece.clone(), 0..4)
            .prop_map(|pieces| format!("arn:aws:ecs:us-east-1:123456789012:{}", pieces.join("/")));
        prop_oneof![piece, arn, ours, ".{0,300}"]
    }

    proptest! {
        /// Whatever is read is what the text says: built again it is the same thing, and a stranger's is never ours.
        #[test]
        fn no_text_is_read_as_something_else(text in text()) {
            let scope = ArnScope::default();
            let other = ArnScope { account: "999999999999".to_owned(), ..scope.clone() };
            let is_arn = text.starts_with("arn:");
            if let Ok(cluster) = scope.parse_cluster(&text) {
                prop_assert_eq!(scope.parse_cluster(&scope.cluster(&cluster)), Ok(cluster));
                prop_assert_eq!(other.parse_cluster(&text).is_ok(), !is_arn);
            }
            if let Ok(provider) = scope.parse_capacity_provider(&text) {
                prop_assert_eq!(scope.parse_capacity_provider(&scope.capacity_provider(&provider)), Ok(provider));
                prop_assert_eq!(other.parse_capacity_provider(&text).is_ok(), !is_arn);
            }
            if let Ok(Scoped { cluster, id }) = scope.parse_task(&text) {
                let named = cluster.clone().unwrap_or_else(|| "default".parse().unwrap());
                let again = scope.parse_task(&scope.task(&named, id));
                prop_assert_eq!(again, Ok(Scoped { cluster: Some(named), id }));
                prop_assert_eq!(other.parse_task(&text).is_ok(), !is_arn);
                prop_assert!(is_arn || cluster.is_none());
            }
            if let Ok(Scoped { cluster, id }) = scope.parse_container_instance(&text) {
                let named = cluster.unwrap_or_else(|| "default".parse().unwrap());
                let again = scope.parse_container_instance(&scope.container_instance(&named, id));
                prop_assert_eq!(again, Ok(Scoped { cluster: Some(named), id }));
            }
            if let Ok(definition) = scope.parse_task_definition(&text) {
                prop_assert_eq!(scope.parse_task_definition(&definition.to_string()), Ok(definition));
                prop_assert_eq!(other.parse_task_definition(&text).is_ok(), !is_arn);
            }
        }

        /// What is built is read as what it was built from, by its own parser and by no other.
        #[test]
        fn what_is_built_is_read_by_its_own_parser_alone(
            name in "[a-zA-Z0-9_-]{1,255}",
            id: u128,
            revision: u32,
        ) {
            let scope = ArnScope::default();
            let cluster: ClusterName = name.parse().unwrap();
            let definition = DefinitionId { family: name.parse().unwrap(), revision };
            let provider: ProviderName = name.parse().unwrap();
            let task = scope.task(&cluster, TaskId(id));
            let host = scope.container_instance(&cluster, HostId(id));
            prop_assert_eq!(scope.parse_cluster(&scope.cluster(&cluster)), Ok(cluster.clone()));
            let read = Scoped { cluster: Some(cluster.clone()), id: TaskId(id) };
            prop_assert_eq!(scope.parse_task(&task), Ok(read));
            let read = Scoped { cluster: Some(cluster.clone()), id: HostId(id) };
            prop_assert_eq!(scope.parse_container_instance(&host), Ok(read));
            let read = Ok(DefinitionRef::Exact(definition.clone()));
            prop_assert_eq!(scope.parse_task_definition(&scope.task_definition(&definition)), read);
            prop_assert!(scope.parse_task(&host).is_err() && scope.parse_container_instance(&task).is_err());
            prop_assert!(scope.parse_cluster(&task).is_err());
            prop_assert!(scope.parse_capacity_provider(&scope.cluster(&cluster)).is_err());
            prop_assert!(scope.parse_cluster(&scope.capacity_provider(&provider)).is_err());
            prop_assert!(scope.parse_task_definition(&scope.cluster(&cluster)).is_err());
        }
    }
}
