resource "aws_kms_key" "this" {
  description             = "Encrypts the voice stream ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kinesis_stream" "this" {
  name                      = var.name
  shard_count               = var.on_demand ? null : var.shard_count
  retention_period          = var.retention_hours
  encryption_type           = "KMS"
  kms_key_id                = aws_kms_key.this.arn
  enforce_consumer_deletion = true

  stream_mode_details {
    stream_mode = var.on_demand ? "ON_DEMAND" : "PROVISIONED"
  }
}

resource "aws_kinesis_stream_consumer" "this" {
  name       = var.consumer_name
  stream_arn = aws_kinesis_stream.this.arn
}
