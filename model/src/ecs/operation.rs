// Written by model/codegen/generate.py from the ecs 2014-11-13 model of botocore 1.44.5.
// Do not edit: change the generator and run it again.

use super::Request;
use super::shape::*;

/// What stands before the dot in the `X-Amz-Target` header.
pub const TARGET_PREFIX: &str = "AmazonEC2ContainerServiceV20141113";

/// The operations of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    AssociateGatewayWithCluster,
    ContinueServiceDeployment,
    CreateCapacityProvider,
    CreateCluster,
    CreateDaemon,
    CreateExpressGatewayService,
    CreateGateway,
    CreateService,
    CreateTaskSet,
    DeleteAccountSetting,
    DeleteAttributes,
    DeleteCapacityProvider,
    DeleteCluster,
    DeleteDaemon,
    DeleteDaemonTaskDefinition,
    DeleteExpressGatewayService,
    DeleteGateway,
    DeleteService,
    DeleteTaskDefinitions,
    DeleteTaskSet,
    DeregisterContainerInstance,
    DeregisterTaskDefinition,
    DescribeCapacityProviders,
    DescribeClusters,
    DescribeContainerInstances,
    DescribeDaemon,
    DescribeDaemonDeployments,
    DescribeDaemonRevisions,
    DescribeDaemonTaskDefinition,
    DescribeExpressGatewayService,
    DescribeGateway,
    DescribeGatewayResources,
    DescribeGatewayRoute,
    DescribeServiceDeployments,
    DescribeServiceRevisions,
    DescribeServices,
    DescribeTaskDefinition,
    DescribeTaskSets,
    DescribeTasks,
    DisassociateGatewayFromCluster,
    DiscoverPollEndpoint,
    ExecuteCommand,
    GetTaskProtection,
    ListAccountSettings,
    ListAttributes,
    ListClusters,
    ListContainerInstances,
    ListDaemonDeployments,
    ListDaemonTaskDefinitions,
    ListDaemons,
    ListGatewayClusterAssociations,
    ListGatewayRoutes,
    ListGateways,
    ListServiceDeployments,
    ListServices,
    ListServicesByNamespace,
    ListTagsForResource,
    ListTaskDefinitionFamilies,
    ListTaskDefinitions,
    ListTasks,
    PutAccountSetting,
    PutAccountSettingDefault,
    PutAttributes,
    PutClusterCapacityProviders,
    RegisterContainerInstance,
    RegisterDaemonTaskDefinition,
    RegisterTaskDefinition,
    RunTask,
    StartTask,
    StopServiceDeployment,
    StopTask,
    SubmitAttachmentStateChanges,
    SubmitContainerStateChange,
    SubmitTaskStateChange,
    TagResource,
    UntagResource,
    UpdateCapacityProvider,
    UpdateCluster,
    UpdateClusterSettings,
    UpdateContainerAgent,
    UpdateContainerInstancesState,
    UpdateDaemon,
    UpdateExpressGatewayService,
    UpdateGateway,
    UpdateService,
    UpdateServicePrimaryTaskSet,
    UpdateTaskProtection,
    UpdateTaskSet,
}

