// Written by model/codegen/generate.py from the ecs 2014-11-13 model of botocore 1.44.5.
// Do not edit: change the generator and run it again.

use super::enumeration;
use super::shape;
use crate::check::{Checker, Validate};
use crate::sensitive::Sensitive;

impl Validate for shape::AssociateGatewayWithClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
        at.required("cluster", self.cluster.is_some());
    }
}

impl Validate for shape::AttachmentStateChange {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("attachmentArn", self.attachment_arn.is_some());
        at.required("status", self.status.is_some());
    }
}

impl Validate for shape::Attribute {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("targetType", self.target_type.as_ref(), enumeration::TargetType::validate);
    }
}

impl Validate for shape::AutoRepairConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("actionsStatus", self.actions_status.as_ref(), enumeration::AutoRepairActionsStatus::validate);
    }
}

impl Validate for shape::AutoScalingGroupProvider {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("autoScalingGroupArn", self.auto_scaling_group_arn.is_some());
        at.member("managedScaling", self.managed_scaling.as_ref(), shape::ManagedScaling::validate);
        at.member(
            "managedTerminationProtection",
            self.managed_termination_protection.as_ref(),
            enumeration::ManagedTerminationProtection::validate,
        );
        at.member("managedDraining", self.managed_draining.as_ref(), enumeration::ManagedDraining::validate);
    }
}

impl Validate for shape::AutoScalingGroupProviderUpdate {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("managedScaling", self.managed_scaling.as_ref(), shape::ManagedScaling::validate);
        at.member(
            "managedTerminationProtection",
            self.managed_termination_protection.as_ref(),
            enumeration::ManagedTerminationProtection::validate,
        );
        at.member("managedDraining", self.managed_draining.as_ref(), enumeration::ManagedDraining::validate);
    }
}

impl Validate for shape::AwsVpcConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("subnets", self.subnets.is_some());
        at.member("assignPublicIp", self.assign_public_ip.as_ref(), enumeration::AssignPublicIp::validate);
    }
}

impl Validate for shape::CapacityProviderStrategyItem {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("capacityProvider", self.capacity_provider.is_some());
        at.member("weight", self.weight.as_ref(), capacity_provider_strategy_item_weight);
        at.member("base", self.base.as_ref(), capacity_provider_strategy_item_base);
    }
}

impl Validate for shape::CapacityReservationRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "reservationPreference",
            self.reservation_preference.as_ref(),
            enumeration::CapacityReservationPreference::validate,
        );
    }
}

impl Validate for shape::ClusterConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "executeCommandConfiguration",
            self.execute_command_configuration.as_ref(),
            shape::ExecuteCommandConfiguration::validate,
        );
    }
}

impl Validate for shape::ClusterServiceConnectDefaultsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("namespace", self.namespace.is_some());
    }
}

impl Validate for shape::ClusterSetting {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("name", self.name.as_ref(), enumeration::ClusterSettingName::validate);
    }
}

impl Validate for shape::ContainerDefinition {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("repositoryCredentials", self.repository_credentials.as_ref(), repository_credentials);
        at.member("portMappings", self.port_mappings.as_ref(), port_mapping_list);
        at.member("restartPolicy", self.restart_policy.as_ref(), shape::ContainerRestartPolicy::validate);
        at.member("environmentFiles", self.environment_files.as_ref(), environment_files);
        at.member("linuxParameters", self.linux_parameters.as_ref(), shape::LinuxParameters::validate);
        at.member("secrets", self.secrets.as_ref(), secret_list);
        at.member("dependsOn", self.depends_on.as_ref(), container_dependencies);
        at.member("versionConsistency", self.version_consistency.as_ref(), enumeration::VersionConsistency::validate);
        at.member("extraHosts", self.extra_hosts.as_ref(), host_entry_list);
        at.member("ulimits", self.ulimits.as_ref(), ulimit_list);
        at.member("logConfiguration", self.log_configuration.as_ref(), shape::LogConfiguration::validate);
        at.member("healthCheck", self.health_check.as_ref(), shape::HealthCheck::validate);
        at.member("resourceRequirements", self.resource_requirements.as_ref(), resource_requirements);
        at.member(
            "firelensConfiguration",
            self.firelens_configuration.as_ref(),
            shape::FirelensConfiguration::validate,
        );
    }
}

impl Validate for shape::ContainerDependency {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerName", self.container_name.is_some());
        at.required("condition", self.condition.is_some());
        at.member("condition", self.condition.as_ref(), enumeration::ContainerCondition::validate);
    }
}

impl Validate for shape::ContainerOverride {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("environmentFiles", self.environment_files.as_ref(), environment_files);
        at.member("resourceRequirements", self.resource_requirements.as_ref(), resource_requirements);
    }
}

impl Validate for shape::ContainerRestartPolicy {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("enabled", self.enabled.is_some());
    }
}

impl Validate for shape::ContainerStateChange {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("networkBindings", self.network_bindings.as_ref(), network_bindings);
    }
}

impl Validate for shape::ContinueServiceDeploymentRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceDeploymentArn", self.service_deployment_arn.is_some());
        at.required("hookId", self.hook_id.is_some());
        at.member("action", self.action.as_ref(), enumeration::DeploymentLifecycleHookAction::validate);
    }
}

impl Validate for shape::CreateCapacityProviderRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "autoScalingGroupProvider",
            self.auto_scaling_group_provider.as_ref(),
            shape::AutoScalingGroupProvider::validate,
        );
        at.member(
            "managedInstancesProvider",
            self.managed_instances_provider.as_ref(),
            shape::CreateManagedInstancesProviderConfiguration::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for shape::CreateClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("tags", self.tags.as_ref(), tags);
        at.member("settings", self.settings.as_ref(), cluster_settings);
        at.member("configuration", self.configuration.as_ref(), shape::ClusterConfiguration::validate);
        at.member(
            "defaultCapacityProviderStrategy",
            self.default_capacity_provider_strategy.as_ref(),
            capacity_provider_strategy,
        );
        at.member(
            "serviceConnectDefaults",
            self.service_connect_defaults.as_ref(),
            shape::ClusterServiceConnectDefaultsRequest::validate,
        );
    }
}

impl Validate for shape::CreateDaemonRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonName", self.daemon_name.is_some());
        at.required("daemonTaskDefinitionArn", self.daemon_task_definition_arn.is_some());
        at.required("capacityProviderArns", self.capacity_provider_arns.is_some());
        at.member(
            "deploymentConfiguration",
            self.deployment_configuration.as_ref(),
            shape::DaemonDeploymentConfiguration::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::DaemonPropagateTags::validate);
    }
}

impl Validate for shape::CreateExpressGatewayServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("infrastructureRoleArn", self.infrastructure_role_arn.is_some());
        at.member("primaryContainer", self.primary_container.as_ref(), shape::ExpressGatewayContainer::validate);
        at.member("cpuArchitecture", self.cpu_architecture.as_ref(), enumeration::ExpressCpuArchitecture::validate);
        at.member("scalingTarget", self.scaling_target.as_ref(), shape::ExpressGatewayScalingTarget::validate);
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for shape::CreateGatewayRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.required("infrastructureRoleArn", self.infrastructure_role_arn.is_some());
        at.required("configuration", self.configuration.is_some());
        at.member("configuration", self.configuration.as_ref(), shape::GatewayConfiguration::validate);
        at.member("tags", self.tags.as_ref(), tags);
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateGatewayTags::validate);
    }
}

impl Validate for shape::CreateManagedInstancesProviderConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("infrastructureRoleArn", self.infrastructure_role_arn.is_some());
        at.required("instanceLaunchTemplate", self.instance_launch_template.is_some());
        at.member(
            "instanceLaunchTemplate",
            self.instance_launch_template.as_ref(),
            shape::InstanceLaunchTemplate::validate,
        );
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateMITags::validate);
        at.member(
            "autoRepairConfiguration",
            self.auto_repair_configuration.as_ref(),
            shape::AutoRepairConfiguration::validate,
        );
    }
}

