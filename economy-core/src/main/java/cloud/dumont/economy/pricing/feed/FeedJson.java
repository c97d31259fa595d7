package cloud.dumont.economy.pricing.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads JSON that a stranger sent: nested no deeper, with texts and numbers no longer than a price list has. Numbers keep every digit that
 * was sent.
 */
final class FeedJson {

    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int LONGEST_NAME = 1 << 12;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(LONGEST_NAME)
                    .build())
            // Names such as SKUs differ by the hundred thousand: to keep them all would cost more than the list.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final JsonMapper TREES = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private FeedJson() {}

    /** What takes one entry of a list. */
    @FunctionalInterface
    interface Entries {
        void take(JsonNode entry) throws IOException;
    }

    /** A parser that stands before the document's first token. */
    static JsonParser open(InputStream in) throws IOException {
        return TREES.createParser(FeedText.utf8(in));
    }

    /** All of a small document. */
    static JsonNode tree(InputStream in) throws IOException {
        try (JsonParser json = open(in)) {
            JsonNode tree = json.readValueAsTree();
            if (tree == null) {
                throw new IllegalArgumentException("the answer is empty");
            }
            atEnd(json);
            return tree;
        }
    }

    /**
     * Reads a document of one list and some fields beside it, entry by entry.
     *
     * @param names where the list is, from outside in; a document that is nothing but a list is taken for it
     * @param entries takes each entry
     * @return the plain fields of the document, by name
     * @throws IllegalArgumentException if there is no such list, or more than one
     */
    static Map<String, JsonNode> list(InputStream in, List<String> names, Entries entries) throws IOException {
        Map<String, JsonNode> fields = new HashMap<>();
        try (JsonParser json = open(in)) {
            JsonToken first = json.nextToken();
            boolean found;
            if (first == JsonToken.START_ARRAY) {
                each(json, entries);
                found = true;
            } else if (first == JsonToken.START_OBJECT) {
                found = within(json, names, entries, fields);
            } else {
                throw new IllegalArgumentException(
                        first == null ? "the answer is empty" : "the answer is neither an object nor a list");
            }
            if (!found) {
                throw new IllegalArgumentException("the answer has no list '" + String.join(".", names) + "'");
            }
            atEnd(json);
        }
        return fields;
    }

    private static boolean within(JsonParser json, List<String> names, Entries entries, Map<String, JsonNode> fields)
            throws IOException {
        boolean found = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (!name.equals(names.get(0))) {
                if (value.isScalarValue()) {
                    fields.put(name, json.readValueAsTree());
                } else if (name.equals("error") || name.equals("errors")) {
                    fields.put(name, json.readValueAsTree());
                } else {
                    json.skipChildren();
                }
            } else if (found) {
                throw new IllegalArgumentException("the answer has two fields '" + name + "'");
            } else if (names.size() == 1 && value == JsonToken.START_ARRAY) {
                each(json, entries);
                found = true;
            } else if (names.size() > 1 && value == JsonToken.START_OBJECT) {
                found = within(json, names.subList(1, names.size()), entries, fields);
            } else if (value != JsonToken.VALUE_NULL) {
                throw new IllegalArgumentException("'" + name + "' is not what it is in such a list");
            }
        }
        return found;
    }

    private static void each(JsonParser json, Entries entries) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            entries.take(json.readValueAsTree());
        }
    }

    private static void atEnd(JsonParser json) throws IOException {
        if (json.nextToken() != null) {
            throw new IllegalArgumentException("the answer goes on behind its end");
        }
    }

    /** A text field; a number counts as the text it was written as. */
    static Optional<String> text(JsonNode entry, String name) {
        JsonNode value = entry.path(name);
        return value.isValueNode() && !value.isNull()
                ? Optional.of(value.asText().strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    static String textOf(JsonNode entry, String name) {
        return text(entry, name).orElse("");
    }
}
