mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name               = "parley-test-audio"
  description        = "A function"
  handler            = "io.parley.ingest.AudioHandler"
  code               = { bucket = "code", key = "ingest-lambdas.jar", version = "1", hash = "aGFzaA==" }
  environment        = { CONNECTIONS_TABLE = "table" }
  policy             = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  memory_mb          = 1024
  timeout_seconds    = 10
  log_retention_days = 7
  log_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000"
}

run "a_function_is_java_on_arm_behind_an_alias_of_its_published_version" {
  module {
    source = "./modules/lambda-function"
  }

  assert {
    condition     = aws_lambda_function.this.runtime == "java21" && aws_lambda_function.this.architectures == tolist(["arm64"]) && aws_lambda_function.this.publish
    error_message = "not a published java21 function on arm64"
  }

  assert {
    condition     = aws_lambda_alias.this.function_version == aws_lambda_function.this.version
    error_message = "the alias is not on the published version"
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_format == "JSON" && aws_cloudwatch_log_group.this.retention_in_days == 7 && aws_cloudwatch_log_group.this.kms_key_id == var.log_key_arn
    error_message = "the log is not JSON, kept for a week, encrypted"
  }

  assert {
    condition     = length(aws_lambda_function.this.snap_start) == 0 && length(aws_lambda_provisioned_concurrency_config.this) == 0
    error_message = "starts from a snapshot, or is kept warm, without being told to"
  }

  assert {
    condition     = [for principal in data.aws_iam_policy_document.trust.statement[0].principals : principal.identifiers] == [toset(["lambda.amazonaws.com"])]
    error_message = "somebody else than Lambda may take the role"
  }
}

run "snap_start_is_of_published_versions" {
  module {
    source = "./modules/lambda-function"
  }

  variables {
    snap_start = true
  }

  assert {
    condition     = aws_lambda_function.this.snap_start[0].apply_on == "PublishedVersions" && length(aws_lambda_provisioned_concurrency_config.this) == 0
    error_message = "no SnapStart"
  }
}

run "who_is_kept_warm_is_kept_so_on_the_alias" {
  module {
    source = "./modules/lambda-function"
  }

  variables {
    provisioned_concurrency = 3
  }

  assert {
    condition     = aws_lambda_provisioned_concurrency_config.this[0].qualifier == "live" && aws_lambda_provisioned_concurrency_config.this[0].provisioned_concurrent_executions == 3
    error_message = "not kept warm on the alias"
  }
}

run "refuses_both" {
  command = plan

  module {
    source = "./modules/lambda-function"
  }

  variables {
    snap_start              = true
    provisioned_concurrency = 3
  }

  expect_failures = [var.snap_start]
}

run "who_has_a_queue_for_failures_may_send_to_it" {
  module {
    source = "./modules/lambda-function"
  }

  variables {
    on_failure = { queue_arn = "arn:aws:sqs:eu-central-1:111122223333:failures" }
  }

  assert {
    condition     = anytrue([for statement in data.aws_iam_policy_document.this.statement : contains(statement.actions, "sqs:SendMessage") && contains(statement.resources, var.on_failure.queue_arn)])
    error_message = "the role may not send to the queue"
  }
}