impl Validate for shape::CreateServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceName", self.service_name.is_some());
        at.member(
            "availabilityZoneRebalancing",
            self.availability_zone_rebalancing.as_ref(),
            enumeration::AvailabilityZoneRebalancing::validate,
        );
        at.member("launchType", self.launch_type.as_ref(), enumeration::LaunchType::validate);
        at.member("capacityProviderStrategy", self.capacity_provider_strategy.as_ref(), capacity_provider_strategy);
        at.member(
            "deploymentConfiguration",
            self.deployment_configuration.as_ref(),
            shape::DeploymentConfiguration::validate,
        );
        at.member("placementConstraints", self.placement_constraints.as_ref(), placement_constraints);
        at.member("placementStrategy", self.placement_strategy.as_ref(), placement_strategies);
        at.member("networkConfiguration", self.network_configuration.as_ref(), shape::NetworkConfiguration::validate);
        at.member("schedulingStrategy", self.scheduling_strategy.as_ref(), enumeration::SchedulingStrategy::validate);
        at.member("deploymentController", self.deployment_controller.as_ref(), shape::DeploymentController::validate);
        at.member("tags", self.tags.as_ref(), tags);
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateTags::validate);
        at.member(
            "serviceConnectConfiguration",
            self.service_connect_configuration.as_ref(),
            shape::ServiceConnectConfiguration::validate,
        );
        at.member("volumeConfigurations", self.volume_configurations.as_ref(), service_volume_configurations);
        at.member("vpcLatticeConfigurations", self.vpc_lattice_configurations.as_ref(), vpc_lattice_configurations);
        at.member("gatewayConnectors", self.gateway_connectors.as_ref(), gateway_connector_list);
        at.member("monitoring", self.monitoring.as_ref(), shape::MonitoringConfiguration::validate);
    }
}

impl Validate for shape::CreateTaskSetRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("service", self.service.is_some());
        at.required("cluster", self.cluster.is_some());
        at.required("taskDefinition", self.task_definition.is_some());
        at.member("networkConfiguration", self.network_configuration.as_ref(), shape::NetworkConfiguration::validate);
        at.member("launchType", self.launch_type.as_ref(), enumeration::LaunchType::validate);
        at.member("capacityProviderStrategy", self.capacity_provider_strategy.as_ref(), capacity_provider_strategy);
        at.member("scale", self.scale.as_ref(), shape::Scale::validate);
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for shape::DaemonContainerDefinition {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("image", self.image.is_some());
        at.member("repositoryCredentials", self.repository_credentials.as_ref(), repository_credentials);
        at.member("healthCheck", self.health_check.as_ref(), shape::HealthCheck::validate);
        at.member("environmentFiles", self.environment_files.as_ref(), environment_files);
        at.member("secrets", self.secrets.as_ref(), secret_list);
        at.member("logConfiguration", self.log_configuration.as_ref(), shape::LogConfiguration::validate);
        at.member(
            "firelensConfiguration",
            self.firelens_configuration.as_ref(),
            shape::FirelensConfiguration::validate,
        );
        at.member("ulimits", self.ulimits.as_ref(), ulimit_list);
        at.member("linuxParameters", self.linux_parameters.as_ref(), shape::DaemonLinuxParameters::validate);
        at.member("dependsOn", self.depends_on.as_ref(), container_dependencies);
        at.member("restartPolicy", self.restart_policy.as_ref(), shape::ContainerRestartPolicy::validate);
    }
}

impl Validate for shape::DaemonDeploymentConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("drainPercent", self.drain_percent.as_ref(), daemon_drain_percent);
    }
}

impl Validate for shape::DaemonLinuxParameters {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("devices", self.devices.as_ref(), devices_list);
        at.member("tmpfs", self.tmpfs.as_ref(), tmpfs_list);
    }
}

impl Validate for shape::DaemonVolume {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "logDriverVolumeConfiguration",
            self.log_driver_volume_configuration.as_ref(),
            shape::LogDriverVolumeConfiguration::validate,
        );
    }
}

impl Validate for shape::DeleteAccountSettingRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("name", self.name.as_ref(), enumeration::SettingName::validate);
    }
}

impl Validate for shape::DeleteAttributesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("attributes", self.attributes.is_some());
        at.member("attributes", self.attributes.as_ref(), attributes);
    }
}

impl Validate for shape::DeleteCapacityProviderRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("capacityProvider", self.capacity_provider.is_some());
    }
}

impl Validate for shape::DeleteClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
    }
}

impl Validate for shape::DeleteDaemonRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonArn", self.daemon_arn.is_some());
    }
}

impl Validate for shape::DeleteDaemonTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonTaskDefinition", self.daemon_task_definition.is_some());
    }
}

impl Validate for shape::DeleteExpressGatewayServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceArn", self.service_arn.is_some());
    }
}

impl Validate for shape::DeleteGatewayRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
    }
}

impl Validate for shape::DeleteServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("service", self.service.is_some());
    }
}

impl Validate for shape::DeleteTaskDefinitionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("taskDefinitions", self.task_definitions.is_some());
    }
}

impl Validate for shape::DeleteTaskSetRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("service", self.service.is_some());
        at.required("taskSet", self.task_set.is_some());
    }
}

impl Validate for shape::DeploymentAlarms {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("alarmNames", self.alarm_names.is_some());
        at.required("rollback", self.rollback.is_some());
        at.required("enable", self.enable.is_some());
    }
}

impl Validate for shape::DeploymentCircuitBreaker {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("enable", self.enable.is_some());
        at.required("rollback", self.rollback.is_some());
        at.member(
            "thresholdConfiguration",
            self.threshold_configuration.as_ref(),
            shape::ThresholdConfiguration::validate,
        );
    }
}

impl Validate for shape::DeploymentConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "deploymentCircuitBreaker",
            self.deployment_circuit_breaker.as_ref(),
            shape::DeploymentCircuitBreaker::validate,
        );
        at.member("alarms", self.alarms.as_ref(), shape::DeploymentAlarms::validate);
        at.member("strategy", self.strategy.as_ref(), enumeration::DeploymentStrategy::validate);
        at.member("lifecycleHooks", self.lifecycle_hooks.as_ref(), deployment_lifecycle_hook_list);
        at.member(
            "earlySuccessCriteria",
            self.early_success_criteria.as_ref(),
            shape::DeploymentEarlySuccessCriteria::validate,
        );
    }
}

impl Validate for shape::DeploymentController {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), enumeration::DeploymentControllerType::validate);
    }
}

impl Validate for shape::DeploymentEarlySuccessCriteria {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("enable", self.enable.is_some());
        at.member("healthyPercent", self.healthy_percent.as_ref(), healthy_percent_integer);
        at.member(
            "sourceServiceRevisionCleanup",
            self.source_service_revision_cleanup.as_ref(),
            enumeration::ServiceRevisionCleanup::validate,
        );
    }
}

impl Validate for shape::DeploymentLifecycleHook {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("targetType", self.target_type.as_ref(), enumeration::DeploymentLifecycleHookTargetType::validate);
        at.member("lifecycleStages", self.lifecycle_stages.as_ref(), deployment_lifecycle_hook_stage_list);
        at.member(
            "timeoutConfiguration",
            self.timeout_configuration.as_ref(),
            shape::DeploymentLifecycleHookTimeoutConfiguration::validate,
        );
    }
}

impl Validate for shape::DeploymentLifecycleHookTimeoutConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("timeoutInMinutes", self.timeout_in_minutes.as_ref(), deployment_lifecycle_hook_duration);
        at.member("action", self.action.as_ref(), enumeration::DeploymentLifecycleHookAction::validate);
    }
}

impl Validate for shape::DeregisterContainerInstanceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstance", self.container_instance.is_some());
    }
}

impl Validate for shape::DeregisterTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("taskDefinition", self.task_definition.is_some());
    }
}

impl Validate for shape::DescribeCapacityProvidersRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("include", self.include.as_ref(), capacity_provider_field_list);
    }
}

impl Validate for shape::DescribeClustersRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("include", self.include.as_ref(), cluster_field_list);
    }
}

impl Validate for shape::DescribeContainerInstancesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstances", self.container_instances.is_some());
        at.member("include", self.include.as_ref(), container_instance_field_list);
    }
}

impl Validate for shape::DescribeDaemonDeploymentsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonDeploymentArns", self.daemon_deployment_arns.is_some());
    }
}

impl Validate for shape::DescribeDaemonRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonArn", self.daemon_arn.is_some());
    }
}

impl Validate for shape::DescribeDaemonRevisionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonRevisionArns", self.daemon_revision_arns.is_some());
    }
}

impl Validate for shape::DescribeDaemonTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonTaskDefinition", self.daemon_task_definition.is_some());
    }
}

impl Validate for shape::DescribeExpressGatewayServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceArn", self.service_arn.is_some());
        at.member("include", self.include.as_ref(), express_gateway_service_include_list);
    }
}

