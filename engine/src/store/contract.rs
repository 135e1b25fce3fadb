//! The cases every store must pass: the same for SQLite, for the store in memory, and for whatever comes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use berth_model::access_key::{AccessKey, AccessKeyId, Role, SealedSecret};
use berth_model::account_setting::{AccountSetting, SettingKey};
use berth_model::arn::DefinitionRef;
use berth_model::cluster::Cluster;
use berth_model::ecs::{LaunchType, SettingName};
use berth_model::host::{Host, HostStatus, Origin};
use berth_model::id::{ClusterName, Family, HostId, TaskId};
use berth_model::state_change::{ChangeKind, HostImage, Sequence, Sink, StateChange, Subject, TaskImage};
use berth_model::task::{DesiredStatus, HostPort, Launch, Protocol, StaticLaunchType, Task, TaskStatus};
use berth_model::task_definition::{DefinitionStatus, TaskDefinition};
use berth_model::time::Timestamp;
use berth_model::unit::{MicroDollarsPerHour, Resources};
use berth_scheduler::step::{ClassId, Key, PlacementFailure, Row, TokenHit, TokenKey};

use super::{
    ChangeFilter, Connectivity, Cutoff, DefinitionFilter, FamilyFilter, FamilyStatus, HostFilter, Page, Pruned, Store,
    TaskFilter, launch_type,
};
use crate::sample::{cluster, definition, host, stopped_task, task};

type Writes = BTreeMap<Key, Row>;

/// Runs all cases, each on a store of its own.
///
/// # Panics
/// If the store does not pass.
pub async fn check<F: Future<Output = Arc<dyn Store>>>(open: impl Fn() -> F) {
    a_fresh_store_is_empty(&*open().await).await;
    what_is_committed_is_loaded(&*open().await).await;
    what_is_over_is_not_loaded(&*open().await).await;
    large_commits_arrive_whole(&*open().await).await;
    clusters_are_listed_and_counted(&*open().await).await;
    definitions_are_found_and_listed(&*open().await).await;
    account_settings_come_and_go(&*open().await).await;
    tasks_are_shown_with_what_surrounds_them(&*open().await).await;
    tasks_are_listed_by_filters(&*open().await).await;
    hosts_are_shown_with_their_load(&*open().await).await;
    tokens_are_found(&*open().await).await;
    access_keys_are_loaded_until_they_are_revoked(&*open().await).await;
    what_is_old_is_pruned(&*open().await).await;
    changes_are_read_in_order(&*open().await).await;
    old_changes_are_pruned(&*open().await).await;
}

async fn a_fresh_store_is_empty(store: &dyn Store) {
    let rows = store.load().await.unwrap();
    assert_eq!((rows.clusters, rows.hosts, rows.tasks), (vec![], vec![], vec![]));
    assert_eq!(store.list_clusters(Page::first(10)).await.unwrap(), []);
    assert_eq!(store.tasks(vec![TaskId(1)]).await.unwrap(), []);
    assert_eq!(store.task_definition(DefinitionRef::Latest(family("web"))).await.unwrap(), None);
    store.commit(&Writes::new()).await.unwrap();
}

async fn what_is_committed_is_loaded(store: &dyn Store) {
    let (cluster, definition, host) = (cluster("c"), definition("web", 1), host(1, "c"));
    let mut first = task(1, "c", "web");
    commit(store, |writes| {
        put_cluster(writes, &cluster);
        put_definition(writes, &definition);
        put_host(writes, &host);
        put_task(writes, &first, None);
    })
    .await;
    first.last_status = TaskStatus::Running;
    first.version += 1;
    commit(store, |writes| put_task(writes, &first, None)).await;
    let rows = store.load().await.unwrap();
    assert_eq!(rows.clusters, [cluster]);
    assert_eq!(rows.task_definitions, [Arc::new(definition)]);
    assert_eq!(rows.hosts, [host]);
    assert_eq!(rows.tasks, [first]);
}