impl Operation {
    /// Every operation, by name.
    pub const ALL: &'static [Self] = &[
        Self::AssociateGatewayWithCluster,
        Self::ContinueServiceDeployment,
        Self::CreateCapacityProvider,
        Self::CreateCluster,
        Self::CreateDaemon,
        Self::CreateExpressGatewayService,
        Self::CreateGateway,
        Self::CreateService,
        Self::CreateTaskSet,
        Self::DeleteAccountSetting,
        Self::DeleteAttributes,
        Self::DeleteCapacityProvider,
        Self::DeleteCluster,
        Self::DeleteDaemon,
        Self::DeleteDaemonTaskDefinition,
        Self::DeleteExpressGatewayService,
        Self::DeleteGateway,
        Self::DeleteService,
        Self::DeleteTaskDefinitions,
        Self::DeleteTaskSet,
        Self::DeregisterContainerInstance,
        Self::DeregisterTaskDefinition,
        Self::DescribeCapacityProviders,
        Self::DescribeClusters,
        Self::DescribeContainerInstances,
        Self::DescribeDaemon,
        Self::DescribeDaemonDeployments,
        Self::DescribeDaemonRevisions,
        Self::DescribeDaemonTaskDefinition,
        Self::DescribeExpressGatewayService,
        Self::DescribeGateway,
        Self::DescribeGatewayResources,
        Self::DescribeGatewayRoute,
        Self::DescribeServiceDeployments,
        Self::DescribeServiceRevisions,
        Self::DescribeServices,
        Self::DescribeTaskDefinition,
        Self::DescribeTaskSets,
        Self::DescribeTasks,
        Self::DisassociateGatewayFromCluster,
        Self::DiscoverPollEndpoint,
        Self::ExecuteCommand,
        Self::GetTaskProtection,
        Self::ListAccountSettings,
        Self::ListAttributes,
        Self::ListClusters,
        Self::ListContainerInstances,
        Self::ListDaemonDeployments,
        Self::ListDaemonTaskDefinitions,
        Self::ListDaemons,
        Self::ListGatewayClusterAssociations,
        Self::ListGatewayRoutes,
        Self::ListGateways,
        Self::ListServiceDeployments,
        Self::ListServices,
        Self::ListServicesByNamespace,
        Self::ListTagsForResource,
        Self::ListTaskDefinitionFamilies,
        Self::ListTaskDefinitions,
        Self::ListTasks,
        Self::PutAccountSetting,
        Self::PutAccountSettingDefault,
        Self::PutAttributes,
        Self::PutClusterCapacityProviders,
        Self::RegisterContainerInstance,
        Self::RegisterDaemonTaskDefinition,
        Self::RegisterTaskDefinition,
        Self::RunTask,
        Self::StartTask,
        Self::StopServiceDeployment,
        Self::StopTask,
        Self::SubmitAttachmentStateChanges,
        Self::SubmitContainerStateChange,
        Self::SubmitTaskStateChange,
        Self::TagResource,
        Self::UntagResource,
        Self::UpdateCapacityProvider,
        Self::UpdateCluster,
        Self::UpdateClusterSettings,
        Self::UpdateContainerAgent,
        Self::UpdateContainerInstancesState,
        Self::UpdateDaemon,
        Self::UpdateExpressGatewayService,
        Self::UpdateGateway,
        Self::UpdateService,
        Self::UpdateServicePrimaryTaskSet,
        Self::UpdateTaskProtection,
        Self::UpdateTaskSet,
    ];

    /// The name as it stands in the `X-Amz-Target` header, after the dot.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AssociateGatewayWithCluster => "AssociateGatewayWithCluster",
            Self::ContinueServiceDeployment => "ContinueServiceDeployment",
            Self::CreateCapacityProvider => "CreateCapacityProvider",
            Self::CreateCluster => "CreateCluster",
            Self::CreateDaemon => "CreateDaemon",
            Self::CreateExpressGatewayService => "CreateExpressGatewayService",
            Self::CreateGateway => "CreateGateway",
            Self::CreateService => "CreateService",
            Self::CreateTaskSet => "CreateTaskSet",
            Self::DeleteAccountSetting => "DeleteAccountSetting",
            Self::DeleteAttributes => "DeleteAttributes",
            Self::DeleteCapacityProvider => "DeleteCapacityProvider",
            Self::DeleteCluster => "DeleteCluster",
            Self::DeleteDaemon => "DeleteDaemon",
            Self::DeleteDaemonTaskDefinition => "DeleteDaemonTaskDefinition",
            Self::DeleteExpressGatewayService => "DeleteExpressGatewayService",
            Self::DeleteGateway => "DeleteGateway",
            Self::DeleteService => "DeleteService",
            Self::DeleteTaskDefinitions => "DeleteTaskDefinitions",
            Self::DeleteTaskSet => "DeleteTaskSet",
            Self::DeregisterContainerInstance => "DeregisterContainerInstance",
            Self::DeregisterTaskDefinition => "DeregisterTaskDefinition",
            Self::DescribeCapacityProviders => "DescribeCapacityProviders",
            Self::DescribeClusters => "DescribeClusters",
            Self::DescribeContainerInstances => "DescribeContainerInstances",
            Self::DescribeDaemon => "DescribeDaemon",
            Self::DescribeDaemonDeployments => "DescribeDaemonDeployments",
            Self::DescribeDaemonRevisions => "DescribeDaemonRevisions",
            Self::DescribeDaemonTaskDefinition => "DescribeDaemonTaskDefinition",
            Self::DescribeExpressGatewayService => "DescribeExpressGatewayService",
            Self::DescribeGateway => "DescribeGateway",
            Self::DescribeGatewayResources => "DescribeGatewayResources",
            Self::DescribeGatewayRoute => "DescribeGatewayRoute",
            Self::DescribeServiceDeployments => "DescribeServiceDeployments",
            Self::DescribeServiceRevisions => "DescribeServiceRevisions",
            Self::DescribeServices => "DescribeServices",
            Self::DescribeTaskDefinition => "DescribeTaskDefinition",
            Self::DescribeTaskSets => "DescribeTaskSets",
            Self::DescribeTasks => "DescribeTasks",
            Self::DisassociateGatewayFromCluster => "DisassociateGatewayFromCluster",
            Self::DiscoverPollEndpoint => "DiscoverPollEndpoint",
            Self::ExecuteCommand => "ExecuteCommand",
            Self::GetTaskProtection => "GetTaskProtection",
            Self::ListAccountSettings => "ListAccountSettings",
            Self::ListAttributes => "ListAttributes",
            Self::ListClusters => "ListClusters",
            Self::ListContainerInstances => "ListContainerInstances",
            Self::ListDaemonDeployments => "ListDaemonDeployments",
            Self::ListDaemonTaskDefinitions => "ListDaemonTaskDefinitions",
            Self::ListDaemons => "ListDaemons",
            Self::ListGatewayClusterAssociations => "ListGatewayClusterAssociations",
            Self::ListGatewayRoutes => "ListGatewayRoutes",
            Self::ListGateways => "ListGateways",
            Self::ListServiceDeployments => "ListServiceDeployments",
            Self::ListServices => "ListServices",
            Self::ListServicesByNamespace => "ListServicesByNamespace",
            Self::ListTagsForResource => "ListTagsForResource",
            Self::ListTaskDefinitionFamilies => "ListTaskDefinitionFamilies",
            Self::ListTaskDefinitions => "ListTaskDefinitions",
            Self::ListTasks => "ListTasks",
            Self::PutAccountSetting => "PutAccountSetting",
            Self::PutAccountSettingDefault => "PutAccountSettingDefault",
            Self::PutAttributes => "PutAttributes",
            Self::PutClusterCapacityProviders => "PutClusterCapacityProviders",
            Self::RegisterContainerInstance => "RegisterContainerInstance",
            Self::RegisterDaemonTaskDefinition => "RegisterDaemonTaskDefinition",
            Self::RegisterTaskDefinition => "RegisterTaskDefinition",
            Self::RunTask => "RunTask",
            Self::StartTask => "StartTask",
            Self::StopServiceDeployment => "StopServiceDeployment",
            Self::StopTask => "StopTask",
            Self::SubmitAttachmentStateChanges => "SubmitAttachmentStateChanges",
            Self::SubmitContainerStateChange => "SubmitContainerStateChange",
            Self::SubmitTaskStateChange => "SubmitTaskStateChange",
            Self::TagResource => "TagResource",
            Self::UntagResource => "UntagResource",
            Self::UpdateCapacityProvider => "UpdateCapacityProvider",
            Self::UpdateCluster => "UpdateCluster",
            Self::UpdateClusterSettings => "UpdateClusterSettings",
            Self::UpdateContainerAgent => "UpdateContainerAgent",
            Self::UpdateContainerInstancesState => "UpdateContainerInstancesState",
            Self::UpdateDaemon => "UpdateDaemon",
            Self::UpdateExpressGatewayService => "UpdateExpressGatewayService",
            Self::UpdateGateway => "UpdateGateway",
            Self::UpdateService => "UpdateService",
            Self::UpdateServicePrimaryTaskSet => "UpdateServicePrimaryTaskSet",
            Self::UpdateTaskProtection => "UpdateTaskProtection",
            Self::UpdateTaskSet => "UpdateTaskSet",
        }
    }

    /// The operation of this name, spelled exactly so.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "AssociateGatewayWithCluster" => Self::AssociateGatewayWithCluster,
            "ContinueServiceDeployment" => Self::ContinueServiceDeployment,
            "CreateCapacityProvider" => Self::CreateCapacityProvider,
            "CreateCluster" => Self::CreateCluster,
            "CreateDaemon" => Self::CreateDaemon,
            "CreateExpressGatewayService" => Self::CreateExpressGatewayService,
            "CreateGateway" => Self::CreateGateway,
            "CreateService" => Self::CreateService,
            "CreateTaskSet" => Self::CreateTaskSet,
            "DeleteAccountSetting" => Self::DeleteAccountSetting,
            "DeleteAttributes" => Self::DeleteAttributes,
            "DeleteCapacityProvider" => Self::DeleteCapacityProvider,
            "DeleteCluster" => Self::DeleteCluster,
            "DeleteDaemon" => Self::DeleteDaemon,
            "DeleteDaemonTaskDefinition" => Self::DeleteDaemonTaskDefinition,
            "DeleteExpressGatewayService" => Self::DeleteExpressGatewayService,
            "DeleteGateway" => Self::DeleteGateway,
            "DeleteService" => Self::DeleteService,
            "DeleteTaskDefinitions" => Self::DeleteTaskDefinitions,
            "DeleteTaskSet" => Self::DeleteTaskSet,
            "DeregisterContainerInstance" => Self::DeregisterContainerInstance,
            "DeregisterTaskDefinition" => Self::DeregisterTaskDefinition,
            "DescribeCapacityProviders" => Self::DescribeCapacityProviders,
            "DescribeClusters" => Self::DescribeClusters,
            "DescribeContainerInstances" => Self::DescribeContainerInstances,
            "DescribeDaemon" => Self::DescribeDaemon,
            "DescribeDaemonDeployments" => Self::DescribeDaemonDeployments,
            "DescribeDaemonRevisions" => Self::DescribeDaemonRevisions,
            "DescribeDaemonTaskDefinition" => Self::DescribeDaemonTaskDefinition,
            "DescribeExpressGatewayService" => Self::DescribeExpressGatewayService,
            "DescribeGateway" => Self::DescribeGateway,
            "DescribeGatewayResources" => Self::DescribeGatewayResources,
            "DescribeGatewayRoute" => Self::DescribeGatewayRoute,
            "DescribeServiceDeployments" => Self::DescribeServiceDeployments,
            "DescribeServiceRevisions" => Self::DescribeServiceRevisions,
            "DescribeServices" => Self::DescribeServices,
            "DescribeTaskDefinition" => Self::DescribeTaskDefinition,
            "DescribeTaskSets" => Self::DescribeTaskSets,
            "DescribeTasks" => Self::DescribeTasks,
            "DisassociateGatewayFromCluster" => Self::DisassociateGatewayFromCluster,
            "DiscoverPollEndpoint" => Self::DiscoverPollEndpoint,
            "ExecuteCommand" => Self::ExecuteCommand,
            "GetTaskProtection" => Self::GetTaskProtection,
            "ListAccountSettings" => Self::ListAccountSettings,
            "ListAttributes" => Self::ListAttributes,
            "ListClusters" => Self::ListClusters,
            "ListContainerInstances" => Self::ListContainerInstances,
            "ListDaemonDeployments" => Self::ListDaemonDeployments,
            "ListDaemonTaskDefinitions" => Self::ListDaemonTaskDefinitions,
            "ListDaemons" => Self::ListDaemons,
            "ListGatewayClusterAssociations" => Self::ListGatewayClusterAssociations,
            "ListGatewayRoutes" => Self::ListGatewayRoutes,
            "ListGateways" => Self::ListGateways,
            "ListServiceDeployments" => Self::ListServiceDeployments,
            "ListServices" => Self::ListServices,
            "ListServicesByNamespace" => Self::ListServicesByNamespace,
            "ListTagsForResource" => Self::ListTagsForResource,
            "ListTaskDefinitionFamilies" => Self::ListTaskDefinitionFamilies,
            "ListTaskDefinitions" => Self::ListTaskDefinitions,
            "ListTasks" => Self::ListTasks,
            "PutAccountSetting" => Self::PutAccountSetting,
            "PutAccountSettingDefault" => Self::PutAccountSettingDefault,
            "PutAttributes" => Self::PutAttributes,
            "PutClusterCapacityProviders" => Self::PutClusterCapacityProviders,
            "RegisterContainerInstance" => Self::RegisterContainerInstance,
            "RegisterDaemonTaskDefinition" => Self::RegisterDaemonTaskDefinition,
            "RegisterTaskDefinition" => Self::RegisterTaskDefinition,
            "RunTask" => Self::RunTask,
            "StartTask" => Self::StartTask,
            "StopServiceDeployment" => Self::StopServiceDeployment,
            "StopTask" => Self::StopTask,
            "SubmitAttachmentStateChanges" => Self::SubmitAttachmentStateChanges,
            "SubmitContainerStateChange" => Self::SubmitContainerStateChange,
            "SubmitTaskStateChange" => Self::SubmitTaskStateChange,
            "TagResource" => Self::TagResource,
            "UntagResource" => Self::UntagResource,
            "UpdateCapacityProvider" => Self::UpdateCapacityProvider,
            "UpdateCluster" => Self::UpdateCluster,
            "UpdateClusterSettings" => Self::UpdateClusterSettings,
            "UpdateContainerAgent" => Self::UpdateContainerAgent,
            "UpdateContainerInstancesState" => Self::UpdateContainerInstancesState,
            "UpdateDaemon" => Self::UpdateDaemon,
            "UpdateExpressGatewayService" => Self::UpdateExpressGatewayService,
            "UpdateGateway" => Self::UpdateGateway,
            "UpdateService" => Self::UpdateService,
            "UpdateServicePrimaryTaskSet" => Self::UpdateServicePrimaryTaskSet,
            "UpdateTaskProtection" => Self::UpdateTaskProtection,
            "UpdateTaskSet" => Self::UpdateTaskSet,
            _ => return None,
        })
    }

    /// The errors that the service model lists for the operation.
    pub const fn errors(self) -> &'static [ErrorShape] {
        match self {
            Self::AssociateGatewayWithCluster => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ContinueServiceDeployment => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceDeploymentNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateCapacityProvider => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::LimitExceededException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateCluster => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::CreateDaemon => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateExpressGatewayService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateGateway => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateTaskSet => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::LimitExceededException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteAccountSetting => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::DeleteAttributes => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::TargetNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::DeleteCapacityProvider => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteCluster => &[
                ErrorShape::ClusterContainsContainerInstancesException,
                ErrorShape::AccessDeniedException,
                ErrorShape::ClusterContainsServicesException,
                ErrorShape::ClusterContainsCapacityProviderException,
                ErrorShape::ClusterContainsTasksException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::DeleteDaemon => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::DaemonNotFoundException,
                ErrorShape::DaemonNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteDaemonTaskDefinition => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::DeleteExpressGatewayService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteGateway => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::DeleteTaskDefinitions => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::DeleteTaskSet => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::LimitExceededException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::TaskSetNotFoundException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeregisterContainerInstance => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::DeregisterTaskDefinition => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::DescribeCapacityProviders => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeClusters => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::DescribeContainerInstances => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::DescribeDaemon => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::DaemonNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeDaemonDeployments => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeDaemonRevisions => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeDaemonTaskDefinition => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::DescribeExpressGatewayService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeGateway => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeGatewayResources => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeGatewayRoute => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeServiceDeployments => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeServiceRevisions => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeServices => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::DescribeTaskDefinition => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::DescribeTaskSets => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeTasks => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::DisassociateGatewayFromCluster => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DiscoverPollEndpoint => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::ExecuteCommand => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::TargetNotConnectedException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::GetTaskProtection => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ListAccountSettings => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::ListAttributes => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::ListClusters => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::ListContainerInstances => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::ListDaemonDeployments => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ListDaemonTaskDefinitions => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::ListDaemons => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ListGatewayClusterAssociations => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ListGatewayRoutes => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ListGateways => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ListServiceDeployments => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ListServices => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::ListServicesByNamespace => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::ListTagsForResource => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::ListTaskDefinitionFamilies => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::ListTaskDefinitions => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::ListTasks => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::PutAccountSetting => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::PutAccountSettingDefault => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::PutAttributes => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::TargetNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::AttributeLimitExceededException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::PutClusterCapacityProviders => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ResourceInUseException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::RegisterContainerInstance => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::RegisterDaemonTaskDefinition => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::LimitExceededException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::RegisterTaskDefinition => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::LimitExceededException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
            ],
            Self::RunTask => &[
                ErrorShape::ConflictException,
                ErrorShape::AccessDeniedException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::BlockedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::StartTask => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::StopServiceDeployment => &[
                ErrorShape::ConflictException,
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceDeploymentNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::StopTask => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::SubmitAttachmentStateChanges => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::SubmitContainerStateChange => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::SubmitTaskStateChange => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::TagResource => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::LimitExceededException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::UntagResource => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::UpdateCapacityProvider => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateCluster => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::UpdateClusterSettings => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::UpdateContainerAgent => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::NoUpdateAvailableException,
                ErrorShape::MissingVersionException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::UpdateContainerInstancesState => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
            ],
            Self::UpdateDaemon => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::DaemonNotFoundException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::DaemonNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateExpressGatewayService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateGateway => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateServicePrimaryTaskSet => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::TaskSetNotFoundException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateTaskProtection => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateTaskSet => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::LimitExceededException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServerException,
                ErrorShape::InvalidParameterException,
                ErrorShape::TaskSetNotFoundException,
                ErrorShape::ClientException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
        }
    }
}

