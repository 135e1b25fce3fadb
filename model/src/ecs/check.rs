// Written by model/codegen/generate.py from the ecs 2014-11-13 model of botocore 1.44.5.
// Do not edit: change the generator and run it again.

use super::enumeration::*;
use super::shape::*;
use crate::check::{Checker, Validate};
use crate::sensitive::Sensitive;

impl Validate for AssociateGatewayWithClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
        at.required("cluster", self.cluster.is_some());
    }
}

impl Validate for AttachmentStateChange {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("attachmentArn", self.attachment_arn.is_some());
        at.required("status", self.status.is_some());
    }
}

impl Validate for Attribute {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "targetType",
            self.target_type.as_ref(),
            TargetType::validate,
        );
    }
}

impl Validate for AutoRepairConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "actionsStatus",
            self.actions_status.as_ref(),
            AutoRepairActionsStatus::validate,
        );
    }
}

impl Validate for AutoScalingGroupProvider {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("autoScalingGroupArn", self.auto_scaling_group_arn.is_some());
        at.member(
            "managedScaling",
            self.managed_scaling.as_ref(),
            ManagedScaling::validate,
        );
        at.member(
            "managedTerminationProtection",
            self.managed_termination_protection.as_ref(),
            ManagedTerminationProtection::validate,
        );
        at.member(
            "managedDraining",
            self.managed_draining.as_ref(),
            ManagedDraining::validate,
        );
    }
}

impl Validate for AutoScalingGroupProviderUpdate {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "managedScaling",
            self.managed_scaling.as_ref(),
            ManagedScaling::validate,
        );
        at.member(
            "managedTerminationProtection",
            self.managed_termination_protection.as_ref(),
            ManagedTerminationProtection::validate,
        );
        at.member(
            "managedDraining",
            self.managed_draining.as_ref(),
            ManagedDraining::validate,
        );
    }
}

impl Validate for AwsVpcConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("subnets", self.subnets.is_some());
        at.member(
            "assignPublicIp",
            self.assign_public_ip.as_ref(),
            AssignPublicIp::validate,
        );
    }
}

impl Validate for CapacityProviderStrategyItem {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("capacityProvider", self.capacity_provider.is_some());
        at.member(
            "weight",
            self.weight.as_ref(),
            capacity_provider_strategy_item_weight,
        );
        at.member(
            "base",
            self.base.as_ref(),
            capacity_provider_strategy_item_base,
        );
    }
}

impl Validate for CapacityReservationRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "reservationPreference",
            self.reservation_preference.as_ref(),
            CapacityReservationPreference::validate,
        );
    }
}

impl Validate for ClusterConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "executeCommandConfiguration",
            self.execute_command_configuration.as_ref(),
            ExecuteCommandConfiguration::validate,
        );
    }
}

impl Validate for ClusterServiceConnectDefaultsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("namespace", self.namespace.is_some());
    }
}

impl Validate for ClusterSetting {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("name", self.name.as_ref(), ClusterSettingName::validate);
    }
}

impl Validate for ContainerDefinition {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "repositoryCredentials",
            self.repository_credentials.as_ref(),
            repository_credentials,
        );
        at.member(
            "portMappings",
            self.port_mappings.as_ref(),
            port_mapping_list,
        );
        at.member(
            "restartPolicy",
            self.restart_policy.as_ref(),
            ContainerRestartPolicy::validate,
        );
        at.member(
            "environmentFiles",
            self.environment_files.as_ref(),
            environment_files,
        );
        at.member(
            "linuxParameters",
            self.linux_parameters.as_ref(),
            LinuxParameters::validate,
        );
        at.member("secrets", self.secrets.as_ref(), secret_list);
        at.member(
            "dependsOn",
            self.depends_on.as_ref(),
            container_dependencies,
        );
        at.member(
            "versionConsistency",
            self.version_consistency.as_ref(),
            VersionConsistency::validate,
        );
        at.member("extraHosts", self.extra_hosts.as_ref(), host_entry_list);
        at.member("ulimits", self.ulimits.as_ref(), ulimit_list);
        at.member(
            "logConfiguration",
            self.log_configuration.as_ref(),
            LogConfiguration::validate,
        );
        at.member(
            "healthCheck",
            self.health_check.as_ref(),
            HealthCheck::validate,
        );
        at.member(
            "resourceRequirements",
            self.resource_requirements.as_ref(),
            resource_requirements,
        );
        at.member(
            "firelensConfiguration",
            self.firelens_configuration.as_ref(),
            FirelensConfiguration::validate,
        );
    }
}

impl Validate for ContainerDependency {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerName", self.container_name.is_some());
        at.required("condition", self.condition.is_some());
        at.member(
            "condition",
            self.condition.as_ref(),
            ContainerCondition::validate,
        );
    }
}

impl Validate for ContainerOverride {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "environmentFiles",
            self.environment_files.as_ref(),
            environment_files,
        );
        at.member(
            "resourceRequirements",
            self.resource_requirements.as_ref(),
            resource_requirements,
        );
    }
}

impl Validate for ContainerRestartPolicy {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("enabled", self.enabled.is_some());
    }
}

impl Validate for ContainerStateChange {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "networkBindings",
            self.network_bindings.as_ref(),
            network_bindings,
        );
    }
}

impl Validate for ContinueServiceDeploymentRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "serviceDeploymentArn",
            self.service_deployment_arn.is_some(),
        );
        at.required("hookId", self.hook_id.is_some());
        at.member(
            "action",
            self.action.as_ref(),
            DeploymentLifecycleHookAction::validate,
        );
    }
}

impl Validate for CreateCapacityProviderRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "autoScalingGroupProvider",
            self.auto_scaling_group_provider.as_ref(),
            AutoScalingGroupProvider::validate,
        );
        at.member(
            "managedInstancesProvider",
            self.managed_instances_provider.as_ref(),
            CreateManagedInstancesProviderConfiguration::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for CreateClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("tags", self.tags.as_ref(), tags);
        at.member("settings", self.settings.as_ref(), cluster_settings);
        at.member(
            "configuration",
            self.configuration.as_ref(),
            ClusterConfiguration::validate,
        );
        at.member(
            "defaultCapacityProviderStrategy",
            self.default_capacity_provider_strategy.as_ref(),
            capacity_provider_strategy,
        );
        at.member(
            "serviceConnectDefaults",
            self.service_connect_defaults.as_ref(),
            ClusterServiceConnectDefaultsRequest::validate,
        );
    }
}

impl Validate for CreateDaemonRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonName", self.daemon_name.is_some());
        at.required(
            "daemonTaskDefinitionArn",
            self.daemon_task_definition_arn.is_some(),
        );
        at.required(
            "capacityProviderArns",
            self.capacity_provider_arns.is_some(),
        );
        at.member(
            "deploymentConfiguration",
            self.deployment_configuration.as_ref(),
            DaemonDeploymentConfiguration::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            DaemonPropagateTags::validate,
        );
    }
}

impl Validate for CreateExpressGatewayServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "infrastructureRoleArn",
            self.infrastructure_role_arn.is_some(),
        );
        at.member(
            "primaryContainer",
            self.primary_container.as_ref(),
            ExpressGatewayContainer::validate,
        );
        at.member(
            "cpuArchitecture",
            self.cpu_architecture.as_ref(),
            ExpressCpuArchitecture::validate,
        );
        at.member(
            "scalingTarget",
            self.scaling_target.as_ref(),
            ExpressGatewayScalingTarget::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for CreateGatewayRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.required(
            "infrastructureRoleArn",
            self.infrastructure_role_arn.is_some(),
        );
        at.required("configuration", self.configuration.is_some());
        at.member(
            "configuration",
            self.configuration.as_ref(),
            GatewayConfiguration::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateGatewayTags::validate,
        );
    }
}

impl Validate for CreateManagedInstancesProviderConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "infrastructureRoleArn",
            self.infrastructure_role_arn.is_some(),
        );
        at.required(
            "instanceLaunchTemplate",
            self.instance_launch_template.is_some(),
        );
        at.member(
            "instanceLaunchTemplate",
            self.instance_launch_template.as_ref(),
            InstanceLaunchTemplate::validate,
        );
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateMITags::validate,
        );
        at.member(
            "autoRepairConfiguration",
            self.auto_repair_configuration.as_ref(),
            AutoRepairConfiguration::validate,
        );
    }
}

