//! A server without a port: the router, a real engine, a real store in a directory of its own, and machines that are
//! only names.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use berth_api::auth::{Credentials, Gate, Keyring, MASTER_KEY_BYTES, Peer};
use berth_api::secret::NoSecrets;
use berth_api::throttle::Rates;
use berth_engine::store::log::{LogBounds, LogStore};
use berth_engine::store::sqlite::SqliteStore;
use berth_engine::{Config, Engine, EngineTask};
use berth_model::arn::ArnScope;
use berth_model::host::InstanceType;
use berth_model::id::{HostId, InstallationId};
use berth_model::sensitive::Sensitive;
use berth_model::task::Architecture;
use berth_model::unit::{MicroDollarsPerHour, Resources};
use berth_provisioner::backend::{BackendError, BoxFuture, HostBackend, LaunchOrder};
use berth_scheduler::pool::Pool;
use berth_scheduler::setting::Settings;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The size of the only type of host there is.
const HOST: (u64, u64) = (2048, 4096);

/// More launches than any test asks for.
const LAUNCHES_MAX: usize = 64;

/// How long a test waits for something that has to come. Only a failing test waits so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// See the module.
pub(crate) struct Server {
    pub(crate) router: Router,
    /// The hosts that the engine asked machines for.
    pub(crate) launches: mpsc::Receiver<HostId>,
    shutdown: CancellationToken,
    engine: Option<EngineTask>,
    directory: TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_on(TempDir::new().unwrap()).await
    }

    /// Ends the engine and starts another on the same store, as after a crash.
    pub(crate) async fn restarted(mut self) -> Self {
        self.stop_engine().await;
        Self::start_on(self.directory).await
    }

    async fn start_on(directory: TempDir) -> Self {
        let store = SqliteStore::open(&directory.path().join("berth.db")).await.unwrap();
        let (launched, launches) = mpsc::channel(LAUNCHES_MAX);
        let machines = Machines { launched, names: Mutex::default() };
        let provider: berth_model::id::ProviderName = "FARGATE".parse().unwrap();
        let pool = Pool {
            provider: provider.clone(),
            aliases: vec!["FARGATE_SPOT".parse().unwrap()],
            catalogue: machines.catalogue(),
            hosts_max: 4,
            quota: None,
            scale_in_after: Duration::from_hours(1),
            shares_machine: false,
        };
        let settings = Settings { pools: vec![pool], ..Settings::default() };
        let config = Config::new(settings, InstallationId(1), logs(directory.path()));
        let (registry, shutdown) = (config.registry.clone(), config.shutdown.clone());
        let (handle, engine) =
            Engine::start(config, Arc::new(store), vec![(provider, Arc::new(machines))]).await.unwrap();
        let gate = Gate { keyring: Arc::new(keyring()), is_open: true };
        let ending = CancellationToken::new();
        let secrets = Arc::new(NoSecrets);
        let config = berth_api::Config { registry, gate, rates: Rates::DEFAULT, secrets, credentials: None, ending };
        let router = berth_api::router(handle, config);
        let router = router.layer(axum::Extension(Peer { address: ([127, 0, 0, 1], 40_000).into(), is_tls: false }));
        Self { router, launches, shutdown, engine: Some(engine), directory }
    }

    /// Ends the engine; the router stays and finds it closed.
    pub(crate) async fn stop_engine(&mut self) {
        self.shutdown.cancel();
        self.engine.take().expect("it runs").ended().await.unwrap();
    }

    #[expect(clippy::unused_self, reason = "the ARN is this server's")]
    pub(crate) fn arn(&self, rest: &str) -> String {
        let ArnScope { region, account } = ArnScope::default();
        format!("arn:aws:ecs:{region}:{account}:{rest}")
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn call(&self, operation: &str, body: Value) -> Answer {
        let request = Request::post(format!("/v1/{operation}")).header("host", "localhost:8080");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A call of the logs' service, signed with this key.
    pub(crate) async fn signed(&self, key: &Credentials, operation: &str, body: &Value) -> Answer {
        let request = Request::post(format!("/v1/{operation}")).header("host", "localhost:8080");
        self.send(sign_with(key, "logs", request.body(body.to_string()).unwrap())).await
    }

    /// The key of a new user who is limited to a cluster.
    pub(crate) async fn user_of(&self, cluster: &str) -> Credentials {
        let form = format!(
            "Action=CreateAccessKey&Version=2010-05-08&UserName={cluster}&Role=user&Clusters.member.1={cluster}"
        );
        let request = Request::post("/")
            .header("host", "localhost:8080")
            .header("content-type", "application/x-www-form-urlencoded");
        // Forms are signed, with any key from this machine.
        let any = Credentials { id: "any".to_owned(), secret: Sensitive::new("any".to_owned()) };
        let answer = self.send(sign_with(&any, "iam", request.body(form).unwrap())).await;
        let element = |name: &str| {
            let (_, rest) = answer.text.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{}", answer.text));
            rest.split('<').next().unwrap().to_owned()
        };
        Credentials { id: element("AccessKeyId"), secret: Sensitive::new(element("SecretAccessKey")) }
    }

    /// What containers have printed, where the server keeps it.
    pub(crate) fn logs(&self) -> LogStore {
        logs(self.directory.path())
    }

    /// The answer's body, which must not be an error.
    pub(crate) async fn ok(&self, operation: &str, body: Value) -> Value {
        let answer = self.call(operation, body.clone()).await;
        assert_eq!(answer.status, 200, "{operation} {body}: {}", answer.text);
        answer.body
    }

    /// Checks that the answer is this error of the client's.
    pub(crate) async fn refused(&self, operation: &str, body: Value, code: &str) {
        let answer = self.call(operation, body.clone()).await;
        let shown: String = body.to_string().chars().take(200).collect();
        assert_eq!((answer.status, answer.code()), (400, code), "{operation} {shown}: {}", answer.text);
        assert!(!answer.message().is_empty(), "{operation} {shown}");
    }

    /// The id of the next host that a machine is asked for.
    pub(crate) async fn launched(&mut self) -> HostId {
        tokio::time::timeout(PATIENCE, self.launches.recv()).await.expect("a launch in time").expect("an engine")
    }

    /// A host that registers by itself; its ARN.
    pub(crate) async fn register(&self, cluster: &str, attributes: Value) -> String {
        let reply = self.ok("RegisterContainerInstance", registration(cluster, attributes)).await;
        reply["containerInstance"]["containerInstanceArn"].as_str().unwrap().to_owned()
    }

    /// The task as DescribeTasks shows it.
    pub(crate) async fn task(&self, task: &Value) -> Value {
        let request = json!({"tasks": [task], "cluster": cluster_of(task)});
        self.ok("DescribeTasks", request).await["tasks"][0].clone()
    }

    /// Asks for the task until it is in this state.
    pub(crate) async fn task_in(&self, task: &Value, status: &str) -> Value {
        let asking = async {
            loop {
                let shown = self.task(task).await;
                if shown["lastStatus"] == status {
                    return shown;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.expect("the status in time")
    }

    /// The task, once it does not have this attribute any more.
    pub(crate) async fn task_without(&self, task: &Value, attribute: &str) -> Value {
        let asking = async {
            loop {
                let shown = self.task(task).await;
                if !shown["attributes"].as_array().unwrap().iter().any(|one| one["name"] == attribute) {
                    return shown;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.expect("the attribute gone in time")
    }
}

/// The server's.
pub(crate) fn keyring() -> Keyring {
    Keyring::new(&[7; MASTER_KEY_BYTES])
}

fn sign_with(key: &Credentials, service: &str, mut request: Request<String>) -> Request<Body> {
    let secret = key.secret.expose().clone();
    let identity = aws_credential_types::Credentials::new(key.id.clone(), secret, None, None, "test").into();
    let scope = ArnScope::default();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&scope.region)
        .name(service)
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let uri = request.uri().to_string();
    let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let body = SignableBody::Bytes(request.body().as_bytes());
    let signable = SignableRequest::new("POST", &uri, headers, body).unwrap();
    let (instructions, _) = sign(signable, &parameters).unwrap().into_parts();
    instructions.apply_to_request_http1x(&mut request);
    request.map(Body::from)
}

fn cluster_of(task: &Value) -> String {
    task.as_str().unwrap().split('/').nth(1).unwrap().to_owned()
}

fn logs(directory: &Path) -> LogStore {
    LogStore::open(directory.join("logs"), LogBounds::default()).unwrap()
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body as JSON; null if it is none.
    pub(crate) body: Value,
}

impl Answer {
    async fn read(response: axum::response::Response) -> Self {
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self { status: head.status.as_u16(), headers: head.headers, text, body }
    }

    pub(crate) fn code(&self) -> &str {
        self.body["__type"].as_str().unwrap_or_default()
    }

    pub(crate) fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }
}

/// A backend whose machines are only names.
#[derive(Debug)]
struct Machines {
    launched: mpsc::Sender<HostId>,
    names: Mutex<BTreeSet<HostId>>,
}

impl HostBackend for Machines {
    fn catalogue(&self) -> Vec<InstanceType> {
        let (cpu, memory) = HOST;
        vec![InstanceType {
            name: "test.medium".to_owned(),
            capacity: Resources::new(cpu, memory),
            architecture: Architecture::X86_64,
            price: MicroDollarsPerHour(1),
        }]
    }

    fn launch(&self, order: LaunchOrder) -> BoxFuture<'_, Result<(), BackendError>> {
        if self.names.lock().unwrap().insert(order.host) {
            self.launched.try_send(order.host).expect("no test launches so many");
        }
        Box::pin(async { Ok(()) })
    }

    fn terminate(&self, host: HostId) -> BoxFuture<'_, Result<(), BackendError>> {
        self.names.lock().unwrap().remove(&host);
        Box::pin(async { Ok(()) })
    }

    fn list(&self) -> BoxFuture<'_, Result<BTreeSet<HostId>, BackendError>> {
        let names = self.names.lock().unwrap().clone();
        Box::pin(async { Ok(names) })
    }
}

/// A small task definition of one container.
pub(crate) fn definition(family: &str) -> Value {
    json!({
        "family": family, "cpu": "256", "memory": "512",
        "containerDefinitions": [{"name": "app", "image": "busybox", "memoryReservation": 64, "command": ["true"]}],
    })
}

/// What an agent says when it registers.
pub(crate) fn registration(cluster: &str, attributes: Value) -> Value {
    let (cpu, memory) = HOST;
    let mut request = json!({
        "cluster": cluster,
        "totalResources": [
            {"name": "CPU", "type": "INTEGER", "integerValue": cpu},
            {"name": "MEMORY", "type": "INTEGER", "integerValue": memory},
            {"name": "PORTS", "type": "STRINGSET", "stringSetValue": ["22", "2375"]},
            {"name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": []},
        ],
    });
    request["attributes"] = attributes;
    request
}

/// Milliseconds since the epoch.
pub(crate) fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}
