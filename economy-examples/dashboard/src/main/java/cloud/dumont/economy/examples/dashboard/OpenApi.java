package cloud.dumont.economy.examples.dashboard;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The API's description (OpenAPI 3.1), made of the very routes and records that answer: there is nothing to keep in step. */
final class OpenApi {

    private static final Map<String, Object> NOTHING = Map.of();

    private final Map<String, Object> schemas = new TreeMap<>();

    private OpenApi() {}

    static Content content(List<Route> routes) {
        return new JsonContent(new OpenApi().document(routes));
    }

    private Map<String, Object> document(List<Route> routes) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            Map<String, Object> methods = new LinkedHashMap<>();
            methods.put(route.method().equals("GET") ? "get" : "post", operation(route));
            paths.put(Api.PREFIX + route.path(), methods);
        }
        paths.put(Api.STREAM, Map.of("get", stream()));
        schemas.put("Problem", problem());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        "economy",
                        "version",
                        "1",
                        "description",
                        "What an account's GPU instances save it. Amounts are USD, exact to nine decimals; times are ISO-8601 UTC;"
                                + " what is not known is null, never 0."));
        document.put("servers", List.of(Map.of("url", ".")));
        document.put("security", List.of(Map.of("token", List.of())));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        schemas,
                        "securitySchemes",
                        Map.of("token", Map.of("type", "http", "scheme", "bearer"))));
        return document;
    }

    private Map<String, Object> operation(Route route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("summary", route.summary());
        operation.put("operationId", operationId(route));
        List<Object> parameters = new ArrayList<>();
        if (route.hasId()) {
            parameters.add(parameter("path", "id", "The instance's id.", Map.of("type", "string"), true));
        }
        for (Parameter parameter : route.parameters()) {
            parameters.add(parameter("query", parameter.name(), parameter.meaning(), parameter.schema(), false));
        }
        operation.put("parameters", parameters);
        if (route.method().equals("POST")) {
            operation.put("requestBody", workload());
        }
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("application/json", Map.of("schema", answer(route)));
        if (route.parameters().contains(ApiRequest.FORMAT)) {
            content.put("text/csv", Map.of("schema", Map.of("type", "string")));
        }
        operation.put("responses", responses(Map.of("description", "The answer.", "content", content)));
        return operation;
    }

    private static String operationId(Route route) {
        return route.path().substring(1).replaceAll("[^a-z]+", "_").replaceAll("_$", "");
    }

    private Map<String, Object> stream() {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put(
                "summary",
                "Server-sent events: the answer of /savings as a snapshot, then as a change at each tick. Ask for"
                        + " /savings/realtime with since for the instances that changed.");
        operation.put("operationId", "stream");
        operation.put(
                "parameters",
                Parameter.BASELINE.stream()
                        .map(each -> parameter("query", each.name(), each.meaning(), each.schema(), false))
                        .toList());
        operation.put(
                "responses",
                responses(Map.of(
                        "description",
                        "Events without end.",
                        "content",
                        Map.of("text/event-stream", Map.of("schema", Map.of("type", "string"))))));
        return operation;
    }

    /** Of the one route that answers in two shapes, both. */
    private Map<String, Object> answer(Route route) {
        return route.answer() == CompareView.class
                ? Map.of("oneOf", List.of(schema(CompareView.class), schema(FleetCompareView.class)))
                : schema(route.answer());
    }

    private static Map<String, Object> parameter(
            String in, String name, String meaning, Map<String, Object> schema, boolean required) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        parameter.put("description", meaning);
        parameter.put("schema", schema);
        return parameter;
    }

    private static Map<String, Object> responses(Map<String, Object> good) {
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put("200", good);
        Map.of(
                        "400", "A parameter, the body or the host is not allowed; the message says what is.",
                        "401", "The token is missing or not known.",
                        "404", "There is no such thing.",
                        "405", "The method is not allowed.",
                        "429", "The account asks too much; Retry-After says when to ask again.",
                        "503", "The figures cannot be read right now; Retry-After says when to ask again.")
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(problem -> responses.put(
                        problem.getKey(),
                        Map.of(
                                "description",
                                problem.getValue(),
                                "content",
                                Map.of(
                                        "application/json",
                                        Map.of("schema", Map.of("$ref", "#/components/schemas/Problem"))))));
        return responses;
    }

    private static Map<String, Object> problem() {
        return object(Map.of(
                "success",
                Map.of("type", "boolean"),
                "error",
                object(Map.of("code", Map.of("type", "string"), "message", Map.of("type", "string")))));
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("required", properties.keySet().stream().sorted().toList());
        schema.put("properties", new TreeMap<>(properties));
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> workload() {
        Map<String, Object> number = Map.of("type", "number", "minimum", 0);
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("type", "object");
        item.put("required", List.of("gpu", "hours"));
        item.put(
                "properties",
                new TreeMap<>(Map.of(
                        "gpu", Map.of("type", "string"),
                        "count", number,
                        "hours", number,
                        "instances", Map.of("type", "integer", "minimum", 1),
                        "usd_per_hour", number,
                        "vcpus", number,
                        "memory_gib", number)));
        item.put("additionalProperties", false);
        Map<String, Object> json = object(Map.of("workload", Map.of("type", "array", "minItems", 1, "items", item)));
        return Map.of(
                "required",
                true,
                "content",
                Map.of(
                        "application/json",
                        Map.of("schema", json),
                        "text/csv",
                        Map.of("schema", Map.of("type", "string", "description", "A usage file."))));
    }

    /** A reference to the schema of a record, which is made the first time. */
    private Map<String, Object> schema(Class<?> type) {
        String name = type.getSimpleName();
        if (type.getEnclosingClass() != null) {
            name = type.getEnclosingClass().getSimpleName() + "." + name;
        }
        if (!schemas.containsKey(name)) {
            schemas.put(name, NOTHING);
            Map<String, Object> properties = new LinkedHashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                properties.put(JsonContent.name(component.getName()), schema(component));
            }
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("required", List.copyOf(properties.keySet()));
            schema.put("properties", properties);
            schema.put("additionalProperties", false);
            schemas.put(name, schema);
        }
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    private Map<String, Object> schema(RecordComponent component) {
        Map<String, Object> schema = schema(component.getGenericType());
        boolean nullable = isNullable(component)
                || isNullable(component.getAnnotatedType())
                || isNullable(component.getAccessor());
        return nullable ? Map.of("anyOf", List.of(schema, Map.of("type", "null"))) : schema;
    }

    private static boolean isNullable(AnnotatedElement element) {
        return element.isAnnotationPresent(Nullable.class);
    }

    private Map<String, Object> schema(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            return generic.getRawType() == List.class
                    ? Map.of("type", "array", "items", schema(last))
                    : Map.of("type", "object", "additionalProperties", schema(last));
        }
        if (type == String.class) {
            return Map.of("type", "string");
        }
        if (type == BigDecimal.class) {
            return Map.of("type", "number");
        }
        if (type == boolean.class) {
            return Map.of("type", "boolean");
        }
        if (type == int.class || type == long.class || type == Integer.class) {
            return Map.of("type", "integer");
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            return schema(record);
        }
        throw new IllegalStateException("no schema is known for " + type);
    }
}
