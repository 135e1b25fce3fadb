// Written by model/codegen/generate.py from the ecs 2014-11-13 model of botocore 1.44.5.
// Do not edit: change the generator and run it again.

use super::Request;
use super::shape;

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
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ContinueServiceDeployment => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::ServiceDeploymentNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateCapacityProvider => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::LimitExceededException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
                ErrorShape::UpdateInProgressException,
            ],
            Self::CreateCluster | Self::ListServicesByNamespace => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::InvalidParameterException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServerException,
            ],
            Self::CreateDaemon => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateExpressGatewayService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateGateway | Self::ListGatewayClusterAssociations | Self::ListGateways => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::CreateTaskSet => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::LimitExceededException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteAccountSetting
            | Self::DeleteDaemonTaskDefinition
            | Self::DeleteTaskDefinitions
            | Self::DeregisterTaskDefinition
            | Self::DescribeClusters
            | Self::DescribeDaemonTaskDefinition
            | Self::DescribeTaskDefinition
            | Self::DiscoverPollEndpoint
            | Self::ListAccountSettings
            | Self::ListClusters
            | Self::ListDaemonTaskDefinitions
            | Self::ListTaskDefinitionFamilies
            | Self::ListTaskDefinitions
            | Self::PutAccountSetting
            | Self::PutAccountSettingDefault => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
            ],
            Self::DeleteAttributes => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::TargetNotFoundException,
            ],
            Self::DeleteCapacityProvider => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
                ErrorShape::UpdateInProgressException,
            ],
            Self::DeleteCluster => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterContainsCapacityProviderException,
                ErrorShape::ClusterContainsContainerInstancesException,
                ErrorShape::ClusterContainsServicesException,
                ErrorShape::ClusterContainsTasksException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
            ],
            Self::DeleteDaemon => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::DaemonNotActiveException,
                ErrorShape::DaemonNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteExpressGatewayService | Self::DescribeTaskSets | Self::UpdateExpressGatewayService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteGateway
            | Self::DescribeGateway
            | Self::DescribeGatewayResources
            | Self::ListGatewayRoutes
            | Self::UpdateGateway => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeleteService | Self::ListTasks => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::ServiceNotFoundException,
            ],
            Self::DeleteTaskSet | Self::UpdateTaskSet => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::LimitExceededException,
                ErrorShape::ServerException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::TaskSetNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DeregisterContainerInstance
            | Self::DescribeContainerInstances
            | Self::DescribeServices
            | Self::DescribeTasks
            | Self::ListAttributes
            | Self::ListContainerInstances
            | Self::ListServices
            | Self::ListTagsForResource
            | Self::RegisterContainerInstance
            | Self::StopTask
            | Self::SubmitAttachmentStateChanges
            | Self::SubmitContainerStateChange
            | Self::SubmitTaskStateChange
            | Self::UpdateContainerInstancesState => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
            ],
            Self::DescribeCapacityProviders
            | Self::DescribeDaemonDeployments
            | Self::DescribeDaemonRevisions
            | Self::ListDaemonDeployments
            | Self::ListDaemons
            | Self::UpdateCapacityProvider => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeDaemon => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::DaemonNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeExpressGatewayService | Self::GetTaskProtection | Self::UpdateTaskProtection => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeGatewayRoute => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DescribeServiceDeployments | Self::DescribeServiceRevisions | Self::ListServiceDeployments => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::DisassociateGatewayFromCluster => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::GatewayNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::ExecuteCommand => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::TargetNotConnectedException,
            ],
            Self::PutAttributes => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::AttributeLimitExceededException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::TargetNotFoundException,
            ],
            Self::PutClusterCapacityProviders => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ResourceInUseException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
            ],
            Self::RegisterDaemonTaskDefinition | Self::RegisterTaskDefinition => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::InvalidParameterException,
                ErrorShape::LimitExceededException,
                ErrorShape::ServerException,
            ],
            Self::RunTask => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::BlockedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::ConflictException,
                ErrorShape::InvalidParameterException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::StartTask => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::StopServiceDeployment => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ConflictException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::ServiceDeploymentNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::TagResource => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::LimitExceededException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
            ],
            Self::UntagResource => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServerException,
            ],
            Self::UpdateCluster => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::ServerException,
            ],
            Self::UpdateClusterSettings => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
            ],
            Self::UpdateContainerAgent => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::MissingVersionException,
                ErrorShape::NoUpdateAvailableException,
                ErrorShape::ServerException,
                ErrorShape::UpdateInProgressException,
            ],
            Self::UpdateDaemon => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::DaemonNotActiveException,
                ErrorShape::DaemonNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateService => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::NamespaceNotFoundException,
                ErrorShape::PlatformTaskDefinitionIncompatibilityException,
                ErrorShape::PlatformUnknownException,
                ErrorShape::ServerException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::UnsupportedFeatureException,
            ],
            Self::UpdateServicePrimaryTaskSet => &[
                ErrorShape::AccessDeniedException,
                ErrorShape::ClientException,
                ErrorShape::ClusterNotFoundException,
                ErrorShape::InvalidParameterException,
                ErrorShape::ServerException,
                ErrorShape::ServiceNotActiveException,
                ErrorShape::ServiceNotFoundException,
                ErrorShape::TaskSetNotFoundException,
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
            Self::ClusterContainsCapacityProviderException => "ClusterContainsCapacityProviderException",
            Self::ClusterContainsContainerInstancesException => "ClusterContainsContainerInstancesException",
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
            Self::PlatformTaskDefinitionIncompatibilityException => "PlatformTaskDefinitionIncompatibilityException",
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

impl Request for shape::AssociateGatewayWithClusterRequest {
    type Response = shape::AssociateGatewayWithClusterResponse;
    const OPERATION: Operation = Operation::AssociateGatewayWithCluster;
}

impl Request for shape::ContinueServiceDeploymentRequest {
    type Response = shape::ContinueServiceDeploymentResponse;
    const OPERATION: Operation = Operation::ContinueServiceDeployment;
}

impl Request for shape::CreateCapacityProviderRequest {
    type Response = shape::CreateCapacityProviderResponse;
    const OPERATION: Operation = Operation::CreateCapacityProvider;
}

impl Request for shape::CreateClusterRequest {
    type Response = shape::CreateClusterResponse;
    const OPERATION: Operation = Operation::CreateCluster;
}

impl Request for shape::CreateDaemonRequest {
    type Response = shape::CreateDaemonResponse;
    const OPERATION: Operation = Operation::CreateDaemon;
}

impl Request for shape::CreateExpressGatewayServiceRequest {
    type Response = shape::CreateExpressGatewayServiceResponse;
    const OPERATION: Operation = Operation::CreateExpressGatewayService;
}

impl Request for shape::CreateGatewayRequest {
    type Response = shape::CreateGatewayResponse;
    const OPERATION: Operation = Operation::CreateGateway;
}

impl Request for shape::CreateServiceRequest {
    type Response = shape::CreateServiceResponse;
    const OPERATION: Operation = Operation::CreateService;
}

impl Request for shape::CreateTaskSetRequest {
    type Response = shape::CreateTaskSetResponse;
    const OPERATION: Operation = Operation::CreateTaskSet;
}

impl Request for shape::DeleteAccountSettingRequest {
    type Response = shape::DeleteAccountSettingResponse;
    const OPERATION: Operation = Operation::DeleteAccountSetting;
}

impl Request for shape::DeleteAttributesRequest {
    type Response = shape::DeleteAttributesResponse;
    const OPERATION: Operation = Operation::DeleteAttributes;
}

impl Request for shape::DeleteCapacityProviderRequest {
    type Response = shape::DeleteCapacityProviderResponse;
    const OPERATION: Operation = Operation::DeleteCapacityProvider;
}

impl Request for shape::DeleteClusterRequest {
    type Response = shape::DeleteClusterResponse;
    const OPERATION: Operation = Operation::DeleteCluster;
}

impl Request for shape::DeleteDaemonRequest {
    type Response = shape::DeleteDaemonResponse;
    const OPERATION: Operation = Operation::DeleteDaemon;
}

impl Request for shape::DeleteDaemonTaskDefinitionRequest {
    type Response = shape::DeleteDaemonTaskDefinitionResponse;
    const OPERATION: Operation = Operation::DeleteDaemonTaskDefinition;
}

impl Request for shape::DeleteExpressGatewayServiceRequest {
    type Response = shape::DeleteExpressGatewayServiceResponse;
    const OPERATION: Operation = Operation::DeleteExpressGatewayService;
}

impl Request for shape::DeleteGatewayRequest {
    type Response = shape::DeleteGatewayResponse;
    const OPERATION: Operation = Operation::DeleteGateway;
}

impl Request for shape::DeleteServiceRequest {
    type Response = shape::DeleteServiceResponse;
    const OPERATION: Operation = Operation::DeleteService;
}

impl Request for shape::DeleteTaskDefinitionsRequest {
    type Response = shape::DeleteTaskDefinitionsResponse;
    const OPERATION: Operation = Operation::DeleteTaskDefinitions;
}

impl Request for shape::DeleteTaskSetRequest {
    type Response = shape::DeleteTaskSetResponse;
    const OPERATION: Operation = Operation::DeleteTaskSet;
}

impl Request for shape::DeregisterContainerInstanceRequest {
    type Response = shape::DeregisterContainerInstanceResponse;
    const OPERATION: Operation = Operation::DeregisterContainerInstance;
}

impl Request for shape::DeregisterTaskDefinitionRequest {
    type Response = shape::DeregisterTaskDefinitionResponse;
    const OPERATION: Operation = Operation::DeregisterTaskDefinition;
}

impl Request for shape::DescribeCapacityProvidersRequest {
    type Response = shape::DescribeCapacityProvidersResponse;
    const OPERATION: Operation = Operation::DescribeCapacityProviders;
}

impl Request for shape::DescribeClustersRequest {
    type Response = shape::DescribeClustersResponse;
    const OPERATION: Operation = Operation::DescribeClusters;
}

impl Request for shape::DescribeContainerInstancesRequest {
    type Response = shape::DescribeContainerInstancesResponse;
    const OPERATION: Operation = Operation::DescribeContainerInstances;
}

impl Request for shape::DescribeDaemonRequest {
    type Response = shape::DescribeDaemonResponse;
    const OPERATION: Operation = Operation::DescribeDaemon;
}

impl Request for shape::DescribeDaemonDeploymentsRequest {
    type Response = shape::DescribeDaemonDeploymentsResponse;
    const OPERATION: Operation = Operation::DescribeDaemonDeployments;
}

impl Request for shape::DescribeDaemonRevisionsRequest {
    type Response = shape::DescribeDaemonRevisionsResponse;
    const OPERATION: Operation = Operation::DescribeDaemonRevisions;
}

impl Request for shape::DescribeDaemonTaskDefinitionRequest {
    type Response = shape::DescribeDaemonTaskDefinitionResponse;
    const OPERATION: Operation = Operation::DescribeDaemonTaskDefinition;
}

impl Request for shape::DescribeExpressGatewayServiceRequest {
    type Response = shape::DescribeExpressGatewayServiceResponse;
    const OPERATION: Operation = Operation::DescribeExpressGatewayService;
}

impl Request for shape::DescribeGatewayRequest {
    type Response = shape::DescribeGatewayResponse;
    const OPERATION: Operation = Operation::DescribeGateway;
}

impl Request for shape::DescribeGatewayResourcesRequest {
    type Response = shape::DescribeGatewayResourcesResponse;
    const OPERATION: Operation = Operation::DescribeGatewayResources;
}

impl Request for shape::DescribeGatewayRouteRequest {
    type Response = shape::DescribeGatewayRouteResponse;
    const OPERATION: Operation = Operation::DescribeGatewayRoute;
}

impl Request for shape::DescribeServiceDeploymentsRequest {
    type Response = shape::DescribeServiceDeploymentsResponse;
    const OPERATION: Operation = Operation::DescribeServiceDeployments;
}

impl Request for shape::DescribeServiceRevisionsRequest {
    type Response = shape::DescribeServiceRevisionsResponse;
    const OPERATION: Operation = Operation::DescribeServiceRevisions;
}

impl Request for shape::DescribeServicesRequest {
    type Response = shape::DescribeServicesResponse;
    const OPERATION: Operation = Operation::DescribeServices;
}

impl Request for shape::DescribeTaskDefinitionRequest {
    type Response = shape::DescribeTaskDefinitionResponse;
    const OPERATION: Operation = Operation::DescribeTaskDefinition;
}

impl Request for shape::DescribeTaskSetsRequest {
    type Response = shape::DescribeTaskSetsResponse;
    const OPERATION: Operation = Operation::DescribeTaskSets;
}

impl Request for shape::DescribeTasksRequest {
    type Response = shape::DescribeTasksResponse;
    const OPERATION: Operation = Operation::DescribeTasks;
}

impl Request for shape::DisassociateGatewayFromClusterRequest {
    type Response = shape::DisassociateGatewayFromClusterResponse;
    const OPERATION: Operation = Operation::DisassociateGatewayFromCluster;
}

impl Request for shape::DiscoverPollEndpointRequest {
    type Response = shape::DiscoverPollEndpointResponse;
    const OPERATION: Operation = Operation::DiscoverPollEndpoint;
}

impl Request for shape::ExecuteCommandRequest {
    type Response = shape::ExecuteCommandResponse;
    const OPERATION: Operation = Operation::ExecuteCommand;
}

impl Request for shape::GetTaskProtectionRequest {
    type Response = shape::GetTaskProtectionResponse;
    const OPERATION: Operation = Operation::GetTaskProtection;
}

impl Request for shape::ListAccountSettingsRequest {
    type Response = shape::ListAccountSettingsResponse;
    const OPERATION: Operation = Operation::ListAccountSettings;
}

impl Request for shape::ListAttributesRequest {
    type Response = shape::ListAttributesResponse;
    const OPERATION: Operation = Operation::ListAttributes;
}

impl Request for shape::ListClustersRequest {
    type Response = shape::ListClustersResponse;
    const OPERATION: Operation = Operation::ListClusters;
}

impl Request for shape::ListContainerInstancesRequest {
    type Response = shape::ListContainerInstancesResponse;
    const OPERATION: Operation = Operation::ListContainerInstances;
}

impl Request for shape::ListDaemonDeploymentsRequest {
    type Response = shape::ListDaemonDeploymentsResponse;
    const OPERATION: Operation = Operation::ListDaemonDeployments;
}

impl Request for shape::ListDaemonTaskDefinitionsRequest {
    type Response = shape::ListDaemonTaskDefinitionsResponse;
    const OPERATION: Operation = Operation::ListDaemonTaskDefinitions;
}

impl Request for shape::ListDaemonsRequest {
    type Response = shape::ListDaemonsResponse;
    const OPERATION: Operation = Operation::ListDaemons;
}

impl Request for shape::ListGatewayClusterAssociationsRequest {
    type Response = shape::ListGatewayClusterAssociationsResponse;
    const OPERATION: Operation = Operation::ListGatewayClusterAssociations;
}

impl Request for shape::ListGatewayRoutesRequest {
    type Response = shape::ListGatewayRoutesResponse;
    const OPERATION: Operation = Operation::ListGatewayRoutes;
}

impl Request for shape::ListGatewaysRequest {
    type Response = shape::ListGatewaysResponse;
    const OPERATION: Operation = Operation::ListGateways;
}

impl Request for shape::ListServiceDeploymentsRequest {
    type Response = shape::ListServiceDeploymentsResponse;
    const OPERATION: Operation = Operation::ListServiceDeployments;
}

impl Request for shape::ListServicesRequest {
    type Response = shape::ListServicesResponse;
    const OPERATION: Operation = Operation::ListServices;
}

impl Request for shape::ListServicesByNamespaceRequest {
    type Response = shape::ListServicesByNamespaceResponse;
    const OPERATION: Operation = Operation::ListServicesByNamespace;
}

impl Request for shape::ListTagsForResourceRequest {
    type Response = shape::ListTagsForResourceResponse;
    const OPERATION: Operation = Operation::ListTagsForResource;
}

impl Request for shape::ListTaskDefinitionFamiliesRequest {
    type Response = shape::ListTaskDefinitionFamiliesResponse;
    const OPERATION: Operation = Operation::ListTaskDefinitionFamilies;
}

impl Request for shape::ListTaskDefinitionsRequest {
    type Response = shape::ListTaskDefinitionsResponse;
    const OPERATION: Operation = Operation::ListTaskDefinitions;
}

impl Request for shape::ListTasksRequest {
    type Response = shape::ListTasksResponse;
    const OPERATION: Operation = Operation::ListTasks;
}

impl Request for shape::PutAccountSettingRequest {
    type Response = shape::PutAccountSettingResponse;
    const OPERATION: Operation = Operation::PutAccountSetting;
}

impl Request for shape::PutAccountSettingDefaultRequest {
    type Response = shape::PutAccountSettingDefaultResponse;
    const OPERATION: Operation = Operation::PutAccountSettingDefault;
}

impl Request for shape::PutAttributesRequest {
    type Response = shape::PutAttributesResponse;
    const OPERATION: Operation = Operation::PutAttributes;
}

impl Request for shape::PutClusterCapacityProvidersRequest {
    type Response = shape::PutClusterCapacityProvidersResponse;
    const OPERATION: Operation = Operation::PutClusterCapacityProviders;
}

impl Request for shape::RegisterContainerInstanceRequest {
    type Response = shape::RegisterContainerInstanceResponse;
    const OPERATION: Operation = Operation::RegisterContainerInstance;
}

impl Request for shape::RegisterDaemonTaskDefinitionRequest {
    type Response = shape::RegisterDaemonTaskDefinitionResponse;
    const OPERATION: Operation = Operation::RegisterDaemonTaskDefinition;
}

impl Request for shape::RegisterTaskDefinitionRequest {
    type Response = shape::RegisterTaskDefinitionResponse;
    const OPERATION: Operation = Operation::RegisterTaskDefinition;
}

impl Request for shape::RunTaskRequest {
    type Response = shape::RunTaskResponse;
    const OPERATION: Operation = Operation::RunTask;
}

impl Request for shape::StartTaskRequest {
    type Response = shape::StartTaskResponse;
    const OPERATION: Operation = Operation::StartTask;
}

impl Request for shape::StopServiceDeploymentRequest {
    type Response = shape::StopServiceDeploymentResponse;
    const OPERATION: Operation = Operation::StopServiceDeployment;
}

impl Request for shape::StopTaskRequest {
    type Response = shape::StopTaskResponse;
    const OPERATION: Operation = Operation::StopTask;
}

impl Request for shape::SubmitAttachmentStateChangesRequest {
    type Response = shape::SubmitAttachmentStateChangesResponse;
    const OPERATION: Operation = Operation::SubmitAttachmentStateChanges;
}

impl Request for shape::SubmitContainerStateChangeRequest {
    type Response = shape::SubmitContainerStateChangeResponse;
    const OPERATION: Operation = Operation::SubmitContainerStateChange;
}

impl Request for shape::SubmitTaskStateChangeRequest {
    type Response = shape::SubmitTaskStateChangeResponse;
    const OPERATION: Operation = Operation::SubmitTaskStateChange;
}

impl Request for shape::TagResourceRequest {
    type Response = shape::TagResourceResponse;
    const OPERATION: Operation = Operation::TagResource;
}

impl Request for shape::UntagResourceRequest {
    type Response = shape::UntagResourceResponse;
    const OPERATION: Operation = Operation::UntagResource;
}

impl Request for shape::UpdateCapacityProviderRequest {
    type Response = shape::UpdateCapacityProviderResponse;
    const OPERATION: Operation = Operation::UpdateCapacityProvider;
}

impl Request for shape::UpdateClusterRequest {
    type Response = shape::UpdateClusterResponse;
    const OPERATION: Operation = Operation::UpdateCluster;
}

impl Request for shape::UpdateClusterSettingsRequest {
    type Response = shape::UpdateClusterSettingsResponse;
    const OPERATION: Operation = Operation::UpdateClusterSettings;
}

impl Request for shape::UpdateContainerAgentRequest {
    type Response = shape::UpdateContainerAgentResponse;
    const OPERATION: Operation = Operation::UpdateContainerAgent;
}

impl Request for shape::UpdateContainerInstancesStateRequest {
    type Response = shape::UpdateContainerInstancesStateResponse;
    const OPERATION: Operation = Operation::UpdateContainerInstancesState;
}

impl Request for shape::UpdateDaemonRequest {
    type Response = shape::UpdateDaemonResponse;
    const OPERATION: Operation = Operation::UpdateDaemon;
}

impl Request for shape::UpdateExpressGatewayServiceRequest {
    type Response = shape::UpdateExpressGatewayServiceResponse;
    const OPERATION: Operation = Operation::UpdateExpressGatewayService;
}

impl Request for shape::UpdateGatewayRequest {
    type Response = shape::UpdateGatewayResponse;
    const OPERATION: Operation = Operation::UpdateGateway;
}

impl Request for shape::UpdateServiceRequest {
    type Response = shape::UpdateServiceResponse;
    const OPERATION: Operation = Operation::UpdateService;
}

impl Request for shape::UpdateServicePrimaryTaskSetRequest {
    type Response = shape::UpdateServicePrimaryTaskSetResponse;
    const OPERATION: Operation = Operation::UpdateServicePrimaryTaskSet;
}

impl Request for shape::UpdateTaskProtectionRequest {
    type Response = shape::UpdateTaskProtectionResponse;
    const OPERATION: Operation = Operation::UpdateTaskProtection;
}

impl Request for shape::UpdateTaskSetRequest {
    type Response = shape::UpdateTaskSetResponse;
    const OPERATION: Operation = Operation::UpdateTaskSet;
}