impl Validate for CreateServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceName", self.service_name.is_some());
        at.member(
            "availabilityZoneRebalancing",
            self.availability_zone_rebalancing.as_ref(),
            AvailabilityZoneRebalancing::validate,
        );
        at.member(
            "launchType",
            self.launch_type.as_ref(),
            LaunchType::validate,
        );
        at.member(
            "capacityProviderStrategy",
            self.capacity_provider_strategy.as_ref(),
            capacity_provider_strategy,
        );
        at.member(
            "deploymentConfiguration",
            self.deployment_configuration.as_ref(),
            DeploymentConfiguration::validate,
        );
        at.member(
            "placementConstraints",
            self.placement_constraints.as_ref(),
            placement_constraints,
        );
        at.member(
            "placementStrategy",
            self.placement_strategy.as_ref(),
            placement_strategies,
        );
        at.member(
            "networkConfiguration",
            self.network_configuration.as_ref(),
            NetworkConfiguration::validate,
        );
        at.member(
            "schedulingStrategy",
            self.scheduling_strategy.as_ref(),
            SchedulingStrategy::validate,
        );
        at.member(
            "deploymentController",
            self.deployment_controller.as_ref(),
            DeploymentController::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateTags::validate,
        );
        at.member(
            "serviceConnectConfiguration",
            self.service_connect_configuration.as_ref(),
            ServiceConnectConfiguration::validate,
        );
        at.member(
            "volumeConfigurations",
            self.volume_configurations.as_ref(),
            service_volume_configurations,
        );
        at.member(
            "vpcLatticeConfigurations",
            self.vpc_lattice_configurations.as_ref(),
            vpc_lattice_configurations,
        );
        at.member(
            "gatewayConnectors",
            self.gateway_connectors.as_ref(),
            gateway_connector_list,
        );
        at.member(
            "monitoring",
            self.monitoring.as_ref(),
            MonitoringConfiguration::validate,
        );
    }
}

impl Validate for CreateTaskSetRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("service", self.service.is_some());
        at.required("cluster", self.cluster.is_some());
        at.required("taskDefinition", self.task_definition.is_some());
        at.member(
            "networkConfiguration",
            self.network_configuration.as_ref(),
            NetworkConfiguration::validate,
        );
        at.member(
            "launchType",
            self.launch_type.as_ref(),
            LaunchType::validate,
        );
        at.member(
            "capacityProviderStrategy",
            self.capacity_provider_strategy.as_ref(),
            capacity_provider_strategy,
        );
        at.member("scale", self.scale.as_ref(), Scale::validate);
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for DaemonContainerDefinition {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("image", self.image.is_some());
        at.member(
            "repositoryCredentials",
            self.repository_credentials.as_ref(),
            repository_credentials,
        );
        at.member(
            "healthCheck",
            self.health_check.as_ref(),
            HealthCheck::validate,
        );
        at.member(
            "environmentFiles",
            self.environment_files.as_ref(),
            environment_files,
        );
        at.member("secrets", self.secrets.as_ref(), secret_list);
        at.member(
            "logConfiguration",
            self.log_configuration.as_ref(),
            LogConfiguration::validate,
        );
        at.member(
            "firelensConfiguration",
            self.firelens_configuration.as_ref(),
            FirelensConfiguration::validate,
        );
        at.member("ulimits", self.ulimits.as_ref(), ulimit_list);
        at.member(
            "linuxParameters",
            self.linux_parameters.as_ref(),
            DaemonLinuxParameters::validate,
        );
        at.member(
            "dependsOn",
            self.depends_on.as_ref(),
            container_dependencies,
        );
        at.member(
            "restartPolicy",
            self.restart_policy.as_ref(),
            ContainerRestartPolicy::validate,
        );
    }
}

impl Validate for DaemonDeploymentConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "drainPercent",
            self.drain_percent.as_ref(),
            daemon_drain_percent,
        );
    }
}

impl Validate for DaemonLinuxParameters {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("devices", self.devices.as_ref(), devices_list);
        at.member("tmpfs", self.tmpfs.as_ref(), tmpfs_list);
    }
}

impl Validate for DaemonVolume {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "logDriverVolumeConfiguration",
            self.log_driver_volume_configuration.as_ref(),
            LogDriverVolumeConfiguration::validate,
        );
    }
}

impl Validate for DeleteAccountSettingRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("name", self.name.as_ref(), SettingName::validate);
    }
}

impl Validate for DeleteAttributesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("attributes", self.attributes.is_some());
        at.member("attributes", self.attributes.as_ref(), attributes);
    }
}

impl Validate for DeleteCapacityProviderRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("capacityProvider", self.capacity_provider.is_some());
    }
}

impl Validate for DeleteClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
    }
}

impl Validate for DeleteDaemonRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonArn", self.daemon_arn.is_some());
    }
}

impl Validate for DeleteDaemonTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "daemonTaskDefinition",
            self.daemon_task_definition.is_some(),
        );
    }
}

impl Validate for DeleteExpressGatewayServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceArn", self.service_arn.is_some());
    }
}

impl Validate for DeleteGatewayRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
    }
}

impl Validate for DeleteServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("service", self.service.is_some());
    }
}

impl Validate for DeleteTaskDefinitionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("taskDefinitions", self.task_definitions.is_some());
    }
}

impl Validate for DeleteTaskSetRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("service", self.service.is_some());
        at.required("taskSet", self.task_set.is_some());
    }
}

impl Validate for DeploymentAlarms {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("alarmNames", self.alarm_names.is_some());
        at.required("rollback", self.rollback.is_some());
        at.required("enable", self.enable.is_some());
    }
}

impl Validate for DeploymentCircuitBreaker {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("enable", self.enable.is_some());
        at.required("rollback", self.rollback.is_some());
        at.member(
            "thresholdConfiguration",
            self.threshold_configuration.as_ref(),
            ThresholdConfiguration::validate,
        );
    }
}

impl Validate for DeploymentConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "deploymentCircuitBreaker",
            self.deployment_circuit_breaker.as_ref(),
            DeploymentCircuitBreaker::validate,
        );
        at.member("alarms", self.alarms.as_ref(), DeploymentAlarms::validate);
        at.member(
            "strategy",
            self.strategy.as_ref(),
            DeploymentStrategy::validate,
        );
        at.member(
            "lifecycleHooks",
            self.lifecycle_hooks.as_ref(),
            deployment_lifecycle_hook_list,
        );
        at.member(
            "earlySuccessCriteria",
            self.early_success_criteria.as_ref(),
            DeploymentEarlySuccessCriteria::validate,
        );
    }
}

impl Validate for DeploymentController {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("type", self.r#type.is_some());
        at.member(
            "type",
            self.r#type.as_ref(),
            DeploymentControllerType::validate,
        );
    }
}

impl Validate for DeploymentEarlySuccessCriteria {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("enable", self.enable.is_some());
        at.member(
            "healthyPercent",
            self.healthy_percent.as_ref(),
            healthy_percent_integer,
        );
        at.member(
            "sourceServiceRevisionCleanup",
            self.source_service_revision_cleanup.as_ref(),
            ServiceRevisionCleanup::validate,
        );
    }
}

impl Validate for DeploymentLifecycleHook {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "targetType",
            self.target_type.as_ref(),
            DeploymentLifecycleHookTargetType::validate,
        );
        at.member(
            "lifecycleStages",
            self.lifecycle_stages.as_ref(),
            deployment_lifecycle_hook_stage_list,
        );
        at.member(
            "timeoutConfiguration",
            self.timeout_configuration.as_ref(),
            DeploymentLifecycleHookTimeoutConfiguration::validate,
        );
    }
}

impl Validate for DeploymentLifecycleHookTimeoutConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "timeoutInMinutes",
            self.timeout_in_minutes.as_ref(),
            deployment_lifecycle_hook_duration,
        );
        at.member(
            "action",
            self.action.as_ref(),
            DeploymentLifecycleHookAction::validate,
        );
    }
}

impl Validate for DeregisterContainerInstanceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstance", self.container_instance.is_some());
    }
}

impl Validate for DeregisterTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("taskDefinition", self.task_definition.is_some());
    }
}

impl Validate for DescribeCapacityProvidersRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "include",
            self.include.as_ref(),
            capacity_provider_field_list,
        );
    }
}

impl Validate for DescribeClustersRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("include", self.include.as_ref(), cluster_field_list);
    }
}

impl Validate for DescribeContainerInstancesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstances", self.container_instances.is_some());
        at.member(
            "include",
            self.include.as_ref(),
            container_instance_field_list,
        );
    }
}

impl Validate for DescribeDaemonDeploymentsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "daemonDeploymentArns",
            self.daemon_deployment_arns.is_some(),
        );
    }
}

impl Validate for DescribeDaemonRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonArn", self.daemon_arn.is_some());
    }
}

impl Validate for DescribeDaemonRevisionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonRevisionArns", self.daemon_revision_arns.is_some());
    }
}

impl Validate for DescribeDaemonTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "daemonTaskDefinition",
            self.daemon_task_definition.is_some(),
        );
    }
}

impl Validate for DescribeExpressGatewayServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceArn", self.service_arn.is_some());
        at.member(
            "include",
            self.include.as_ref(),
            express_gateway_service_include_list,
        );
    }
}

impl Validate for DescribeGatewayRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
    }
}

impl Validate for DescribeGatewayResourcesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
    }
}

impl Validate for DescribeGatewayRouteRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gatewayRouteArn", self.gateway_route_arn.is_some());
    }
}

impl Validate for DescribeServiceDeploymentsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "serviceDeploymentArns",
            self.service_deployment_arns.is_some(),
        );
    }
}

impl Validate for DescribeServiceRevisionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceRevisionArns", self.service_revision_arns.is_some());
    }
}

impl Validate for DescribeServicesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("services", self.services.is_some());
        at.member("include", self.include.as_ref(), service_field_list);
    }
}

impl Validate for DescribeTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("taskDefinition", self.task_definition.is_some());
        at.member("include", self.include.as_ref(), task_definition_field_list);
    }
}

impl Validate for DescribeTaskSetsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("service", self.service.is_some());
        at.member("include", self.include.as_ref(), task_set_field_list);
    }
}

impl Validate for DescribeTasksRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("tasks", self.tasks.is_some());
        at.member("include", self.include.as_ref(), task_field_list);
    }
}

impl Validate for Device {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("hostPath", self.host_path.is_some());
        at.member(
            "permissions",
            self.permissions.as_ref(),
            device_cgroup_permissions,
        );
    }
}

impl Validate for DisassociateGatewayFromClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
        at.required("cluster", self.cluster.is_some());
    }
}

impl Validate for DiscoverPollEndpointRequest {
    fn validate(&self, _: &mut Checker<'_>) {}
}

impl Validate for DockerVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("scope", self.scope.as_ref(), Scope::validate);
    }
}

impl Validate for EBSTagSpecification {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("resourceType", self.resource_type.is_some());
        at.member(
            "resourceType",
            self.resource_type.as_ref(),
            EBSResourceType::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateTags::validate,
        );
    }
}

impl Validate for EFSAuthorizationConfig {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "iam",
            self.iam.as_ref(),
            EFSAuthorizationConfigIAM::validate,
        );
    }
}

impl Validate for EFSVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("fileSystemId", self.file_system_id.is_some());
        at.member(
            "transitEncryption",
            self.transit_encryption.as_ref(),
            EFSTransitEncryption::validate,
        );
        at.member(
            "authorizationConfig",
            self.authorization_config.as_ref(),
            EFSAuthorizationConfig::validate,
        );
    }
}

impl Validate for EnvironmentFile {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("value", self.value.is_some());
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), EnvironmentFileType::validate);
    }
}

impl Validate for EphemeralStorage {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("sizeInGiB", self.size_in_gib.is_some());
    }
}

impl Validate for ExecuteCommandConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "logging",
            self.logging.as_ref(),
            ExecuteCommandLogging::validate,
        );
    }
}

impl Validate for ExecuteCommandRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("command", self.command.is_some());
        at.required("interactive", self.interactive.is_some());
        at.required("task", self.task.is_some());
    }
}

impl Validate for ExpressGatewayContainer {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("image", self.image.is_some());
        at.member(
            "awsLogsConfiguration",
            self.aws_logs_configuration.as_ref(),
            ExpressGatewayServiceAwsLogsConfiguration::validate,
        );
        at.member("secrets", self.secrets.as_ref(), secret_list);
    }
}

impl Validate for ExpressGatewayScalingTarget {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "autoScalingMetric",
            self.auto_scaling_metric.as_ref(),
            ExpressGatewayServiceScalingMetric::validate,
        );
    }
}

impl Validate for ExpressGatewayServiceAwsLogsConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroup", self.log_group.is_some());
        at.required("logStreamPrefix", self.log_stream_prefix.is_some());
    }
}

impl Validate for FSxWindowsFileServerAuthorizationConfig {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("credentialsParameter", self.credentials_parameter.is_some());
        at.required("domain", self.domain.is_some());
    }
}

impl Validate for FSxWindowsFileServerVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("fileSystemId", self.file_system_id.is_some());
        at.required("rootDirectory", self.root_directory.is_some());
        at.required("authorizationConfig", self.authorization_config.is_some());
        at.member(
            "authorizationConfig",
            self.authorization_config.as_ref(),
            FSxWindowsFileServerAuthorizationConfig::validate,
        );
    }
}

impl Validate for FirelensConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("type", self.r#type.is_some());
        at.member(
            "type",
            self.r#type.as_ref(),
            FirelensConfigurationType::validate,
        );
    }
}

impl Validate for GatewayAlbTestTrafficRules {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "header",
            self.header.as_ref(),
            GatewayTestTrafficHeader::validate,
        );
    }
}

impl Validate for GatewayConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["hostSharedAlb"], &[self.host_shared_alb.is_some()]);
        at.member(
            "hostSharedAlb",
            self.host_shared_alb.as_ref(),
            HostSharedAlbConfiguration::validate,
        );
    }
}

impl Validate for GatewayConnector {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("portName", self.port_name.is_some());
        at.member(
            "healthCheck",
            self.health_check.as_ref(),
            GatewayConnectorHealthCheck::validate,
        );
        at.member(
            "filters",
            self.filters.as_ref(),
            GatewayConnectorFilters::validate,
        );
        at.member(
            "deregistrationDelay",
            self.deregistration_delay.as_ref(),
            GatewayConnectorDeregistrationDelay::validate,
        );
    }
}

impl Validate for GatewayConnectorDeregistrationDelay {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "timeoutSeconds",
            self.timeout_seconds.as_ref(),
            gateway_connector_deregistration_delay_timeout_seconds_integer,
        );
    }
}

impl Validate for GatewayConnectorFilters {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("accessTypes", self.access_types.as_ref(), access_type_list);
    }
}

impl Validate for GatewayConnectorHealthCheck {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "healthCheckProtocol",
            self.health_check_protocol.as_ref(),
            GatewayConnectorHealthCheckProtocol::validate,
        );
    }
}

impl Validate for GatewayElbAccessLogConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "destination",
            self.destination.as_ref(),
            GatewayElbAccessLogDestination::validate,
        );
    }
}

impl Validate for GatewayElbAccessLogDestination {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["s3"], &[self.s3.is_some()]);
        at.member(
            "s3",
            self.s3.as_ref(),
            GatewayElbAccessLogS3Destination::validate,
        );
    }
}

impl Validate for GatewayElbAccessLogS3Destination {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("bucket", self.bucket.is_some());
    }
}

impl Validate for GatewayElbNetworkConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "ipAddressType",
            self.ip_address_type.as_ref(),
            GatewayElbIpAddressType::validate,
        );
    }
}

impl Validate for GatewayTestTrafficHeader {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.required("values", self.values.is_some());
    }
}

impl Validate for GetTaskProtectionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
    }
}

impl Validate for HealthCheck {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("command", self.command.is_some());
    }
}

impl Validate for HostEntry {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("hostname", self.hostname.is_some());
        at.required("ipAddress", self.ip_address.is_some());
    }
}

impl Validate for HostSharedAlbConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "networkConfiguration",
            self.network_configuration.as_ref(),
            GatewayElbNetworkConfiguration::validate,
        );
        at.member("scheme", self.scheme.as_ref(), GatewayElbScheme::validate);
        at.member(
            "accessLogs",
            self.access_logs.as_ref(),
            GatewayElbAccessLogConfiguration::validate,
        );
        at.member(
            "protocol",
            self.protocol.as_ref(),
            GatewayAlbProtocol::validate,
        );
        at.member(
            "httpDesync",
            self.http_desync.as_ref(),
            GatewayAlbDesyncMitigationMode::validate,
        );
        at.member(
            "testTrafficRules",
            self.test_traffic_rules.as_ref(),
            GatewayAlbTestTrafficRules::validate,
        );
    }
}