impl Validate for shape::DescribeGatewayRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
    }
}

impl Validate for shape::DescribeGatewayResourcesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
    }
}

impl Validate for shape::DescribeGatewayRouteRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gatewayRouteArn", self.gateway_route_arn.is_some());
    }
}

impl Validate for shape::DescribeServiceDeploymentsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceDeploymentArns", self.service_deployment_arns.is_some());
    }
}

impl Validate for shape::DescribeServiceRevisionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceRevisionArns", self.service_revision_arns.is_some());
    }
}

impl Validate for shape::DescribeServicesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("services", self.services.is_some());
        at.member("include", self.include.as_ref(), service_field_list);
    }
}

impl Validate for shape::DescribeTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("taskDefinition", self.task_definition.is_some());
        at.member("include", self.include.as_ref(), task_definition_field_list);
    }
}

impl Validate for shape::DescribeTaskSetsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("service", self.service.is_some());
        at.member("include", self.include.as_ref(), task_set_field_list);
    }
}

impl Validate for shape::DescribeTasksRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("tasks", self.tasks.is_some());
        at.member("include", self.include.as_ref(), task_field_list);
    }
}

impl Validate for shape::Device {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("hostPath", self.host_path.is_some());
        at.member("permissions", self.permissions.as_ref(), device_cgroup_permissions);
    }
}

impl Validate for shape::DisassociateGatewayFromClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
        at.required("cluster", self.cluster.is_some());
    }
}

impl Validate for shape::DiscoverPollEndpointRequest {
    fn validate(&self, _: &mut Checker<'_>) {}
}

impl Validate for shape::DockerVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("scope", self.scope.as_ref(), enumeration::Scope::validate);
    }
}

impl Validate for shape::EBSTagSpecification {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("resourceType", self.resource_type.is_some());
        at.member("resourceType", self.resource_type.as_ref(), enumeration::EBSResourceType::validate);
        at.member("tags", self.tags.as_ref(), tags);
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateTags::validate);
    }
}

impl Validate for shape::EFSAuthorizationConfig {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("iam", self.iam.as_ref(), enumeration::EFSAuthorizationConfigIAM::validate);
    }
}

impl Validate for shape::EFSVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("fileSystemId", self.file_system_id.is_some());
        at.member("transitEncryption", self.transit_encryption.as_ref(), enumeration::EFSTransitEncryption::validate);
        at.member("authorizationConfig", self.authorization_config.as_ref(), shape::EFSAuthorizationConfig::validate);
    }
}

impl Validate for shape::EnvironmentFile {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("value", self.value.is_some());
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), enumeration::EnvironmentFileType::validate);
    }
}

impl Validate for shape::EphemeralStorage {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("sizeInGiB", self.size_in_gib.is_some());
    }
}

impl Validate for shape::ExecuteCommandConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("logging", self.logging.as_ref(), enumeration::ExecuteCommandLogging::validate);
    }
}

impl Validate for shape::ExecuteCommandRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("command", self.command.is_some());
        at.required("interactive", self.interactive.is_some());
        at.required("task", self.task.is_some());
    }
}

impl Validate for shape::ExpressGatewayContainer {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("image", self.image.is_some());
        at.member(
            "awsLogsConfiguration",
            self.aws_logs_configuration.as_ref(),
            shape::ExpressGatewayServiceAwsLogsConfiguration::validate,
        );
        at.member("secrets", self.secrets.as_ref(), secret_list);
    }
}

impl Validate for shape::ExpressGatewayScalingTarget {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "autoScalingMetric",
            self.auto_scaling_metric.as_ref(),
            enumeration::ExpressGatewayServiceScalingMetric::validate,
        );
    }
}

impl Validate for shape::ExpressGatewayServiceAwsLogsConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroup", self.log_group.is_some());
        at.required("logStreamPrefix", self.log_stream_prefix.is_some());
    }
}

impl Validate for shape::FSxWindowsFileServerAuthorizationConfig {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("credentialsParameter", self.credentials_parameter.is_some());
        at.required("domain", self.domain.is_some());
    }
}

impl Validate for shape::FSxWindowsFileServerVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("fileSystemId", self.file_system_id.is_some());
        at.required("rootDirectory", self.root_directory.is_some());
        at.required("authorizationConfig", self.authorization_config.is_some());
        at.member(
            "authorizationConfig",
            self.authorization_config.as_ref(),
            shape::FSxWindowsFileServerAuthorizationConfig::validate,
        );
    }
}

impl Validate for shape::FirelensConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), enumeration::FirelensConfigurationType::validate);
    }
}

impl Validate for shape::GatewayAlbTestTrafficRules {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("header", self.header.as_ref(), shape::GatewayTestTrafficHeader::validate);
    }
}

impl Validate for shape::GatewayConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["hostSharedAlb"], &[self.host_shared_alb.is_some()]);
        at.member("hostSharedAlb", self.host_shared_alb.as_ref(), shape::HostSharedAlbConfiguration::validate);
    }
}

impl Validate for shape::GatewayConnector {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("portName", self.port_name.is_some());
        at.member("healthCheck", self.health_check.as_ref(), shape::GatewayConnectorHealthCheck::validate);
        at.member("filters", self.filters.as_ref(), shape::GatewayConnectorFilters::validate);
        at.member(
            "deregistrationDelay",
            self.deregistration_delay.as_ref(),
            shape::GatewayConnectorDeregistrationDelay::validate,
        );
    }
}

impl Validate for shape::GatewayConnectorDeregistrationDelay {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "timeoutSeconds",
            self.timeout_seconds.as_ref(),
            gateway_connector_deregistration_delay_timeout_seconds_integer,
        );
    }
}

impl Validate for shape::GatewayConnectorFilters {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("accessTypes", self.access_types.as_ref(), access_type_list);
    }
}

impl Validate for shape::GatewayConnectorHealthCheck {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "healthCheckProtocol",
            self.health_check_protocol.as_ref(),
            enumeration::GatewayConnectorHealthCheckProtocol::validate,
        );
    }
}

impl Validate for shape::GatewayElbAccessLogConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("destination", self.destination.as_ref(), shape::GatewayElbAccessLogDestination::validate);
    }
}

impl Validate for shape::GatewayElbAccessLogDestination {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["s3"], &[self.s3.is_some()]);
        at.member("s3", self.s3.as_ref(), shape::GatewayElbAccessLogS3Destination::validate);
    }
}

impl Validate for shape::GatewayElbAccessLogS3Destination {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("bucket", self.bucket.is_some());
    }
}

impl Validate for shape::GatewayElbNetworkConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("ipAddressType", self.ip_address_type.as_ref(), enumeration::GatewayElbIpAddressType::validate);
    }
}

impl Validate for shape::GatewayTestTrafficHeader {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.required("values", self.values.is_some());
    }
}

impl Validate for shape::GetTaskProtectionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
    }
}

impl Validate for shape::HealthCheck {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("command", self.command.is_some());
    }
}

impl Validate for shape::HostEntry {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("hostname", self.hostname.is_some());
        at.required("ipAddress", self.ip_address.is_some());
    }
}

impl Validate for shape::HostSharedAlbConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "networkConfiguration",
            self.network_configuration.as_ref(),
            shape::GatewayElbNetworkConfiguration::validate,
        );
        at.member("scheme", self.scheme.as_ref(), enumeration::GatewayElbScheme::validate);
        at.member("accessLogs", self.access_logs.as_ref(), shape::GatewayElbAccessLogConfiguration::validate);
        at.member("protocol", self.protocol.as_ref(), enumeration::GatewayAlbProtocol::validate);
        at.member("httpDesync", self.http_desync.as_ref(), enumeration::GatewayAlbDesyncMitigationMode::validate);
        at.member("testTrafficRules", self.test_traffic_rules.as_ref(), shape::GatewayAlbTestTrafficRules::validate);
    }
}

impl Validate for shape::InferenceAccelerator {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("deviceName", self.device_name.is_some());
        at.required("deviceType", self.device_type.is_some());
    }
}