/// The errors that the service model knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorShape {
    AccessDeniedException,
    AttributeLimitExceededException,
    BlockedException,
    ClientException,
    ClusterContainsCapacityProviderException,
    ClusterContainsContainerInstancesException,
    ClusterContainsServicesException,
    ClusterContainsTasksException,
    ClusterNotFoundException,
    ConflictException,
    DaemonNotActiveException,
    DaemonNotFoundException,
    GatewayNotFoundException,
    InvalidParameterException,
    LimitExceededException,
    MissingVersionException,
    NamespaceNotFoundException,
    NoUpdateAvailableException,
    PlatformTaskDefinitionIncompatibilityException,
    PlatformUnknownException,
    ResourceInUseException,
    ResourceNotFoundException,
    ServerException,
    ServiceDeploymentNotFoundException,
    ServiceNotActiveException,
    ServiceNotFoundException,
    TargetNotConnectedException,
    TargetNotFoundException,
    TaskSetNotFoundException,
    UnsupportedFeatureException,
    UpdateInProgressException,
}

impl ErrorShape {
    /// Every error, by name.
    pub const ALL: &'static [Self] = &[
        Self::AccessDeniedException,
        Self::AttributeLimitExceededException,
        Self::BlockedException,
        Self::ClientException,
        Self::ClusterContainsCapacityProviderException,
        Self::ClusterContainsContainerInstancesException,
        Self::ClusterContainsServicesException,
        Self::ClusterContainsTasksException,
        Self::ClusterNotFoundException,
        Self::ConflictException,
        Self::DaemonNotActiveException,
        Self::DaemonNotFoundException,
        Self::GatewayNotFoundException,
        Self::InvalidParameterException,
        Self::LimitExceededException,
        Self::MissingVersionException,
        Self::NamespaceNotFoundException,
        Self::NoUpdateAvailableException,
        Self::PlatformTaskDefinitionIncompatibilityException,
        Self::PlatformUnknownException,
        Self::ResourceInUseException,
        Self::ResourceNotFoundException,
        Self::ServerException,
        Self::ServiceDeploymentNotFoundException,
        Self::ServiceNotActiveException,
        Self::ServiceNotFoundException,
        Self::TargetNotConnectedException,
        Self::TargetNotFoundException,
        Self::TaskSetNotFoundException,
        Self::UnsupportedFeatureException,
        Self::UpdateInProgressException,
    ];

    /// The name as it stands in the `__type` member of the answer.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccessDeniedException => "AccessDeniedException",
            Self::AttributeLimitExceededException => "AttributeLimitExceededException",
            Self::BlockedException => "BlockedException",
            Self::ClientException => "ClientException",
            Self::ClusterContainsCapacityProviderException => {
                "ClusterContainsCapacityProviderException"
            }
            Self::ClusterContainsContainerInstancesException => {
                "ClusterContainsContainerInstancesException"
            }
            Self::ClusterContainsServicesException => "ClusterContainsServicesException",
            Self::ClusterContainsTasksException => "ClusterContainsTasksException",
            Self::ClusterNotFoundException => "ClusterNotFoundException",
            Self::ConflictException => "ConflictException",
            Self::DaemonNotActiveException => "DaemonNotActiveException",
            Self::DaemonNotFoundException => "DaemonNotFoundException",
            Self::GatewayNotFoundException => "GatewayNotFoundException",
            Self::InvalidParameterException => "InvalidParameterException",
            Self::LimitExceededException => "LimitExceededException",
            Self::MissingVersionException => "MissingVersionException",
            Self::NamespaceNotFoundException => "NamespaceNotFoundException",
            Self::NoUpdateAvailableException => "NoUpdateAvailableException",
            Self::PlatformTaskDefinitionIncompatibilityException => {
                "PlatformTaskDefinitionIncompatibilityException"
            }
            Self::PlatformUnknownException => "PlatformUnknownException",
            Self::ResourceInUseException => "ResourceInUseException",
            Self::ResourceNotFoundException => "ResourceNotFoundException",
            Self::ServerException => "ServerException",
            Self::ServiceDeploymentNotFoundException => "ServiceDeploymentNotFoundException",
            Self::ServiceNotActiveException => "ServiceNotActiveException",
            Self::ServiceNotFoundException => "ServiceNotFoundException",
            Self::TargetNotConnectedException => "TargetNotConnectedException",
            Self::TargetNotFoundException => "TargetNotFoundException",
            Self::TaskSetNotFoundException => "TaskSetNotFoundException",
            Self::UnsupportedFeatureException => "UnsupportedFeatureException",
            Self::UpdateInProgressException => "UpdateInProgressException",
        }
    }

    /// Whether the service is at fault (HTTP status 500) and not the client (400).
    pub const fn is_fault(self) -> bool {
        matches!(self, Self::ServerException)
    }
}

