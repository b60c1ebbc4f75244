package io.parley.local.gateway;

import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;

/**
 * The management API at the edge port, where the SDK's callback URL is {@code http://127.0.0.1:{edge port}/{stage}}.
 *
 * <p>Who may call is settled there: calls are found by their SigV4 credential scope, so unsigned ones do not come here.
 */
public final class ConnectionsService implements EdgeService {

    private final WebSocketGateway gateway;

    public ConnectionsService(WebSocketGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public String signingName() {
        return "execute-api";
    }

    @Override
    public void handle(EdgeRequest request) {
        gateway.managementApi().handle(request.http(), request.body(), request.requestId());
    }
}
