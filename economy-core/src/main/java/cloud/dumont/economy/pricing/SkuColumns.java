package cloud.dumont.economy.pricing;

import java.util.Arrays;

/**
 * What is priced, in order of type, region and option. The SKUs of a type lie together, so a look-up searches those few alone.
 */
final class SkuColumns {

    /** The first SKU of each type, and one more entry with the number of SKUs. */
    private final int[] firstOfType;

    /** {@link #terms} of each SKU, ascending within a type. */
    private final int[] terms;

    /**
     * Arranges the SKUs, which lie in order of type, region and option, each once.
     *
     * @param types how many types there are
     * @param type the type of each SKU
     * @param region the region of each SKU
     * @param option the number of each SKU's purchase option
     */
    SkuColumns(int types, int[] type, int[] region, int[] option) {
        firstOfType = new int[types + 1];
        terms = new int[type.length];
        int next = 0;
        for (int sku = 0; sku < terms.length; sku++) {
            while (next <= type[sku]) {
                firstOfType[next++] = sku;
            }
            terms[sku] = terms(region[sku], option[sku]);
        }
        Arrays.fill(firstOfType, next, types + 1, terms.length);
    }

    /** Region and option in one number, in this order. */
    static int terms(int region, int option) {
        return region << 8 | option;
    }

    int size() {
        return terms.length;
    }

    /** The first SKU of a type; its SKUs end where those of the next number begin. */
    int first(int type) {
        return firstOfType[type];
    }

    /** The SKU of that type, region and option, or -1. */
    int find(int type, int region, int option) {
        int wanted = terms(region, option);
        int sku = firstOfType[type];
        int end = firstOfType[type + 1];
        int length = end - sku;
        while (length > 0) {
            int half = (length + 1) >>> 1;
            sku = terms[sku + half - 1] < wanted ? sku + half : sku; // a move, not a branch that may be guessed wrong
            length -= half;
        }
        return sku < end && terms[sku] == wanted ? sku : -1;
    }

    int type(int sku) {
        int type = 0;
        int length = firstOfType.length - 1;
        while (length > 0) {
            int half = (length + 1) >>> 1;
            type = firstOfType[type + half] <= sku ? type + half : type;
            length -= half;
        }
        return type;
    }

    int region(int sku) {
        return terms[sku] >>> 8;
    }

    int option(int sku) {
        return terms[sku] & 0xFF;
    }
}
