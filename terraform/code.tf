# Old jars stay as old versions of their objects: versions of functions and snapshots of the job refer to them.
resource "aws_s3_bucket" "code" {
  bucket        = "${local.name}-code-${local.account}"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "code" {
  bucket = aws_s3_bucket.code.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "code" {
  bucket                  = aws_s3_bucket.code.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

data "aws_iam_policy_document" "code" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.code.arn, "${aws_s3_bucket.code.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "code" {
  bucket     = aws_s3_bucket.code.id
  policy     = data.aws_iam_policy_document.code.json
  depends_on = [aws_s3_bucket_public_access_block.code]
}

resource "aws_s3_object" "jar" {
  for_each = local.jars

  bucket      = aws_s3_bucket.code.id
  key         = "${each.key}.jar"
  source      = each.value
  source_hash = filesha256(each.value)
  depends_on  = [aws_s3_bucket_versioning.code]
}

locals {
  jars = { for name in ["ingest-lambdas", "broadcast-lambda", "flink-job"] : name => "${var.artifacts_dir}/${name}.jar" }

  code = {
    for name, path in local.jars : name => {
      bucket  = aws_s3_bucket.code.id
      key     = aws_s3_object.jar[name].key
      version = aws_s3_object.jar[name].version_id
      hash    = filebase64sha256(path)
    }
  }
}
