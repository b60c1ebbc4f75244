package io.parley.local.dynamodb.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.dynamodb.DynamoDbFailure;
import io.parley.local.dynamodb.value.Document;
import io.parley.local.dynamodb.value.ValueJson;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionParserTest {

    private static final String NAMES = "{\"#a\": \"a\", \"#n\": \"name\"}";
    private static final String VALUES = "{\":n\": {\"N\": \"1\"}, \":s\": {\"S\": \"x\"}, \":l\": {\"L\": []}, \":t\":"
            + " {\"BOOL\": true}, \":set\": {\"SS\": [\"x\"]}}";

    private static Placeholders placeholders() {
        try {
            ObjectMapper json = new ObjectMapper();
            return new Placeholders(json.readTree(NAMES), json.readTree(VALUES));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Condition condition(String text) {
        return ConditionParser.parse("ConditionExpression", text, placeholders());
    }

    private static Document item(String json) throws JsonProcessingException {
        return ValueJson.readAttributes(new ObjectMapper().readTree(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a = b )                    | token: \")\"     | 7",
                "a = = b                    | token: \"=\"     | 5",
                "a ! b                      | token: \"!\"     | 3",
                "a = :n AND                 | token: \"<EOF>\" | 11",
                "(a = :n                    | token: \"<EOF>\" | 8",
                "a BETWEEN :n :n            | token: \":n\"    | 14",
                "a IN :n                    | token: \":n\"    | 6",
                "a[x] = :n                  | token: \"x\"     | 3",
                "a[-1] = :n                 | token: \"-\"     | 3",
                "a. = :n                    | token: \"=\"     | 4",
                "# = :n                     | token: \"#\"     | 1",
                "a                          | token: \"<EOF>\" | 2",
                "NOT                        | token: \"<EOF>\" | 4",
                "attribute_exists(a         | token: \"<EOF>\" | 19",
                "a = 5                      | token: \"5\"     | 5",
                "a = \"text\"               | token: \"\"\"    | 5",
            })
    void namesTheTokenAndThePlaceOfASyntaxError(String text, String token, int position) {
        assertThatThrownBy(() -> condition(text))
                .isInstanceOfSatisfying(
                        DynamoDbFailure.class, e -> assertThat(e.code()).isEqualTo("ValidationException"))
                .hasMessageStartingWith("Invalid ConditionExpression: Syntax error; " + token)
                .hasMessageEndingWith("at character " + position);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET                      | token: \"<EOF>\" | 4",
                "SET a                    | token: \"<EOF>\" | 6",
                "SET a = :n,              | token: \"<EOF>\" | 12",
                "PUT a = :n               | token: \"PUT\"   | 1",
                "SET a = :n + :n + :n     | token: \"+\"     | 17",
                "ADD a b                  | token: \"b\"     | 7",
                "REMOVE a = :n            | token: \"=\"     | 10",
                "SET a = list_append(a :l | token: \":l\"    | 23",
            })
    void namesTheTokenAndThePlaceOfASyntaxErrorInAnUpdate(String text, String token, int position) {
        assertThatThrownBy(() -> UpdateParser.parse(text, placeholders()))
                .hasMessageStartingWith("Invalid UpdateExpression: Syntax error; " + token)
                .hasMessageEndingWith("at character " + position);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "((a = :n))                    | The expression has redundant parentheses;",
                "a = a                         | The first operand must be distinct from the remaining operands",
                "size(a)                       | not allowed to be used this way in an expression; function: size",
                "a = begins_with(a, :s)        | not allowed to be used this way in an expression; function: begins_with",
                "begins_with(a)                | Incorrect number of operands for operator or function",
                "Begins_With(a, :s)            | Invalid function name; function: Begins_With",
                "begins_with(a, :n)            | operator or function: begins_with, operand type: N",
                "a < :t                        | operator or function: <, operand type: BOOL",
                "a BETWEEN :n AND :s           | same data type for lower and upper bounds",
                "attribute_exists(:s)          | requires a document path; operator or function: attribute_exists",
                "attribute_type(a, :s)         | Invalid attribute type name found; type: x",
                "ttl = :n                      | reserved keyword: ttl",
                "a.Connection = :n             | reserved keyword: Connection",
                "#missing = :n                 | attribute name: #missing",
                "a = :missing                  | attribute value: :missing",
            })
    void refusesWhatParsesAndMakesNoSense(String text, String message) {
        assertThatThrownBy(() -> condition(text))
                .hasMessageStartingWith("Invalid ConditionExpression: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET a = if_not_exists(:n, :n)  | requires a document path; operator or function: if_not_exists",
                "SET a = list_append(a, :n)     | operator or function: list_append, operand type: N",
                "SET a = a + :s                 | operator or function: +, operand type: S",
                "SET a = size(a)                | Invalid function name; function: size",
                "ADD a :s                       | operator: ADD, operand type: STRING",
                "DELETE a :n                    | operator: DELETE, operand type: NUMBER",
                "SET a.b = :n REMOVE a          | Two document paths overlap with each other",
                "SET a[0] = :n, a.b = :n        | Two document paths conflict with each other",
            })
    void refusesUpdatesThatParseAndMakeNoSense(String text, String message) {
        assertThatThrownBy(() -> UpdateParser.parse(text, placeholders()))
                .hasMessageStartingWith("Invalid UpdateExpression: ")
                .hasMessageContaining(message);
    }

    @Test
    void bindsNotMoreTightlyThanAndAndAndMoreTightlyThanOr() throws Exception {
        Document item = item("{\"a\": {\"N\": \"1\"}}");

        assertThat(condition("a = :n OR a = :n AND a = :s").holds(item)).isTrue();
        assertThat(condition("(a = :n OR a = :n) AND a = :s").holds(item)).isFalse();
        assertThat(condition("NOT a = :s AND a = :s").holds(item)).isFalse();
        assertThat(condition("NOT (a = :s AND a = :s)").holds(item)).isTrue();
        assertThat(condition("not a = :s oR a = :s").holds(item)).isTrue();
    }

    @Test
    void movesProjectedListElementsUp() throws Exception {
        Document item = item(
                "{\"l\": {\"L\": [{\"N\": \"0\"}, {\"N\": \"1\"}, {\"N\": \"2\"}]}, \"m\": {\"M\": {\"x\": {\"S\": \"X\"}}}}");

        assertThat(Projection.parse("l[2], l[1], m.y, l[9]", placeholders()).apply(item))
                .isEqualTo(item("{\"l\": {\"L\": [{\"N\": \"1\"}, {\"N\": \"2\"}]}}"));
    }

    /** Whatever is thrown at the parsers, they parse it or refuse it as a ValidationException. */
    @Test
    void answersAnyRowOfTokensWithAParseOrAValidationException() {
        List<String> words = List.of(
                "a",
                "#a",
                "#n",
                "b.c",
                "l[0]",
                ":n",
                ":s",
                ":l",
                ":set",
                "=",
                "<>",
                "<",
                ">=",
                "(",
                ")",
                ",",
                ".",
                "[",
                "]",
                "0",
                "+",
                "-",
                "AND",
                "OR",
                "NOT",
                "IN",
                "BETWEEN",
                "SET",
                "REMOVE",
                "ADD",
                "DELETE",
                "size",
                "attribute_exists",
                "begins_with",
                "contains",
                "if_not_exists",
                "list_append",
                "name",
                "\u00e9",
                "!");
        long seed = 20261123;
        Random random = new Random(seed);
        int parsed = 0;
        for (int i = 0; i < 10_000; i++) {
            String text = IntStream.range(0, 1 + random.nextInt(9))
                    .mapToObj(n -> words.get(random.nextInt(words.size())))
                    .collect(Collectors.joining(random.nextBoolean() ? " " : ""));
            parsed += parses("condition, seed " + seed, text, () -> condition(text));
            parsed += parses("update, seed " + seed, text, () -> UpdateParser.parse(text, placeholders()));
            parsed += parses("projection, seed " + seed, text, () -> Projection.parse(text, placeholders()));
            parsed += parses(
                    "key condition, seed " + seed, text, () -> KeyCondition.parse(text, placeholders(), "a", "b"));
        }
        assertThat(parsed).isGreaterThan(200);
    }

    private static int parses(String what, String text, Runnable parser) {
        Throwable thrown = catchThrowable(parser::run);
        if (thrown == null) {
            return 1;
        }
        assertThat(thrown)
                .as("%s: %s", what, text)
                .isInstanceOfSatisfying(
                        DynamoDbFailure.class, e -> assertThat(e.code()).isEqualTo("ValidationException"));
        return 0;
    }

    /** Conditions made at random, printed, parsed and evaluated agree with what they were made from. */
    @Test
    void evaluatesRandomConditionsAsTheyWereMeant() throws Exception {
        Document item = item("{\"a\": {\"N\": \"1\"}, \"b\": {\"S\": \"y\"}}");
        Random random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            Meant meant = meant(random, 4);
            assertThat(condition(meant.text()).holds(item))
                    .as("seed 42: %s", meant.text())
                    .isEqualTo(meant.truth());
        }
    }

    private record Meant(String text, boolean truth) {}

    private static Meant meant(Random random, int depth) {
        int choice = random.nextInt(depth == 0 ? 2 : 5);
        if (choice < 2) {
            return choice == 0 ? new Meant("a = :n", true) : new Meant("b = :s", false);
        }
        Meant left = meant(random, depth - 1);
        Meant right = meant(random, depth - 1);
        return switch (choice) {
            case 2 -> new Meant("NOT " + operand(left), !left.truth());
            case 3 -> new Meant(operand(left) + " AND " + operand(right), left.truth() && right.truth());
            default -> new Meant(operand(left) + " OR " + operand(right), left.truth() || right.truth());
        };
    }

    private static String operand(Meant meant) {
        return meant.text().length() > 7 ? "(" + meant.text() + ")" : meant.text();
    }
}