impl Request for AssociateGatewayWithClusterRequest {
    type Response = AssociateGatewayWithClusterResponse;
    const OPERATION: Operation = Operation::AssociateGatewayWithCluster;
}

impl Request for ContinueServiceDeploymentRequest {
    type Response = ContinueServiceDeploymentResponse;
    const OPERATION: Operation = Operation::ContinueServiceDeployment;
}

impl Request for CreateCapacityProviderRequest {
    type Response = CreateCapacityProviderResponse;
    const OPERATION: Operation = Operation::CreateCapacityProvider;
}

impl Request for CreateClusterRequest {
    type Response = CreateClusterResponse;
    const OPERATION: Operation = Operation::CreateCluster;
}

impl Request for CreateDaemonRequest {
    type Response = CreateDaemonResponse;
    const OPERATION: Operation = Operation::CreateDaemon;
}

impl Request for CreateExpressGatewayServiceRequest {
    type Response = CreateExpressGatewayServiceResponse;
    const OPERATION: Operation = Operation::CreateExpressGatewayService;
}

impl Request for CreateGatewayRequest {
    type Response = CreateGatewayResponse;
    const OPERATION: Operation = Operation::CreateGateway;
}

impl Request for CreateServiceRequest {
    type Response = CreateServiceResponse;
    const OPERATION: Operation = Operation::CreateService;
}

