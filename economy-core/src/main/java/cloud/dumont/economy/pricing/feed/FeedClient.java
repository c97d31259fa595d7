package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.pricing.feed.FeedException.Kind;
import com.fasterxml.jackson.core.JsonProcessingException;
import de.siegmar.fastcsv.reader.CsvParseException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Asks sellers for their price lists over HTTPS: with timeouts, a limit on the size of what is unpacked, and no way from one host to another. A
 * list that has not changed since it was last read is not sent again where the seller supports that.
 *
 * <p>Nothing is tried again here: the schedule of the refresh does that, and obeys what the seller says of when. Building one opens no
 * connection. This class is thread-safe.
 */
public final class FeedClient {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** For the largest list, half a gigabyte, over a slow line. */
    private static final Duration DOCUMENT = Duration.ofMinutes(30);

    private static final int MOST_REDIRECTS = 5;

    /** Lists that are remembered: every region of every seller has a few. */
    private static final int MOST_REMEMBERED = 1024;

    private static final byte[] GZIP = {0x1F, (byte) 0x8B};
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final HttpClient http;
    private final InstantSource time;
    private final Duration silence;
    private final Duration document;

    /** What was read before, what was read longest ago first; it is as small as the prices that it gave. */
    private final Map<String, Known<?>> known = new LinkedHashMap<>();

    private record Known<T>(T value, Optional<String> etag, Optional<String> lastModified) {}

    /** Makes something of a list. What it returns is kept, so it holds what is wanted of the list and no more. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(InputStream in) throws IOException;
    }

    /**
     * What a seller answered.
     *
     * @param value what was made of it
     * @param bytes how many came over the network
     * @param unchanged whether it is the same as the last time, by the seller's own word
     */
    record Answer<T>(T value, long bytes, boolean unchanged) {}

    private FeedClient(HttpClient http, InstantSource time, Duration silence, Duration document) {
        this.http = http;
        this.time = time;
        this.silence = silence;
        this.document = document;
    }

    /**
     * A client with the JDK's own settings: its proxy, its certificates.
     *
     * @return a new client
     */
    public static FeedClient create() {
        return of(
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build(),
                InstantSource.system());
    }

