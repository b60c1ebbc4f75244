package io.parley.local.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.contract.Endpoint;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;
import software.amazon.awssdk.services.ssm.model.SsmException;

/** What Parameter Store does; the API reference of AWS Systems Manager. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SsmContractTest {

    Endpoint endpoint;
    SsmClient ssm;
    String path;

    abstract Endpoint open();

    @BeforeAll
    void connect() {
        endpoint = open();
        ssm = endpoint.client(SsmClient.builder().httpClient(UrlConnectionHttpClient.create()));
    }

    @AfterAll
    void disconnect() {
        if (endpoint != null) {
            ssm.close();
            endpoint.close();
        }
    }

    @BeforeEach
    void choosePath() {
        path = "/parley/" + UUID.randomUUID();
    }

    void put(String name, ParameterType type, String value) {
        ssm.putParameter(put -> put.name(name).type(type).value(value));
    }

    Parameter get(String name) {
        return ssm.getParameter(get -> get.name(name).withDecryption(true)).parameter();
    }

    @Test
    void givesBackWhatWasPut() {
        put(path + "/text", ParameterType.STRING, "value");
        put(path + "/list", ParameterType.STRING_LIST, "a,b");

        Parameter text = get(path + "/text");
        assertThat(text.name()).isEqualTo(path + "/text");
        assertThat(text.type()).isEqualTo(ParameterType.STRING);
        assertThat(text.value()).isEqualTo("value");
        assertThat(text.version()).isEqualTo(1);
        assertThat(text.dataType()).isEqualTo("text");
        assertThat(text.arn()).endsWith(":parameter" + path + "/text");
        assertThat(text.lastModifiedDate()).isNotNull();
        assertThat(get(path + "/list").type()).isEqualTo(ParameterType.STRING_LIST);
        assertThat(get(path + "/list").value()).isEqualTo("a,b");
    }

    @Test
    void knowsNoParameterThatIsNotThere() {
        assertThatThrownBy(() -> get(path + "/absent")).isInstanceOf(ParameterNotFoundException.class);
        assertThatThrownBy(() -> ssm.deleteParameter(delete -> delete.name(path + "/absent")))
                .isInstanceOf(ParameterNotFoundException.class);
    }

    @Test
    void overwritesOnlyWhenAskedAndCountsVersions() {
        put(path + "/p", ParameterType.STRING, "one");

        assertThatThrownBy(() -> put(path + "/p", ParameterType.STRING, "two"))
                .isInstanceOf(ParameterAlreadyExistsException.class);
        assertThat(ssm.putParameter(put -> put.name(path + "/p").value("two").overwrite(true))
                        .version())
                .isEqualTo(2);

        assertThat(get(path + "/p").value()).isEqualTo("two");
        assertThat(get(path + "/p").type()).isEqualTo(ParameterType.STRING);
        assertThat(get(path + "/p:1").value()).isEqualTo("one");
        assertThat(get(path + "/p:2").value()).isEqualTo("two");
        assertThatThrownBy(() -> get(path + "/p:3")).isInstanceOf(ParameterVersionNotFoundException.class);
    }

    @Test
    void tellsASecureStringOnlyToThoseWhoAskForDecryption() {
        put(path + "/secret", ParameterType.SECURE_STRING, "hush");

        assertThat(get(path + "/secret").value()).isEqualTo("hush");
        assertThat(get(path + "/secret").type()).isEqualTo(ParameterType.SECURE_STRING);
        assertThat(ssm.getParameter(get -> get.name(path + "/secret"))
                        .parameter()
                        .value())
                .isNotEqualTo("hush");
    }

    @Test
    void getsSeveralAndNamesThoseThatAreNotThere() {
        put(path + "/one", ParameterType.STRING, "1");
        put(path + "/two", ParameterType.STRING, "2");

        GetParametersResponse response =
                ssm.getParameters(get -> get.names(path + "/one", path + "/absent", path + "/two"));

        assertThat(response.parameters()).extracting(Parameter::value).containsExactlyInAnyOrder("1", "2");
        assertThat(response.invalidParameters()).containsExactly(path + "/absent");
    }

    @Test
    void getsWhatIsRightUnderAPathOrAllBelowIt() {
        put(path + "/a", ParameterType.STRING, "1");
        put(path + "/b/c", ParameterType.STRING, "2");
        put(path + "x", ParameterType.STRING, "beside");

        assertThat(ssm.getParametersByPath(get -> get.path(path)).parameters())
                .extracting(Parameter::name)
                .containsExactly(path + "/a");
        assertThat(ssm.getParametersByPath(get -> get.path(path).recursive(true))
                        .parameters())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrder(path + "/a", path + "/b/c");
    }

    @Test
    void pagesThroughAPath() {
        List<String> names =
                IntStream.range(0, 7).mapToObj(i -> path + "/p" + i).toList();
        names.forEach(name -> put(name, ParameterType.STRING, "value"));

        assertThat(ssm.getParametersByPath(get -> get.path(path).maxResults(3)).parameters())
                .hasSize(3);
        assertThat(ssm.getParametersByPathPaginator(get -> get.path(path).maxResults(3)).stream()
                        .flatMap(page -> page.parameters().stream()))
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void forgetsADeletedParameterAndItsVersions() {
        put(path + "/p", ParameterType.STRING, "one");

        ssm.deleteParameter(delete -> delete.name(path + "/p"));

        assertThatThrownBy(() -> get(path + "/p")).isInstanceOf(ParameterNotFoundException.class);
        put(path + "/p", ParameterType.STRING, "new");
        assertThat(get(path + "/p").version()).isEqualTo(1);
    }

    static void assertValidation(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        SsmException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
    }

    @Test
    void refusesReservedNames() {
        assertValidation(() -> put("aws-name", ParameterType.STRING, "value"));
    }
}
