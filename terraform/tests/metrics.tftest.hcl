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
  assert {
    condition = length(setsubtract([for metric in module.observability.metrics : metric if !startswith(metric, "Parley ")], flatten([
      for namespace, names in {
        # docs.aws.amazon.com: apigateway-websocket-api-logging, monitoring-metrics-types (Lambda), monitoring-with-cloudwatch
        # (Kinesis), metrics-dimensions (DynamoDB, Managed Flink), sqs-available-cloudwatch-metrics.
        "AWS/ApiGateway"       = ["ConnectCount", "MessageCount", "IntegrationError", "ClientError", "ExecutionError", "IntegrationLatency"]
        "AWS/Lambda"           = ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions", "DeadLetterErrors", "DestinationDeliveryFailures"]
        "AWS/Kinesis"          = ["IncomingBytes", "IncomingRecords", "GetRecords.IteratorAgeMilliseconds", "ReadProvisionedThroughputExceeded", "WriteProvisionedThroughputExceeded", "PutRecord.Latency", "PutRecord.Success", "SubscribeToShardEvent.MillisBehindLatest", "SubscribeToShardEvent.Records", "SubscribeToShard.RateExceeded"]
        "AWS/KinesisAnalytics" = ["KPUs", "uptime", "downtime", "fullRestarts", "lastCheckpointDuration", "lastCheckpointSize", "numberOfFailedCheckpoints", "busyTimeMsPerSecond", "backPressuredTimeMsPerSecond", "idleTimeMsPerSecond", "cpuUtilization", "heapMemoryUtilization", "numRecordsInPerSecond", "numRecordsOutPerSecond", "millisBehindLatest"]
        "AWS/DynamoDB"         = ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents", "SuccessfulRequestLatency", "TransactionConflict"]
        "AWS/SQS"              = ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "NumberOfMessagesSent"]
      } : [for name in names : "${namespace} ${name}"]
    ]))) == 0
    error_message = "an alarm or widget names a metric that its service does not document"
  }

  assert {
    condition     = length(setsubtract([for metric in module.observability.metrics : trimprefix(metric, "Parley ") if startswith(metric, "Parley ")], flatten(regexall("[A-Z_]+\\(\"([A-Za-z]+)\"\\)", file("../broadcast-lambda/src/main/java/io/parley/broadcast/BroadcastMetrics.java"))))) == 0
    error_message = "an alarm or widget names a metric that BroadcastMetrics does not have"
  }
}
