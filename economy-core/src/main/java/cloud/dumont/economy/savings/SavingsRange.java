package cloud.dumont.economy.savings;

/**
 * How much of the lifetime savings rests on what: from the least that can be claimed to what is compared with the very same machine.
 *
 * @param floor all that is compared, with {@code NEAREST} matches priced at the cheapest GPU with enough memory, however slow
 * @param nearest all that is compared, as every report shows it
 * @param likeForLike only what is compared with the same GPU in a machine of the same size
 */
public record SavingsRange(SavingsTotals floor, SavingsTotals nearest, TierTotals likeForLike) {}
