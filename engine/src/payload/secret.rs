//! What a payload refers to and the control plane looks up before it goes out: secrets, environment files, credentials
//! of registries, secret options of log drivers.
//!
//! Pure: [`wants`] says what is to be looked up, [`fill`] puts what was found into its place. In between is whoever does
//! the I/O; [`look_up`] asks a [`SecretSource`] for one thing after the other. Values are never kept and never logged.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use berth_model::acs::{BasicAuthData, PayloadContainer, PayloadTask, RegistryAuthentication};
use berth_model::ecs::{ContainerDefinition, EnvironmentFile, Secret};
use berth_model::secret::{ManagedSecret, ObjectRef, Parameter, SecretRef};
use berth_model::sensitive::Sensitive;
use berth_model::task::Task;
use berth_model::task_definition::TaskDefinition;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::container_override;

/// Most bytes of all that is looked up for one task, together, and of all that comes into its payload: the same secret may
/// go to several places. An environment of more is refused by the kernel anyway, and an order has to fit in an agent's frame.
pub const FOUND_BYTES_MAX: usize = 1 << 20;

/// How the texts begin that tell why a task cannot start, as ECS words them.
const NO_SECRETS: &str = "ResourceInitializationError: unable to pull secrets or registry auth";
const NO_FILES: &str = "ResourceInitializationError: failed to download env files";

/// Where the values of secrets and the content of files come from. What is asked for is checked, and yet comes from
/// whoever may register a task definition.
pub trait SecretSource: Send + Sync + fmt::Debug {
    /// A secret as it is now: the whole of it, whichever JSON key is wanted.
    fn secret<'a>(&'a self, wanted: &'a SecretRef) -> Found<'a>;

    /// A file as it is now.
    fn file<'a>(&'a self, wanted: &'a ObjectRef) -> Found<'a>;
}

/// A secret or a file that was looked up. It is shared: a secret may be wanted in many places.
pub type Value = Sensitive<Arc<str>>;

/// What a [`SecretSource`] gives.
pub type Found<'a> = Pin<Box<dyn Future<Output = Result<Sensitive<String>, Unavailable>> + Send + 'a>>;

/// Why a [`SecretSource`] does not give what was asked for. Trying again at once is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// There is no such thing.
    #[error("ResourceNotFoundException: it is not there")]
    Missing,
    /// It is there and cannot be given. The text goes to clients and holds nothing of the value.
    #[error("{0}")]
    Unusable(String),
}

/// One thing to be looked up, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    /// The container's place in the payload.
    container: usize,
    place: Place,
    wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// The environment variable of this name.
    Variable(String),
    /// The log driver's option of this name.
    LogOption(String),
    /// The environment, as far as it is not set otherwise.
    Environment,
    /// With what the image is pulled.
    Registry,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    Secret(SecretRef),
    File(ObjectRef),
}

/// What has to be looked up before a task can run. A reference that was not checked is none.
pub fn wants(task: &Task, definition: &TaskDefinition) -> Vec<Want> {
    let containers = definition.document.container_definitions.iter().flatten();
    let mut wants = Vec::new();
    for (container, definition) in containers.enumerate() {
        let mut want = |place, wanted: Option<Wanted>| {
            wants.extend(wanted.map(|wanted| Want { container, place, wanted }));
        };
        if let Some(credentials) = &definition.repository_credentials {
            want(Place::Registry, secret(credentials.expose().credentials_parameter.as_deref()));
        }
        for one in definition.secrets.iter().flatten() {
            want(Place::Variable(name(one)), secret(one.value_from.as_deref()));
        }
        let options = definition.log_configuration.as_ref().and_then(|logs| logs.secret_options.as_ref());
        for one in options.into_iter().flatten() {
            want(Place::LogOption(name(one)), secret(one.value_from.as_deref()));
        }
        for one in files(task, definition) {
            want(Place::Environment, file(one));
        }
    }
    wants
}

/// A run's own environment files take the place of the definition's.
fn files<'a>(task: &'a Task, definition: &'a ContainerDefinition) -> &'a [EnvironmentFile] {
    let over = container_override(task, definition.name.as_deref().unwrap_or_default());
    let own = over.and_then(|over| over.environment_files.as_ref()).or(definition.environment_files.as_ref());
    own.map(Vec::as_slice).unwrap_or_default()
}

fn name(secret: &Secret) -> String {
    secret.name.clone().unwrap_or_default()
}

fn secret(text: Option<&str>) -> Option<Wanted> {
    SecretRef::parse(text?).ok().map(Wanted::Secret)
}

fn file(file: &EnvironmentFile) -> Option<Wanted> {
    ObjectRef::parse(file.value.as_deref()?).ok().map(Wanted::File)
}

/// Looks everything up, each thing once, and gives what was found in the order of the wants.
///
/// # Errors
/// Why the task cannot start, as ECS words it: it names what is missing and nothing of what it holds.
pub async fn look_up(source: &dyn SecretSource, wants: &[Want]) -> Result<Vec<Value>, String> {
    let mut known: BTreeMap<Wanted, Value> = BTreeMap::new();
    let mut bytes = 0;
    for Want { wanted, .. } in wants {
        let Entry::Vacant(unknown) = known.entry(whole(wanted)) else { continue };
        let value = match wanted {
            Wanted::Secret(secret) => source.secret(secret).await,
            Wanted::File(file) => source.file(file).await,
        };
        let value = value.map_err(|error| failed(wanted, &error.to_string()))?;
        count(&mut bytes, value.expose().len()).map_err(|text| failed(wanted, &text))?;
        unknown.insert(Sensitive::new(value.into_inner().into()));
    }
    Ok(wants.iter().filter_map(|want| known.get(&whole(&want.wanted)).cloned()).collect())
}

