# Names are as the services document them; those of namespace Parley are BroadcastMetrics' in broadcast-lambda.
# tests/metrics.tftest.hcl checks both.
locals {
  api         = { ApiId = var.api_id, Stage = var.stage }
  stream      = { StreamName = var.stream_name }
  consumer    = { StreamName = var.stream_name, ConsumerName = var.consumer_name }
  application = { Application = var.application_name }
  broadcast   = { function = "broadcast" }

  function_alarms = merge([
    for key, name in var.function_names : {
      "${key}-errors" = {
        description = "The ${key} Lambda fails: see its log."
        namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = name }
        statistic   = "Sum", minutes = 2, threshold = var.thresholds.lambda_errors
      }
      "${key}-throttles" = {
        description = "The ${key} Lambda is refused executions: raise its reserved concurrency, or the account's."
        namespace   = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = name }
        statistic   = "Sum", minutes = 1, threshold = 0
      }
    }
  ]...)

  alarms = merge(local.function_alarms, {
    job-down = {
      description = "The job does not run: no room is heard. See its log."
      namespace   = "AWS/KinesisAnalytics", metric = "downtime", dimensions = local.application
      statistic   = "Maximum", minutes = 1, threshold = 0
    }
    job-restarts = {
      description = "The job was restarted since it was started: each time is a gap in all rooms."
      namespace   = "AWS/KinesisAnalytics", metric = "fullRestarts", dimensions = local.application
      statistic   = "Maximum", minutes = 1, threshold = var.thresholds.job_restarts
    }
    checkpoints-failed = {
      description = "So many checkpoints failed since the job was started: after a crash it goes back further."
      namespace   = "AWS/KinesisAnalytics", metric = "numberOfFailedCheckpoints", dimensions = local.application
      statistic   = "Maximum", minutes = 3, threshold = var.thresholds.failed_checkpoints
    }
    job-behind = {
      description = "The job reads the stream late: raise flink.parallelism, or the shards."
      namespace   = "AWS/Kinesis", metric = "SubscribeToShardEvent.MillisBehindLatest", dimensions = local.consumer
      statistic   = "Maximum", minutes = 2, threshold = var.thresholds.behind_ms
    }
    stream-full = {
      description = "Shards refuse records: raise shard_count, or stream_on_demand."
      namespace   = "AWS/Kinesis", metric = "WriteProvisionedThroughputExceeded", dimensions = local.stream
      statistic   = "Sum", minutes = 1, threshold = 0
    }
    gateway-errors = {
      description = "API Gateway cannot reach a function, or gets no answer: see the access log."
      namespace   = "AWS/ApiGateway", metric = "IntegrationError", dimensions = local.api
      statistic   = "Sum", minutes = 2, threshold = var.thresholds.lambda_errors
    }
    posts-dropped = {
      description = "Ticks did not reach listeners: look for 429 in the account's API Gateway quota."
      namespace   = "Parley", metric = "postsDropped", dimensions = local.broadcast
      statistic   = "Sum", minutes = 2, threshold = var.thresholds.posts_dropped
    }
    dead-letters = {
      description = "Events could not be delivered, or an asynchronous call failed: see the queue."
      namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = var.dead_letter_queue_name }
      statistic   = "Maximum", minutes = 1, threshold = 0
    }
  })

  function_widgets = [
    for key, name in var.function_names : {
      title   = "${key} Lambda", namespace = "AWS/Lambda", dimensions = { FunctionName = name }, search = "", statistic = "Sum"
      metrics = ["Invocations", "Errors", "Throttles"]
    }
  ]

  widgets = concat([
    {
      title   = "Connections and messages", namespace = "AWS/ApiGateway", dimensions = local.api, search = "", statistic = "Sum"
      metrics = ["ConnectCount", "MessageCount", "ClientError", "ExecutionError", "IntegrationError"]
    },
    {
      title   = "Gateway to Lambda and back, ms (p99)", namespace = "AWS/ApiGateway", dimensions = local.api, search = "", statistic = "p99"
      metrics = ["IntegrationLatency"]
    },
    {
      title   = "Posts", namespace = "Parley", dimensions = local.broadcast, search = "", statistic = "Sum"
      metrics = ["postsDelivered", "postsGone", "postsRetried", "postsDropped", "postsTooLarge"]
    },
    {
      title   = "Ticks to broadcast", namespace = "Parley", dimensions = local.broadcast, search = "", statistic = "Sum"
      metrics = ["broadcastRequests", "broadcastTicks", "broadcastRequestsExpired", "rostersStale"]
    },
    {
      title   = "Voice records", namespace = "AWS/Kinesis", dimensions = local.stream, search = "", statistic = "Sum"
      metrics = ["IncomingRecords", "WriteProvisionedThroughputExceeded"]
    },
    {
      title   = "Voice bytes", namespace = "AWS/Kinesis", dimensions = local.stream, search = "", statistic = "Sum"
      metrics = ["IncomingBytes"]
    },
    {
      title   = "Age of what the job reads, ms", namespace = "AWS/Kinesis", dimensions = local.consumer, search = "", statistic = "Maximum"
      metrics = ["SubscribeToShardEvent.MillisBehindLatest"]
    },
    {
      title   = "Job: downtime and checkpoints, ms", namespace = "AWS/KinesisAnalytics", dimensions = local.application, search = "", statistic = "Maximum"
      metrics = ["downtime", "lastCheckpointDuration"]
    },
    {
      title   = "Job: restarts and failed checkpoints", namespace = "AWS/KinesisAnalytics", dimensions = local.application, search = "", statistic = "Maximum"
      metrics = ["fullRestarts", "numberOfFailedCheckpoints"]
    },
    {
      title   = "Job: busy and back-pressured, ms a second", namespace = "AWS/KinesisAnalytics", dimensions = local.application, search = "Application,Task", statistic = "Maximum"
      metrics = ["busyTimeMsPerSecond", "backPressuredTimeMsPerSecond"]
    },
    {
      title   = "Job: processor and heap, %", namespace = "AWS/KinesisAnalytics", dimensions = local.application, search = "", statistic = "Maximum"
      metrics = ["cpuUtilization", "heapMemoryUtilization"]
    },
    {
      title   = "Table", namespace = "AWS/DynamoDB", dimensions = { TableName = var.table_name }, search = "", statistic = "Sum"
      metrics = ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"]
    },
  ], local.function_widgets)
}