impl Validate for shape::InstanceLaunchTemplate {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("ec2InstanceProfileArn", self.ec2_instance_profile_arn.is_some());
        at.required("networkConfiguration", self.network_configuration.is_some());
        at.member(
            "storageConfiguration",
            self.storage_configuration.as_ref(),
            shape::ManagedInstancesStorageConfiguration::validate,
        );
        at.member("monitoring", self.monitoring.as_ref(), enumeration::ManagedInstancesMonitoringOptions::validate);
        at.member("capacityOptionType", self.capacity_option_type.as_ref(), enumeration::CapacityOptionType::validate);
        at.member(
            "instanceRequirements",
            self.instance_requirements.as_ref(),
            shape::InstanceRequirementsRequest::validate,
        );
        at.member(
            "capacityReservations",
            self.capacity_reservations.as_ref(),
            shape::CapacityReservationRequest::validate,
        );
    }
}

impl Validate for shape::InstanceLaunchTemplateUpdate {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "storageConfiguration",
            self.storage_configuration.as_ref(),
            shape::ManagedInstancesStorageConfiguration::validate,
        );
        at.member("monitoring", self.monitoring.as_ref(), enumeration::ManagedInstancesMonitoringOptions::validate);
        at.member(
            "instanceRequirements",
            self.instance_requirements.as_ref(),
            shape::InstanceRequirementsRequest::validate,
        );
        at.member(
            "capacityReservations",
            self.capacity_reservations.as_ref(),
            shape::CapacityReservationRequest::validate,
        );
    }
}

impl Validate for shape::InstanceRequirementsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("vCpuCount", self.v_cpu_count.is_some());
        at.member("vCpuCount", self.v_cpu_count.as_ref(), shape::VCpuCountRangeRequest::validate);
        at.required("memoryMiB", self.memory_mib.is_some());
        at.member("memoryMiB", self.memory_mib.as_ref(), shape::MemoryMiBRequest::validate);
        at.member("cpuManufacturers", self.cpu_manufacturers.as_ref(), cpu_manufacturer_set);
        at.member("excludedInstanceTypes", self.excluded_instance_types.as_ref(), excluded_instance_type_set);
        at.member("instanceGenerations", self.instance_generations.as_ref(), instance_generation_set);
        at.member("bareMetal", self.bare_metal.as_ref(), enumeration::BareMetal::validate);
        at.member(
            "burstablePerformance",
            self.burstable_performance.as_ref(),
            enumeration::BurstablePerformance::validate,
        );
        at.member("localStorage", self.local_storage.as_ref(), enumeration::LocalStorage::validate);
        at.member("localStorageTypes", self.local_storage_types.as_ref(), local_storage_type_set);
        at.member("acceleratorTypes", self.accelerator_types.as_ref(), accelerator_type_set);
        at.member("acceleratorManufacturers", self.accelerator_manufacturers.as_ref(), accelerator_manufacturer_set);
        at.member("acceleratorNames", self.accelerator_names.as_ref(), accelerator_name_set);
        at.member("allowedInstanceTypes", self.allowed_instance_types.as_ref(), allowed_instance_type_set);
    }
}

impl Validate for shape::LinuxParameters {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("devices", self.devices.as_ref(), devices_list);
        at.member("tmpfs", self.tmpfs.as_ref(), tmpfs_list);
    }
}

impl Validate for shape::ListAccountSettingsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("name", self.name.as_ref(), enumeration::SettingName::validate);
    }
}

impl Validate for shape::ListAttributesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("targetType", self.target_type.is_some());
        at.member("targetType", self.target_type.as_ref(), enumeration::TargetType::validate);
    }
}

impl Validate for shape::ListClustersRequest {
    fn validate(&self, _: &mut Checker<'_>) {}
}

impl Validate for shape::ListContainerInstancesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), enumeration::ContainerInstanceStatus::validate);
    }
}

impl Validate for shape::ListDaemonDeploymentsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonArn", self.daemon_arn.is_some());
        at.member("status", self.status.as_ref(), daemon_deployment_status_list);
    }
}

impl Validate for shape::ListDaemonTaskDefinitionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("revision", self.revision.as_ref(), enumeration::DaemonTaskDefinitionRevisionFilter::validate);
        at.member("status", self.status.as_ref(), enumeration::DaemonTaskDefinitionStatusFilter::validate);
        at.member("sort", self.sort.as_ref(), enumeration::SortOrder::validate);
    }
}

impl Validate for shape::ListDaemonsRequest {
    fn validate(&self, _: &mut Checker<'_>) {}
}

impl Validate for shape::ListGatewayClusterAssociationsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), gateway_cluster_association_status_list);
    }
}

impl Validate for shape::ListGatewayRoutesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), gateway_route_status_list);
    }
}

impl Validate for shape::ListGatewaysRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), gateway_status_list);
    }
}

impl Validate for shape::ListServiceDeploymentsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("service", self.service.is_some());
        at.member("status", self.status.as_ref(), service_deployment_status_list);
    }
}

impl Validate for shape::ListServicesByNamespaceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("namespace", self.namespace.is_some());
    }
}

impl Validate for shape::ListServicesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("launchType", self.launch_type.as_ref(), enumeration::LaunchType::validate);
        at.member("schedulingStrategy", self.scheduling_strategy.as_ref(), enumeration::SchedulingStrategy::validate);
        at.member(
            "resourceManagementType",
            self.resource_management_type.as_ref(),
            enumeration::ResourceManagementType::validate,
        );
    }
}

impl Validate for shape::ListTagsForResourceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("resourceArn", self.resource_arn.is_some());
    }
}

impl Validate for shape::ListTaskDefinitionFamiliesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), enumeration::TaskDefinitionFamilyStatus::validate);
    }
}

impl Validate for shape::ListTaskDefinitionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), enumeration::TaskDefinitionStatus::validate);
        at.member("sort", self.sort.as_ref(), enumeration::SortOrder::validate);
    }
}

impl Validate for shape::ListTasksRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("desiredStatus", self.desired_status.as_ref(), enumeration::DesiredStatus::validate);
        at.member("launchType", self.launch_type.as_ref(), enumeration::LaunchType::validate);
    }
}

impl Validate for shape::LogConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logDriver", self.log_driver.is_some());
        at.member("logDriver", self.log_driver.as_ref(), enumeration::LogDriver::validate);
        at.member("secretOptions", self.secret_options.as_ref(), secret_list);
    }
}

impl Validate for shape::LogDriverVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("driver", self.driver.is_some());
        at.member("driver", self.driver.as_ref(), enumeration::LogDriver::validate);
    }
}

impl Validate for shape::ManagedAgentStateChange {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerName", self.container_name.is_some());
        at.required("managedAgentName", self.managed_agent_name.is_some());
        at.member("managedAgentName", self.managed_agent_name.as_ref(), enumeration::ManagedAgentName::validate);
        at.required("status", self.status.is_some());
    }
}

impl Validate for shape::ManagedInstancesStorageConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("storageSizeGiB", self.storage_size_gib.as_ref(), task_volume_storage_gib);
    }
}

impl Validate for shape::ManagedScaling {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), enumeration::ManagedScalingStatus::validate);
        at.member("targetCapacity", self.target_capacity.as_ref(), managed_scaling_target_capacity);
        at.member("minimumScalingStepSize", self.minimum_scaling_step_size.as_ref(), managed_scaling_step_size);
        at.member("maximumScalingStepSize", self.maximum_scaling_step_size.as_ref(), managed_scaling_step_size);
        at.member("instanceWarmupPeriod", self.instance_warmup_period.as_ref(), managed_scaling_instance_warmup_period);
    }
}

impl Validate for shape::MemoryMiBRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("min", self.min.is_some());
    }
}

impl Validate for shape::MetricConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("metricNames", self.metric_names.is_some());
        at.member("metricNames", self.metric_names.as_ref(), metric_names_list);
        at.required("resolutionSeconds", self.resolution_seconds.is_some());
        at.member("resolutionSeconds", self.resolution_seconds.as_ref(), metric_resolution_seconds);
    }
}

impl Validate for shape::MonitoringConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("metricConfigurations", self.metric_configurations.as_ref(), metric_configuration_list);
    }
}

impl Validate for shape::NetworkBinding {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("protocol", self.protocol.as_ref(), enumeration::TransportProtocol::validate);
    }
}

impl Validate for shape::NetworkConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("awsvpcConfiguration", self.awsvpc_configuration.as_ref(), shape::AwsVpcConfiguration::validate);
    }
}

impl Validate for shape::NvidiaMpsAllocation {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("memory", self.memory.is_some());
        at.member("memory", self.memory.as_ref(), nvidia_mps_allocation_memory_integer);
        at.member(
            "maxComputePercent",
            self.max_compute_percent.as_ref(),
            nvidia_mps_allocation_max_compute_percent_integer,
        );
    }
}

