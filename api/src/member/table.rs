//! The table itself, operation by operation, members in the order of the ECS API.
//!
//! To offer more: change the entry here together with the code that honours the member.

use super::Members;
use super::Treatment::{Effective, Only, Recorded, Refused};

/// The members of every offered operation.
pub const TABLES: &[(&str, Members)] = &[
    ("CreateCluster", CREATE_CLUSTER),
    ("DescribeClusters", &[("clusters", Effective), ("include", Effective)]),
    ("ListClusters", &[("nextToken", Effective), ("maxResults", Effective)]),
    ("UpdateCluster", UPDATE_CLUSTER),
    ("UpdateClusterSettings", &[("cluster", Effective), ("settings", Recorded)]),
    ("PutClusterCapacityProviders", PUT_CLUSTER_CAPACITY_PROVIDERS),
    ("DeleteCluster", &[("cluster", Effective)]),
    ("RegisterTaskDefinition", REGISTER_TASK_DEFINITION),
    ("DescribeTaskDefinition", &[("taskDefinition", Effective), ("include", Effective)]),
    ("DeregisterTaskDefinition", &[("taskDefinition", Effective)]),
    ("DeleteTaskDefinitions", &[("taskDefinitions", Effective)]),
    ("ListTaskDefinitions", LIST_TASK_DEFINITIONS),
    ("ListTaskDefinitionFamilies", LIST_TASK_DEFINITION_FAMILIES),
    ("RunTask", RUN_TASK),
    ("StartTask", START_TASK),
    ("StopTask", &[("cluster", Effective), ("task", Effective), ("reason", Effective)]),
    ("DescribeTasks", &[("cluster", Effective), ("tasks", Effective), ("include", Effective)]),
    ("ListTasks", LIST_TASKS),
    ("RegisterContainerInstance", REGISTER_CONTAINER_INSTANCE),
    ("DescribeContainerInstances", DESCRIBE_CONTAINER_INSTANCES),
    ("ListContainerInstances", LIST_CONTAINER_INSTANCES),
    ("UpdateContainerInstancesState", UPDATE_CONTAINER_INSTANCES_STATE),
    ("DeregisterContainerInstance", &[("cluster", Effective), ("containerInstance", Effective), ("force", Effective)]),
    ("PutAttributes", &[("cluster", Effective), ("attributes", Effective)]),
    ("DeleteAttributes", DELETE_ATTRIBUTES),
    ("ListAttributes", LIST_ATTRIBUTES),
    ("DiscoverPollEndpoint", &[("containerInstance", Recorded), ("cluster", Recorded)]),
    ("SubmitTaskStateChange", SUBMIT_TASK_STATE_CHANGE),
    ("TagResource", &[("resourceArn", Effective), ("tags", Effective)]),
    ("UntagResource", &[("resourceArn", Effective), ("tagKeys", Effective)]),
    ("ListTagsForResource", &[("resourceArn", Effective)]),
    ("PutAccountSetting", PUT_ACCOUNT_SETTING),
    ("PutAccountSettingDefault", PUT_ACCOUNT_SETTING_DEFAULT),
    ("DeleteAccountSetting", &[("name", Effective), ("principalArn", Effective)]),
    ("ListAccountSettings", LIST_ACCOUNT_SETTINGS),
    ("GetTaskProtection", &[("cluster", Effective), ("tasks", Effective)]),
    ("UpdateTaskProtection", UPDATE_TASK_PROTECTION),
    ("SubmitContainerStateChange", SUBMIT_CONTAINER_STATE_CHANGE),
    ("SubmitAttachmentStateChanges", &[("cluster", Recorded), ("attachments", Recorded)]),
    ("CreateCapacityProvider", CREATE_CAPACITY_PROVIDER),
    ("UpdateCapacityProvider", UPDATE_CAPACITY_PROVIDER),
    ("DeleteCapacityProvider", &[("capacityProvider", Effective), ("cluster", Effective)]),
    ("DescribeCapacityProviders", DESCRIBE_CAPACITY_PROVIDERS),
    ("CreateLogGroup", CREATE_LOG_GROUP),
    ("CreateLogStream", &[("logGroupName", Effective), ("logStreamName", Effective)]),
    ("DeleteLogGroup", &[("logGroupName", Effective)]),
    ("DeleteLogStream", &[("logGroupName", Effective), ("logStreamName", Effective)]),
    ("DescribeLogGroups", DESCRIBE_LOG_GROUPS),
    ("DescribeLogStreams", DESCRIBE_LOG_STREAMS),
    ("PutRetentionPolicy", &[("logGroupName", Effective), ("retentionInDays", Effective)]),
    ("DeleteRetentionPolicy", &[("logGroupName", Effective)]),
    ("PutLogEvents", PUT_LOG_EVENTS),
    ("FilterLogEvents", FILTER_LOG_EVENTS),
    ("GetLogEvents", GET_LOG_EVENTS),
];

