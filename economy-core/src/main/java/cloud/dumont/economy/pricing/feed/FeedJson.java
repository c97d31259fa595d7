package cloud.dumont.economy.pricing.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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

    /** Values and characters: the largest entries, reservations of one machine, have some thousand. */
    private static final int MOST_OF_AN_ENTRY = 1 << 18;

    private static final int MOST_OF_A_DOCUMENT = 1 << 20;

    /** Numbers with fewer fit a long. */
    private static final int LONG_DIGITS = 18;

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
            .build();

    private FeedJson() {}

    /** What takes one entry of a list. */
    @FunctionalInterface
    interface Entries {
        void take(JsonNode entry) throws IOException;
    }

    /** A parser that stands before the document's first token. */
    static JsonParser open(InputStream in) throws IOException {
        return FACTORY.createParser(FeedText.utf8(in));
    }

    /** All of a small document. */
    static JsonNode tree(InputStream in) throws IOException {
        try (JsonParser json = open(in)) {
            if (json.nextToken() == null) {
                throw new IllegalArgumentException("the answer is empty");
            }
            JsonNode tree = new Tree(json, MOST_OF_A_DOCUMENT).read();
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
                    fields.put(name, entry(json));
                } else if (name.equals("error") || name.equals("errors")) {
                    fields.put(name, entry(json));
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
            entries.take(entry(json));
        }
    }

    /**
     * The value that the parser stands at.
     *
     * @throws IllegalArgumentException if it is larger than any entry of a price list, or has a name twice
     */
    static JsonNode entry(JsonParser json) throws IOException {
        return new Tree(json, MOST_OF_AN_ENTRY).read();
    }

    /** Reads one value: a list is bounded as a whole, so what is kept of it at once has to be too. */
    private static final class Tree {

        private final JsonParser json;
        private int left;

        Tree(JsonParser json, int most) {
            this.json = json;
            this.left = most;
        }

        JsonNode read() throws IOException {
            JsonToken token = json.currentToken();
            if (token == null) {
                throw new IllegalArgumentException("the answer ends within a value");
            }
            spend(1);
            return switch (token) {
                case START_OBJECT -> object();
                case START_ARRAY -> array();
                case VALUE_STRING -> {
                    spend(json.getTextLength());
                    yield TextNode.valueOf(json.getText());
                }
                case VALUE_NUMBER_INT ->
                    json.getTextLength() < LONG_DIGITS
                            ? LongNode.valueOf(json.getLongValue())
                            : BigIntegerNode.valueOf(json.getBigIntegerValue());
                case VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(json.getDecimalValue());
                case VALUE_TRUE -> BooleanNode.TRUE;
                case VALUE_FALSE -> BooleanNode.FALSE;
                case VALUE_NULL -> NullNode.getInstance();
                default -> throw new IllegalArgumentException("a value is not what it should be");
            };
        }

        private JsonNode object() throws IOException {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                spend(name.length());
                json.nextToken();
                if (object.has(name)) {
                    throw new IllegalArgumentException("an object has a field twice");
                }
                object.set(name, read());
            }
            return object;
        }

        private JsonNode array() throws IOException {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                array.add(read());
            }
            return array;
        }

        private void spend(int cost) {
            left -= cost;
            if (left < 0) {
                throw new IllegalArgumentException("an entry is larger than any of a price list");
            }
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
