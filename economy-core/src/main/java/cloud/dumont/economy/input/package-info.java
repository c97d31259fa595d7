/** What people, files and requests give, before it is known to be good. Not exported: every room reads its own input with it. */
@NullMarked
package cloud.dumont.economy.input;

import org.jspecify.annotations.NullMarked;