impl Validate for shape::PlacementConstraint {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("type", self.r#type.as_ref(), enumeration::PlacementConstraintType::validate);
    }
}

impl Validate for shape::PlacementStrategy {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("type", self.r#type.as_ref(), enumeration::PlacementStrategyType::validate);
    }
}

impl Validate for shape::PlatformDevice {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("id", self.id.is_some());
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), enumeration::PlatformDeviceType::validate);
    }
}

impl Validate for shape::PortMapping {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("protocol", self.protocol.as_ref(), enumeration::TransportProtocol::validate);
        at.member("appProtocol", self.app_protocol.as_ref(), enumeration::ApplicationProtocol::validate);
    }
}

impl Validate for shape::ProxyConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("type", self.r#type.as_ref(), enumeration::ProxyConfigurationType::validate);
        at.required("containerName", self.container_name.is_some());
    }
}

impl Validate for shape::PutAccountSettingDefaultRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("name", self.name.as_ref(), enumeration::SettingName::validate);
        at.required("value", self.value.is_some());
    }
}

impl Validate for shape::PutAccountSettingRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("name", self.name.as_ref(), enumeration::SettingName::validate);
        at.required("value", self.value.is_some());
    }
}

impl Validate for shape::PutAttributesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("attributes", self.attributes.is_some());
        at.member("attributes", self.attributes.as_ref(), attributes);
    }
}

impl Validate for shape::PutClusterCapacityProvidersRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("capacityProviders", self.capacity_providers.is_some());
        at.required("defaultCapacityProviderStrategy", self.default_capacity_provider_strategy.is_some());
        at.member(
            "defaultCapacityProviderStrategy",
            self.default_capacity_provider_strategy.as_ref(),
            capacity_provider_strategy,
        );
    }
}

impl Validate for shape::RegisterContainerInstanceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("attributes", self.attributes.as_ref(), attributes);
        at.member("platformDevices", self.platform_devices.as_ref(), platform_devices);
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for shape::RegisterDaemonTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("family", self.family.is_some());
        at.required("containerDefinitions", self.container_definitions.is_some());
        at.member("containerDefinitions", self.container_definitions.as_ref(), daemon_container_definition_list);
        at.member("volumes", self.volumes.as_ref(), daemon_volume_list);
        at.member("tags", self.tags.as_ref(), tags);
        at.member("pidMode", self.pid_mode.as_ref(), enumeration::DaemonPidMode::validate);
        at.member("ipcMode", self.ipc_mode.as_ref(), enumeration::DaemonIpcMode::validate);
    }
}

impl Validate for shape::RegisterTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("family", self.family.is_some());
        at.member("networkMode", self.network_mode.as_ref(), enumeration::NetworkMode::validate);
        at.required("containerDefinitions", self.container_definitions.is_some());
        at.member("containerDefinitions", self.container_definitions.as_ref(), container_definitions);
        at.member("volumes", self.volumes.as_ref(), volume_list);
        at.member("placementConstraints", self.placement_constraints.as_ref(), task_definition_placement_constraints);
        at.member("requiresCompatibilities", self.requires_compatibilities.as_ref(), compatibility_list);
        at.member("tags", self.tags.as_ref(), tags);
        at.member("pidMode", self.pid_mode.as_ref(), enumeration::PidMode::validate);
        at.member("ipcMode", self.ipc_mode.as_ref(), enumeration::IpcMode::validate);
        at.member("proxyConfiguration", self.proxy_configuration.as_ref(), shape::ProxyConfiguration::validate);
        at.member("inferenceAccelerators", self.inference_accelerators.as_ref(), inference_accelerators);
        at.member("ephemeralStorage", self.ephemeral_storage.as_ref(), shape::EphemeralStorage::validate);
        at.member("runtimePlatform", self.runtime_platform.as_ref(), shape::RuntimePlatform::validate);
        at.member(
            "trustedExecutionConfiguration",
            self.trusted_execution_configuration.as_ref(),
            shape::TrustedExecutionConfiguration::validate,
        );
    }
}

impl Validate for shape::RepositoryCredentials {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("credentialsParameter", self.credentials_parameter.is_some());
    }
}

impl Validate for shape::ResourceRequirement {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), enumeration::ResourceType::validate);
        at.member("sharingStrategy", self.sharing_strategy.as_ref(), shape::SharingStrategy::validate);
    }
}

impl Validate for shape::RunTaskRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("capacityProviderStrategy", self.capacity_provider_strategy.as_ref(), capacity_provider_strategy);
        at.member("launchType", self.launch_type.as_ref(), enumeration::LaunchType::validate);
        at.member("networkConfiguration", self.network_configuration.as_ref(), shape::NetworkConfiguration::validate);
        at.member("overrides", self.overrides.as_ref(), shape::TaskOverride::validate);
        at.member("placementConstraints", self.placement_constraints.as_ref(), placement_constraints);
        at.member("placementStrategy", self.placement_strategy.as_ref(), placement_strategies);
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateTags::validate);
        at.member("tags", self.tags.as_ref(), tags);
        at.required("taskDefinition", self.task_definition.is_some());
        at.member("volumeConfigurations", self.volume_configurations.as_ref(), task_volume_configurations);
    }
}

impl Validate for shape::RuntimePlatform {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("cpuArchitecture", self.cpu_architecture.as_ref(), enumeration::CPUArchitecture::validate);
        at.member("operatingSystemFamily", self.operating_system_family.as_ref(), enumeration::OSFamily::validate);
    }
}

impl Validate for shape::S3FilesVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("fileSystemArn", self.file_system_arn.is_some());
    }
}

impl Validate for shape::Scale {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("unit", self.unit.as_ref(), enumeration::ScaleUnit::validate);
    }
}

impl Validate for shape::Secret {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.required("valueFrom", self.value_from.is_some());
    }
}

impl Validate for shape::ServiceConnectAccessLogConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("format", self.format.is_some());
        at.member("format", self.format.as_ref(), enumeration::ServiceConnectAccessLoggingFormat::validate);
        at.member(
            "includeQueryParameters",
            self.include_query_parameters.as_ref(),
            enumeration::ServiceConnectIncludeQueryParameters::validate,
        );
    }
}

impl Validate for shape::ServiceConnectClientAlias {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("port", self.port.is_some());
        at.member("port", self.port.as_ref(), port_number);
        at.member(
            "testTrafficRules",
            self.test_traffic_rules.as_ref(),
            shape::ServiceConnectTestTrafficRules::validate,
        );
    }
}

impl Validate for shape::ServiceConnectConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("enabled", self.enabled.is_some());
        at.member("services", self.services.as_ref(), service_connect_service_list);
        at.member("logConfiguration", self.log_configuration.as_ref(), shape::LogConfiguration::validate);
        at.member(
            "accessLogConfiguration",
            self.access_log_configuration.as_ref(),
            shape::ServiceConnectAccessLogConfiguration::validate,
        );
        at.member(
            "containerConfigurations",
            self.container_configurations.as_ref(),
            service_connect_container_configurations,
        );
    }
}

impl Validate for shape::ServiceConnectContainerConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["logLevel"], &[self.log_level.is_some()]);
        at.member("logLevel", self.log_level.as_ref(), enumeration::ServiceConnectContainerLogLevel::validate);
    }
}

impl Validate for shape::ServiceConnectService {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("portName", self.port_name.is_some());
        at.member("clientAliases", self.client_aliases.as_ref(), service_connect_client_alias_list);
        at.member("ingressPortOverride", self.ingress_port_override.as_ref(), port_number);
        at.member("timeout", self.timeout.as_ref(), shape::TimeoutConfiguration::validate);
        at.member("tls", self.tls.as_ref(), shape::ServiceConnectTlsConfiguration::validate);
    }
}

impl Validate for shape::ServiceConnectTestTrafficHeaderMatchRules {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("exact", self.exact.is_some());
    }
}

impl Validate for shape::ServiceConnectTestTrafficHeaderRules {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("value", self.value.as_ref(), shape::ServiceConnectTestTrafficHeaderMatchRules::validate);
    }
}

impl Validate for shape::ServiceConnectTestTrafficRules {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("header", self.header.is_some());
        at.member("header", self.header.as_ref(), shape::ServiceConnectTestTrafficHeaderRules::validate);
    }
}

impl Validate for shape::ServiceConnectTlsConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("issuerCertificateAuthority", self.issuer_certificate_authority.is_some());
    }
}

