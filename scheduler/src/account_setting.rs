//! What happens to account settings.

use berth_model::account_setting::{AccountSetting, SettingKey};

use crate::state::State;
use crate::step::{Key, Rejection, Reply, Row, Step};

/// Most settings that are kept. Far more than there are users; bounds what anybody can make the server remember.
const SETTINGS_MAX: usize = 10_000;

impl State {
    /// Sets a value, in place of an earlier one.
    pub(crate) fn put_account_setting(&mut self, key: SettingKey, value: String, step: &mut Step) -> Reply {
        if self.account_settings.len() >= SETTINGS_MAX && !self.account_settings.contains_key(&key) {
            return Reply::Rejected(Rejection::Client(format!("There are {SETTINGS_MAX} account settings already.")));
        }
        self.account_settings.insert(key.clone(), value.clone());
        let row = AccountSetting { key: key.clone(), value };
        step.writes.insert(Key::AccountSetting(key), Row::AccountSetting(Some(row)));
        Reply::Done
    }

    /// Forgets a value: from now on the account's default holds.
    pub(crate) fn delete_account_setting(&mut self, key: &SettingKey, step: &mut Step) -> Reply {
        if self.account_settings.remove(key).is_some() {
            step.writes.insert(Key::AccountSetting(key.clone()), Row::AccountSetting(None));
        }
        Reply::Done
    }

    /// The value that holds for a principal, if there is one.
    pub(crate) fn account_setting(&self, mut key: SettingKey) -> Option<&String> {
        let own = self.account_settings.get(&key);
        key.principal = None;
        own.or_else(|| self.account_settings.get(&key))
    }
}

#[cfg(test)]
mod tests {
    use berth_model::ecs::{ClusterSetting, ClusterSettingName, SettingName};

    use super::*;
    use crate::event::Event;
    use crate::fixture::{World, name, settings};

    fn key(principal: Option<&str>) -> SettingKey {
        SettingKey { principal: principal.map(str::to_owned), name: SettingName::ContainerInsights }
    }

    fn put(principal: Option<&str>, value: &str) -> Event {
        Event::PutAccountSetting { key: key(principal), value: value.to_owned() }
    }

    fn insights(world: &mut World, cluster: &str, by: &str) -> Vec<ClusterSetting> {
        let event =
            Event::CreateCluster { name: name(cluster), tags: Vec::new(), options: Box::default(), by: by.to_owned() };
        let Reply::Cluster(made) = world.apply(event) else { panic!("refused") };
        made.settings.clone()
    }

    fn are(value: &str) -> Vec<ClusterSetting> {
        let name = Some(ClusterSettingName::ContainerInsights);
        vec![ClusterSetting { name, value: Some(value.to_owned()) }]
    }

    #[test]
    fn a_new_cluster_has_the_insights_that_its_maker_has_chosen() {
        let mut world = World::new(settings());
        assert_eq!(insights(&mut world, "a", "me"), are("disabled"));
        world.apply(put(None, "enabled"));
        assert_eq!(insights(&mut world, "b", "me"), are("enabled"));
        world.apply(put(Some("me"), "enhanced"));
        assert_eq!(insights(&mut world, "c", "me"), are("enhanced"));
        assert_eq!(insights(&mut world, "d", "you"), are("enabled"));
        world.restart();
        world.apply(Event::DeleteAccountSetting { key: key(Some("me")) });
        assert_eq!(insights(&mut world, "e", "me"), are("enabled"));
        world.apply(Event::DeleteAccountSetting { key: key(Some("me")) });
        assert!(world.step.writes.is_empty());
        assert_eq!(world.rows().account_settings, world.state.rows().account_settings);
        assert_eq!(insights(&mut world, "a", "me"), are("disabled"), "what is there stays as it is");
    }
}