const CREATE_CLUSTER: Members = &[
    ("clusterName", Effective),
    ("tags", Effective),
    ("settings", Recorded),
    ("configuration", Recorded),
    ("capacityProviders", Effective),
    ("defaultCapacityProviderStrategy", Effective),
    ("serviceConnectDefaults", Refused),
];

const UPDATE_CLUSTER: Members =
    &[("cluster", Effective), ("settings", Recorded), ("configuration", Recorded), ("serviceConnectDefaults", Refused)];

const PUT_CLUSTER_CAPACITY_PROVIDERS: Members =
    &[("cluster", Effective), ("capacityProviders", Effective), ("defaultCapacityProviderStrategy", Effective)];

const REGISTER_TASK_DEFINITION: Members = &[
    ("family", Effective),
    // Where the server has credentials for the role.
    ("taskRoleArn", Effective),
    ("executionRoleArn", Recorded),
    ("networkMode", Effective),
    ("containerDefinitions[].name", Effective),
    ("containerDefinitions[].image", Effective),
    ("containerDefinitions[].repositoryCredentials", Effective),
    ("containerDefinitions[].cpu", Effective),
    ("containerDefinitions[].memory", Effective),
    ("containerDefinitions[].memoryReservation", Effective),
    ("containerDefinitions[].links", Effective),
    ("containerDefinitions[].portMappings[].containerPort", Effective),
    ("containerDefinitions[].portMappings[].hostPort", Effective),
    ("containerDefinitions[].portMappings[].protocol", Effective),
    // Services will say what they are for; a task by itself has no use for them.
    ("containerDefinitions[].portMappings[].name", Recorded),
    ("containerDefinitions[].portMappings[].appProtocol", Recorded),
    ("containerDefinitions[].portMappings[].containerPortRange", Refused),
    ("containerDefinitions[].essential", Effective),
    ("containerDefinitions[].restartPolicy.enabled", Effective),
    ("containerDefinitions[].restartPolicy.ignoredExitCodes", Effective),
    ("containerDefinitions[].restartPolicy.restartAttemptPeriod", Effective),
    ("containerDefinitions[].entryPoint", Effective),
    ("containerDefinitions[].command", Effective),
    ("containerDefinitions[].environment", Effective),
    ("containerDefinitions[].environmentFiles", Effective),
    ("containerDefinitions[].mountPoints", Effective),
    ("containerDefinitions[].volumesFrom", Effective),
    ("containerDefinitions[].linuxParameters", Effective),
    ("containerDefinitions[].secrets", Effective),
    ("containerDefinitions[].dependsOn[].containerName", Effective),
    ("containerDefinitions[].dependsOn[].condition", Effective),
    ("containerDefinitions[].startTimeout", Effective),
    ("containerDefinitions[].stopTimeout", Effective),
    // Hosts resolve an image's tag each for itself, which is what this value asks for.
    ("containerDefinitions[].versionConsistency", Only(&["disabled"])),
    ("containerDefinitions[].hostname", Effective),
    ("containerDefinitions[].user", Effective),
    ("containerDefinitions[].workingDirectory", Effective),
    ("containerDefinitions[].disableNetworking", Effective),
    ("containerDefinitions[].privileged", Effective),
    ("containerDefinitions[].readonlyRootFilesystem", Effective),
    ("containerDefinitions[].dnsServers", Effective),
    ("containerDefinitions[].dnsSearchDomains", Effective),
    ("containerDefinitions[].extraHosts", Effective),
    ("containerDefinitions[].dockerSecurityOptions", Effective),
    ("containerDefinitions[].interactive", Effective),
    ("containerDefinitions[].pseudoTerminal", Effective),
    ("containerDefinitions[].dockerLabels", Effective),
    ("containerDefinitions[].ulimits", Effective),
    ("containerDefinitions[].logConfiguration", Effective),
    ("containerDefinitions[].healthCheck", Effective),
    ("containerDefinitions[].systemControls", Effective),
    ("containerDefinitions[].resourceRequirements[].type", Only(&["GPU"])),
    ("containerDefinitions[].resourceRequirements[].value", Effective),
    ("containerDefinitions[].resourceRequirements[].sharingStrategy", Refused),
    ("containerDefinitions[].firelensConfiguration", Refused),
    ("containerDefinitions[].credentialSpecs", Refused),
    ("volumes[].name", Effective),
    ("volumes[].host", Effective),
    ("volumes[].dockerVolumeConfiguration", Effective),
    ("volumes[].efsVolumeConfiguration", Refused),
    ("volumes[].s3filesVolumeConfiguration", Refused),
    ("volumes[].fsxWindowsFileServerVolumeConfiguration", Refused),
    ("volumes[].configuredAtLaunch", Refused),
    ("placementConstraints", Effective),
    // FARGATE has Fargate's sizes and limits hold when it is registered, and when it runs on the pool.
    ("requiresCompatibilities", Effective),
    ("cpu", Effective),
    ("memory", Effective),
    ("tags", Effective),
    ("pidMode", Effective),
    ("ipcMode", Effective),
    ("proxyConfiguration", Refused),
    ("inferenceAccelerators", Refused),
    // A bound for each container, where Docker's storage driver has bounds (docs/storage.md).
    ("ephemeralStorage", Effective),
    ("runtimePlatform.cpuArchitecture", Effective),
    ("runtimePlatform.operatingSystemFamily", Only(&["LINUX"])),
    ("enableFaultInjection", Refused),
    ("trustedExecutionConfiguration", Refused),
];