/// Counts what a task's secrets and files have together.
fn count(bytes: &mut usize, more: usize) -> Result<(), String> {
    *bytes += more;
    if *bytes > FOUND_BYTES_MAX {
        return Err(format!("the task's secrets and files have more than {FOUND_BYTES_MAX} bytes"));
    }
    Ok(())
}

/// What is to be asked for: a secret is the same whichever of its keys is wanted.
fn whole(wanted: &Wanted) -> Wanted {
    match wanted {
        Wanted::Secret(SecretRef::Managed(secret)) => {
            Wanted::Secret(SecretRef::Managed(ManagedSecret { json_key: None, ..secret.clone() }))
        }
        other => other.clone(),
    }
}

/// Puts what was found into the payload.
///
/// # Errors
/// As for [`look_up`], if a value is not what it has to be.
pub fn fill(task: &mut PayloadTask, wants: &[Want], found: &[Value]) -> Result<(), String> {
    let mut bytes = 0;
    for (Want { container, place, wanted }, value) in wants.iter().zip(found) {
        let Some(container) = task.containers.get_mut(*container) else { continue };
        let value = member(wanted, value.expose());
        let put = value.and_then(|value| {
            count(&mut bytes, value.len())?;
            put(container, place, value)
        });
        put.map_err(|text| failed(wanted, &text))?;
    }
    Ok(())
}

fn put(container: &mut PayloadContainer, place: &Place, value: String) -> Result<(), String> {
    match place {
        Place::Variable(name) => {
            if value.contains('\0') {
                return Err("its value cannot be an environment variable's: it has a zero byte".to_owned());
            }
            container.environment.expose_mut().insert(name.clone(), value);
        }
        Place::LogOption(name) => set_log_option(container, name, value)?,
        Place::Environment => {
            for (name, value) in variables(&value)? {
                container.environment.expose_mut().entry(name).or_insert(value);
            }
        }
        Place::Registry => {
            let basic_auth_data = credentials(&value)?;
            container.registry_authentication = Some(RegistryAuthentication::Basic { basic_auth_data });
        }
    }
    Ok(())
}

/// A whole secret or file, or the member of the JSON object that it is.
fn member(wanted: &Wanted, value: &str) -> Result<String, String> {
    let Wanted::Secret(SecretRef::Managed(ManagedSecret { json_key: Some(key), .. })) = wanted else {
        return Ok(value.to_owned());
    };
    // What went wrong is not told in the parser's words: they may quote the value.
    let object: Option<Map<String, Json>> = serde_json::from_str(value).ok();
    let object = object.ok_or_else(|| format!("it is no JSON object and so has no key '{key}'"))?;
    match object.get(key) {
        Some(Json::String(text)) => Ok(text.clone()),
        Some(other) => Ok(other.to_string()),
        None => Err(format!("retrieved secret from Secrets Manager did not contain json key {key}")),
    }
}

fn credentials(json: &str) -> Result<BasicAuthData, String> {
    #[derive(Deserialize)]
    struct Credentials {
        username: String,
        password: Sensitive<String>,
    }
    let read: Result<Credentials, _> = serde_json::from_str(json);
    let Ok(Credentials { username, password }) = read else {
        return Err("it is no JSON object with 'username' and 'password'".to_owned());
    };
    Ok(BasicAuthData { username, password })
}

/// The variables of an environment file: `NAME=VALUE` on a line, taken as it is. As with the ECS agent, any other line says
/// nothing, nor does one that begins with `#` or has no value; of a name that comes twice the last counts.
fn variables(content: &str) -> Result<BTreeMap<String, String>, String> {
    let mut variables = BTreeMap::new();
    for (at, line) in content.lines().enumerate() {
        let variable = line.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty());
        let Some((name, value)) = variable.filter(|_| !line.starts_with('#')) else { continue };
        if line.contains('\0') {
            // Not shown: it may be a secret.
            return Err(format!("line {} has a zero byte", at + 1));
        }
        variables.insert(name.to_owned(), value.to_owned());
    }
    Ok(variables)
}

/// Sets an option of the log driver in Docker's own settings, where all other options are.
fn set_log_option(container: &mut PayloadContainer, name: &str, value: String) -> Result<(), String> {
    let settings = container.docker_config.host_config.as_deref().unwrap_or("{}");
    let mut settings: Json = serde_json::from_str(settings).ok().ok_or("the log driver's settings cannot be read")?;
    settings["LogConfig"]["Config"][name] = Json::String(value);
    container.docker_config.host_config = Some(settings.to_string());
    Ok(())
}

/// Why a task cannot start.
fn failed(wanted: &Wanted, text: &str) -> String {
    match wanted {
        Wanted::Secret(SecretRef::Managed(ManagedSecret { arn, .. })) => format!(
            "{NO_SECRETS}: unable to retrieve secret from asm: failed to fetch secret {arn} from secrets manager: {text}"
        ),
        Wanted::Secret(SecretRef::Parameter(Parameter { reference, .. })) => {
            format!("{NO_SECRETS}: unable to retrieve secrets from ssm: parameter {reference}: {text}")
        }
        Wanted::File(ObjectRef { arn, .. }) => format!("{NO_FILES}: {arn}: {text}"),
    }
}

#[cfg(test)]
mod tests;
