//! Account settings: what an account, or one principal in it, has chosen.

use serde::{Deserialize, Serialize};

use crate::ecs::SettingName;

/// Names one account setting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SettingKey {
    /// The ARN of the user, role or account it is for; `None` for everybody who has none of his own.
    pub principal: Option<String>,
    /// What is set.
    pub name: SettingName,
}

/// One account setting. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSetting {
    /// Which.
    pub key: SettingKey,
    /// Its value.
    pub value: String,
}