impl Validate for InferenceAccelerator {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("deviceName", self.device_name.is_some());
        at.required("deviceType", self.device_type.is_some());
    }
}

impl Validate for InstanceLaunchTemplate {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "ec2InstanceProfileArn",
            self.ec2_instance_profile_arn.is_some(),
        );
        at.required("networkConfiguration", self.network_configuration.is_some());
        at.member(
            "storageConfiguration",
            self.storage_configuration.as_ref(),
            ManagedInstancesStorageConfiguration::validate,
        );
        at.member(
            "monitoring",
            self.monitoring.as_ref(),
            ManagedInstancesMonitoringOptions::validate,
        );
        at.member(
            "capacityOptionType",
            self.capacity_option_type.as_ref(),
            CapacityOptionType::validate,
        );
        at.member(
            "instanceRequirements",
            self.instance_requirements.as_ref(),
            InstanceRequirementsRequest::validate,
        );
        at.member(
            "capacityReservations",
            self.capacity_reservations.as_ref(),
            CapacityReservationRequest::validate,
        );
    }
}

impl Validate for InstanceLaunchTemplateUpdate {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "storageConfiguration",
            self.storage_configuration.as_ref(),
            ManagedInstancesStorageConfiguration::validate,
        );
        at.member(
            "monitoring",
            self.monitoring.as_ref(),
            ManagedInstancesMonitoringOptions::validate,
        );
        at.member(
            "instanceRequirements",
            self.instance_requirements.as_ref(),
            InstanceRequirementsRequest::validate,
        );
        at.member(
            "capacityReservations",
            self.capacity_reservations.as_ref(),
            CapacityReservationRequest::validate,
        );
    }
}

impl Validate for InstanceRequirementsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("vCpuCount", self.v_cpu_count.is_some());
        at.member(
            "vCpuCount",
            self.v_cpu_count.as_ref(),
            VCpuCountRangeRequest::validate,
        );
        at.required("memoryMiB", self.memory_mib.is_some());
        at.member(
            "memoryMiB",
            self.memory_mib.as_ref(),
            MemoryMiBRequest::validate,
        );
        at.member(
            "cpuManufacturers",
            self.cpu_manufacturers.as_ref(),
            cpu_manufacturer_set,
        );
        at.member(
            "excludedInstanceTypes",
            self.excluded_instance_types.as_ref(),
            excluded_instance_type_set,
        );
        at.member(
            "instanceGenerations",
            self.instance_generations.as_ref(),
            instance_generation_set,
        );
        at.member("bareMetal", self.bare_metal.as_ref(), BareMetal::validate);
        at.member(
            "burstablePerformance",
            self.burstable_performance.as_ref(),
            BurstablePerformance::validate,
        );
        at.member(
            "localStorage",
            self.local_storage.as_ref(),
            LocalStorage::validate,
        );
        at.member(
            "localStorageTypes",
            self.local_storage_types.as_ref(),
            local_storage_type_set,
        );
        at.member(
            "acceleratorTypes",
            self.accelerator_types.as_ref(),
            accelerator_type_set,
        );
        at.member(
            "acceleratorManufacturers",
            self.accelerator_manufacturers.as_ref(),
            accelerator_manufacturer_set,
        );
        at.member(
            "acceleratorNames",
            self.accelerator_names.as_ref(),
            accelerator_name_set,
        );
        at.member(
            "allowedInstanceTypes",
            self.allowed_instance_types.as_ref(),
            allowed_instance_type_set,
        );
    }
}

impl Validate for LinuxParameters {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("devices", self.devices.as_ref(), devices_list);
        at.member("tmpfs", self.tmpfs.as_ref(), tmpfs_list);
    }
}

impl Validate for ListAccountSettingsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("name", self.name.as_ref(), SettingName::validate);
    }
}

impl Validate for ListAttributesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("targetType", self.target_type.is_some());
        at.member(
            "targetType",
            self.target_type.as_ref(),
            TargetType::validate,
        );
    }
}

impl Validate for ListClustersRequest {
    fn validate(&self, _: &mut Checker<'_>) {}
}

impl Validate for ListContainerInstancesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "status",
            self.status.as_ref(),
            ContainerInstanceStatus::validate,
        );
    }
}

impl Validate for ListDaemonDeploymentsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonArn", self.daemon_arn.is_some());
        at.member(
            "status",
            self.status.as_ref(),
            daemon_deployment_status_list,
        );
    }
}

impl Validate for ListDaemonTaskDefinitionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "revision",
            self.revision.as_ref(),
            DaemonTaskDefinitionRevisionFilter::validate,
        );
        at.member(
            "status",
            self.status.as_ref(),
            DaemonTaskDefinitionStatusFilter::validate,
        );
        at.member("sort", self.sort.as_ref(), SortOrder::validate);
    }
}

impl Validate for ListDaemonsRequest {
    fn validate(&self, _: &mut Checker<'_>) {}
}

impl Validate for ListGatewayClusterAssociationsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "status",
            self.status.as_ref(),
            gateway_cluster_association_status_list,
        );
    }
}

impl Validate for ListGatewayRoutesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), gateway_route_status_list);
    }
}

impl Validate for ListGatewaysRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("status", self.status.as_ref(), gateway_status_list);
    }
}

impl Validate for ListServiceDeploymentsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("service", self.service.is_some());
        at.member(
            "status",
            self.status.as_ref(),
            service_deployment_status_list,
        );
    }
}

impl Validate for ListServicesByNamespaceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("namespace", self.namespace.is_some());
    }
}

impl Validate for ListServicesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "launchType",
            self.launch_type.as_ref(),
            LaunchType::validate,
        );
        at.member(
            "schedulingStrategy",
            self.scheduling_strategy.as_ref(),
            SchedulingStrategy::validate,
        );
        at.member(
            "resourceManagementType",
            self.resource_management_type.as_ref(),
            ResourceManagementType::validate,
        );
    }
}

impl Validate for ListTagsForResourceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("resourceArn", self.resource_arn.is_some());
    }
}

impl Validate for ListTaskDefinitionFamiliesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "status",
            self.status.as_ref(),
            TaskDefinitionFamilyStatus::validate,
        );
    }
}

impl Validate for ListTaskDefinitionsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "status",
            self.status.as_ref(),
            TaskDefinitionStatus::validate,
        );
        at.member("sort", self.sort.as_ref(), SortOrder::validate);
    }
}

impl Validate for ListTasksRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "desiredStatus",
            self.desired_status.as_ref(),
            DesiredStatus::validate,
        );
        at.member(
            "launchType",
            self.launch_type.as_ref(),
            LaunchType::validate,
        );
    }
}

impl Validate for LogConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logDriver", self.log_driver.is_some());
        at.member("logDriver", self.log_driver.as_ref(), LogDriver::validate);
        at.member("secretOptions", self.secret_options.as_ref(), secret_list);
    }
}

impl Validate for LogDriverVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("driver", self.driver.is_some());
        at.member("driver", self.driver.as_ref(), LogDriver::validate);
    }
}

impl Validate for ManagedAgentStateChange {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerName", self.container_name.is_some());
        at.required("managedAgentName", self.managed_agent_name.is_some());
        at.member(
            "managedAgentName",
            self.managed_agent_name.as_ref(),
            ManagedAgentName::validate,
        );
        at.required("status", self.status.is_some());
    }
}

impl Validate for ManagedInstancesStorageConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "storageSizeGiB",
            self.storage_size_gib.as_ref(),
            task_volume_storage_gib,
        );
    }
}

impl Validate for ManagedScaling {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "status",
            self.status.as_ref(),
            ManagedScalingStatus::validate,
        );
        at.member(
            "targetCapacity",
            self.target_capacity.as_ref(),
            managed_scaling_target_capacity,
        );
        at.member(
            "minimumScalingStepSize",
            self.minimum_scaling_step_size.as_ref(),
            managed_scaling_step_size,
        );
        at.member(
            "maximumScalingStepSize",
            self.maximum_scaling_step_size.as_ref(),
            managed_scaling_step_size,
        );
        at.member(
            "instanceWarmupPeriod",
            self.instance_warmup_period.as_ref(),
            managed_scaling_instance_warmup_period,
        );
    }
}

impl Validate for MemoryMiBRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("min", self.min.is_some());
    }
}

impl Validate for MetricConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("metricNames", self.metric_names.is_some());
        at.member("metricNames", self.metric_names.as_ref(), metric_names_list);
        at.required("resolutionSeconds", self.resolution_seconds.is_some());
        at.member(
            "resolutionSeconds",
            self.resolution_seconds.as_ref(),
            metric_resolution_seconds,
        );
    }
}

