package io.parley.local.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Parameters of Systems Manager Parameter Store, in memory: PutParameter, GetParameter, GetParameters,
 * GetParametersByPath and DeleteParameter; anything else, labels, policies and filters included, is refused with a
 * ValidationException that names it.
 *
 * <p>A SecureString is <b>not encrypted</b>: it lies in this process's memory like any other, and is only concealed from
 * those who ask without WithDecryption. Thread-safe.
 */
public final class SsmService implements EdgeService {

    /** The page "Creating Parameter Store parameters": what a name consists of, and how deep it may be. */
    private static final Pattern NAME = Pattern.compile("/?[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+)*");

    private static final int MAX_LEVELS = 15;
    private static final int MAX_STANDARD = 4096;
    private static final int MAX_ADVANCED = 8192;
    private static final int MAX_VERSIONS = 100;
    private static final int MAX_PAGE = 10;

    private final Clock clock;
    private final String region;
    private final NavigableMap<String, NavigableMap<Long, Parameter>> parameters = new TreeMap<>();

    public SsmService(Clock clock) {
        this(clock, "eu-central-1");
    }

    /** @param region of the ARNs that it makes up */
    public SsmService(Clock clock, String region) {
        this.clock = clock;
        this.region = region;
    }

    @Override
    public String signingName() {
        return "ssm";
    }

    /** Stores a String parameter at start-up, as a new version if there is one. */
    public synchronized void put(String name, String value) {
        store(name, "String", value, "text");
    }

    @Override
    public synchronized void handle(EdgeRequest request) {
        JsonNode in = request.tree();
        switch (request.operation()) {
            case "PutParameter":
                request.reply(put(in));
                break;
            case "GetParameter":
                request.reply(get(in));
                break;
            case "GetParameters":
                request.reply(getSeveral(in));
                break;
            case "GetParametersByPath":
                request.reply(getByPath(in));
                break;
            case "DeleteParameter":
                request.reply(delete(in));
                break;
            default:
                throw unsupported("Operation " + request.operation());
        }
    }

    private ObjectNode put(JsonNode in) {
        // KeyId and Tags are taken and without effect.
        requireKnown(
                in, Set.of("Name", "Value", "Type", "Overwrite", "Description", "Tier", "DataType", "KeyId", "Tags"));
        String name = text(in, "Name");
        String value = text(in, "Value");
        requireName(name);
        String tier = in.path("Tier").asText("Standard");
        int max = tier.equals("Advanced") ? MAX_ADVANCED : MAX_STANDARD;
        if (value.isEmpty() || value.length() > max) {
            throw AwsException.validation(
                    "a value of 1 to " + max + " characters is wanted in tier " + tier + ", not " + value.length());
        }
        boolean exists = parameters.containsKey(name);
        boolean overwrite = in.path("Overwrite").asBoolean();
        if (exists && !overwrite) {
            throw new AwsException(
                    400,
                    "ParameterAlreadyExists",
                    "The parameter already exists. To overwrite this value, set the overwrite option in the request"
                            + " to true.");
        }
        if (exists && in.hasNonNull("Tags")) {
            throw AwsException.validation("Invalid request: tags and overwrite can't be used together.");
        }
        String type = in.hasNonNull("Type") ? in.get("Type").asText() : null;
        if (type == null && !exists) {
            throw AwsException.validation("A parameter type is required when you create a parameter.");
        }
        if (type != null && !Set.of("String", "StringList", "SecureString").contains(type)) {
            throw AwsException.validation(
                    "1 validation error detected: Value '" + type + "' at 'type' failed to satisfy"
                            + " constraint: Member must satisfy enum value set: [SecureString, StringList, String]");
        }
        String dataType = in.path("DataType").asText("text");
        if (!dataType.equals("text")) {
            throw unsupported("DataType " + dataType);
        }
        Parameter stored = store(name, type, value, dataType);
        return EdgeRequest.object().put("Version", stored.version()).put("Tier", tier);
    }

    /** @param type null keeps the type that it has */
    private Parameter store(String name, String type, String value, String dataType) {
        NavigableMap<Long, Parameter> versions = parameters.computeIfAbsent(name, key -> new TreeMap<>());
        Parameter latest = versions.isEmpty() ? null : versions.lastEntry().getValue();
        Parameter parameter = new Parameter(
                name,
                type == null ? latest.type() : type,
                value,
                dataType,
                latest == null ? 1 : latest.version() + 1,
                clock.instant());
        versions.put(parameter.version(), parameter);
        if (versions.size() > MAX_VERSIONS) {
            versions.pollFirstEntry();
        }
        return parameter;
    }

    private ObjectNode get(JsonNode in) {
        requireKnown(in, Set.of("Name", "WithDecryption"));
        String asked = text(in, "Name");
        ObjectNode found = find(asked, in.path("WithDecryption").asBoolean());
        if (found == null) {
            throw notFound(asked);
        }
        return EdgeRequest.object().set("Parameter", found);
    }

