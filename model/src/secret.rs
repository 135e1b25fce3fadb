//! The names of secrets and of files that a task definition refers to, and never holds: read and checked, not looked up.

/// Longest reference, in characters. Secrets Manager's and Parameter Store's own bound for a name with its ARN.
const REFERENCE_CHARACTERS_MAX: usize = 2048;

/// The label of the version that is meant if none is named.
pub const CURRENT_STAGE: &str = "AWSCURRENT";

/// A secret as `valueFrom` and `credentialsParameter` name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretRef {
    /// `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:JSON-KEY[:VERSION-STAGE[:VERSION-ID]]]`
    Managed(ManagedSecret),
    /// `arn:aws:ssm:REGION:ACCOUNT:parameter/NAME`, or the name alone.
    Parameter(Parameter),
}

/// A secret of AWS Secrets Manager.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ManagedSecret {
    /// Its ARN, without what may follow the name.
    pub arn: String,
    /// The name in the ARN, with the six random characters that Secrets Manager appends.
    pub name: String,
    /// Which member of the JSON object that the secret is; all of the secret if `None`.
    pub json_key: Option<String>,
    /// Which version, by its label; [`CURRENT_STAGE`] if neither this nor `version_id` is there.
    pub version_stage: Option<String>,
    /// Which version, by its id.
    pub version_id: Option<String>,
}

/// A parameter of SSM Parameter Store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parameter {
    /// As it was written: an ARN or a name.
    pub reference: String,
    /// Its name, without a slash in front.
    pub name: String,
}

impl SecretRef {
    /// Reads a reference.
    ///
    /// # Errors
    /// What is wrong with it, to follow the name of the member.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shown = || shown(text);
        if text.is_empty() || text.chars().count() > REFERENCE_CHARACTERS_MAX {
            return Err(format!("must have 1 to {REFERENCE_CHARACTERS_MAX} characters"));
        }
        if !text.starts_with("arn:") {
            let name = parameter_name(text).ok_or_else(|| format!("'{}' is no parameter's name", shown()))?;
            return Ok(Self::Parameter(Parameter { reference: text.to_owned(), name }));
        }
        let parts: Vec<&str> = text.split(':').collect();
        match parts[..] {
            [_, _, "ssm", _, _, resource] => {
                let name = resource.strip_prefix("parameter/").and_then(parameter_name);
                let name = name.ok_or_else(|| format!("'{}' is no parameter's ARN", shown()))?;
                Ok(Self::Parameter(Parameter { reference: text.to_owned(), name }))
            }
            [_, _, "secretsmanager", _, _, "secret", name, ref suffix @ ..] if suffix.len() <= 3 && is_secret(name) => {
                let part = |at: usize| suffix.get(at).filter(|part| !part.is_empty()).map(|part| (*part).to_owned());
                Ok(Self::Managed(ManagedSecret {
                    arn: parts[..7].join(":"),
                    name: name.to_owned(),
                    json_key: part(0),
                    version_stage: part(1),
                    version_id: part(2),
                }))
            }
            _ => Err(format!("'{}' is neither the ARN of a secret nor of a parameter", shown())),
        }
    }
}

/// An object in a bucket, as `environmentFiles` names it: `arn:aws:s3:::BUCKET/KEY`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectRef {
    /// As it was written.
    pub arn: String,
    /// The bucket.
    pub bucket: String,
    /// The object's key; not empty.
    pub key: String,
}

impl ObjectRef {
    /// Reads a reference.
    ///
    /// # Errors
    /// What is wrong with it, to follow the name of the member.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let place = match parts[..] {
            ["arn", _, "s3", "", "", place] if text.chars().count() <= REFERENCE_CHARACTERS_MAX => place,
            _ => "",
        };
        match place.split_once('/') {
            Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                Ok(Self { arn: text.to_owned(), bucket: bucket.to_owned(), key: key.to_owned() })
            }
            _ => Err(format!("'{}' is not the ARN of an object in S3", shown(text))),
        }
    }
}

/// A parameter's name without its slash in front, if it is one.
fn parameter_name(text: &str) -> Option<String> {
    let name = text.strip_prefix('/').unwrap_or(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    (!name.is_empty() && name.chars().all(is_plain)).then(|| name.to_owned())
}

fn is_secret(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '=' | '.' | '@' | '-');
    !name.is_empty() && name.chars().all(is_plain)
}

/// The beginning of a text, for a message.
fn shown(text: &str) -> String {
    const CHARACTERS_MAX: usize = 128;
    text.chars().take(CHARACTERS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn managed(text: &str) -> Option<(String, [Option<String>; 3])> {
        match SecretRef::parse(text) {
            Ok(SecretRef::Managed(it)) => Some((it.name, [it.json_key, it.version_stage, it.version_id])),
            Ok(SecretRef::Parameter(_)) | Err(_) => None,
        }
    }

    #[test]
    fn the_parts_after_a_secrets_name_may_be_left_out_or_empty() {
        const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf";
        let some = |text: &str| Some(text.to_owned());
        for (suffix, expected) in [
            ("", [None, None, None]),
            (":user", [some("user"), None, None]),
            (":user::", [some("user"), None, None]),
            ("::AWSPREVIOUS:", [None, some("AWSPREVIOUS"), None]),
            (":::9d4c", [None, None, some("9d4c")]),
        ] {
            assert_eq!(managed(&format!("{ARN}{suffix}")), Some(("prod/db-AbCdEf".to_owned(), expected)), "{suffix}");
        }
        let Ok(SecretRef::Managed(secret)) = SecretRef::parse(&format!("{ARN}:user::")) else { panic!("a secret") };
        assert_eq!(secret.arn, ARN);
        assert_eq!(managed(&format!("{ARN}::::")), None);
    }

    #[test]
    fn a_parameter_is_named_by_its_arn_or_alone() {
        for (text, name) in [
            ("token", "token"),
            ("/prod/token", "prod/token"),
            ("arn:aws:ssm:us-east-1:123456789012:parameter/prod/token", "prod/token"),
        ] {
            let expected = Parameter { reference: text.to_owned(), name: name.to_owned() };
            assert_eq!(SecretRef::parse(text), Ok(SecretRef::Parameter(expected)));
        }
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        let long = "a".repeat(REFERENCE_CHARACTERS_MAX + 1);
        for text in [
            "",
            "/",
            "a b",
            "a\0",
            &long,
            "arn:aws:ssm:us-east-1:1:document/x",
            "arn:aws:ssm:us-east-1:1:parameter/",
            "arn:aws:secretsmanager:us-east-1:1:secret:",
            "arn:aws:secretsmanager:us-east-1:1:secret:a*b",
            "arn:aws:s3:::bucket/key",
        ] {
            assert!(SecretRef::parse(text).is_err(), "{text}");
        }
        for text in [
            "",
            "bucket/key.env",
            "arn:aws:s3:::bucket",
            "arn:aws:s3:::bucket/",
            "arn:aws:s3:::/k",
            "arn:aws:sqs:::b/k",
        ] {
            assert!(ObjectRef::parse(text).is_err(), "{text}");
        }
        let object = ObjectRef::parse("arn:aws-cn:s3:::bucket/a:b/c.env").unwrap();
        assert_eq!((object.bucket.as_str(), object.key.as_str()), ("bucket", "a:b/c.env"));
    }
}