impl Validate for MonitoringConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "metricConfigurations",
            self.metric_configurations.as_ref(),
            metric_configuration_list,
        );
    }
}

impl Validate for NetworkBinding {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "protocol",
            self.protocol.as_ref(),
            TransportProtocol::validate,
        );
    }
}

impl Validate for NetworkConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "awsvpcConfiguration",
            self.awsvpc_configuration.as_ref(),
            AwsVpcConfiguration::validate,
        );
    }
}

impl Validate for NvidiaMpsAllocation {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("memory", self.memory.is_some());
        at.member(
            "memory",
            self.memory.as_ref(),
            nvidia_mps_allocation_memory_integer,
        );
        at.member(
            "maxComputePercent",
            self.max_compute_percent.as_ref(),
            nvidia_mps_allocation_max_compute_percent_integer,
        );
    }
}

impl Validate for PlacementConstraint {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "type",
            self.r#type.as_ref(),
            PlacementConstraintType::validate,
        );
    }
}

impl Validate for PlacementStrategy {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "type",
            self.r#type.as_ref(),
            PlacementStrategyType::validate,
        );
    }
}

impl Validate for PlatformDevice {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("id", self.id.is_some());
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), PlatformDeviceType::validate);
    }
}

impl Validate for PortMapping {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "protocol",
            self.protocol.as_ref(),
            TransportProtocol::validate,
        );
        at.member(
            "appProtocol",
            self.app_protocol.as_ref(),
            ApplicationProtocol::validate,
        );
    }
}

impl Validate for ProxyConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "type",
            self.r#type.as_ref(),
            ProxyConfigurationType::validate,
        );
        at.required("containerName", self.container_name.is_some());
    }
}

impl Validate for PutAccountSettingDefaultRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("name", self.name.as_ref(), SettingName::validate);
        at.required("value", self.value.is_some());
    }
}

impl Validate for PutAccountSettingRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("name", self.name.as_ref(), SettingName::validate);
        at.required("value", self.value.is_some());
    }
}

impl Validate for PutAttributesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("attributes", self.attributes.is_some());
        at.member("attributes", self.attributes.as_ref(), attributes);
    }
}

impl Validate for PutClusterCapacityProvidersRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("capacityProviders", self.capacity_providers.is_some());
        at.required(
            "defaultCapacityProviderStrategy",
            self.default_capacity_provider_strategy.is_some(),
        );
        at.member(
            "defaultCapacityProviderStrategy",
            self.default_capacity_provider_strategy.as_ref(),
            capacity_provider_strategy,
        );
    }
}

impl Validate for RegisterContainerInstanceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("attributes", self.attributes.as_ref(), attributes);
        at.member(
            "platformDevices",
            self.platform_devices.as_ref(),
            platform_devices,
        );
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for RegisterDaemonTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("family", self.family.is_some());
        at.required("containerDefinitions", self.container_definitions.is_some());
        at.member(
            "containerDefinitions",
            self.container_definitions.as_ref(),
            daemon_container_definition_list,
        );
        at.member("volumes", self.volumes.as_ref(), daemon_volume_list);
        at.member("tags", self.tags.as_ref(), tags);
        at.member("pidMode", self.pid_mode.as_ref(), DaemonPidMode::validate);
        at.member("ipcMode", self.ipc_mode.as_ref(), DaemonIpcMode::validate);
    }
}

impl Validate for RegisterTaskDefinitionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("family", self.family.is_some());
        at.member(
            "networkMode",
            self.network_mode.as_ref(),
            NetworkMode::validate,
        );
        at.required("containerDefinitions", self.container_definitions.is_some());
        at.member(
            "containerDefinitions",
            self.container_definitions.as_ref(),
            container_definitions,
        );
        at.member("volumes", self.volumes.as_ref(), volume_list);
        at.member(
            "placementConstraints",
            self.placement_constraints.as_ref(),
            task_definition_placement_constraints,
        );
        at.member(
            "requiresCompatibilities",
            self.requires_compatibilities.as_ref(),
            compatibility_list,
        );
        at.member("tags", self.tags.as_ref(), tags);
        at.member("pidMode", self.pid_mode.as_ref(), PidMode::validate);
        at.member("ipcMode", self.ipc_mode.as_ref(), IpcMode::validate);
        at.member(
            "proxyConfiguration",
            self.proxy_configuration.as_ref(),
            ProxyConfiguration::validate,
        );
        at.member(
            "inferenceAccelerators",
            self.inference_accelerators.as_ref(),
            inference_accelerators,
        );
        at.member(
            "ephemeralStorage",
            self.ephemeral_storage.as_ref(),
            EphemeralStorage::validate,
        );
        at.member(
            "runtimePlatform",
            self.runtime_platform.as_ref(),
            RuntimePlatform::validate,
        );
        at.member(
            "trustedExecutionConfiguration",
            self.trusted_execution_configuration.as_ref(),
            TrustedExecutionConfiguration::validate,
        );
    }
}

impl Validate for RepositoryCredentials {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("credentialsParameter", self.credentials_parameter.is_some());
    }
}

impl Validate for ResourceRequirement {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), ResourceType::validate);
        at.member(
            "sharingStrategy",
            self.sharing_strategy.as_ref(),
            SharingStrategy::validate,
        );
    }
}

impl Validate for RunTaskRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "capacityProviderStrategy",
            self.capacity_provider_strategy.as_ref(),
            capacity_provider_strategy,
        );
        at.member(
            "launchType",
            self.launch_type.as_ref(),
            LaunchType::validate,
        );
        at.member(
            "networkConfiguration",
            self.network_configuration.as_ref(),
            NetworkConfiguration::validate,
        );
        at.member("overrides", self.overrides.as_ref(), TaskOverride::validate);
        at.member(
            "placementConstraints",
            self.placement_constraints.as_ref(),
            placement_constraints,
        );
        at.member(
            "placementStrategy",
            self.placement_strategy.as_ref(),
            placement_strategies,
        );
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateTags::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
        at.required("taskDefinition", self.task_definition.is_some());
        at.member(
            "volumeConfigurations",
            self.volume_configurations.as_ref(),
            task_volume_configurations,
        );
    }
}

impl Validate for RuntimePlatform {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "cpuArchitecture",
            self.cpu_architecture.as_ref(),
            CPUArchitecture::validate,
        );
        at.member(
            "operatingSystemFamily",
            self.operating_system_family.as_ref(),
            OSFamily::validate,
        );
    }
}

impl Validate for S3FilesVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("fileSystemArn", self.file_system_arn.is_some());
    }
}

impl Validate for Scale {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("unit", self.unit.as_ref(), ScaleUnit::validate);
    }
}

impl Validate for Secret {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.required("valueFrom", self.value_from.is_some());
    }
}

impl Validate for ServiceConnectAccessLogConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("format", self.format.is_some());
        at.member(
            "format",
            self.format.as_ref(),
            ServiceConnectAccessLoggingFormat::validate,
        );
        at.member(
            "includeQueryParameters",
            self.include_query_parameters.as_ref(),
            ServiceConnectIncludeQueryParameters::validate,
        );
    }
}

impl Validate for ServiceConnectClientAlias {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("port", self.port.is_some());
        at.member("port", self.port.as_ref(), port_number);
        at.member(
            "testTrafficRules",
            self.test_traffic_rules.as_ref(),
            ServiceConnectTestTrafficRules::validate,
        );
    }
}

impl Validate for ServiceConnectConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("enabled", self.enabled.is_some());
        at.member(
            "services",
            self.services.as_ref(),
            service_connect_service_list,
        );
        at.member(
            "logConfiguration",
            self.log_configuration.as_ref(),
            LogConfiguration::validate,
        );
        at.member(
            "accessLogConfiguration",
            self.access_log_configuration.as_ref(),
            ServiceConnectAccessLogConfiguration::validate,
        );
        at.member(
            "containerConfigurations",
            self.container_configurations.as_ref(),
            service_connect_container_configurations,
        );
    }
}

impl Validate for ServiceConnectContainerConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["logLevel"], &[self.log_level.is_some()]);
        at.member(
            "logLevel",
            self.log_level.as_ref(),
            ServiceConnectContainerLogLevel::validate,
        );
    }
}

