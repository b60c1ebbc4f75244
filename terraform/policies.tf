locals {
  rights = {
    read = {
      actions   = ["dynamodb:GetItem", "dynamodb:Query"]
      resources = [module.connections_table.arn]
    }
    write = {
      actions   = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"]
      resources = [module.connections_table.arn]
    }
    stream = {
      actions   = ["kinesis:PutRecord"]
      resources = [module.voice_stream.arn]
    }
    # Kinesis encrypts in the name of who puts.
    stream_key = {
      actions   = ["kms:GenerateDataKey"]
      resources = [module.voice_stream.key_arn]
    }
    connections = {
      actions   = ["execute-api:ManageConnections"]
      resources = module.websocket_api.connections_arns
    }
    events = {
      actions   = ["events:PutEvents"]
      resources = [module.event_bus.arn]
    }
    archive = {
      actions   = ["s3:PutObject"]
      resources = ["${module.audio_storage.bucket_arn}/*"]
    }
    # For the data keys, and for the bucket's own encryption.
    audio_key = {
      actions   = ["kms:GenerateDataKey"]
      resources = [module.audio_storage.key_arn]
    }
  }

  # Apart, since the job's name the broadcast Lambda and those above are the Lambdas' own.
  job_rights = merge(local.rights, {
    read_stream = {
      actions = [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:ListShards",
        "kinesis:GetShardIterator",
        "kinesis:GetRecords",
      ]
      resources = [module.voice_stream.arn]
    }
    subscribe = {
      actions   = ["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"]
      resources = [module.voice_stream.consumer_arn]
    }
    read_stream_key = {
      actions   = ["kms:Decrypt"]
      resources = [module.voice_stream.key_arn]
    }
    broadcast = {
      actions   = ["lambda:InvokeFunction"]
      resources = [module.function["broadcast"].alias_arn]
    }
    # A segment that is there already is read and compared.
    segments = {
      actions   = ["s3:PutObject", "s3:GetObject"]
      resources = ["${module.audio_storage.bucket_arn}/*"]
    }
    segment_key = {
      actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
      resources = [module.audio_storage.key_arn]
    }
  })
}

# Whom the keys' own policies name.
locals {
  stream_writers = [for key, function in local.functions : key if contains(function.rights, "stream")]
  chunk_writers  = [for key, function in local.functions : key if contains(function.rights, "audio_key")]
}

data "aws_iam_policy_document" "function" {
  for_each = local.functions

  dynamic "statement" {
    for_each = concat(each.value.rights, contains(each.value.rights, "stream") ? ["stream_key"] : [])

    content {
      sid       = replace(title(replace(statement.value, "_", " ")), " ", "")
      actions   = local.rights[statement.value].actions
      resources = local.rights[statement.value].resources
    }
  }
}

data "aws_iam_policy_document" "job" {
  dynamic "statement" {
    for_each = concat(
      ["read_stream", "subscribe", "read_stream_key", "broadcast", "events"],
      local.keeps_segments ? ["segments", "segment_key"] : [],
    )

    content {
      sid       = replace(title(replace(statement.value, "_", " ")), " ", "")
      actions   = local.job_rights[statement.value].actions
      resources = local.job_rights[statement.value].resources
    }
  }
}