impl Request for CreateTaskSetRequest {
    type Response = CreateTaskSetResponse;
    const OPERATION: Operation = Operation::CreateTaskSet;
}

impl Request for DeleteAccountSettingRequest {
    type Response = DeleteAccountSettingResponse;
    const OPERATION: Operation = Operation::DeleteAccountSetting;
}

impl Request for DeleteAttributesRequest {
    type Response = DeleteAttributesResponse;
    const OPERATION: Operation = Operation::DeleteAttributes;
}

impl Request for DeleteCapacityProviderRequest {
    type Response = DeleteCapacityProviderResponse;
    const OPERATION: Operation = Operation::DeleteCapacityProvider;
}

impl Request for DeleteClusterRequest {
    type Response = DeleteClusterResponse;
    const OPERATION: Operation = Operation::DeleteCluster;
}

impl Request for DeleteDaemonRequest {
    type Response = DeleteDaemonResponse;
    const OPERATION: Operation = Operation::DeleteDaemon;
}

impl Request for DeleteDaemonTaskDefinitionRequest {
    type Response = DeleteDaemonTaskDefinitionResponse;
    const OPERATION: Operation = Operation::DeleteDaemonTaskDefinition;
}

impl Request for DeleteExpressGatewayServiceRequest {
    type Response = DeleteExpressGatewayServiceResponse;
    const OPERATION: Operation = Operation::DeleteExpressGatewayService;
}

