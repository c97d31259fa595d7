/** JMH benchmarks: ours, the plain-Java way and rivals side by side, same inputs, one run. */
@NullMarked
package cloud.dumont.economy.benchmarks;

import org.jspecify.annotations.NullMarked;