impl Validate for ServiceConnectService {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("portName", self.port_name.is_some());
        at.member(
            "clientAliases",
            self.client_aliases.as_ref(),
            service_connect_client_alias_list,
        );
        at.member(
            "ingressPortOverride",
            self.ingress_port_override.as_ref(),
            port_number,
        );
        at.member(
            "timeout",
            self.timeout.as_ref(),
            TimeoutConfiguration::validate,
        );
        at.member(
            "tls",
            self.tls.as_ref(),
            ServiceConnectTlsConfiguration::validate,
        );
    }
}

impl Validate for ServiceConnectTestTrafficHeaderMatchRules {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("exact", self.exact.is_some());
    }
}

impl Validate for ServiceConnectTestTrafficHeaderRules {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "value",
            self.value.as_ref(),
            ServiceConnectTestTrafficHeaderMatchRules::validate,
        );
    }
}

impl Validate for ServiceConnectTestTrafficRules {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("header", self.header.is_some());
        at.member(
            "header",
            self.header.as_ref(),
            ServiceConnectTestTrafficHeaderRules::validate,
        );
    }
}

impl Validate for ServiceConnectTlsConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "issuerCertificateAuthority",
            self.issuer_certificate_authority.is_some(),
        );
    }
}

impl Validate for ServiceManagedEBSVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "tagSpecifications",
            self.tag_specifications.as_ref(),
            ebs_tag_specifications,
        );
        at.required("roleArn", self.role_arn.is_some());
        at.member(
            "filesystemType",
            self.filesystem_type.as_ref(),
            TaskFilesystemType::validate,
        );
    }
}

impl Validate for ServiceVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "managedEBSVolume",
            self.managed_ebs_volume.as_ref(),
            ServiceManagedEBSVolumeConfiguration::validate,
        );
    }
}

impl Validate for SharingStrategy {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["nvidiaMps"], &[self.nvidia_mps.is_some()]);
        at.member(
            "nvidiaMps",
            self.nvidia_mps.as_ref(),
            NvidiaMpsAllocation::validate,
        );
    }
}

impl Validate for StartTaskRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstances", self.container_instances.is_some());
        at.member(
            "networkConfiguration",
            self.network_configuration.as_ref(),
            NetworkConfiguration::validate,
        );
        at.member("overrides", self.overrides.as_ref(), TaskOverride::validate);
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateTags::validate,
        );
        at.member("tags", self.tags.as_ref(), tags);
        at.required("taskDefinition", self.task_definition.is_some());
        at.member(
            "volumeConfigurations",
            self.volume_configurations.as_ref(),
            task_volume_configurations,
        );
    }
}

impl Validate for StopServiceDeploymentRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "serviceDeploymentArn",
            self.service_deployment_arn.is_some(),
        );
        at.member(
            "stopType",
            self.stop_type.as_ref(),
            StopServiceDeploymentStopType::validate,
        );
    }
}

impl Validate for StopTaskRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("task", self.task.is_some());
    }
}

impl Validate for SubmitAttachmentStateChangesRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("attachments", self.attachments.is_some());
        at.member(
            "attachments",
            self.attachments.as_ref(),
            attachment_state_changes,
        );
    }
}

impl Validate for SubmitContainerStateChangeRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "networkBindings",
            self.network_bindings.as_ref(),
            network_bindings,
        );
    }
}

impl Validate for SubmitTaskStateChangeRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "containers",
            self.containers.as_ref(),
            container_state_changes,
        );
        at.member(
            "attachments",
            self.attachments.as_ref(),
            attachment_state_changes,
        );
        at.member(
            "managedAgents",
            self.managed_agents.as_ref(),
            managed_agent_state_changes,
        );
    }
}

impl Validate for Tag {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("key", self.key.as_ref(), tag_key);
        at.member("value", self.value.as_ref(), tag_value);
    }
}

impl Validate for TagResourceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("resourceArn", self.resource_arn.is_some());
        at.required("tags", self.tags.is_some());
        at.member("tags", self.tags.as_ref(), tags);
    }
}

impl Validate for TaskDefinitionPlacementConstraint {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "type",
            self.r#type.as_ref(),
            TaskDefinitionPlacementConstraintType::validate,
        );
    }
}

impl Validate for TaskManagedEBSVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "tagSpecifications",
            self.tag_specifications.as_ref(),
            ebs_tag_specifications,
        );
        at.required("roleArn", self.role_arn.is_some());
        at.member(
            "terminationPolicy",
            self.termination_policy.as_ref(),
            TaskManagedEBSVolumeTerminationPolicy::validate,
        );
        at.member(
            "filesystemType",
            self.filesystem_type.as_ref(),
            TaskFilesystemType::validate,
        );
    }
}

impl Validate for TaskManagedEBSVolumeTerminationPolicy {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("deleteOnTermination", self.delete_on_termination.is_some());
    }
}

impl Validate for TaskOverride {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "containerOverrides",
            self.container_overrides.as_ref(),
            container_overrides,
        );
        at.member(
            "ephemeralStorage",
            self.ephemeral_storage.as_ref(),
            EphemeralStorage::validate,
        );
    }
}

impl Validate for TaskVolumeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "managedEBSVolume",
            self.managed_ebs_volume.as_ref(),
            TaskManagedEBSVolumeConfiguration::validate,
        );
    }
}

impl Validate for ThresholdConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("type", self.r#type.is_some());
        at.member("type", self.r#type.as_ref(), ThresholdType::validate);
        at.required("value", self.value.is_some());
    }
}

impl Validate for TimeoutConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "idleTimeoutSeconds",
            self.idle_timeout_seconds.as_ref(),
            duration,
        );
        at.member(
            "perRequestTimeoutSeconds",
            self.per_request_timeout_seconds.as_ref(),
            duration,
        );
    }
}

impl Validate for Tmpfs {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerPath", self.container_path.is_some());
        at.required("size", self.size.is_some());
    }
}

impl Validate for TrustedExecutionConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("isolationMode", self.isolation_mode.is_some());
        at.member(
            "isolationMode",
            self.isolation_mode.as_ref(),
            IsolationMode::validate,
        );
    }
}

impl Validate for Ulimit {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member("name", self.name.as_ref(), UlimitName::validate);
        at.required("softLimit", self.soft_limit.is_some());
        at.required("hardLimit", self.hard_limit.is_some());
    }
}

impl Validate for UntagResourceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("resourceArn", self.resource_arn.is_some());
        at.required("tagKeys", self.tag_keys.is_some());
        at.member("tagKeys", self.tag_keys.as_ref(), tag_keys);
    }
}

impl Validate for UpdateCapacityProviderRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("name", self.name.is_some());
        at.member(
            "autoScalingGroupProvider",
            self.auto_scaling_group_provider.as_ref(),
            AutoScalingGroupProviderUpdate::validate,
        );
        at.member(
            "managedInstancesProvider",
            self.managed_instances_provider.as_ref(),
            UpdateManagedInstancesProviderConfiguration::validate,
        );
    }
}

impl Validate for UpdateClusterRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.member("settings", self.settings.as_ref(), cluster_settings);
        at.member(
            "configuration",
            self.configuration.as_ref(),
            ClusterConfiguration::validate,
        );
        at.member(
            "serviceConnectDefaults",
            self.service_connect_defaults.as_ref(),
            ClusterServiceConnectDefaultsRequest::validate,
        );
    }
}

impl Validate for UpdateClusterSettingsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("settings", self.settings.is_some());
        at.member("settings", self.settings.as_ref(), cluster_settings);
    }
}

impl Validate for UpdateContainerAgentRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstance", self.container_instance.is_some());
    }
}

impl Validate for UpdateContainerInstancesStateRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("containerInstances", self.container_instances.is_some());
        at.required("status", self.status.is_some());
        at.member(
            "status",
            self.status.as_ref(),
            ContainerInstanceStatus::validate,
        );
    }
}

impl Validate for UpdateDaemonRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("daemonArn", self.daemon_arn.is_some());
        at.required(
            "daemonTaskDefinitionArn",
            self.daemon_task_definition_arn.is_some(),
        );
        at.required(
            "capacityProviderArns",
            self.capacity_provider_arns.is_some(),
        );
        at.member(
            "deploymentConfiguration",
            self.deployment_configuration.as_ref(),
            DaemonDeploymentConfiguration::validate,
        );
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            DaemonPropagateTags::validate,
        );
    }
}

