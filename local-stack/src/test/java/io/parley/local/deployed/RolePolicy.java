package io.parley.local.deployed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.services.iam.IamClient;

/** The one inline policy of a function's role, as it is deployed; it has statements that allow, and no conditions. */
final class RolePolicy {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final IamClient iam;
    private final String role;
    private final String name;
    /** As it is on the emulator: read once, since every post asks it. */
    private volatile ObjectNode document;

    RolePolicy(IamClient iam, String role) throws IOException {
        this.iam = iam;
        this.role = role;
        List<String> names = iam.listRolePolicies(list -> list.roleName(role)).policyNames();
        if (names.size() != 1
                || !iam.listAttachedRolePolicies(list -> list.roleName(role))
                        .attachedPolicies()
                        .isEmpty()) {
            throw new AssertionError(role + " must have one policy, inline; it has " + names + " inline");
        }
        name = names.get(0);
        document = read();
    }

    List<String> statements() {
        return StreamSupport.stream(document.path("Statement").spliterator(), false)
                .map(statement -> statement.path("Sid").asText())
                .toList();
    }

    /** What IAM would answer, for so simple a policy; for the calls that do not go to the emulator. */
    boolean allows(String action, String resource) {
        for (JsonNode statement : document.path("Statement")) {
            if (!statement.path("Effect").asText().equals("Allow") || statement.has("Condition")) {
                throw new AssertionError("not so simple a policy: " + statement);
            }
            if (matches(statement.path("Action"), action) && matches(statement.path("Resource"), resource)) {
                return true;
            }
        }
        return false;
    }

    /** Runs while a statement is taken out of the policy. */
    void without(String sid, Change change) throws Exception {
        ObjectNode deployed = document;
        ObjectNode less = deployed.deepCopy();
        Iterator<JsonNode> statements = ((ArrayNode) less.path("Statement")).elements();
        while (statements.hasNext()) {
            if (statements.next().path("Sid").asText().equals(sid)) {
                statements.remove();
            }
        }
        if (less.equals(deployed)) {
            throw new AssertionError(role + " has no statement " + sid + ": " + deployed);
        }
        write(less);
        try {
            change.run();
        } finally {
            write(deployed);
        }
    }

    interface Change {
        void run() throws Exception;
    }

    private ObjectNode read() throws IOException {
        String encoded =
                iam.getRolePolicy(get -> get.roleName(role).policyName(name)).policyDocument();
        return (ObjectNode) JSON.readTree(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    }

    private void write(ObjectNode changed) {
        iam.putRolePolicy(put -> put.roleName(role).policyName(name).policyDocument(changed.toString()));
        document = changed;
    }

    private static boolean matches(JsonNode patterns, String text) {
        Iterable<JsonNode> all = patterns.isArray() ? patterns : List.of(patterns);
        for (JsonNode pattern : all) {
            if (Pattern.matches(
                    Pattern.quote(pattern.asText()).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"), text)) {
                return true;
            }
        }
        return false;
    }
}