const LIST_TASK_DEFINITIONS: Members = &[
    ("familyPrefix", Effective),
    ("status", Effective),
    ("sort", Effective),
    ("nextToken", Effective),
    ("maxResults", Effective),
];

const LIST_TASK_DEFINITION_FAMILIES: Members =
    &[("familyPrefix", Effective), ("status", Effective), ("nextToken", Effective), ("maxResults", Effective)];

const RUN_TASK: Members = &[
    ("capacityProviderStrategy[].capacityProvider", Effective),
    ("capacityProviderStrategy[].weight", Effective),
    ("capacityProviderStrategy[].base", Effective),
    ("cluster", Effective),
    ("count", Effective),
    ("enableECSManagedTags", Effective),
    ("enableExecuteCommand", Effective),
    ("group", Effective),
    ("launchType", Only(&["EC2", "FARGATE", "EXTERNAL"])),
    ("networkConfiguration", Recorded),
    ("overrides.containerOverrides[].name", Effective),
    ("overrides.containerOverrides[].command", Effective),
    ("overrides.containerOverrides[].environment", Effective),
    ("overrides.containerOverrides[].environmentFiles", Effective),
    ("overrides.containerOverrides[].cpu", Effective),
    ("overrides.containerOverrides[].memory", Effective),
    ("overrides.containerOverrides[].memoryReservation", Effective),
    ("overrides.containerOverrides[].resourceRequirements[].type", Only(&["GPU"])),
    ("overrides.containerOverrides[].resourceRequirements[].value", Effective),
    ("overrides.containerOverrides[].resourceRequirements[].sharingStrategy", Refused),
    ("overrides.cpu", Effective),
    ("overrides.inferenceAcceleratorOverrides", Refused),
    ("overrides.executionRoleArn", Recorded),
    ("overrides.memory", Effective),
    ("overrides.taskRoleArn", Effective),
    ("overrides.ephemeralStorage", Effective),
    ("placementConstraints", Effective),
    ("placementStrategy", Effective),
    ("platformVersion", Recorded),
    ("propagateTags", Only(&["TASK_DEFINITION", "NONE"])),
    ("referenceId", Refused),
    ("startedBy", Effective),
    ("tags", Effective),
    ("taskDefinition", Effective),
    ("clientToken", Effective),
    ("volumeConfigurations", Refused),
];

