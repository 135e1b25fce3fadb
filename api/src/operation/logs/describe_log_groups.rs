//! DescribeLogGroups: the groups there are, by name.

use berth_engine::store::log::{GroupQuery, GroupView};
use berth_model::arn::ArnScope;
use berth_model::logs::{DescribeLogGroupsRequest, DescribeLogGroupsResponse, ErrorShape, LogGroup, LogGroupClass};

use super::{group_named, page, refused};
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for DescribeLogGroupsRequest {
    type Answer = DescribeLogGroupsResponse;

    const NAME: &'static str = "DescribeLogGroups";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DescribeLogGroupsResponse, Fault> {
        let set = |text: Option<String>| text.filter(|text| !text.is_empty());
        let (prefix, pattern) = (set(self.log_group_name_prefix), set(self.log_group_name_pattern));
        let identifiers = self.log_group_identifiers.filter(|identifiers| !identifiers.is_empty());
        if [prefix.is_some(), pattern.is_some(), identifiers.is_some()].into_iter().filter(|set| *set).count() > 1 {
            return Err(Fault::logs(
                ErrorShape::InvalidParameterException,
                "Only one of logGroupNamePrefix, logGroupNamePattern and logGroupIdentifiers can be set.",
            ));
        }
        let names = identifiers.map(|all| all.iter().map(|one| group_named(edge.scope(), one)).collect());
        let names: Option<Vec<String>> = names.transpose()?;
        let text = format!("{prefix:?} {pattern:?} {names:?}");
        let page = page(&[Self::NAME, &text], self.next_token.as_deref(), self.limit)?;
        let query = GroupQuery { prefix, pattern, names, after: page.after.clone(), limit: page.limit + 1 };
        let found = edge.handle.logs().groups(query).await.map_err(refused)?;
        let (found, next_token) = page.cut(found, |group| group.name.clone());
        let groups = found.into_iter().map(|group| rendered(edge.scope(), group)).collect();
        Ok(DescribeLogGroupsResponse { log_groups: Some(groups), next_token })
    }
}

fn rendered(scope: &ArnScope, group: GroupView) -> LogGroup {
    let arn = scope.log_group(&group.name);
    LogGroup {
        arn: Some(format!("{arn}:*")),
        log_group_arn: Some(arn),
        log_group_name: Some(group.name),
        creation_time: Some(group.created_at.0),
        retention_in_days: group.retention_days.and_then(|days| i32::try_from(days).ok()),
        metric_filter_count: Some(0),
        stored_bytes: Some(i64::try_from(group.stored_bytes).unwrap_or(i64::MAX)),
        log_group_class: Some(LogGroupClass::Standard),
        ..LogGroup::default()
    }
}