impl Validate for shape::ServiceManagedEBSVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("tagSpecifications", self.tag_specifications.as_ref(), ebs_tag_specifications);
        at.required("roleArn", self.role_arn.is_some());
        at.member("filesystemType", self.filesystem_type.as_ref(), enumeration::TaskFilesystemType::validate);
    }
}

impl Validate for shape::ServiceVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "managedEBSVolume",
            self.managed_ebs_volume.as_ref(),
            shape::ServiceManagedEBSVolumeConfiguration::validate,
        );
    }
}

impl Validate for shape::SharingStrategy {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["nvidiaMps"], &[self.nvidia_mps.is_some()]);
        at.member("nvidiaMps", self.nvidia_mps.as_ref(), shape::NvidiaMpsAllocation::validate);
    }
}

impl Validate for shape::StartTaskRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstances", self.container_instances.is_some());
        at.member("networkConfiguration", self.network_configuration.as_ref(), shape::NetworkConfiguration::validate);
        at.member("overrides", self.overrides.as_ref(), shape::TaskOverride::validate);
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateTags::validate);
        at.member("tags", self.tags.as_ref(), tags);
        at.required("taskDefinition", self.task_definition.is_some());
        at.member("volumeConfigurations", self.volume_configurations.as_ref(), task_volume_configurations);
    }
}

impl Validate for shape::StopServiceDeploymentRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceDeploymentArn", self.service_deployment_arn.is_some());
        at.member("stopType", self.stop_type.as_ref(), enumeration::StopServiceDeploymentStopType::validate);
    }
}

impl Validate for shape::StopTaskRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("task", self.task.is_some());
    }
}

impl Validate for shape::SubmitAttachmentStateChangesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("attachments", self.attachments.is_some());
        at.member("attachments", self.attachments.as_ref(), attachment_state_changes);
    }
}

impl Validate for shape::SubmitContainerStateChangeRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("networkBindings", self.network_bindings.as_ref(), network_bindings);
    }
}

impl Validate for shape::SubmitTaskStateChangeRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("containers", self.containers.as_ref(), container_state_changes);
        at.member("attachments", self.attachments.as_ref(), attachment_state_changes);
        at.member("managedAgents", self.managed_agents.as_ref(), managed_agent_state_changes);
    }
}

impl Validate for shape::Tag {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("key", self.key.as_ref(), tag_key);
        at.member("value", self.value.as_ref(), tag_value);
    }
}

impl Validate for shape::TagResourceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("resourceArn", self.resource_arn.is_some());
        at.required("tags", self.tags.is_some());
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for shape::TaskDefinitionPlacementConstraint {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("type", self.r#type.as_ref(), enumeration::TaskDefinitionPlacementConstraintType::validate);
    }
}

impl Validate for shape::TaskManagedEBSVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("tagSpecifications", self.tag_specifications.as_ref(), ebs_tag_specifications);
        at.required("roleArn", self.role_arn.is_some());
        at.member(
            "terminationPolicy",
            self.termination_policy.as_ref(),
            shape::TaskManagedEBSVolumeTerminationPolicy::validate,
        );
        at.member("filesystemType", self.filesystem_type.as_ref(), enumeration::TaskFilesystemType::validate);
    }
}

impl Validate for shape::TaskManagedEBSVolumeTerminationPolicy {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("deleteOnTermination", self.delete_on_termination.is_some());
    }
}

impl Validate for shape::TaskOverride {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("containerOverrides", self.container_overrides.as_ref(), container_overrides);
        at.member("ephemeralStorage", self.ephemeral_storage.as_ref(), shape::EphemeralStorage::validate);
    }
}

impl Validate for shape::TaskVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "managedEBSVolume",
            self.managed_ebs_volume.as_ref(),
            shape::TaskManagedEBSVolumeConfiguration::validate,
        );
    }
}

impl Validate for shape::ThresholdConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), enumeration::ThresholdType::validate);
        at.required("value", self.value.is_some());
    }
}

impl Validate for shape::TimeoutConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("idleTimeoutSeconds", self.idle_timeout_seconds.as_ref(), duration);
        at.member("perRequestTimeoutSeconds", self.per_request_timeout_seconds.as_ref(), duration);
    }
}

impl Validate for shape::Tmpfs {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerPath", self.container_path.is_some());
        at.required("size", self.size.is_some());
    }
}

impl Validate for shape::TrustedExecutionConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("isolationMode", self.isolation_mode.is_some());
        at.member("isolationMode", self.isolation_mode.as_ref(), enumeration::IsolationMode::validate);
    }
}

impl Validate for shape::Ulimit {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("name", self.name.as_ref(), enumeration::UlimitName::validate);
        at.required("softLimit", self.soft_limit.is_some());
        at.required("hardLimit", self.hard_limit.is_some());
    }
}

impl Validate for shape::UntagResourceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("resourceArn", self.resource_arn.is_some());
        at.required("tagKeys", self.tag_keys.is_some());
        at.member("tagKeys", self.tag_keys.as_ref(), tag_keys);
    }
}

impl Validate for shape::UpdateCapacityProviderRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "autoScalingGroupProvider",
            self.auto_scaling_group_provider.as_ref(),
            shape::AutoScalingGroupProviderUpdate::validate,
        );
        at.member(
            "managedInstancesProvider",
            self.managed_instances_provider.as_ref(),
            shape::UpdateManagedInstancesProviderConfiguration::validate,
        );
    }
}

impl Validate for shape::UpdateClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.member("settings", self.settings.as_ref(), cluster_settings);
        at.member("configuration", self.configuration.as_ref(), shape::ClusterConfiguration::validate);
        at.member(
            "serviceConnectDefaults",
            self.service_connect_defaults.as_ref(),
            shape::ClusterServiceConnectDefaultsRequest::validate,
        );
    }
}

impl Validate for shape::UpdateClusterSettingsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("settings", self.settings.is_some());
        at.member("settings", self.settings.as_ref(), cluster_settings);
    }
}

impl Validate for shape::UpdateContainerAgentRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstance", self.container_instance.is_some());
    }
}

impl Validate for shape::UpdateContainerInstancesStateRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstances", self.container_instances.is_some());
        at.required("status", self.status.is_some());
        at.member("status", self.status.as_ref(), enumeration::ContainerInstanceStatus::validate);
    }
}

impl Validate for shape::UpdateDaemonRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonArn", self.daemon_arn.is_some());
        at.required("daemonTaskDefinitionArn", self.daemon_task_definition_arn.is_some());
        at.required("capacityProviderArns", self.capacity_provider_arns.is_some());
        at.member(
            "deploymentConfiguration",
            self.deployment_configuration.as_ref(),
            shape::DaemonDeploymentConfiguration::validate,
        );
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::DaemonPropagateTags::validate);
    }
}

impl Validate for shape::UpdateExpressGatewayServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceArn", self.service_arn.is_some());
        at.member("primaryContainer", self.primary_container.as_ref(), shape::ExpressGatewayContainer::validate);
        at.member("cpuArchitecture", self.cpu_architecture.as_ref(), enumeration::ExpressCpuArchitecture::validate);
        at.member("scalingTarget", self.scaling_target.as_ref(), shape::ExpressGatewayScalingTarget::validate);
    }
}

impl Validate for shape::UpdateGatewayAlbConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("accessLogs", self.access_logs.as_ref(), shape::GatewayElbAccessLogConfiguration::validate);
        at.member("httpDesync", self.http_desync.as_ref(), enumeration::GatewayAlbDesyncMitigationMode::validate);
        at.member("testTrafficRules", self.test_traffic_rules.as_ref(), shape::GatewayAlbTestTrafficRules::validate);
    }
}

impl Validate for shape::UpdateGatewayConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["hostSharedAlb"], &[self.host_shared_alb.is_some()]);
        at.member("hostSharedAlb", self.host_shared_alb.as_ref(), shape::UpdateGatewayAlbConfiguration::validate);
    }
}

impl Validate for shape::UpdateGatewayRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
        at.member("configuration", self.configuration.as_ref(), shape::UpdateGatewayConfiguration::validate);
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateGatewayTags::validate);
    }
}

impl Validate for shape::UpdateManagedInstancesProviderConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("infrastructureRoleArn", self.infrastructure_role_arn.is_some());
        at.required("instanceLaunchTemplate", self.instance_launch_template.is_some());
        at.member(
            "instanceLaunchTemplate",
            self.instance_launch_template.as_ref(),
            shape::InstanceLaunchTemplateUpdate::validate,
        );
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateMITags::validate);
        at.member(
            "autoRepairConfiguration",
            self.auto_repair_configuration.as_ref(),
            shape::AutoRepairConfiguration::validate,
        );
    }
}