    private ObjectNode getSeveral(JsonNode in) {
        requireKnown(in, Set.of("Names", "WithDecryption"));
        JsonNode names = in.path("Names");
        if (names.isEmpty() || names.size() > MAX_PAGE) {
            throw AwsException.validation("1 validation error detected: Value at 'names' failed to satisfy constraint:"
                    + " Member must have length between 1 and " + MAX_PAGE + ", not " + names.size());
        }
        ObjectNode out = EdgeRequest.object();
        ArrayNode valid = out.putArray("Parameters");
        ArrayNode invalid = out.putArray("InvalidParameters");
        for (JsonNode name : names) {
            ObjectNode found = find(name.asText(), in.path("WithDecryption").asBoolean());
            if (found == null) {
                invalid.add(name.asText());
            } else {
                valid.add(found);
            }
        }
        return out;
    }

    private ObjectNode getByPath(JsonNode in) {
        requireKnown(in, Set.of("Path", "Recursive", "WithDecryption", "MaxResults", "NextToken"));
        String path = text(in, "Path");
        if (!path.startsWith("/")) {
            throw AwsException.validation("The parameter doesn't meet the parameter name requirements. The parameter"
                    + " path must begin with a forward slash \"/\".");
        }
        String prefix = path.endsWith("/") ? path : path + "/";
        int max = in.hasNonNull("MaxResults") ? in.get("MaxResults").asInt() : MAX_PAGE;
        if (max < 1 || max > MAX_PAGE) {
            throw AwsException.validation("1 validation error detected: Value '" + max + "' at 'maxResults' failed to"
                    + " satisfy constraint: Member must have value between 1 and " + MAX_PAGE);
        }
        // The token is the last name answered: what comes or goes between two pages disturbs no other name.
        String after = in.path("NextToken").asText("");
        List<String> names = parameters.navigableKeySet().stream()
                .filter(name -> name.startsWith(prefix) && name.compareTo(after) > 0)
                .filter(name -> in.path("Recursive").asBoolean() || name.indexOf('/', prefix.length()) < 0)
                .toList();
        ObjectNode out = EdgeRequest.object();
        ArrayNode page = out.putArray("Parameters");
        for (String name : names.subList(0, Math.min(max, names.size()))) {
            page.add(find(name, in.path("WithDecryption").asBoolean()));
        }
        if (names.size() > max) {
            out.put("NextToken", names.get(max - 1));
        }
        return out;
    }

    private ObjectNode delete(JsonNode in) {
        requireKnown(in, Set.of("Name"));
        if (parameters.remove(text(in, "Name")) == null) {
            throw notFound(text(in, "Name"));
        }
        return EdgeRequest.object();
    }

    /** @param asked a name, or {@code name:version}; null is answered if there is no such parameter */
    private ObjectNode find(String asked, boolean decrypt) {
        int colon = asked.lastIndexOf(':');
        String name = colon < 0 ? asked : asked.substring(0, colon);
        String selector = colon < 0 ? "" : asked.substring(colon);
        NavigableMap<Long, Parameter> versions = parameters.getOrDefault(name, Collections.emptyNavigableMap());
        if (versions.isEmpty()) {
            return null;
        }
        Parameter parameter = versions.lastEntry().getValue();
        if (!selector.isEmpty()) {
            if (!selector.matches(":\\d{1,18}")) {
                throw unsupported("Label " + selector);
            }
            parameter = versions.get(Long.parseLong(selector.substring(1)));
            if (parameter == null) {
                throw new AwsException(
                        400,
                        "ParameterVersionNotFound",
                        "Systems Manager could not find version " + selector.substring(1) + " of " + name
                                + ". Verify the version and try again.");
            }
        }
        return parameter.describe(region, selector, decrypt);
    }

    private static void requireName(String name) {
        boolean valid = NAME.matcher(name).matches()
                && name.chars().filter(c -> c == '/').count() <= MAX_LEVELS
                && (name.startsWith("/") || name.indexOf('/') < 0);
        if (!valid) {
            throw AwsException.validation("Parameter name: " + name + " is not valid: a-z, A-Z, 0-9, '.', '-' and '_',"
                    + " in at most " + MAX_LEVELS + " levels of '/'; with a '/' it must be a fully qualified name");
        }
        String first = name.startsWith("/") ? name.substring(1) : name;
        if (first.regionMatches(true, 0, "aws", 0, 3) || first.regionMatches(true, 0, "ssm", 0, 3)) {
            throw AwsException.validation(
                    "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive): " + name);
        }
    }

    private static void requireKnown(JsonNode in, Set<String> known) {
        in.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name) && !in.get(name).isNull()) {
                throw unsupported("Parameter " + name);
            }
        });
    }

    private static String text(JsonNode in, String name) {
        if (!in.hasNonNull(name)) {
            throw AwsException.validation("1 validation error detected: Value null at '"
                    + Character.toLowerCase(name.charAt(0)) + name.substring(1)
                    + "' failed to satisfy constraint: Member must not be null");
        }
        return in.get(name).asText();
    }

    private static AwsException notFound(String name) {
        return new AwsException(400, "ParameterNotFound", "Parameter " + name + " not found.");
    }

    private static AwsException unsupported(String what) {
        return AwsException.validation(what + " is not supported by the local Parameter Store");
    }
}
