//! What every backend keeps to, whatever its machines are.

use std::collections::BTreeSet;

use berth_model::id::HostId;

use super::{BackendError, HostBackend, LaunchOrder};

/// Checks a backend that has no machines yet and room for two of its smallest.
pub(super) async fn check(backend: &dyn HostBackend) {
    let catalogue = backend.catalogue();
    let names: BTreeSet<&str> = catalogue.iter().map(|kind| kind.name.as_str()).collect();
    assert_eq!(names.len(), catalogue.len(), "names are unique");
    assert_eq!(backend.catalogue(), catalogue, "it never changes");
    let smallest = catalogue.iter().min_by_key(|kind| kind.capacity).unwrap();
    let order =
        |host| LaunchOrder { host: HostId(host), instance_type: smallest.name.clone(), capacity: smallest.capacity };
    assert_eq!(backend.list().await.unwrap(), BTreeSet::new());

    backend.launch(order(1)).await.unwrap();
    backend.launch(order(1)).await.unwrap();
    backend.launch(order(2)).await.unwrap();
    assert_eq!(backend.list().await.unwrap(), BTreeSet::from([HostId(1), HostId(2)]));

    let unknown = LaunchOrder { instance_type: "none such".to_owned(), ..order(3) };
    assert!(matches!(backend.launch(unknown).await, Err(BackendError::Misconfigured { .. })));
    assert_eq!(backend.list().await.unwrap().len(), 2);

    backend.terminate(HostId(1)).await.unwrap();
    assert_eq!(backend.list().await.unwrap(), BTreeSet::from([HostId(2)]));
    backend.terminate(HostId(1)).await.unwrap();
    backend.terminate(HostId(4)).await.unwrap();
    backend.terminate(HostId(2)).await.unwrap();
    assert_eq!(backend.list().await.unwrap(), BTreeSet::new());
}