impl Request for DeleteGatewayRequest {
    type Response = DeleteGatewayResponse;
    const OPERATION: Operation = Operation::DeleteGateway;
}

impl Request for DeleteServiceRequest {
    type Response = DeleteServiceResponse;
    const OPERATION: Operation = Operation::DeleteService;
}

impl Request for DeleteTaskDefinitionsRequest {
    type Response = DeleteTaskDefinitionsResponse;
    const OPERATION: Operation = Operation::DeleteTaskDefinitions;
}

impl Request for DeleteTaskSetRequest {
    type Response = DeleteTaskSetResponse;
    const OPERATION: Operation = Operation::DeleteTaskSet;
}

impl Request for DeregisterContainerInstanceRequest {
    type Response = DeregisterContainerInstanceResponse;
    const OPERATION: Operation = Operation::DeregisterContainerInstance;
}

impl Request for DeregisterTaskDefinitionRequest {
    type Response = DeregisterTaskDefinitionResponse;
    const OPERATION: Operation = Operation::DeregisterTaskDefinition;
}

impl Request for DescribeCapacityProvidersRequest {
    type Response = DescribeCapacityProvidersResponse;
    const OPERATION: Operation = Operation::DescribeCapacityProviders;
}

impl Request for DescribeClustersRequest {
    type Response = DescribeClustersResponse;
    const OPERATION: Operation = Operation::DescribeClusters;
}

impl Request for DescribeContainerInstancesRequest {
    type Response = DescribeContainerInstancesResponse;
    const OPERATION: Operation = Operation::DescribeContainerInstances;
}

impl Request for DescribeDaemonRequest {
    type Response = DescribeDaemonResponse;
    const OPERATION: Operation = Operation::DescribeDaemon;
}

impl Request for DescribeDaemonDeploymentsRequest {
    type Response = DescribeDaemonDeploymentsResponse;
    const OPERATION: Operation = Operation::DescribeDaemonDeployments;
}