    /**
     * A client over a host's own, for proxies and certificates of its own.
     *
     * @param http one that follows no redirects, as redirects to other hosts are refused here
     * @param time by which a seller's {@code Retry-After} is counted where it gives a date
     * @return a new client
     * @throws IllegalArgumentException if it follows redirects
     */
    public static FeedClient of(HttpClient http, InstantSource time) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the HTTP client follows redirects (" + http.followRedirects()
                    + "): build it with Redirect.NEVER, for a price list is never read from another host");
        }
        return new FeedClient(http, Objects.requireNonNull(time, "time"), SILENCE, DOCUMENT);
    }

    /** The same with other patience. */
    FeedClient patient(Duration forBytes, Duration forDocuments) {
        return new FeedClient(http, time, forBytes, forDocuments);
    }

    /**
     * Reads a list, unless the seller says that it has not changed since.
     *
     * @throws FeedException if it cannot be read
     */
    <T> Answer<T> read(FeedHost host, FeedRequest request, Parser<T> parser) {
        return read(host, request, parser, MOST_REDIRECTS);
    }

    /**
     * Reads a list whose address changes with its content: what was read there once is not asked for again.
     *
     * @throws FeedException if it cannot be read
     */
    <T> Answer<T> readOnce(FeedHost host, FeedRequest request, Parser<T> parser) {
        Optional<Known<T>> before = remembered(request);
        return before.isPresent()
                ? new Answer<>(before.get().value(), 0, true)
                : read(host, request, parser, MOST_REDIRECTS);
    }

    private <T> Answer<T> read(FeedHost host, FeedRequest request, Parser<T> parser, int redirects) {
        if (!host.isSame(request.uri())) {
            throw new FeedException(
                    Kind.REFUSED, request + " is not at " + host.name() + ": a feed is read from its own host only");
        }
        Optional<Known<T>> before = remembered(request);
        HttpRequest.Builder question = request.http().timeout(silence);
        before.flatMap(Known::etag).ifPresent(tag -> question.header("If-None-Match", tag));
        before.flatMap(Known::lastModified).ifPresent(day -> question.header("If-Modified-Since", day));
        TimedBody body = new TimedBody(silence, System.nanoTime() + document.toNanos());
        HttpResponse<InputStream> response = send(request, question.build(), body);
        try (body) {
            int status = response.statusCode();
            if (status == 304 && before.isPresent()) {
                return new Answer<>(before.get().value(), 0, true);
            }
            if (status >= 301 && status <= 308 && status != 304) {
                return redirected(host, request, parser, response.headers(), redirects);
            }
            if (status != 200) {
                throw refused(request, status, response.headers());
            }
            T value = parse(request, response.headers(), body, parser);
            remember(request, value, response.headers());
            return new Answer<>(value, body.count(), false);
        }
    }

    @SuppressWarnings("unchecked") // one address is read by one parser
    private <T> Optional<Known<T>> remembered(FeedRequest request) {
        synchronized (known) {
            return Optional.ofNullable((Known<T>) known.get(request.id()));
        }
    }

    private <T> void remember(FeedRequest request, T value, HttpHeaders headers) {
        synchronized (known) {
            known.remove(request.id());
            known.put(
                    request.id(), new Known<>(value, headers.firstValue("ETag"), headers.firstValue("Last-Modified")));
            if (known.size() > MOST_REMEMBERED) {
                known.remove(known.keySet().iterator().next());
            }
        }
    }

    private HttpResponse<InputStream> send(FeedRequest request, HttpRequest question, TimedBody body) {
        try {
            return http.send(question, info -> body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeedException(Kind.UNREACHABLE, request + ": reading was called off", e);
        } catch (IOException e) {
            throw new FeedException(Kind.UNREACHABLE, request + " cannot be reached: " + words(e), e);
        }
    }

    private static String words(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private <T> Answer<T> redirected(
            FeedHost host, FeedRequest request, Parser<T> parser, HttpHeaders headers, int left) {
        if (left == 0) {
            throw new FeedException(Kind.REFUSED, request + " was redirected more than " + MOST_REDIRECTS + " times");
        }
        URI target = headers.firstValue("Location")
                .map(location -> host.link(location))
                .orElseThrow(() -> new FeedException(Kind.REFUSED, request + " was redirected to nowhere"));
        return read(host, request.at(target), parser, left - 1);
    }

    private FeedException refused(FeedRequest request, int status, HttpHeaders headers) {
        Optional<Duration> wait = headers.firstValue("Retry-After").flatMap(this::retryAfter);
        if (status == 429 || status == 503) {
            return new FeedException(
                    Kind.BUSY,
                    request + " answered " + status
                            + wait.map(time -> ": it is to be asked again in " + time.toSeconds() + " s")
                                    .orElse(": it is to be asked again later"),
                    wait.orElse(null),
                    null);
        }
        if (status >= 500) {
            return new FeedException(Kind.UNREACHABLE, request + " answered " + status, wait.orElse(null), null);
        }
        String advice = switch (status) {
            case 400 -> ": it did not understand the question, or the key";
            case 401, 403 -> ": it wants another key, or refuses this host";
            case 404 -> ": there is no such list (any more)";
            default -> "";
        };
        return new FeedException(Kind.REFUSED, request + " answered " + status + advice, null, null);
    }

    /** Seconds, or a date. */
    private Optional<Duration> retryAfter(String text) {
        String stripped = text.strip();
        if (SECONDS.matcher(stripped).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(stripped)));
        }
        try {
            Instant then = ZonedDateTime.parse(stripped, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(time.instant(), then);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static <T> T parse(FeedRequest request, HttpHeaders headers, InputStream body, Parser<T> parser) {
        try (InputStream unpacked = unpacked(headers, body)) {
            InputStream in = new LimitedStream(unpacked, request.mostBytes());
            T value = parser.parse(in);
            in.transferTo(OutputStream.nullOutputStream()); // a bomb may lie behind a good list; and it has to end
            return value;
        } catch (LimitedStream.TooLargeException e) {
            throw new FeedException(
                    Kind.TOO_LARGE, request + ": " + e.getMessage() + ", more than any such list has", e);
        } catch (JsonProcessingException e) {
            throw new FeedException(Kind.MALFORMED, request + ": " + e.getOriginalMessage() + at(e), e);
        } catch (CharacterCodingException e) {
            throw new FeedException(Kind.MALFORMED, request + " is not UTF-8", e);
        } catch (ZipException e) {
            throw new FeedException(Kind.MALFORMED, request + " says it is gzip, but is not: " + words(e), e);
        } catch (HttpTimeoutException | InterruptedIOException e) {
            throw new FeedException(Kind.UNREACHABLE, request + ": " + words(e), e);
        } catch (EOFException e) {
            throw new FeedException(Kind.UNREACHABLE, request + ": the answer was cut off", e);
        } catch (IOException e) {
            throw new FeedException(Kind.UNREACHABLE, request + ": " + words(e), e);
        } catch (CsvParseException | IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new FeedException(Kind.MALFORMED, request + ": " + words(rootOf(e)), e);
        } catch (UncheckedIOException e) {
            throw parseFailure(request, e);
        }
    }

    private static FeedException parseFailure(FeedRequest request, UncheckedIOException e) {
        Kind kind = e.getCause() instanceof LimitedStream.TooLargeException
                ? Kind.TOO_LARGE
                : e.getCause() instanceof CharacterCodingException ? Kind.MALFORMED : Kind.UNREACHABLE;
        return new FeedException(kind, request + ": " + words(rootOf(e)), e);
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < 16 && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }

    /** Some sellers send gzip without a word of it. */
    private static InputStream unpacked(HttpHeaders headers, InputStream body) throws IOException {
        String coding =
                headers.firstValue("Content-Encoding").orElse("").strip().toLowerCase(Locale.ROOT);
        if (!(coding.isEmpty() || coding.equals("identity") || coding.equals("gzip"))) {
            throw new ZipException("it is packed in a way that nobody asked for");
        }
        PushbackInputStream peeked = new PushbackInputStream(body, GZIP.length);
        byte[] first = peeked.readNBytes(GZIP.length);
        peeked.unread(first);
        return coding.equals("gzip") || Arrays.equals(first, GZIP) ? new GZIPInputStream(peeked, 1 << 16) : peeked;
    }
}