async fn what_is_over_is_not_loaded(store: &dyn Store) {
    let stopped = stopped_task(1, 5);
    let mut gone = host(1, "c");
    gone.status = HostStatus::Gone;
    let mut bought = Host { id: HostId(2), ..gone.clone() };
    bought.origin = Origin::Pool {
        provider: "FARGATE".parse().unwrap(),
        instance_type: "small".to_owned(),
        price: MicroDollarsPerHour(1),
    };
    commit(store, |writes| {
        put_task(writes, &stopped, None);
        put_host(writes, &gone);
        put_host(writes, &bought);
    })
    .await;
    let rows = store.load().await.unwrap();
    assert_eq!((rows.hosts, rows.tasks), (vec![], vec![]));
    assert_eq!(rows.retired, BTreeSet::from([gone.id]), "its token is not for another host");
    assert_eq!(store.tasks(vec![stopped.id]).await.unwrap()[0].task, stopped);
    assert_eq!(store.hosts(vec![gone.id]).await.unwrap()[0].host, gone);
}

async fn large_commits_arrive_whole(store: &dyn Store) {
    // More than any one statement takes, and not a multiple of anything.
    let tasks: Vec<_> = (0..1237).map(|n| task(n, "c", "web")).collect();
    commit(store, |writes| tasks.iter().for_each(|task| put_task(writes, task, None))).await;
    let mut loaded = store.load().await.unwrap().tasks;
    loaded.sort_by_key(|task| task.id);
    assert_eq!(loaded, tasks);
}

async fn clusters_are_listed_and_counted(store: &dyn Store) {
    let clusters = ["b", "a", "c"].map(cluster);
    let mut inactive = cluster("d");
    inactive.is_active = false;
    let tasks = [TaskStatus::Running, TaskStatus::Running, TaskStatus::Pending, TaskStatus::Stopping];
    let hosts = [HostStatus::Active, HostStatus::Draining, HostStatus::Requested, HostStatus::Gone];
    commit(store, |writes| {
        clusters.iter().chain([&inactive]).for_each(|cluster| put_cluster(writes, cluster));
        for (n, status) in (0..).zip(tasks) {
            put_task(writes, &Task { last_status: status, ..task(n, "a", "web") }, None);
        }
        put_task(writes, &task(9, "b", "web"), None);
        for (n, status) in (0..).zip(hosts) {
            put_host(writes, &Host { status, ..host(n, "a") });
        }
    })
    .await;
    let names = store.list_clusters(Page::first(2)).await.unwrap();
    assert_eq!(names, [name("a"), name("b")]);
    let rest = Page { after: Some(name("b")), limit: 10 };
    assert_eq!(store.list_clusters(rest).await.unwrap(), [name("c")]);
    let views = store.clusters(vec![name("d"), name("nope"), name("a")]).await.unwrap();
    assert_eq!(views.iter().map(|view| view.cluster.name.as_str()).collect::<Vec<_>>(), ["a", "d"]);
    let counts = (views[0].running_tasks, views[0].pending_tasks, views[0].registered_hosts);
    assert_eq!(counts, (2, 1, 2));
    assert_eq!((views[1].running_tasks, views[1].registered_hosts), (0, 0));
    let tally = store.count_tasks(vec![name("b"), name("a"), name("d"), name("nope")]).await.unwrap();
    let shown: Vec<_> = tally.iter().map(|count| (count.cluster.as_str(), count.running, count.pending)).collect();
    assert_eq!(shown, [("a", 2, 1), ("b", 0, 1)]);
    assert!(tally.iter().all(|count| count.launch_type == launch_type(&task(9, "b", "web").launch)), "{tally:?}");
}

