# Who may act as whom, and who may send where. Nothing here passes a role on: that is the deployer's right alone.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "only_managed_flink_of_this_account_may_take_the_jobs_role" {
  command = plan

  module {
    source = "./modules/flink-application"
  }

  variables {
    name                   = "parley-test"
    runtime                = "FLINK-1_20"
    policy                 = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
    parallelism            = 2
    parallelism_per_kpu    = 1
    auto_scaling           = false
    checkpoint_interval_ms = 10000
    metrics_level          = "TASK"
    log_group              = { name = "job", arn = "arn:aws:logs:eu-central-1:111122223333:log-group:job" }
    property_groups        = { "parley.job" = { "job.parallelism" = "2" } }
    code                   = { bucket_arn = "arn:aws:s3:::code", key = "flink-job.jar", version = "1" }
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.trust.statement : "${join(" ", statement.actions)} ${join(" ", flatten([for principal in statement.principals : principal.identifiers]))} ${join(" ", [for condition in statement.condition : "${condition.variable} ${join(" ", condition.values)}"])}"] == ["sts:AssumeRole kinesisanalytics.amazonaws.com aws:SourceAccount 111122223333"]
    error_message = "somebody else than Managed Flink may take the job's role"
  }

  assert {
    condition     = { for statement in data.aws_iam_policy_document.this.statement : statement.sid => join(" ", statement.resources) if statement.sid == "Code" } == { Code = "arn:aws:s3:::code/flink-job.jar" }
    error_message = "the job may read another object than its jar"
  }

  assert {
    condition     = alltrue([for configuration in aws_kinesisanalyticsv2_application.this.application_configuration : configuration.flink_application_configuration[0].parallelism_configuration[0].configuration_type == "CUSTOM" && configuration.flink_application_configuration[0].parallelism_configuration[0].parallelism == 2 && !configuration.flink_application_configuration[0].parallelism_configuration[0].auto_scaling_enabled && configuration.flink_application_configuration[0].checkpoint_configuration[0].checkpoint_interval == 10000 && configuration.application_snapshot_configuration[0].snapshots_enabled]) && aws_kinesisanalyticsv2_application.this.start_application
    error_message = "parallelism, checkpoints, snapshots or the start are not as told"
  }
}

run "only_the_gateway_may_take_the_role_that_writes_its_log" {
  command = plan

  module {
    source = "./modules/websocket-api"
  }

  variables {
    name                    = "parley-test"
    stage                   = "test"
    authorizer              = { name = "authorizer", alias_name = "live", invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/authorizer/invocations" }
    functions               = { message = { name = "message", alias_name = "live", invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/message/invocations" } }
    routes                  = { "$connect" = "message", "$disconnect" = "message", "$default" = "message" }
    throttles               = { connects = { rate = 1, burst = 2 }, audio = { rate = 30, burst = 40 }, messages = { rate = 5, burst = 6 } }
    access_log_group_arn    = "arn:aws:logs:eu-central-1:111122223333:log-group:access"
    parameter_prefix        = "/game-server/test"
    manage_account_log_role = true
  }

  assert {
    condition     = flatten([for statement in data.aws_iam_policy_document.gateway_trust.statement : [for principal in statement.principals : "${join(" ", statement.actions)} ${join(" ", principal.identifiers)}"]]) == ["sts:AssumeRole apigateway.amazonaws.com"]
    error_message = "somebody else than API Gateway may take the role"
  }

  assert {
    condition     = aws_iam_role_policy_attachment.gateway[0].policy_arn == "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    error_message = "the role may do something else than write logs"
  }
}

run "only_the_rule_may_send_dead_letters_and_only_events_write_the_log" {
  command = plan

  module {
    source = "./modules/event-bus"
  }

  variables {
    name              = "parley-test"
    event_source      = "voice-chat"
    event_detail_type = "SendAudioEvent"
    archive_days      = 7
    log_group_arn     = "arn:aws:logs:eu-central-1:111122223333:log-group:events"
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.dead_letters.statement : "${join(" ", statement.actions)} ${join(" ", flatten([for principal in statement.principals : principal.identifiers]))} ${join(" ", [for condition in statement.condition : "${condition.variable} ${join(" ", condition.values)}"])}"] == ["sqs:SendMessage events.amazonaws.com aws:SourceArn arn:aws:events:eu-central-1:111122223333:rule/parley-test/send-audio"]
    error_message = "another rule may send to the queue, or this one may not"
  }

  # With a key of KMS the senders would need rights on it.
  assert {
    condition     = aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
    error_message = "the queue is not encrypted by SQS's own key"
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.log.statement : "${join(" ", sort(statement.actions))} ${join(" ", statement.resources)} ${join(" ", sort(flatten([for principal in statement.principals : principal.identifiers])))}"] == ["logs:CreateLogStream logs:PutLogEvents arn:aws:logs:eu-central-1:111122223333:log-group:events:* delivery.logs.amazonaws.com events.amazonaws.com"]
    error_message = "events cannot be logged, or something else may write there"
  }

  assert {
    condition     = aws_cloudwatch_event_archive.this.retention_days == 7 && aws_cloudwatch_event_target.log.retry_policy[0].maximum_retry_attempts == 10 && length(aws_cloudwatch_event_target.log.dead_letter_config) == 1
    error_message = "no archive, retries or dead letters"
  }
}

run "no_role_may_pass_a_role_or_take_another" {
  variables {
    region        = "eu-central-1"
    artifacts_dir = "./tests/artifacts"
    ticket_jwks   = "https://game.example/jwks.json"
    archive_mode  = "both"
  }

  assert {
    condition     = alltrue(flatten([for policy in concat(values(data.aws_iam_policy_document.function), [data.aws_iam_policy_document.job]) : [for statement in policy.statement : [for action in statement.actions : !can(regex("^(iam|sts|\\*)", action))]]]))
    error_message = "a role may pass or take roles"
  }

  assert {
    condition     = toset([for key, policy in data.aws_iam_policy_document.function : key if anytrue([for statement in policy.statement : contains(statement.actions, "execute-api:ManageConnections")])]) == toset(["connect", "message", "audio", "operator", "broadcast"])
    error_message = "another function may post to connections and end them"
  }

  assert {
    condition     = { for statement in data.aws_iam_policy_document.job.statement : statement.sid => join(" ", statement.resources) if contains(statement.actions, "lambda:InvokeFunction") } == { Broadcast = "arn:aws:lambda:eu-central-1:111122223333:function:mock:live" }
    error_message = "the job may invoke another function than the broadcast Lambda's alias"
  }
}
