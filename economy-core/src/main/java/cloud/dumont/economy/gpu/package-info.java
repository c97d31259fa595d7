/**
 * GPU models: what they are called, which figures their data sheets give, and which names mean them.
 * {@link cloud.dumont.economy.gpu.GpuCatalog} answers; matching is exact on normalised aliases, never by substring.
 */
@NullMarked
package cloud.dumont.economy.gpu;

import org.jspecify.annotations.NullMarked;
