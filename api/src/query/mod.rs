//! The AWS query protocol, which the older services speak: a signed form in, XML out. Here it is the way to the caller's
//! own identity (STS) and to access keys (IAM).
//!
//! Beside the published parameters, CreateAccessKey takes `Role` (admin, user, reader or agent) and `Clusters.member.N`,
//! and ListAccessKeys gives them back and takes `AllUsers`; clients that do not know them leave them out.

mod iam;
mod sts;
mod xml;

use std::collections::BTreeMap;

use berth_model::uri;
use uuid::Uuid;

use self::xml::Element;
use crate::auth::Caller;
use crate::ecs::decode::{MEMBER_CHARACTERS_MAX, PASSED_OVER_SHOWN_MAX};
use crate::ecs::error::Fault;
use crate::edge::Edge;

/// Most parameters of a form.
const PARAMETERS_MAX: usize = 1_000;

/// The operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    GetCallerIdentity,
    CreateAccessKey,
    ListAccessKeys,
    DeleteAccessKey,
}

impl Action {
    const ALL: [Self; 4] =
        [Self::GetCallerIdentity, Self::CreateAccessKey, Self::ListAccessKeys, Self::DeleteAccessKey];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::CreateAccessKey => "CreateAccessKey",
            Self::ListAccessKeys => "ListAccessKeys",
            Self::DeleteAccessKey => "DeleteAccessKey",
        }
    }

    /// The service it belongs to, as in a signature's scope.
    pub(crate) const fn service(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => "sts",
            Self::CreateAccessKey | Self::ListAccessKeys | Self::DeleteAccessKey => "iam",
        }
    }

    /// The parameters it knows. Of a list, what stands before `.member.N`.
    const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::GetCallerIdentity => &[],
            Self::CreateAccessKey => &["UserName", "Role", "Clusters"],
            Self::ListAccessKeys => &["UserName", "AllUsers", "Marker", "MaxItems"],
            Self::DeleteAccessKey => &["UserName", "AccessKeyId"],
        }
    }

    const fn version(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => sts::VERSION,
            Self::CreateAccessKey | Self::ListAccessKeys | Self::DeleteAccessKey => iam::VERSION,
        }
    }
}

/// The parameters of a form.
#[derive(Debug, Default)]
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// A parameter that is not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whom and what it is about, for the audit trail.
    pub(crate) fn about(&self) -> String {
        let members = ["UserName", "AccessKeyId", "Role"];
        let values = |name: &str| self.get(name).map(str::to_owned).into_iter().collect();
        let clusters = self.list("Clusters").into_iter().map(str::to_owned).collect();
        let members = members.into_iter().map(|name| (name, values(name))).chain([("Clusters", clusters)]);
        crate::audit::listed(members)
    }

    /// The parameters that an operation does not know.
    fn passed_over(&self, action: Action) -> Vec<String> {
        let is_known = |name: &str| {
            let name = name.split_once(".member.").map_or(name, |(list, _)| list);
            ["Action", "Version"].contains(&name) || action.parameters().contains(&name)
        };
        let unknown = self.0.keys().filter(|name| !is_known(name)).take(PASSED_OVER_SHOWN_MAX);
        unknown.map(|name| name.chars().take(MEMBER_CHARACTERS_MAX).collect()).collect()
    }

    fn require(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or_else(|| Fault::invalid(format!("{name} is required.")))
    }

    /// `NAME.member.1`, `NAME.member.2` and so on.
    fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|n| self.get(&format!("{name}.member.{n}"))).collect()
    }
}

/// Reads a form and finds its operation.
///
/// # Errors
/// `InvalidParameterException`, or `UnknownOperationException`.
pub(crate) fn parse(body: &[u8]) -> Result<(Action, Form), Fault> {
    let mut form = Form::default();
    let text = std::str::from_utf8(body).map_err(|_utf8| Fault::invalid("The form is not UTF-8."))?;
    for pair in text.trim_ascii_end().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        let is_new = form.0.insert(name.clone(), value).is_none();
        if !is_new || form.0.len() > PARAMETERS_MAX {
            let name: String = name.chars().take(64).collect();
            return Err(Fault::invalid(format!("The form has '{name}' twice, or too many parameters.")));
        }
    }
    let (name, version) = (form.require("Action")?, form.get("Version").unwrap_or_default());
    let action = Action::ALL.into_iter().find(|action| action.name() == name && action.version() == version);
    let action = action.ok_or_else(|| Fault::unknown_operation(&format!("{name} of version {version}")))?;
    let members = form.passed_over(action).join(", ");
    if !members.is_empty() {
        tracing::info!(operation = action.name(), members, "members passed over that this version does not know");
    }
    Ok((action, form))
}

