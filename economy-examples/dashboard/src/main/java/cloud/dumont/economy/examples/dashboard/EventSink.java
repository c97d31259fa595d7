package cloud.dumont.economy.examples.dashboard;

import java.io.IOException;

/** One open stream to a listener. */
interface EventSink {

    /**
     * Writes and flushes, and may block for as long as the listener does not read.
     *
     * @throws IOException if the listener has gone
     */
    void write(byte[] event) throws IOException;

    /** Ends the stream. */
    void close();
}
