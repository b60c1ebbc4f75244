package io.parley.local.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.core.wire.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/asyncapi.yaml} is an AsyncAPI document, and describes the messages that there are. */
class AsyncApiTest {

    private static final Path GOLDEN = Pages.named("testdata/golden");

    private final DescribedMessages described = new DescribedMessages();

    /** What version 3.0 of the specification requires of the parts that are used. */
    @Test
    void isAnAsyncApiDocument() {
        JsonNode document = described.document();

        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(document.path("info").path("title").asText()).isNotBlank();
        assertThat(document.path("info").path("version").asText()).isNotBlank();
        assertThat(document.fieldNames())
                .toIterable()
                .isSubsetOf(
                        "asyncapi",
                        "id",
                        "info",
                        "servers",
                        "defaultContentType",
                        "channels",
                        "operations",
                        "components");
        assertThat(document.path("servers"))
                .isNotEmpty()
                .allMatch(server -> server.has("host") && server.has("protocol"));
        assertThat(document.path("channels")).isNotEmpty().allMatch(channel -> channel.has("messages"));
        assertThat(document.path("operations")).isNotEmpty().allSatisfy(operation -> {
            assertThat(operation.path("action").asText()).isIn("send", "receive");
            assertThat(operation.path("channel").path("$ref").asText()).startsWith("#/channels/");
        });
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(Schemas.brokenReferences(described.document())).isEmpty();
    }

    @Test
    void everyMessageHasExamplesThatAreValid() {
        for (String name : described.names()) {
            JsonNode examples = described
                    .document()
                    .path("components")
                    .path("messages")
                    .path(name)
                    .path("examples");
            assertThat(examples).as("examples of %s", name).isNotEmpty();
            for (JsonNode example : examples) {
                assertThat(described.problems(name, example.path("payload")))
                        .as("%s", example)
                        .isEmpty();
            }
        }
    }

    @Test
    void everyMessageIsOfTheChannelAndOfAnOperation() {
        JsonNode ofChannel =
                described.document().path("channels").path("connection").path("messages");
        Set<String> ofOperations = new TreeSet<>();
        Schemas.walk("", described.document().path("operations"), (pointer, node) -> {
            if (pointer.contains("/messages/")) {
                ofOperations.add(node.path("$ref").asText().replaceAll(".*/", ""));
            }
        });

        assertThat(ofChannel.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(described.names());
        assertThat(ofOperations).containsExactlyInAnyOrderElementsOf(described.names());
    }

    @Test
    void whatIsNotDescribedIsNoticed() {
        ObjectNode pong = described
                .document()
                .path("components")
                .path("messages")
                .path("pong")
                .path("examples")
                .path(0)
                .path("payload")
                .deepCopy();
        assertThat(described.problemsFromServer(pong)).isEmpty();

        ((ObjectNode) pong.path("data")).put("mood", "good");
        assertThat(described.problemsFromServer(pong))
                .hasSize(1)
                .first()
                .asString()
                .contains("mood");
        assertThat(described.problemsFromServer(
                        new ObjectMapper().createObjectNode().put("action", "sing")))
                .hasSize(1);
    }

    /** The broadcast Lambda's test holds these files to what it writes. */
    @Test
    void theGoldenMessagesAreAsDescribed() throws Exception {
        List<Path> messages = new ArrayList<>();
        try (Stream<Path> files = Files.list(GOLDEN)) {
            files.filter(file -> file.toString().endsWith("-message.json")
                            || file.toString().contains("-message-"))
                    .forEach(messages::add);
        }
        assertThat(messages).hasSizeGreaterThan(5);
        for (Path message : messages) {
            assertThat(described.problemsFromServer(Schemas.json(message)))
                    .as("%s", message.getFileName())
                    .isEmpty();
        }
    }

    @Test
    void everyKindOfEventIsDescribed() {
        Set<String> kinds = new TreeSet<>();
        Schemas.walk("", described.document().at("/components/schemas/event"), (pointer, node) -> {
            if (pointer.endsWith("/kind")) {
                kinds.add(node.path("const").asText(""));
                node.path("enum").forEach(kind -> kinds.add(kind.asText()));
            }
        });
        kinds.remove("");

        assertThat(kinds)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Event.Kind.values())
                        .filter(kind -> kind != Event.Kind.KIND_UNSPECIFIED && kind != Event.Kind.UNRECOGNIZED)
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    /** A reader of protocol.md alone learns of every action, kind and field. */
    @Test
    void theProtocolPageNamesAllOfIt() {
        String page = Pages.read(Pages.named("docs/protocol.md"));
        Set<String> words = new TreeSet<>(described.clientActions());
        words.addAll(described.serverActions());
        Schemas.walk("", described.document().path("components"), (pointer, node) -> {
            if (pointer.endsWith("/properties")) {
                node.fieldNames().forEachRemaining(words::add);
            }
            if (pointer.endsWith("/kind") || pointer.endsWith("/codec") || pointer.endsWith("/reason")) {
                node.path("enum").forEach(word -> words.add(word.asText()));
                words.add(node.path("const").asText("action"));
            }
        });

        assertThat(words.stream().filter(word -> !isCode(page, word)))
                .as("what docs/protocol.md does not name")
                .isEmpty();
    }

    /** Whether the word stands on the page in code: between backticks, or in an example. */
    private static boolean isCode(String page, String word) {
        Matcher code = Pattern.compile("`[^`\n]*\\b" + Pattern.quote(word) + "\\b[^`\n]*`")
                .matcher(page);
        return code.find() || page.contains("\"" + word + "\"");
    }

    @Test
    void theExamplesOfTheProtocolPageAreValid() throws Exception {
        Matcher example = Pattern.compile("(?m)^ *(\\{\"(?:action|message)\".*\\})$")
                .matcher(Pages.read(Pages.named("docs/protocol.md")));
        int examples = 0;
        while (example.find()) {
            JsonNode message = new ObjectMapper().readTree(example.group(1));
            examples++;
            assertThat(described.problemsFromClient(message).isEmpty()
                            || described.problemsFromServer(message).isEmpty())
                    .as(
                            "%s: %s or %s",
                            message, described.problemsFromClient(message), described.problemsFromServer(message))
                    .isTrue();
        }
        assertThat(examples)
                .as("examples of docs/protocol.md")
                .isGreaterThanOrEqualTo(described.names().size());
    }
}