fn decoded(text: &str) -> Result<String, Fault> {
    let bytes = uri::decoded(text);
    String::from_utf8(bytes).map_err(|_utf8| Fault::invalid("The form is not UTF-8."))
}

/// Does what a form asks for; gives the body of the answer.
///
/// # Errors
/// What the operation refuses with.
pub(crate) async fn perform(
    edge: &Edge,
    caller: &Caller,
    (action, form): (Action, Form),
    request_id: Uuid,
) -> Result<Vec<u8>, Fault> {
    let result = match action {
        Action::GetCallerIdentity => sts::get_caller_identity(edge, caller),
        Action::CreateAccessKey => iam::create_access_key(edge, caller, &form).await?,
        Action::ListAccessKeys => iam::list_access_keys(edge, caller, &form)?,
        Action::DeleteAccessKey => iam::delete_access_key(edge, &form).await?,
    };
    let (name, service, version) = (action.name(), action.service(), action.version());
    let mut answer = Element::new(format!("{name}Response"));
    answer.attribute("xmlns", &format!("https://{service}.amazonaws.com/doc/{version}/"));
    answer.push(result);
    answer.push(Element::new("ResponseMetadata").with("RequestId", &request_id.to_string()));
    Ok(answer.document())
}

/// The body of an error's answer.
pub(crate) fn refusal(fault: &Fault, request_id: Uuid) -> Vec<u8> {
    let sender = if fault.status.is_server_error() { "Receiver" } else { "Sender" };
    let error =
        Element::new("Error").with("Type", sender).with("Code", code(fault.code)).with("Message", &fault.message);
    let mut answer = Element::new("ErrorResponse");
    answer.push(error);
    answer.push(Element::new("RequestId").text(&request_id.to_string()));
    answer.document()
}

/// What this protocol's services call an error.
fn code(name: &str) -> &str {
    match name {
        "MissingAuthenticationTokenException" => "MissingAuthenticationToken",
        "UnrecognizedClientException" => "InvalidClientTokenId",
        "InvalidSignatureException" => "SignatureDoesNotMatch",
        "IncompleteSignatureException" => "IncompleteSignature",
        "AccessDeniedException" => "AccessDenied",
        "ThrottlingException" => "Throttling",
        "InvalidParameterException" => "ValidationError",
        "LimitExceededException" => "LimitExceeded",
        "UnknownOperationException" => "InvalidAction",
        "ServerException" => "ServiceFailure",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        let (action, form) = parse(
            b"Action=CreateAccessKey&Version=2010-05-08&UserName=a%2Bb+c&Clusters.member.1=x&Clusters.member.2=y",
        )
        .unwrap();
        assert_eq!(action, Action::CreateAccessKey);
        assert_eq!(form.get("UserName"), Some("a+b c"));
        assert_eq!(form.list("Clusters"), ["x", "y"]);
        assert_eq!(form.about(), "UserName=a+b c,Clusters=x,Clusters=y");
        assert_eq!(form.passed_over(action), [] as [&str; 0]);
        let (action, form) = parse(b"Action=GetCallerIdentity&Version=2011-06-15&UserName=a&x.member.1=b").unwrap();
        assert_eq!(form.passed_over(action), ["UserName", "x.member.1"]);
        for (body, code) in [
            (&b""[..], "InvalidParameterException"),
            (b"Action=", "InvalidParameterException"),
            (b"Action=GetCallerIdentity", "UnknownOperationException"),
            (b"Action=GetCallerIdentity&Version=2010-05-08", "UnknownOperationException"),
            (b"Action=MakeCoffee&Version=2010-05-08", "UnknownOperationException"),
            (b"Action=a&Action=b", "InvalidParameterException"),
            (b"Action=%ff", "InvalidParameterException"),
            (b"\xff", "InvalidParameterException"),
        ] {
            assert_eq!(parse(body).unwrap_err().code, code, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn errors_are_xml() {
        let body = refusal(&Fault::invalid("a < b & c"), Uuid::nil());
        let text = String::from_utf8(body).unwrap();
        assert!(text.contains("<Code>ValidationError</Code><Message>a &lt; b &amp; c</Message>"), "{text}");
    }
}
