package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceKey;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds which of many instances a database has refused, and why, once it has: most do not name it. */
final class UnstorableText {

    private static final Pattern LATIN = Pattern.compile("LATIN([0-9]+)");

    /** LATIN5 and those after it are not numbered as the standard's parts are. */
    private static final List<Integer> PARTS = List.of(1, 2, 3, 4, 9, 10, 13, 14, 15, 16);

    private UnstorableText() {}

    /**
     * The first of some instances that cannot be stored.
     *
     * @param encoding the database's, as PostgreSQL calls it
     * @return which and why, in words that follow a colon; empty if all seem to fit
     */
    static Optional<String> in(Iterable<Instance> instances, String encoding) {
        Optional<Charset> charset = charset(encoding);
        for (Instance instance : instances) {
            for (Map.Entry<String, String> text : texts(instance).entrySet()) {
                Optional<String> strange = charset.flatMap(known -> strange(known.newEncoder(), text.getValue()));
                if (strange.isPresent()) {
                    return Optional.of("the " + text.getKey() + " of " + InstanceKey.of(instance) + " holds "
                            + strange.get() + ", which the database's encoding " + encoding + " does not have");
                }
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> texts(Instance instance) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("account id", instance.account().value());
        texts.put("id", instance.id().value());
        instance.gpuName().ifPresent(name -> texts.put("GPU name", name));
        instance.region().map(Region::id).ifPresent(region -> texts.put("region", region));
        return texts;
    }

    private static Optional<String> strange(CharsetEncoder encoder, String text) {
        return text.codePoints()
                .filter(character -> character == 0 || !encoder.canEncode(Character.toString(character)))
                .mapToObj("U+%04X"::formatted)
                .findFirst();
    }

    private static Optional<Charset> charset(String encoding) {
        if (encoding.equals("UTF8")) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        Matcher latin = LATIN.matcher(encoding);
        String name = latin.matches()
                ? "ISO-8859-" + PARTS.get(Integer.parseInt(latin.group(1)) - 1)
                : encoding.replaceFirst("^WIN", "windows-").replace('_', '-');
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}