impl Request for DescribeDaemonRevisionsRequest {
    type Response = DescribeDaemonRevisionsResponse;
    const OPERATION: Operation = Operation::DescribeDaemonRevisions;
}

impl Request for DescribeDaemonTaskDefinitionRequest {
    type Response = DescribeDaemonTaskDefinitionResponse;
    const OPERATION: Operation = Operation::DescribeDaemonTaskDefinition;
}

impl Request for DescribeExpressGatewayServiceRequest {
    type Response = DescribeExpressGatewayServiceResponse;
    const OPERATION: Operation = Operation::DescribeExpressGatewayService;
}

impl Request for DescribeGatewayRequest {
    type Response = DescribeGatewayResponse;
    const OPERATION: Operation = Operation::DescribeGateway;
}

impl Request for DescribeGatewayResourcesRequest {
    type Response = DescribeGatewayResourcesResponse;
    const OPERATION: Operation = Operation::DescribeGatewayResources;
}

impl Request for DescribeGatewayRouteRequest {
    type Response = DescribeGatewayRouteResponse;
    const OPERATION: Operation = Operation::DescribeGatewayRoute;
}

impl Request for DescribeServiceDeploymentsRequest {
    type Response = DescribeServiceDeploymentsResponse;
    const OPERATION: Operation = Operation::DescribeServiceDeployments;
}

impl Request for DescribeServiceRevisionsRequest {
    type Response = DescribeServiceRevisionsResponse;
    const OPERATION: Operation = Operation::DescribeServiceRevisions;
}

impl Request for DescribeServicesRequest {
    type Response = DescribeServicesResponse;
    const OPERATION: Operation = Operation::DescribeServices;
}

impl Request for DescribeTaskDefinitionRequest {
    type Response = DescribeTaskDefinitionResponse;
    const OPERATION: Operation = Operation::DescribeTaskDefinition;
}

impl Request for DescribeTaskSetsRequest {
    type Response = DescribeTaskSetsResponse;
    const OPERATION: Operation = Operation::DescribeTaskSets;
}

impl Request for DescribeTasksRequest {
    type Response = DescribeTasksResponse;
    const OPERATION: Operation = Operation::DescribeTasks;
}

impl Request for DisassociateGatewayFromClusterRequest {
    type Response = DisassociateGatewayFromClusterResponse;
    const OPERATION: Operation = Operation::DisassociateGatewayFromCluster;
}

impl Request for DiscoverPollEndpointRequest {
    type Response = DiscoverPollEndpointResponse;
    const OPERATION: Operation = Operation::DiscoverPollEndpoint;
}

impl Request for ExecuteCommandRequest {
    type Response = ExecuteCommandResponse;
    const OPERATION: Operation = Operation::ExecuteCommand;
}

impl Request for GetTaskProtectionRequest {
    type Response = GetTaskProtectionResponse;
    const OPERATION: Operation = Operation::GetTaskProtection;
}

impl Request for ListAccountSettingsRequest {
    type Response = ListAccountSettingsResponse;
    const OPERATION: Operation = Operation::ListAccountSettings;
}

impl Request for ListAttributesRequest {
    type Response = ListAttributesResponse;
    const OPERATION: Operation = Operation::ListAttributes;
}

impl Request for ListClustersRequest {
    type Response = ListClustersResponse;
    const OPERATION: Operation = Operation::ListClusters;
}

impl Request for ListContainerInstancesRequest {
    type Response = ListContainerInstancesResponse;
    const OPERATION: Operation = Operation::ListContainerInstances;
}

impl Request for ListDaemonDeploymentsRequest {
    type Response = ListDaemonDeploymentsResponse;
    const OPERATION: Operation = Operation::ListDaemonDeployments;
}

impl Request for ListDaemonTaskDefinitionsRequest {
    type Response = ListDaemonTaskDefinitionsResponse;
    const OPERATION: Operation = Operation::ListDaemonTaskDefinitions;
}

impl Request for ListDaemonsRequest {
    type Response = ListDaemonsResponse;
    const OPERATION: Operation = Operation::ListDaemons;
}

impl Request for ListGatewayClusterAssociationsRequest {
    type Response = ListGatewayClusterAssociationsResponse;
    const OPERATION: Operation = Operation::ListGatewayClusterAssociations;
}

impl Request for ListGatewayRoutesRequest {
    type Response = ListGatewayRoutesResponse;
    const OPERATION: Operation = Operation::ListGatewayRoutes;
}

impl Request for ListGatewaysRequest {
    type Response = ListGatewaysResponse;
    const OPERATION: Operation = Operation::ListGateways;
}

impl Request for ListServiceDeploymentsRequest {
    type Response = ListServiceDeploymentsResponse;
    const OPERATION: Operation = Operation::ListServiceDeployments;
}

impl Request for ListServicesRequest {
    type Response = ListServicesResponse;
    const OPERATION: Operation = Operation::ListServices;
}

impl Request for ListServicesByNamespaceRequest {
    type Response = ListServicesByNamespaceResponse;
    const OPERATION: Operation = Operation::ListServicesByNamespace;
}

impl Request for ListTagsForResourceRequest {
    type Response = ListTagsForResourceResponse;
    const OPERATION: Operation = Operation::ListTagsForResource;
}

