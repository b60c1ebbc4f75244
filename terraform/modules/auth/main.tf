resource "aws_cognito_user_pool" "this" {
  name                = var.name
  deletion_protection = var.deletion_protection ? "ACTIVE" : "INACTIVE"

  admin_create_user_config {
    allow_admin_create_user_only = !var.self_registration
  }

  auto_verified_attributes = var.self_registration ? ["email"] : []

  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = false
    temporary_password_validity_days = 7
  }
}

# No secret: games and shells cannot keep one.
resource "aws_cognito_user_pool_client" "this" {
  name                          = "${var.name}-game"
  user_pool_id                  = aws_cognito_user_pool.this.id
  generate_secret               = false
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  explicit_auth_flows           = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
  access_token_validity         = 60
  id_token_validity             = 60
  refresh_token_validity        = 30

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}

resource "aws_cognito_user_pool_domain" "this" {
  domain       = var.domain
  user_pool_id = aws_cognito_user_pool.this.id
}

resource "aws_cognito_user_group" "this" {
  for_each = {
    players    = "Who talks."
    moderators = "Who moderates, in the game's own view: rights in a room come with its ticket."
  }

  name         = each.key
  description  = each.value
  user_pool_id = aws_cognito_user_pool.this.id
}

resource "aws_ssm_parameter" "this" {
  for_each = {
    user-pool-id        = aws_cognito_user_pool.this.id
    user-pool-client-id = aws_cognito_user_pool_client.this.id
  }

  name  = "${var.parameter_prefix}/cognito/${each.key}"
  type  = "String"
  value = each.value
}