const START_TASK: Members = &[
    ("cluster", Effective),
    ("containerInstances", Effective),
    ("enableECSManagedTags", Effective),
    ("enableExecuteCommand", Effective),
    ("group", Effective),
    ("networkConfiguration", Recorded),
    ("overrides.containerOverrides[].name", Effective),
    ("overrides.containerOverrides[].command", Effective),
    ("overrides.containerOverrides[].environment", Effective),
    ("overrides.containerOverrides[].environmentFiles", Effective),
    ("overrides.containerOverrides[].cpu", Effective),
    ("overrides.containerOverrides[].memory", Effective),
    ("overrides.containerOverrides[].memoryReservation", Effective),
    ("overrides.containerOverrides[].resourceRequirements[].type", Only(&["GPU"])),
    ("overrides.containerOverrides[].resourceRequirements[].value", Effective),
    ("overrides.containerOverrides[].resourceRequirements[].sharingStrategy", Refused),
    ("overrides.cpu", Effective),
    ("overrides.inferenceAcceleratorOverrides", Refused),
    ("overrides.executionRoleArn", Recorded),
    ("overrides.memory", Effective),
    ("overrides.taskRoleArn", Effective),
    ("overrides.ephemeralStorage", Effective),
    ("propagateTags", Only(&["TASK_DEFINITION", "NONE"])),
    ("referenceId", Refused),
    ("startedBy", Effective),
    ("tags", Effective),
    ("taskDefinition", Effective),
    ("volumeConfigurations", Refused),
];

const LIST_TASKS: Members = &[
    ("cluster", Effective),
    ("containerInstance", Effective),
    ("family", Effective),
    ("nextToken", Effective),
    ("maxResults", Effective),
    ("startedBy", Effective),
    ("serviceName", Effective),
    ("desiredStatus", Effective),
    ("launchType", Effective),
    ("daemonName", Refused),
];

const REGISTER_CONTAINER_INSTANCE: Members = &[
    ("cluster", Effective),
    // Its instance id is taken over; there is nobody to check the document with outside EC2.
    ("instanceIdentityDocument", Effective),
    ("instanceIdentityDocumentSignature", Recorded),
    ("totalResources", Effective),
    // What counts is what the agent says when it opens its session.
    ("versionInfo", Recorded),
    ("containerInstanceArn", Effective),
    ("attributes", Effective),
    ("platformDevices", Effective),
    ("tags", Effective),
];

const DESCRIBE_CONTAINER_INSTANCES: Members =
    &[("cluster", Effective), ("containerInstances", Effective), ("include", Effective)];

const UPDATE_CONTAINER_INSTANCES_STATE: Members =
    &[("cluster", Effective), ("containerInstances", Effective), ("status", Effective)];

const DELETE_ATTRIBUTES: Members = &[
    ("cluster", Effective),
    ("attributes[].name", Effective),
    // Names are enough to tell attributes apart.
    ("attributes[].value", Recorded),
    ("attributes[].targetType", Effective),
    ("attributes[].targetId", Effective),
];

const LIST_ATTRIBUTES: Members = &[
    ("cluster", Effective),
    ("targetType", Effective),
    ("attributeName", Effective),
    ("attributeValue", Effective),
    ("nextToken", Effective),
    ("maxResults", Effective),
];

const LIST_CONTAINER_INSTANCES: Members = &[
    ("cluster", Effective),
    ("filter", Effective),
    ("nextToken", Effective),
    ("maxResults", Effective),
    ("status", Effective),
];

const SUBMIT_TASK_STATE_CHANGE: Members = &[
    // A task is found by its ARN: hosts of FARGATE run tasks of every cluster.
    ("cluster", Recorded),
    ("task", Effective),
    ("status", Effective),
    ("reason", Effective),
    ("containers", Effective),
    // Nothing that Berth sends makes an agent report these, and a report is never refused for them.
    ("attachments", Recorded),
    ("managedAgents", Recorded),
    ("pullStartedAt", Effective),
    ("pullStoppedAt", Effective),
    ("executionStoppedAt", Effective),
];

