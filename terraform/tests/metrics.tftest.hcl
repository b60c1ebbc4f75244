# No alarm and no widget names a metric that does not exist.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region        = "eu-central-1"
  artifacts_dir = "./tests/artifacts"
  ticket_jwks   = "https://game.example/jwks.json"
}

run "metrics_of_the_services_are_documented" {
  # Read in the services' guides, of which the page is named; "in copies of 2019 to 2022" where only such were at hand.
  assert {
    condition = length(setsubtract([for metric in module.observability.metrics : metric if !can(regex("^(Parley|job) ", metric))], flatten([
      for namespace, names in {
        # API Gateway developer guide, apigateway-websocket-api-logging.
        "AWS/ApiGateway" = ["ConnectCount", "MessageCount", "IntegrationError", "ClientError", "ExecutionError", "IntegrationLatency"]
        # Lambda developer guide, monitoring-metrics-types.
        "AWS/Lambda" = ["Invocations", "Errors", "DeadLetterErrors", "DestinationDeliveryFailures", "Throttles", "ProvisionedConcurrencyInvocations", "ProvisionedConcurrencySpilloverInvocations", "Duration", "ConcurrentExecutions", "ProvisionedConcurrentExecutions", "ProvisionedConcurrencyUtilization", "UnreservedConcurrentExecutions"]
        # Kinesis Data Streams developer guide, monitoring-with-cloudwatch; those of SubscribeToShard by stream and consumer.
        "AWS/Kinesis" = ["GetRecords.Bytes", "GetRecords.IteratorAgeMilliseconds", "GetRecords.Latency", "GetRecords.Records", "GetRecords.Success", "IncomingBytes", "IncomingRecords", "PutRecord.Bytes", "PutRecord.Latency", "PutRecord.Success", "ReadProvisionedThroughputExceeded", "SubscribeToShard.RateExceeded", "SubscribeToShard.Success", "SubscribeToShardEvent.Bytes", "SubscribeToShardEvent.MillisBehindLatest", "SubscribeToShardEvent.Records", "SubscribeToShardEvent.Success", "WriteProvisionedThroughputExceeded"]
        # Managed Service for Apache Flink developer guide, metrics-dimensions; busy and back-pressured from level TASK on.
        "AWS/KinesisAnalytics" = ["KPUs", "uptime", "downtime", "fullRestarts", "lastCheckpointDuration", "lastCheckpointSize", "numberOfFailedCheckpoints", "busyTimeMsPerSecond", "backPressuredTimeMsPerSecond", "idleTimeMsPerSecond", "cpuUtilization", "containerCPUUtilization", "containerMemoryUtilization", "heapMemoryUtilization", "numRecordsInPerSecond", "numRecordsOutPerSecond", "millisBehindLatest"]
        # DynamoDB developer guide, metrics-dimensions, in a copy of 2019 to 2022.
        "AWS/DynamoDB" = ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents", "ThrottledRequests", "SuccessfulRequestLatency", "SystemErrors", "UserErrors", "ConditionalCheckFailedRequests", "TimeToLiveDeletedItemCount"]
        # SQS developer guide, sqs-available-cloudwatch-metrics, in a copy of 2019 to 2022.
        "AWS/SQS" = ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible", "NumberOfMessagesSent", "NumberOfMessagesReceived", "NumberOfMessagesDeleted", "SentMessageSize"]
        # CloudWatch Logs user guide, CloudWatch-Logs-Monitoring-CloudWatch-Metrics, by the list that aws-cdk-lib generates from it.
        "AWS/Logs" = ["IncomingBytes", "IncomingLogEvents"]
      } : [for name in names : "${namespace} ${name}"]
    ]))) == 0
    error_message = "an alarm or widget names a metric that its service does not document"
  }

  assert {
    condition     = length(setsubtract([for metric in module.observability.metrics : trimprefix(metric, "Parley ") if startswith(metric, "Parley ")], flatten([for file in ["../broadcast-lambda/src/main/java/io/parley/broadcast/BroadcastMetrics.java", "../ingest-lambdas/src/main/java/io/parley/ingest/IngestMetrics.java"] : regexall("(?:[A-Z_]+\\(|static final String [A-Z_]+ = )\"([A-Za-z]+)\"", file(file))]))) == 0
    error_message = "an alarm or widget names a metric that neither BroadcastMetrics nor IngestMetrics has"
  }

  assert {
    condition     = length(setsubtract([for metric in module.observability.metrics : trimprefix(metric, "job ") if startswith(metric, "job ")], flatten(regexall("(?:_RATE|_TAIL| ROOMS| SPOOL) = \"([A-Za-z0-9]+)\"", file("../flink-job/src/main/java/io/parley/job/JobMetrics.java"))))) == 0
    error_message = "an alarm or widget names a metric that JobMetrics does not have for CloudWatch"
  }
}

run "what_counts_up_alarms_by_its_increase" {
  assert {
    condition     = length(setintersection(module.observability.plain_alarm_metrics, ["fullRestarts", "numberOfFailedCheckpoints"])) == 0
    error_message = "an alarm would ring for ever, since its metric never falls"
  }
}

run "the_cost_page_counts_them" {
  assert {
    condition     = strcontains(file("../docs/cost.md"), "\n| metrics of alarms | ${module.observability.alarm_metrics} | ")
    error_message = "docs/cost.md has another number of alarms than ${module.observability.alarm_metrics}"
  }

  assert {
    condition = module.observability.alarm_metrics > 0 && strcontains(file("../docs/cost.md"), "\n| metrics of Parley's own, at most | ${length(concat(
      regexall("[A-Z_]+\\(\"([A-Za-z]+)\"", file("../broadcast-lambda/src/main/java/io/parley/broadcast/BroadcastMetrics.java")),
      # Of the audio and the message Lambda all, of the authorizer the two of connections.
      regexall("(?:[A-Z_]+\\(|static final String [A-Z_]+ = )\"([A-Za-z]+)\"", file("../ingest-lambdas/src/main/java/io/parley/ingest/IngestMetrics.java")),
      regexall("(?:[A-Z_]+\\(|static final String [A-Z_]+ = )\"([A-Za-z]+)\"", file("../ingest-lambdas/src/main/java/io/parley/ingest/IngestMetrics.java")),
      regexall("CONNECTS_[A-Z]+\\(", file("../ingest-lambdas/src/main/java/io/parley/ingest/IngestMetrics.java")),
      regexall("(?:_RATE|_TAIL| ROOMS| SPOOL) = \"([A-Za-z0-9]+)\"", file("../flink-job/src/main/java/io/parley/job/JobMetrics.java")),
    ))} | ")
    error_message = "docs/cost.md has another number of metrics than the programs"
  }
}

run "the_operation_page_says_what_to_do_at_each_alarm" {
  assert {
    condition     = alltrue([for key in keys(module.observability.alarms) : strcontains(file("../docs/operation.md"), "\n### `${replace(key, "/^(${join("|", keys(local.functions))})-/", "<lambda>-")}`\n")])
    error_message = "docs/operation.md has no section on an alarm: ${join(", ", keys(module.observability.alarms))}"
  }
}