impl Validate for UpdateExpressGatewayServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("serviceArn", self.service_arn.is_some());
        at.member(
            "primaryContainer",
            self.primary_container.as_ref(),
            ExpressGatewayContainer::validate,
        );
        at.member(
            "cpuArchitecture",
            self.cpu_architecture.as_ref(),
            ExpressCpuArchitecture::validate,
        );
        at.member(
            "scalingTarget",
            self.scaling_target.as_ref(),
            ExpressGatewayScalingTarget::validate,
        );
    }
}

impl Validate for UpdateGatewayAlbConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "accessLogs",
            self.access_logs.as_ref(),
            GatewayElbAccessLogConfiguration::validate,
        );
        at.member(
            "httpDesync",
            self.http_desync.as_ref(),
            GatewayAlbDesyncMitigationMode::validate,
        );
        at.member(
            "testTrafficRules",
            self.test_traffic_rules.as_ref(),
            GatewayAlbTestTrafficRules::validate,
        );
    }
}

impl Validate for UpdateGatewayConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.exactly_one(&["hostSharedAlb"], &[self.host_shared_alb.is_some()]);
        at.member(
            "hostSharedAlb",
            self.host_shared_alb.as_ref(),
            UpdateGatewayAlbConfiguration::validate,
        );
    }
}

impl Validate for UpdateGatewayRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("gateway", self.gateway.is_some());
        at.member(
            "configuration",
            self.configuration.as_ref(),
            UpdateGatewayConfiguration::validate,
        );
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateGatewayTags::validate,
        );
    }
}

impl Validate for UpdateManagedInstancesProviderConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required(
            "infrastructureRoleArn",
            self.infrastructure_role_arn.is_some(),
        );
        at.required(
            "instanceLaunchTemplate",
            self.instance_launch_template.is_some(),
        );
        at.member(
            "instanceLaunchTemplate",
            self.instance_launch_template.as_ref(),
            InstanceLaunchTemplateUpdate::validate,
        );
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateMITags::validate,
        );
        at.member(
            "autoRepairConfiguration",
            self.auto_repair_configuration.as_ref(),
            AutoRepairConfiguration::validate,
        );
    }
}

impl Validate for UpdateServicePrimaryTaskSetRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("service", self.service.is_some());
        at.required("primaryTaskSet", self.primary_task_set.is_some());
    }
}

impl Validate for UpdateServiceRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("service", self.service.is_some());
        at.member(
            "capacityProviderStrategy",
            self.capacity_provider_strategy.as_ref(),
            capacity_provider_strategy,
        );
        at.member(
            "deploymentConfiguration",
            self.deployment_configuration.as_ref(),
            DeploymentConfiguration::validate,
        );
        at.member(
            "availabilityZoneRebalancing",
            self.availability_zone_rebalancing.as_ref(),
            AvailabilityZoneRebalancing::validate,
        );
        at.member(
            "networkConfiguration",
            self.network_configuration.as_ref(),
            NetworkConfiguration::validate,
        );
        at.member(
            "placementConstraints",
            self.placement_constraints.as_ref(),
            placement_constraints,
        );
        at.member(
            "placementStrategy",
            self.placement_strategy.as_ref(),
            placement_strategies,
        );
        at.member(
            "deploymentController",
            self.deployment_controller.as_ref(),
            DeploymentController::validate,
        );
        at.member(
            "propagateTags",
            self.propagate_tags.as_ref(),
            PropagateTags::validate,
        );
        at.member(
            "serviceConnectConfiguration",
            self.service_connect_configuration.as_ref(),
            ServiceConnectConfiguration::validate,
        );
        at.member(
            "volumeConfigurations",
            self.volume_configurations.as_ref(),
            service_volume_configurations,
        );
        at.member(
            "vpcLatticeConfigurations",
            self.vpc_lattice_configurations.as_ref(),
            vpc_lattice_configurations,
        );
        at.member(
            "gatewayConnectors",
            self.gateway_connectors.as_ref(),
            gateway_connector_list,
        );
        at.member(
            "monitoring",
            self.monitoring.as_ref(),
            MonitoringConfiguration::validate,
        );
    }
}

impl Validate for UpdateTaskProtectionRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("tasks", self.tasks.is_some());
        at.required("protectionEnabled", self.protection_enabled.is_some());
    }
}

impl Validate for UpdateTaskSetRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("cluster", self.cluster.is_some());
        at.required("service", self.service.is_some());
        at.required("taskSet", self.task_set.is_some());
        at.required("scale", self.scale.is_some());
        at.member("scale", self.scale.as_ref(), Scale::validate);
    }
}

impl Validate for VCpuCountRangeRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("min", self.min.is_some());
    }
}

impl Validate for Volume {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member(
            "dockerVolumeConfiguration",
            self.docker_volume_configuration.as_ref(),
            DockerVolumeConfiguration::validate,
        );
        at.member(
            "efsVolumeConfiguration",
            self.efs_volume_configuration.as_ref(),
            EFSVolumeConfiguration::validate,
        );
        at.member(
            "s3filesVolumeConfiguration",
            self.s3files_volume_configuration.as_ref(),
            S3FilesVolumeConfiguration::validate,
        );
        at.member(
            "fsxWindowsFileServerVolumeConfiguration",
            self.fsx_windows_file_server_volume_configuration.as_ref(),
            FSxWindowsFileServerVolumeConfiguration::validate,
        );
    }
}

impl Validate for VpcLatticeConfiguration {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("roleArn", self.role_arn.is_some());
        at.required("targetGroupArn", self.target_group_arn.is_some());
        at.required("portName", self.port_name.is_some());
    }
}

fn accelerator_manufacturer_set(value: &Vec<AcceleratorManufacturer>, at: &mut Checker<'_>) {
    at.each(value, AcceleratorManufacturer::validate);
}

fn accelerator_name_set(value: &Vec<AcceleratorName>, at: &mut Checker<'_>) {
    at.each(value, AcceleratorName::validate);
}

fn accelerator_type_set(value: &Vec<AcceleratorType>, at: &mut Checker<'_>) {
    at.each(value, AcceleratorType::validate);
}

fn access_type_list(value: &Vec<AccessType>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(2));
    at.each(value, AccessType::validate);
}

fn allowed_instance_type(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(30));
    at.pattern(
        value,
        r"[a-zA-Z0-9\.\*\-]+",
        |c| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '*' | '-'),
    );
}

fn allowed_instance_type_set(value: &Vec<String>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(400));
    at.each(value, allowed_instance_type);
}

fn attachment_state_changes(value: &Vec<AttachmentStateChange>, at: &mut Checker<'_>) {
    at.each(value, AttachmentStateChange::validate);
}

fn attributes(value: &Vec<Attribute>, at: &mut Checker<'_>) {
    at.each(value, Attribute::validate);
}

fn capacity_provider_field_list(value: &Vec<CapacityProviderField>, at: &mut Checker<'_>) {
    at.each(value, CapacityProviderField::validate);
}

fn capacity_provider_strategy(value: &Vec<CapacityProviderStrategyItem>, at: &mut Checker<'_>) {
    at.each(value, CapacityProviderStrategyItem::validate);
}

fn capacity_provider_strategy_item_base(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(100000));
}

fn capacity_provider_strategy_item_weight(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(1000));
}

fn cluster_field_list(value: &Vec<ClusterField>, at: &mut Checker<'_>) {
    at.each(value, ClusterField::validate);
}

fn cluster_settings(value: &Vec<ClusterSetting>, at: &mut Checker<'_>) {
    at.each(value, ClusterSetting::validate);
}

fn compatibility_list(value: &Vec<Compatibility>, at: &mut Checker<'_>) {
    at.each(value, Compatibility::validate);
}

fn container_definitions(value: &Vec<ContainerDefinition>, at: &mut Checker<'_>) {
    at.each(value, ContainerDefinition::validate);
}

fn container_dependencies(value: &Vec<ContainerDependency>, at: &mut Checker<'_>) {
    at.each(value, ContainerDependency::validate);
}

fn container_instance_field_list(value: &Vec<ContainerInstanceField>, at: &mut Checker<'_>) {
    at.each(value, ContainerInstanceField::validate);
}

fn container_overrides(value: &Vec<ContainerOverride>, at: &mut Checker<'_>) {
    at.each(value, ContainerOverride::validate);
}

fn container_state_changes(value: &Vec<ContainerStateChange>, at: &mut Checker<'_>) {
    at.each(value, ContainerStateChange::validate);
}

fn cpu_manufacturer_set(value: &Vec<CpuManufacturer>, at: &mut Checker<'_>) {
    at.each(value, CpuManufacturer::validate);
}

