region      = "eu-central-1"
ticket_jwks = "https://game.example/jwks.json"
