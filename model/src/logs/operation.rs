// Written by model/codegen/generate.py from the logs 2014-03-28 model of botocore 1.44.5.
// Do not edit: change the generator and run it again.

use super::Request;
use super::shape;

/// What stands before the dot in the `X-Amz-Target` header.
pub const TARGET_PREFIX: &str = "Logs_20140328";

/// The operations of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    CreateLogGroup,
    CreateLogStream,
    DeleteLogGroup,
    DeleteLogStream,
    DeleteRetentionPolicy,
    DescribeLogGroups,
    DescribeLogStreams,
    FilterLogEvents,
    GetLogEvents,
    PutLogEvents,
    PutRetentionPolicy,
}

impl Operation {
    /// Every operation, by name.
    pub const ALL: &'static [Self] = &[
        Self::CreateLogGroup,
        Self::CreateLogStream,
        Self::DeleteLogGroup,
        Self::DeleteLogStream,
        Self::DeleteRetentionPolicy,
        Self::DescribeLogGroups,
        Self::DescribeLogStreams,
        Self::FilterLogEvents,
        Self::GetLogEvents,
        Self::PutLogEvents,
        Self::PutRetentionPolicy,
    ];

    /// The name as it stands in the `X-Amz-Target` header, after the dot.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateLogGroup => "CreateLogGroup",
            Self::CreateLogStream => "CreateLogStream",
            Self::DeleteLogGroup => "DeleteLogGroup",
            Self::DeleteLogStream => "DeleteLogStream",
            Self::DeleteRetentionPolicy => "DeleteRetentionPolicy",
            Self::DescribeLogGroups => "DescribeLogGroups",
            Self::DescribeLogStreams => "DescribeLogStreams",
            Self::FilterLogEvents => "FilterLogEvents",
            Self::GetLogEvents => "GetLogEvents",
            Self::PutLogEvents => "PutLogEvents",
            Self::PutRetentionPolicy => "PutRetentionPolicy",
        }
    }

    /// The operation of this name, spelled exactly so.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "CreateLogGroup" => Self::CreateLogGroup,
            "CreateLogStream" => Self::CreateLogStream,
            "DeleteLogGroup" => Self::DeleteLogGroup,
            "DeleteLogStream" => Self::DeleteLogStream,
            "DeleteRetentionPolicy" => Self::DeleteRetentionPolicy,
            "DescribeLogGroups" => Self::DescribeLogGroups,
            "DescribeLogStreams" => Self::DescribeLogStreams,
            "FilterLogEvents" => Self::FilterLogEvents,
            "GetLogEvents" => Self::GetLogEvents,
            "PutLogEvents" => Self::PutLogEvents,
            "PutRetentionPolicy" => Self::PutRetentionPolicy,
            _ => return None,
        })
    }

    /// The errors that the service model lists for the operation.
    pub const fn errors(self) -> &'static [ErrorShape] {
        match self {
            Self::CreateLogGroup => &[
                ErrorShape::InvalidParameterException,
                ErrorShape::LimitExceededException,
                ErrorShape::OperationAbortedException,
                ErrorShape::ResourceAlreadyExistsException,
                ErrorShape::ServiceUnavailableException,
            ],
            Self::CreateLogStream => &[
                ErrorShape::InvalidParameterException,
                ErrorShape::ResourceAlreadyExistsException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServiceUnavailableException,
            ],
            Self::DeleteLogGroup | Self::DeleteLogStream => &[
                ErrorShape::InvalidParameterException,
                ErrorShape::OperationAbortedException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServiceUnavailableException,
                ErrorShape::ValidationException,
            ],
            Self::DeleteRetentionPolicy | Self::PutRetentionPolicy => &[
                ErrorShape::InvalidParameterException,
                ErrorShape::OperationAbortedException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServiceUnavailableException,
            ],
            Self::DescribeLogGroups => {
                &[ErrorShape::InvalidParameterException, ErrorShape::ServiceUnavailableException]
            }
            Self::DescribeLogStreams | Self::FilterLogEvents | Self::GetLogEvents => &[
                ErrorShape::InvalidParameterException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServiceUnavailableException,
            ],
            Self::PutLogEvents => &[
                ErrorShape::DataAlreadyAcceptedException,
                ErrorShape::InvalidParameterException,
                ErrorShape::InvalidSequenceTokenException,
                ErrorShape::ResourceNotFoundException,
                ErrorShape::ServiceUnavailableException,
                ErrorShape::UnrecognizedClientException,
            ],
        }
    }
}

