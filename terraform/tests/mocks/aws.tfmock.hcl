# What AWS would answer, in the shapes that the provider asks for.
mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { name = "eu-central-1" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::111122223333:role/mock" }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000" }
}

mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::mock" }
}

mock_resource "aws_dynamodb_table" {
  defaults = { arn = "arn:aws:dynamodb:eu-central-1:111122223333:table/mock" }
}

mock_resource "aws_kinesis_stream" {
  defaults = { arn = "arn:aws:kinesis:eu-central-1:111122223333:stream/mock" }
}

mock_resource "aws_kinesis_stream_consumer" {
  defaults = { arn = "arn:aws:kinesis:eu-central-1:111122223333:stream/mock/consumer/parley-job:1" }
}

mock_resource "aws_cloudwatch_event_bus" {
  defaults = { arn = "arn:aws:events:eu-central-1:111122223333:event-bus/mock" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:mock" }
}

mock_resource "aws_cloudwatch_log_stream" {
  defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:mock:log-stream:job" }
}

mock_resource "aws_sqs_queue" {
  defaults = {
    arn = "arn:aws:sqs:eu-central-1:111122223333:mock"
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/mock"
  }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:mock" }
}

mock_resource "aws_cognito_user_pool" {
  defaults = {
    id       = "eu-central-1_mock"
    endpoint = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_mock"
  }
}

mock_resource "aws_lambda_function" {
  defaults = {
    arn     = "arn:aws:lambda:eu-central-1:111122223333:function:mock"
    version = "1"
  }
}

mock_resource "aws_lambda_alias" {
  defaults = {
    arn        = "arn:aws:lambda:eu-central-1:111122223333:function:mock:live"
    invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:mock:live/invocations"
  }
}

mock_resource "aws_apigatewayv2_api" {
  defaults = {
    id            = "mockapi"
    api_endpoint  = "wss://mockapi.execute-api.eu-central-1.amazonaws.com"
    execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:mockapi"
  }
}

mock_resource "aws_apigatewayv2_stage" {
  defaults = { invoke_url = "wss://mockapi.execute-api.eu-central-1.amazonaws.com/prod" }
}

mock_data "aws_iam_policy_document" {
  defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
}
