package cloud.dumont.economy.pricing.feed;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is asked of a seller.
 *
 * @param uri where
 * @param body JSON that is posted; empty for a plain question
 * @param key what the seller knows the host by; empty where it asks for nothing
 * @param mostBytes how large an answer may be, unpacked
 */
record FeedRequest(URI uri, Optional<String> body, Optional<Key> key, long mostBytes) {

    /** An index, or a list of a few dozen things, which is read as a whole. */
    static final long INDEX = 4L << 20;

    /** One page, or a list that is read entry by entry: the largest have some 15 MB. */
    static final long SMALL = 32L << 20;

    /** A whole region of AWS, which takes up to 450 MB. */
    static final long LARGE = 2L << 30;

    /**
     * A header with a key, which is asked for each time: it may change, and it is kept nowhere.
     *
     * @param header the header's name
     * @param value gives its value
     */
    record Key(String header, Supplier<String> value) {

        static Key bearer(Supplier<String> token) {
            return new Key("Authorization", () -> "Bearer " + token.get());
        }

        @Override
        public String toString() {
            return header;
        }
    }

    static FeedRequest get(URI uri, long mostBytes) {
        return new FeedRequest(uri, Optional.empty(), Optional.empty(), mostBytes);
    }

    static FeedRequest post(URI uri, String json) {
        return new FeedRequest(uri, Optional.of(json), Optional.empty(), SMALL);
    }

    FeedRequest with(Optional<Key> one) {
        return new FeedRequest(uri, body, one, mostBytes);
    }

    FeedRequest at(URI other) {
        return new FeedRequest(other, body, key, mostBytes);
    }

    HttpRequest.Builder http() {
        HttpRequest.Builder http = HttpRequest.newBuilder(uri)
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", "economy-price-refresh");
        key.ifPresent(one -> addKey(http, one));
        return body.map(json -> http.header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)))
                .orElseGet(http::GET);
    }

    /** The failures of others may repeat the key. */
    private void addKey(HttpRequest.Builder http, Key one) {
        try {
            http.header(one.header(), one.value().get());
        } catch (RuntimeException e) {
            throw new FeedException(
                    FeedException.Kind.REFUSED,
                    this + " is not asked: its key cannot be had, or holds what no header may hold ("
                            + e.getClass().getSimpleName() + ")");
        }
    }

    /** What tells two questions apart, without what is secret. */
    String id() {
        return uri + body.map(json -> " " + json).orElse("");
    }

    /** For messages: a query may be long, and some sellers take keys there. */
    @Override
    public String toString() {
        return uri.getHost() + uri.getRawPath();
    }
}