const CREATE_CAPACITY_PROVIDER: Members = &[
    ("name", Effective),
    ("cluster", Effective),
    ("autoScalingGroupProvider", Refused),
    ("managedInstancesProvider.infrastructureRoleArn", Recorded),
    ("managedInstancesProvider.instanceLaunchTemplate.ec2InstanceProfileArn", Recorded),
    ("managedInstancesProvider.instanceLaunchTemplate.networkConfiguration", Recorded),
    ("managedInstancesProvider.instanceLaunchTemplate.storageConfiguration", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.localStorageConfiguration", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.monitoring", Only(&["BASIC"])),
    ("managedInstancesProvider.instanceLaunchTemplate.capacityOptionType", Only(&["ON_DEMAND"])),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceMetadataTagsPropagation", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.vCpuCount", Effective),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.memoryMiB", Effective),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.cpuManufacturers", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.memoryGiBPerVCpu", Effective),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.excludedInstanceTypes", Effective),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.instanceGenerations", Refused),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.spotMaxPricePercentageOverLowestPrice",
        Refused,
    ),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.onDemandMaxPricePercentageOverLowestPrice",
        Refused,
    ),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.bareMetal", Only(&["included", "excluded"])),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.burstablePerformance",
        Only(&["included", "excluded"]),
    ),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.requireHibernateSupport", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.networkInterfaceCount", Refused),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.localStorage",
        Only(&["included", "excluded"]),
    ),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.localStorageTypes", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.totalLocalStorageGB", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.baselineEbsBandwidthMbps", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorTypes", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorCount", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorManufacturers", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorNames", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorTotalMemoryMiB", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.networkBandwidthGbps", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.allowedInstanceTypes", Effective),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.maxSpotPriceAsPercentageOfOptimalOnDemandPrice",
        Refused,
    ),
    ("managedInstancesProvider.instanceLaunchTemplate.fipsEnabled", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.capacityReservations", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.nitroEnclavesEnabled", Refused),
    // Hosts have the tags that they register with.
    ("managedInstancesProvider.propagateTags", Only(&["NONE"])),
    ("managedInstancesProvider.infrastructureOptimization", Effective),
    // A host that is lost is replaced, always.
    ("managedInstancesProvider.autoRepairConfiguration.actionsStatus", Only(&["ENABLED"])),
    ("tags", Effective),
];

const UPDATE_CAPACITY_PROVIDER: Members = &[
    ("name", Effective),
    ("cluster", Effective),
    ("autoScalingGroupProvider", Refused),
    ("managedInstancesProvider.infrastructureRoleArn", Recorded),
    ("managedInstancesProvider.instanceLaunchTemplate.ec2InstanceProfileArn", Recorded),
    ("managedInstancesProvider.instanceLaunchTemplate.networkConfiguration", Recorded),
    ("managedInstancesProvider.instanceLaunchTemplate.storageConfiguration", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.localStorageConfiguration", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.monitoring", Only(&["BASIC"])),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceMetadataTagsPropagation", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.vCpuCount", Effective),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.memoryMiB", Effective),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.cpuManufacturers", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.memoryGiBPerVCpu", Effective),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.excludedInstanceTypes", Effective),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.instanceGenerations", Refused),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.spotMaxPricePercentageOverLowestPrice",
        Refused,
    ),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.onDemandMaxPricePercentageOverLowestPrice",
        Refused,
    ),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.bareMetal", Only(&["included", "excluded"])),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.burstablePerformance",
        Only(&["included", "excluded"]),
    ),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.requireHibernateSupport", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.networkInterfaceCount", Refused),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.localStorage",
        Only(&["included", "excluded"]),
    ),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.localStorageTypes", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.totalLocalStorageGB", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.baselineEbsBandwidthMbps", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorTypes", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorCount", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorManufacturers", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorNames", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorTotalMemoryMiB", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.networkBandwidthGbps", Refused),
    ("managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.allowedInstanceTypes", Effective),
    (
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.maxSpotPriceAsPercentageOfOptimalOnDemandPrice",
        Refused,
    ),
    ("managedInstancesProvider.instanceLaunchTemplate.capacityReservations", Refused),
    // Hosts have the tags that they register with.
    ("managedInstancesProvider.propagateTags", Only(&["NONE"])),
    ("managedInstancesProvider.infrastructureOptimization", Effective),
    // A host that is lost is replaced, always.
    ("managedInstancesProvider.autoRepairConfiguration.actionsStatus", Only(&["ENABLED"])),
];

