//! What the operations on account settings have in common.
//!
//! The account itself (its root) stands for everybody who has chosen nothing, as at ECS.

use berth_model::account_setting::{AccountSetting, SettingKey};
use berth_model::ecs::{Setting, SettingName, SettingType};

use super::Call;
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed};

/// All settings, in the order in which they are listed.
pub(super) const NAMES: [SettingName; 11] = [
    SettingName::AwsvpcTrunking,
    SettingName::ContainerInsights,
    SettingName::ContainerInstanceLongArnFormat,
    SettingName::DefaultLogDriverMode,
    SettingName::FargateEventWindows,
    SettingName::FargateFipsMode,
    SettingName::FargateTaskRetirementWaitPeriod,
    SettingName::GuardDutyActivate,
    SettingName::ServiceLongArnFormat,
    SettingName::TagResourceAuthorization,
    SettingName::TaskLongArnFormat,
];

/// Most characters of a principal's ARN. IAM's names and paths stay far below.
const PRINCIPAL_CHARACTERS_MAX: usize = 1024;

/// Whose settings a request is about.
#[derive(Debug, Clone)]
pub(super) struct Principal {
    /// Its ARN.
    pub(super) arn: String,
    is_root: bool,
}

impl Principal {
    /// The account itself.
    pub(super) fn root(edge: &Edge) -> Self {
        Self { arn: edge.scope().root(), is_root: true }
    }

    /// Whom `principalArn` names; who asks if it names nobody.
    ///
    /// # Errors
    /// `InvalidParameterException` if it is no ARN of a user, a role or the root of this account.
    pub(super) fn read(edge: &Edge, call: &Call, arn: Option<&str>) -> Result<Self, Fault> {
        let root = Self::root(edge);
        let own = call.caller.arn(edge.scope());
        let Some(arn) = arn.filter(|arn| !arn.is_empty()) else {
            return Ok(Self { is_root: own == root.arn, arn: own });
        };
        if arn == root.arn {
            return Ok(root);
        }
        let name = arn.strip_prefix(root.arn.trim_end_matches("root")).and_then(|rest| rest.split_once('/'));
        let is_named = name.is_some_and(|(kind, name)| ["user", "role"].contains(&kind) && !name.is_empty());
        if !is_named || arn.chars().count() > PRINCIPAL_CHARACTERS_MAX || !arn.bytes().all(|b| b.is_ascii_graphic()) {
            let text = format!("principalArn must be the ARN of a user or role of this account, or {}.", root.arn);
            return Err(Fault::invalid(text));
        }
        Ok(Self { arn: arn.to_owned(), is_root: false })
    }

    /// The key of one of its settings.
    pub(super) fn key(&self, name: SettingName) -> SettingKey {
        SettingKey { principal: (!self.is_root).then(|| self.arn.clone()), name }
    }

    /// What is stored for it, and for everybody.
    ///
    /// # Errors
    /// `ServerException` if the store fails.
    pub(super) async fn stored(&self, edge: &Edge) -> Result<Vec<AccountSetting>, Fault> {
        edge.reader().account_settings(self.arn.clone()).await.map_err(|error| failed(&error))
    }

    /// A setting as it is shown.
    pub(super) fn shown(&self, name: SettingName, value: String) -> Setting {
        let is_managed = name == SettingName::GuardDutyActivate;
        Setting {
            r#type: Some(if is_managed { SettingType::AwsManaged } else { SettingType::User }),
            name: Some(name),
            value: Some(value),
            principal_arn: Some(self.arn.clone()),
        }
    }

    /// The value that holds for it, if not its own then everybody's, and if there is none what Berth does anyway.
    pub(super) fn effective(&self, stored: &[AccountSetting], name: &SettingName) -> String {
        let find = |key: &SettingKey| stored.iter().find(|setting| setting.key == *key);
        let own = find(&self.key(name.clone()));
        let found = own.or_else(|| find(&SettingKey { principal: None, name: name.clone() }));
        found.map_or_else(|| built_in(name).to_owned(), |setting| setting.value.clone())
    }
}

/// Checks the value of a setting.
///
/// # Errors
/// `InvalidParameterException` that names the values there are.
pub(super) fn check(name: &SettingName, value: &str) -> Result<(), Fault> {
    let known = values(name);
    if known.contains(&value) {
        return Ok(());
    }
    Err(Fault::invalid(match (name, value) {
        (SettingName::GuardDutyActivate, _) => format!("{name} cannot be set: it is managed by AWS."),
        (_, "disabled") if *known == ["enabled"] => format!("{name} cannot be disabled: Berth has long ARNs only."),
        _ => format!("value of {name} must be one of {}.", known.join(", ")),
    }))
}

fn values(name: &SettingName) -> &'static [&'static str] {
    match name {
        SettingName::ServiceLongArnFormat
        | SettingName::TaskLongArnFormat
        | SettingName::ContainerInstanceLongArnFormat => &["enabled"],
        SettingName::AwsvpcTrunking | SettingName::FargateFipsMode | SettingName::FargateEventWindows => {
            &["enabled", "disabled"]
        }
        SettingName::ContainerInsights => &["enhanced", "enabled", "disabled"],
        SettingName::TagResourceAuthorization => &["on", "off"],
        SettingName::FargateTaskRetirementWaitPeriod => &["0", "7", "14"],
        SettingName::DefaultLogDriverMode => &["blocking", "non-blocking"],
        SettingName::GuardDutyActivate | SettingName::Unknown(_) => &[],
    }
}

fn built_in(name: &SettingName) -> &'static str {
    match name {
        SettingName::ServiceLongArnFormat
        | SettingName::TaskLongArnFormat
        | SettingName::ContainerInstanceLongArnFormat => "enabled",
        SettingName::AwsvpcTrunking
        | SettingName::FargateFipsMode
        | SettingName::FargateEventWindows
        | SettingName::ContainerInsights => "disabled",
        SettingName::FargateTaskRetirementWaitPeriod => "7",
        SettingName::DefaultLogDriverMode => "non-blocking",
        SettingName::TagResourceAuthorization | SettingName::GuardDutyActivate | SettingName::Unknown(_) => "off",
    }
}
