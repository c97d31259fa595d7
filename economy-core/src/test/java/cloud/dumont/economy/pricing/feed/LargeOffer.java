package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A program that reads an offer file of AWS, made up as it is read: arguments are the format and the megabytes. */
final class LargeOffer {

    private static final int SKUS_PER_MEGABYTE = 186;

    private LargeOffer() {}

    public static void main(String[] args) throws IOException {
        int skus = Integer.parseInt(args[1]) * SKUS_PER_MEGABYTE;
        boolean isCsv = args[0].equals("CSV");
        long[] bytes = new long[1];
        long begun = System.nanoTime();
        Tally.Kept<FeedPrice> kept;
        try (InputStream in = new Written((isCsv ? csv(skus) : json(skus)).iterator(), bytes)) {
            Region virginia = Region.of("us-east-1");
            kept = isCsv ? AwsOffers.csv(in, virginia, Feeds.input()) : AwsOffers.json(in, virginia, Feeds.input());
        }
        System.out.println(kept.entries().size() + " prices of " + kept.read() + " entries in " + (bytes[0] >> 20)
                + " MB, " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    }

    /** One machine with GPUs, and as many others as make the size, each with twelve reservations. */
    private static Stream<String> json(int skus) {
        Map<String, String> other = Map.of("gpu", "NA", "physicalProcessor", "x".repeat(1200));
        return Stream.of(
                        Stream.of("{\"version\":\"1\",\"products\":{" + Feeds.product("P5", "p5.48xlarge", Map.of())),
                        IntStream.range(0, skus).mapToObj(i -> "," + Feeds.product("SKU" + i, "m5.large", other)),
                        Stream.of("},\"terms\":{\"OnDemand\":{" + Feeds.onDemand("P5", "55.04")),
                        IntStream.range(0, skus).mapToObj(i -> "," + Feeds.onDemand("SKU" + i, "0.096")),
                        Stream.of("},\"Reserved\":{\"P5\":{"
                                + Feeds.reservation("1", "1yr", "standard", "No Upfront", "41.28", "") + "}"),
                        IntStream.range(0, skus).mapToObj(LargeOffer::reservations),
                        Stream.of("}}}"))
                .reduce(Stream.empty(), Stream::concat); // flatMap would keep each part as a whole
    }

    private static String reservations(int sku) {
        return IntStream.range(0, 12)
                .mapToObj(term -> Feeds.reservation(
                        "SKU" + sku + "." + term, "1yr", "standard", "Partial Upfront", "0.05", "1000"))
                .collect(java.util.stream.Collectors.joining(",", ",\"SKU" + sku + "\":{", "}"));
    }

    private static Stream<String> csv(int skus) {
        String row = AwsFeedsTest.csvRow("OnDemand", "Hrs", "0.096", ",,").replace("p5.48xlarge", "m5.large");
        return Stream.concat(
                Stream.of(AwsFeedsTest.HEADER + AwsFeedsTest.csvRow("OnDemand", "Hrs", "55.04", ",,")),
                IntStream.range(0, skus).mapToObj(i -> row.repeat(27)));
    }

    /** Bytes that are made when they are asked for. */
    private static final class Written extends InputStream {

        private final Iterator<String> texts;
        private final long[] total;
        private byte[] current = {};
        private int at;

        Written(Iterator<String> texts, long[] total) {
            this.texts = texts;
            this.total = total;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int length) {
            while (at == current.length) {
                if (!texts.hasNext()) {
                    return -1;
                }
                current = texts.next().getBytes(StandardCharsets.UTF_8);
                at = 0;
            }
            int count = Math.min(length, current.length - at);
            System.arraycopy(current, at, target, from, count);
            at += count;
            total[0] += count;
            return count;
        }
    }
}
