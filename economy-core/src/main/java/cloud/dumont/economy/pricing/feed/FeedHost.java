package cloud.dumont.economy.pricing.feed;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The one place that a feed reads from: links in its answers that lead anywhere else are refused.
 *
 * @param base where its paths begin, without a slash at the end
 */
record FeedHost(URI base) {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Checks that nobody can listen in.
     *
     * @throws IllegalArgumentException if it is neither HTTPS nor on this machine
     */
    FeedHost {
        Objects.requireNonNull(base, "base");
        String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
        String host = base.getHost();
        if (host == null || !(scheme.equals("https") || (scheme.equals("http") && THIS_MACHINE.contains(host)))) {
            throw new IllegalArgumentException("a price feed is read over https, not from '" + base
                    + "'; plain http is allowed on this machine (localhost) only");
        }
    }

    static FeedHost of(String base) {
        return new FeedHost(URI.create(base));
    }

    /** A path of this host, encoded as it has to be. */
    URI path(String rawPath) {
        return URI.create(base.toString() + rawPath);
    }

    /**
     * A link that an answer gave.
     *
     * @throws FeedException if it leads to another host
     */
    URI link(String text) {
        URI link;
        try {
            link = base.resolve(new URI(text));
        } catch (URISyntaxException e) {
            throw new FeedException(
                    FeedException.Kind.MALFORMED, base.getHost() + " gave a link that is no address", e);
        }
        if (!isSame(link)) {
            throw new FeedException(
                    FeedException.Kind.REFUSED,
                    base.getHost() + " gave a link to another place, " + link.getScheme() + "://" + link.getHost()
                            + ": only links to itself are followed");
        }
        return link;
    }

    boolean isSame(URI other) {
        return base.getScheme().equalsIgnoreCase(other.getScheme())
                && base.getHost().equalsIgnoreCase(other.getHost())
                && other.getUserInfo() == null
                && port(base) == port(other);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** As prices name their source. */
    String name() {
        return base.getHost();
    }
}
