# Names are as the services document them, or the project's own: IngestMetrics' and BroadcastMetrics' in namespace Parley,
# JobMetrics' where Managed Flink puts them, in its own. tests/metrics.tftest.hcl checks all of them.
locals {
  api         = { ApiId = var.api_id, Stage = var.stage }
  stream      = { StreamName = var.stream_name }
  consumer    = { StreamName = var.stream_name, ConsumerName = var.consumer_name }
  application = { Application = var.application_name }
  audio       = { function = var.function_names["audio"] }
  message     = { function = var.function_names["message"] }
  authorizer  = { function = var.function_names["authorizer"] }
  broadcast   = { function = var.function_names["broadcast"] }

  # Expression: DIFF of what counts up since the job was started, in five minutes; or "job" for a metric of ours, whose
  # dimensions beside the application depend on flink.metrics_level, so that a query finds it.
  function_alarms = merge([
    for key, name in var.function_names : {
      "${key}-errors" = {
        description = "The ${key} Lambda fails: see its log.${key == "authorizer" ? " A connection without a valid token counts as well." : ""}"
        namespace   = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = name }
        statistic   = "Sum", minutes = 2, threshold = var.thresholds.lambda_errors, expression = ""
      }
      "${key}-throttles" = {
        description = "The ${key} Lambda is refused executions: raise its reserved concurrency, or the account's."
        namespace   = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = name }
        statistic   = "Sum", minutes = 1, threshold = 0, expression = ""
      }
    }
  ]...)

  alarms = merge(local.function_alarms, {
    job-down = {
      description = "The job does not run: no room is heard. See its log."
      namespace   = "AWS/KinesisAnalytics", metric = "downtime", dimensions = local.application
      statistic   = "Maximum", minutes = 1, threshold = 0, expression = ""
    }
    job-restarts = {
      description = "The job was restarted, so often within five minutes: each time is a gap in all rooms."
      namespace   = "AWS/KinesisAnalytics", metric = "fullRestarts", dimensions = local.application
      statistic   = "Maximum", minutes = 1, threshold = var.thresholds.job_restarts, expression = "DIFF"
    }
    checkpoints-failed = {
      description = "So many checkpoints failed within five minutes: after a crash the job goes back further."
      namespace   = "AWS/KinesisAnalytics", metric = "numberOfFailedCheckpoints", dimensions = local.application
      statistic   = "Maximum", minutes = 1, threshold = var.thresholds.failed_checkpoints, expression = "DIFF"
    }
    job-behind = {
      description = "The job reads the stream late: raise flink.parallelism, or the shards."
      namespace   = "AWS/Kinesis", metric = "SubscribeToShardEvent.MillisBehindLatest", dimensions = local.consumer
      statistic   = "Maximum", minutes = 2, threshold = var.thresholds.behind_ms, expression = ""
    }
    rooms-failed = {
      description = "A room threw in the job and began a new epoch: see the job's log."
      namespace   = "job", metric = "roomsFailedPerSecond", dimensions = local.application
      statistic   = "Maximum", minutes = 1, threshold = 0, expression = "job"
    }
    ticks-dropped = {
      description = "Ticks waited too long for the broadcast Lambda and were dropped: see its errors, throttles and duration."
      namespace   = "job", metric = "ticksDroppedPerSecond", dimensions = local.application
      statistic   = "Maximum", minutes = 2, threshold = 0, expression = "job"
    }
    segments-dropped = {
      description = "The tick log gave segments up, since S3 or KMS was away for too long: what was said then is not kept."
      namespace   = "job", metric = "segmentsDroppedPerSecond", dimensions = local.application
      statistic   = "Maximum", minutes = 1, threshold = 0, expression = "job"
    }
    ticks-unlogged = {
      description = "Ticks could not be sealed for the tick log and were given up: see KMS and the job's rights."
      namespace   = "job", metric = "ticksUnloggedPerSecond", dimensions = local.application
      statistic   = "Maximum", minutes = 1, threshold = 0, expression = "job"
    }
    stream-full = {
      description = "Shards refuse records: raise shard_count, or stream_on_demand."
      namespace   = "AWS/Kinesis", metric = "WriteProvisionedThroughputExceeded", dimensions = local.stream
      statistic   = "Sum", minutes = 1, threshold = 0, expression = ""
    }
    chunks-not-kept = {
      description = "Chunks did not reach the bucket: voice goes on, but is not recorded. See S3 and KMS."
      namespace   = "Parley", metric = "archiveFailures", dimensions = local.audio
      statistic   = "Sum", minutes = 2, threshold = var.thresholds.archive_failures, expression = ""
    }
    gateway-errors = {
      description = "API Gateway cannot call a function, or gets no answer: see the access log."
      namespace   = "AWS/ApiGateway", metric = "ExecutionError", dimensions = local.api
      statistic   = "Sum", minutes = 2, threshold = var.thresholds.gateway_errors, expression = ""
    }
    posts-dropped = {
      description = "Ticks did not reach listeners: look whether the gateway throttles posts, by the account's quota."
      namespace   = "Parley", metric = "postsDropped", dimensions = local.broadcast
      statistic   = "Sum", minutes = 2, threshold = var.thresholds.posts_dropped, expression = ""
    }
    dead-letters = {
      description = "Events could not be delivered, or an asynchronous call failed: see the queue."
      namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = var.dead_letter_queue_name }
      statistic   = "Maximum", minutes = 1, threshold = 0, expression = ""
    }
  })

  # Of each line its kind: "metric" as it is, "second" for a sum as a rate, "task" for one that is there of each task,
  # "gauge" for the job's own of which the highest counts, "share" for those of which every subtask has its share: the
  # mean times the number of subtasks is all of it, divided by what "per" says.
  widgets = concat([
    {
      title = "Who speaks at once, in frames of 20 ms"
      lines = [
        { kind = "share", namespace = "job", names = ["framesLivePerSecond"], dimensions = local.application, statistic = "Average", per = 50 },
      ]
    },
    {
      title = "Frames a second, in and out"
      lines = [
        { kind = "second", namespace = "Parley", names = ["framesTaken"], dimensions = local.audio, statistic = "Sum", per = 1 },
        { kind = "share", namespace = "job", names = ["framesLivePerSecond"], dimensions = local.application, statistic = "Average", per = 1 },
      ]
    },
    {
      title = "Frames a second that nobody heard"
      lines = [
        { kind = "share", namespace = "job", names = ["framesLostPerSecond", "framesLatePerSecond", "framesStalePerSecond", "framesSuppressedPerSecond", "recordsRejectedPerSecond"], dimensions = local.application, statistic = "Average", per = 1 },
      ]
    },
    {
      title = "Hops, ms: the slowest one in a hundred (put to the stream: mean)"
      lines = [
        { kind = "metric", namespace = "AWS/ApiGateway", names = ["IntegrationLatency"], dimensions = local.api, statistic = "p99", per = 1 },
        { kind = "metric", namespace = "Parley", names = ["takenInMs"], dimensions = local.audio, statistic = "p99", per = 1 },
        { kind = "metric", namespace = "AWS/Kinesis", names = ["PutRecord.Latency"], dimensions = local.stream, statistic = "Average", per = 1 },
        { kind = "gauge", namespace = "job", names = ["arrivalLagMsP99", "timerDelayMsP99", "broadcastCallMsP99"], dimensions = local.application, statistic = "Maximum", per = 1 },
        { kind = "metric", namespace = "AWS/Lambda", names = ["Duration"], dimensions = { FunctionName = var.function_names["broadcast"] }, statistic = "p99", per = 1 },
      ]
    },
    {
      title = "Iterator age: how late the job reads, ms"
      lines = [
        { kind = "metric", namespace = "AWS/Kinesis", names = ["SubscribeToShardEvent.MillisBehindLatest"], dimensions = local.consumer, statistic = "Maximum", per = 1 },
      ]
    },
    {
      title = "Job: busy and back-pressured, ms a second"
      lines = [
        { kind = "task", namespace = "AWS/KinesisAnalytics", names = ["busyTimeMsPerSecond", "backPressuredTimeMsPerSecond"], dimensions = local.application, statistic = "Maximum", per = 1 },
      ]
    },
    {
      title = "Job: downtime and last checkpoint, ms"
      lines = [
        { kind = "metric", namespace = "AWS/KinesisAnalytics", names = ["downtime", "lastCheckpointDuration"], dimensions = local.application, statistic = "Maximum", per = 1 },
      ]
    },
    {
      title = "Job: restarts and failed checkpoints since it was started"
      lines = [
        { kind = "metric", namespace = "AWS/KinesisAnalytics", names = ["fullRestarts", "numberOfFailedCheckpoints"], dimensions = local.application, statistic = "Maximum", per = 1 },
      ]
    },
    {
      title = "Job: processor and heap, %"
      lines = [
        { kind = "metric", namespace = "AWS/KinesisAnalytics", names = ["cpuUtilization", "heapMemoryUtilization"], dimensions = local.application, statistic = "Maximum", per = 1 },
      ]
    },
    {
      title = "Posts a minute: delivered, gone (410), throttled (429), tried again, dropped"
      lines = [
        { kind = "metric", namespace = "Parley", names = ["postsDelivered", "postsGone", "postsThrottled", "postsRetried", "postsDropped", "postsTooLarge"], dimensions = local.broadcast, statistic = "Sum", per = 1 },
      ]
    },
    {
      title = "Ticks to broadcast a minute, and dropped a second"
      lines = [
        { kind = "metric", namespace = "Parley", names = ["broadcastRequests", "broadcastTicks", "broadcastRequestsExpired", "rostersStale"], dimensions = local.broadcast, statistic = "Sum", per = 1 },
        { kind = "share", namespace = "job", names = ["ticksDroppedPerSecond"], dimensions = local.application, statistic = "Average", per = 1 },
      ]
    },
    {
      title = "Connections, messages and errors at the gateway, a minute"
      lines = [
        { kind = "metric", namespace = "AWS/ApiGateway", names = ["ConnectCount", "MessageCount", "ClientError", "ExecutionError", "IntegrationError"], dimensions = local.api, statistic = "Sum", per = 1 },
      ]
    },
    {
      title = "Refused a minute"
      lines = [
        { kind = "metric", namespace = "Parley", names = ["messagesRefused", "messagesOverRate", "floods", "streamFailures"], dimensions = local.audio, statistic = "Sum", per = 1 },
        { kind = "metric", namespace = "Parley", names = ["messagesRefused", "messagesOverRate", "floods", "streamFailures"], dimensions = local.message, statistic = "Sum", per = 1 },
        { kind = "metric", namespace = "Parley", names = ["connectsRefused"], dimensions = local.authorizer, statistic = "Sum", per = 1 },
      ]
    },
    {
      title = "Rooms that talked of late, joins and leaves a minute"
      lines = [
        { kind = "share", namespace = "job", names = ["rooms"], dimensions = local.application, statistic = "Average", per = 1 },
        { kind = "metric", namespace = "Parley", names = ["joins", "leaves"], dimensions = local.message, statistic = "Sum", per = 1 },
      ]
    },
    {
      title = "Recording: chunks a minute, and what failed"
      lines = [
        { kind = "metric", namespace = "Parley", names = ["chunksArchived", "archiveFailures", "eventFailures"], dimensions = local.audio, statistic = "Sum", per = 1 },
        { kind = "share", namespace = "job", names = ["segmentsDroppedPerSecond", "ticksUnloggedPerSecond"], dimensions = local.application, statistic = "Average", per = 1 },
      ]
    },
    {
      title = "Recording: bytes that wait for S3"
      lines = [
        { kind = "share", namespace = "job", names = ["spooledBytes"], dimensions = local.application, statistic = "Average", per = 1 },
      ]
    },
    {
      title = "Voice records a minute, and refused by full shards"
      lines = [
        { kind = "metric", namespace = "AWS/Kinesis", names = ["IncomingRecords", "WriteProvisionedThroughputExceeded"], dimensions = local.stream, statistic = "Sum", per = 1 },
      ]
    },
    {
      title = "Table: capacity and throttles a minute"
      lines = [
        { kind = "metric", namespace = "AWS/DynamoDB", names = ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"], dimensions = { TableName = var.table_name }, statistic = "Sum", per = 1 },
      ]
    },
    {
      title = "What the bill is made of, a minute: messages and posts, executions, objects"
      lines = [
        { kind = "metric", namespace = "AWS/ApiGateway", names = ["MessageCount"], dimensions = local.api, statistic = "Sum", per = 1 },
        { kind = "metric", namespace = "AWS/Lambda", names = ["Invocations"], dimensions = { FunctionName = var.function_names["audio"] }, statistic = "Sum", per = 1 },
        { kind = "metric", namespace = "AWS/Lambda", names = ["Invocations"], dimensions = { FunctionName = var.function_names["broadcast"] }, statistic = "Sum", per = 1 },
        { kind = "metric", namespace = "Parley", names = ["chunksArchived"], dimensions = local.audio, statistic = "Sum", per = 1 },
      ]
    },
    {
      title = "What the bill is made of: bytes of logs a minute"
      lines = [
        for group in aws_cloudwatch_log_group.this :
        { kind = "metric", namespace = "AWS/Logs", names = ["IncomingBytes"], dimensions = { LogGroupName = group.name }, statistic = "Sum", per = 1 }
      ]
    },
    {
      title = "What the bill is made of: KPUs"
      lines = [
        { kind = "metric", namespace = "AWS/KinesisAnalytics", names = ["KPUs"], dimensions = local.application, statistic = "Maximum", per = 1 },
      ]
    },
    ], [
    for key, name in var.function_names : {
      title = "${key} Lambda a minute, and at a time"
      lines = [
        { kind = "metric", namespace = "AWS/Lambda", names = ["Invocations", "Errors", "Throttles"], dimensions = { FunctionName = name }, statistic = "Sum", per = 1 },
        { kind = "metric", namespace = "AWS/Lambda", names = ["ConcurrentExecutions"], dimensions = { FunctionName = name }, statistic = "Maximum", per = 1 },
      ]
    }
  ])

  widget_metrics = [
    for widget in local.widgets : concat([
      for number, line in widget.lines : concat([
        for index, name in line.names :
        line.kind == "metric" ? [
          jsonencode(concat([line.namespace, name], flatten([for key, value in line.dimensions : [key, value]]), [{ stat = line.statistic }]))
        ] :
        line.kind == "second" ? [
          jsonencode(concat([line.namespace, name], flatten([for key, value in line.dimensions : [key, value]]), [{ stat = line.statistic, id = "m${number}x${index}", visible = false }])),
          jsonencode([{ expression = "m${number}x${index} / PERIOD(m${number}x${index})", label = name }]),
        ] :
        line.kind == "task" ? [
          jsonencode([{ expression = "SEARCH('{${line.namespace},Application,Task} MetricName=\"${name}\" Application=\"${var.application_name}\"', '${line.statistic}', 60)" }])
        ] :
        line.kind == "gauge" ? [
          jsonencode([{ expression = "MAX(SEARCH('Namespace=\"AWS/KinesisAnalytics\" MetricName=\"${name}\" Application=\"${var.application_name}\"', '${line.statistic}', 60))", label = name }])
          ] : [
          jsonencode([{ expression = "AVG(SEARCH('Namespace=\"AWS/KinesisAnalytics\" MetricName=\"${name}\" Application=\"${var.application_name}\"', '${line.statistic}', 60)) * ${var.parallelism} / ${line.per}", label = name }])
        ]
      ]...)
    ]...)
  ]
}