impl Validate for shape::UpdateServicePrimaryTaskSetRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("service", self.service.is_some());
        at.required("primaryTaskSet", self.primary_task_set.is_some());
    }
}

impl Validate for shape::UpdateServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("service", self.service.is_some());
        at.member("capacityProviderStrategy", self.capacity_provider_strategy.as_ref(), capacity_provider_strategy);
        at.member(
            "deploymentConfiguration",
            self.deployment_configuration.as_ref(),
            shape::DeploymentConfiguration::validate,
        );
        at.member(
            "availabilityZoneRebalancing",
            self.availability_zone_rebalancing.as_ref(),
            enumeration::AvailabilityZoneRebalancing::validate,
        );
        at.member("networkConfiguration", self.network_configuration.as_ref(), shape::NetworkConfiguration::validate);
        at.member("placementConstraints", self.placement_constraints.as_ref(), placement_constraints);
        at.member("placementStrategy", self.placement_strategy.as_ref(), placement_strategies);
        at.member("deploymentController", self.deployment_controller.as_ref(), shape::DeploymentController::validate);
        at.member("propagateTags", self.propagate_tags.as_ref(), enumeration::PropagateTags::validate);
        at.member(
            "serviceConnectConfiguration",
            self.service_connect_configuration.as_ref(),
            shape::ServiceConnectConfiguration::validate,
        );
        at.member("volumeConfigurations", self.volume_configurations.as_ref(), service_volume_configurations);
        at.member("vpcLatticeConfigurations", self.vpc_lattice_configurations.as_ref(), vpc_lattice_configurations);
        at.member("gatewayConnectors", self.gateway_connectors.as_ref(), gateway_connector_list);
        at.member("monitoring", self.monitoring.as_ref(), shape::MonitoringConfiguration::validate);
    }
}

impl Validate for shape::UpdateTaskProtectionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("tasks", self.tasks.is_some());
        at.required("protectionEnabled", self.protection_enabled.is_some());
    }
}

impl Validate for shape::UpdateTaskSetRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("service", self.service.is_some());
        at.required("taskSet", self.task_set.is_some());
        at.required("scale", self.scale.is_some());
        at.member("scale", self.scale.as_ref(), shape::Scale::validate);
    }
}

impl Validate for shape::VCpuCountRangeRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("min", self.min.is_some());
    }
}

impl Validate for shape::Volume {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "dockerVolumeConfiguration",
            self.docker_volume_configuration.as_ref(),
            shape::DockerVolumeConfiguration::validate,
        );
        at.member(
            "efsVolumeConfiguration",
            self.efs_volume_configuration.as_ref(),
            shape::EFSVolumeConfiguration::validate,
        );
        at.member(
            "s3filesVolumeConfiguration",
            self.s3files_volume_configuration.as_ref(),
            shape::S3FilesVolumeConfiguration::validate,
        );
        at.member(
            "fsxWindowsFileServerVolumeConfiguration",
            self.fsx_windows_file_server_volume_configuration.as_ref(),
            shape::FSxWindowsFileServerVolumeConfiguration::validate,
        );
    }
}

impl Validate for shape::VpcLatticeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("roleArn", self.role_arn.is_some());
        at.required("targetGroupArn", self.target_group_arn.is_some());
        at.required("portName", self.port_name.is_some());
    }
}

fn accelerator_manufacturer_set(value: &Vec<enumeration::AcceleratorManufacturer>, at: &mut Checker<'_>) {
    at.each(value, enumeration::AcceleratorManufacturer::validate);
}

fn accelerator_name_set(value: &Vec<enumeration::AcceleratorName>, at: &mut Checker<'_>) {
    at.each(value, enumeration::AcceleratorName::validate);
}

fn accelerator_type_set(value: &Vec<enumeration::AcceleratorType>, at: &mut Checker<'_>) {
    at.each(value, enumeration::AcceleratorType::validate);
}

fn access_type_list(value: &Vec<enumeration::AccessType>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(2));
    at.each(value, enumeration::AccessType::validate);
}

fn allowed_instance_type(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(30));
    at.pattern(value, r"[a-zA-Z0-9\.\*\-]+", |c| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '*' | '-'));
}

fn allowed_instance_type_set(value: &Vec<String>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(400));
    at.each(value, allowed_instance_type);
}

fn attachment_state_changes(value: &Vec<shape::AttachmentStateChange>, at: &mut Checker<'_>) {
    at.each(value, shape::AttachmentStateChange::validate);
}

fn attributes(value: &Vec<shape::Attribute>, at: &mut Checker<'_>) {
    at.each(value, shape::Attribute::validate);
}

fn capacity_provider_field_list(value: &Vec<enumeration::CapacityProviderField>, at: &mut Checker<'_>) {
    at.each(value, enumeration::CapacityProviderField::validate);
}

fn capacity_provider_strategy(value: &Vec<shape::CapacityProviderStrategyItem>, at: &mut Checker<'_>) {
    at.each(value, shape::CapacityProviderStrategyItem::validate);
}

fn capacity_provider_strategy_item_base(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(100_000));
}

fn capacity_provider_strategy_item_weight(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(1_000));
}

fn cluster_field_list(value: &Vec<enumeration::ClusterField>, at: &mut Checker<'_>) {
    at.each(value, enumeration::ClusterField::validate);
}

fn cluster_settings(value: &Vec<shape::ClusterSetting>, at: &mut Checker<'_>) {
    at.each(value, shape::ClusterSetting::validate);
}

fn compatibility_list(value: &Vec<enumeration::Compatibility>, at: &mut Checker<'_>) {
    at.each(value, enumeration::Compatibility::validate);
}

fn container_definitions(value: &Vec<shape::ContainerDefinition>, at: &mut Checker<'_>) {
    at.each(value, shape::ContainerDefinition::validate);
}

fn container_dependencies(value: &Vec<shape::ContainerDependency>, at: &mut Checker<'_>) {
    at.each(value, shape::ContainerDependency::validate);
}

fn container_instance_field_list(value: &Vec<enumeration::ContainerInstanceField>, at: &mut Checker<'_>) {
    at.each(value, enumeration::ContainerInstanceField::validate);
}

fn container_overrides(value: &Vec<shape::ContainerOverride>, at: &mut Checker<'_>) {
    at.each(value, shape::ContainerOverride::validate);
}

fn container_state_changes(value: &Vec<shape::ContainerStateChange>, at: &mut Checker<'_>) {
    at.each(value, shape::ContainerStateChange::validate);
}

fn cpu_manufacturer_set(value: &Vec<enumeration::CpuManufacturer>, at: &mut Checker<'_>) {
    at.each(value, enumeration::CpuManufacturer::validate);
}

fn daemon_container_definition_list(value: &Vec<shape::DaemonContainerDefinition>, at: &mut Checker<'_>) {
    at.each(value, shape::DaemonContainerDefinition::validate);
}

fn daemon_deployment_status_list(value: &Vec<enumeration::DaemonDeploymentStatus>, at: &mut Checker<'_>) {
    at.each(value, enumeration::DaemonDeploymentStatus::validate);
}

fn daemon_drain_percent(value: &f64, at: &mut Checker<'_>) {
    at.range(value, Some(0.0), Some(100.0));
}

fn daemon_volume_list(value: &Vec<shape::DaemonVolume>, at: &mut Checker<'_>) {
    at.each(value, shape::DaemonVolume::validate);
}

fn deployment_lifecycle_hook_duration(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(20_160));
}

fn deployment_lifecycle_hook_list(value: &Vec<shape::DeploymentLifecycleHook>, at: &mut Checker<'_>) {
    at.each(value, shape::DeploymentLifecycleHook::validate);
}

fn deployment_lifecycle_hook_stage_list(value: &Vec<enumeration::DeploymentLifecycleHookStage>, at: &mut Checker<'_>) {
    at.each(value, enumeration::DeploymentLifecycleHookStage::validate);
}

fn device_cgroup_permissions(value: &Vec<enumeration::DeviceCgroupPermission>, at: &mut Checker<'_>) {
    at.each(value, enumeration::DeviceCgroupPermission::validate);
}

fn devices_list(value: &Vec<shape::Device>, at: &mut Checker<'_>) {
    at.each(value, shape::Device::validate);
}

