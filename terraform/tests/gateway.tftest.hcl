mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name       = "parley-test"
  stage      = "test"
  authorizer = { name = "authorizer", alias_name = "live", invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/authorizer/invocations" }
  functions = {
    message = { name = "message", alias_name = "live", invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/message/invocations" }
    audio   = { name = "audio", alias_name = "live", invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/audio/invocations" }
  }
  routes = {
    "$connect"    = "message"
    "$disconnect" = "message"
    "$default"    = "message"
    sendaudio     = "audio"
  }
  throttles = {
    connects = { rate = 1, burst = 2 }
    audio    = { rate = 30, burst = 40 }
    messages = { rate = 5, burst = 6 }
  }
  access_log_group_arn    = "arn:aws:logs:eu-central-1:111122223333:log-group:access"
  parameter_prefix        = "/game-server/test"
  manage_account_log_role = true
}

run "only_who_connects_is_asked_for_key_and_token" {
  module {
    source = "./modules/websocket-api"
  }

  assert {
    condition     = { for route in aws_apigatewayv2_route.this : route.route_key => "${route.authorization_type} ${route.api_key_required}" } == { "$connect" = "CUSTOM true", "$disconnect" = "NONE false", "$default" = "NONE false", sendaudio = "NONE false" }
    error_message = "key and authorizer are not on $connect alone"
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.this.authorizer_type == "REQUEST" && length(coalesce(aws_apigatewayv2_authorizer.this.identity_sources, [])) == 0
    error_message = "the authorizer's answers could be cached"
  }

  assert {
    condition     = aws_apigatewayv2_api.this.api_key_selection_expression == "$context.authorizer.usageIdentifierKey"
    error_message = "the API key is not the one that the authorizer names"
  }
}

run "routes_reach_the_alias_of_their_function" {
  module {
    source = "./modules/websocket-api"
  }

  assert {
    condition     = aws_apigatewayv2_integration.this["audio"].integration_uri == var.functions.audio.invoke_arn && aws_apigatewayv2_route.this["sendaudio"].target == "integrations/${aws_apigatewayv2_integration.this["audio"].id}"
    error_message = "sendaudio does not reach the audio function"
  }

  assert {
    condition     = alltrue([for permission in concat(values(aws_lambda_permission.route), [aws_lambda_permission.authorizer]) : permission.qualifier == "live"])
    error_message = "a permission is not on the alias"
  }

  assert {
    condition     = aws_lambda_permission.route["$connect"].source_arn == "arn:aws:execute-api:eu-central-1:111122223333:mockapi/test/$connect"
    error_message = "more than the route may call"
  }
}

run "throttles_are_by_route" {
  module {
    source = "./modules/websocket-api"
  }

  assert {
    condition     = { for settings in aws_apigatewayv2_stage.this.route_settings : settings.route_key => settings.throttling_rate_limit } == { "$connect" = 1, sendaudio = 30 }
    error_message = "the audio route or $connect has another throttle"
  }

  assert {
    condition     = aws_apigatewayv2_stage.this.default_route_settings[0].throttling_rate_limit == 5
    error_message = "the other routes have another throttle"
  }
}

run "logs_have_neither_tokens_nor_content" {
  module {
    source = "./modules/websocket-api"
  }

  assert {
    condition     = length(setsubtract(flatten(regexall("\\$context\\.([A-Za-z.]+)", aws_apigatewayv2_stage.this.access_log_settings[0].format)), ["requestId", "connectionId", "eventType", "routeKey", "status", "requestTime", "error.messageString", "integrationStatus", "integrationErrorMessage", "authorizer.error", "authorizer.principalId"])) == 0
    error_message = "the access log has more than it should"
  }

  assert {
    condition     = alltrue([for settings in concat([for route in aws_apigatewayv2_stage.this.route_settings : "${route.data_trace_enabled} ${route.logging_level}"], [for default in aws_apigatewayv2_stage.this.default_route_settings : "${default.data_trace_enabled} ${default.logging_level}"]) : settings == "false OFF"])
    error_message = "messages are logged"
  }
}

run "parameters_are_where_the_original_has_them" {
  module {
    source = "./modules/websocket-api"
  }

  assert {
    condition     = toset([for parameter in concat(values(aws_ssm_parameter.this), [aws_ssm_parameter.api_key]) : parameter.name]) == toset(["/game-server/test/websocket/api-id", "/game-server/test/websocket/stage-url", "/game-server/test/websocket/api-key"])
    error_message = "a parameter has another name"
  }

  assert {
    condition     = aws_ssm_parameter.api_key.type == "SecureString"
    error_message = "the API key is readable"
  }
}
