# What no emulator checks: rights that follow from encryption, and from the gateway.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region        = "eu-central-1"
  artifacts_dir = "./tests/artifacts"
  ticket_jwks   = "https://game.example/jwks.json"
}

run "rights_are_the_ones_of_the_operation_page" {
  assert {
    condition = { for key, policy in data.aws_iam_policy_document.function : key => join(" ", sort(flatten([for statement in policy.statement : statement.actions]))) } == {
      authorizer = "dynamodb:GetItem dynamodb:Query"
      connect    = "dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem execute-api:ManageConnections kinesis:PutRecord kms:GenerateDataKey"
      disconnect = "dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem kinesis:PutRecord kms:GenerateDataKey"
      message    = "dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem execute-api:ManageConnections kinesis:PutRecord kms:GenerateDataKey"
      audio      = "dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem events:PutEvents execute-api:ManageConnections kinesis:PutRecord kms:GenerateDataKey kms:GenerateDataKey s3:PutObject"
      operator   = "dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem execute-api:ManageConnections kinesis:PutRecord kms:GenerateDataKey"
      broadcast  = "dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem execute-api:ManageConnections kinesis:PutRecord kms:GenerateDataKey"
    }
    error_message = "a function has another right than docs/operation.md says"
  }

  assert {
    condition = toset(flatten([for policy in data.aws_iam_policy_document.function : [for statement in policy.statement : statement.resources if contains(statement.actions, "execute-api:ManageConnections")]])) == toset([
      "arn:aws:execute-api:eu-central-1:111122223333:mockapi/prod/POST/@connections/*",
      "arn:aws:execute-api:eu-central-1:111122223333:mockapi/prod/DELETE/@connections/*",
    ])
    error_message = "functions may do more than post to connections of this stage and end them"
  }

  assert {
    condition     = alltrue(flatten([for policy in concat(values(data.aws_iam_policy_document.function), [data.aws_iam_policy_document.job]) : [for statement in policy.statement : !contains(statement.resources, "*")]]))
    error_message = "a right is given on everything"
  }

  assert {
    condition     = join(" ", sort(flatten([for statement in data.aws_iam_policy_document.job.statement : statement.actions]))) == "events:PutEvents kinesis:DescribeStream kinesis:DescribeStreamConsumer kinesis:DescribeStreamSummary kinesis:GetRecords kinesis:GetShardIterator kinesis:ListShards kinesis:SubscribeToShard kms:Decrypt lambda:InvokeFunction"
    error_message = "the job has another right than it needs where no segments are kept"
  }
}

run "the_job_may_seal_and_store_segments_where_they_are_kept" {
  variables {
    archive_mode = "segment"
  }

  assert {
    condition     = alltrue([for action in ["s3:PutObject", "s3:GetObject", "kms:GenerateDataKey"] : contains(flatten([for statement in data.aws_iam_policy_document.job.statement : statement.actions]), action)])
    error_message = "the job cannot keep segments"
  }

  assert {
    condition     = !contains(flatten([for statement in data.aws_iam_policy_document.function["audio"].statement : statement.actions]), "s3:PutObject")
    error_message = "the audio Lambda may write chunks that are not to be kept"
  }
}
