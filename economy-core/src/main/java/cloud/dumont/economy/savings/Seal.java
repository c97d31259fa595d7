package cloud.dumont.economy.savings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A field that holds a short check of every other field of its section: {@code name:check}, separated by blanks. */
final class Seal {

    static final String FIELD = "seal";

    private static final int HEX_DIGITS = 8;

    private Seal() {}

    static Map<String, String> sealed(Map<String, String> fields) {
        Map<String, String> sealed = new LinkedHashMap<>(fields);
        sealed.put(
                FIELD,
                fields.entrySet().stream()
                        .map(field -> check(field.getKey(), field.getValue()))
                        .collect(Collectors.joining(" ")));
        return sealed;
    }

    /** The names of fields that were changed, added or taken away. */
    static List<String> broken(Map<String, String> fields) {
        Map<String, String> expected = Stream.of(fields.getOrDefault(FIELD, "").split(" ", -1))
                .filter(check -> check.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        check -> check.substring(0, check.indexOf(':')), check -> check, (one, other) -> one));
        Stream<String> changed = fields.entrySet().stream()
                .filter(field -> !field.getKey().equals(FIELD))
                .filter(field -> !check(field.getKey(), field.getValue()).equals(expected.get(field.getKey())))
                .map(Map.Entry::getKey);
        Stream<String> missing = expected.keySet().stream().filter(name -> !fields.containsKey(name));
        return Stream.concat(changed, missing).toList();
    }

    private static String check(String name, String value) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((name + "=" + value).getBytes(StandardCharsets.UTF_8));
            return name + ":" + HexFormat.of().formatHex(digest).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
