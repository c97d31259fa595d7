/** CSV files, line by line, with every refused line named. Not exported: the files' own readers are the API. */
@NullMarked
package cloud.dumont.economy.csv;

import org.jspecify.annotations.NullMarked;
