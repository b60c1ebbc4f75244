# Keys: who is named in their policies, and for what. The account itself administers them and cannot use them.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region        = "eu-central-1"
  artifacts_dir = "./tests/artifacts"
  ticket_jwks   = "https://game.example/jwks.json"
}

run "the_audio_key_is_used_by_who_is_named" {
  command = plan

  module {
    source = "./modules/audio-storage"
  }

  variables {
    bucket           = "bucket"
    retention_days   = 1
    writer_role_arns = ["arn:aws:iam::111122223333:role/audio"]
    log_role_arns    = ["arn:aws:iam::111122223333:role/job"]
    reader_arns      = ["arn:aws:iam::111122223333:role/moderation"]
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.key.statement : statement.sid => "${join(" ", statement.actions)} ${join(" ", flatten([for principal in statement.principals : principal.identifiers]))}" if statement.sid != "Administer" } == {
      Seal        = "kms:GenerateDataKey arn:aws:iam::111122223333:role/audio"
      SealAndOpen = "kms:Decrypt kms:GenerateDataKey arn:aws:iam::111122223333:role/job"
      Open        = "kms:Decrypt arn:aws:iam::111122223333:role/moderation"
    }
    error_message = "somebody else may use the key, or for something else"
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.key.statement : length(setintersection(statement.actions, ["kms:*", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt*", "kms:CreateGrant"])) == 0 && contains(statement.actions, "kms:Put*") if statement.sid == "Administer"])
    error_message = "the account may use the key, or cannot change its policy"
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.tls_only.statement : statement.effect == "Deny" && toset(statement.actions) == toset(["s3:*"]) && toset([for condition in statement.condition : "${condition.test} ${condition.variable} ${join(" ", condition.values)}"]) == toset(["Bool aws:SecureTransport false"])])
    error_message = "the bucket may be used without TLS"
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.bucket_key_enabled && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"]) && aws_kms_key.this.enable_key_rotation
    error_message = "the bucket is not encrypted with a bucket key, or the key is not rotated"
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.expiration[0].days == 1 && rule.abort_incomplete_multipart_upload[0].days_after_initiation == 1])
    error_message = "recordings or half uploads stay"
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "the bucket could be made public"
  }
}

run "the_streams_key_encrypts_for_writers_and_decrypts_for_readers" {
  command = plan

  module {
    source = "./modules/voice-stream"
  }

  variables {
    name             = "voice"
    consumer_name    = "job"
    on_demand        = false
    shard_count      = 1
    retention_hours  = 24
    writer_role_arns = ["arn:aws:iam::111122223333:role/audio"]
    reader_role_arns = ["arn:aws:iam::111122223333:role/job"]
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.key.statement : statement.sid => "${join(" ", statement.actions)} ${join(" ", flatten([for principal in statement.principals : principal.identifiers]))}" if statement.sid != "Administer" } == {
      Put  = "kms:GenerateDataKey arn:aws:iam::111122223333:role/audio"
      Read = "kms:Decrypt arn:aws:iam::111122223333:role/job"
    }
    error_message = "somebody else may use the key, or for something else"
  }

  assert {
    condition     = aws_kinesis_stream.this.encryption_type == "KMS" && aws_kms_key.this.enable_key_rotation
    error_message = "the stream is not encrypted, or its key is not rotated"
  }
}

run "the_logs_key_is_used_by_the_services_that_encrypt_with_it" {
  command = plan

  module {
    source = "./modules/observability"
  }

  variables {
    name                   = "parley-test"
    log_retention_days     = 7
    api_id                 = "api"
    stage                  = "test"
    function_names         = { for key in ["audio", "message", "authorizer", "broadcast"] : key => "parley-test-${key}" }
    stream_name            = "voice"
    consumer_name          = "job"
    application_name       = "parley-test"
    parallelism            = 1
    table_name             = "table"
    dead_letter_queue_name = "queue"
    alarm_emails           = []
    monthly_budget_usd     = 0
    thresholds             = { lambda_errors = 1, job_restarts = 1, failed_checkpoints = 1, behind_ms = 1, posts_dropped = 1, archive_failures = 1, gateway_errors = 1 }
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.key.statement : statement.sid => join(" ", flatten([for principal in statement.principals : principal.identifiers])) } == {
      Administer = "arn:aws:iam::111122223333:root"
      Logs       = "logs.eu-central-1.amazonaws.com"
      Alarms     = "cloudwatch.amazonaws.com"
    }
    error_message = "somebody else may use the logs' key"
  }

  assert {
    condition     = alltrue(flatten([for statement in data.aws_iam_policy_document.key.statement : [for condition in statement.condition : condition.variable == "kms:EncryptionContext:aws:logs:arn" && alltrue([for arn in condition.values : strcontains(arn, "parley-test")])] if statement.sid == "Logs"]))
    error_message = "the key serves log groups of others"
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 7])
    error_message = "a log group keeps its logs for another time"
  }
}

run "the_keys_name_those_whose_own_policies_have_the_right" {
  command = plan

  assert {
    condition     = toset(local.stream_writers) == toset(["connect", "disconnect", "message", "audio", "operator", "broadcast"]) && toset(local.chunk_writers) == toset(["audio"])
    error_message = "a key's policy names another function than puts to the stream, or seals chunks"
  }
}
