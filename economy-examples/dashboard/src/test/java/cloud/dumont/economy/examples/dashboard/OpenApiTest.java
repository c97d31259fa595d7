package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.DEMO;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The description against the live host: every answer is of the described shape, and so is every refusal. */
class OpenApiTest {

    private final SiteFixture site = SiteFixture.withFleet();
    private final JsonNode description = SiteFixture.parse(
            site.send(HttpRequest.newBuilder(site.at("/openapi.json")).build()));

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void everyAnswerIsOfTheDescribedShape() {
        int checked = 0;
        for (String token : List.of(ACME, DEMO, SiteFixture.NOTHING)) {
            String instance = token.equals(DEMO) ? "demo-inference-l4" : token.equals(ACME) ? "i-t4" : "none";
            for (String variant :
                    List.of("", "?provider=gcp", "?gpu=T4", "?figure=projection", "?since=2026-08-03T11:00:00Z")) {
                for (JsonNodePath path : paths()) {
                    HttpResponse<String> response =
                            ask(token, path.method(), path.path().replace("{id}", instance) + variant);
                    String status = String.valueOf(response.statusCode());
                    JsonNode schema = path.operation().at("/responses/" + status + "/content/application~1json/schema");
                    assertThat(schema.isMissingNode()).as(path + " " + status).isFalse();
                    List<String> wrong = new ArrayList<>();
                    check(SiteFixture.parse(response), schema, "$", wrong);
                    assertThat(wrong)
                            .as(path.path() + variant + " for " + token)
                            .isEmpty();
                    checked++;
                }
            }
        }
        assertThat(checked).isEqualTo(3 * 5 * 11);
    }

    private record JsonNodePath(String method, String path, JsonNode operation) {}

    /** All but the stream, which does not end. */
    private List<JsonNodePath> paths() {
        List<JsonNodePath> paths = new ArrayList<>();
        description
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (!path.getKey().endsWith("/stream")) {
                        paths.add(new JsonNodePath(method.getKey(), path.getKey(), method.getValue()));
                    }
                }));
        return paths;
    }

    private HttpResponse<String> ask(String token, String method, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(site.at(path)).header("Authorization", "Bearer " + token);
        return site.send((method.equals("post")
                        ? request.header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"workload\":[{\"gpu\":\"T4\",\"hours\":3}]}"))
                        : request)
                .build());
    }

    /** As much of JSON Schema as the description uses. */
    private void check(JsonNode value, JsonNode schema, String where, List<String> wrong) {
        if (schema.has("$ref")) {
            check(value, description.at(schema.get("$ref").asText().substring(1)), where, wrong);
            return;
        }
        for (String any : List.of("anyOf", "oneOf")) {
            if (schema.has(any)) {
                long fitting = 0;
                List<String> reasons = new ArrayList<>();
                for (JsonNode choice : schema.get(any)) {
                    List<String> here = new ArrayList<>();
                    check(value, choice, where, here);
                    fitting += here.isEmpty() ? 1 : 0;
                    reasons.addAll(here);
                }
                if (fitting == 0) {
                    wrong.addAll(reasons);
                }
                return;
            }
        }
        boolean fits = switch (schema.get("type").asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> false;
        };
        if (!fits) {
            wrong.add(where + " is " + value + ", not " + schema);
            return;
        }
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                wrong.add(where + " lacks " + name.asText());
            }
        });
        if (value.isArray()) {
            value.forEach(item -> check(item, schema.get("items"), where + "[]", wrong));
        }
        value.properties().forEach(field -> {
            JsonNode known = schema.path("properties").path(field.getKey());
            JsonNode others = schema.path("additionalProperties");
            if (!known.isMissingNode()) {
                check(field.getValue(), known, where + "." + field.getKey(), wrong);
            } else if (others.isObject()) {
                check(field.getValue(), others, where + "." + field.getKey(), wrong);
            } else {
                wrong.add(where + "." + field.getKey() + " is not described");
            }
        });
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryParameterIsNamedOnce() {
        assertThat(description.get("openapi").asText()).isEqualTo("3.1.0");
        description
                .findValuesAsText("$ref")
                .forEach(reference -> assertThat(
                                description.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue());
        for (JsonNodePath path : paths()) {
            List<String> names = path.operation().get("parameters").findValuesAsText("name");
            assertThat(names).as(path.path()).doesNotHaveDuplicates();
            assertThat(path.operation().get("operationId").asText()).matches("[a-z_]+[a-z]");
        }
        assertThat(paths().stream()
                        .map(path -> path.operation().get("operationId").asText()))
                .doesNotHaveDuplicates();
    }
}