/// The errors that the service model knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorShape {
    DataAlreadyAcceptedException,
    InvalidParameterException,
    InvalidSequenceTokenException,
    LimitExceededException,
    OperationAbortedException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
    ServiceUnavailableException,
    UnrecognizedClientException,
    ValidationException,
}

impl ErrorShape {
    /// Every error, by name.
    pub const ALL: &'static [Self] = &[
        Self::DataAlreadyAcceptedException,
        Self::InvalidParameterException,
        Self::InvalidSequenceTokenException,
        Self::LimitExceededException,
        Self::OperationAbortedException,
        Self::ResourceAlreadyExistsException,
        Self::ResourceNotFoundException,
        Self::ServiceUnavailableException,
        Self::UnrecognizedClientException,
        Self::ValidationException,
    ];

    /// The name as it stands in the `__type` member of the answer.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DataAlreadyAcceptedException => "DataAlreadyAcceptedException",
            Self::InvalidParameterException => "InvalidParameterException",
            Self::InvalidSequenceTokenException => "InvalidSequenceTokenException",
            Self::LimitExceededException => "LimitExceededException",
            Self::OperationAbortedException => "OperationAbortedException",
            Self::ResourceAlreadyExistsException => "ResourceAlreadyExistsException",
            Self::ResourceNotFoundException => "ResourceNotFoundException",
            Self::ServiceUnavailableException => "ServiceUnavailableException",
            Self::UnrecognizedClientException => "UnrecognizedClientException",
            Self::ValidationException => "ValidationException",
        }
    }

    /// Whether the service is at fault (HTTP status 500) and not the client (400).
    pub const fn is_fault(self) -> bool {
        matches!(self, Self::ServiceUnavailableException)
    }
}

impl Request for shape::CreateLogGroupRequest {
    type Response = shape::CreateLogGroupResponse;
    const OPERATION: Operation = Operation::CreateLogGroup;
}

impl Request for shape::CreateLogStreamRequest {
    type Response = shape::CreateLogStreamResponse;
    const OPERATION: Operation = Operation::CreateLogStream;
}

impl Request for shape::DeleteLogGroupRequest {
    type Response = shape::DeleteLogGroupResponse;
    const OPERATION: Operation = Operation::DeleteLogGroup;
}

impl Request for shape::DeleteLogStreamRequest {
    type Response = shape::DeleteLogStreamResponse;
    const OPERATION: Operation = Operation::DeleteLogStream;
}

impl Request for shape::DeleteRetentionPolicyRequest {
    type Response = shape::DeleteRetentionPolicyResponse;
    const OPERATION: Operation = Operation::DeleteRetentionPolicy;
}

impl Request for shape::DescribeLogGroupsRequest {
    type Response = shape::DescribeLogGroupsResponse;
    const OPERATION: Operation = Operation::DescribeLogGroups;
}

impl Request for shape::DescribeLogStreamsRequest {
    type Response = shape::DescribeLogStreamsResponse;
    const OPERATION: Operation = Operation::DescribeLogStreams;
}

impl Request for shape::FilterLogEventsRequest {
    type Response = shape::FilterLogEventsResponse;
    const OPERATION: Operation = Operation::FilterLogEvents;
}

impl Request for shape::GetLogEventsRequest {
    type Response = shape::GetLogEventsResponse;
    const OPERATION: Operation = Operation::GetLogEvents;
}

impl Request for shape::PutLogEventsRequest {
    type Response = shape::PutLogEventsResponse;
    const OPERATION: Operation = Operation::PutLogEvents;
}

impl Request for shape::PutRetentionPolicyRequest {
    type Response = shape::PutRetentionPolicyResponse;
    const OPERATION: Operation = Operation::PutRetentionPolicy;
}
