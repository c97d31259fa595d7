/** The program of the README, nothing else. */
@NullMarked
package cloud.dumont.economy.examples.quickstart;

import org.jspecify.annotations.NullMarked;