impl Request for ListTaskDefinitionFamiliesRequest {
    type Response = ListTaskDefinitionFamiliesResponse;
    const OPERATION: Operation = Operation::ListTaskDefinitionFamilies;
}

impl Request for ListTaskDefinitionsRequest {
    type Response = ListTaskDefinitionsResponse;
    const OPERATION: Operation = Operation::ListTaskDefinitions;
}

impl Request for ListTasksRequest {
    type Response = ListTasksResponse;
    const OPERATION: Operation = Operation::ListTasks;
}

impl Request for PutAccountSettingRequest {
    type Response = PutAccountSettingResponse;
    const OPERATION: Operation = Operation::PutAccountSetting;
}

impl Request for PutAccountSettingDefaultRequest {
    type Response = PutAccountSettingDefaultResponse;
    const OPERATION: Operation = Operation::PutAccountSettingDefault;
}

impl Request for PutAttributesRequest {
    type Response = PutAttributesResponse;
    const OPERATION: Operation = Operation::PutAttributes;
}

impl Request for PutClusterCapacityProvidersRequest {
    type Response = PutClusterCapacityProvidersResponse;
    const OPERATION: Operation = Operation::PutClusterCapacityProviders;
}

impl Request for RegisterContainerInstanceRequest {
    type Response = RegisterContainerInstanceResponse;
    const OPERATION: Operation = Operation::RegisterContainerInstance;
}

impl Request for RegisterDaemonTaskDefinitionRequest {
    type Response = RegisterDaemonTaskDefinitionResponse;
    const OPERATION: Operation = Operation::RegisterDaemonTaskDefinition;
}

impl Request for RegisterTaskDefinitionRequest {
    type Response = RegisterTaskDefinitionResponse;
    const OPERATION: Operation = Operation::RegisterTaskDefinition;
}

impl Request for RunTaskRequest {
    type Response = RunTaskResponse;
    const OPERATION: Operation = Operation::RunTask;
}

impl Request for StartTaskRequest {
    type Response = StartTaskResponse;
    const OPERATION: Operation = Operation::StartTask;
}

impl Request for StopServiceDeploymentRequest {
    type Response = StopServiceDeploymentResponse;
    const OPERATION: Operation = Operation::StopServiceDeployment;
}

impl Request for StopTaskRequest {
    type Response = StopTaskResponse;
    const OPERATION: Operation = Operation::StopTask;
}

impl Request for SubmitAttachmentStateChangesRequest {
    type Response = SubmitAttachmentStateChangesResponse;
    const OPERATION: Operation = Operation::SubmitAttachmentStateChanges;
}

impl Request for SubmitContainerStateChangeRequest {
    type Response = SubmitContainerStateChangeResponse;
    const OPERATION: Operation = Operation::SubmitContainerStateChange;
}

impl Request for SubmitTaskStateChangeRequest {
    type Response = SubmitTaskStateChangeResponse;
    const OPERATION: Operation = Operation::SubmitTaskStateChange;
}

impl Request for TagResourceRequest {
    type Response = TagResourceResponse;
    const OPERATION: Operation = Operation::TagResource;
}

impl Request for UntagResourceRequest {
    type Response = UntagResourceResponse;
    const OPERATION: Operation = Operation::UntagResource;
}

impl Request for UpdateCapacityProviderRequest {
    type Response = UpdateCapacityProviderResponse;
    const OPERATION: Operation = Operation::UpdateCapacityProvider;
}

impl Request for UpdateClusterRequest {
    type Response = UpdateClusterResponse;
    const OPERATION: Operation = Operation::UpdateCluster;
}

impl Request for UpdateClusterSettingsRequest {
    type Response = UpdateClusterSettingsResponse;
    const OPERATION: Operation = Operation::UpdateClusterSettings;
}

impl Request for UpdateContainerAgentRequest {
    type Response = UpdateContainerAgentResponse;
    const OPERATION: Operation = Operation::UpdateContainerAgent;
}

impl Request for UpdateContainerInstancesStateRequest {
    type Response = UpdateContainerInstancesStateResponse;
    const OPERATION: Operation = Operation::UpdateContainerInstancesState;
}

impl Request for UpdateDaemonRequest {
    type Response = UpdateDaemonResponse;
    const OPERATION: Operation = Operation::UpdateDaemon;
}

impl Request for UpdateExpressGatewayServiceRequest {
    type Response = UpdateExpressGatewayServiceResponse;
    const OPERATION: Operation = Operation::UpdateExpressGatewayService;
}

impl Request for UpdateGatewayRequest {
    type Response = UpdateGatewayResponse;
    const OPERATION: Operation = Operation::UpdateGateway;
}

impl Request for UpdateServiceRequest {
    type Response = UpdateServiceResponse;
    const OPERATION: Operation = Operation::UpdateService;
}

impl Request for UpdateServicePrimaryTaskSetRequest {
    type Response = UpdateServicePrimaryTaskSetResponse;
    const OPERATION: Operation = Operation::UpdateServicePrimaryTaskSet;
}

impl Request for UpdateTaskProtectionRequest {
    type Response = UpdateTaskProtectionResponse;
    const OPERATION: Operation = Operation::UpdateTaskProtection;
}

impl Request for UpdateTaskSetRequest {
    type Response = UpdateTaskSetResponse;
    const OPERATION: Operation = Operation::UpdateTaskSet;
}