fn duration(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), None);
}

fn ebs_tag_specifications(value: &Vec<shape::EBSTagSpecification>, at: &mut Checker<'_>) {
    at.each(value, shape::EBSTagSpecification::validate);
}

fn environment_files(value: &Vec<shape::EnvironmentFile>, at: &mut Checker<'_>) {
    at.each(value, shape::EnvironmentFile::validate);
}

fn excluded_instance_type(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(30));
    at.pattern(value, r"[a-zA-Z0-9\.\*\-]+", |c| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '*' | '-'));
}

fn excluded_instance_type_set(value: &Vec<String>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(400));
    at.each(value, excluded_instance_type);
}

fn express_gateway_service_include_list(value: &Vec<enumeration::ExpressGatewayServiceInclude>, at: &mut Checker<'_>) {
    at.each(value, enumeration::ExpressGatewayServiceInclude::validate);
}

fn gateway_cluster_association_status_list(
    value: &Vec<enumeration::GatewayClusterAssociationStatus>,
    at: &mut Checker<'_>,
) {
    at.items(value.len(), None, Some(3));
    at.each(value, enumeration::GatewayClusterAssociationStatus::validate);
}

fn gateway_connector_deregistration_delay_timeout_seconds_integer(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(3_600));
}

fn gateway_connector_list(value: &Vec<shape::GatewayConnector>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(1));
    at.each(value, shape::GatewayConnector::validate);
}

fn gateway_route_status_list(value: &Vec<enumeration::GatewayRouteStatus>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(7));
    at.each(value, enumeration::GatewayRouteStatus::validate);
}

fn gateway_status_list(value: &Vec<enumeration::GatewayStatus>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(5));
    at.each(value, enumeration::GatewayStatus::validate);
}

fn healthy_percent_integer(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(100));
}

fn host_entry_list(value: &Vec<shape::HostEntry>, at: &mut Checker<'_>) {
    at.each(value, shape::HostEntry::validate);
}

fn inference_accelerators(value: &Vec<shape::InferenceAccelerator>, at: &mut Checker<'_>) {
    at.each(value, shape::InferenceAccelerator::validate);
}

fn instance_generation_set(value: &Vec<enumeration::InstanceGeneration>, at: &mut Checker<'_>) {
    at.each(value, enumeration::InstanceGeneration::validate);
}

fn local_storage_type_set(value: &Vec<enumeration::LocalStorageType>, at: &mut Checker<'_>) {
    at.each(value, enumeration::LocalStorageType::validate);
}

fn managed_agent_state_changes(value: &Vec<shape::ManagedAgentStateChange>, at: &mut Checker<'_>) {
    at.each(value, shape::ManagedAgentStateChange::validate);
}

fn managed_scaling_instance_warmup_period(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(10_000));
}

fn managed_scaling_step_size(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(10_000));
}

fn managed_scaling_target_capacity(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(100));
}

fn metric_configuration_list(value: &Vec<shape::MetricConfiguration>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(5));
    at.each(value, shape::MetricConfiguration::validate);
}

fn metric_name(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(255));
}

fn metric_names_list(value: &Vec<String>, at: &mut Checker<'_>) {
    at.items(value.len(), Some(1), Some(5));
    at.each(value, metric_name);
}

fn metric_resolution_seconds(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(20), Some(60));
}

fn network_bindings(value: &Vec<shape::NetworkBinding>, at: &mut Checker<'_>) {
    at.each(value, shape::NetworkBinding::validate);
}

fn nvidia_mps_allocation_max_compute_percent_integer(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(100));
}

fn nvidia_mps_allocation_memory_integer(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), None);
}

fn placement_constraints(value: &Vec<shape::PlacementConstraint>, at: &mut Checker<'_>) {
    at.each(value, shape::PlacementConstraint::validate);
}

fn placement_strategies(value: &Vec<shape::PlacementStrategy>, at: &mut Checker<'_>) {
    at.each(value, shape::PlacementStrategy::validate);
}

fn platform_devices(value: &Vec<shape::PlatformDevice>, at: &mut Checker<'_>) {
    at.each(value, shape::PlatformDevice::validate);
}

fn port_mapping_list(value: &Vec<shape::PortMapping>, at: &mut Checker<'_>) {
    at.each(value, shape::PortMapping::validate);
}

fn port_number(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(65_535));
}

fn repository_credentials(value: &Sensitive<shape::RepositoryCredentials>, at: &mut Checker<'_>) {
    at.sensitive(value, shape::RepositoryCredentials::validate);
}

fn resource_requirements(value: &Vec<shape::ResourceRequirement>, at: &mut Checker<'_>) {
    at.each(value, shape::ResourceRequirement::validate);
}

fn secret_list(value: &Vec<shape::Secret>, at: &mut Checker<'_>) {
    at.each(value, shape::Secret::validate);
}

fn service_connect_client_alias_list(value: &Vec<shape::ServiceConnectClientAlias>, at: &mut Checker<'_>) {
    at.each(value, shape::ServiceConnectClientAlias::validate);
}

fn service_connect_container_configurations(
    value: &Vec<shape::ServiceConnectContainerConfiguration>,
    at: &mut Checker<'_>,
) {
    at.items(value.len(), None, Some(10));
    at.each(value, shape::ServiceConnectContainerConfiguration::validate);
}

fn service_connect_service_list(value: &Vec<shape::ServiceConnectService>, at: &mut Checker<'_>) {
    at.each(value, shape::ServiceConnectService::validate);
}

fn service_deployment_status_list(value: &Vec<enumeration::ServiceDeploymentStatus>, at: &mut Checker<'_>) {
    at.each(value, enumeration::ServiceDeploymentStatus::validate);
}

fn service_field_list(value: &Vec<enumeration::ServiceField>, at: &mut Checker<'_>) {
    at.each(value, enumeration::ServiceField::validate);
}

fn service_volume_configurations(value: &Vec<shape::ServiceVolumeConfiguration>, at: &mut Checker<'_>) {
    at.each(value, shape::ServiceVolumeConfiguration::validate);
}

fn tag_key(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(128));
    at.pattern(value, r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", |c| {
        c.is_alphabetic()
            || (c.is_whitespace() && !c.is_control())
            || c.is_numeric()
            || matches!(c, '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@')
    });
}

fn tag_keys(value: &Vec<String>, at: &mut Checker<'_>) {
    at.each(value, tag_key);
}

fn tag_value(value: &String, at: &mut Checker<'_>) {
    at.characters(value, None, Some(256));
    at.pattern(value, r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", |c| {
        c.is_alphabetic()
            || (c.is_whitespace() && !c.is_control())
            || c.is_numeric()
            || matches!(c, '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@')
    });
}

fn tags(value: &Vec<shape::Tag>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(50));
    at.each(value, shape::Tag::validate);
}

fn task_definition_field_list(value: &Vec<enumeration::TaskDefinitionField>, at: &mut Checker<'_>) {
    at.each(value, enumeration::TaskDefinitionField::validate);
}

fn task_definition_placement_constraints(value: &Vec<shape::TaskDefinitionPlacementConstraint>, at: &mut Checker<'_>) {
    at.each(value, shape::TaskDefinitionPlacementConstraint::validate);
}

fn task_field_list(value: &Vec<enumeration::TaskField>, at: &mut Checker<'_>) {
    at.each(value, enumeration::TaskField::validate);
}

fn task_set_field_list(value: &Vec<enumeration::TaskSetField>, at: &mut Checker<'_>) {
    at.each(value, enumeration::TaskSetField::validate);
}

fn task_volume_configurations(value: &Vec<shape::TaskVolumeConfiguration>, at: &mut Checker<'_>) {
    at.each(value, shape::TaskVolumeConfiguration::validate);
}

fn task_volume_storage_gib(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), None);
}

fn tmpfs_list(value: &Vec<shape::Tmpfs>, at: &mut Checker<'_>) {
    at.each(value, shape::Tmpfs::validate);
}

fn ulimit_list(value: &Vec<shape::Ulimit>, at: &mut Checker<'_>) {
    at.each(value, shape::Ulimit::validate);
}

fn volume_list(value: &Vec<shape::Volume>, at: &mut Checker<'_>) {
    at.each(value, shape::Volume::validate);
}

fn vpc_lattice_configurations(value: &Vec<shape::VpcLatticeConfiguration>, at: &mut Checker<'_>) {
    at.each(value, shape::VpcLatticeConfiguration::validate);
}
