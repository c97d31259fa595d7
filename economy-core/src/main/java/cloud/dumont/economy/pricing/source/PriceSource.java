package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.pricing.PriceCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** Gives a price catalog each time it is asked. Implementations are safe for use by many threads. */
@FunctionalInterface
public interface PriceSource {

    /**
     * The catalog as it is now.
     *
     * @return a complete catalog
     * @throws cloud.dumont.economy.EconomyException if there is none to be had; the message says why
     */
    PriceCatalog load();

    /**
     * The prices that come with the library. Each of them says where and when it was read.
     *
     * @return the source; it reads the resource at each {@link #load()}
     */
    static PriceSource bundled() {
        return () -> PriceCatalog.read(resource("prices.catalog"), "prices.catalog");
    }

    /**
     * The prices that come with the library, and beside them those whose source tells no day. An undated price is used where there is
     * no dated one; every figure that rests on one says so, and counts as stale.
     *
     * @return the source; it reads and compiles the resources at each {@link #load()}
     */
    static PriceSource bundledWithUndated() {
        return () -> PriceCatalog.of(Stream.concat(
                        bundled().load().rows(),
                        PriceCatalog.read(resource("undated.catalog"), "undated.catalog")
                                .rows())
                .toList());
    }

    private static byte[] resource(String name) {
        try (InputStream in = PriceCatalog.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A catalog file that {@link PriceCatalog#write} made.
     *
     * @param file the file; read at each {@link #load()}
     * @return the source
     */
    static PriceSource file(Path file) {
        Objects.requireNonNull(file, "file");
        return () -> PriceCatalog.read(file);
    }
}
