package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "Output from an API Gateway Lambda authorizer" and "IAM JSON policy evaluation logic". */
class AuthorizerAnswerTest {

    private static final String ARN = "arn:aws:execute-api:eu-central-1:000000000000:abcdef1234/dev/$connect";

    private static final String ALLOW = "{'Effect':'Allow','Action':'execute-api:Invoke','Resource':'" + ARN + "'}";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '#',
            value = {
                "[{'Effect':'Allow','Action':'execute-api:Invoke','Resource':'*'}]; true",
                "{'Effect':'Allow','Action':'execute-api:*','Resource':['x','arn:aws:execute-api:*:*:*/dev/*']}; true",
                "[{'Effect':'Allow','Action':['execute-api:Invoke'],'Resource':'arn:aws:execute-api:*/prod/*'}]; false",
                "[{'Effect':'Allow','Action':'s3:*','Resource':'*'}]; false",
                "[]; false",
                "[{'Effect':'Allow','Action':'*','Resource':'*'},"
                        + "{'Effect':'Deny','Action':'execute-api:Invoke','Resource':'*/$connect'}]; false",
            })
    void evaluatesThePolicyWithDenyFirst(String statements, boolean allowed) {
        assertThat(parse("{'principalId':'p','policyDocument':{'Statement':" + statements + "}}")
                        .allowed())
                .isEqualTo(allowed);
    }

    @Test
    void turnsTheContextToStringsAndAddsThePrincipal() {
        AuthorizerAnswer answer = parse("{'principalId':'user-1','policyDocument':{'Statement':[" + ALLOW + "]},"
                + "'context':{'kind':'user','level':3,'ok':true,'none':null},'usageIdentifierKey':'key-1'}");

        assertThat(answer.context())
                .containsOnly(
                        java.util.Map.entry("kind", "user"),
                        java.util.Map.entry("level", "3"),
                        java.util.Map.entry("ok", "true"),
                        java.util.Map.entry("principalId", "user-1"));
        assertThat(answer.usageIdentifierKey()).isEqualTo("key-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '#',
            value = {
                "no json; is not JSON",
                "{'policyDocument':{'Statement':[]}}; principalId is missing",
                "{'principalId':'p'}; Statement is missing",
                "{'principalId':'p','policyDocument':{'Statement':[]},'context':{'a':[1]}}; context.a is not a string",
                "{'principalId':'p','policyDocument':{'Statement':[{'Condition':{'Bool':{}}}]}}; not supported here",
            })
    void refusesAMalformedAnswer(String json, String cause) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(cause);
    }

    @Test
    void refusesAnAnswerOverTheQuota() {
        assertThatThrownBy(() -> parse("{'principalId':'" + "p".repeat(8192) + "'}"))
                .hasMessageContaining("at most 8192 are allowed");
    }

    private static AuthorizerAnswer parse(String json) {
        return AuthorizerAnswer.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), ARN);
    }
}
