package cloud.dumont.economy.examples.dashboard;

import java.io.IOException;
import java.io.OutputStream;

/** What a response carries. It is written twice, once to be measured and once to be sent, and comes out the same each time. */
interface Content {

    String mediaType();

    void writeTo(OutputStream out) throws IOException;
}