fn daemon_container_definition_list(value: &Vec<DaemonContainerDefinition>, at: &mut Checker<'_>) {
    at.each(value, DaemonContainerDefinition::validate);
}

fn daemon_deployment_status_list(value: &Vec<DaemonDeploymentStatus>, at: &mut Checker<'_>) {
    at.each(value, DaemonDeploymentStatus::validate);
}

fn daemon_drain_percent(value: &f64, at: &mut Checker<'_>) {
    at.range(value, Some(0.0), Some(100.0));
}

fn daemon_volume_list(value: &Vec<DaemonVolume>, at: &mut Checker<'_>) {
    at.each(value, DaemonVolume::validate);
}

fn deployment_lifecycle_hook_duration(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(20160));
}

fn deployment_lifecycle_hook_list(value: &Vec<DeploymentLifecycleHook>, at: &mut Checker<'_>) {
    at.each(value, DeploymentLifecycleHook::validate);
}

fn deployment_lifecycle_hook_stage_list(
    value: &Vec<DeploymentLifecycleHookStage>,
    at: &mut Checker<'_>,
) {
    at.each(value, DeploymentLifecycleHookStage::validate);
}

fn device_cgroup_permissions(value: &Vec<DeviceCgroupPermission>, at: &mut Checker<'_>) {
    at.each(value, DeviceCgroupPermission::validate);
}

fn devices_list(value: &Vec<Device>, at: &mut Checker<'_>) {
    at.each(value, Device::validate);
}

fn duration(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), None);
}

fn ebs_tag_specifications(value: &Vec<EBSTagSpecification>, at: &mut Checker<'_>) {
    at.each(value, EBSTagSpecification::validate);
}

fn environment_files(value: &Vec<EnvironmentFile>, at: &mut Checker<'_>) {
    at.each(value, EnvironmentFile::validate);
}

fn excluded_instance_type(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(30));
    at.pattern(
        value,
        r"[a-zA-Z0-9\.\*\-]+",
        |c| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '*' | '-'),
    );
}

fn excluded_instance_type_set(value: &Vec<String>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(400));
    at.each(value, excluded_instance_type);
}

fn express_gateway_service_include_list(
    value: &Vec<ExpressGatewayServiceInclude>,
    at: &mut Checker<'_>,
) {
    at.each(value, ExpressGatewayServiceInclude::validate);
}

fn gateway_cluster_association_status_list(
    value: &Vec<GatewayClusterAssociationStatus>,
    at: &mut Checker<'_>,
) {
    at.items(value.len(), None, Some(3));
    at.each(value, GatewayClusterAssociationStatus::validate);
}

fn gateway_connector_deregistration_delay_timeout_seconds_integer(
    value: &i32,
    at: &mut Checker<'_>,
) {
    at.range(value, Some(0), Some(3600));
}

fn gateway_connector_list(value: &Vec<GatewayConnector>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(1));
    at.each(value, GatewayConnector::validate);
}

fn gateway_route_status_list(value: &Vec<GatewayRouteStatus>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(7));
    at.each(value, GatewayRouteStatus::validate);
}

fn gateway_status_list(value: &Vec<GatewayStatus>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(5));
    at.each(value, GatewayStatus::validate);
}

fn healthy_percent_integer(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(100));
}

fn host_entry_list(value: &Vec<HostEntry>, at: &mut Checker<'_>) {
    at.each(value, HostEntry::validate);
}

fn inference_accelerators(value: &Vec<InferenceAccelerator>, at: &mut Checker<'_>) {
    at.each(value, InferenceAccelerator::validate);
}

fn instance_generation_set(value: &Vec<InstanceGeneration>, at: &mut Checker<'_>) {
    at.each(value, InstanceGeneration::validate);
}

fn local_storage_type_set(value: &Vec<LocalStorageType>, at: &mut Checker<'_>) {
    at.each(value, LocalStorageType::validate);
}

fn managed_agent_state_changes(value: &Vec<ManagedAgentStateChange>, at: &mut Checker<'_>) {
    at.each(value, ManagedAgentStateChange::validate);
}

fn managed_scaling_instance_warmup_period(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(10000));
}

fn managed_scaling_step_size(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(10000));
}

fn managed_scaling_target_capacity(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(100));
}

fn metric_configuration_list(value: &Vec<MetricConfiguration>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(5));
    at.each(value, MetricConfiguration::validate);
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

fn network_bindings(value: &Vec<NetworkBinding>, at: &mut Checker<'_>) {
    at.each(value, NetworkBinding::validate);
}

fn nvidia_mps_allocation_max_compute_percent_integer(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(100));
}

fn nvidia_mps_allocation_memory_integer(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), None);
}

fn placement_constraints(value: &Vec<PlacementConstraint>, at: &mut Checker<'_>) {
    at.each(value, PlacementConstraint::validate);
}

fn placement_strategies(value: &Vec<PlacementStrategy>, at: &mut Checker<'_>) {
    at.each(value, PlacementStrategy::validate);
}

fn platform_devices(value: &Vec<PlatformDevice>, at: &mut Checker<'_>) {
    at.each(value, PlatformDevice::validate);
}

fn port_mapping_list(value: &Vec<PortMapping>, at: &mut Checker<'_>) {
    at.each(value, PortMapping::validate);
}

fn port_number(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(0), Some(65535));
}

fn repository_credentials(value: &Sensitive<RepositoryCredentials>, at: &mut Checker<'_>) {
    at.sensitive(value, RepositoryCredentials::validate);
}

fn resource_requirements(value: &Vec<ResourceRequirement>, at: &mut Checker<'_>) {
    at.each(value, ResourceRequirement::validate);
}

fn secret_list(value: &Vec<Secret>, at: &mut Checker<'_>) {
    at.each(value, Secret::validate);
}

fn service_connect_client_alias_list(value: &Vec<ServiceConnectClientAlias>, at: &mut Checker<'_>) {
    at.each(value, ServiceConnectClientAlias::validate);
}

fn service_connect_container_configurations(
    value: &Vec<ServiceConnectContainerConfiguration>,
    at: &mut Checker<'_>,
) {
    at.items(value.len(), None, Some(10));
    at.each(value, ServiceConnectContainerConfiguration::validate);
}

fn service_connect_service_list(value: &Vec<ServiceConnectService>, at: &mut Checker<'_>) {
    at.each(value, ServiceConnectService::validate);
}

fn service_deployment_status_list(value: &Vec<ServiceDeploymentStatus>, at: &mut Checker<'_>) {
    at.each(value, ServiceDeploymentStatus::validate);
}

fn service_field_list(value: &Vec<ServiceField>, at: &mut Checker<'_>) {
    at.each(value, ServiceField::validate);
}

fn service_volume_configurations(value: &Vec<ServiceVolumeConfiguration>, at: &mut Checker<'_>) {
    at.each(value, ServiceVolumeConfiguration::validate);
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

fn tags(value: &Vec<Tag>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(50));
    at.each(value, Tag::validate);
}

fn task_definition_field_list(value: &Vec<TaskDefinitionField>, at: &mut Checker<'_>) {
    at.each(value, TaskDefinitionField::validate);
}

fn task_definition_placement_constraints(
    value: &Vec<TaskDefinitionPlacementConstraint>,
    at: &mut Checker<'_>,
) {
    at.each(value, TaskDefinitionPlacementConstraint::validate);
}

fn task_field_list(value: &Vec<TaskField>, at: &mut Checker<'_>) {
    at.each(value, TaskField::validate);
}

fn task_set_field_list(value: &Vec<TaskSetField>, at: &mut Checker<'_>) {
    at.each(value, TaskSetField::validate);
}

fn task_volume_configurations(value: &Vec<TaskVolumeConfiguration>, at: &mut Checker<'_>) {
    at.each(value, TaskVolumeConfiguration::validate);
}

fn task_volume_storage_gib(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), None);
}

fn tmpfs_list(value: &Vec<Tmpfs>, at: &mut Checker<'_>) {
    at.each(value, Tmpfs::validate);
}

fn ulimit_list(value: &Vec<Ulimit>, at: &mut Checker<'_>) {
    at.each(value, Ulimit::validate);
}

fn volume_list(value: &Vec<Volume>, at: &mut Checker<'_>) {
    at.each(value, Volume::validate);
}

fn vpc_lattice_configurations(value: &Vec<VpcLatticeConfiguration>, at: &mut Checker<'_>) {
    at.each(value, VpcLatticeConfiguration::validate);
}