async fn definitions_are_found_and_listed(store: &dyn Store) {
    let mut definitions = [("web", 1), ("web", 2), ("web", 10), ("web_x", 1), ("api", 1), ("Web", 1)]
        .map(|(family, revision)| definition(family, revision));
    definitions[2].status = DefinitionStatus::Inactive;
    definitions[4].status = DefinitionStatus::DeleteInProgress;
    let mut deleted = definition("gone", 1);
    deleted.status = DefinitionStatus::Deleted;
    commit(store, |writes| put_definition(writes, &deleted)).await;
    assert_eq!(store.task_definition(DefinitionRef::Exact(deleted.id)).await.unwrap(), None);
    commit(store, |writes| definitions.iter().for_each(|definition| put_definition(writes, definition))).await;

    let latest = store.task_definition(DefinitionRef::Latest(family("web"))).await.unwrap();
    assert_eq!(latest.as_ref(), Some(&definitions[1]));
    assert_eq!(store.task_definition(DefinitionRef::Latest(family("api"))).await.unwrap(), None);
    let exact = DefinitionRef::Exact(definitions[2].id.clone());
    assert_eq!(store.task_definition(exact).await.unwrap().as_ref(), Some(&definitions[2]));

    let filter = DefinitionFilter { family: None, status: DefinitionStatus::Active, descending: false };
    assert_eq!(list_definitions(store, &filter, 3).await, ["Web:1", "web:1", "web:2", "web_x:1"]);
    let descending = DefinitionFilter { descending: true, ..filter.clone() };
    assert_eq!(list_definitions(store, &descending, 1).await, ["web_x:1", "web:2", "web:1", "Web:1"]);
    let of_family = DefinitionFilter { family: Some(family("web")), ..filter };
    assert_eq!(list_definitions(store, &of_family, 1).await, ["web:1", "web:2"]);
    let inactive = DefinitionFilter { status: DefinitionStatus::Inactive, ..of_family };
    assert_eq!(list_definitions(store, &inactive, 1).await, ["web:10"]);

    let families = async |prefix: &str, status, after: Option<&str>| {
        let filter = FamilyFilter { prefix: prefix.to_owned(), status };
        let found = store.list_families(filter, Page { after: after.map(family), limit: 2 }).await.unwrap();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(families("", FamilyStatus::All, None).await, ["Web", "api"]);
    assert_eq!(families("", FamilyStatus::All, Some("api")).await, ["web", "web_x"]);
    assert_eq!(families("", FamilyStatus::Inactive, None).await, ["api"]);
    assert_eq!(families("web", FamilyStatus::Active, None).await, ["web", "web_x"]);
    assert_eq!(families("web_", FamilyStatus::Active, None).await, ["web_x"], "no character is a wildcard");
    assert_eq!(families("web%", FamilyStatus::Active, None).await, Vec::<String>::new());
}

/// All pages of a list, so that page bounds are crossed.
async fn account_settings_come_and_go(store: &dyn Store) {
    let key = |principal: Option<&str>, name| SettingKey { principal: principal.map(str::to_owned), name };
    let setting = |key: &SettingKey, value: &str| AccountSetting { key: key.clone(), value: value.to_owned() };
    let (trunking, insights) = (SettingName::AwsvpcTrunking, SettingName::ContainerInsights);
    let rows = [
        setting(&key(None, insights.clone()), "enabled"),
        setting(&key(Some("me"), trunking), "enabled"),
        setting(&key(Some("me"), insights.clone()), "enhanced"),
        setting(&key(Some("you"), insights), "disabled"),
    ];
    let put = |writes: &mut Writes, row: &AccountSetting| {
        writes.insert(Key::AccountSetting(row.key.clone()), Row::AccountSetting(Some(row.clone())));
    };
    commit(store, |writes| rows.iter().for_each(|row| put(writes, row))).await;
    assert_eq!(store.account_settings("me".to_owned()).await.unwrap(), rows[..3]);
    assert_eq!(store.account_settings("nobody".to_owned()).await.unwrap(), rows[..1]);
    assert_eq!(store.load().await.unwrap().account_settings, rows);
    let changed = AccountSetting { value: "disabled".to_owned(), ..rows[0].clone() };
    commit(store, |writes| {
        put(writes, &changed);
        writes.insert(Key::AccountSetting(rows[2].key.clone()), Row::AccountSetting(None));
        writes.insert(Key::AccountSetting(rows[3].key.clone()), Row::AccountSetting(None));
    })
    .await;
    assert_eq!(store.load().await.unwrap().account_settings, [changed, rows[1].clone()]);
}

async fn list_definitions(store: &dyn Store, filter: &DefinitionFilter, limit: usize) -> Vec<String> {
    let mut page = Page::first(limit);
    let mut all = Vec::new();
    loop {
        let found = store.list_task_definitions(filter.clone(), page.clone()).await.unwrap();
        all.extend(found.iter().map(ToString::to_string));
        let Some(last) = found.into_iter().last() else { return all };
        page.after = Some(last);
    }
}

async fn tasks_are_shown_with_what_surrounds_them(store: &dyn Store) {
    let class = ClassId("small".to_owned());
    let waiting = task(1, "c", "web");
    let placed = Task { host: Some(HostId(7)), ..task(2, "c", "web") };
    let connected = Host { is_connected: true, connectivity_changed_at: Timestamp(42), ..host(7, "c") };
    commit(store, |writes| {
        put_task(writes, &waiting, Some(&class));
        put_task(writes, &placed, None);
        put_host(writes, &connected);
        writes.insert(Key::Waiting(class.clone()), Row::Waiting(Some("no room".to_owned())));
    })
    .await;
    let views = store.tasks(vec![placed.id, waiting.id, TaskId(99), waiting.id]).await.unwrap();
    assert_eq!(views.len(), 2);
    assert_eq!((&views[0].task, views[0].waiting.as_deref(), views[0].connectivity), (&waiting, Some("no room"), None));
    let connectivity = Connectivity { is_connected: true, changed_at: Timestamp(42) };
    assert_eq!((&views[1].task, &views[1].waiting, views[1].connectivity), (&placed, &None, Some(connectivity)));
    assert_eq!((views[0].architecture, views[1].architecture), (None, connected.architecture));

    commit(store, |writes| {
        writes.insert(Key::Waiting(class.clone()), Row::Waiting(Some("still no room".to_owned())));
    })
    .await;
    assert_eq!(store.tasks(vec![waiting.id]).await.unwrap()[0].waiting.as_deref(), Some("still no room"));
    commit(store, |writes| drop(writes.insert(Key::Waiting(class.clone()), Row::Waiting(None)))).await;
    assert_eq!(store.tasks(vec![waiting.id]).await.unwrap()[0].waiting, None);
}

async fn tasks_are_listed_by_filters(store: &dyn Store) {
    let tasks = [
        task(1, "c", "web"),
        Task { host: Some(HostId(1)), ..task(2, "c", "web") },
        started_by(task(3, "c", "api"), "me"),
        Task { desired_status: DesiredStatus::Stopped, host: Some(HostId(1)), ..started_by(task(4, "c", "web"), "me") },
        Task { launch: Launch::Static(StaticLaunchType::Ec2), ..task(5, "c", "web") },
        started_by(task(6, "d", "web"), "me"),
        stopped_task(7, 1),
        Task { host: Some(HostId(1)), ..task(8, "d", "web") },
    ];
    commit(store, |writes| tasks.iter().for_each(|task| put_task(writes, task, None))).await;
    let all = TaskFilter {
        cluster: Some(name("c")),
        desired_status: DesiredStatus::Running,
        family: None,
        started_by: None,
        host: None,
        launch_type: None,
    };
    let stopped = TaskFilter { desired_status: DesiredStatus::Stopped, ..all.clone() };
    let me = || Some("me".to_owned());
    for (filter, expect) in [
        (all.clone(), vec![1, 2, 3, 5]),
        (stopped.clone(), vec![4, 7]),
        (TaskFilter { family: Some(family("web")), ..all.clone() }, vec![1, 2, 5]),
        (TaskFilter { started_by: me(), ..all.clone() }, vec![3]),
        (TaskFilter { host: Some(HostId(1)), ..all.clone() }, vec![2]),
        (TaskFilter { host: Some(HostId(1)), ..stopped.clone() }, vec![4]),
        (TaskFilter { launch_type: Some(LaunchType::Ec2), ..all.clone() }, vec![5]),
        (TaskFilter { launch_type: Some(LaunchType::Fargate), family: Some(family("api")), ..all.clone() }, vec![3]),
        (TaskFilter { started_by: me(), family: Some(family("web")), host: Some(HostId(1)), ..stopped }, vec![4]),
        (TaskFilter { cluster: Some(name("nope")), ..all.clone() }, vec![]),
        (TaskFilter { cluster: None, host: Some(HostId(1)), ..all.clone() }, vec![2, 8]),
        (TaskFilter { cluster: None, started_by: me(), ..all.clone() }, vec![3, 6]),
        (TaskFilter { cluster: None, family: Some(family("api")), ..all }, vec![3]),
    ] {
        let mut page = Page::first(1);
        let mut found = Vec::new();
        while let Some(id) = store.list_tasks(filter.clone(), page.clone()).await.unwrap().pop() {
            found.push(id.0);
            page.after = Some(id);
        }
        assert_eq!(found, expect, "{filter:?}");
        let whole = store.list_tasks(filter.clone(), Page::first(100)).await.unwrap();
        assert_eq!(whole.iter().map(|id| id.0).collect::<Vec<_>>(), expect, "{filter:?}");
    }
}

async fn hosts_are_shown_with_their_load(store: &dyn Store) {
    let on_host = |n, last_status| Task { host: Some(HostId(2)), last_status, ..task(n, "c", "web") };
    let port = HostPort { protocol: Protocol::Tcp, port: 80 };
    let mut with_port = on_host(1, TaskStatus::Running);
    with_port.demand.ports.insert(port);
    commit(store, |writes| {
        put_host(writes, &host(1, "c"));
        put_host(writes, &host(2, "c"));
        put_host(writes, &Host { status: HostStatus::Draining, ..host(3, "c") });
        put_host(writes, &host(4, "d"));
        put_task(writes, &with_port, None);
        put_task(writes, &on_host(2, TaskStatus::Pending), None);
        put_task(writes, &on_host(3, TaskStatus::Stopping), None);
        put_task(writes, &Task { host: Some(HostId(2)), ..stopped_task(4, 1) }, None);
    })
    .await;
    let views = store.hosts(vec![HostId(2), HostId(1), HostId(9)]).await.unwrap();
    assert_eq!(views.iter().map(|view| view.host.id.0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((views[0].used, views[0].running_tasks), (Resources::ZERO, 0));
    assert_eq!(views[1].used, Resources::new(3 * 256, 3 * 512));
    assert_eq!((views[1].running_tasks, views[1].pending_tasks), (1, 1));
    assert_eq!(views[1].ports, [port].into());

    let list = async |statuses: &[HostStatus], after: Option<u128>, limit| {
        let filter = HostFilter { cluster: name("c"), statuses: statuses.to_vec() };
        let found = store.list_hosts(filter, Page { after: after.map(HostId), limit }).await.unwrap();
        found.iter().map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!(list(&[HostStatus::Active], None, 10).await, [1, 2]);
    assert_eq!(list(&[HostStatus::Active, HostStatus::Draining], Some(1), 1).await, [2]);
    assert_eq!(list(&[HostStatus::Active, HostStatus::Draining], Some(2), 1).await, [3]);
    assert_eq!(list(&[], None, 10).await, Vec::<u128>::new());
}

async fn tokens_are_found(store: &dyn Store) {
    let key = |token: &str| TokenKey { operation: "RunTask", token: token.to_owned() };
    let other = TokenKey { operation: "CreateService", token: "a".to_owned() };
    commit(store, |writes| {
        writes.insert(Key::Token(key("a")), Row::Token(hit(1)));
        writes.insert(Key::Token(key("\"'%")), Row::Token(hit(2)));
    })
    .await;
    let found = store.tokens([key("a"), key("b"), key("\"'%"), other].into()).await.unwrap();
    assert_eq!(found, [(key("a"), hit(1)), (key("\"'%"), hit(2))].into());
}

async fn access_keys_are_loaded_until_they_are_revoked(store: &dyn Store) {
    let key = |n: u128, host| AccessKey {
        id: AccessKeyId::from_bits(n),
        user: "jane".parse().unwrap(),
        role: Role::User { clusters: ["c".parse().unwrap()].into() },
        host,
        sealed: SealedSecret(vec![0, 255, 1]),
        created_at: Timestamp(1),
    };
    let put = |writes: &mut Writes, key: AccessKey| {
        writes.insert(Key::AccessKey(key.id.clone()), Row::AccessKey(Some(Box::new(key))));
    };
    commit(store, |writes| [1, 2].into_iter().for_each(|n| put(writes, key(n, None)))).await;
    commit(store, |writes| {
        put(writes, key(1, Some(HostId(3))));
        writes.insert(Key::AccessKey(AccessKeyId::from_bits(2)), Row::AccessKey(None));
    })
    .await;
    assert_eq!(store.load().await.unwrap().access_keys, [key(1, Some(HostId(3)))]);
}

async fn what_is_old_is_pruned(store: &dyn Store) {
    let gone = |id| Host { status: HostStatus::Gone, connectivity_changed_at: Timestamp(50), ..host(id, "c") };
    let key = |token: &str| TokenKey { operation: "RunTask", token: token.to_owned() };
    let kept = Task { host: Some(HostId(1)), ..stopped_task(2, 100) };
    commit(store, |writes| {
        put_task(writes, &Task { host: Some(HostId(2)), ..stopped_task(1, 99) }, None);
        put_task(writes, &kept, None);
        put_task(writes, &task(3, "c", "web"), None);
        put_host(writes, &gone(1));
        put_host(writes, &gone(2));
        put_host(writes, &Host { connectivity_changed_at: Timestamp(100), ..gone(3) });
        put_host(writes, &Host { connectivity_changed_at: Timestamp(1), ..host(4, "c") });
        writes.insert(Key::Token(key("old")), Row::Token(hit(9)));
        writes.insert(Key::Token(key("new")), Row::Token(hit(10)));
    })
    .await;
    let (stopped_before, tokens_before) = (Timestamp(100), Timestamp(10));
    let cutoff = Cutoff { stopped_before, tokens_before, changes_before: Timestamp(0), changes_max: 1 };
    assert_eq!(store.prune(cutoff).await.unwrap(), Pruned { tasks: 1, hosts: 1, tokens: 1, changes: 0 });
    assert_eq!(store.prune(cutoff).await.unwrap(), Pruned::default());
    let tasks = store.tasks((1..=3).map(TaskId).collect()).await.unwrap();
    assert_eq!(tasks.iter().map(|view| view.task.id.0).collect::<Vec<_>>(), [2, 3]);
    let hosts = store.hosts((1..=4).map(HostId).collect()).await.unwrap();
    assert_eq!(hosts.iter().map(|view| view.host.id.0).collect::<Vec<_>>(), [1, 3, 4]);
    let tokens = store.tokens([key("old"), key("new")].into()).await.unwrap();
    assert_eq!(tokens.into_keys().collect::<Vec<_>>(), [key("new")]);
}

async fn changes_are_read_in_order(store: &dyn Store) {
    let empty = store.changes(Sequence::NONE, ChangeFilter::default(), 10).await.unwrap();
    assert_eq!(
        (empty.changes.len(), empty.seen, empty.oldest, empty.newest),
        (0, Sequence(0), Sequence(1), Sequence(0))
    );
    assert_eq!(store.load().await.unwrap().last_change, Sequence::NONE);
    commit(store, |writes| (1..=3).for_each(|n| put_change(writes, n, task_change(n, "c")))).await;
    commit(store, |writes| {
        put_change(writes, 4, host_change(4, "d"));
        put_change(writes, 5, task_change(5, "d"));
    })
    .await;
    assert_eq!(store.load().await.unwrap().last_change, Sequence(5));
    let read = async |after, cluster: Option<&str>, kind, limit| {
        let filter = ChangeFilter { cluster: cluster.map(name), kind };
        let page = store.changes(Sequence(after), filter, limit).await.unwrap();
        assert_eq!((page.oldest, page.newest), (Sequence(1), Sequence(5)));
        (page.changes.iter().map(|(sequence, _)| sequence.0).collect::<Vec<_>>(), page.seen.0)
    };
    assert_eq!(read(0, None, None, 10).await, (vec![1, 2, 3, 4, 5], 5));
    assert_eq!(read(0, None, None, 2).await, (vec![1, 2], 2));
    assert_eq!(read(4, None, None, 2).await, (vec![5], 5));
    assert_eq!(read(5, None, None, 2).await, (vec![], 5));
    assert_eq!(read(9, None, None, 2).await, (vec![], 9));
    assert_eq!(read(0, Some("d"), None, 3).await, (vec![], 3), "a filter does not make it look at more");
    assert_eq!(read(3, Some("d"), None, 3).await, (vec![4, 5], 5));
    assert_eq!(read(3, Some("d"), Some(ChangeKind::Task), 3).await, (vec![5], 5));
    assert_eq!(read(0, None, Some(ChangeKind::Host), 9).await, (vec![4], 5));
    let page = store.changes(Sequence(3), ChangeFilter::default(), 2).await.unwrap();
    assert_eq!(page.changes, [(Sequence(4), host_change(4, "d")), (Sequence(5), task_change(5, "d"))]);

    assert_eq!(store.delivered(Sink::Webhook).await.unwrap(), None);
    for sequence in [2, 4] {
        commit(store, |writes| {
            writes.insert(Key::Delivered(Sink::Webhook), Row::Delivered(Sequence(sequence)));
        })
        .await;
        assert_eq!(store.delivered(Sink::Webhook).await.unwrap(), Some(Sequence(sequence)));
    }
}

async fn old_changes_are_pruned(store: &dyn Store) {
    commit(store, |writes| (1..=9).for_each(|n| put_change(writes, n, task_change(n, "c")))).await;
    let prune = async |changes_before, changes_max| {
        let (stopped_before, tokens_before) = (Timestamp(0), Timestamp(0));
        let changes_before = Timestamp(changes_before);
        let pruned = store.prune(Cutoff { stopped_before, tokens_before, changes_before, changes_max }).await.unwrap();
        let left = store.changes(Sequence::NONE, ChangeFilter::default(), 100).await.unwrap();
        let first = left.changes.first().map(|(sequence, _)| sequence.0);
        assert_eq!(first, Some(left.oldest.0));
        (pruned.changes, left.oldest.0)
    };
    assert_eq!(prune(0, 100).await, (0, 1));
    assert_eq!(prune(3, 100).await, (2, 3), "by age");
    assert_eq!(prune(0, 5).await, (2, 5), "by number");
    assert_eq!(prune(i64::MAX, 100).await, (4, 9), "the last stays");
    assert_eq!(prune(i64::MAX, 0).await, (0, 9));
    assert_eq!(store.load().await.unwrap().last_change, Sequence(9));
}

async fn commit(store: &dyn Store, fill: impl FnOnce(&mut Writes)) {
    let mut writes = Writes::new();
    fill(&mut writes);
    store.commit(&writes).await.unwrap();
}

fn put_cluster(writes: &mut Writes, row: &Cluster) {
    writes.insert(Key::Cluster(row.name.clone()), Row::Cluster(Box::new(row.clone())));
}

fn put_definition(writes: &mut Writes, row: &TaskDefinition) {
    writes.insert(Key::TaskDefinition(row.id.clone()), Row::TaskDefinition(Arc::new(row.clone())));
}

fn put_host(writes: &mut Writes, row: &Host) {
    writes.insert(Key::Host(row.id), Row::Host(Box::new(row.clone())));
}

fn put_task(writes: &mut Writes, row: &Task, class: Option<&ClassId>) {
    writes.insert(Key::Task(row.id), Row::Task(Box::new(row.clone()), class.cloned()));
}

fn put_change(writes: &mut Writes, sequence: u64, row: StateChange) {
    writes.insert(Key::Change(Sequence(sequence)), Row::Change(row));
}

/// A change of a task at the moment `n`.
fn task_change(n: u64, cluster: &str) -> StateChange {
    let image = TaskImage { task: Arc::new(task(n.into(), cluster, "web")), host: None };
    StateChange { at: Timestamp(i64::try_from(n).unwrap()), subject: Subject::Task(image) }
}

/// A change of a host at the moment `n`.
fn host_change(n: u64, cluster: &str) -> StateChange {
    let image = HostImage {
        host: host(n.into(), cluster),
        running_tasks: 1,
        pending_tasks: 2,
        used: Resources::new(256, 512),
        ports: [HostPort { protocol: Protocol::Tcp, port: 80 }].into(),
    };
    StateChange { at: Timestamp(i64::try_from(n).unwrap()), subject: Subject::Host(Box::new(image)) }
}

fn name(text: &str) -> ClusterName {
    text.parse().unwrap()
}

fn family(text: &str) -> Family {
    text.parse().unwrap()
}

fn started_by(mut task: Task, who: &str) -> Task {
    task.request.started_by = Some(who.to_owned());
    task
}

fn hit(created_at: i64) -> TokenHit {
    TokenHit {
        failures: vec![PlacementFailure { host: Some(HostId(1)), reason: "AGENT".to_owned(), detail: String::new() }],
        fingerprint: "f".to_owned(),
        tasks: vec![TaskId(1)],
        cluster: name("c"),
        created_at: Timestamp(created_at),
    }
}
