//! `berth keys`: access keys, made, listed and revoked through the control plane; and the first one without it.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use berth_api::auth::Keyring;
use berth_engine::data_dir::DataDir;
use berth_engine::store::Store as _;
use berth_engine::store::sqlite::SqliteStore;
use berth_model::access_key::{AccessKey, Role, UserName};
use berth_model::id::ClusterName;
use berth_model::time::Timestamp;
use berth_scheduler::step::{Key, Row};
use serde_json::json;

use crate::cli::{Keys, KeysCommand, Output, RoleName};
use crate::config::LogFormat;
use crate::iam::{Iam, texts};
use crate::{keys, output, telemetry};

/// Does what the subcommand says.
///
/// # Errors
/// If the control plane cannot be reached or refuses, or the data directory is in use.
pub(crate) async fn run(options: Keys) -> Result<()> {
    match options.command {
        KeysCommand::Create { user, role, clusters, data: Some(data), master_key_file, client } => {
            telemetry::init(LogFormat::Text, telemetry::FOR_PEOPLE);
            let role = role_of(role.unwrap_or(RoleName::Admin), clusters)?;
            let master_key_file = master_key_file.unwrap_or_else(|| data.join(keys::MASTER_KEY_FILE));
            let (id, secret) = create_without_server(&data, &master_key_file, user, role).await?;
            show_secret(client.output, &id, &secret)
        }
        KeysCommand::Create { user, role, clusters, data: None, client, .. } => {
            let numbered: Vec<_> =
                (1..).zip(&clusters).map(|(n, cluster)| (format!("Clusters.member.{n}"), cluster.as_str())).collect();
            let mut parameters = vec![("UserName", user.as_str())];
            parameters.extend(role.map(|role| ("Role", name(role))));
            parameters.extend(numbered.iter().map(|(name, cluster)| (name.as_str(), *cluster)));
            let answer = Iam::new(&client)?.call("CreateAccessKey", &parameters).await?;
            let part = |name| texts(&answer, name).next().with_context(|| format!("the answer has no {name}"));
            show_secret(client.output, &part("AccessKeyId")?, &part("SecretAccessKey")?)
        }
        KeysCommand::List { user, client } => {
            let rows = list(&Iam::new(&client)?, user.as_ref()).await?;
            match client.output {
                Output::Json => output::json(&json!(
                    rows.iter()
                        .map(|row| {
                            json!({"accessKeyId": row[0], "userName": row[1], "role": row[2], "createDate": row[3]})
                        })
                        .collect::<Vec<_>>()
                )),
                Output::Table => output::table(&["ACCESS KEY", "USER", "ROLE", "CREATED"], rows),
            }
        }
        KeysCommand::Revoke { key, client } => {
            Iam::new(&client)?.call("DeleteAccessKey", &[("AccessKeyId", key.as_str())]).await.map(drop)
        }
    }
}

fn name(role: RoleName) -> &'static str {
    match role {
        RoleName::Admin => "admin",
        RoleName::User => "user",
        RoleName::Reader => "reader",
        RoleName::Agent => "agent",
    }
}

fn role_of(role: RoleName, clusters: Vec<ClusterName>) -> Result<Role> {
    ensure!(
        clusters.is_empty() != (role == RoleName::User),
        "--cluster goes with `--role user`, which needs at least one"
    );
    Ok(match role {
        RoleName::Admin => Role::Admin,
        RoleName::User => Role::User { clusters: clusters.into_iter().collect() },
        RoleName::Reader => Role::Reader,
        RoleName::Agent => Role::Agent,
    })
}

/// Puts a key where the next server finds it. The lock of the data directory keeps servers away meanwhile.
async fn create_without_server(
    data: &Path,
    master_key_file: &Path,
    user: UserName,
    role: Role,
) -> Result<(String, String)> {
    let data = DataDir::open(data).context("the server must not run; if it does, leave out --data")?;
    let keyring = Keyring::new(&keys::master_key(master_key_file)?);
    let store = SqliteStore::open(&data.store_file()).await?;
    let known = store.load().await?.access_keys;
    ensure!(
        known.iter().all(|key| key.user != user),
        "the user {user} has an access key already; choose another name, or make the key through the running server"
    );
    let (id, secret, sealed) = keyring.generate();
    let created_at = Timestamp(chrono::Utc::now().timestamp_millis());
    let key = AccessKey { id: id.clone(), user, role, host: None, sealed, created_at };
    store.commit(&[(Key::AccessKey(id.clone()), Row::AccessKey(Some(Box::new(key))))].into()).await?;
    Ok((id.to_string(), secret.into_inner()))
}

/// The only time that the secret is shown.
fn show_secret(form: Output, id: &str, secret: &str) -> Result<()> {
    match form {
        Output::Json => output::json(&json!({"AccessKeyId": id, "SecretAccessKey": secret})),
        // As it is pasted into a shell.
        Output::Table => output::line(&format!("export AWS_ACCESS_KEY_ID={id} AWS_SECRET_ACCESS_KEY={secret}")),
    }
}

async fn list(iam: &Iam, user: Option<&UserName>) -> Result<Vec<Vec<String>>> {
    let (mut rows, mut marker) = (Vec::new(), None::<String>);
    loop {
        let mut parameters = vec![user.map_or(("AllUsers", "true"), |user| ("UserName", user.as_str()))];
        parameters.extend(marker.as_deref().map(|marker| ("Marker", marker)));
        let answer = iam.call("ListAccessKeys", &parameters).await?;
        let columns = ["AccessKeyId", "UserName", "Role", "CreateDate"].map(|name| texts(&answer, name));
        let [ids, users, roles, dates] = columns;
        let found = ids.zip(users).zip(roles.zip(dates));
        rows.extend(found.map(|((id, user), (role, date))| vec![id, user, role, date]));
        marker = texts(&answer, "Marker").next();
        if marker.is_none() {
            return Ok(rows);
        }
    }
}
