/** What tests of pollers need, a host's own too: time that moves when the test says so. */
@NullMarked
package cloud.dumont.economy.polling.testing;

import org.jspecify.annotations.NullMarked;
