data "aws_partition" "current" {}

resource "aws_apigatewayv2_api" "this" {
  name                         = var.name
  protocol_type                = "WEBSOCKET"
  route_selection_expression   = "$request.body.action"
  api_key_selection_expression = "$context.authorizer.usageIdentifierKey"
}

# Without identity sources: a cached answer would let a suspended user in.
resource "aws_apigatewayv2_authorizer" "this" {
  api_id          = aws_apigatewayv2_api.this.id
  name            = "user-token"
  authorizer_type = "REQUEST"
  authorizer_uri  = var.authorizer.invoke_arn
}

resource "aws_lambda_permission" "authorizer" {
  statement_id  = "authorizer"
  action        = "lambda:InvokeFunction"
  function_name = var.authorizer.name
  qualifier     = var.authorizer.alias_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.this.id}"
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = var.functions

  api_id                    = aws_apigatewayv2_api.this.id
  integration_type          = "AWS_PROXY"
  integration_method        = "POST"
  integration_uri           = each.value.invoke_arn
  content_handling_strategy = "CONVERT_TO_TEXT"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = var.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.this[each.value].id}"
  authorization_type = each.key == "$connect" ? "CUSTOM" : "NONE"
  authorizer_id      = each.key == "$connect" ? aws_apigatewayv2_authorizer.this.id : null
  api_key_required   = each.key == "$connect"
}

resource "aws_lambda_permission" "route" {
  for_each = var.routes

  statement_id  = "route-${trimprefix(each.key, "$")}"
  action        = "lambda:InvokeFunction"
  function_name = var.functions[each.value].name
  qualifier     = var.functions[each.value].alias_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/${var.stage}/${each.key}"
}

resource "aws_apigatewayv2_deployment" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  description = "Routes, integrations and authorizer as they are"

  triggers = {
    # What is asked for, and not whole objects: what the provider reads back into them would ask for another deployment.
    content = sha256(jsonencode([
      aws_apigatewayv2_api.this.api_key_selection_expression,
      { for key, route in aws_apigatewayv2_route.this : key => [route.target, route.authorization_type, route.authorizer_id, route.api_key_required] },
      { for key, integration in aws_apigatewayv2_integration.this : key => [integration.integration_uri, integration.integration_type] },
      [aws_apigatewayv2_authorizer.this.authorizer_uri, aws_apigatewayv2_authorizer.this.authorizer_type],
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_stage" "this" {
  api_id        = aws_apigatewayv2_api.this.id
  name          = var.stage
  deployment_id = aws_apigatewayv2_deployment.this.id

  # Metrics of each route are charged, and nothing here needs them.
  default_route_settings {
    data_trace_enabled       = false
    detailed_metrics_enabled = false
    logging_level            = "OFF"
    throttling_rate_limit    = var.throttles.messages.rate
    throttling_burst_limit   = var.throttles.messages.burst
  }

  dynamic "route_settings" {
    for_each = local.route_throttles

    content {
      route_key                = route_settings.key
      data_trace_enabled       = false
      detailed_metrics_enabled = false
      logging_level            = "OFF"
      throttling_rate_limit    = route_settings.value.rate
      throttling_burst_limit   = route_settings.value.burst
    }
  }

  # Only what is listed is logged: no query and no headers, in which tokens and keys come.
  access_log_settings {
    destination_arn = var.access_log_group_arn
    format = jsonencode({
      requestId         = "$context.requestId"
      connectionId      = "$context.connectionId"
      eventType         = "$context.eventType"
      routeKey          = "$context.routeKey"
      status            = "$context.status"
      requestTime       = "$context.requestTime"
      error             = "$context.error.messageString"
      integrationStatus = "$context.integrationStatus"
      integrationError  = "$context.integrationErrorMessage"
      authorizerError   = "$context.authorizer.error"
      principalId       = "$context.authorizer.principalId"
    })
  }

  depends_on = [aws_api_gateway_account.this]
}

locals {
  route_throttles = merge(
    { "$connect" = var.throttles.connects },
    { for route in keys(var.routes) : route => var.throttles.audio if contains(["sendaudio", "audio"], route) },
  )
}

resource "aws_api_gateway_api_key" "this" {
  name        = var.name
  description = "Of the deployment, not of a user"
}

resource "aws_api_gateway_usage_plan" "this" {
  name = var.name

  api_stages {
    api_id = aws_apigatewayv2_api.this.id
    stage  = aws_apigatewayv2_stage.this.name
  }
}

resource "aws_api_gateway_usage_plan_key" "this" {
  key_id        = aws_api_gateway_api_key.this.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.this.id
}

resource "aws_ssm_parameter" "this" {
  for_each = {
    api-id    = aws_apigatewayv2_api.this.id
    stage-url = aws_apigatewayv2_stage.this.invoke_url
  }

  name  = "${var.parameter_prefix}/websocket/${each.key}"
  type  = "String"
  value = each.value
}

resource "aws_ssm_parameter" "api_key" {
  name  = "${var.parameter_prefix}/websocket/api-key"
  type  = "SecureString"
  value = aws_api_gateway_api_key.this.value
}

data "aws_iam_policy_document" "gateway_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

# One for the account and region, whatever APIs there are.
resource "aws_iam_role" "gateway" {
  count = var.manage_account_log_role ? 1 : 0

  name               = "${var.name}-gateway-log"
  assume_role_policy = data.aws_iam_policy_document.gateway_trust.json
}

resource "aws_iam_role_policy_attachment" "gateway" {
  count = var.manage_account_log_role ? 1 : 0

  role       = aws_iam_role.gateway[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "this" {
  count = var.manage_account_log_role ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.gateway[0].arn
  depends_on          = [aws_iam_role_policy_attachment.gateway]
}
