package cloud.dumont.economy.examples.dashboard;

import java.util.Map;
import java.util.function.Consumer;

/**
 * Events without end.
 *
 * @param headers those of the response
 * @param begin what writes them, from other threads, once it is given where to
 */
record EventStream(Map<String, String> headers, Consumer<EventSink> begin) {}
