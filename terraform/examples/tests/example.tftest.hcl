# Each example is planned: test.sh names its variables.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  artifacts_dir = "./tests/artifacts"
}

run "the_example_is_a_deployment" {
  command = plan

  assert {
    condition     = output.audio_bucket == "parley-${var.stage}-audio-111122223333"
    error_message = "the bucket has another name"
  }
}