const DESCRIBE_CAPACITY_PROVIDERS: Members = &[
    ("capacityProviders", Effective),
    ("cluster", Effective),
    ("include", Effective),
    ("maxResults", Effective),
    ("nextToken", Effective),
];

const PUT_ACCOUNT_SETTING: Members = &[
    ("name", Effective),
    // containerInsights says what new clusters begin with; the others are kept and given back.
    ("value", Recorded),
    ("principalArn", Effective),
];

const PUT_ACCOUNT_SETTING_DEFAULT: Members = &[("name", Effective), ("value", Recorded)];

const LIST_ACCOUNT_SETTINGS: Members = &[
    ("name", Effective),
    ("value", Effective),
    ("principalArn", Effective),
    ("effectiveSettings", Effective),
    ("nextToken", Effective),
    ("maxResults", Effective),
];

const UPDATE_TASK_PROTECTION: Members = &[
    ("cluster", Effective),
    ("tasks", Effective),
    // Only tasks of services can be protected: the answer says so of every other task.
    ("protectionEnabled", Recorded),
    ("expiresInMinutes", Recorded),
];

const SUBMIT_CONTAINER_STATE_CHANGE: Members = &[
    // A task is found by its ARN: hosts of FARGATE run tasks of every cluster.
    ("cluster", Recorded),
    ("task", Effective),
    ("containerName", Effective),
    ("runtimeId", Effective),
    ("status", Effective),
    ("exitCode", Effective),
    ("reason", Effective),
    ("networkBindings", Effective),
];

const CREATE_LOG_GROUP: Members = &[
    ("logGroupName", Effective),
    ("kmsKeyId", Refused),
    ("tags", Refused),
    ("logGroupClass", Only(&["STANDARD"])),
    ("deletionProtectionEnabled", Refused),
];

const DESCRIBE_LOG_GROUPS: Members = &[
    // There is one account.
    ("accountIdentifiers", Refused),
    ("logGroupNamePrefix", Effective),
    ("logGroupNamePattern", Effective),
    ("nextToken", Effective),
    ("limit", Effective),
    ("includeLinkedAccounts", Refused),
    // All groups are of this class.
    ("logGroupClass", Only(&["STANDARD"])),
    ("logGroupIdentifiers", Effective),
];

const DESCRIBE_LOG_STREAMS: Members = &[
    ("logGroupName", Effective),
    ("logGroupIdentifier", Effective),
    ("logStreamNamePrefix", Effective),
    ("orderBy", Effective),
    ("descending", Effective),
    ("nextToken", Effective),
    ("limit", Effective),
];

const PUT_LOG_EVENTS: Members = &[
    ("logGroupName", Effective),
    ("logStreamName", Effective),
    ("logEvents", Effective),
    // The service itself has ignored it since 2023; a stream takes events from any number of writers.
    ("sequenceToken", Recorded),
    // Agents of Berth say there how many events theirs tell of as missing; nothing else in it has an effect.
    ("entity", Recorded),
];

const FILTER_LOG_EVENTS: Members = &[
    ("logGroupName", Effective),
    ("logGroupIdentifier", Effective),
    ("logStreamNames", Effective),
    ("logStreamNamePrefix", Effective),
    ("startTime", Effective),
    ("endTime", Effective),
    ("filterPattern", Effective),
    ("nextToken", Effective),
    ("limit", Effective),
    // The oldest events come first, as the service does it if it is not asked.
    ("startFromHead", Only(&["true"])),
    // The service itself has interleaved all answers since 2019.
    ("interleaved", Recorded),
    // Nothing is ever masked.
    ("unmask", Recorded),
];

const GET_LOG_EVENTS: Members = &[
    ("logGroupName", Effective),
    ("logGroupIdentifier", Effective),
    ("logStreamName", Effective),
    ("startTime", Effective),
    ("endTime", Effective),
    ("nextToken", Effective),
    ("limit", Effective),
    ("startFromHead", Effective),
    // Nothing is ever masked.
    ("unmask", Recorded),
];
