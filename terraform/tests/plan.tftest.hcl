mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region        = "eu-central-1"
  artifacts_dir = "./tests/artifacts"
  ticket_jwks   = "https://game.example/jwks.json"
}

run "the_defaults_make_a_deployment" {
  assert {
    condition     = output.websocket_url == "wss://mockapi.execute-api.eu-central-1.amazonaws.com/prod"
    error_message = "websocket_url is not the stage's"
  }

  assert {
    condition     = module.websocket_api.callback_url == "https://mockapi.execute-api.eu-central-1.amazonaws.com/prod"
    error_message = "callback_url is not the stage's https address"
  }

  assert {
    condition     = length(output.log_groups) == 10
    error_message = "a log group is missing among the outputs"
  }

  assert {
    condition     = output.login_command == "./parley login --user NAME --client-id ${output.user_pool_client_id} --region eu-central-1"
    error_message = "login_command does not name the client and region"
  }
}
